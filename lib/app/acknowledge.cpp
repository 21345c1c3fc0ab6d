#include "app/acknowledge.hpp"

#include <fmt/format.h>

#include <array>

#include "app/details.hpp"
#include "app/edit_locks.hpp"
#include "app/journal.hpp"

namespace visitor::app {
namespace {

void take_note(const Work& work, std::span<const AlertId> alerts) {
  auto entries = journal(work);
  for (const auto id : store::Alerts{work.tx, work.scope}.acknowledge(alerts, work.now, work.actor.login)) {
    entries.audit(domain::AuditAction::update, store::topic::kAlert, id, Details{}.add("acknowledged", true).json());
    entries.change(store::topic::kAlert, id, 1);
  }
}

void take_up(const Work& work, IncidentId id, const std::string& note) {
  assign_incident(work, id, std::nullopt, note);
}

}  // namespace

AlertLedger acknowledge_alert(const Work& work, AlertId id) {
  const auto ledger = get_alert(work, id);
  if (ledger.alert.incident) {
    const auto found = store::Incidents{work.tx, work.scope}.find(*ledger.alert.incident);
    if (found && found->status == domain::IncidentStatus::fresh) take_up(work, found->id, "");
  }
  const std::array ids{id};
  take_note(work, ids);
  return get_alert(work, id);
}

IncidentDetails acknowledge_incident(const Work& work, IncidentId id, const std::string& note) {
  mind_lock(work, store::topic::kIncident, id);
  const auto listed = get_incident(work, id).listed;
  const auto status = listed.incident.status;
  if (status == domain::IncidentStatus::resolved || status == domain::IncidentStatus::false_alarm)
    throw Error(Errc::conflict, fmt::format("incident {} has ended already ({})", id, domain::name(status)),
                fmt::format("Run 'visitorctl incident show {}' to see its history.", id));
  if (status == domain::IncidentStatus::fresh) take_up(work, id, note);
  std::vector<AlertId> alerts;
  const std::array ids{id};
  for (const auto& sent : store::Alerts{work.tx, work.scope}.about({}, ids)) alerts.push_back(sent.alert.id);
  take_note(work, alerts);
  return get_incident(work, id);
}

}  // namespace visitor::app
