#pragma once

#include <vector>

#include "app/ledger.hpp"
#include "app/remote/house.hpp"
#include "app/silences.hpp"

/// As in app/ledger.hpp and app/silences.hpp, of a house elsewhere.
namespace visitor::app {

std::vector<AlertSent> list_alerts(RemoteHouse& house, const AlertFilter& filter);
AlertLedger get_alert(RemoteHouse& house, AlertId id);

std::vector<SilenceListed> list_silences(RemoteHouse& house, bool all, int limit);
/// \param silence  from now on, whatever its starts_at says
SilenceListed add_silence(RemoteHouse& house, const domain::Silence& silence);
SilencePreview preview_silence(RemoteHouse& house, const domain::Silence& silence, Instant since);
SilenceListed expire_silence(RemoteHouse& house, SilenceId id);

}  // namespace visitor::app
