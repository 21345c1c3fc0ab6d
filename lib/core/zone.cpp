#include "core/zone.hpp"

#include <cctz/time_zone.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <vector>

#include "core/error.hpp"
#include "core/guarded.hpp"
#include "core/text.hpp"

namespace visitor {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using LocalTime = std::chrono::local_time<microseconds>;

constexpr auto kFolder = "/usr/share/zoneinfo";

const cctz::time_zone& zone_of(const void* zone) {
  return *static_cast<const cctz::time_zone*>(zone);
}

/// "Asia/Almaty", but no path out of the folder, none of the other things that lie there, and not what cctz takes for
/// the zone of the process ("localtime") or for a source of its own ("file:…").
bool may_name_zone(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' || c == '_' ||
           c == '-' || c == '+';
  };
  return !name.empty() && name[0] != '/' && std::all_of(name.begin(), name.end(), fits) &&
         !name.starts_with("posix/") && !name.starts_with("right/") && name != "posixrules" && name != "localtime";
}

/// The rules of that zone, read once and kept for as long as the process lives; null where there is no such zone. Only
/// that one file is read: a command that prints a time must not look at the 1,700 others first.
const cctz::time_zone* rules_of(const std::string& name) {
  static Guarded<std::map<std::string, cctz::time_zone>> zones;
  return zones.with([&](auto& known) -> const cctz::time_zone* {
    if (const auto found = known.find(name); found != known.end()) return &found->second;
    std::error_code error;
    if (!may_name_zone(name) || !std::filesystem::is_regular_file(std::filesystem::path{kFolder} / name, error))
      return nullptr;
    cctz::time_zone zone;
    if (!cctz::load_time_zone(name, &zone)) return nullptr;
    return &known.emplace(name, zone).first->second;
  });
}

std::vector<std::string> known_zones() {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator entry{kFolder, error}, end; !error && entry != end;
       entry.increment(error)) {
    auto name = entry->path().lexically_relative(kFolder).string();
    if (may_name_zone(name) && entry->is_regular_file(error)) names.push_back(std::move(name));
  }
  return names;
}

struct Wall {
  int year;
  unsigned month, day;
  long long hour, minute, second;
};

Wall wall(LocalTime local) {
  const auto midnight = std::chrono::floor<days>(local);
  const std::chrono::year_month_day date{midnight};
  const auto time = local - midnight;
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          std::chrono::floor<hours>(time).count(),
          std::chrono::floor<minutes>(time).count() % 60,
          std::chrono::floor<seconds>(time).count() % 60};
}

/// Takes exactly \p digits digits from the front of \p text.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc{} || end != text.data() + digits || text[0] == '-') return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

/// "HH:MM" or "HH:MM:SS", as time since midnight.
std::optional<seconds> take_clock(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  seconds time = hours{*hour} + minutes{*minute};
  if (take(text, ':')) {
    const auto second = take_digits(text, 2);
    if (!second || *second > 59) return std::nullopt;
    time += seconds{*second};
  }
  return time;
}

/// One to six digits of a second, as to_iso() writes them.
std::optional<microseconds> take_fraction(std::string_view& text) {
  microseconds fraction{0};
  microseconds unit = seconds{1};
  bool any = false;
  for (; unit.count() > 1 && !text.empty() && text[0] >= '0' && text[0] <= '9'; any = true) {
    unit /= 10;
    fraction += (text[0] - '0') * unit;
    text.remove_prefix(1);
  }
  if (!any) return std::nullopt;
  return fraction;
}

/// "Z", "+05:00" or "+0500".
std::optional<minutes> take_offset(std::string_view& text) {
  if (take(text, 'Z')) return minutes{0};
  const bool west = !text.empty() && text[0] == '-';
  if (!take(text, '+') && !take(text, '-')) return std::nullopt;
  const auto hour = take_digits(text, 2);
  take(text, ':');
  const auto minute = take_digits(text, 2);
  if (!hour || !minute || *hour > 14 || *minute > 59) return std::nullopt;
  const auto offset = hours{*hour} + minutes{*minute};
  return west ? -offset : offset;
}

std::optional<Instant> parse_iso(std::string_view text, const Zone& zone) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  LocalTime local{std::chrono::local_days{date}.time_since_epoch()};
  if (!text.empty()) {
    if (!take(text, 'T') && !take(text, ' ')) return std::nullopt;
    constexpr std::size_t kWithSeconds = 8;  // HH:MM:SS
    const auto before = text.size();
    const auto time = take_clock(text);
    if (!time) return std::nullopt;
    local += *time;
    if (before - text.size() == kWithSeconds && take(text, '.')) {
      const auto fraction = take_fraction(text);
      if (!fraction) return std::nullopt;
      local += *fraction;
    }
    if (!text.empty()) {
      const auto offset = take_offset(text);
      if (!offset || !text.empty()) return std::nullopt;
      return Instant{local.time_since_epoch()} - *offset;
    }
  }
  return zone.instant(local);
}

}  // namespace

Zone Zone::named(std::string_view name) {
  const std::string wanted{name};
  if (const auto* rules = rules_of(wanted)) return Zone{wanted, rules};
  const auto near = nearest(name, known_zones());
  throw Error(Errc::config, fmt::format("'{}' is not a known time zone", name),
              near ? fmt::format("Did you mean {}?", *near) : "Use an IANA name such as Asia/Almaty or Europe/Berlin.");
}

Zone Zone::utc() {
  return named("Etc/UTC");
}

bool Zone::exists(std::string_view name) {
  return rules_of(std::string{name}) != nullptr;
}

LocalTime Zone::local(Instant instant) const {
  return LocalTime{instant.time_since_epoch() + seconds{zone_of(zone_).lookup(instant).offset}};
}

minutes Zone::offset(Instant instant) const {
  return std::chrono::duration_cast<minutes>(seconds{zone_of(zone_).lookup(instant).offset});
}

Instant Zone::instant(LocalTime local) const {
  const auto whole = std::chrono::floor<seconds>(local);
  const auto civil = cctz::civil_second{1970} + whole.time_since_epoch().count();
  const auto found = zone_of(zone_).lookup(civil);
  if (found.kind == cctz::time_zone::civil_lookup::SKIPPED) return found.trans;
  return found.pre + (local - whole);
}

Instant Zone::day_start(Instant when) const {
  return instant(std::chrono::floor<days>(local(when)));
}

Instant Zone::day_end(Instant when) const {
  return instant(std::chrono::floor<days>(local(when)) + days{1});
}

std::string Zone::iso(Instant instant) const {
  const auto w = wall(local(instant));
  const auto shift = offset(instant).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}", w.year, w.month, w.day, w.hour, w.minute,
                     w.second, shift < 0 ? '-' : '+', std::abs(shift) / 60, std::abs(shift) % 60);
}

std::string Zone::clock(Instant instant) const {
  const auto w = wall(local(instant));
  return fmt::format("{:02}:{:02}", w.hour, w.minute);
}

std::string Zone::stamp(Instant instant) const {
  const auto w = wall(local(instant));
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", w.year, w.month, w.day, w.hour, w.minute, w.second);
}

Instant parse_moment(std::string_view given, Instant now, const Zone& zone) {
  const auto text = trim(given);
  if (text == "now") return now;
  if (text == "today") return zone.day_start(now);
  if (text == "yesterday") return zone.day_start(zone.day_start(now) - hours{1});
  if (text == "tomorrow") return zone.day_end(now);
  if (text.starts_with('+'))
    if (const auto span = parse_span(text.substr(1))) return now + *span;
  if (text.find_first_not_of("0123456789") != std::string_view::npos)
    if (const auto span = parse_span(text)) return now - *span;
  if (auto rest = text; const auto time = take_clock(rest))
    if (rest.empty()) return zone.instant(std::chrono::floor<days>(zone.local(now)) + *time);
  if (const auto instant = parse_iso(text, zone)) return *instant;
  throw Error(
      Errc::usage, fmt::format("'{}' is not a time", given),
      "Use ISO 8601 (2026-09-01 or 2026-09-01T08:00), a time of today (08:30), a span (30m, 2h, 7d), now, today, "
      "yesterday or tomorrow.");
}

std::optional<seconds> parse_span(std::string_view text) {
  if (text.empty()) return std::nullopt;
  long long unit = 1;
  switch (text.back()) {
    case 's':
      unit = 1;
      break;
    case 'm':
      unit = 60;
      break;
    case 'h':
      unit = 3600;
      break;
    case 'd':
      unit = 86400;
      break;
    case 'w':
      unit = 7 * 86400;
      break;
    default:
      unit = 0;
  }
  if (unit != 0)
    text.remove_suffix(1);
  else
    unit = 1;
  const auto count = to_integer(text);
  constexpr long long kCentury = 100LL * 366 * 86400;
  if (!count || *count < 0 || *count > kCentury / unit) return std::nullopt;
  return seconds{*count * unit};
}

std::string format_span(seconds span) {
  const auto total = span.count();
  if (total < 60) return fmt::format("{} s", total);
  if (total < 3600) return fmt::format("{} min", total / 60);
  if (total < 86400)
    return total % 3600 / 60 == 0 ? fmt::format("{} h", total / 3600)
                                  : fmt::format("{} h {} min", total / 3600, total % 3600 / 60);
  return total % 86400 / 3600 == 0 ? fmt::format("{} d", total / 86400)
                                   : fmt::format("{} d {} h", total / 86400, total % 86400 / 3600);
}

}  // namespace visitor
