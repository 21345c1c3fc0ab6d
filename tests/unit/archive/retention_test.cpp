#include "archive/retention.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <random>

#include "core/error.hpp"
#include "support/has_code.hpp"
#include "support/manual_clock.hpp"

using namespace visitor;
using namespace visitor::archive;
using namespace std::chrono_literals;
using visitor::test::at;
using visitor::test::has_code;

namespace {

const auto kNow = at("2026-11-23T12:00:00Z");

Copy copy_at(std::string_view moment, std::string target = "file:///a") {
  static std::int64_t last_id = 0;
  Copy copy;
  copy.id = ++last_id;
  copy.target = std::move(target);
  copy.started_at = at(moment);
  copy.ended_at = copy.started_at + 1min;
  copy.bytes = 1000;
  return copy;
}

std::vector<Copy> copies_at(std::initializer_list<std::string_view> moments) {
  std::vector<Copy> copies;
  for (const auto moment : moments) copies.push_back(copy_at(moment));
  return copies;
}

Copy verified(Copy copy) {
  copy.verified_at = copy.ended_at;
  return copy;
}

/// "K" or "-" for each copy.
std::string kept(const std::vector<Copy>& copies, const Policy& policy, const Zone& zone = Zone::utc()) {
  std::string letters;
  for (const auto& verdict : judge(copies, policy, zone, kNow)) letters += verdict.keep ? 'K' : '-';
  return letters;
}

Policy only(int Policy::*rule, int count) {
  Policy policy;
  policy.*rule = count;
  return policy;
}

Policy only(CalendarSpan Policy::*rule, std::string_view span) {
  Policy policy;
  policy.*rule = *parse_calendar_span(span);
  return policy;
}

struct World {
  std::vector<Copy> copies;
  Policy policy;
  Zone zone = Zone::utc();
};

World random_world(unsigned seed) {
  std::mt19937 random{seed};
  const auto pick = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
  World world;
  world.zone = Zone::named(pick(2) == 0 ? "America/New_York" : "Asia/Kathmandu");
  const int count = pick(60);
  const int span_hours = 1 + pick(3 * 366 * 24);
  for (int i = 0; i < count; ++i) {
    auto copy = copy_at("2026-11-23T11:00:00Z", pick(3) == 0 ? "file:///b" : "file:///a");
    copy.started_at -= std::chrono::minutes{pick(span_hours * 60)};
    if (pick(4) == 0) copy.verified_at = copy.started_at + 1h;
    copy.held = pick(20) == 0;
    copy.broken = pick(20) == 0;
    world.copies.push_back(copy);
  }
  for (auto rule : {&Policy::last, &Policy::hourly, &Policy::daily, &Policy::weekly, &Policy::monthly, &Policy::yearly})
    if (pick(3) == 0) world.policy.*rule = pick(8);
  for (auto rule : {&Policy::within, &Policy::within_hourly, &Policy::within_daily, &Policy::within_weekly,
                    &Policy::within_monthly, &Policy::within_yearly})
    if (pick(6) == 0) world.policy.*rule = CalendarSpan{pick(2), pick(6), pick(20), pick(24)};
  world.policy.min_verified = pick(4);
  return world;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(retention)

BOOST_AUTO_TEST_CASE(last_keeps_the_newest_whatever_their_order) {
  const auto copies = copies_at({"2026-11-20T03:00:00Z", "2026-11-22T03:00:00Z", "2026-11-21T03:00:00Z"});
  BOOST_TEST(kept(copies, only(&Policy::last, 2)) == "-KK");
}

BOOST_AUTO_TEST_CASE(daily_keeps_the_newest_of_each_day_that_has_one) {
  const auto copies = copies_at({"2026-11-22T23:00:00Z", "2026-11-22T03:00:00Z", "2026-11-20T03:00:00Z",
                                 "2026-11-20T01:00:00Z", "2026-11-10T03:00:00Z", "2026-11-01T03:00:00Z"});
  BOOST_TEST(kept(copies, only(&Policy::daily, 3)) == "K-K-K-");
}

BOOST_AUTO_TEST_CASE(days_begin_at_midnight_of_the_zone) {
  // 23:30 and 00:30 in Berlin, one day in UTC.
  const auto copies = copies_at({"2026-11-22T23:30:00Z", "2026-11-22T22:30:00Z", "2026-11-01T00:00:00Z"});
  BOOST_TEST(kept(copies, only(&Policy::daily, 2), Zone::utc()) == "K-K");
  BOOST_TEST(kept(copies, only(&Policy::daily, 2), Zone::named("Europe/Berlin")) == "KK-");
}

BOOST_AUTO_TEST_CASE(the_hour_that_comes_twice_is_one_hour) {
  // 02:30 in Berlin, in summer and again in winter.
  const auto copies = copies_at({"2026-10-25T01:30:00Z", "2026-10-25T00:30:00Z", "2026-10-01T00:00:00Z"});
  BOOST_TEST(kept(copies, only(&Policy::hourly, 2), Zone::named("Europe/Berlin")) == "K-K");
  BOOST_TEST(kept(copies, only(&Policy::hourly, 2), Zone::utc()) == "KK-");
}

BOOST_AUTO_TEST_CASE(weeks_are_those_of_iso_8601_over_the_turn_of_the_year) {
  // Thursday 31 December 2026 and Sunday 3 January 2027 are of week 53; Monday 4 January begins week 1.
  auto copies =
      copies_at({"2026-01-04T03:00:00Z", "2025-12-29T03:00:00Z", "2025-12-28T03:00:00Z", "2025-12-22T03:00:00Z"});
  BOOST_TEST(kept(copies, only(&Policy::weekly, 1)) == "K---");
  BOOST_TEST(kept(copies, only(&Policy::weekly, 2)) == "K-K-");
}

BOOST_AUTO_TEST_CASE(the_oldest_is_kept_while_there_are_too_few) {
  const auto copies = copies_at({"2026-11-22T03:00:00Z", "2026-11-21T03:00:00Z", "2026-11-20T03:00:00Z"});
  const auto verdicts = judge(copies, only(&Policy::monthly, 2), Zone::utc(), kNow);
  BOOST_TEST(kept(copies, only(&Policy::monthly, 2)) == "K-K");
  BOOST_TEST(verdicts[2].reasons.front() == "oldest monthly");
  BOOST_TEST(kept(copies, only(&Policy::monthly, 1)) == "K--");
}

BOOST_AUTO_TEST_CASE(within_counts_from_the_newest_copy_and_not_from_now) {
  const auto copies = copies_at({"2026-01-22T03:00:00Z", "2026-01-20T03:00:00Z", "2026-01-15T02:59:59Z"});
  BOOST_TEST(kept(copies, only(&Policy::within, "7d")) == "KK-");
  BOOST_TEST(kept(copies, only(&Policy::within, "2d")) == "K--");
}

BOOST_AUTO_TEST_CASE(a_copy_of_the_future_moves_no_span) {
  const auto copies = copies_at({"2030-01-01T00:00:00Z", "2026-11-22T03:00:00Z", "2026-11-20T03:00:00Z"});
  BOOST_TEST(kept(copies, only(&Policy::within, "3d")) == "KKK");
}

BOOST_AUTO_TEST_CASE(rules_are_or_ed_and_all_reasons_are_told) {
  const auto copies = copies_at({"2026-11-22T03:00:00Z", "2026-11-21T03:00:00Z"});
  auto policy = only(&Policy::last, 1);
  policy.yearly = 1;
  const auto verdicts = judge(copies, policy, Zone::utc(), kNow);
  BOOST_TEST((verdicts[0].reasons == std::vector<std::string>{"last", "yearly"}));
  BOOST_TEST(
      (verdicts[1].reasons == std::vector<std::string>{"last: 1 is newer", "yearly: there is a newer one of 2026"}));
}

BOOST_AUTO_TEST_CASE(without_a_rule_everything_is_kept) {
  const auto copies = copies_at({"2026-11-22T03:00:00Z", "2016-11-21T03:00:00Z"});
  BOOST_TEST(kept(copies, Policy{}) == "KK");
}

BOOST_AUTO_TEST_CASE(each_target_has_its_own_newest) {
  std::vector<Copy> copies{copy_at("2026-11-22T03:00:00Z", "file:///a"), copy_at("2026-11-21T03:00:00Z", "file:///a"),
                           copy_at("2026-11-01T03:00:00Z", "file:///b"), copy_at("2026-10-01T03:00:00Z", "file:///b")};
  BOOST_TEST(kept(copies, only(&Policy::last, 1)) == "K-K-");
}

BOOST_AUTO_TEST_CASE(the_newest_verified_copies_of_a_target_stay) {
  std::vector<Copy> copies{copy_at("2026-11-22T03:00:00Z"), verified(copy_at("2026-11-21T03:00:00Z")),
                           copy_at("2026-11-20T03:00:00Z"), verified(copy_at("2026-11-19T03:00:00Z")),
                           verified(copy_at("2026-11-18T03:00:00Z"))};
  auto policy = only(&Policy::last, 1);
  BOOST_TEST(kept(copies, policy) == "KK---");
  policy.min_verified = 2;
  BOOST_TEST(kept(copies, policy) == "KK-K-");
  policy.min_verified = 9;
  BOOST_TEST(kept(copies, policy) == "KK-KK");
}

BOOST_AUTO_TEST_CASE(the_only_verified_copy_of_all_targets_stays_even_where_none_is_asked_for) {
  std::vector<Copy> copies{
      copy_at("2026-11-22T03:00:00Z", "file:///a"), verified(copy_at("2026-11-01T03:00:00Z", "file:///a")),
      copy_at("2026-11-22T03:00:00Z", "file:///b"), verified(copy_at("2026-11-02T03:00:00Z", "file:///b"))};
  auto policy = only(&Policy::last, 1);
  policy.min_verified = 0;
  BOOST_TEST(kept(copies, policy) == "K-KK");
  BOOST_TEST(judge(copies, policy, Zone::utc(), kNow)[3].reasons.front() == "the only verified copy");
}

BOOST_AUTO_TEST_CASE(a_copy_on_hold_stays_and_takes_nobodys_place) {
  auto copies = copies_at({"2026-11-22T03:00:00Z", "2026-11-21T03:00:00Z", "2026-11-20T03:00:00Z"});
  copies[2].held = true;
  BOOST_TEST(kept(copies, only(&Policy::last, 1)) == "K-K");
}

BOOST_AUTO_TEST_CASE(a_broken_copy_takes_nobodys_place_and_goes_when_a_newer_one_is_verified) {
  std::vector<Copy> copies{copy_at("2026-11-22T03:00:00Z"), copy_at("2026-11-21T03:00:00Z"),
                           copy_at("2026-11-20T03:00:00Z")};
  copies[0].broken = true;
  BOOST_TEST(kept(copies, only(&Policy::last, 1)) == "KK-");
  copies[1].broken = true;
  copies[0] = verified(copy_at("2026-11-22T03:00:00Z"));
  BOOST_TEST(kept(copies, only(&Policy::last, 2)) == "K-K");
}

BOOST_DATA_TEST_CASE(whatever_the_history_and_policy, boost::unit_test::data::xrange(300), seed) {
  const auto world = random_world(static_cast<unsigned>(seed));
  const auto& copies = world.copies;
  const auto verdicts = judge(copies, world.policy, world.zone, kNow);
  BOOST_REQUIRE_EQUAL(verdicts.size(), copies.size());

  bool any_verified = false, verified_kept = false;
  std::map<std::string, int> good_of, kept_of, verified_of, verified_kept_of;
  for (std::size_t i = 0; i < copies.size(); ++i) {
    BOOST_TEST(!verdicts[i].reasons.empty());
    if (copies[i].held) BOOST_TEST(verdicts[i].keep);
    if (copies[i].broken) continue;
    ++good_of[copies[i].target];
    if (verdicts[i].keep) ++kept_of[copies[i].target];
    if (!copies[i].verified_at) continue;
    any_verified = true;
    verified_kept |= verdicts[i].keep;
    ++verified_of[copies[i].target];
    if (verdicts[i].keep) ++verified_kept_of[copies[i].target];
  }
  BOOST_TEST(verified_kept == any_verified);
  for (const auto& [target, count] : verified_of)
    BOOST_TEST(verified_kept_of[target] >= std::min(count, world.policy.min_verified));
  for (const auto& [target, count] : good_of) BOOST_TEST(kept_of[target] > 0);

  // Nothing depends on the order in which copies are given, and what was kept is kept again.
  auto reversed = copies;
  std::ranges::reverse(reversed);
  auto back = judge(reversed, world.policy, world.zone, kNow);
  std::ranges::reverse(back);
  std::map<std::pair<std::string, Instant>, int> moments;
  for (const auto& copy : copies) ++moments[{copy.target, copy.started_at}];
  std::vector<Copy> left;
  for (std::size_t i = 0; i < copies.size(); ++i) {
    if (moments[{copies[i].target, copies[i].started_at}] == 1) BOOST_TEST(back[i].keep == verdicts[i].keep);
    if (verdicts[i].keep) left.push_back(copies[i]);
  }
  // Broken ones apart: their going may leave nothing to wait for.
  const auto again = judge(left, world.policy, world.zone, kNow);
  for (std::size_t i = 0; i < left.size(); ++i)
    if (!left[i].broken) BOOST_TEST(again[i].keep);

  // More to keep never removes what less would have kept, oldest ones apart.
  auto wider = world.policy;
  wider.daily += 5;
  if (world.policy.is_empty()) return;
  const auto more = judge(copies, wider, world.zone, kNow);
  for (std::size_t i = 0; i < copies.size(); ++i)
    if (verdicts[i].keep && !copies[i].broken && verdicts[i].reasons.front() != "the only verified copy")
      BOOST_TEST(more[i].keep);
}

BOOST_AUTO_TEST_CASE(three_years_of_nights_leave_what_the_policy_says) {
  Policy policy;
  policy.daily = 14;
  policy.weekly = 8;
  policy.monthly = 12;
  policy.yearly = 5;
  const std::vector<std::string> targets{"file:///a", "s3://b/c"};
  const auto first = at("2026-11-24T03:00:00Z");
  const auto until = at("2029-11-24T03:00:00Z");
  const auto result = simulate({}, targets, policy, Zone::utc(), first, until);
  BOOST_TEST(result.made == 2U * 1097U);
  BOOST_TEST(!result.shortage);
  BOOST_TEST(result.kept.size() == result.verdicts.size());
  std::vector<Instant> ours;
  for (const auto& copy : result.kept)
    if (copy.target == targets[0]) ours.push_back(copy.started_at);
  BOOST_TEST(ours.back() == until);
  BOOST_TEST(ours[ours.size() - 14] == at("2029-11-11T03:00:00Z"));
  // The last nights of 2028, 2027 and 2026, and the very first.
  for (const auto* night : {"2028-12-31T03:00:00Z", "2027-12-31T03:00:00Z", "2026-12-31T03:00:00Z"})
    BOOST_TEST(std::ranges::count(ours, at(night)) == 1, night);
}

BOOST_AUTO_TEST_CASE(a_policy_that_leaves_no_verified_copy_when_checks_stop_is_found) {
  auto policy = only(&Policy::last, 3);
  policy.min_verified = 0;
  const std::vector<std::string> targets{"file:///a"};
  const auto first = at("2026-11-24T03:00:00Z");
  const auto result = simulate({}, targets, policy, Zone::utc(), first, first + 365 * 24h);
  BOOST_REQUIRE(result.shortage);
  BOOST_TEST(result.shortage->at == at("2026-11-27T03:00:00Z"));
  BOOST_TEST(!result.shortage->none_at_all);

  policy.min_verified = 1;
  BOOST_TEST(!simulate({}, targets, policy, Zone::utc(), first, first + 365 * 24h).shortage);
}

BOOST_AUTO_TEST_CASE(a_simulation_keeps_its_hour_over_a_change_of_the_clock) {
  const auto berlin = Zone::named("Europe/Berlin");
  const std::vector<std::string> targets{"file:///a"};
  const auto result =
      simulate({}, targets, only(&Policy::last, 2), berlin, at("2026-10-20T01:00:00Z"), at("2026-10-27T02:00:00Z"));
  BOOST_REQUIRE_EQUAL(result.kept.size(), 2U);
  BOOST_TEST(berlin.stamp(result.kept[1].started_at) == "2026-10-27 03:00:00");
}

BOOST_AUTO_TEST_CASE(a_simulation_into_the_past_or_too_far_is_refused) {
  const auto first = at("2026-11-24T03:00:00Z");
  BOOST_CHECK_EXCEPTION(simulate({}, {}, {}, Zone::utc(), first, first - 1s), Error, has_code(Errc::usage));
  BOOST_CHECK_EXCEPTION(simulate({}, {}, {}, Zone::utc(), first, first + 31 * 366 * 24h), Error, has_code(Errc::usage));
}

BOOST_AUTO_TEST_SUITE_END()
