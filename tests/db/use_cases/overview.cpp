#include "app/overview.hpp"

#include <boost/test/unit_test.hpp>

#include "app/events.hpp"
#include "app/visits.hpp"
#include "store/incidents.hpp"
#include "store/terminals.hpp"
#include "work.hpp"

using namespace visitor;
using namespace visitor::test;

BOOST_FIXTURE_TEST_CASE(the_overview_counts_what_is_there, AtWork) {
  const auto before = app::overview(work("20:00"));
  app::NewVisit visit;
  visit.guest = house.guest;
  visit.host = house.host;
  visit.expected_from = today_at("08:00");
  visit.expected_until = today_at("19:00");
  const auto create = [&] { return app::create_visit(work("07:00"), visit).visit.id; };
  create();
  app::check_in(work("08:00"), create());
  const auto left = create();
  app::check_in(work("08:01"), left);
  app::check_out(work("08:30"), left);
  store::Sighting sighting;
  sighting.finding.severity = domain::Severity::critical;
  sighting.finding.subject = house.tag;
  store::Incidents{tx, domain::Scope::everything()}.open_or_touch(std::span{&sighting, 1}, today_at("08:00"));
  store::TerminalHealth offline;
  offline.state = domain::TerminalState::offline;
  offline.last_answer_at = today_at("09:59");
  store::Terminals{tx, domain::Scope::everything()}.save_health(house.terminal, offline, today_at("10:00"));
  store::TerminalProgress progress;
  progress.last_event_at = today_at("09:30");
  progress.events_added = 12;
  progress.backlog = 5;
  store::Terminals{tx, domain::Scope::everything()}.save_progress(house.terminal, progress);

  const auto after = app::overview(work("20:00"));
  BOOST_TEST(after.inside - before.inside == 1);
  BOOST_TEST(after.awaiting_today - before.awaiting_today == 1);
  BOOST_TEST(after.checked_in_today - before.checked_in_today == 2);
  BOOST_TEST(after.checked_out_today - before.checked_out_today == 1);
  BOOST_TEST(after.presumed_left_today - before.presumed_left_today == 0);
  BOOST_TEST(after.open_incidents[3] - before.open_incidents[3] == 1);
  BOOST_TEST(after.open_incidents_total - before.open_incidents_total == 1);
  const auto offline_index = static_cast<std::size_t>(domain::TerminalState::offline);
  BOOST_TEST(after.terminals[offline_index] - before.terminals[offline_index] == 1);
  BOOST_TEST(after.terminals_enabled == before.terminals_enabled);
  BOOST_TEST(after.events_total - before.events_total == 12);
  BOOST_TEST(after.backlog - before.backlog == 5);
  BOOST_TEST((after.last_event_at >= today_at("09:30")));
  BOOST_TEST((after.last_received_at >= today_at("09:59")));

  const auto next_day =
      app::overview({tx, actor, today_at("20:00") + std::chrono::hours{24}, settings, domain::Scope::everything()});
  BOOST_TEST(next_day.inside == after.inside);
  BOOST_TEST(next_day.checked_in_today == 0);
}

BOOST_FIXTURE_TEST_CASE(an_empty_house_has_an_overview, RolledBack) {
  const config::Settings settings;
  const auto actor = app::ensure_actor(tx, "reception", domain::ActionHow::person, today_at("06:00"));
  BOOST_CHECK_NO_THROW(app::overview({tx, actor, today_at("06:00"), settings, domain::Scope::everything()}));
}

BOOST_FIXTURE_TEST_CASE(events_are_listed_and_shown, AtWork) {
  const auto id = given_passage(tx, house, 1, today_at("08:00"), domain::Direction::entry);
  BOOST_TEST(app::get_event(work(), id).terminal_name == "Gate " + house.tag);
  BOOST_CHECK_EXCEPTION(app::get_event(work(), EventId{id.value + 1000}), Error, has_code(Errc::not_found));
  app::EventFilter filter;
  filter.terminal = house.terminal;
  BOOST_TEST(app::list_events(work(), filter).size() == 1);
}
