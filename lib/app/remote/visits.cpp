#include "app/remote/visits.hpp"

#include <fmt/format.h>

#include "app/remote/json_object.hpp"

namespace visitor::app {
namespace {

std::string path_of(VisitId id, std::string_view what = "") {
  return fmt::format("/visits/{}/{}{}", id, what, what.empty() ? "" : "/");
}

VisitListed visit_in(RemoteHouse& house, const JsonObject& json) {
  VisitListed listed;
  auto& visit = listed.visit;
  visit.id = json.id<VisitId>("id");
  const auto guest = json.object("guest");
  visit.guest = guest.id<GuestId>("id");
  listed.guest_name = guest.text("name");
  listed.guest_company = guest.text("company");
  visit.host = json.named_thing<HostId>("host", listed.host_name);
  visit.department = json.named_thing<DepartmentId>("department", listed.department_name);
  visit.site = json.named_thing<SiteId>("site", listed.site_name).value_or(SiteId{});
  listed.time_zone = house.time_zone(visit.site);
  visit.purpose = json.named<domain::Purpose>("purpose");
  visit.purpose_text = json.text("purpose_text");
  visit.kind = json.named<domain::VisitKind>("type");
  visit.contact_phone = json.text("contact_phone");
  visit.consent_at = json.maybe_instant("consent_at");
  visit.expected_from = json.instant("expected_from");
  visit.expected_until = json.instant("expected_until");
  auto& state = visit.state;
  state.status = json.named<domain::VisitStatus>("status");
  state.checked_in_at = json.maybe_instant("checked_in_at");
  state.checked_in_how = json.maybe_named<domain::How>("checked_in_how");
  state.checked_out_at = json.maybe_instant("checked_out_at");
  state.checked_out_how = json.maybe_named<domain::How>("checked_out_how");
  state.ended_at = json.maybe_instant("ended_at");
  state.entry_count = json.integer("entry_count");
  state.exit_count = json.integer("exit_count");
  visit.cancelled_reason = json.text("cancelled_reason");
  visit.registered_at = json.instant("registered_at");
  visit.version = json.integer("version");
  return listed;
}

Proof proof_in(const JsonObject& json) {
  Proof proof;
  proof.how = json.named<domain::How>("how");
  proof.at = json.instant("at");
  proof.event = json.maybe_id<EventId>("event_id");
  proof.entered_at = json.maybe_instant("entered_at");
  proof.terminal_name = json.text("terminal_name");
  proof.door_name = json.text("door_name");
  proof.door_no = json.integer("door_no");
  proof.reader_no = json.integer("reader_no");
  proof.login = json.text("login");
  return proof;
}

VisitListed answered(RemoteHouse& house, const std::string& body) {
  return visit_in(house, JsonObject{body});
}

/// What of the plan is said, inside of an object that the caller begins and ends.
void write_plan(JsonWriter& json, const VisitEdit& plan) {
  if (plan.host) json.member("host", *plan.host);
  if (plan.department) json.member("department", *plan.department);
  if (plan.purpose) json.member("purpose", domain::name(*plan.purpose));
  if (plan.purpose_text) json.member("purpose_text", std::string_view{*plan.purpose_text});
  if (plan.kind) json.member("type", domain::name(*plan.kind));
  if (plan.contact_phone) json.member("contact_phone", std::string_view{*plan.contact_phone});
  if (plan.consent) json.member("consent", *plan.consent);
  if (plan.expected_from) json.member("expected_from", *plan.expected_from);
  if (plan.expected_until) json.member("expected_until", *plan.expected_until);
}

std::vector<Present> present_in(RemoteHouse& house, const Query& query) {
  std::vector<Present> people;
  for (const auto& row : house.list("/inside/", query)) {
    const JsonObject json{row};
    people.push_back({visit_in(house, json), proof_in(json.object("proof")), "", ""});
  }
  return people;
}

Presence presence_of(RemoteHouse& house, std::optional<Instant> at, std::optional<SiteId> site) {
  Query query;
  query.add("site", site).add("at", at);
  auto presumed = query;
  presumed.add_flag("presumed", true);
  return {at.value_or(house.now()), present_in(house, query), present_in(house, presumed)};
}

}  // namespace

VisitListed create_visit(RemoteHouse& house, const NewVisit& visit) {
  JsonWriter json;
  json.begin_object().member("guest", visit.guest);
  if (visit.site) json.member("site", *visit.site);
  write_plan(json, {.host = visit.host,
                    .department = visit.department,
                    .purpose = visit.purpose,
                    .purpose_text = visit.purpose_text.empty() ? std::nullopt : std::optional{visit.purpose_text},
                    .kind = visit.kind,
                    .contact_phone = visit.contact_phone.empty() ? std::nullopt : std::optional{visit.contact_phone},
                    .consent = visit.consent,
                    .expected_from = visit.expected_from,
                    .expected_until = visit.expected_until});
  return answered(house, house.post("/visits/", json.end().take()));
}

VisitListed check_in(RemoteHouse& house, VisitId id) {
  return answered(house, house.post(path_of(id, "check-in")));
}

VisitListed check_out(RemoteHouse& house, VisitId id) {
  return answered(house, house.post(path_of(id, "check-out")));
}

VisitListed cancel_visit(RemoteHouse& house, VisitId id, const std::string& reason) {
  JsonWriter json;
  json.begin_object().member("reason", std::string_view{reason});
  return answered(house, house.post(path_of(id, "cancel"), json.end().take()));
}

VisitListed edit_visit(RemoteHouse& house, VisitId id, const VisitEdit& wanted, std::optional<int> seen) {
  JsonWriter json;
  json.begin_object();
  write_plan(json, wanted);
  return answered(house, house.patch(path_of(id), json.end().take(), seen));
}

VisitListed reopen_visit(RemoteHouse& house, VisitId id, const std::string& reason, const VisitEdit& times) {
  JsonWriter json;
  json.begin_object().member("reason", std::string_view{reason});
  write_plan(json, times);
  return answered(house, house.post(path_of(id, "reopen"), json.end().take()));
}

VisitListed get_visit(RemoteHouse& house, VisitId id) {
  return answered(house, house.get(path_of(id)));
}

std::vector<VisitListed> list_visits(RemoteHouse& house, const VisitFilter& filter) {
  Query query;
  query.by_cursor().add_named("status", filter.statuses).add("site", filter.site).add("department", filter.department);
  query.add("employee", filter.host).add("guest", filter.guest);
  query.add("expected_after", filter.since).add("expected_before", filter.until).add("search", filter.text);
  std::vector<VisitListed> visits;
  for (const auto& row : house.list("/visits/", query, static_cast<std::size_t>(filter.limit)))
    visits.push_back(visit_in(house, JsonObject{row}));
  return visits;
}

VisitHistory visit_history(RemoteHouse& house, VisitId id) {
  const auto body = house.get(path_of(id, "history"));
  const JsonObject json{body};
  VisitHistory history;
  for (const auto& one : json.objects("actions")) {
    RecordedAction recorded;
    recorded.action.kind = one.named<domain::ActionKind>("kind");
    recorded.action.how = one.named<domain::ActionHow>("how");
    recorded.action.happened_at = one.instant("happened_at");
    recorded.reason = one.text("reason");
    recorded.login = one.text("login");
    history.actions.push_back(std::move(recorded));
  }
  for (const auto& one : json.objects("audit")) {
    domain::AuditRecord record;
    record.at = one.instant("at");
    record.action = one.named<domain::AuditAction>("action");
    record.login = one.text("login");
    record.details = one.raw("details");
    history.audit.push_back(std::move(record));
  }
  return history;
}

std::vector<VisitStep> visit_steps(RemoteHouse& house, VisitId id) {
  std::vector<VisitStep> steps;
  for (const auto& row : house.list(path_of(id, "steps"), {})) {
    const JsonObject json{row};
    VisitStep step;
    step.at = json.instant("at");
    step.kind = json.text("kind");
    step.text = json.text("text");
    step.how = json.text("how");
    step.login = json.text("login");
    step.reason = json.text("reason");
    step.recorded_at = json.maybe_instant("recorded_at");
    step.refused = json.yes("refused");
    if (!json.is_null("event")) {
      const auto one = json.object("event");
      auto& listed = step.event.emplace();
      listed.event.id = one.id<EventId>("id");
      listed.event.key.serial = one.number("serial");
      listed.event.key.terminal = one.named_thing<TerminalId>("terminal", listed.terminal_name).value_or(TerminalId{});
      listed.door_name = one.text("door");
    }
    if (!json.is_null("changed")) step.changed = json.raw("changed");
    steps.push_back(std::move(step));
  }
  return steps;
}

Presence presence_now(RemoteHouse& house, std::optional<SiteId> site) {
  return presence_of(house, {}, site);
}

Presence presence_at(RemoteHouse& house, Instant at, std::optional<SiteId> site) {
  return presence_of(house, at, site);
}

}  // namespace visitor::app
