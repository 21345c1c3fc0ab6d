#include "hikvision/clock_setting.hpp"

#include <fmt/format.h>

namespace visitor::hikvision {
namespace {

using std::chrono::seconds;

struct Zone {
  DeviceZone zone;
  std::string text;
};

Zone zone_of(const SystemTime& time, seconds site_offset) {
  if (time.zone && time.time_zone->find_first_of("<>&") == std::string::npos) return {*time.zone, *time.time_zone};
  DeviceZone zone;
  zone.standard = time.local_time.offset.value_or(site_offset);
  return {zone, device_zone_text(zone.standard)};
}

/// How far a clock that shows \p reading is ahead, if it is in \p zone where it does not say so itself.
std::optional<std::chrono::microseconds> ahead(const ClockReading& reading, const DeviceZone& zone) {
  if (const auto known = reading.ahead()) return known;
  if (!reading.time.local_time.local) return std::nullopt;
  const auto instant = reading.time.local_time.instant_with(zone.offset_at(*reading.time.local_time.local));
  if (!instant) return std::nullopt;
  return *instant - reading.at;
}

}  // namespace

Outcome<ClockSetting> set_clock(Client& client, const Clock& clock, seconds offset, std::stop_token stop) {
  auto before = client.system_time(stop);
  if (!before) return before.failure();
  const auto [zone, text] = zone_of(before->time, offset);
  // To the nearest second, and half the way there.
  const auto now = clock.now() + before->round_trip / 2 + std::chrono::milliseconds{500};
  const auto set = client.set_system_time(std::chrono::floor<seconds>(zone.local_at(now)), text, stop);
  if (!set) return set.failure();
  auto after = client.system_time(stop);
  if (!after) return after.failure();
  const auto left = ahead(*after, zone);
  if (!left || std::chrono::abs(*left) > kClockTolerance)
    return Failure{
        .kind = FailureKind::bad_answer,
        .message = fmt::format(
            "the terminal took the time and shows {} ({} in its zone {})", after->time.local_time.text,
            left ? fmt::format("{:+.1f} s from ours", std::chrono::duration<double>(*left).count()) : "not readable",
            text),
        .hint = "Look at the time settings on its web page: something else may keep its clock."};
  return ClockSetting{*std::move(before), *std::move(after), text};
}

}  // namespace visitor::hikvision
