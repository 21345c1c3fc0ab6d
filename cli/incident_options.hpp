#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "app/incidents.hpp"
#include "cli/arguments.hpp"

namespace visitor::cli {

/// Which incidents: the same in 'incident list' and wherever --all-matching is taken.
struct IncidentOptions {
  std::vector<domain::IncidentStatus> statuses;
  std::vector<domain::Severity> severities;
  std::vector<domain::IncidentType> types;
  bool open = false;
  std::optional<std::string> site;
  std::optional<std::string> guest;
  std::optional<std::string> terminal;
  std::optional<VisitId> visit;
  Period period;

  /// Something was said.
  bool any() const;
};

void add_incident_options(Command& command, IncidentOptions& options);

/// \throws Error not_found, usage (the period ends before it begins)
app::IncidentFilter incident_filter(const app::Work& work, const Session& session, const IncidentOptions& options);
app::IncidentFilter incident_filter(app::RemoteHouse& house, const Session& session, const IncidentOptions& options);

/// How one of the steps that people take reads: 'incident resolve', 'incident reopen' and their like are one command.
struct IncidentStepWords {
  app::IncidentMove move;
  std::string name;  ///< "resolve"
  std::string help;
  std::string note_help;
  std::string question;   ///< "Resolve {} incidents?"
  std::string done;       ///< "Resolved incident {0}: {1}.": its number and type; {2} is whose it is
  std::string done_many;  ///< "Resolved {} incidents."
  std::vector<Example> examples;
};

/// Takes INCIDENT…, or with --all-matching the filters of the list; all are changed, or none.
void add_incident_step(Command& incident, IncidentStepWords words);

}  // namespace visitor::cli
