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
