#include <boost/test/unit_test.hpp>

#include "given.hpp"
#include "store/gaps.hpp"
#include "store/terminals.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::VisitStatus;

namespace {

struct Terminals : Ingested {
  domain::Terminal terminal() { return store::Terminals{tx, domain::Scope::everything()}.get(entrance); }
  std::size_t open_gaps() { return store::Gaps{tx, domain::Scope::everything()}.open(entrance).size(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(pages_and_serial_numbers, Terminals)

BOOST_AUTO_TEST_CASE(a_page_moves_the_terminals_row) {
  app::CursorAdvance advance;
  advance.cursor_at = on_the_day("08:02");
  advance.backlog = 7;
  page(entrance, {lock(10, "08:00"), lock(11, "08:02")}, on_the_day("08:03"), advance);

  BOOST_TEST(*terminal().cursor_at == on_the_day("08:02"));
  BOOST_TEST(*terminal().backlog == 7);
  BOOST_TEST(terminal().last_serial == 11);
  BOOST_TEST(*terminal().last_event_at == on_the_day("08:02"));
  BOOST_TEST(terminal().event_count == 2);

  page(entrance, {}, on_the_day("08:04"));
  BOOST_TEST(*terminal().cursor_at == on_the_day("08:02"));
}

BOOST_AUTO_TEST_CASE(an_event_of_1970_and_one_of_next_year_are_stored) {
  const auto result =
      page(entrance, {lock(1, "1970-01-01T00:00:05Z"), lock(2, "2027-02-03T04:05:06Z")}, on_the_day("08:00"));
  BOOST_TEST(result.stored == 2);
  BOOST_TEST(count("access_event", "occurred_at < '1970-02-01'") == 1);
  BOOST_TEST(count("access_event", "occurred_at > '2027-02-01'") == 1);
  // The clock that ran ahead is not taken for the newest moment.
  BOOST_TEST(*terminal().last_event_at < on_the_day("08:00"));
}

BOOST_AUTO_TEST_CASE(a_moment_beyond_reason_is_no_time) {
  const auto visit = given_visit(given_guest("17"));
  BOOST_TEST(page(entrance, {pass(1, "9999-01-01T00:00:00Z", "17")}, on_the_day("08:05")).stored == 1);
  BOOST_TEST(page(entrance, {pass(1, "9999-01-01T00:00:00Z", "17")}, on_the_day("08:06")).duplicates == 1);
  BOOST_TEST((state(visit).status == VisitStatus::awaiting));
  BOOST_TEST(count("access_event", "time_source = 'received' AND occurred_at < '2027-01-01'") == 1);
}

BOOST_AUTO_TEST_CASE(numbers_that_begin_again_are_a_new_epoch) {
  page(entrance, {lock(900, "08:00"), lock(901, "08:01")});

  const auto result = page(entrance, {lock(1, "08:10"), lock(2, "08:11")});
  BOOST_TEST(result.epoch == 2);
  BOOST_TEST(result.stored == 2);
  BOOST_TEST(result.gaps.empty());
  BOOST_TEST(terminal().epoch == 2);
  BOOST_TEST(terminal().last_serial == 2);

  // Overlap: rows of both epochs once more.
  const auto again =
      page(entrance, {lock(900, "08:00"), lock(901, "08:01"), lock(1, "08:10"), lock(2, "08:11"), lock(3, "08:12")});
  BOOST_TEST(again.epoch == 2);
  BOOST_TEST(again.stored == 1);
  BOOST_TEST(again.duplicates == 4);
}

BOOST_AUTO_TEST_CASE(a_number_that_is_stored_for_another_event_is_a_new_epoch_even_with_an_old_clock) {
  page(entrance, {lock(1, "08:00"), lock(2, "08:01")});

  const auto result = page(entrance, {lock(1, "1970-01-01T00:00:05Z")}, on_the_day("08:10"));
  BOOST_TEST(result.epoch == 2);
  BOOST_TEST(result.stored == 1);
}

BOOST_AUTO_TEST_CASE(the_same_numbers_in_a_new_epoch_move_guests_again) {
  const auto visit = given_visit(given_guest("17"));
  page(entrance, {pass(1, "08:05", "17")});
  page(entrance, {pass(1, "08:30", "17")});
  BOOST_TEST(state(visit).entry_count == 2);
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_set_back_is_no_new_epoch) {
  page(entrance, {lock(15, "08:00")});
  const auto result =
      page(entrance, {lock(16, "2026-08-31T20:00:00Z"), lock(17, "2026-08-31T20:01:00Z")}, on_the_day("08:01"));
  BOOST_TEST(result.epoch == 1);
  BOOST_TEST(result.stored == 2);
  BOOST_TEST(*terminal().last_event_at == on_the_day("08:00"));
}

BOOST_AUTO_TEST_CASE(skipped_numbers_are_remembered_until_they_come) {
  page(entrance, {lock(10, "08:00")});
  const auto result = page(entrance, {lock(15, "08:05"), lock(17, "08:06")});
  BOOST_TEST_REQUIRE(result.gaps.size() == 2U);
  BOOST_TEST(result.gaps[0].first == 11);
  BOOST_TEST(result.gaps[0].last == 14);
  BOOST_TEST(result.gaps[1].first == 16);
  BOOST_TEST(result.gaps[1].last == 16);
  BOOST_TEST(open_gaps() == 2U);

  // One in the middle, with a newer time than everything before: a late row, not a restart.
  const auto late = page(entrance, {lock(12, "08:07")});
  BOOST_TEST(late.epoch == 1);
  const auto gaps = store::Gaps{tx, domain::Scope::everything()}.open(entrance);
  BOOST_TEST_REQUIRE(gaps.size() == 3U);
  BOOST_TEST(gaps[0].first == 11);
  BOOST_TEST(gaps[0].last == 11);
  BOOST_TEST(gaps[2].first == 13);
  BOOST_TEST(gaps[2].last == 14);

  page(entrance, {lock(11, "08:01"), lock(13, "08:03"), lock(14, "08:04"), lock(16, "08:05")}, on_the_day("08:10"));
  BOOST_TEST(open_gaps() == 0U);
  BOOST_TEST(count("serial_gap", "state = 'filled'") == 3);
}

BOOST_AUTO_TEST_CASE(a_gap_that_was_given_up_is_filled_all_the_same) {
  page(entrance, {lock(10, "08:00")});
  page(entrance, {lock(12, "08:05")});
  store::Gaps gaps{tx, domain::Scope::everything()};
  gaps.mark_missing(gaps.open(entrance).at(0).id);

  page(entrance, {lock(11, "08:04")}, on_the_day("08:10"));
  BOOST_TEST(gaps.missing(entrance).empty());
  BOOST_TEST(count("serial_gap", "state = 'filled'") == 1);
}

BOOST_AUTO_TEST_CASE(own_log_ins_are_not_stored_and_leave_no_gap) {
  page(entrance, {lock(10, "08:00"), own_log_in(11, "08:01"), own_log_in(12, "08:01"), lock(13, "08:02")});
  BOOST_TEST(count("access_event") == 2);
  BOOST_TEST(open_gaps() == 0U);
  BOOST_TEST(terminal().noise_count == 2);

  const auto again =
      page(entrance, {own_log_in(11, "08:01"), own_log_in(12, "08:01"), lock(13, "08:02"), own_log_in(14, "08:03")});
  BOOST_TEST(again.stored == 0);
  BOOST_TEST(terminal().noise_count == 3);
  BOOST_TEST(terminal().last_serial == 14);
}

BOOST_AUTO_TEST_CASE(own_log_ins_fill_the_gap_that_they_are) {
  page(entrance, {lock(10, "08:00")});
  page(entrance, {lock(13, "08:05")});
  page(entrance, {own_log_in(11, "08:01"), own_log_in(12, "08:01")}, on_the_day("08:06"));
  BOOST_TEST(open_gaps() == 0U);
}

BOOST_AUTO_TEST_CASE(rows_without_a_serial_number_are_told_apart_by_their_content_hash) {
  const auto visit = given_visit(given_guest("17"));
  BOOST_TEST(page(entrance, {pass(-71, "08:05", "17"), lock(-72, "08:05")}).stored == 2);
  BOOST_TEST(page(entrance, {pass(-71, "08:05", "17"), lock(-72, "08:05")}).duplicates == 2);
  BOOST_TEST((state(visit).status == VisitStatus::checked_in));
  BOOST_TEST(terminal().last_serial == 0);
  BOOST_TEST(open_gaps() == 0U);
}

BOOST_AUTO_TEST_CASE(hostile_texts_are_stored_without_harm) {
  auto event = pass(1, "08:05", std::string("1\0007\xff", 4));
  event.time_text = std::string("2026\0", 5);
  event.raw = R"({"name":"\u0000 \\u0000"})";
  BOOST_TEST(page(entrance, {event}).stored == 1);
}

BOOST_AUTO_TEST_SUITE_END()
