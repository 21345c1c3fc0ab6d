#include "archive/retention.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>
#include <string_view>

#include "core/error.hpp"

namespace visitor::archive {
namespace {

using std::chrono::days;
using std::chrono::hours;
using LocalTime = std::chrono::local_time<std::chrono::microseconds>;

constexpr auto kLongest = days{30 * 366};

enum class Period { each, hour, day, week, month, year };

struct Counted {
  Period period;
  int Policy::*count;
  std::string_view name;
};
constexpr std::array<Counted, 6> kCounted{{{Period::each, &Policy::last, "last"},
                                           {Period::hour, &Policy::hourly, "hourly"},
                                           {Period::day, &Policy::daily, "daily"},
                                           {Period::week, &Policy::weekly, "weekly"},
                                           {Period::month, &Policy::monthly, "monthly"},
                                           {Period::year, &Policy::yearly, "yearly"}}};

struct Within {
  Period period;
  CalendarSpan Policy::*span;
  std::string_view name;
};
constexpr std::array<Within, 6> kWithin{{{Period::each, &Policy::within, ""},
                                         {Period::hour, &Policy::within_hourly, "hourly "},
                                         {Period::day, &Policy::within_daily, "daily "},
                                         {Period::week, &Policy::within_weekly, "weekly "},
                                         {Period::month, &Policy::within_monthly, "monthly "},
                                         {Period::year, &Policy::within_yearly, "yearly "}}};

/// Names the period that \p local lies in: the same for all moments of one period, another for those of others.
long long period_of(LocalTime local, Period period, std::size_t number) {
  using namespace std::chrono;
  const auto midnight = floor<days>(local);
  const auto day = midnight.time_since_epoch().count();
  const year_month_day date{midnight};
  switch (period) {
    case Period::each:
      return static_cast<long long>(number);
    case Period::hour:
      return floor<hours>(local.time_since_epoch()).count();
    case Period::day:
      return day;
    case Period::week:
      return day - (weekday{midnight}.iso_encoding() - 1);  // its Monday, which is what ISO 8601 weeks differ in
    case Period::month:
      return static_cast<int>(date.year()) * 12LL + static_cast<unsigned>(date.month());
    case Period::year:
      return static_cast<int>(date.year());
  }
  return 0;
}

std::string period_text(LocalTime local, Period period) {
  using namespace std::chrono;
  const auto midnight = floor<days>(local);
  const year_month_day date{midnight};
  const auto year = static_cast<int>(date.year());
  const auto month = static_cast<unsigned>(date.month());
  const auto monday = year_month_day{midnight - (weekday{midnight} - Monday)};
  switch (period) {
    case Period::each:
      break;
    case Period::hour:
      return fmt::format("{:04}-{:02}-{:02} {:02}h", year, month, static_cast<unsigned>(date.day()),
                         floor<hours>(local - midnight).count());
    case Period::day:
      return fmt::format("{:04}-{:02}-{:02}", year, month, static_cast<unsigned>(date.day()));
    case Period::week:
      return fmt::format("the week of {:04}-{:02}-{:02}", static_cast<int>(monday.year()),
                         static_cast<unsigned>(monday.month()), static_cast<unsigned>(monday.day()));
    case Period::month:
      return fmt::format("{:04}-{:02}", year, month);
    case Period::year:
      return fmt::format("{:04}", year);
  }
  return "";
}

/// The copies of one target that can take a place, newest first.
class Shelf {
 public:
  Shelf(std::span<const Copy> copies, std::vector<std::size_t> members, const Policy& policy, const Zone& zone,
        Instant now, std::vector<Verdict>& verdicts)
      : copies_(copies), members_(std::move(members)), policy_(policy), zone_(zone), verdicts_(verdicts) {
    std::ranges::stable_sort(members_, std::greater{}, [&](auto index) { return copies_[index].started_at; });
    for (const auto index : members_) {
      const auto at = copies_[index].started_at;
      local_.push_back(zone_.local(at));
      if (at <= now && !newest_) newest_ = at;
    }
  }

  void judge() {
    for (const auto& rule : kCounted) count(rule);
    for (const auto& rule : kWithin) reach(rule);
    keep_verified();
    explain_the_rest();
  }

 private:
  Verdict& verdict(std::size_t place) { return verdicts_[members_[place]]; }

  void keep(std::size_t place, std::string reason) {
    verdict(place).keep = true;
    verdict(place).reasons.push_back(std::move(reason));
  }

  void count(const Counted& rule) {
    auto left = policy_.*rule.count;
    std::optional<long long> taken;
    for (std::size_t place = 0; place < members_.size() && left > 0; ++place) {
      const auto period = period_of(local_[place], rule.period, place);
      const bool fresh = period != taken;
      // While some are left, the oldest reaches back furthest.
      if (!fresh && place + 1 != members_.size()) continue;
      keep(place, fmt::format("{}{}", fresh ? "" : "oldest ", rule.name));
      taken = period;
      --left;
    }
  }

  void reach(const Within& rule) {
    const auto& span = policy_.*rule.span;
    if (span.is_zero() || !newest_) return;
    const auto since = before(*newest_, span, zone_);
    std::optional<long long> taken;
    for (std::size_t place = 0; place < members_.size(); ++place) {
      if (copies_[members_[place]].started_at <= since) break;
      const auto period = period_of(local_[place], rule.period, place);
      const bool fresh = period != taken;
      if (!fresh && place + 1 != members_.size()) continue;
      keep(place, fmt::format("{}{}within {}", fresh ? "" : "oldest ", rule.name, to_text(span)));
      taken = period;
    }
  }

  void keep_verified() {
    auto left = policy_.min_verified;
    for (std::size_t place = 0; place < members_.size() && left > 0; ++place) {
      if (!copies_[members_[place]].verified_at) continue;
      --left;
      if (!verdict(place).keep)
        keep(place, fmt::format("one of the newest {} verified at its target", policy_.min_verified));
    }
  }

  /// For each rule: the period has a newer copy, or newer periods have used up the count.
  void explain_the_rest() {
    for (std::size_t place = 0; place < members_.size(); ++place) {
      if (verdict(place).keep) continue;
      for (const auto& rule : kCounted) {
        const auto count = policy_.*rule.count;
        if (count == 0) continue;
        const bool newer_of_same =
            rule.period != Period::each && place > 0 &&
            period_of(local_[place], rule.period, place) == period_of(local_[place - 1], rule.period, place - 1);
        verdict(place).reasons.push_back(
            newer_of_same
                ? fmt::format("{}: there is a newer one of {}", rule.name, period_text(local_[place], rule.period))
                : fmt::format("{}: {} newer", rule.name, count == 1 ? "1 is" : fmt::format("{} are", count)));
      }
      for (const auto& rule : kWithin)
        if (const auto& span = policy_.*rule.span; !span.is_zero())
          verdict(place).reasons.push_back(newest_ &&
                                                   copies_[members_[place]].started_at > before(*newest_, span, zone_)
                                               ? fmt::format("{}within {}: there is a newer one of {}", rule.name,
                                                             to_text(span), period_text(local_[place], rule.period))
                                               : fmt::format("{}within {}: it is older", rule.name, to_text(span)));
    }
  }

  std::span<const Copy> copies_;
  std::vector<std::size_t> members_;
  const Policy& policy_;
  const Zone& zone_;
  std::vector<Verdict>& verdicts_;
  std::vector<LocalTime> local_;
  std::optional<Instant> newest_;
};

/// The newest verified copy of all, by its place; of several as old the first.
std::optional<std::size_t> newest_verified(std::span<const Copy> copies, const std::function<bool(std::size_t)>& with) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < copies.size(); ++i)
    if (copies[i].verified_at && !copies[i].broken && with(i) &&
        (!found || copies[i].started_at > copies[*found].started_at))
      found = i;
  return found;
}

void judge_broken(std::span<const Copy> copies, std::vector<Verdict>& verdicts) {
  for (std::size_t i = 0; i < copies.size(); ++i) {
    if (!copies[i].broken) continue;
    const bool replaced = newest_verified(copies, [&](std::size_t other) {
                            return verdicts[other].keep && copies[other].target == copies[i].target &&
                                   copies[other].started_at > copies[i].started_at;
                          }).has_value();
    if (!replaced) verdicts[i].keep = true;
    verdicts[i].reasons.emplace_back(replaced ? "broken, and a newer one is verified"
                                              : "broken, but nothing newer is verified at its target");
  }
}

/// judge() without the rule about the only verified copy.
std::vector<Verdict> judge_by_policy(std::span<const Copy> copies, const Policy& policy, const Zone& zone,
                                     Instant now) {
  std::vector<Verdict> verdicts(copies.size());
  if (policy.is_empty()) {
    for (auto& verdict : verdicts) verdict = {true, {"no rule is set"}};
    return verdicts;
  }
  std::map<std::string_view, std::vector<std::size_t>> shelves;
  for (std::size_t i = 0; i < copies.size(); ++i)
    if (!copies[i].broken) shelves[copies[i].target].push_back(i);
  for (auto& [target, members] : shelves) Shelf{copies, std::move(members), policy, zone, now, verdicts}.judge();
  for (std::size_t i = 0; i < copies.size(); ++i) {
    if (!copies[i].held) continue;
    if (!verdicts[i].keep) verdicts[i].reasons.clear();
    verdicts[i].keep = true;
    verdicts[i].reasons.emplace_back("on hold");
  }
  return verdicts;
}

/// What remains of \p copies.
std::vector<Copy> kept_of(const std::vector<Copy>& copies, const std::vector<Verdict>& verdicts) {
  std::vector<Copy> kept;
  for (std::size_t i = 0; i < copies.size(); ++i)
    if (verdicts[i].keep) kept.push_back(copies[i]);
  return kept;
}

}  // namespace

bool Policy::is_empty() const {
  return std::ranges::none_of(kCounted, [&](const auto& rule) { return this->*rule.count > 0; }) &&
         std::ranges::all_of(kWithin, [&](const auto& rule) { return (this->*rule.span).is_zero(); });
}

std::vector<Verdict> judge(std::span<const Copy> copies, const Policy& policy, const Zone& zone, Instant now) {
  auto verdicts = judge_by_policy(copies, policy, zone, now);
  const auto kept = newest_verified(copies, [&](std::size_t i) { return verdicts[i].keep; });
  if (const auto newest = newest_verified(copies, [](std::size_t) { return true; }); newest && !kept)
    verdicts[*newest] = {true, {"the only verified copy"}};
  if (!policy.is_empty()) judge_broken(copies, verdicts);
  return verdicts;
}

Simulation simulate(std::span<const Copy> copies, std::span<const std::string> targets, const Policy& policy,
                    const Zone& zone, Instant first, Instant until) {
  if (until < first) throw Error(Errc::usage, "the day lies before the next backup", "Give a later one, such as 3y.");
  if (until > first + kLongest) throw Error(Errc::usage, "the day lies too far off", "30 years at most.");

  std::set<std::string> places{targets.begin(), targets.end()};
  std::int64_t last_id = 0;
  std::map<std::string, std::uint64_t> sizes;
  for (const auto& copy : copies) {
    places.insert(copy.target);
    last_id = std::max(last_id, copy.id);
    sizes[copy.target] = copy.bytes;
  }

  Simulation result;
  std::vector<Copy> good{copies.begin(), copies.end()};
  std::vector<Copy> bad = good;
  bool first_night = true;
  for (int night = 0;; ++night) {
    const auto at = before(first, {0, 0, -night, 0}, zone);
    if (at > until) break;
    for (const auto& place : places) {
      Copy made{++last_id, "", place, at, at, sizes[place], at, {}, false, false};
      good.push_back(made);
      if (!first_night) made.verified_at.reset();
      bad.push_back(std::move(made));
      ++result.made;
    }
    result.verdicts = judge(good, policy, zone, at);
    good = kept_of(good, result.verdicts);
    if (!result.shortage) {
      bad = kept_of(bad, judge_by_policy(bad, policy, zone, at));
      const bool verified = newest_verified(bad, [](std::size_t) { return true; }).has_value();
      if (!places.empty() && !verified) result.shortage = Shortage{at, bad.empty()};
    }
    first_night = false;
  }
  std::erase_if(result.verdicts, [](const Verdict& verdict) { return !verdict.keep; });
  result.kept = std::move(good);
  return result;
}

}  // namespace visitor::archive
