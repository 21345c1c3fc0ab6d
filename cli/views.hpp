#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/groups.hpp"
#include "app/incidents.hpp"
#include "app/json_views.hpp"
#include "app/overview.hpp"
#include "app/presence.hpp"
#include "app/registry.hpp"
#include "app/terminals.hpp"
#include "app/visit_steps.hpp"
#include "app/visits.hpp"
#include "app/why.hpp"
#include "cli/json_writer.hpp"
#include "cli/table.hpp"
#include "store/events.hpp"

/// How things look: in JSON (write), as a line of a table, and by themselves (card). One place for each, so that
/// every command shows the same thing in the same way.
namespace visitor::cli {

// JSON. Most of it is app's, and the same as in the API (app/json_views.hpp); the rest is this.
using app::door_text;
using app::event_text;
using app::VisitShown;
using app::write_named;
void write(JsonWriter& json, const app::WhyVisit& why);
void write(JsonWriter& json, const app::WhyIncident& why);

void write(JsonWriter& json, const app::Group& group);

Table site_table(const std::vector<domain::Site>& rows);
Table department_table(const std::vector<app::DepartmentListed>& rows);
Table host_table(const std::vector<app::HostListed>& rows);
Table guest_table(const std::vector<domain::Guest>& rows);
Table step_table(const std::vector<app::VisitStep>& rows, const std::string& time_zone);
Table visit_table(const std::vector<app::VisitListed>& rows);
/// \p at: the moment that the rows are of
Table inside_table(const std::vector<app::Present>& rows, Instant at);
Table terminal_table(const std::vector<app::TerminalListed>& rows, Instant now);
Table door_table(const std::vector<app::DoorListed>& rows);
Table event_table(const std::vector<store::EventListed>& rows, Instant now);
Table why_table(const app::WhyVisit& why);
Table why_table(const app::WhyIncident& why);
Table incident_table(const std::vector<app::IncidentListed>& rows, Instant now);
Table history_table(const app::IncidentDetails& details);

Card card_of(const domain::Site& site);
Card card_of(const app::DepartmentListed& listed);
Card card_of(const app::HostListed& listed);
Card card_of(const app::GuestDetails& details, const std::string& time_zone);
Card card_of(const store::PhotoListed& photo, const std::string& time_zone);
Card card_of(const VisitShown& shown);
Card card_of(const app::TerminalListed& listed, const std::vector<app::DoorListed>& doors, Instant now);
Card card_of(const store::EventListed& listed);
Card card_of(const app::IncidentDetails& details);

/// "JPEG, 480 x 640 pixels, 54 KiB", with a word of warning where face terminals would not take it.
std::string photo_text(const store::PhotoListed& photo);

/// The sentence after an edit: "Changed site 3: Main (version 2)." or that nothing was different.
std::string edited(std::string_view kind, std::int64_t id, std::string_view name, int version_before, int version);

/// "2026-09-01 17:27" of that zone for people, "2026-09-01T17:27:53+05:00" for programs; empty where there is none.
Cell time_cell(const std::optional<Instant>& instant, const std::string& time_zone);
/// The same to the second.
Cell precise_time_cell(const std::optional<Instant>& instant, const std::string& time_zone);
/// Only "17:27" for people where that is on the same day there as \p day.
Cell short_time_cell(const std::optional<Instant>& instant, Instant day, const std::string& time_zone);
/// The same to the second.
Cell short_precise_time_cell(const std::optional<Instant>& instant, Instant day, const std::string& time_zone);
/// "3 h 20 min", or the number of seconds for programs.
Cell span_cell(std::chrono::seconds span);
/// "17:27" of that zone.
std::string clock_time(Instant instant, const std::string& time_zone);

Cell status_cell(domain::VisitStatus status);
Cell status_cell(domain::IncidentStatus status);
Cell severity_cell(domain::Severity severity);
Cell state_cell(const domain::Terminal& terminal);

}  // namespace visitor::cli
