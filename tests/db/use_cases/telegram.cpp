#include <boost/test/unit_test.hpp>
#include <chrono>
#include <thread>

#include "app/alert_routing.hpp"
#include "app/edit_locks.hpp"
#include "app/incidents.hpp"
#include "app/silences.hpp"
#include "app/telegram_buttons.hpp"
#include "app/telegram_desk.hpp"
#include "app/telegram_inbox.hpp"
#include "core/zone.hpp"
#include "store/telegram_inbox.hpp"
#include "support/telegram_fake/server.hpp"
#include "work.hpp"

using namespace visitor;
using namespace visitor::test;
using namespace std::chrono_literals;
using app::TelegramAction;
using domain::IncidentStatus;
using domain::Language;
using store::TelegramReply;

namespace {

constexpr std::int64_t kBot = 123456;

struct Bot : AtWork {
  app::TelegramBot bot{kBot, "visitor_bot"};
  std::int64_t next_update = 1;
  IncidentId incident;

  Bot() {
    settings.telegram.chats = {"-100", "7"};
    settings.telegram.people = {"7", "8"};
    app::NewIncident report;
    report.summary = "a window is broken";
    report.site = house.site;
    incident = app::open_incident(work(), report).incident.id;
  }

  std::vector<notify::Button> buttons(const std::string& chat = "-100") {
    std::vector<notify::Button> all;
    for (const auto& row : app::telegram_buttons(work(), vault, incident, chat, Language::english))
      all.insert(all.end(), row.begin(), row.end());
    return all;
  }
  std::string data(const std::string& label, const std::string& chat = "-100") {
    for (const auto& button : buttons(chat))
      if (button.label == label) return button.data;
    BOOST_FAIL("no such button: " + label);
    return "";
  }
  /// Somebody presses; what he is told.
  std::string press(const std::string& what, std::int64_t person = 7, const std::string& chat = "-100") {
    notify::TelegramUpdate update;
    update.id = next_update++;
    update.press = {"q" + std::to_string(update.id), {person, person == 7 ? "Anna" : "Boris", ""}, chat, 17, what};
    app::handle_telegram_update(work(), vault, bot, update);
    return said(TelegramReply::Kind::press);
  }
  std::string write(const std::string& text, std::int64_t person = 7, const std::string& chat = "-100") {
    notify::TelegramUpdate update;
    update.id = next_update++;
    update.note = {chat, 18, notify::TelegramPerson{person, "Anna", ""}, text};
    app::handle_telegram_update(work(), vault, bot, update);
    return said(TelegramReply::Kind::message);
  }
  /// Takes the replies away, and hands out the one of that kind.
  std::string said(TelegramReply::Kind kind) {
    store::TelegramInbox inbox{tx, kBot};
    std::string text;
    for (const auto& reply : inbox.due_replies(today_at("08:30"), 100)) {
      if (reply.kind == kind)
        text = reply.subject + (reply.body.empty() || reply.subject.empty() ? "" : "\n") + reply.body;
      if (reply.kind == TelegramReply::Kind::incident) ++refreshed;
      inbox.remove_reply(reply.id);
    }
    return text;
  }
  IncidentId given_tamper(TerminalId terminal, domain::Severity severity = domain::Severity::high) {
    store::Sighting sighting;
    sighting.finding.type = domain::IncidentType::tamper;
    sighting.finding.severity = severity;
    sighting.finding.subject = fmt::format("test:{}", unique_number());
    sighting.finding.site = house.site;
    sighting.finding.terminal = terminal;
    sighting.finding.summary = "a sentence";
    sighting.finding.occurred_at = today_at("08:30");
    return store::Incidents{tx, domain::Scope::everything()}
        .open_or_touch(std::span{&sighting, 1}, today_at("08:30"))[0]
        .incident.id;
  }
  /// An alert that has gone to the chat, or waits for that.
  DeliveryId given_sent(std::optional<IncidentId> about, const std::string& chat, const std::string& state = "sent") {
    domain::Alert alert;
    alert.kind = about ? domain::AlertKind::incident_opened : domain::AlertKind::storm;
    alert.incident = about;
    alert.summary = "a sentence";
    alert.created_at = today_at("08:30");
    const store::Address address{domain::Channel::telegram, chat};
    const auto id = store::Alerts{tx, domain::Scope::everything()}.queue(alert, std::span{&address, 1});
    return tx
        .row(
            "UPDATE delivery SET state = $2, sent_at = CASE $2 WHEN 'sent' THEN now() END WHERE alert_id = $1 "
            "RETURNING id",
            id, state)
        .get<DeliveryId>("id");
  }
  /// By whom; empty: by nobody.
  std::string acknowledged(DeliveryId id) {
    return tx.row("SELECT acknowledged_by FROM delivery WHERE id = $1", id).get<std::string>("acknowledged_by");
  }
  domain::Incident now() { return app::get_incident(work(), incident).listed.incident; }
  std::string assigned() { return app::get_incident(work(), incident).listed.assigned_login; }
  int audited_presses() {
    return tx.row("SELECT count(*)::integer AS n FROM audit WHERE details ? 'telegram_press'").get<int>("n");
  }

  int refreshed = 0;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(telegram_inbox, Bot)

BOOST_AUTO_TEST_CASE(a_listed_person_takes_an_incident_with_one_press) {
  BOOST_TEST(press(data("Take")) == fmt::format("Incident {} is yours.", incident));
  BOOST_TEST((now().status == IncidentStatus::investigating));
  BOOST_TEST(assigned() == "telegram:7");
  BOOST_TEST(refreshed == 1);
  BOOST_TEST(audited_presses() == 1);
  const auto words = app::last_step_in_words(work(), kBot, incident, Language::english);
  BOOST_TEST(words.value_or("") == "Anna took it on at 08:30");
  for (const auto& button : buttons()) BOOST_TEST(button.label != "Take");
}

BOOST_AUTO_TEST_CASE(what_somebody_else_is_editing_is_told_or_refused_in_the_language_of_the_chat) {
  const auto vera = app::ensure_actor(tx, "vera", domain::ActionHow::person, today_at("06:00"));
  const auto lock = app::take_lock({tx, vera, today_at("08:30"), settings, domain::Scope::everything()}, "incident",
                                   incident.value, false);
  const auto until = Zone::utc().clock(lock.ends_at);
  settings.api.locks = "refuse";
  const auto take = data("Take");
  const auto refused = fmt::format("vera is editing incident {} until {}: try again then.", incident, until);
  BOOST_TEST(press(take) == refused);
  BOOST_TEST(press(data("Resolve")) == refused);
  BOOST_TEST(write(fmt::format("/ack {}", incident)) == refused);
  settings.telegram.language = "ru";
  BOOST_TEST(press(data("False alarm")) ==
             fmt::format("vera редактирует инцидент {} до {}: повторите позже.", incident, until));
  BOOST_TEST((now().status == IncidentStatus::fresh));
  BOOST_TEST(audited_presses() == 3);
  BOOST_TEST(press(data("Silence 1 h")).find("Тишина до 09:30") == 0U);

  settings.api.locks = "warn";
  settings.telegram.language = "en";
  const auto told = fmt::format("vera is editing incident {} until {}, and may write over this.", incident, until);
  BOOST_TEST(press(take) == fmt::format("Incident {} is yours. {}", incident, told));
  BOOST_TEST(assigned() == "telegram:7");
  BOOST_TEST(write(fmt::format("/ack {}", incident)) == fmt::format("Incident {} is yours.\n{}", incident, told));
  settings.telegram.language = "ru";
  BOOST_TEST(press(data("Resolve")) == fmt::format("Инцидент {0} решен. vera редактирует инцидент {0} до {1} и может "
                                                   "переписать это.",
                                                   incident, until));
  BOOST_TEST((now().status == IncidentStatus::resolved));
}

BOOST_AUTO_TEST_CASE(an_incident_is_resolved_or_marked_as_a_false_alarm_and_has_no_buttons_then) {
  BOOST_TEST(press(data("Resolve")) == fmt::format("Incident {} is resolved.", incident));
  BOOST_TEST((now().status == IncidentStatus::resolved));
  BOOST_TEST(buttons().empty());
  app::reopen_incident(work(), incident, "");
  BOOST_TEST(press(data("False alarm")) == fmt::format("Incident {} is a false alarm.", incident));
  BOOST_TEST((now().status == IncidentStatus::false_alarm));
}

BOOST_AUTO_TEST_CASE(a_silence_of_an_hour_holds_back_what_is_like_the_incident_and_no_more) {
  incident = given_tamper(house.terminal);
  BOOST_TEST(press(data("Silence 1 h")) ==
             fmt::format("Silence until 09:30: nobody is told of alerts like incident {}.", incident));
  BOOST_TEST((now().status == IncidentStatus::fresh));
  BOOST_TEST(refreshed == 1);
  BOOST_TEST(audited_presses() == 1);

  const auto silences = app::list_silences(work(), false);
  BOOST_REQUIRE(silences.size() == 1U);
  const auto& silence = silences[0].silence;
  BOOST_TEST((silence.types == std::vector{domain::IncidentType::tamper}));
  BOOST_TEST((silence.at_most == domain::Severity::high));
  BOOST_TEST((silence.site == house.site));
  BOOST_TEST((silence.terminal == house.terminal));
  BOOST_TEST(!silence.incident.has_value());
  BOOST_TEST(silence.reason == fmt::format("incident {}, by a button in Telegram chat -100", incident));
  BOOST_TEST((silence.ends_at == today_at("09:30")));
  BOOST_TEST(silences[0].login == "telegram:7");
  BOOST_TEST(app::describe(silences[0]).starts_with("type tamper, severity up to high, site "));

  const auto held_back = [&](IncidentId id) {
    const auto choice = app::test_route(work(), id);
    BOOST_REQUIRE(choice.decisions.size() == 1U);
    return choice.decisions[0].withheld.starts_with(fmt::format("silence {}: ", silence.id));
  };
  settings.routes.resize(1);
  settings.routes[0].name = "all";
  settings.routes[0].to = {"log"};
  BOOST_TEST(held_back(given_tamper(house.terminal)));
  BOOST_TEST(!held_back(given_tamper(House::build(tx).terminal)));
  BOOST_TEST(!held_back(given_tamper(house.terminal, domain::Severity::critical)));
  app::expire_silence(work(), silence.id);
  BOOST_TEST(!held_back(given_tamper(house.terminal)));
}

BOOST_AUTO_TEST_CASE(a_silence_says_who_made_it_until_when_in_the_time_of_the_site) {
  tx.exec("UPDATE site SET time_zone = 'Asia/Almaty', version = version + 1 WHERE id = $1", house.site);
  incident = given_tamper(house.terminal);
  BOOST_TEST(!app::silence_in_words(work(), kBot, incident, Language::english).has_value());
  press(data("Silence 1 h"));
  const auto words = [&](Language language) {
    return app::silence_in_words(work(), kBot, incident, language).value_or("");
  };
  BOOST_TEST(words(Language::english) == "Anna, until 14:30");
  BOOST_TEST(words(Language::russian) == "Anna, до 14:30");
  app::Work at_night{tx, actor, today_at("18:30"), settings, domain::Scope::everything()};
  auto silence = app::silence_like(at_night, incident);
  silence.reason = "works";
  silence.starts_at = today_at("18:30");
  silence.ends_at = today_at("19:30");
  app::add_silence(at_night, silence);
  BOOST_TEST(app::silence_in_words(at_night, kBot, incident, Language::english).value_or("") ==
             "reception, until 2026-09-02 00:30");
}

BOOST_AUTO_TEST_CASE(a_silence_is_offered_where_none_holds_and_counts_once) {
  incident = given_tamper(house.terminal);
  const auto silence = data("Silence 1 h");
  press(silence);
  for (const auto& button : buttons()) BOOST_TEST(button.label != "Silence 1 h");
  BOOST_TEST(press(silence) == "Anna has pressed this already, at 08:30.");
  BOOST_TEST(press(silence, 8) == "Anna has pressed this already, at 08:30.");
  BOOST_TEST(app::list_silences(work(), false).size() == 1U);
  app::expire_silence(work(), app::list_silences(work(), false).at(0).silence.id);
  for (const auto& button : buttons()) BOOST_TEST(button.label != "Silence 1 h");
  app::assign_incident(work(), incident, std::nullopt, "");
  BOOST_TEST(press(data("Silence 1 h"), 8).starts_with("Silence until "));
}

BOOST_AUTO_TEST_CASE(what_a_person_reported_is_silenced_alone) {
  press(data("Silence 1 h"));
  const auto silences = app::list_silences(work(), false);
  BOOST_REQUIRE(silences.size() == 1U);
  BOOST_TEST((silences[0].silence.incident == incident));
}

BOOST_AUTO_TEST_CASE(whoever_may_not_press_makes_no_silence) {
  const auto silence = data("Silence 1 h");
  press(silence, 9);
  press(silence, 7, "-200");
  press(data("Silence 1 h", "7"), 7, "-100");
  BOOST_TEST(app::list_silences(work(), false).empty());
}

BOOST_AUTO_TEST_CASE(an_answer_acknowledges_what_was_sent_to_its_chat_and_stops_the_escalation) {
  settings.recipients.resize(1);
  settings.recipients[0].name = "chief";
  settings.recipients[0].telegram = "9";
  settings.escalations.resize(1);
  settings.escalations[0].name = "chief";
  settings.escalations[0].after = 10min;
  settings.escalations[0].to = {"chief"};
  enum class By { nobody, take, resolve, false_alarm, ack, assign_there, resolve_there, silence };
  for (const auto by : {By::nobody, By::take, By::resolve, By::false_alarm, By::ack, By::assign_there,
                        By::resolve_there, By::silence}) {
    incident = given_tamper(house.terminal);
    const auto here = given_sent(incident, "-100");
    const auto elsewhere = given_sent(incident, "7");
    if (by == By::take) press(data("Take"));
    if (by == By::resolve) press(data("Resolve"));
    if (by == By::false_alarm) press(data("False alarm"));
    if (by == By::ack) write(fmt::format("/ack {}", incident));
    if (by == By::assign_there) app::assign_incident(work(), incident, std::nullopt, "");
    if (by == By::resolve_there) app::resolve_incident(work(), incident, "");
    if (by == By::silence) press(data("Silence 1 h"));
    BOOST_TEST_CONTEXT("by " << static_cast<int>(by)) {
      const bool from_chat = by == By::take || by == By::resolve || by == By::false_alarm || by == By::ack;
      BOOST_TEST(acknowledged(here) == (from_chat ? "telegram:7" : ""));
      BOOST_TEST(acknowledged(elsewhere) == "");
      app::escalate(work("08:45"));
      const auto escalated = tx.row(
          "SELECT count(*)::integer AS n FROM alert WHERE incident_id = $1 AND kind = "
          "'incident_escalated'",
          incident);
      BOOST_TEST(escalated.get<int>("n") == (by == By::nobody || by == By::silence ? 1 : 0));
    }
    for (const auto& one : app::list_silences(work(), false)) app::expire_silence(work(), one.silence.id);
  }
}

BOOST_AUTO_TEST_CASE(a_message_that_told_of_several_is_acknowledged_by_none_of_them_alone) {
  const auto given_told_together = [&](std::initializer_list<IncidentId> incidents) {
    const auto together = given_sent(std::nullopt, "-100");
    for (const auto one : incidents)
      tx.exec(
          "UPDATE delivery SET state = 'withheld', withheld_reason = 'x', told_by = (SELECT alert_id FROM delivery "
          "WHERE id = $1) WHERE id = $2",
          together, given_sent(one, "-100", "waiting"));
    return together;
  };
  const auto other = given_tamper(house.terminal);
  const auto several = given_told_together({incident, other});
  const auto alone = given_told_together({incident, incident});
  press(data("Take"));
  BOOST_TEST(acknowledged(several) == "");
  BOOST_TEST(acknowledged(alone) == "telegram:7");
}

BOOST_AUTO_TEST_CASE(a_chat_that_has_moved_acknowledges_what_was_sent_to_it_before) {
  const auto before = given_sent(incident, "-99");
  tx.exec("INSERT INTO channel_move (channel, recipient, moved_to, moved_at) VALUES ('telegram', '-99', '-100', $1)",
          today_at("08:30"));
  press(data("Take"));
  BOOST_TEST(acknowledged(before) == "telegram:7");
}

BOOST_AUTO_TEST_CASE(a_chat_is_answered_in_the_language_of_its_recipient) {
  settings.recipients.resize(1);
  settings.recipients[0].name = "duty";
  settings.recipients[0].telegram = "-100";
  settings.recipients[0].language = "ru";
  BOOST_TEST(write("/status").find("Состояние") == 0U);
  BOOST_TEST(write("/inside").find("В здании") == 0U);
  BOOST_TEST(write("/status", 7, "7").find("Status") == 0U);
  BOOST_TEST(write(fmt::format("/ack {}", incident)) == fmt::format("Инцидент {} за вами.", incident));
  BOOST_TEST(press(data("Resolve")) == fmt::format("Инцидент {} решен.", incident));
  // The recipient has another number by now.
  settings.recipients[0].telegram = "-98";
  BOOST_TEST(write("/status").find("Status") == 0U);
  tx.exec("INSERT INTO channel_move (channel, recipient, moved_to, moved_at) VALUES ('telegram', '-98', '-100', $1)",
          today_at("08:30"));
  BOOST_TEST(write("/status").find("Состояние") == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_not_listed_may_not_press_and_that_is_on_record) {
  const auto take = data("Take");
  BOOST_TEST(press(take, 9) == "You are not on the list of those who may do this.");
  BOOST_TEST(press(take, 7, "-200") == "You are not on the list of those who may do this.");
  BOOST_TEST((now().status == IncidentStatus::fresh));
  BOOST_TEST(audited_presses() == 2);
}

BOOST_AUTO_TEST_CASE(a_button_counts_in_its_own_chat_only_and_cannot_be_made_up) {
  BOOST_TEST(press(data("Take", "7"), 7, "-100") == "This button is not valid.");
  auto changed = data("Take");
  changed[0] = 'r';
  BOOST_TEST(press(changed) == "This button is not valid.");
  auto longer = data("Take") + "x";
  for (const auto& nonsense : {longer, std::string{}, std::string{"t"}, std::string{"t1.2"}, std::string{"t1.2."},
                               std::string{"t-1.2.x"}, std::string(64, 'x'), std::string{"t9999999999999999999.1.x"}})
    BOOST_TEST(press(nonsense) == "This button is not valid.");
  BOOST_TEST((now().status == IncidentStatus::fresh));
}

BOOST_AUTO_TEST_CASE(a_button_made_with_another_key_is_none) {
  const Vault other{Secret{std::string(32, 'k')}};
  BOOST_TEST(press(app::write_telegram_button(other, {TelegramAction::take, incident, 1}, "-100")) ==
             "This button is not valid.");
}

BOOST_AUTO_TEST_CASE(a_button_counts_once) {
  const auto take = data("Take");
  press(take);
  BOOST_TEST(press(take, 8) == "Anna has pressed this already, at 08:30.");
  BOOST_TEST(assigned() == "telegram:7");
}

BOOST_AUTO_TEST_CASE(a_stale_button_says_who_did_what_meanwhile) {
  const auto resolve = data("Resolve");
  app::assign_incident(work(), incident, std::nullopt, "");
  BOOST_TEST(press(resolve) == "Meanwhile: reception took it on at 08:30.");
  BOOST_TEST((now().status == IncidentStatus::investigating));
  BOOST_TEST(refreshed == 1);
}

BOOST_AUTO_TEST_CASE(one_more_sighting_does_not_make_a_button_stale) {
  const auto take = data("Take");
  tx.exec("UPDATE incident SET seen_count = seen_count + 1, version = version + 1 WHERE id = $1", incident);
  BOOST_TEST(press(take) == fmt::format("Incident {} is yours.", incident));
}

BOOST_AUTO_TEST_CASE(an_update_that_comes_twice_is_done_once) {
  notify::TelegramUpdate update;
  update.id = 5;
  update.press = {"q", {7, "Anna", ""}, "-100", 17, data("Take")};
  BOOST_TEST(app::handle_telegram_update(work(), vault, bot, update));
  BOOST_TEST(!app::handle_telegram_update(work(), vault, bot, update));
  store::TelegramInbox inbox{tx, kBot};
  BOOST_TEST(inbox.next_update(today_at("08:30")) == 6);
  // An older one that was not done counts all the same; numbers that are a week old are not relied on.
  update.id = 3;
  BOOST_TEST(app::handle_telegram_update(work(), vault, bot, update));
  BOOST_TEST(inbox.next_update(today_at("08:30")) == 6);
  BOOST_TEST(inbox.next_update(today_at("08:30") + 7 * 24h) == 0);
}

BOOST_AUTO_TEST_CASE(chats_without_people_who_may_press_have_no_buttons) {
  BOOST_TEST(buttons("-200").empty());
  settings.telegram.people.clear();
  BOOST_TEST(buttons().empty());
}

BOOST_AUTO_TEST_CASE(what_stands_for_a_single_incident_has_its_buttons) {
  const auto compose = app::with_telegram_buttons(
      [&](const app::Work&, const store::DueDelivery&) {
        notify::Message message;
        message.incident = incident;
        return message;
      },
      vault);
  store::DueDelivery due;
  due.alert.kind = domain::AlertKind::storm;
  due.delivery.channel = domain::Channel::telegram;
  due.delivery.recipient = "-100";
  BOOST_TEST(compose(work(), due).buttons.size() == 3U);
  due.delivery.channel = domain::Channel::email;
  BOOST_TEST(compose(work(), due).buttons.empty());
}

BOOST_AUTO_TEST_CASE(buttons_fit_into_64_bytes_and_speak_russian) {
  const app::TelegramButton longest{TelegramAction::false_alarm, IncidentId{INT64_MAX}, INT64_MAX};
  const auto data = app::write_telegram_button(vault, longest, "-1001234567890123");
  BOOST_TEST(data.size() <= 64U);
  BOOST_TEST(app::read_telegram_button(vault, data, "-1001234567890123")->step == INT64_MAX);
  const auto rows = app::telegram_buttons(work(), vault, incident, "-100", Language::russian);
  BOOST_TEST(rows.at(0).at(0).label == "Взять");
}

BOOST_AUTO_TEST_CASE(commands_answer_in_listed_chats) {
  given_visit_in_the_building(tx, house, today_at("08:00"));
  BOOST_TEST(write("/inside").find("In the building: ") == 0U);
  const auto line = fmt::format("{} Medium, Other: a window is broken (2026-09-01 08:30)", incident);
  const auto listed = write("/incidents@Visitor_Bot");
  BOOST_TEST_CONTEXT(listed) {
    BOOST_TEST(listed.find(line) != std::string::npos);
  }
  BOOST_TEST(write("/status").find("Open incidents: ") != std::string::npos);
  BOOST_TEST(write("/help").find("/ack 42") != std::string::npos);
  settings.telegram.language = "ru";
  BOOST_TEST(write("/status").find("Состояние") == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_no_command_of_ours_or_not_listed_is_not_answered) {
  for (const char* text : {"hello", "", "/inside@another_bot", "/elsewhere"}) BOOST_TEST(write(text) == "");
  BOOST_TEST(write("/inside", 7, "-200") == "");
}

BOOST_AUTO_TEST_CASE(ack_takes_an_incident_on_for_listed_people) {
  BOOST_TEST(write(fmt::format("/ack {}", incident), 9) == "You are not on the list of those who may do this.");
  BOOST_TEST((now().status == IncidentStatus::fresh));
  BOOST_TEST(write(fmt::format("/ack #{}", incident)) == fmt::format("Incident {} is yours.", incident));
  BOOST_TEST(assigned() == "telegram:7");
  app::resolve_incident(work(), incident, "");
  BOOST_TEST(write(fmt::format("/ack {}", incident)) == "Meanwhile: reception resolved it at 08:30.");
  for (const char* text : {"/ack", "/ack x", "/ack -1"}) BOOST_TEST(write(text).find("Write /ack") == 0U);
  BOOST_TEST(write("/ack 987654321") == "There is no incident 987654321.");
}

BOOST_AUTO_TEST_CASE(one_daemon_sits_at_the_desk_until_it_leaves_or_is_gone) {
  store::TelegramInbox inbox{tx, kBot};
  const auto at = today_at("08:30");
  BOOST_TEST(inbox.hold("a", at, at + 45s));
  BOOST_TEST(!inbox.hold("b", at + 44s, at + 90s));
  BOOST_TEST(inbox.hold("a", at + 44s, at + 89s));
  const std::vector<std::string> gone{"a"};
  BOOST_TEST(inbox.hold("b", at + 45s, at + 90s, gone));
  inbox.let_go("b");
  BOOST_TEST(inbox.hold("c", at + 46s, at + 91s));
  BOOST_TEST(inbox.hold("d", at + 92s, at + 99s));
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// A desk on a fake of Telegram; what it does is committed.
struct AtDesk : Database {
  config::Settings settings;
  Vault vault = test_vault();
  SystemClock clock;
  telegram_fake::Server fake;
  app::Actor actor;
  IncidentId incident;
  std::optional<app::TelegramDesk> desk;

  AtDesk() {
    settings.telegram.base_url = fake.url();
    settings.telegram.token.content = Secret{fake.token()};
    settings.telegram.chats = {"42"};
    settings.telegram.people = {"7"};
    fake.with([](telegram_fake::State& state) { state.add_chat(42); });
    db::Transaction tx{pool};
    const auto house = House::build(tx);
    actor = app::ensure_actor(tx, "system", domain::ActionHow::automatic, clock.now());
    app::NewIncident report;
    report.summary = "a window is broken";
    report.site = house.site;
    incident = app::open_incident(work(tx), report).incident.id;
    tx.exec("DELETE FROM telegram_update");
    tx.exec("DELETE FROM telegram_bot");
    tx.exec("DELETE FROM telegram_reply");
    tx.commit();
    desk.emplace(pool, settings, vault, actor, clock, compose);
  }
  static notify::Message compose(const app::Work&, const store::DueDelivery& due) {
    notify::Message message;
    message.subject = due.alert.summary;
    message.incident = due.alert.incident;
    return message;
  }
  app::Work work(db::Transaction& tx) { return {tx, actor, clock.now(), settings, domain::Scope::everything()}; }

  /// What the outbox would have sent.
  std::string show_incident() {
    db::Transaction tx{pool};
    notify::Message message;
    message.recipient = "42";
    message.subject = "a window is broken";
    message.buttons = app::telegram_buttons(work(tx), vault, incident, "42", Language::english);
    notify::TelegramChannel channel{app::telegram_api_options(settings), clock};
    channel.send(message, {});
    const auto shown = fake.shown(42).at(0);
    return shown.keyboard.at(0).at(0).data;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(telegram_desk, AtDesk)

BOOST_AUTO_TEST_CASE(a_press_is_done_answered_and_shown_in_the_message) {
  const auto take = show_incident();
  const auto silence = fake.shown(42).at(0).keyboard.at(2).at(0);
  BOOST_TEST(silence.text == "Silence 1 h");
  std::this_thread::sleep_for(1s);  // the chat's limit
  fake.press(42, 1, {7, "Anna"}, silence.data);
  fake.press(42, 1, {7, "Anna"}, take);
  desk->ask(0s, {});
  desk->answer({});

  BOOST_REQUIRE_EQUAL(fake.answers().size(), 2U);
  BOOST_TEST(fake.answers()[0].text.starts_with("Silence until "));
  BOOST_TEST(fake.answers()[1].text == fmt::format("Incident {} is yours.", incident));
  BOOST_TEST(!fake.answers()[0].alert);
  const auto shown = fake.shown(42);
  BOOST_REQUIRE_EQUAL(shown.size(), 1U);
  BOOST_TEST(shown[0].edits == 1);
  BOOST_TEST(shown[0].text.find("Who: Anna took it on at ") != std::string::npos);
  BOOST_TEST(shown[0].text.find("Silence: Anna, until ") != std::string::npos);
  BOOST_REQUIRE_EQUAL(shown[0].keyboard.size(), 1U);
  BOOST_TEST(shown[0].keyboard[0][0].text == "Resolve");

  desk->ask(0s, {});
  BOOST_TEST(fake.updates_waiting() == 0U);
}

BOOST_AUTO_TEST_CASE(an_answer_that_telegram_does_not_take_goes_later) {
  fake.say(42, {7, "Anna"}, "/status");
  desk->ask(0s, {});
  telegram_fake::Fault fault;
  fault.method = "sendMessage";
  fake.fail(fault);
  desk->answer({});
  BOOST_TEST(fake.shown(42).empty());
  db::Transaction tx{pool, {.read_only = true}};
  BOOST_TEST(store::TelegramInbox(tx, desk ? 123456 : 0).due_replies(clock.now() + 5s, 10).size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_answer_that_had_to_wait_does_not_wait_for_the_next_question_to_end) {
  fake.say(42, {7, "Anna"}, "/status");
  desk->ask(0s, {});
  telegram_fake::Fault fault;
  fault.method = "sendMessage";
  fake.fail(fault);
  desk->answer({});
  const auto begun = std::chrono::steady_clock::now();
  desk->ask(30s, {});
  BOOST_TEST((std::chrono::steady_clock::now() - begun < 20s));
  desk->answer({});
  BOOST_TEST(fake.shown(42).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_webhook_of_the_past_is_taken_away) {
  desk->announce_webhook({});
  desk->ask(0s, {});
  desk->ask(0s, {});
  BOOST_TEST(fake.webhook() == "");
}

BOOST_AUTO_TEST_CASE(a_bot_that_telegram_does_not_know_is_an_error_without_its_token) {
  auto wrong = settings;
  wrong.telegram.token.content = Secret{std::string_view{"123456:AAE-another-token"}};
  app::TelegramDesk stranger{pool, wrong, vault, actor, clock, compose};
  BOOST_CHECK_EXCEPTION(stranger.ask(0s, {}), Error, [](const Error& error) {
    return error.code() == Errc::delivery && error.message() == "Telegram: Unauthorized";
  });
}

BOOST_AUTO_TEST_CASE(the_secret_of_the_webhook_is_of_the_key_and_the_bot) {
  const auto secret = app::telegram_webhook_secret(vault, 1);
  BOOST_TEST(app::is_telegram_webhook_secret(vault, 1, secret));
  for (const auto& wrong : {std::string{}, std::string{"x"}, secret + "0", app::telegram_webhook_secret(vault, 2)})
    BOOST_TEST(!app::is_telegram_webhook_secret(vault, 1, wrong));
}

BOOST_AUTO_TEST_CASE(the_path_of_the_webhook_is_that_of_its_url) {
  for (const auto& [url, path] :
       {std::pair{"", ""}, std::pair{"https://h.example", "/"}, std::pair{"https://h.example:8443/a/b?c=d", "/a/b"}}) {
    settings.telegram.webhook_url = url;
    BOOST_TEST(app::telegram_webhook_path(settings) == path);
  }
}

BOOST_AUTO_TEST_SUITE_END()
