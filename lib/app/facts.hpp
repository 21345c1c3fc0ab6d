#pragma once

#include <map>
#include <span>
#include <vector>

#include "app/work.hpp"
#include "core/zone.hpp"
#include "domain/fold.hpp"
#include "domain/visit.hpp"

namespace visitor::app {

/// The part of a guest's history that facts from some moment on can touch (domain::closure), as it is stored.
struct GuestFacts {
  Instant begin;                          ///< passages from here on take part
  std::vector<domain::Visit> visits;      ///< by number
  std::vector<domain::VisitPlan> plans;   ///< of the same visits
  std::vector<domain::Passage> passages;  ///< of the guest, by time; also those that belong to no visit
  std::vector<domain::VisitAction> actions;
};

/// Guests with passages or actions in [\p since, \p until), or whose stored visits say that they were inside or
/// expected then; in the order of number.
std::vector<GuestId> guests_within(const Work& work, Instant since, Instant until);

/// Reads what the fold wants, many guests at a time. Remembers the zones of sites.
class FactsReader {
 public:
  explicit FactsReader(const Work& work) : work_(work), settings_(fold_settings(work.settings)) {}

  struct Task {
    GuestId guest;
    Instant since;
  };
  enum class Rows { as_they_are, locked };
  /// \param tasks  one for each guest
  /// \param until  later passages and actions are left out
  std::map<GuestId, GuestFacts> read(std::span<const Task> tasks, Rows rows, std::optional<Instant> until = {});

  domain::VisitPlan plan_of(const domain::Visit& visit);
  const Zone& zone_of(SiteId site);
  /// Saves asking for the sites where one is enough.
  void know_zone(SiteId site, const Zone& zone) { zones_.emplace(site, zone); }
  const domain::FoldSettings& settings() const { return settings_; }

 private:
  const Work& work_;
  domain::FoldSettings settings_;
  std::map<SiteId, Zone> zones_;
};

}  // namespace visitor::app
