#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/work.hpp"
#include "store/silences.hpp"

/// What people switch off for a while. Each step writes its audit and change rows.
namespace visitor::app {

using store::SilenceListed;

/// \param silence  id is not looked at; starts_at and ends_at say when it holds
/// \throws Error usage      it has no reason (1 to 500 characters), is over already, begins after it ends, lasts more
///                          than 30 days, or means everything there is
/// \throws Error not_found  site, department, guest, terminal, incident, or a recipient of that name
SilenceListed add_silence(const Work& work, const domain::Silence& silence);

/// The last to end first.
/// \param all  also those that are over
std::vector<SilenceListed> list_silences(const Work& work, bool all, int limit = 100);

/// Ends it now.
/// \throws Error not_found
/// \throws Error conflict  it is over already; says since when
SilenceListed expire_silence(const Work& work, SilenceId id);

/// What a person means who wants to hear no more of an incident for now: its type and no graver than it is, at the same
/// terminal and site. What nothing can be like (a person's report, or where neither is known) is only itself.
/// \throws Error not_found
domain::Silence silence_like(const Work& work, IncidentId incident);

/// Of the silences that hold back news of an incident from everybody now, the one that lasts longest.
std::optional<SilenceListed> find_silence_of(const Work& work, IncidentId incident);

/// An alert that a silence would have held back.
struct WouldSilence {
  AlertId alert;
  Instant at;
  std::optional<IncidentId> incident;
  domain::IncidentType type = domain::IncidentType::other;
  domain::Severity severity = domain::Severity::medium;
};
struct SilencePreview {
  std::vector<WouldSilence> alerts;  ///< newest first, 20 at most
  int total = 0;
};
/// Which alerts of incidents it would have held back, had it been in force since \p since.
SilencePreview preview_silence(const Work& work, domain::Silence silence, Instant since);

/// "type duress, terminal Gate": what it means, for people.
std::string describe(const SilenceListed& listed);

}  // namespace visitor::app
