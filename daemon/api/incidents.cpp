#include <fmt/format.h>

#include <array>

#include "app/acknowledge.hpp"
#include "core/text.hpp"
#include "daemon/api/listing.hpp"
#include "daemon/api/resources.hpp"
#include "store/journal.hpp"

namespace visitor::api {
namespace {

using app::IncidentMove;
using domain::IncidentStatus;
using domain::IncidentType;
using domain::Permission;
using domain::Severity;

std::vector<Field> incident_fields() {
  return {id("id", "Number"),
          named<IncidentType>("type", "What kind it is"),
          named<Severity>("severity", "How grave"),
          named<IncidentStatus>("status", "Where it stands"),
          text("summary", "In a sentence"),
          yes_or_no("late", "Found in events that came long after they happened"),
          or_null(object("site", "Site", "Named")),
          or_null(object("guest", "Guest", "Named")),
          or_null(text("host_name", "Host of the visit")),
          or_null(text("department_name", "Department of the visit")),
          or_null(id("visit_id", "Visit")),
          or_null(object("terminal", "Terminal", "Named")),
          or_null(id("event_id", "Event that showed it")),
          moment("occurred_at", "When it happened"),
          moment("detected_at", "When it was found"),
          moment("last_seen_at", "When it was seen last"),
          number("seen_count", "How often", 1),
          or_null(text("assigned_to", "Login of who deals with it")),
          or_null(moment("ended_at", "When it was resolved, or found to be none")),
          anything("details", "What the rule saw"),
          number("version", "Counts changes", 1)};
}

constexpr std::string_view kOrder = "-detected_at";

Answer list_incidents(const Call& call) {
  const auto& query = call.query;
  const auto what = wanted(call);
  app::IncidentFilter filter;
  filter.statuses = query.all_named<IncidentStatus>("status");
  if (query.yes("active")) filter.statuses = {IncidentStatus::fresh, IncidentStatus::investigating};
  filter.severities = query.all_named<Severity>("severity");
  filter.types = query.all_named<IncidentType>("incident_type");
  filter.site = query.id<SiteTag>("site");
  filter.department = query.id<DepartmentTag>("department");
  filter.host = query.id<HostTag>("employee");
  filter.guest = query.id<GuestTag>("guest");
  filter.visit = query.id<VisitTag>("visit");
  filter.terminal = query.id<TerminalTag>("terminal");
  filter.since = query.moment("created_after");
  if (const auto period = query.moment("period")) filter.since = period;
  filter.until = query.moment("created_before");
  if (what.after) filter.before = store::IncidentPosition{what.after->at, IncidentId{what.after->id}};
  filter.text = query.text_or("search");
  filter.oldest_first = ascending(call, kOrder);
  filter.limit = what.limit();
  filter.offset = what.offset();
  std::optional<std::int64_t> count;
  if (!what.by_cursor) count = app::count_incidents(call.work, filter);
  return rows_of(call, what, app::list_incidents(call.work, filter), count, [](const app::IncidentListed& row) {
    return Position{row.incident.detected_at, row.incident.id.value};
  });
}

Answer get_incident(const Call& call) {
  const auto details = app::get_incident(call.work, call.id<IncidentTag>());
  return one(call, details, details.listed.incident.version);
}

Answer take_step(const Call& call, IncidentMove move) {
  const auto id = call.id<IncidentTag>();
  app::IncidentAction action;
  action.move = move;
  action.note = call.body.text_or("notes");
  action.login = call.body.text("login");
  const std::array ids{id};
  app::change_incidents(call.work, ids, action);
  return get_incident(call);
}

/// Of many at once it could hide one among others, so these routes ask for a fresh code.
Answer settle_all(const Call& call, IncidentMove move) {
  std::vector<IncidentId> ids;
  for (const auto& number : call.body.numbers("incidents")) ids.push_back(IncidentId{number});
  if (ids.empty()) throw Refusal(Problem::invalid_value, "there are no incidents", {{"", "/incidents", "is empty"}});
  app::IncidentAction action;
  action.move = move;
  action.note = call.body.text_or("notes");
  app::JsonWriter json{app::JsonWriter::Layout::line};
  json.begin_object().key("incidents").begin_array();
  for (const auto& changed : app::change_incidents(call.work, ids, action)) json.raw(to_json(changed));
  json.end().end();
  Answer answer;
  answer.body = json.take();
  return answer;
}

Answer comment(const Call& call) {
  app::comment_incident(call.work, call.id<IncidentTag>(), call.body.text_or("notes"));
  return get_incident(call);
}

Answer acknowledge(const Call& call) {
  const auto details = app::acknowledge_incident(call.work, call.id<IncidentTag>(), call.body.text_or("notes"));
  return one(call, details, details.listed.incident.version);
}

Answer open_incident(const Call& call) {
  const auto& body = call.body;
  app::NewIncident incident;
  incident.severity = body.named<Severity>("severity").value_or(Severity::medium);
  incident.summary = body.text_or("summary");
  incident.visit = body.id<VisitTag>("visit");
  incident.guest = body.id<GuestTag>("guest");
  incident.terminal = body.id<TerminalTag>("terminal");
  incident.site = body.id<SiteTag>("site");
  incident.occurred_at = body.moment("occurred_at");
  const auto opened = app::open_incident(call.work, incident);
  const auto details = app::get_incident(call.work, opened.incident.id);
  auto answer = one(call, details, details.listed.incident.version);
  answer.status = 201;
  answer.headers.emplace_back("Location", fmt::format("/api/v1/incidents/{}/", opened.incident.id));
  return answer;
}

void add_step(Table& table, std::string word, std::string summary, Permission permission, IncidentMove move) {
  const auto name = move == IncidentMove::false_alarm ? "mark_false_alarm" : word + "_incident";
  std::vector<Field> body{text("notes", "Why, or what was done")};
  if (move == IncidentMove::assign)
    body.push_back(with_default(text("login", "Who is to deal with it", 100, 1), "whoever asks"));
  table.add({.method = "POST",
             .path = "/incidents/{id}/" + word + "/",
             .name = name,
             .summary = std::move(summary),
             .command = "visitorctl incident " + word,
             .permission = permission,
             .body = std::move(body),
             .answer = "IncidentDetails",
             .if_match = IfMatch::may,
             .conflicts = true,
             .current = get_incident,
             .run = [move](const Call& call) { return take_step(call, move); }});
}

void add_settle_all(Table& table, const std::string& word, std::string name, std::string summary, IncidentMove move) {
  table.add({.method = "POST",
             .path = "/incidents/" + word + "/",
             .name = std::move(name),
             .summary = std::move(summary),
             .command = "visitorctl incident " + word,
             .permission = Permission::incident_settle,
             .fresh = true,
             .body = {required(many(id("incidents", "Numbers"))), text("notes", "Why, or what was done")},
             .answer = "Incidents",
             .conflicts = true,
             .run = [move](const Call& call) { return settle_all(call, move); }});
}

}  // namespace

void add_incidents(Table& table) {
  table.add({"Incident", incident_fields()});
  table.add({"IncidentStep",
             {moment("at", "When"), text("what", "opened, assigned, commented, resolved, false_alarm, reopened"),
              named<IncidentStatus>("status", "From here on"), or_null(text("login", "Who")),
              or_null(text("note", "What was said"))}});
  auto details = incident_fields();
  details.push_back(many(object("history", "Steps, oldest first", "IncidentStep")));
  table.add({"IncidentDetails", std::move(details)});
  table.add({"Incidents", {many(object("incidents", "As they are now, by number", "Incident"))}});

  table.add(
      {.path = "/incidents/",
       .name = "list_incidents",
       .summary = "Incidents, newest first",
       .command = "visitorctl incident list",
       .permission = Permission::incident_view,
       .query = {many(named<IncidentStatus>("status", "In any of these states")),
                 yes_or_no("active", "Only those that are new or being investigated"),
                 many(named<Severity>("severity", "Of any of these severities")),
                 many(named<IncidentType>("incident_type", "Of any of these types")), id("site", "At this site"),
                 id("department", "About a visit to this department"), id("employee", "About a visit to this host"),
                 id("guest", "About this guest"), id("visit", "About this visit"), id("terminal", "At this terminal"),
                 moment("created_after", "Found from then on"), moment("created_before", "Found before then"),
                 moment("period", "Found within this span before now: 24h, 7d, 30d, or today"),
                 text("search", "Somewhere in the summary or the guest's name", 200),
                 ordering_by("detected_at", std::string{kOrder})},
       .answer = "Incident",
       .paging = Paging::both,
       .run = list_incidents});
  table.add({.path = "/incidents/{id}/",
             .name = "get_incident",
             .summary = "An incident and its history",
             .command = "visitorctl incident show",
             .permission = Permission::incident_view,
             .answer = "IncidentDetails",
             .run = get_incident});
  table.add({.method = "POST",
             .path = "/incidents/",
             .name = "open_incident",
             .summary = "Report an incident",
             .command = "visitorctl incident open",
             .permission = Permission::incident_open,
             .body = {required(text("summary", "What happened", 500, 1)),
                      with_default(named<Severity>("severity", "How grave"), "medium"), id("visit", "About this visit"),
                      id("guest", "About this guest"), id("terminal", "At this terminal"), id("site", "At this site"),
                      with_default(moment("occurred_at", "When it happened"), "now")},
             .answer = "IncidentDetails",
             .conflicts = true,
             .status = 201,
             .run = open_incident});
  add_step(table, "resolve", "Say that an incident is dealt with", Permission::incident_settle, IncidentMove::resolve);
  add_step(table, "false-alarm", "Say that an incident was none", Permission::incident_settle,
           IncidentMove::false_alarm);
  add_settle_all(table, "resolve", "resolve_incidents", "Say that several incidents are dealt with: all, or none",
                 IncidentMove::resolve);
  add_settle_all(table, "false-alarm", "mark_false_alarms", "Say that several incidents were none: all, or none",
                 IncidentMove::false_alarm);
  add_step(table, "assign", "Give an incident to somebody, and begin to investigate it", Permission::incident_assign,
           IncidentMove::assign);
  add_step(table, "reopen", "Open a settled incident again", Permission::incident_reopen, IncidentMove::reopen);
  table.add({.method = "POST",
             .path = "/incidents/{id}/comment/",
             .name = "comment_incident",
             .summary = "Add to the history of an incident, also of one that has ended",
             .permission = Permission::incident_comment,
             .body = {required(text("notes", "What is to be said", kLongestText, 1))},
             .answer = "IncidentDetails",
             .if_match = IfMatch::may,
             .conflicts = true,
             .current = get_incident,
             .run = comment});
  table.add({.method = "POST",
             .path = "/incidents/{id}/acknowledge/",
             .name = "acknowledge_incident",
             .summary =
                 "Say that everything that was sent about an incident has been seen, and take up a new one, which "
                 "ends its escalation",
             .command = "visitorctl incident assign",
             .permission = Permission::incident_assign,
             .body = {text("notes", "What is to be said about it")},
             .answer = "IncidentDetails",
             .if_match = IfMatch::may,
             .conflicts = true,
             .current = get_incident,
             .run = acknowledge});
}

}  // namespace visitor::api
