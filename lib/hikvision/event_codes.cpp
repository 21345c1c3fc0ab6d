#include "hikvision/event_codes.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace visitor::hikvision {
namespace {

constexpr EventCode kUnknown{0, 0, 0, "unknown", "Unknown event", CodeClass::unknown};

constexpr std::array kClassNames = {"granted",   "denied",    "door_state", "alarm",  "operation",
                                    "own_noise", "exception", "state",      "unknown"};
constexpr std::array kCredentialNames = {"none", "card", "face", "fingerprint", "password", "combination"};
constexpr std::array kAlarmNames = {"none", "duress", "tamper",  "door_forced",       "door_held",
                                    "fire", "panic",  "passage", "too_many_failures", "fault",
                                    "other"};

}  // namespace

std::string_view to_string(CodeClass value) {
  return kClassNames.at(static_cast<std::size_t>(value));
}

std::string_view to_string(Credential value) {
  return kCredentialNames.at(static_cast<std::size_t>(value));
}

std::string_view to_string(Alarm value) {
  return kAlarmNames.at(static_cast<std::size_t>(value));
}

const EventCode& event_code(int major, int minor) {
  const auto rows = event_codes();
  const auto after =
      std::upper_bound(rows.begin(), rows.end(), std::tuple{major, minor}, [](const auto& key, const auto& row) {
        return key < std::tuple{row.major, row.minor};
      });
  if (after == rows.begin()) return kUnknown;
  const auto& row = *std::prev(after);
  return row.major == major && minor <= row.minor_last ? row : kUnknown;
}

}  // namespace visitor::hikvision
