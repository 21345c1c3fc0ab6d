#include "app/messages.hpp"

#include <boost/test/unit_test.hpp>

#include "app/incidents.hpp"
#include "app/registry.hpp"
#include "notify/wording.hpp"
#include "store/alert_queue.hpp"
#include "store/alerts.hpp"
#include "store/event_pictures.hpp"
#include "work.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::AlertKind;
using domain::Channel;
using domain::Language;

namespace {

struct MessagesFixture : AtWork {
  VisitId visit = given_visit_in_the_building(tx, house, today_at("08:00"));

  MessagesFixture() { settings.alerts.link_base = "https://visitor.example.org/"; }

  IncidentId given_incident(bool late = false) {
    store::Sighting sighting;
    sighting.finding.type = domain::IncidentType::long_stay;
    sighting.finding.severity = domain::Severity::high;
    sighting.finding.subject = "visit:" + std::to_string(visit.value);
    sighting.finding.site = house.site;
    sighting.finding.guest = house.guest;
    sighting.finding.visit = visit;
    sighting.finding.summary = "in the building for long";
    sighting.finding.occurred_at = today_at("08:00");
    sighting.late = late;
    return store::Incidents{tx, domain::Scope::everything()}
        .open_or_touch(std::span{&sighting, 1}, today_at("08:01"))[0]
        .incident.id;
  }

  AlertId given_alert(AlertKind kind, std::optional<IncidentId> incident) {
    domain::Alert alert;
    alert.kind = kind;
    alert.severity = domain::Severity::low;
    alert.incident = incident;
    alert.visit = visit;
    alert.summary = "a sentence";
    alert.created_at = today_at("08:01");
    return store::Alerts{tx, domain::Scope::everything()}.queue(alert, {});
  }

  notify::Message composed(AlertKind kind, std::optional<IncidentId> incident, Channel channel = Channel::telegram,
                           Language language = Language::english) {
    store::DueDelivery due;
    due.alert.id = given_alert(kind, incident);
    due.alert.kind = kind;
    due.alert.incident = incident;
    due.alert.visit = visit;
    due.alert.summary = "a sentence";
    due.delivery.id = DeliveryId{1};
    due.delivery.channel = channel;
    due.delivery.recipient = "17";
    due.delivery.language = language;
    return app::compose(work(), due);
  }
};

std::string value_of(const notify::Message& message, std::string_view label) {
  for (const auto& fact : message.facts)
    if (fact.label == label) return fact.value;
  return "(none)";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(messages_use_cases, MessagesFixture)

BOOST_AUTO_TEST_CASE(an_incident_is_told_with_everybody_in_it_and_a_link) {
  const auto id = given_incident();
  const auto message = composed(AlertKind::incident_opened, id);
  BOOST_TEST(message.subject == "Security Alert: Long stay");
  BOOST_TEST(value_of(message, "Guest") == "Gina Guest " + house.tag);
  BOOST_TEST(value_of(message, "Severity") == "High");
  BOOST_TEST(value_of(message, "Host") != "(none)");
  BOOST_TEST(value_of(message, "Department") != "(none)");
  BOOST_TEST(value_of(message, "Visit") == std::to_string(visit.value));
  BOOST_TEST(message.link == "https://visitor.example.org/incidents/" + std::to_string(id.value));
  BOOST_TEST(message.thread == "incident-" + std::to_string(id.value));
  BOOST_TEST((message.severity == domain::Severity::high));
  BOOST_TEST(!message.photo.has_value());
}

BOOST_AUTO_TEST_CASE(an_incident_shows_what_the_terminal_saw_or_else_whom_to_look_for) {
  const auto id = given_incident();
  const auto bytes_of = [](const notify::Message& message) { return message.photo ? message.photo->bytes : ""; };
  const std::string png_of_guest = "\x89PNG of the guest";
  tx.exec(
      "INSERT INTO guest_photo (guest_id, format, width, height, picture, stored_at) VALUES ($1, 'png', 64, 64, $2, "
      "$3)",
      house.guest, std::as_bytes(std::span{png_of_guest}), today_at("08:00"));
  BOOST_TEST(bytes_of(composed(AlertKind::incident_opened, id)) == png_of_guest);

  const auto event = given_passage(tx, house, 1, today_at("08:00"), domain::Direction::entry);
  tx.exec("UPDATE incident SET event_id = $2, version = version + 1 WHERE id = $1", id, event);
  BOOST_TEST(bytes_of(composed(AlertKind::incident_opened, id)) == png_of_guest);
  const auto row = tx.row("SELECT epoch, major, minor FROM access_event WHERE id = $1", event);
  const domain::EventKey key{house.terminal,    row.get<int>("epoch"), 1,
                             today_at("08:00"), row.get<int>("major"), row.get<int>("minor")};
  const std::string jpeg = "\xFF\xD8\xFF\xE0 of the door", another = "\xFF\xD8\xFF\xE1 of the lift";
  store::EventPictures pictures{tx, domain::Scope::everything()};
  BOOST_TEST(pictures.add(key, std::as_bytes(std::span{jpeg}), today_at("08:01")));
  BOOST_TEST(!pictures.add(key, std::as_bytes(std::span{another}), today_at("08:01")));
  const auto message = composed(AlertKind::incident_opened, id);
  BOOST_TEST(bytes_of(message) == jpeg);
  BOOST_TEST(message.photo->content_type == "image/jpeg");
  BOOST_TEST(bytes_of(composed(AlertKind::incident_escalated, id)) == jpeg);
  BOOST_TEST(bytes_of(composed(AlertKind::guest_arrived, std::nullopt)) == png_of_guest);
}

BOOST_AUTO_TEST_CASE(the_database_takes_only_jpeg_of_up_to_two_mebibytes_for_an_event) {
  store::EventPictures pictures{tx, domain::Scope::everything()};
  const domain::EventKey key{house.terminal, 1, 1, today_at("08:00"), 5, 75};
  const auto refuses = [&](const std::string& picture) {
    BOOST_CHECK_THROW(tx.savepoint([&] { pictures.add(key, std::as_bytes(std::span{picture}), today_at("08:01")); }),
                      Error);
  };
  refuses("");
  refuses("<html>");
  refuses("\xFF\xD8\xFF" + std::string(store::EventPictures::kMostBytes - 2, '.'));
  const auto largest = "\xFF\xD8\xFF" + std::string(store::EventPictures::kMostBytes - 3, '.');
  BOOST_TEST(pictures.add(key, std::as_bytes(std::span{largest}), today_at("08:01")));
}

BOOST_AUTO_TEST_CASE(a_message_is_in_the_language_of_its_recipient) {
  const auto message = composed(AlertKind::incident_opened, given_incident(), Channel::email, Language::russian);
  BOOST_TEST(message.subject == "Инцидент безопасности: Долгое пребывание");
  BOOST_TEST(value_of(message, "Уровень") == "Высокий");
}

BOOST_AUTO_TEST_CASE(what_a_message_says_is_how_things_stand_when_it_is_made) {
  const auto id = given_incident();
  app::assign_incident(work(), id, std::nullopt, "on my way");
  BOOST_TEST(composed(AlertKind::incident_updated, id).text.ends_with("Taken on by reception.\non my way"));
  app::resolve_incident(work("09:00"), id, "he had lost his way");
  const auto message = composed(AlertKind::incident_ended, id);
  BOOST_TEST(message.subject == "Security Alert closed: Long stay");
  BOOST_TEST(message.text.ends_with("Resolved by reception.\nhe had lost his way"));
}

BOOST_AUTO_TEST_CASE(a_late_incident_is_told_as_late) {
  const auto message = composed(AlertKind::incident_opened, given_incident(true));
  BOOST_TEST(message.late);
  BOOST_TEST(message.subject.starts_with("Late "));
}

BOOST_AUTO_TEST_CASE(a_host_reads_who_has_come_and_when) {
  const auto message = composed(AlertKind::guest_arrived, std::nullopt, Channel::email);
  BOOST_TEST(message.subject == "Guest arrived: Gina Guest " + house.tag);
  BOOST_TEST(value_of(message, "Time") == "2026-09-01 08:00:00 (UTC)");
  BOOST_TEST(message.link == "https://visitor.example.org/visits/" + std::to_string(visit.value));
}

BOOST_AUTO_TEST_CASE(every_kind_can_be_made_in_both_languages) {
  const auto id = given_incident();
  for (const auto& kind : domain::names<AlertKind>())
    for (const auto language : {Language::english, Language::russian})
      BOOST_TEST(!composed(kind.value, id, Channel::email, language).subject.empty());
}

BOOST_AUTO_TEST_CASE(the_log_gets_the_sentence_without_names_and_nothing_else) {
  const auto message = composed(AlertKind::incident_opened, given_incident(), Channel::log);
  BOOST_TEST(message.summary == "a sentence");
  BOOST_TEST(message.facts.empty());
  BOOST_TEST(message.subject.empty());
}

BOOST_AUTO_TEST_CASE(without_a_base_there_is_no_link) {
  settings.alerts.link_base.clear();
  BOOST_TEST(composed(AlertKind::incident_opened, given_incident()).link == "");
}

BOOST_AUTO_TEST_CASE(a_storm_of_one_reads_like_that_one_and_of_two_like_a_summary) {
  const auto first = given_incident();
  const auto storm = given_alert(AlertKind::storm, std::nullopt);
  const auto told_by_storm = [&](AlertId alert) {
    const store::RoutedDelivery told{.alert = alert,
                                     .place = {Channel::telegram, "17"},
                                     .withheld = "told together",
                                     .due_at = today_at("08:01"),
                                     .told_by = storm};
    store::AlertQueue{tx}.add(std::span{&told, 1});
  };
  told_by_storm(given_alert(AlertKind::incident_opened, first));
  store::DueDelivery due;
  due.alert.id = storm;
  due.alert.kind = AlertKind::storm;
  due.delivery.channel = Channel::telegram;
  due.delivery.recipient = "17";
  const auto one = app::compose(work(), due);
  BOOST_TEST(one.subject == "Security Alert: Long stay");
  BOOST_TEST((one.incident == first));
  BOOST_TEST((one.alert == storm));

  told_by_storm(given_alert(AlertKind::incident_updated, first));
  const auto two = app::compose(work(), due);
  BOOST_TEST(two.subject == "2 alerts");
  BOOST_TEST(two.thread == "alerts-" + std::to_string(storm.value));
}

BOOST_AUTO_TEST_SUITE_END()
