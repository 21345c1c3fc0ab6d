#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/work.hpp"
#include "domain/incident.hpp"
#include "store/incidents.hpp"

/// What people do about incidents. Each step writes its history, audit and change rows.
namespace visitor::app {

using store::IncidentFilter;
using store::IncidentListed;
using store::IncidentStep;

/// Newest first.
std::vector<IncidentListed> list_incidents(const Work& work, const IncidentFilter& filter = {});

struct IncidentDetails {
  IncidentListed listed;
  std::vector<IncidentStep> history;  ///< oldest first
};
/// \throws Error not_found
IncidentDetails get_incident(const Work& work, IncidentId id);

/// \param note  up to 1,000 characters; may be empty
/// \throws Error not_found
/// \throws Error conflict  it has ended already (says how), or somebody else was first
IncidentListed resolve_incident(const Work& work, IncidentId id, const std::string& note);
IncidentListed mark_false_alarm(const Work& work, IncidentId id, const std::string& note);
/// Gives it to an account, and with that begins the investigation of a new one.
/// \param login  nothing: the actor
/// \throws Error not_found  no such incident, or no account of that login
/// \throws Error conflict   it has ended already
IncidentListed assign_incident(const Work& work, IncidentId id, const std::optional<std::string>& login,
                               const std::string& note);
/// \throws Error conflict  it has not ended, or another incident of the same subject is open
IncidentListed reopen_incident(const Work& work, IncidentId id, const std::string& note);

}  // namespace visitor::app
