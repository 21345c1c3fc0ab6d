#pragma once

#include <cstdint>
#include <optional>
#include <span>
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
/// How many there are of them, limit and position aside.
std::int64_t count_incidents(const Work& work, const IncidentFilter& filter);

struct IncidentDetails {
  IncidentListed listed;
  std::vector<IncidentStep> history;  ///< oldest first
};
/// \throws Error not_found
IncidentDetails get_incident(const Work& work, IncidentId id);

/// What a person reports. What is not given follows from the visit or the terminal; the site else from the only one
/// there is.
struct NewIncident {
  domain::Severity severity = domain::Severity::medium;
  std::string summary;  ///< 1 to 500 characters
  std::optional<VisitId> visit;
  std::optional<GuestId> guest;
  std::optional<TerminalId> terminal;
  std::optional<SiteId> site;
  std::optional<Instant> occurred_at;  ///< nothing: now
};
/// Opens an incident of type other with its alert. Two reports are two incidents, whatever they say.
/// \throws Error usage      the summary is empty or too long, or occurred_at is in the future
/// \throws Error not_found  visit, guest, terminal or site
/// \throws Error conflict   the visit is of another guest, or visit, terminal and site do not belong together
IncidentListed open_incident(const Work& work, const NewIncident& incident);

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

/// Adds to the history, also of one that has ended.
/// \param note  1 to 1,000 characters
/// \throws Error not_found
/// \throws Error conflict  somebody else was first
IncidentListed comment_incident(const Work& work, IncidentId id, const std::string& note);

enum class IncidentMove : std::uint8_t { resolve, false_alarm, assign, reopen };

/// One of the steps above.
struct IncidentAction {
  IncidentMove move = IncidentMove::resolve;
  std::string note;
  std::optional<std::string> login;  ///< of assign
};
/// Takes the step on every one of \p ids, or throws: then the caller rolls back, and none is changed.
/// \param ids  one given twice counts once
/// \returns in the order of numbers
/// \throws Error not_found, conflict  as the step; where several incidents refuse it, the message has a line for each
std::vector<IncidentListed> change_incidents(const Work& work, std::span<const IncidentId> ids,
                                             const IncidentAction& action);
/// The statuses that an incident can have for \p move to be possible.
std::vector<domain::IncidentStatus> statuses_before(IncidentMove move);

}  // namespace visitor::app
