#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/groups.hpp"
#include "app/incidents.hpp"
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

// JSON. A thing that belongs to another names it as {"id", "name"}, or null where there is none.
void write(JsonWriter& json, const domain::Site& site);
void write(JsonWriter& json, const app::DepartmentListed& listed);
void write(JsonWriter& json, const app::HostListed& listed);
void write(JsonWriter& json, const domain::Guest& guest);
void write(JsonWriter& json, const app::GuestDetails& details);
void write(JsonWriter& json, const domain::Credential& credential);
void write(JsonWriter& json, const store::PhotoListed& photo);
void write(JsonWriter& json, const app::GuestMerge& merge);
void write(JsonWriter& json, const app::VisitListed& listed);
void write(JsonWriter& json, const app::Present& present);
void write(JsonWriter& json, const app::TerminalListed& listed);
void write(JsonWriter& json, const app::DoorListed& listed);
void write(JsonWriter& json, const domain::Door& door);
void write(JsonWriter& json, const store::EventListed& listed);
/// With \p cursor, from which whoever follows the events goes on after this one.
void write_event(JsonWriter& json, const store::EventListed& listed, std::string_view cursor);
void write(JsonWriter& json, const app::IncidentListed& listed);
void write(JsonWriter& json, const app::IncidentDetails& details);
void write(JsonWriter& json, const app::IncidentStep& step);
void write(JsonWriter& json, const app::Overview& overview);
void write(JsonWriter& json, const app::WhyVisit& why);
void write(JsonWriter& json, const app::WhyIncident& why);

/// The members of a visit, inside of an object that the caller begins and ends.
void write_members(JsonWriter& json, const app::VisitListed& listed);

/// A visit with everything that happened to it.
struct VisitShown {
  app::VisitListed listed;
  app::VisitHistory history;
};
void write(JsonWriter& json, const VisitShown& shown);
void write(JsonWriter& json, const app::VisitStep& step);
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

/// What an event is in words: "Face accepted", or "event 5/999" for a code that nobody has published.
std::string event_text(const domain::AccessEvent& event);
/// Door and reader as people know them: the name, or "door 1, reader 2".
std::string door_text(const std::string& name, int door_no, int reader_no);

/// key: {"id": …, "name": …}, or null.
template <class Tag>
void write_named(JsonWriter& json, std::string_view key, Id<Tag> id, std::string_view name) {
  json.key(key);
  if (!id) {
    json.null();
    return;
  }
  json.begin_object().member("id", id).text_member("name", name).end();
}
template <class Tag>
void write_named(JsonWriter& json, std::string_view key, const std::optional<Id<Tag>>& id, std::string_view name) {
  write_named(json, key, id.value_or(Id<Tag>{}), name);
}

}  // namespace visitor::cli
