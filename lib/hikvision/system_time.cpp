#include "hikvision/system_time.hpp"

#include "core/error.hpp"

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

}  // namespace visitor::hikvision
