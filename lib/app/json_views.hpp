#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/incidents.hpp"
#include "app/jobs.hpp"
#include "app/json_writer.hpp"
#include "app/ledger.hpp"
#include "app/overview.hpp"
#include "app/presence.hpp"
#include "app/registry.hpp"
#include "app/silences.hpp"
#include "app/terminals.hpp"
#include "app/visit_steps.hpp"
#include "app/visits.hpp"
#include "domain/audit.hpp"
#include "store/events.hpp"

/// How things look in JSON: one place, so that the commands and the API show the same thing in the same way. A thing
/// that belongs to another names it as {"id", "name"}, or null where there is none.
namespace visitor::app {

void write(JsonWriter& json, const domain::Site& site);
void write(JsonWriter& json, const DepartmentListed& listed);
void write(JsonWriter& json, const HostListed& listed);
void write(JsonWriter& json, const domain::Guest& guest);
void write(JsonWriter& json, const GuestDetails& details);
void write(JsonWriter& json, const domain::Credential& credential);
void write(JsonWriter& json, const store::PhotoListed& photo);
void write(JsonWriter& json, const GuestMerge& merge);
void write(JsonWriter& json, const VisitListed& listed);
/// The members of a visit, inside of an object that the caller begins and ends.
void write_members(JsonWriter& json, const VisitListed& listed);
void write(JsonWriter& json, const VisitStep& step);
void write(JsonWriter& json, const Present& present);
void write(JsonWriter& json, const TerminalListed& listed);
void write(JsonWriter& json, const DoorListed& listed);
void write(JsonWriter& json, const domain::Door& door);
void write(JsonWriter& json, const store::EventListed& listed);
/// With \p cursor, from which whoever follows the events goes on after this one.
void write_event(JsonWriter& json, const store::EventListed& listed, std::string_view cursor);
void write(JsonWriter& json, const IncidentListed& listed);
void write(JsonWriter& json, const IncidentDetails& details);
void write(JsonWriter& json, const IncidentStep& step);
void write(JsonWriter& json, const Overview& overview);
void write(JsonWriter& json, const AlertSent& sent);
void write(JsonWriter& json, const AlertLedger& ledger);
void write(JsonWriter& json, const SilenceListed& listed);
/// The members of a silence, inside of an object that the caller begins and ends.
void write_members(JsonWriter& json, const SilenceListed& listed);

void write(JsonWriter& json, const domain::Change& change);

/// A job as it is at that moment.
struct JobShown {
  JobListed listed;
  Instant now;
};
void write(JsonWriter& json, const JobShown& shown);

/// A visit with everything that happened to it.
struct VisitShown {
  VisitListed listed;
  VisitHistory history;
};
void write(JsonWriter& json, const VisitShown& shown);

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

}  // namespace visitor::app
