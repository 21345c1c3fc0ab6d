#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/work.hpp"
#include "domain/audit.hpp"
#include "domain/visit.hpp"
#include "store/visit_actions.hpp"
#include "store/visits.hpp"

/// What people do with visits. Each writes its audit and change rows.
///
/// The state of a visit always follows from the facts (app/refold): these record a fact, and refuse it where the visit
/// as folded does not allow it.
namespace visitor::app {

using store::RecordedAction;
using store::VisitFilter;
using store::VisitListed;

/// Somebody tried to register a visit of a guest who is blocked: a conflict, and an incident. What was begun is rolled
/// back with the refusal, so whoever owns the transaction lets it go and hands this to record_refusal() in a new one:
/// the incident outlives the refusal.
class BlockedGuestError : public Error {
 public:
  BlockedGuestError(GuestId guest, SiteId site, const std::string& reason);
  GuestId guest() const noexcept { return guest_; }
  SiteId site() const noexcept { return site_; }

 private:
  GuestId guest_;
  SiteId site_;
};
/// Opens or touches the incident blocked_guest of the refused attempt.
void record_refusal(const Work& work, const BlockedGuestError& refusal);

struct NewVisit {
  GuestId guest;
  std::optional<HostId> host;
  std::optional<DepartmentId> department;  ///< nothing: the host's
  std::optional<SiteId> site;              ///< nothing: the department's, else the only site there is
  domain::Purpose purpose = domain::Purpose::other;
  std::string purpose_text;  ///< up to 500 characters
  domain::VisitKind kind = domain::VisitKind::guest;
  std::string contact_phone;              ///< any form that domain::to_e164 takes with the site's country code
  bool consent = false;                   ///< the guest has agreed to the processing of personal data
  std::optional<Instant> expected_from;   ///< nothing: now
  std::optional<Instant> expected_until;  ///< nothing: the end of the local day of expected_from
};
/// Passages that happened up to [visits] early_arrival before expected_from count already: the visit may come back
/// checked in.
/// \throws Error usage      the times are the wrong way round, the site is ambiguous, a text is too long, or
///                          contact_phone is no telephone number
/// \throws Error not_found  guest, host, department or site
/// \throws Error conflict   host, department and site do not belong together
/// \throws BlockedGuestError  the guest is blocked; the reason is named
VisitListed create_visit(const Work& work, const NewVisit& visit);

/// Of a guest who was blocked meanwhile it is an incident, too.
/// \throws Error not_found
/// \throws Error conflict  the guest is in the building already, or the visit has ended; says when and how
VisitListed check_in(const Work& work, VisitId id);
/// \throws Error not_found
/// \throws Error conflict  the guest has not come yet, or the visit has ended; says when and how
VisitListed check_out(const Work& work, VisitId id);
/// \param reason  up to 500 characters; may be empty
/// \throws Error not_found
/// \throws Error conflict  the guest has come, or the visit has ended; says when and how
VisitListed cancel_visit(const Work& work, VisitId id, const std::string& reason);

struct VisitEdit {
  std::optional<HostId> host;              ///< of the visit's site; takes the department along
  std::optional<DepartmentId> department;  ///< of the visit's site
  std::optional<domain::Purpose> purpose;
  std::optional<std::string> purpose_text;
  std::optional<domain::VisitKind> kind;
  std::optional<std::string> contact_phone;  ///< empty: none
  std::optional<bool> consent;               ///< true: recorded now, unless it is; false: there is none
  std::optional<Instant> expected_from;
  std::optional<Instant> expected_until;

  /// Something was said.
  bool any() const {
    return host || department || purpose || purpose_text || kind || contact_phone || consent || expected_from ||
           expected_until;
  }
};
/// Changes what was planned, of a visit that has not ended; what is not given stays. Which passages belong to the visit
/// depends on the times, so its guest's facts are folded again. Leaves no trace where nothing differs.
/// \param seen  the version that the caller has looked at; nothing: the one that is there now
/// \throws Error usage      the times are the wrong way round, a text is too long, or
///                          contact_phone is no telephone number
/// \throws Error not_found  visit, host or department
/// \throws Error conflict   the visit has ended; host and department are not of its site; with the new times it could
/// not
///                          have happened as it did; or it has another version: says who changed what and when
VisitListed edit_visit(const Work& work, VisitId id, const VisitEdit& wanted, std::optional<int> seen = {});

/// Takes back a mistaken check-out, cancellation or no-show: what people and timers said. A guest who had come is in
/// the building again, since when he came first; any other is awaited again. \param reason  up to 500 characters; may
/// be empty \param times   new expected times; needed where the expected day is over and the guest had not come \throws
/// Error usage, not_found \throws Error conflict  the visit has not ended; a door saw the guest leave, then or since;
/// the guest is in the
///                         building on another visit, or is blocked; or the expected day is over
VisitListed reopen_visit(const Work& work, VisitId id, const std::string& reason, const VisitEdit& times = {});

/// \throws Error not_found
VisitListed get_visit(const Work& work, VisitId id);
/// Those of \p ids that there are.
std::map<VisitId, VisitListed> find_visits(const Work& work, std::span<const VisitId> ids);
/// Newest expected_from first.
std::vector<VisitListed> list_visits(const Work& work, const VisitFilter& filter = {});
/// How many there are of them, limit and position aside.
std::int64_t count_visits(const Work& work, const VisitFilter& filter);

struct VisitHistory {
  std::vector<RecordedAction> actions;     ///< oldest first
  std::vector<domain::AuditRecord> audit;  ///< oldest first; the newest 1,000
};
/// \throws Error not_found
VisitHistory visit_history(const Work& work, VisitId id);

/// "checked out at 2026-09-01 17:30 by a person": status, local time and how, for people.
std::string describe(const VisitListed& visit);

}  // namespace visitor::app
