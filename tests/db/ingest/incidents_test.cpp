#include <boost/test/unit_test.hpp>

#include "given.hpp"
#include "store/incidents.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::IncidentStatus;
using domain::IncidentType;

BOOST_FIXTURE_TEST_SUITE(pages_and_incidents, Ingested)

BOOST_AUTO_TEST_CASE(an_exit_without_entry_opens_an_incident_with_history_audit_and_alert) {
  const auto guest = given_guest("17");
  const auto visit = given_visit(guest);

  const auto result = page(way_out, {pass(1, "08:05", "17")});
  BOOST_TEST((result.opened == std::vector{IncidentType::exit_without_entry}));
  const auto found = incidents();
  BOOST_TEST_REQUIRE(found.size() == 1U);
  BOOST_TEST((found[0].visit == visit));
  BOOST_TEST((found[0].guest == guest));
  BOOST_TEST((found[0].terminal == way_out));
  BOOST_TEST(found[0].event.has_value());
  BOOST_TEST(!found[0].late);
  BOOST_TEST(found[0].occurred_at == on_the_day("08:05"));
  BOOST_TEST((store::Incidents{tx, domain::Scope::everything()}.history(found[0].id).at(0).what == "opened"));
  BOOST_TEST(count("audit", "topic = 'incident' AND action = 'create'") == 1);
  BOOST_TEST(count("alert") == 1);
  BOOST_TEST(count("delivery", "state = 'waiting' AND channel = 'log'") == 1);
}

BOOST_AUTO_TEST_CASE(while_it_is_open_the_same_thing_is_counted_and_after_that_a_new_one_opens) {
  given_visit(given_guest("17"));
  page(way_out, {pass(1, "08:05", "17")});
  page(way_out, {pass(2, "08:06", "17")});
  BOOST_TEST_REQUIRE(incidents().size() == 1U);
  BOOST_TEST(incidents()[0].seen_count == 2);
  BOOST_TEST(count("alert") == 1);

  store::Incidents{tx, domain::Scope::everything()}.resolve(incidents()[0].id, incidents()[0].version, actor.account,
                                                            "", on_the_day("08:07"));
  page(way_out, {pass(3, "08:08", "17")});
  BOOST_TEST(incidents().size() == 2U);
  BOOST_TEST(count("alert") == 2);
}

BOOST_AUTO_TEST_CASE(a_late_event_opens_a_late_incident_and_alerts_nobody) {
  given_visit(given_guest("17"));

  page(way_out, {pass(1, "08:05", "17")}, on_the_day("08:10:01"));
  BOOST_TEST_REQUIRE(incidents().size() == 1U);
  BOOST_TEST(incidents()[0].late);
  BOOST_TEST(count("alert") == 0);
}

BOOST_AUTO_TEST_CASE(an_event_at_the_edge_of_the_live_window_is_live) {
  given_visit(given_guest("17"));

  page(way_out, {pass(1, "08:05", "17")}, on_the_day("08:10"));
  BOOST_TEST(!incidents().at(0).late);
  BOOST_TEST(count("alert") == 1);
}

BOOST_AUTO_TEST_CASE(a_late_entry_ends_the_incident_that_it_explains) {
  given_visit(given_guest("17"));
  page(way_out, {pass(1, "08:30", "17")});

  page(entrance, {pass(1, "08:05", "17")}, on_the_day("08:31"));
  BOOST_TEST_REQUIRE(incidents().size() == 1U);
  BOOST_TEST((incidents()[0].status == IncidentStatus::false_alarm));
  const auto history = store::Incidents{tx, domain::Scope::everything()}.history(incidents()[0].id);
  BOOST_TEST(history.back().what == "false_alarm");
  BOOST_TEST(history.back().login == "system");
  BOOST_TEST(!history.back().note.empty());
}

BOOST_AUTO_TEST_CASE(an_entry_after_the_exit_explains_nothing) {
  given_visit(given_guest("17"));
  page(way_out, {pass(1, "08:05", "17")});

  page(entrance, {pass(1, "08:06", "17")});
  BOOST_TEST((incidents().at(0).status == IncidentStatus::fresh));
}

BOOST_AUTO_TEST_CASE(three_refusals_of_a_strangers_card_open_an_incident_without_a_visit) {
  const auto result =
      page(entrance, {refusal(1, "08:00", "777"), refusal(2, "08:01", "777"), refusal(3, "08:02", "777")});
  BOOST_TEST((result.opened == std::vector{IncidentType::multiple_failed_access}));
  const auto found = incidents();
  BOOST_TEST_REQUIRE(found.size() == 1U);
  BOOST_TEST(!found[0].visit.has_value());
  BOOST_TEST(!found[0].guest.has_value());
  BOOST_TEST(found[0].dedupe_key == "multiple_failed_access/card:777");
}

BOOST_AUTO_TEST_CASE(refusals_add_up_across_pages_and_terminals) {
  page(entrance, {refusal(1, "08:00", "777")});
  page(way_out, {refusal(1, "08:01", "777")});
  BOOST_TEST(incidents().empty());

  page(entrance, {refusal(2, "08:02", "777")});
  BOOST_TEST(incidents().size() == 1U);

  // The same pages again.
  page(entrance, {refusal(1, "08:00", "777"), refusal(2, "08:02", "777")});
  BOOST_TEST_REQUIRE(incidents().size() == 1U);
  BOOST_TEST(incidents()[0].seen_count == 1);
}

BOOST_AUTO_TEST_CASE(refusals_without_person_or_card_add_up_at_their_door) {
  const auto unknown_face = [](std::int64_t serial, std::string_view time) {
    return an_event(serial, time, 5, 76, domain::EventClass::denied);
  };
  page(entrance, {unknown_face(1, "08:00"), unknown_face(2, "08:01")});
  page(entrance, {unknown_face(3, "08:02")});
  BOOST_TEST_REQUIRE(incidents().size() == 1U);
  BOOST_TEST(incidents()[0].dedupe_key == "multiple_failed_access/door:" + std::to_string(entrance.value) + "/1");
}

BOOST_AUTO_TEST_CASE(the_morning_rush_is_not_suspicious_and_the_night_is) {
  // 23:30 in Almaty is 18:30 UTC; 09:05 is 04:05 UTC.
  given_visit(given_guest("17"), "04:00", "20:00");
  page(entrance, {pass(1, "04:05", "17")});
  BOOST_TEST(incidents().empty());

  const auto result = page(entrance, {pass(2, "18:30", "17")});
  BOOST_TEST((result.opened == std::vector{IncidentType::suspicious_time}));
}

BOOST_AUTO_TEST_CASE(a_rule_that_is_switched_off_opens_nothing) {
  settings.rules.off = {"exit_without_entry"};
  given_visit(given_guest("17"));
  page(way_out, {pass(1, "08:05", "17")});
  BOOST_TEST(incidents().empty());
}

BOOST_AUTO_TEST_SUITE_END()
