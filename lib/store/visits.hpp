#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "db/transaction.hpp"
#include "domain/scope.hpp"
#include "domain/visit.hpp"

namespace visitor::store {

/// A visit with the names that people know it by. Empty where there is no such thing.
struct VisitListed {
  domain::Visit visit;
  std::string guest_name;
  std::string guest_company;
  std::string host_name;
  std::string department_name;
  std::string site_name;
  std::string time_zone;  ///< of the site
};

/// What shows that somebody is in the building; with How::presumed, why somebody no longer counts as inside.
struct Proof {
  domain::How how = domain::How::door;
  Instant at;  ///< of the last entry, of the check-in by hand, or of the presumed end
  /// Of the last entry through a door, where there was one, also beside a presumption.
  std::optional<EventId> event;
  std::optional<Instant> entered_at;
  std::string terminal_name;
  std::string door_name;  ///< empty too where the door has no name
  int door_no = 0;
  int reader_no = 0;
  std::string login;  ///< who checked the guest in by hand; empty where nobody did
};

/// Somebody in the building, or who was presumed to have left it.
struct Present {
  VisitListed listed;
  Proof proof;
  std::string guest_phone;
  std::string host_phone;
};

/// Where a page of a list ended.
struct VisitPosition {
  Instant expected_from;
  VisitId id;
};

struct VisitFilter {
  std::vector<domain::VisitStatus> statuses;  ///< any of these; empty: all
  std::optional<SiteId> site;
  std::optional<DepartmentId> department;
  std::optional<HostId> host;
  std::optional<GuestId> guest;
  std::optional<Instant> since;             ///< expected_from at or after
  std::optional<Instant> until;             ///< expected_from before
  std::optional<Instant> registered_since;  ///< registered at or after
  std::optional<Instant> registered_until;  ///< registered before
  std::string text;                     ///< somewhere in the guest's name or company, or the host's name; empty: any
  std::optional<VisitPosition> before;  ///< only what comes after this one in the list
  bool oldest_first = false;
  int limit = 100;
  int offset = 0;  ///< so many are left out
};

/// What a fold made of a visit.
struct VisitSave {
  VisitId id;
  domain::VisitState state;
  int expected_version = 1;  ///< the version the state was folded from; becomes one more
};

class Visits {
 public:
  Visits(db::Transaction& tx, const domain::Scope& scope) : tx_(tx), scope_(scope) {}

  /// \param visit  id, state and version are not looked at: it begins as AWAITING, version 1
  VisitId add(const domain::Visit& visit);

  /// Stores what was planned of \p visit (host, department, purpose, kind, contact, consent, expected times), which was
  /// read at its version, and makes that one more. Its state is not touched. \returns whether it was still at that
  /// version
  bool update_plan(const domain::Visit& visit);

  std::optional<domain::Visit> find(VisitId id);
  /// \throws Error not_found
  domain::Visit get(VisitId id);
  std::optional<VisitListed> find_listed(VisitId id);
  /// Those with these numbers, in no order; unknown ones are left out.
  std::vector<VisitListed> find_listed(std::span<const VisitId> ids);

  /// Newest expected_from first, then highest number; with oldest_first the other way round.
  std::vector<VisitListed> list(const VisitFilter& filter = {});
  /// How many list() has, its position, limit and offset aside.
  std::int64_t count(const VisitFilter& filter);
  /// Everybody whose visit is CHECKED_IN, longest first.
  std::vector<Present> inside(std::optional<SiteId> site = {});
  /// Those whose visit ended as presumed at or after \p since, and who are on no other visit now; the last end first.
  std::vector<Present> presumed_left(Instant since, std::optional<SiteId> site = {});
  /// Visits with these numbers, without a proof, in the order of number; unknown ones are left out.
  std::vector<Present> with_phones(std::span<const VisitId> ids);

  /// Whose visits, by their stored states, overlap [\p since, \p until); all sites.
  std::vector<GuestId> guests_within(Instant since, Instant until);

  /// All visits of these guests whose time may still matter: those that are live, and those that end (or were expected
  /// to) at or after \p since. Rows are locked in the order of id, so that two transactions never wait in a circle.
  /// Guests without a visit are fine.
  std::vector<domain::Visit> lock_for_guests(std::span<const GuestId> guests, Instant since);
  /// What a passage at one site can touch.
  struct Reach {
    SiteId site;
    Instant expected_after;  ///< visits expected until later than this
    Instant ended_since;     ///< visits that ended then or later
    Instant presumed_since;  ///< where one ended as presumed then or later, all that ended since
  };
  /// Visits of these guests at one site that are live or within reach, locked in the order of id. Put off
  /// (db::Transaction::later): \returns what hands them over.
  std::function<std::vector<domain::Visit>()> lock_within(std::span<const GuestId> guests, const Reach& reach);
  /// All visits of these guests, locked in the order of id.
  std::vector<domain::Visit> lock_for_guests(std::span<const GuestId> guests);
  /// The same without locks.
  std::vector<domain::Visit> of_guests(std::span<const GuestId> guests);

  /// Visits with these numbers, locked in the order of id; unknown ones are left out.
  std::vector<domain::Visit> lock(std::span<const VisitId> ids);

  /// Stores all states in one statement; a cancelled visit takes its reason from the action that cancelled it.
  /// \throws Error conflict  a visit was changed since, or does not exist; nothing can be stored in this transaction
  ///                         that relies on it. The message names it.
  /// \throws DatabaseError conflict  the database refuses the transition
  void save_states(std::span<const VisitSave> saves);
  /// The same, put off; a conflict is found at the commit, which then stores nothing.
  void save_states_later(std::span<const VisitSave> saves);

  /// CHECKED_IN since \p before or earlier: candidates for "presumed left", oldest first.
  std::vector<domain::Visit> inside_since(Instant before, int limit);
  /// When guests came and left who left this site's building at or after \p since, newest first.
  struct Stay {
    Instant checked_in_at;
    Instant checked_out_at;
  };
  std::vector<Stay> left_since(SiteId site, Instant since, int limit);
  /// AWAITING with expected_until before \p before: candidates for "no-show", oldest first.
  std::vector<VisitListed> awaited_until(Instant before, int limit);

 private:
  struct Saving;
  Saving begin_saving(std::span<const VisitSave> saves);
  struct Found;
  Found find_text(const std::string& wanted);

  db::Transaction& tx_;
  domain::Scope scope_;
};

}  // namespace visitor::store
