#include "app/event_source.hpp"

#include <cstdint>
#include <limits>
#include <tuple>
#include <utility>

#include "hikvision/event.hpp"
#include "hikvision/event_codes.hpp"

namespace visitor::app {
namespace {

domain::EventClass to_class(hikvision::CodeClass code_class) {
  using hikvision::CodeClass;
  switch (code_class) {
    case CodeClass::granted:
      return domain::EventClass::granted;
    case CodeClass::denied:
      return domain::EventClass::denied;
    case CodeClass::door_state:
      return domain::EventClass::door_state;
    case CodeClass::alarm:
      return domain::EventClass::alarm;
    case CodeClass::operation:
      return domain::EventClass::operation;
    case CodeClass::own_noise:
      return domain::EventClass::own_noise;
    case CodeClass::exception:
      return domain::EventClass::exception;
    case CodeClass::state:
      return domain::EventClass::state;
    case CodeClass::unknown:
      break;
  }
  return domain::EventClass::unknown;
}

bool is_ours(const hikvision::AcsEvent& event, const SourceContext& context) {
  const bool our_user = !event.net_user || *event.net_user == context.username;
  const bool our_address =
      !event.remote_host || context.local_address.empty() || *event.remote_host == context.local_address;
  return our_user && our_address;
}

/// FNV-1a over the row, as a negative number: what terminals send is positive.
std::int64_t content_serial(std::string_view raw) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : raw) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return -static_cast<std::int64_t>(hash >> 1) - 1;
}

std::pair<Instant, domain::TimeSource> resolve_time(const hikvision::DeviceTime& time, const SourceContext& context) {
  using Zone = hikvision::DeviceTime::Zone;
  if (const auto instant = time.instant())
    return {*instant, time.zone == Zone::utc ? domain::TimeSource::utc : domain::TimeSource::offset};
  if (!time.local) return {context.received_at, domain::TimeSource::received};
  if (context.device_offset)
    if (const auto instant = time.instant_with(*context.device_offset)) return {*instant, domain::TimeSource::terminal};
  return {context.site_zone.instant(*time.local), domain::TimeSource::site};
}

std::optional<std::string> bounded(const std::optional<std::string>& number) {
  return number && number->size() <= kMaxNumber ? number : std::nullopt;
}

}  // namespace

domain::AlarmKind alarm_of(int major, int minor) {
  using hikvision::Alarm;
  switch (hikvision::event_code(major, minor).alarm) {
    case Alarm::duress:
      return domain::AlarmKind::duress;
    case Alarm::door_forced:
      return domain::AlarmKind::door_forced;
    case Alarm::door_held:
      return domain::AlarmKind::door_held;
    case Alarm::tamper:
      return domain::AlarmKind::tamper;
    default:
      return domain::AlarmKind::none;
  }
}

IncomingEvent to_incoming(const hikvision::AcsEvent& event, const SourceContext& context) {
  constexpr std::uint64_t kMaxSerial = std::numeric_limits<std::int64_t>::max();
  IncomingEvent incoming;
  incoming.serial = event.serial && *event.serial <= kMaxSerial ? static_cast<std::int64_t>(*event.serial)
                                                                : content_serial(event.raw);
  incoming.major = event.major;
  incoming.minor = event.minor;
  std::tie(incoming.occurred_at, incoming.time_source) = resolve_time(event.time, context);
  incoming.time_text = event.time.text;
  incoming.event_class = to_class(event.code().code_class);
  if (incoming.event_class == domain::EventClass::own_noise && !is_ours(event, context))
    incoming.event_class = domain::EventClass::operation;
  incoming.door_no = event.door_no.value_or(0);
  incoming.reader_no = event.reader_no.value_or(0);
  incoming.employee_no = bounded(event.employee_no);
  incoming.card_no = bounded(event.card_no);
  incoming.picture = event.picture_url.value_or("");
  incoming.raw = event.raw;
  return incoming;
}

}  // namespace visitor::app
