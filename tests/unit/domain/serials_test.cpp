#include "domain/serials.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>

#include "support/manual_clock.hpp"

using namespace visitor;
using namespace visitor::domain;
using namespace visitor::test;
using namespace std::chrono_literals;

namespace {

const Instant kNine = at("2026-09-01T09:00:00Z");

SerialFact row(std::int64_t serial, std::chrono::minutes after_nine) {
  SerialFact fact;
  fact.serial = serial;
  fact.at = kNine + after_nine;
  return fact;
}

SerialFact known(std::int64_t serial, std::chrono::minutes after_nine, int epoch) {
  auto fact = row(serial, after_nine);
  fact.known_epoch = epoch;
  return fact;
}

SerialFact noise(std::int64_t serial, std::chrono::minutes after_nine) {
  auto fact = row(serial, after_nine);
  fact.noise = true;
  return fact;
}

using Epochs = std::vector<int>;
using Gaps = std::vector<SerialGap>;

struct Terminal {
  SerialState state{1, 100, kNine};

  SerialPlan plan(const std::vector<SerialFact>& facts) const { return plan_serials(state, facts); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(serial_numbers, Terminal)

BOOST_AUTO_TEST_CASE(numbers_that_count_on_stay_in_the_epoch) {
  const auto plan = this->plan({row(101, 1min), row(102, 1min), row(103, 2min)});
  BOOST_TEST((plan.epochs == Epochs{1, 1, 1}));
  BOOST_TEST(plan.after.last == 103);
  BOOST_TEST(*plan.after.last_at == kNine + 2min);
  BOOST_TEST(plan.gaps.empty());
}

BOOST_AUTO_TEST_CASE(an_empty_page_changes_nothing) {
  const auto plan = this->plan({});
  BOOST_TEST(plan.after.epoch == 1);
  BOOST_TEST(plan.after.last == 100);
  BOOST_TEST(plan.gaps.empty());
}

BOOST_AUTO_TEST_CASE(the_first_number_of_a_terminal_may_be_any) {
  state = {};
  const auto plan = this->plan({row(5000, 1min), row(5001, 2min)});
  BOOST_TEST((plan.epochs == Epochs{1, 1}));
  BOOST_TEST(plan.gaps.empty());
}

BOOST_AUTO_TEST_CASE(a_low_number_with_a_newer_time_begins_an_epoch_for_itself_and_what_follows) {
  const auto plan = this->plan({row(101, 1min), row(1, 5min), row(2, 6min)});
  BOOST_TEST((plan.epochs == Epochs{1, 2, 2}));
  BOOST_TEST(plan.after.epoch == 2);
  BOOST_TEST(plan.after.last == 2);
  BOOST_TEST(plan.gaps.empty());
}

BOOST_AUTO_TEST_CASE(newest_first_pages_are_read_backwards) {
  const auto plan = this->plan({row(3, 7min), row(2, 6min), row(1, 5min), row(101, 1min)});
  BOOST_TEST((plan.epochs == Epochs{2, 2, 2, 1}));
}

BOOST_AUTO_TEST_CASE(numbers_that_overtake_the_old_ones_in_the_page_of_the_restart_are_of_the_new_epoch) {
  state.last = 3;
  const auto plan = this->plan({row(1, 1min), row(2, 2min), row(3, 3min), row(4, 4min), row(5, 5min)});
  BOOST_TEST((plan.epochs == Epochs{2, 2, 2, 2, 2}));
}

BOOST_AUTO_TEST_CASE(two_restarts_in_one_page_are_two_epochs) {
  const auto plan = this->plan({row(1, 1min), row(2, 2min), row(1, 5min), row(2, 6min)});
  BOOST_TEST((plan.epochs == Epochs{2, 2, 3, 3}));
}

BOOST_AUTO_TEST_CASE(a_higher_number_with_an_older_time_is_a_clock_set_back) {
  const auto plan = this->plan({row(101, 1min), row(102, -720min), row(103, -719min)});
  BOOST_TEST((plan.epochs == Epochs{1, 1, 1}));
  BOOST_TEST(plan.after.last == 103);
  BOOST_TEST(*plan.after.last_at == kNine + 1min);
}

BOOST_AUTO_TEST_CASE(an_older_row_with_a_lower_number_is_only_late) {
  BOOST_TEST((plan({row(95, -2min)}).epochs == Epochs{1}));
  BOOST_TEST(plan({row(95, -2min)}).after.last == 100);
}

BOOST_AUTO_TEST_CASE(a_number_that_is_taken_by_another_row_begins_an_epoch_whatever_its_time) {
  auto fact = row(1, -500'000min);
  fact.taken = true;
  BOOST_TEST((plan({fact}).epochs == Epochs{2}));
}

BOOST_AUTO_TEST_CASE(a_known_row_keeps_its_epoch_and_begins_none) {
  state = {2, 5, kNine};
  const auto plan = this->plan({known(900, -60min, 1), known(5, 0min, 2), row(6, 1min)});
  BOOST_TEST((plan.epochs == Epochs{1, 2, 2}));
  BOOST_TEST(plan.after.epoch == 2);
  BOOST_TEST(plan.gaps.empty());
}

BOOST_AUTO_TEST_CASE(a_row_of_before_the_restart_that_follows_it_is_of_the_old_epoch) {
  const auto plan = this->plan({row(1, 5min), row(2, 6min), row(101, 1min)});
  BOOST_TEST((plan.epochs == Epochs{2, 2, 1}));
  BOOST_TEST(plan.after.last == 2);
}

BOOST_AUTO_TEST_CASE(skipped_numbers_are_gaps) {
  BOOST_TEST((plan({row(103, 1min), row(104, 2min), row(106, 3min)}).gaps == Gaps{{1, 101, 102}, {1, 105, 105}}));
}

BOOST_AUTO_TEST_CASE(a_gap_that_the_same_page_fills_is_none) {
  BOOST_TEST(plan({row(103, 1min), row(101, 2min), row(102, 2min)}).gaps.empty());
  BOOST_TEST((plan({row(103, 1min), row(101, 2min), row(102, 2min)}).epochs == Epochs{1, 1, 1}));
}

BOOST_AUTO_TEST_CASE(a_number_of_a_known_gap_is_no_restart_even_with_a_newer_time) {
  auto fact = row(95, 1min);
  fact.missing = true;
  BOOST_TEST((plan({fact}).epochs == Epochs{1}));
}

BOOST_AUTO_TEST_CASE(own_log_ins_take_numbers_and_say_nothing_else) {
  const auto first = plan({noise(101, 1min), row(102, 2min), noise(103, 30min)});
  BOOST_TEST((first.epochs == Epochs{1, 1, 1}));
  BOOST_TEST(first.gaps.empty());
  BOOST_TEST(first.after.last == 103);
  BOOST_TEST(*first.after.last_at == kNine + 2min);

  // The same again, as every overlapping poll brings it.
  const auto again = plan_serials(first.after, std::vector{noise(101, 1min), noise(103, 30min), row(104, 31min)});
  BOOST_TEST((again.epochs == Epochs{1, 1, 1}));
  BOOST_TEST(again.gaps.empty());
}

BOOST_AUTO_TEST_CASE(a_restart_that_begins_with_own_log_ins_is_seen_at_the_first_row) {
  const auto plan = this->plan({noise(1, 5min), noise(2, 5min), row(3, 6min)});
  BOOST_TEST(plan.epochs.back() == 2);
}

BOOST_AUTO_TEST_CASE(rows_without_a_number_say_nothing) {
  const auto plan = this->plan({row(-77, 5min), row(0, 6min), row(101, 7min)});
  BOOST_TEST((plan.epochs == Epochs{1, 1, 1}));
  BOOST_TEST(plan.gaps.empty());
  BOOST_TEST(plan.after.last == 101);
}

BOOST_AUTO_TEST_CASE(rows_without_a_time_can_count_on_but_not_restart) {
  SerialFact fact;
  fact.serial = 50;
  BOOST_TEST((plan({fact}).epochs == Epochs{1}));
  fact.serial = 101;
  BOOST_TEST(plan({fact}).after.last == 101);
}

BOOST_AUTO_TEST_CASE(no_order_of_a_page_makes_a_restart_where_there_was_none) {
  std::mt19937 random{3};
  std::vector<SerialFact> facts;
  for (int i = 1; i <= 30; ++i) facts.push_back(row(100 + i, std::chrono::minutes{i}));
  for (int round = 0; round < 200; ++round) {
    std::shuffle(facts.begin(), facts.end(), random);
    const auto plan = this->plan(facts);
    BOOST_TEST_REQUIRE(plan.after.epoch == 1);
    BOOST_TEST_REQUIRE(plan.after.last == 130);
    BOOST_TEST_REQUIRE(plan.gaps.empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()
