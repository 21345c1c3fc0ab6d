#include "hikvision/system_time.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/text.hpp"

namespace visitor::hikvision {

std::optional<std::chrono::seconds> SystemTime::offset() const {
  if (local_time.offset) return local_time.offset;
  if (zone && local_time.local && local_time.zone == DeviceTime::Zone::none) return zone->offset_at(*local_time.local);
  return std::nullopt;
}

std::optional<Instant> SystemTime::instant() const {
  if (const auto known = local_time.instant()) return known;
  const auto east = offset();
  return east ? local_time.instant_with(*east) : std::nullopt;
}

std::optional<SystemTime> find_system_time(const Node& root) {
  const Node& answer = unwrap(root, "Time");
  const auto local_time = child_text(answer, "localTime");
  if (!local_time) return std::nullopt;
  SystemTime time;
  time.local_time = parse_device_time(*local_time, child_text(answer, "timeDiff").value_or(""));
  if (!time.local_time.local) return std::nullopt;
  time.mode = child_text(answer, "timeMode");
  time.time_zone = child_text(answer, "timeZone");
  if (time.time_zone) time.zone = parse_device_zone(*time.time_zone);
  return time;
}

SystemTime decode_system_time(std::string_view body) {
  const auto document = Document::parse(body, "System/time", {.bytes = 64U << 10});
  if (auto time = find_system_time(document.root())) return std::move(*time);
  throw Error(Errc::terminal, "the answer to System/time holds no localTime that can be read");
}

std::string system_time_body(LocalTime local, std::string_view time_zone) {
  using namespace std::chrono;
  if (!parse_device_zone(time_zone) || time_zone.find_first_of("<>&") != std::string_view::npos)
    throw Error(Errc::usage, fmt::format("{} is no time zone of a terminal", json_quote(time_zone)));
  const auto day = floor<days>(local);
  const year_month_day date{day};
  const hh_mm_ss time{floor<seconds>(local - day)};
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<Time version=\"2.0\" xmlns=\"http://www.isapi.org/ver20/XMLSchema\">\n"
      "<timeMode>manual</timeMode>\n"
      "<localTime>{:04}-{:02}-{:02}T{:02}:{:02}:{:02}</localTime>\n"
      "<timeZone>{}</timeZone>\n"
      "</Time>\n",
      static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      time.hours().count(), time.minutes().count(), time.seconds().count(), trim(time_zone));
}

}  // namespace visitor::hikvision
