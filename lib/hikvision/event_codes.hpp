#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace visitor::hikvision {

/// What an event code means for a visit. Direction is never part of it: that is a property of the door and reader.
enum class CodeClass : std::uint8_t {
  granted,     ///< somebody was let through
  denied,      ///< somebody was not: no right, wrong time, unknown, mismatch, time-out, refused technology
  door_state,  ///< lock, contact, exit button, remain-open and remain-closed phases
  alarm,       ///< something that a person should look at; EventCode::alarm says what
  operation,   ///< somebody or something operated the device
  own_noise,   ///< log-ins and event streams, most of them ours: stored, but never news
  exception,   ///< the condition of the device: power, network, battery, modules, both lost and back
  state,       ///< none of these: bells, relays, steps of a multi-person authentication
  unknown,     ///< no published text, or a code that is not in the table
};

/// What proved the person, as the code says it. Never taken from currentVerifyMode: that is what the reader is set to.
enum class Credential : std::uint8_t { none, card, face, fingerprint, password, combination };

/// What kind of alarm a code of CodeClass::alarm raises.
enum class Alarm : std::uint8_t {
  none,
  duress,
  tamper,
  door_forced,
  door_held,
  fire,
  panic,
  passage,            ///< turnstile: tailgating, reverse passing, climbing over, intrusion
  too_many_failures,  ///< the device's own counter of refused cards
  fault,              ///< wiring of lock, contact or button; a lock that does not open
  other,
};

std::string_view to_string(CodeClass value);
std::string_view to_string(Credential value);
std::string_view to_string(Alarm value);

/// One row of the table, for the minors from \c minor to \c minor_last of one major.
struct EventCode {
  int major;
  int minor;
  int minor_last;
  std::string_view name;  ///< snake_case, stable: stored and shown in JSON
  std::string_view text;  ///< English, for people
  CodeClass code_class;
  Credential credential = Credential::none;
  Alarm alarm = Alarm::none;
};

/// The row of (major, minor). The same minor means something else under another major: 1024 is a short circuit (1),
/// power on (2) and a remote opening (3).
///
/// A pair that no row covers gives the row "unknown": major 0, minor 0, CodeClass::unknown. Never a guess.
/// Source: HIKVISION.md section 3.
const EventCode& event_code(int major, int minor);

/// Every row, ordered by major and minor; ranges do not overlap.
std::span<const EventCode> event_codes();

}  // namespace visitor::hikvision
