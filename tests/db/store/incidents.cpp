#include "store/incidents.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include <thread>

#include "db/error.hpp"
#include "support/database.hpp"
#include "support/has_code.hpp"
#include "support/house.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::IncidentStatus;
using store::Sighting;

namespace {

Sighting sighting(const std::string& subject, Instant at) {
  Sighting one;
  one.finding.type = domain::IncidentType::long_stay;
  one.finding.severity = domain::Severity::medium;
  one.finding.subject = subject;
  one.finding.occurred_at = at;
  one.finding.summary = "in the building for more than 8 h";
  one.finding.details = R"({"hours": 8})";
  return one;
}

struct IncidentsFixture : RolledBack {
  House house = House::build(tx);
  store::Incidents incidents{tx, domain::Scope::everything()};
  std::string subject = "visit:" + house.tag;

  std::vector<store::Sighted> see(const std::vector<Sighting>& sightings, std::string_view clock) {
    return incidents.open_or_touch(sightings, today_at(clock));
  }
  domain::Incident opened() { return see({sighting(subject, today_at("16:00"))}, "16:01")[0].incident; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(incidents_store, IncidentsFixture)

BOOST_AUTO_TEST_CASE(the_first_sighting_opens_and_the_next_ones_count) {
  auto first = sighting(subject, today_at("16:00"));
  first.late = true;
  first.finding.guest = house.guest;
  first.finding.terminal = house.terminal;
  first.finding.site = house.site;
  const auto opened = see({first}, "16:01");
  BOOST_REQUIRE(opened.size() == 1);
  BOOST_TEST(opened[0].opened);
  const auto& incident = opened[0].incident;
  BOOST_TEST(incident.dedupe_key == "long_stay/" + subject);
  BOOST_TEST((incident.status == IncidentStatus::fresh));
  BOOST_TEST(incident.late);
  BOOST_TEST(incident.occurred_at == today_at("16:00"));
  BOOST_TEST(incident.detected_at == today_at("16:01"));
  BOOST_TEST(incident.details == R"({"hours": 8})");

  const auto seen = see({sighting(subject, today_at("16:30"))}, "16:31");
  BOOST_TEST(!seen[0].opened);
  BOOST_TEST(seen[0].incident.id.value == incident.id.value);
  BOOST_TEST(seen[0].incident.seen_count == 2);
  BOOST_TEST(seen[0].incident.occurred_at == today_at("16:00"));
  BOOST_TEST(seen[0].incident.last_seen_at == today_at("16:31"));
  BOOST_TEST(seen[0].incident.version == 2);
  BOOST_TEST(incidents.history(incident.id).size() == 1);

  const auto listed = incidents.find_listed(incident.id).value();
  BOOST_TEST(listed.guest_name == "Gina Guest " + house.tag);
  BOOST_TEST(listed.terminal_name == "Gate " + house.tag);
}

BOOST_AUTO_TEST_CASE(one_batch_may_see_the_same_thing_twice) {
  const auto seen = see({sighting(subject, today_at("16:00")), sighting(subject + "b", today_at("16:00")),
                         sighting(subject, today_at("16:05"))},
                        "16:06");
  BOOST_REQUIRE(seen.size() == 3);
  BOOST_TEST(seen[0].opened);
  BOOST_TEST(seen[1].opened);
  BOOST_TEST(!seen[2].opened);
  BOOST_TEST(seen[0].incident.id.value == seen[2].incident.id.value);
  BOOST_TEST(seen[0].incident.seen_count == 2);
  BOOST_TEST(incidents.history(seen[0].incident.id).size() == 1);
  BOOST_TEST(see({}, "16:07").empty());
}

BOOST_AUTO_TEST_CASE(seen_again_after_its_end_it_is_a_new_one) {
  const auto first = opened();
  incidents.resolve(first.id, first.version, house.account, "left", today_at("16:10"));
  const auto again = see({sighting(subject, today_at("16:20"))}, "16:21");

  BOOST_TEST(again[0].opened);
  BOOST_TEST((again[0].incident.id != first.id));
  const std::vector<std::string> keys{"long_stay/" + subject, "long_stay/nobody"};
  const auto newest = incidents.newest(keys);
  BOOST_REQUIRE(newest.size() == 1);
  BOOST_TEST(newest[0].id.value == again[0].incident.id.value);
}

BOOST_AUTO_TEST_CASE(each_step_leaves_its_history) {
  auto incident = opened();
  incident = incidents.assign(incident.id, incident.version, house.account, house.account, "mine", today_at("16:02"));
  BOOST_TEST((incident.status == IncidentStatus::investigating));
  BOOST_TEST(incident.assigned_to->value == house.account.value);
  incident = incidents.false_alarm(incident.id, incident.version, house.account, "a test", today_at("16:03"));
  BOOST_TEST(*incident.ended_at == today_at("16:03"));
  incident = incidents.reopen(incident.id, incident.version, house.account, "no test", today_at("16:04"));
  BOOST_TEST(!incident.ended_at);
  incident = incidents.resolve(incident.id, incident.version, house.account, "done", today_at("16:05"));

  const auto history = incidents.history(incident.id);
  BOOST_REQUIRE(history.size() == 5);
  const std::vector<std::string> whats{"opened", "assigned", "false_alarm", "reopened", "resolved"};
  for (std::size_t i = 0; i < whats.size(); ++i) BOOST_TEST(history[i].what == whats[i]);
  BOOST_TEST(history[0].login == "");
  BOOST_TEST(history[1].login == "tester");
  BOOST_TEST(history[2].note == "a test");
  BOOST_TEST((history[3].status == IncidentStatus::fresh));
  BOOST_TEST(incidents.find_listed(incident.id)->assigned_login == "tester");
  BOOST_CHECK_THROW(tx.savepoint([&] { tx.exec("UPDATE incident_history SET note = ''"); }), db::DatabaseError);
}

BOOST_AUTO_TEST_CASE(of_two_people_with_the_same_version_one_wins) {
  const auto incident = opened();
  incidents.assign(incident.id, incident.version, house.account, house.account, "", today_at("16:02"));
  BOOST_CHECK_EXCEPTION(incidents.resolve(incident.id, incident.version, house.account, "", today_at("16:03")), Error,
                        says(Errc::conflict, "changed by somebody else"));
}

BOOST_AUTO_TEST_CASE(what_has_ended_cannot_end_again_and_what_is_open_cannot_reopen) {
  auto incident = opened();
  BOOST_CHECK_EXCEPTION(incidents.reopen(incident.id, incident.version, house.account, "", today_at("16:02")), Error,
                        says(Errc::conflict, "has not ended"));
  incident = incidents.resolve(incident.id, incident.version, house.account, "", today_at("16:03"));
  BOOST_CHECK_EXCEPTION(incidents.false_alarm(incident.id, incident.version, house.account, "", today_at("16:04")),
                        Error, says(Errc::conflict, "already ended as resolved"));
  see({sighting(subject, today_at("16:05"))}, "16:06");
  BOOST_CHECK_EXCEPTION(incidents.reopen(incident.id, incident.version, house.account, "", today_at("16:07")), Error,
                        says(Errc::conflict, "open already"));
  BOOST_CHECK_EXCEPTION(incidents.get(IncidentId{987654}), Error, says(Errc::not_found, "incident 987654"));
}

BOOST_AUTO_TEST_CASE(the_database_itself_refuses_steps_back) {
  const auto incident = opened();
  incidents.assign(incident.id, incident.version, house.account, house.account, "", today_at("16:02"));
  BOOST_CHECK_THROW(tx.savepoint([&] {
    tx.exec("UPDATE incident SET status = 'new', version = version + 1 WHERE id = $1", incident.id);
  }),
                    db::DatabaseError);
  BOOST_CHECK_THROW(tx.savepoint([&] { tx.exec("UPDATE incident SET late = true WHERE id = $1", incident.id); }),
                    db::DatabaseError);
}

BOOST_AUTO_TEST_CASE(lists_filter_and_page_in_a_stable_order) {
  std::vector<Sighting> many;
  for (int i = 0; i < 5; ++i) {
    many.push_back(sighting(fmt::format("{}-{}", subject, i), today_at("16:00")));
    many.back().finding.site = house.site;
    if (i == 2) many.back().finding.severity = domain::Severity::critical;
  }
  const auto seen = see(many, "16:01");
  incidents.resolve(seen[4].incident.id, 1, house.account, "", today_at("16:02"));

  store::IncidentFilter filter;
  filter.site = house.site;
  filter.limit = 2;
  std::size_t total = 0;
  std::int64_t last = INT64_MAX;
  while (true) {
    const auto page = incidents.list(filter);
    if (page.empty()) break;
    for (const auto& one : page) {
      BOOST_TEST(one.incident.id.value < last);
      last = one.incident.id.value;
      ++total;
    }
    filter.before = store::IncidentPosition{page.back().incident.detected_at, page.back().incident.id};
  }
  BOOST_TEST(total == 5);

  const auto count = [&](auto set) {
    store::IncidentFilter one;
    one.site = house.site;
    set(one);
    return incidents.list(one).size();
  };
  BOOST_TEST(count([&](auto& f) { f.statuses = {IncidentStatus::fresh, IncidentStatus::investigating}; }) == 4);
  BOOST_TEST(count([&](auto& f) { f.severities = {domain::Severity::critical}; }) == 1);
  BOOST_TEST(count([&](auto& f) { f.types = {domain::IncidentType::duress}; }) == 0);
  BOOST_TEST(count([&](auto& f) { f.since = today_at("16:02"); }) == 0);
  BOOST_TEST(count([&](auto& f) { f.until = today_at("16:02"); }) == 5);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(racing_sightings_agree_on_one_incident, Database) {
  const auto subject = fmt::format("race:{}", unique_number());
  constexpr int kWriters = 4;
  std::atomic<int> opened{0};
  {
    std::vector<std::jthread> writers;
    for (int i = 0; i < kWriters; ++i)
      writers.emplace_back([&] {
        db::Transaction tx{pool};
        // Each sees two things; the orders differ, and still nobody waits in a circle.
        std::vector<Sighting> seen{sighting(subject + "b", today_at("16:00")), sighting(subject, today_at("16:00"))};
        if (unique_number() % 2 == 0) std::swap(seen[0], seen[1]);
        for (const auto& one : store::Incidents{tx, domain::Scope::everything()}.open_or_touch(seen, today_at("16:01")))
          opened += one.opened;
        tx.commit();
      });
  }
  BOOST_TEST(opened == 2);
  db::Transaction tx{pool};
  const std::vector<std::string> keys{"long_stay/" + subject, "long_stay/" + subject + "b"};
  for (const auto& incident : store::Incidents{tx, domain::Scope::everything()}.newest(keys))
    BOOST_TEST(incident.seen_count == kWriters);
}
