#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/dispatch.hpp"
#include "app/work.hpp"
#include "store/alerts.hpp"

/// What became of the alerts, as a person sees and mends it.
namespace visitor::app {

using store::AlertFilter;
using store::AlertLedger;
using store::AlertSent;
using store::Lost;

/// Newest first.
std::vector<AlertSent> list_alerts(const Work& work, const AlertFilter& filter);
/// \throws Error not_found
AlertLedger get_alert(const Work& work, AlertId id);

/// Puts the deliveries of these alerts that were given up back into the queue.
/// \returns those alerts, each once, with the deliveries that go again
/// \throws Error not_found  there is no such alert; nothing is changed
/// \throws Error conflict   of one nothing was given up: it was sent, is withheld or is still on its way; nothing is
///                          changed
std::vector<AlertSent> retry_alerts(const Work& work, std::span<const AlertId> ids);
/// The same with everything that was given up, up to 10,000 deliveries.
std::vector<AlertSent> retry_failed_alerts(const Work& work);

/// What should not be: an incident that nobody was told of, an alert without a delivery, a delivery that is overdue or
/// held by a sender that is gone. The oldest first.
/// \param late_after  for how long a delivery may be due
std::vector<Lost> lost_alerts(const Work& work, std::chrono::seconds late_after, int limit);
std::string_view name(Lost::What what);  ///< "incident_untold", "alert_unaddressed", "overdue", "stuck"

/// Waits until each delivery of an alert has been tried, or is withheld; where no visitord sends on a channel, sends
/// what is to go there itself, and only that.
///
/// \param channels  for the latter
/// \param holder    "host:process:…", names the caller
/// \returns the alert as it is then, also where \p patience was not enough
AlertLedger await_alert(const Dispatch& dispatch, std::span<const std::unique_ptr<notify::Channel>> channels,
                        const Compose& compose, const std::string& holder, AlertId id,
                        std::chrono::milliseconds patience);

}  // namespace visitor::app
