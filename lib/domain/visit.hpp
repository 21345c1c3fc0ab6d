#pragma once

#include <optional>
#include <string>

#include "core/ids.hpp"
#include "core/instant.hpp"
#include "domain/names.hpp"

namespace visitor::domain {

enum class VisitStatus { awaiting, checked_in, checked_out, cancelled, no_show };  // "AWAITING", "CHECKED_IN", …

enum class Purpose {
  business_meeting,
  personal_meeting,
  interview,
  negotiation,
  seminar_event,
  service_maintenance,
  collaboration,
  filming,
  audit_inspection,
  student_admission,
  documents,
  other
};  // "BUSINESS_MEETING", …

enum class VisitKind { guest, student, contractor, delivery };  // "guest", …; users know it as the type

/// How a check-in or check-out came about. `presumed` is only ever a check-out: nobody saw the guest leave.
enum class How { door, person, api, presumed };

/// What of a visit follows from the facts (stored events and recorded actions), and can be folded from them at any
/// time.
struct VisitState {
  VisitStatus status = VisitStatus::awaiting;
  std::optional<Instant> checked_in_at;  ///< of the first entry; kept when the visit is reopened
  std::optional<How> checked_in_how;
  std::optional<Instant> checked_out_at;
  std::optional<How> checked_out_how;
  std::optional<Instant> ended_at;  ///< check-out, cancellation or no-show
  int entry_count = 0;
  int exit_count = 0;

  bool operator==(const VisitState&) const = default;
};

struct Visit {
  VisitId id;
  GuestId guest;
  std::optional<HostId> host;
  std::optional<DepartmentId> department;
  SiteId site;
  Purpose purpose = Purpose::other;
  std::string purpose_text;
  VisitKind kind = VisitKind::guest;
  std::string contact_phone;          ///< whom to ring about the visit: E.164, or empty
  std::optional<Instant> consent_at;  ///< when the guest's consent to the processing of personal data was recorded
  Instant expected_from;
  Instant expected_until;
  VisitState state;
  std::string cancelled_reason;
  std::optional<AccountId> registered_by;
  Instant registered_at;
  int version = 1;
};

/// Live: access is wanted, and a passage belongs to it.
inline bool is_live(VisitStatus status) {
  return status == VisitStatus::awaiting || status == VisitStatus::checked_in;
}

template <>
std::span<const Name<VisitStatus>> names();
template <>
std::span<const Name<Purpose>> names();
template <>
std::span<const Name<VisitKind>> names();
template <>
std::span<const Name<How>> names();

}  // namespace visitor::domain
