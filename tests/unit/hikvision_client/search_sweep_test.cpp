#include "hikvision/search_sweep.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <set>

#include "fake_log.hpp"

namespace visitor::hikvision {
namespace {

using test::FakeLog;

struct Read {
  Sweep sweep;
  std::vector<std::uint64_t> serials;
};

Read read(const PageSource& source, const SweepPlan& plan = {}) {
  Read result;
  result.sweep = sweep(plan, source, [&](const Page& page, const Sweep&) {
    for (const auto& event : page.events) result.serials.push_back(event.serial.value_or(0));
    return true;
  });
  return result;
}

Read read(FakeLog& log, const SweepPlan& plan = {}) {
  return read(PageSource{std::ref(log)}, plan);
}

SweepPlan with_page(std::int64_t max_results) {
  SweepPlan plan;
  plan.capabilities.max_results = max_results;
  return plan;
}

/// Hands out these pages in turn; a test fails where more are asked for.
PageSource scripted(std::vector<Outcome<Page>> pages) {
  return [pages = std::move(pages), next = std::size_t{0}](const SearchRequest&) mutable {
    BOOST_REQUIRE_MESSAGE(next < pages.size(), "a page too many was asked for");
    return pages[next++];
  };
}

Page page_of(std::initializer_list<std::uint64_t> serials, PageStatus status,
             std::optional<std::int64_t> total = std::nullopt) {
  Page page;
  page.status = status;
  page.total_matches = total;
  for (const auto serial : serials) page.events.push_back(FakeLog::row(serial));
  return page;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(search_sweep)

BOOST_AUTO_TEST_CASE(a_log_of_many_pages_is_read_whole_and_in_order) {
  auto log = FakeLog::oldest_first(95);
  const auto result = read(log);
  BOOST_TEST(result.sweep.complete());
  BOOST_TEST(result.sweep.pages == 4U);
  BOOST_TEST(result.sweep.rows == 95U);
  BOOST_TEST(result.serials.front() == 100U);
  BOOST_TEST(result.serials.back() == 194U);
  BOOST_TEST((result.sweep.by_serial == RowOrder::ascending));
  BOOST_TEST((result.sweep.by_time == RowOrder::ascending));
  BOOST_TEST(log.requests.size() == 4U);
}

BOOST_AUTO_TEST_CASE(one_search_id_serves_a_sweep_and_the_next_sweep_gets_another) {
  auto log = FakeLog::oldest_first(95);
  read(log);
  std::set<std::string> ids;
  for (const auto& request : log.requests) ids.insert(request.search_id);
  BOOST_TEST(ids.size() == 1U);
  BOOST_TEST(ids.begin()->size() == 8U);
  read(log);
  ids.insert(log.requests.back().search_id);
  BOOST_TEST(ids.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_search_id_is_no_longer_than_the_capabilities_allow) {
  auto log = FakeLog::oldest_first(1);
  SweepPlan plan;
  plan.capabilities.max_search_id = 4;
  read(log, plan);
  BOOST_TEST(log.requests.at(0).search_id.size() == 4U);
}

BOOST_AUTO_TEST_CASE(position_moves_by_what_arrived_when_max_results_is_clamped) {
  auto log = FakeLog::oldest_first(75);
  log.limit = 20;
  const auto result = read(log, with_page(100));
  BOOST_TEST(result.sweep.complete());
  BOOST_TEST(result.sweep.rows == 75U);
  BOOST_TEST(log.requests.at(1).position == 20);
  BOOST_TEST(log.requests.at(0).max_results == 100);
}

BOOST_AUTO_TEST_CASE(clamped_pages_that_claim_ok_are_followed_up_to_the_total) {
  const auto result = read(scripted({page_of({1, 2}, PageStatus::ok, 3), page_of({3}, PageStatus::ok, 3)}));
  BOOST_TEST(result.sweep.complete());
  BOOST_TEST(result.sweep.rows == 3U);
}

BOOST_AUTO_TEST_CASE(num_of_matches_is_not_believed_against_the_list) {
  auto first = page_of({1, 2}, PageStatus::more, 3);
  first.num_of_matches = 30;
  std::vector<std::int64_t> positions;
  auto pages = scripted({first, page_of({3}, PageStatus::ok, 3)});
  read([&](const SearchRequest& request) {
    positions.push_back(request.position);
    return pages(request);
  });
  const std::vector<std::int64_t> expected{0, 2};
  BOOST_TEST(positions == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(refused_max_results_falls_to_thirty_then_to_ten_and_is_remembered) {
  auto log = FakeLog::oldest_first(25);
  log.limit = 10;
  log.refuses_over_limit = true;
  const auto result = read(log, with_page(50));
  BOOST_TEST(result.sweep.complete());
  BOOST_TEST(result.sweep.rows == 25U);
  BOOST_TEST(result.sweep.refused == 2U);
  BOOST_TEST(log.requests.at(0).max_results == 50);
  BOOST_TEST(log.requests.at(1).max_results == 30);
  BOOST_TEST(log.requests.at(2).max_results == 10);
  BOOST_TEST(result.sweep.habits.page_size.value() == 10);

  auto plan = with_page(50);
  plan.habits = result.sweep.habits;
  const auto again = read(log, plan);
  BOOST_TEST(again.sweep.refused == 0U);
  BOOST_TEST(again.sweep.rows == 25U);
}

BOOST_AUTO_TEST_CASE(without_capabilities_thirty_rows_are_asked_for) {
  auto log = FakeLog::oldest_first(1);
  read(log);
  BOOST_TEST(log.requests.at(0).max_results == 30);
}

BOOST_AUTO_TEST_CASE(a_refused_search_id_is_replaced_by_digits_and_remembered) {
  auto log = FakeLog::oldest_first(5);
  log.takes_only_digits = true;
  const auto result = read(log);
  BOOST_TEST(result.sweep.complete());
  BOOST_TEST(result.sweep.rows == 5U);
  BOOST_TEST(result.sweep.habits.numeric_ids);
  SweepPlan plan;
  plan.habits = result.sweep.habits;
  BOOST_TEST(read(log, plan).sweep.refused == 0U);
}

BOOST_AUTO_TEST_CASE(pictures_are_declined_only_where_the_capabilities_list_them) {
  auto log = FakeLog::oldest_first(1);
  read(log);
  BOOST_TEST(!log.requests.back().pictures.has_value());
  SweepPlan plan;
  plan.capabilities.pic_enable = true;
  read(log, plan);
  BOOST_TEST(log.requests.back().pictures.value() == false);
}

BOOST_AUTO_TEST_CASE(pictures_that_are_listed_but_refused_are_left_out) {
  auto log = FakeLog::oldest_first(1);
  log.takes_pictures = false;
  SweepPlan plan;
  plan.capabilities.pic_enable = true;
  const auto result = read(log, plan);
  BOOST_TEST(result.sweep.complete());
  BOOST_TEST(result.sweep.habits.bare);
}

BOOST_AUTO_TEST_CASE(serial_numbers_are_sent_only_where_the_capabilities_list_them) {
  auto log = FakeLog::oldest_first(1);
  SweepPlan plan;
  plan.begin_serial = 7;
  plan.end_serial = 9;
  read(log, plan);
  BOOST_TEST(!log.requests.back().begin_serial.has_value());
  plan.capabilities.begin_serial_no = true;
  read(log, plan);
  BOOST_TEST(log.requests.back().begin_serial.value() == 7U);
  BOOST_TEST(log.requests.back().end_serial.value() == 9U);
}

BOOST_AUTO_TEST_CASE(refused_times_are_dropped_only_where_the_plan_allows_it) {
  auto log = FakeLog::oldest_first(40);
  log.takes_times = false;
  SweepPlan plan;
  plan.from = "2026-09-01T00:00:00+05:00";
  plan.to = "2026-09-02T00:00:00+05:00";
  const auto strict = read(log, plan);
  BOOST_TEST((strict.sweep.end == SweepEnd::failed));
  BOOST_TEST((strict.sweep.failure.value().kind == FailureKind::bad_parameters));
  BOOST_TEST((strict.sweep.habits == plan.habits));

  plan.may_drop_times = true;
  plan.start_position = 15;
  const auto lenient = read(log, plan);
  BOOST_TEST(lenient.sweep.complete());
  BOOST_TEST(lenient.sweep.habits.without_times);
  BOOST_TEST(lenient.sweep.rows == 25U);
  BOOST_TEST(lenient.sweep.position == 40);
}

BOOST_AUTO_TEST_CASE(more_for_ever_with_no_rows_ends_the_sweep) {
  auto log = FakeLog::oldest_first(60);
  log.always_more = true;
  log.states_total = false;
  const auto result = read(log);
  BOOST_TEST(result.sweep.complete());
  BOOST_TEST(result.sweep.rows == 60U);
  BOOST_TEST(result.sweep.more_without_end);
  BOOST_TEST(log.requests.size() == 3U);
}

BOOST_AUTO_TEST_CASE(more_with_every_row_delivered_ends_at_the_total) {
  const auto result = read(scripted({page_of({1}, PageStatus::more, 1)}));
  BOOST_TEST(result.sweep.complete());
  BOOST_TEST(result.sweep.rows == 1U);
}

BOOST_AUTO_TEST_CASE(an_empty_ok_without_a_list_is_an_empty_log) {
  const auto result = read(scripted({page_of({}, PageStatus::ok, 0)}));
  BOOST_TEST(result.sweep.complete());
  BOOST_TEST(result.sweep.pages == 0U);
  BOOST_TEST(!result.sweep.fewer_than_promised);
}

BOOST_AUTO_TEST_CASE(no_match_in_the_middle_is_an_end_that_is_reported) {
  const auto result = read(scripted({page_of({1, 2}, PageStatus::more, 50), page_of({}, PageStatus::no_match)}));
  BOOST_TEST(result.sweep.complete());
  BOOST_TEST(result.sweep.fewer_than_promised);
}

BOOST_AUTO_TEST_CASE(a_total_of_zero_beside_rows_is_not_believed) {
  const auto result = read(scripted({page_of({1, 2}, PageStatus::more, 0), page_of({3}, PageStatus::ok, 0)}));
  BOOST_TEST(result.sweep.rows == 3U);
  BOOST_TEST(!result.sweep.first_total.has_value());
}

BOOST_AUTO_TEST_CASE(without_total_and_status_a_short_page_is_the_last) {
  auto log = FakeLog::oldest_first(45);
  log.states_total = false;
  log.states_status = false;
  const auto result = read(log);
  BOOST_TEST(result.sweep.complete());
  BOOST_TEST(result.sweep.rows == 45U);
  BOOST_TEST(log.requests.size() == 2U);
}

BOOST_AUTO_TEST_CASE(bad_parameters_behind_the_last_row_is_the_end) {
  auto log = FakeLog::oldest_first(60);
  log.states_total = false;
  log.states_status = false;
  log.bad_parameters_behind_the_end = true;
  const auto result = read(log);
  BOOST_TEST(result.sweep.complete());
  BOOST_TEST(result.sweep.rows == 60U);
}

BOOST_AUTO_TEST_CASE(bad_parameters_at_a_total_that_is_one_too_many_is_the_end) {
  const auto result = read(scripted({page_of({1, 2}, PageStatus::more, 3),
                                     Failure{.kind = FailureKind::bad_parameters, .message = "badParameters"}}));
  BOOST_TEST(result.sweep.complete());
  BOOST_TEST(result.sweep.fewer_than_promised);
}

BOOST_AUTO_TEST_CASE(bad_parameters_pages_before_the_total_is_a_failure) {
  const auto result = read(scripted({page_of({1, 2}, PageStatus::more, 50),
                                     Failure{.kind = FailureKind::bad_parameters, .message = "badParameters"}}));
  BOOST_TEST((result.sweep.end == SweepEnd::failed));
  BOOST_TEST(result.sweep.rows == 2U);
}

BOOST_AUTO_TEST_CASE(a_failure_in_the_middle_keeps_what_was_read_and_says_where_to_go_on) {
  const auto result =
      read(scripted({page_of({1, 2}, PageStatus::more, 50), Failure{.kind = FailureKind::offline, .message = "gone"}}));
  BOOST_TEST((result.sweep.end == SweepEnd::failed));
  BOOST_TEST((result.sweep.failure.value().kind == FailureKind::offline));
  BOOST_TEST(result.sweep.position == 2);
  BOOST_TEST(!result.sweep.complete());
  BOOST_TEST(result.sweep.safe_for_serial_cursor());
}

BOOST_AUTO_TEST_CASE(a_single_object_for_a_list_is_one_row) {
  const auto body = R"({"AcsEvent":{"searchID":"1","responseStatusStrg":"OK","numOfMatches":1,"totalMatches":1,
    "InfoList":{"major":5,"minor":75,"serialNo":7,"time":"2026-09-01T08:00:00+05:00"}}})";
  const auto result = read(scripted({decode_page(body)}));
  BOOST_TEST(result.sweep.complete());
  BOOST_REQUIRE_EQUAL(result.serials.size(), 1U);
  BOOST_TEST(result.serials.front() == 7U);
}

BOOST_AUTO_TEST_CASE(rows_that_cannot_be_read_still_count_for_the_position) {
  auto first = page_of({1}, PageStatus::more, 4);
  first.unreadable = 1;
  const auto result = read(scripted({first, page_of({3, 4}, PageStatus::ok, 4)}));
  BOOST_TEST(result.sweep.complete());
  BOOST_TEST(result.sweep.position == 4);
  BOOST_TEST(result.sweep.unreadable == 1U);
}

BOOST_AUTO_TEST_CASE(rows_over_the_decoders_limit_are_asked_for_again) {
  auto first = page_of({1, 2}, PageStatus::ok);
  first.over_limit = 1;
  const auto result = read(scripted({first, page_of({3}, PageStatus::ok)}));
  BOOST_TEST(result.sweep.complete());
  BOOST_TEST(result.sweep.rows == 3U);
}

BOOST_AUTO_TEST_CASE(a_terminal_that_ignores_the_position_is_noticed) {
  auto log = FakeLog::oldest_first(60);
  log.ignores_position = true;
  const auto result = read(log);
  BOOST_TEST((result.sweep.end == SweepEnd::repeated_page));
  BOOST_TEST(result.sweep.pages == 1U);
  BOOST_TEST(result.sweep.rows == 30U);
  BOOST_TEST(log.requests.size() == 2U);
}

BOOST_AUTO_TEST_CASE(pages_that_go_round_in_circles_are_noticed) {
  const auto result = read(scripted(
      {page_of({1, 2}, PageStatus::more), page_of({3, 4}, PageStatus::more), page_of({1, 2}, PageStatus::more)}));
  BOOST_TEST((result.sweep.end == SweepEnd::repeated_page));
  BOOST_TEST(result.sweep.rows == 4U);
}

BOOST_AUTO_TEST_CASE(newest_first_is_noticed_and_the_cursor_waits_for_the_end) {
  auto log = FakeLog::newest_first(60);
  std::vector<bool> safe;
  const auto result = sweep({}, std::ref(log), [&](const Page&, const Sweep& so_far) {
    safe.push_back(so_far.safe_for_serial_cursor() || so_far.safe_for_time_cursor());
    return true;
  });
  BOOST_TEST((result.by_serial == RowOrder::descending));
  BOOST_TEST((result.by_time == RowOrder::descending));
  const std::vector<bool> expected{false, false};
  BOOST_TEST(safe == expected, boost::test_tools::per_element());
  BOOST_TEST(result.complete());
  BOOST_TEST(result.safe_for_serial_cursor());
}

BOOST_AUTO_TEST_CASE(oldest_first_lets_the_cursor_follow_page_by_page) {
  auto log = FakeLog::oldest_first(60);
  const auto result = sweep({}, std::ref(log), [&](const Page&, const Sweep& so_far) {
    BOOST_TEST((so_far.end == SweepEnd::none));
    BOOST_TEST(so_far.safe_for_serial_cursor());
    BOOST_TEST(so_far.safe_for_time_cursor());
    return true;
  });
  BOOST_TEST(result.complete());
}

BOOST_AUTO_TEST_CASE(one_row_of_many_says_nothing_about_the_order_yet) {
  std::vector<bool> safe;
  const PageSource source = scripted({page_of({9}, PageStatus::more, 2), page_of({8}, PageStatus::ok, 2)});
  const auto result = sweep({}, source, [&](const Page&, const Sweep& so_far) {
    safe.push_back(so_far.safe_for_serial_cursor() || so_far.safe_for_time_cursor());
    return true;
  });
  const std::vector<bool> expected{false, false};
  BOOST_TEST(safe == expected, boost::test_tools::per_element());
  BOOST_TEST(result.safe_for_serial_cursor());
}

BOOST_AUTO_TEST_CASE(a_newest_first_sweep_that_breaks_off_is_not_safe_for_a_cursor) {
  const auto result =
      read(scripted({page_of({9, 8}, PageStatus::more, 50), Failure{.kind = FailureKind::offline, .message = "gone"}}));
  BOOST_TEST(!result.sweep.safe_for_serial_cursor());
  BOOST_TEST(!result.sweep.safe_for_time_cursor());
}

BOOST_AUTO_TEST_CASE(a_clock_set_back_spoils_the_order_of_times_but_not_of_serials) {
  auto first = page_of({15, 16}, PageStatus::more, 50);
  first.events[1].time = parse_device_time("2026-08-31T12:00:00+05:00");
  auto pages = scripted({first, page_of({17}, PageStatus::more, 50), Failure{.kind = FailureKind::timeout}});
  const auto result = read(pages);
  BOOST_TEST((result.sweep.by_serial == RowOrder::ascending));
  BOOST_TEST((result.sweep.by_time == RowOrder::mixed));
  BOOST_TEST(result.sweep.safe_for_serial_cursor());
  BOOST_TEST(!result.sweep.safe_for_time_cursor());
}

BOOST_AUTO_TEST_CASE(neighbours_that_change_places_are_mixed) {
  const auto result = read(scripted({page_of({168410, 168409, 168411}, PageStatus::ok, 3)}));
  BOOST_TEST((result.sweep.by_serial == RowOrder::mixed));
}

BOOST_AUTO_TEST_CASE(rows_without_serial_numbers_have_no_order) {
  auto page = page_of({1, 2}, PageStatus::ok, 2);
  for (auto& event : page.events) event.serial.reset();
  const auto result = read(scripted({page}));
  BOOST_TEST((result.sweep.by_serial == RowOrder::unknown));
  BOOST_TEST(result.sweep.complete());
}

BOOST_AUTO_TEST_CASE(totals_that_move_are_followed_and_reported) {
  auto log = FakeLog::newest_first(60);
  log.rows_added_per_request = 2;
  const auto result = read(log);
  BOOST_TEST(result.sweep.complete());
  BOOST_TEST(result.sweep.first_total.value() == 60);
  BOOST_TEST(result.sweep.last_total.value() == 64);
  const std::set<std::uint64_t> distinct(result.serials.begin(), result.serials.end());
  for (std::uint64_t serial = 100; serial < 160; ++serial) BOOST_TEST(distinct.count(serial) == 1U);
}

BOOST_AUTO_TEST_CASE(a_log_without_end_is_cut_at_the_page_cap) {
  std::uint64_t next = 1;
  SweepPlan plan;
  plan.most_pages = 25;
  const auto result = read(
      [&](const SearchRequest&) -> Outcome<Page> {
        auto page = page_of({next, next + 1}, PageStatus::more, 1'000'000'000);
        next += 2;
        return page;
      },
      plan);
  BOOST_TEST((result.sweep.end == SweepEnd::page_cap));
  BOOST_TEST(result.sweep.pages == 25U);
  BOOST_TEST(result.sweep.position == 50);
}

BOOST_AUTO_TEST_CASE(a_position_over_the_capability_is_not_asked_for) {
  auto log = FakeLog::oldest_first(200);
  auto plan = with_page(30);
  plan.capabilities.max_position = 100;
  const auto result = read(log, plan);
  BOOST_TEST((result.sweep.end == SweepEnd::position_cap));
  BOOST_TEST(log.requests.back().position == 90);
  BOOST_TEST(result.sweep.rows == 120U);
}

BOOST_AUTO_TEST_CASE(the_sink_can_stop_the_sweep) {
  auto log = FakeLog::oldest_first(200);
  const auto result = sweep({}, std::ref(log), [](const Page&, const Sweep& so_far) { return so_far.pages < 2; });
  BOOST_TEST((result.end == SweepEnd::stopped));
  BOOST_TEST(log.requests.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_log_without_rows_needs_one_request) {
  auto log = FakeLog::oldest_first(0);
  const auto result = read(log);
  BOOST_TEST(result.sweep.complete());
  BOOST_TEST(log.requests.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(search_request)

BOOST_AUTO_TEST_CASE(only_what_is_set_is_sent) {
  BOOST_TEST(search_body({.search_id = "a1", .position = 30, .max_results = 10}) ==
             R"({"AcsEventCond":{"searchID":"a1","searchResultPosition":30,"maxResults":10,"major":0,"minor":0}})");
}

BOOST_AUTO_TEST_CASE(every_member_has_its_name_on_the_wire) {
  const SearchRequest request{.search_id = "a1",
                              .major = 5,
                              .minor = 75,
                              .start_time = "2026-09-01T00:00:00+05:00",
                              .end_time = "2026-09-02T00:00:00+05:00",
                              .begin_serial = 1,
                              .end_serial = 3'000'000'000,
                              .employee_no = "00\"42",
                              .card_no = "0123",
                              .pictures = false,
                              .newest_first = true};
  BOOST_TEST(search_body(request) ==
             R"({"AcsEventCond":{"searchID":"a1","searchResultPosition":0,"maxResults":30,"major":5,"minor":75,)"
             R"("startTime":"2026-09-01T00:00:00+05:00","endTime":"2026-09-02T00:00:00+05:00","cardNo":"0123",)"
             R"("employeeNoString":"00\"42","beginSerialNo":1,"endSerialNo":3000000000,"picEnable":false,)"
             R"("timeReverseOrder":true}})");
  BOOST_TEST(total_body({.major = 5}) == R"({"AcsEventTotalNumCond":{"major":5,"minor":0}})");
}

BOOST_AUTO_TEST_CASE(times_are_written_on_the_devices_clock) {
  using namespace std::chrono;
  const Instant instant = sys_days{2026y / September / 1} + 12h + 27min + 53s + 999'999us;
  BOOST_TEST(search_time(instant, 5h) == "2026-09-01T17:27:53+05:00");
  BOOST_TEST(search_time(instant, -(3h + 30min)) == "2026-09-01T08:57:53-03:30");
  BOOST_TEST(search_time(instant, 0h) == "2026-09-01T12:27:53+00:00");
  BOOST_TEST(search_time(Instant{}, -1h) == "1969-12-31T23:00:00-01:00");

  // The zone of this process is not the terminal's.
  const char* zone = std::getenv("TZ");
  const std::string before = zone == nullptr ? "" : zone;
  setenv("TZ", "Asia/Almaty", 1);
  tzset();
  BOOST_TEST(search_time(instant, 5h) == "2026-09-01T17:27:53+05:00");
  before.empty() ? unsetenv("TZ") : setenv("TZ", before.c_str(), 1);
  tzset();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::hikvision
