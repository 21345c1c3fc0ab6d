#pragma once

#include "app/incidents.hpp"
#include "app/ledger.hpp"

/// Somebody says: I have seen this. Each writes its audit and change rows.
namespace visitor::app {

/// Takes note of what was sent of the alert, to whomever it went. Of an incident that nobody has taken up yet the actor
/// does so, which ends its escalation. What was acknowledged before stays as it was.
/// \throws Error not_found
AlertLedger acknowledge_alert(const Work& work, AlertId id);

/// The same with everything that was sent about the incident.
/// \param note  up to 1,000 characters; may be empty
/// \throws Error not_found
/// \throws Error conflict  it has ended already
IncidentDetails acknowledge_incident(const Work& work, IncidentId id, const std::string& note);

}  // namespace visitor::app
