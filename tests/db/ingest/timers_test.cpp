#include "app/timers.hpp"

#include <boost/test/unit_test.hpp>

#include "given.hpp"
#include "store/incidents.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::How;
using domain::IncidentType;
using domain::VisitStatus;

BOOST_FIXTURE_TEST_SUITE(ticks_of_the_timers, Ingested)

BOOST_AUTO_TEST_CASE(twelve_hours_after_the_entry_a_visit_is_presumed_left) {
  const auto visit = given_visit(given_guest("17"));
  page(entrance, {pass(1, "08:05", "17")});

  BOOST_TEST(app::close_presumed_left(work(on_the_day("20:04:59"))) == 0);
  BOOST_TEST(app::close_presumed_left(work(on_the_day("23:00"))) == 1);
  BOOST_TEST((state(visit).status == VisitStatus::checked_out));
  BOOST_TEST((state(visit).checked_out_how == How::presumed));
  BOOST_TEST(*state(visit).checked_out_at == on_the_day("20:05"));
  BOOST_TEST(app::close_presumed_left(work(on_the_day("23:01"))) == 0);

  page(way_out, {pass(1, "23:30", "17")});
  BOOST_TEST((state(visit).checked_out_how == How::door));
  BOOST_TEST(*state(visit).checked_out_at == on_the_day("23:30"));
}

BOOST_AUTO_TEST_CASE(the_last_entry_counts_for_the_presumption) {
  const auto visit = given_visit(given_guest("17"));
  page(entrance, {pass(1, "08:05", "17"), pass(2, "12:00", "17")});

  BOOST_TEST(app::close_presumed_left(work(on_the_day("23:00"))) == 0);
  BOOST_TEST(app::close_presumed_left(work(at("2026-09-02T00:00:00Z"))) == 1);
  BOOST_TEST(*state(visit).checked_out_at == at("2026-09-02T00:00:00Z"));
}

BOOST_AUTO_TEST_CASE(a_late_exit_makes_the_presumption_moot) {
  const auto visit = given_visit(given_guest("17"));
  page(entrance, {pass(1, "08:05", "17")});
  app::close_presumed_left(work(on_the_day("21:00")));

  page(way_out, {pass(1, "17:00", "17")}, on_the_day("21:05"));
  BOOST_TEST((state(visit).checked_out_how == How::door));
  BOOST_TEST(*state(visit).checked_out_at == on_the_day("17:00"));
}

BOOST_AUTO_TEST_CASE(who_has_not_come_by_the_end_of_the_local_day_is_a_no_show) {
  const auto visit = given_visit(given_guest("17"));

  BOOST_TEST(app::mark_no_shows(work(on_the_day("18:59:59"))) == 0);
  BOOST_TEST(app::mark_no_shows(work(on_the_day("20:00"))) == 1);
  BOOST_TEST((state(visit).status == VisitStatus::no_show));
  BOOST_TEST(*state(visit).ended_at == on_the_day("19:00"));
  BOOST_TEST(app::mark_no_shows(work(on_the_day("20:01"))) == 0);
}

BOOST_AUTO_TEST_CASE(a_long_stay_is_found_on_the_timer_once_whatever_a_person_does_with_it) {
  given_visit(given_guest("17"), "08:00", "20:00");
  page(entrance, {pass(1, "08:05", "17")});

  BOOST_TEST(app::run_timed_rules(work(on_the_day("16:05"))) == 0);
  BOOST_TEST(app::run_timed_rules(work(on_the_day("16:05:01"))) == 1);
  BOOST_TEST(app::run_timed_rules(work(on_the_day("16:05:06"))) == 0);
  const auto found = incidents();
  BOOST_TEST_REQUIRE(found.size() == 1U);
  BOOST_TEST((found[0].type == IncidentType::long_stay));
  BOOST_TEST(found[0].seen_count == 1);
  BOOST_TEST(!found[0].late);

  store::Incidents{tx, domain::Scope::everything()}.resolve(found[0].id, found[0].version, actor.account, "",
                                                            on_the_day("16:06"));
  BOOST_TEST(app::run_timed_rules(work(on_the_day("16:10"))) == 0);
  BOOST_TEST(incidents().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_terminal_that_fails_for_two_minutes_is_offline_and_again_the_next_time) {
  const auto answered = [&](std::string_view when, int failures) {
    tx.exec("UPDATE terminal SET state = $2, state_since = $3, last_answer_at = $3, failures = $4 WHERE id = $1",
            entrance, failures ? "offline" : "online", on_the_day(when), failures);
  };
  answered("08:00", 3);
  BOOST_TEST(app::run_timed_rules(work(on_the_day("08:01:59"))) == 0);
  BOOST_TEST(app::run_timed_rules(work(on_the_day("08:02"))) == 1);
  BOOST_TEST(app::run_timed_rules(work(on_the_day("08:03"))) == 0);
  BOOST_TEST((incidents().at(0).type == IncidentType::terminal_offline));
  BOOST_TEST((incidents().at(0).terminal == entrance));
  BOOST_TEST(count("alert") == 1);

  answered("09:00", 1);
  app::run_timed_rules(work(on_the_day("09:02")));
  BOOST_TEST_REQUIRE(incidents().size() == 1U);
  BOOST_TEST(incidents()[0].seen_count == 2);
}

BOOST_AUTO_TEST_CASE(a_terminal_that_nobody_polls_is_not_blamed) {
  tx.exec("UPDATE terminal SET state = 'online', last_answer_at = $2, failures = 0 WHERE id = $1", entrance,
          on_the_day("08:00"));
  BOOST_TEST(app::run_timed_rules(work(on_the_day("12:00"))) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(timers_of_several_daemons, Database)

BOOST_AUTO_TEST_CASE(while_one_daemon_is_at_it_another_does_nothing) {
  db::Transaction one{pool};
  GivenSite given{one};
  BOOST_TEST(app::run_timed_rules(given.work(at("2026-09-01T08:00:00Z"))) == 0);
  given.given_visit(given.given_guest("several daemons"));

  db::Transaction two{pool};
  const config::Settings settings;
  BOOST_TEST(
      app::run_timed_rules({two, given.actor, at("2030-09-01T08:00:00Z"), settings, domain::Scope::everything()}) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
