#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/instant.hpp"
#include "domain/visit.hpp"

namespace visitor::domain {

/// A person on the roll, with everything that is needed to find this person without the database.
struct RollEntry {
  VisitId visit;
  SiteId site;
  std::string department;  ///< empty: none
  std::string host;        ///< empty: none
  std::string host_phone;
  GuestId guest;
  std::string guest_name;
  std::string company;
  std::string phone;
  Instant since;                      ///< of the check-in
  How how = How::door;                ///< what shows it; presumed: has presumably left, though nobody saw it
  Instant proof_at;                   ///< of the last entry, the check-in by hand, or the presumed end
  std::string place;                  ///< the door or terminal of the last entry; empty where there was none
  std::optional<Instant> entered_at;  ///< the last entry
  std::string login;                  ///< who checked the guest in by hand
};

struct RollSite {
  SiteId id;
  std::string name;
  std::string time_zone;
};

/// Everybody inside at one moment: what is called out when the building has been left.
struct RollCall {
  Instant at;
  std::string written_by;  ///< the machine that wrote the snapshot; empty: straight from the database
  std::vector<RollSite> sites;
  /// By site, department, host and name; those without a department or host come last.
  std::vector<RollEntry> entries;

  bool is_snapshot() const { return !written_by.empty(); }
};

/// Puts the entries in their order.
void sort(RollCall& roll);

/// Only what belongs to that site.
RollCall of_site(RollCall roll, SiteId site);

}  // namespace visitor::domain
