#include "app/backlog.hpp"

#include <boost/test/unit_test.hpp>

#include "app/terminals.hpp"
#include "store/terminals.hpp"
#include "work.hpp"

using namespace visitor;
using namespace visitor::test;

namespace {

struct BehindFixture : AtWork {
  void terminal_says(std::optional<std::int64_t> left) {
    store::TerminalProgress progress;
    progress.backlog = left;
    store::Terminals{tx, domain::Scope::everything()}.save_progress(house.terminal, progress);
  }
  void stored_at(std::string_view clock, std::int64_t first, int count) {
    EventId newest;
    for (int i = 0; i < count; ++i)
      newest = given_passage(tx, house, first + i, today_at(clock), domain::Direction::entry);
    tx.exec("INSERT INTO change (at, topic, entity_id, version) VALUES ($1, 'event', $2, $3)", today_at(clock),
            house.terminal, newest);
  }
  app::Backlog backlog() { return app::list_backlog(work("08:30"), house.terminal).at(0); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(backlog_of_terminals, BehindFixture)

BOOST_AUTO_TEST_CASE(the_rate_counts_what_was_stored_in_the_last_five_minutes) {
  stored_at("08:24:59", 1, 7);
  stored_at("08:25:00", 11, 2);
  stored_at("08:29:00", 21, 3);
  terminal_says(100);
  BOOST_TEST(backlog().read == 5);
  BOOST_TEST(backlog().done_in->count() == 6000);
}

BOOST_AUTO_TEST_CASE(a_terminal_without_backlog_is_done_and_one_that_nobody_reads_has_no_estimate) {
  BOOST_TEST(!backlog().done_in);
  terminal_says(0);
  BOOST_TEST(backlog().done_in->count() == 0);
  terminal_says(100);
  BOOST_TEST(backlog().read == 0);
  BOOST_TEST(!backlog().done_in);
}

BOOST_AUTO_TEST_CASE(gaps_are_listed_newest_first_and_filled_ones_on_demand) {
  store::Gaps gaps{tx, domain::Scope::everything()};
  const auto first = *gaps.add(house.terminal, 1, 5, 9, today_at("07:00"));
  const auto second = *gaps.add(house.terminal, 1, 15, 15, today_at("08:00"));
  gaps.mark_asked(first, today_at("07:01"));
  gaps.mark_missing(first);
  gaps.mark_filled(second);
  auto listed = app::list_gaps(work(), house.terminal, false, 10);
  BOOST_REQUIRE(listed.size() == 1);
  BOOST_TEST(listed[0].state == "missing");
  BOOST_TEST(*listed[0].gap.asked_at == today_at("07:01"));
  BOOST_TEST(listed[0].terminal_name == "Gate " + house.tag);
  listed = app::list_gaps(work(), house.terminal, true, 10);
  BOOST_REQUIRE(listed.size() == 2);
  BOOST_TEST(listed[0].state == "filled");
  BOOST_TEST(app::list_gaps(work(), house.terminal, true, 1).size() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
