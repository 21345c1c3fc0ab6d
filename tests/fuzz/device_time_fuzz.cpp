#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "hikvision/device_time.hpp"
#include "hikvision/device_zone.hpp"

// Any text is a time or is not; what is one stays within its years and agrees with its own offset.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace visitor::hikvision;
  using namespace std::chrono;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto half = text.substr(0, size / 2);
  for (const auto& time : {parse_device_time(text), parse_device_time(half, text.substr(size / 2))}) {
    if (time.text.size() > kMaxTimeText) std::abort();
    if (!time.local && (time.instant() || time.instant_with(hours{1}))) std::abort();
    if (!time.local) continue;
    const auto year = year_month_day{floor<days>(*time.local)}.year();
    if (year < std::chrono::year{1970} || year > std::chrono::year{3000}) std::abort();
    if ((time.zone == DeviceTime::Zone::none) == time.instant().has_value()) std::abort();
    const auto instant = time.instant_with(hours{3}).value();
    if (time.zone == DeviceTime::Zone::offset &&
        instant.time_since_epoch() + *time.offset != time.local->time_since_epoch())
      std::abort();
    // Written out by us, it is read as the same point.
    if (year < std::chrono::year{2999} && instant >= visitor::Instant{}) {
      if (parse_device_time(visitor::to_iso(instant)).instant() != instant) std::abort();
    }
  }
  if (const auto zone = parse_device_zone(text)) {
    const auto offset = zone->offset_at(LocalTime{days{20'000}});
    if (offset < -hours{21} || offset > hours{21}) std::abort();
  }
  return 0;
}
