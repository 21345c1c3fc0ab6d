#include "app/report_schedule.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "config/choices.hpp"
#include "config/values.hpp"
#include "core/text.hpp"
#include "store/sites.hpp"

namespace visitor::app {
namespace {

using config::Settings;
using std::chrono::days;
using std::chrono::local_days;

bool is_day(const Settings::Report& report, local_days day) {
  if (report.days.empty()) return true;
  const std::chrono::year_month_day date{day};
  const auto weekday = config::kWeekdays[std::chrono::weekday{day}.iso_encoding() - 1];
  const bool first = date.day() == std::chrono::day{1};
  const bool last = std::chrono::year_month_day{day + days{1}}.day() == std::chrono::day{1};
  return std::ranges::any_of(report.days, [&](const std::string& one) {
    return one == weekday || (one == "first" && first) || (one == "last" && last);
  });
}

local_days day_of(const Zone& zone, Instant now) {
  return std::chrono::floor<days>(zone.local(now));
}

}  // namespace

Zone report_zone(const Work& work, const Settings::Report& report) {
  if (!report.time_zone.empty()) return Zone::named(report.time_zone);
  const auto sites = store::Sites{work.tx, domain::Scope::everything()}.list();
  if (sites.empty()) return Zone::utc();
  const auto wanted = std::ranges::find_if(sites, [&](const domain::Site& site) {
    return equal_ignoring_case(site.name, report.site) || fmt::to_string(site.id.value) == report.site;
  });
  const auto first = std::ranges::min_element(sites, {}, &domain::Site::id);
  return Zone::named((wanted == sites.end() ? first : wanted)->time_zone);
}

std::string schedule_text(const Settings::Report& report, const Zone& zone) {
  return fmt::format("{}{}{} {}", config::clock_text(report.when), report.days.empty() ? "" : " ",
                     fmt::join(report.days, ","), zone.name());
}

Instant report_due_since(const Settings::Report& report, const Zone& zone, Instant now) {
  auto day = day_of(zone, now);
  while (!is_day(report, day) || zone.instant(day + report.when) > now) day -= days{1};
  return zone.instant(day + report.when);
}

Instant next_report_after(const Settings::Report& report, const Zone& zone, Instant now) {
  auto day = day_of(zone, now);
  while (!is_day(report, day) || zone.instant(day + report.when) <= now) day += days{1};
  return zone.instant(day + report.when);
}

std::string report_file_name(const Settings::Report& report, const Zone& zone, Instant due) {
  constexpr std::size_t kDate = std::string_view{"2026-11-23"}.size();
  const auto stamp = zone.stamp(due);
  auto clock = zone.clock(due);
  std::erase(clock, ':');
  const std::array<std::pair<std::string_view, std::string>, 4> words{
      {{"{name}", report.name}, {"{report}", report.report}, {"{date}", stamp.substr(0, kDate)}, {"{time}", clock}}};
  auto name = report.file;
  for (const auto& [word, value] : words)
    for (auto at = name.find(word); at != std::string::npos; at = name.find(word, at + value.size()))
      name.replace(at, word.size(), value);
  return name + "." + report.format;
}

}  // namespace visitor::app
