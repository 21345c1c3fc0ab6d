#include <fmt/format.h>

#include "app/presence.hpp"
#include "app/visit_steps.hpp"
#include "app/visits.hpp"
#include "daemon/api/listing.hpp"
#include "daemon/api/resources.hpp"

namespace visitor::api {
namespace {

using domain::How;
using domain::Permission;
using domain::Purpose;
using domain::VisitKind;
using domain::VisitStatus;

std::vector<Field> visit_fields() {
  return {id("id", "Number"),
          named<VisitKind>("type", "Type of the visit"),
          named<VisitStatus>("status", "Where the visit stands"),
          object("guest", "Who comes", "GuestNamed"),
          or_null(object("host", "Whom the guest comes to", "Named")),
          or_null(object("department", "Department", "Named")),
          or_null(object("site", "Site", "Named")),
          named<Purpose>("purpose", "Purpose"),
          or_null(text("purpose_text", "Purpose in words", 500)),
          or_null(text("contact_phone", "Whom to ring about the visit, E.164")),
          or_null(moment("consent_at", "When the guest's consent to the processing of personal data was recorded")),
          moment("expected_from", "Expected from"),
          moment("expected_until", "Expected until"),
          or_null(moment("checked_in_at", "When the guest came")),
          or_null(named<How>("checked_in_how", "What showed it")),
          or_null(moment("checked_out_at", "When the guest left")),
          or_null(named<How>("checked_out_how", "What showed it")),
          or_null(moment("ended_at", "When the visit ended, in whatever way")),
          number("entry_count", "Passages in"),
          number("exit_count", "Passages out"),
          or_null(text("cancelled_reason", "Why it was called off", 500)),
          moment("registered_at", "When it was registered"),
          number("version", "Counts changes", 1)};
}

std::vector<Field> with(std::vector<Field> fields, std::vector<Field> more) {
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

/// What is planned, as a body says it.
std::vector<Field> plan_fields() {
  return {or_null(id("host", "Employee who receives the guest")),
          or_null(id("department", "Department; else that of the host")),
          with_default(named<Purpose>("purpose", "Purpose"), "OTHER"),
          text("purpose_text", "Purpose in words", 500),
          with_default(named<VisitKind>("type", "Type of the visit"), "guest"),
          text("contact_phone", "Whom to ring about the visit, in any usual form; the site's country code completes it",
               40),
          yes_or_no("consent", "The guest agrees to the processing of personal data: recorded with this moment"),
          with_default(moment("expected_from", "Expected from"), "now"),
          with_default(moment("expected_until", "Expected until"), "the end of that day at the site")};
}

constexpr std::string_view kVisitOrder = "-expected_from";

app::VisitFilter filter_of(const Call& call, const Wanted& what) {
  const auto& query = call.query;
  app::VisitFilter filter;
  filter.statuses = query.all_named<VisitStatus>("status");
  filter.site = query.id<SiteTag>("site");
  filter.department = query.id<DepartmentTag>("department");
  filter.host = query.id<HostTag>("employee");
  filter.guest = query.id<GuestTag>("guest");
  filter.since = query.moment("expected_after");
  filter.until = query.moment("expected_before");
  filter.registered_since = query.moment("created_after");
  filter.registered_until = query.moment("created_before");
  if (const auto period = query.moment("period")) filter.since = period;
  filter.text = query.text_or("search");
  if (what.after) filter.before = store::VisitPosition{what.after->at, VisitId{what.after->id}};
  filter.oldest_first = ascending(call, kVisitOrder);
  filter.limit = what.limit();
  filter.offset = what.offset();
  return filter;
}

Position position_of(const app::VisitListed& row) {
  return {row.visit.expected_from, row.visit.id.value};
}

Answer page_of_visits(const Call& call, const Wanted& what, const app::VisitFilter& filter) {
  std::optional<std::int64_t> count;
  if (!what.by_cursor) count = app::count_visits(call.work, filter);
  return rows_of(call, what, app::list_visits(call.work, filter), count, position_of);
}

/// Without a count, and without looking first for whom the search means.
bool is_one_select(const Values& query) {
  return query.has("cursor") && query.text_or("search").empty();
}

Answer list_visits(const Call& call) {
  const auto what = wanted(call);
  return page_of_visits(call, what, filter_of(call, what));
}

Answer list_active_visits(const Call& call) {
  const auto what = wanted(call);
  auto filter = filter_of(call, what);
  filter.statuses = {VisitStatus::awaiting, VisitStatus::checked_in};
  return page_of_visits(call, what, filter);
}

Answer get_visit(const Call& call) {
  const auto listed = app::get_visit(call.work, call.id<VisitTag>());
  return one(call, listed, listed.visit.version);
}

std::vector<std::optional<Answer>> get_visits(const std::vector<Call>& calls) {
  std::vector<VisitId> ids;
  for (const auto& call : calls) ids.push_back(call.id<VisitTag>());
  const auto found = app::find_visits(calls.front().work, ids);
  std::vector<std::optional<Answer>> answers(calls.size());
  for (std::size_t i = 0; i < calls.size(); ++i)
    if (const auto at = found.find(ids[i]); at != found.end())
      answers[i] = one(calls[i], at->second, at->second.visit.version);
  return answers;
}

Answer visit_history(const Call& call) {
  const auto id = call.id<VisitTag>();
  const app::VisitShown shown{app::get_visit(call.work, id), app::visit_history(call.work, id)};
  return one(call, shown, shown.listed.visit.version);
}

Answer list_steps(const Call& call) {
  return page_of(call, app::visit_steps(call.work, call.id<VisitTag>()));
}

Answer list_inside(const Call& call) {
  const auto site = call.query.id<SiteTag>("site");
  const auto at = call.query.moment("at");
  if (at && *at > call.work.now)
    throw Refusal(Problem::invalid_value, "at lies in the future", {{"at", "", "lies in the future"}});
  auto presence = at ? app::presence_at(call.work, *at, site) : app::presence_now(call.work, site);
  return page_of(call, std::move(call.query.yes("presumed") ? presence.presumed_left : presence.inside));
}

Answer answer_visit(const Call& call, const app::VisitListed& listed, int status = 200) {
  auto answer = one(call, listed, listed.visit.version);
  answer.status = status;
  if (status == 201) answer.headers.emplace_back("Location", fmt::format("/api/v1/visits/{}/", listed.visit.id));
  return answer;
}

Answer create_visit(const Call& call) {
  const auto& body = call.body;
  app::NewVisit visit;
  visit.guest = *body.id<GuestTag>("guest");
  visit.host = body.id<HostTag>("host");
  visit.department = body.id<DepartmentTag>("department");
  visit.site = body.id<SiteTag>("site");
  visit.purpose = body.named<Purpose>("purpose").value_or(Purpose::other);
  visit.purpose_text = body.text_or("purpose_text");
  visit.kind = body.named<VisitKind>("type").value_or(visit.kind);
  visit.contact_phone = body.text_or("contact_phone");
  visit.consent = body.yes("consent");
  visit.expected_from = body.moment("expected_from");
  visit.expected_until = body.moment("expected_until");
  return answer_visit(call, app::create_visit(call.work, visit), 201);
}

Answer edit_visit(const Call& call) {
  const auto& body = call.body;
  app::VisitEdit edit;
  edit.host = body.id<HostTag>("host");
  edit.department = body.id<DepartmentTag>("department");
  edit.purpose = body.named<Purpose>("purpose");
  edit.purpose_text = body.text("purpose_text");
  edit.kind = body.named<VisitKind>("type");
  edit.contact_phone = body.text("contact_phone");
  if (body.has("consent")) edit.consent = body.yes("consent");
  edit.expected_from = body.moment("expected_from");
  edit.expected_until = body.moment("expected_until");
  return answer_visit(call, app::edit_visit(call.work, call.id<VisitTag>(), edit, call.seen));
}

}  // namespace

void add_visits(Table& table) {
  table.add({"GuestNamed", {id("id", "Number"), text("name", "Name"), or_null(text("company", "Company"))}});
  table.add({"Visit", visit_fields()});
  table.add({"VisitAction",
             {named<domain::ActionKind>("kind", "What was done"), named<domain::ActionHow>("how", "By whom or what"),
              moment("happened_at", "When"), or_null(text("reason", "Why")), or_null(text("login", "Who"))}});
  table.add({"AuditShort",
             {moment("at", "When"), named<domain::AuditAction>("action", "What was done"),
              or_null(text("login", "Who")), anything("details", "What became different")}});
  table.add({"VisitHistory",
             with(visit_fields(), {many(object("actions", "What people and timers did, oldest first", "VisitAction")),
                                   many(object("audit", "Who changed what, oldest first", "AuditShort"))})});
  table.add({"VisitStepEvent",
             {id("id", "Number"), number("serial", "Serial number"),
              or_null(object("terminal", "At which terminal", "Named")), or_null(text("door", "At which door"))}});
  table.add(
      {"VisitStep",
       {moment("at", "When"), text("kind", "What happened"), text("text", "The same in words"),
        text("how", "Where it is known from"), or_null(text("login", "Who did it")), or_null(text("reason", "Why")),
        or_null(moment("recorded_at", "When it was written down, where that is another moment")),
        yes_or_no("refused", "The facts speak against it: it made no difference"),
        or_null(object("event", "The event that moved the visit", "VisitStepEvent")),
        or_null(anything("changed", "What an edit made different"))}});
  table.add({"Proof",
             {named<How>("how", "What shows that the guest is inside"), moment("at", "When that was"),
              or_null(id("event_id", "Event of the last entry")), or_null(moment("entered_at", "When that was")),
              or_null(text("terminal_name", "At which terminal")), or_null(text("door_name", "At which door")),
              number("door_no", "Door number"), number("reader_no", "Reader number"),
              or_null(text("login", "Who checked the guest in by hand"))}});
  table.add({"Present", with(visit_fields(), {or_null(text("terminal_name", "Terminal of the last entry")),
                                              or_null(text("door_name", "Door of the last entry")),
                                              object("proof", "What shows it", "Proof")})});

  const std::vector<Field> filters{id("site", "Of this site"),
                                   id("department", "Of this department"),
                                   id("employee", "To this host"),
                                   id("guest", "Of this guest"),
                                   moment("expected_after", "Expected from then on"),
                                   moment("expected_before", "Expected before then"),
                                   moment("created_after", "Registered from then on"),
                                   moment("created_before", "Registered before then"),
                                   moment("period", "Expected within this span before now: 24h, 7d, 30d, or today"),
                                   text("search", "Somewhere in the guest's name or company, or the host's name", 200),
                                   ordering_by("expected_from", std::string{kVisitOrder})};
  table.add({.path = "/visits/",
             .name = "list_visits",
             .summary = "Visits, those expected last first",
             .command = "visitorctl visit list",
             .permission = Permission::visit_view,
             .query = with({many(named<VisitStatus>("status", "In any of these states"))}, filters),
             .answer = "Visit",
             .paging = Paging::both,
             .run = list_visits,
             .one_select = is_one_select});
  table.add({.path = "/visits/active/",
             .name = "list_active_visits",
             .summary = "Visits that have not ended: awaited, or in the building",
             .command = "visitorctl visit list --status AWAITING --status CHECKED_IN",
             .permission = Permission::visit_view,
             .query = filters,
             .answer = "Visit",
             .paging = Paging::both,
             .run = list_active_visits,
             .one_select = is_one_select});
  table.add({.path = "/visits/{id}/",
             .name = "get_visit",
             .summary = "A visit",
             .command = "visitorctl visit show",
             .permission = Permission::visit_view,
             .answer = "Visit",
             .run = get_visit,
             .one_select = [](const Values&) { return true; },
             .many = get_visits});
  table.add({.path = "/visits/{id}/history/",
             .name = "get_visit_history",
             .summary = "A visit and what people did to it",
             .command = "visitorctl visit history",
             .permission = Permission::visit_view,
             .answer = "VisitHistory",
             .run = visit_history});
  table.add({.path = "/visits/{id}/steps/",
             .name = "list_visit_steps",
             .summary = "Every step of a visit: who did what and when, and what doors saw; oldest first",
             .command = "visitorctl visit history",
             .permission = Permission::visit_view,
             .answer = "VisitStep",
             .paging = Paging::pages,
             .run = list_steps});
  table.add({.path = "/inside/",
             .name = "list_inside",
             .summary = "Who is in the building, longest first, and what shows it",
             .command = "visitorctl inside",
             .permission = Permission::inside_view,
             .query = {id("site", "At this site"), moment("at", "Who was inside at this moment, by what is stored now"),
                       yes_or_no("presumed", "Instead: who left by presumption only, within the 24 h before")},
             .answer = "Present",
             .paging = Paging::pages,
             .run = list_inside});

  table.add({.method = "POST",
             .path = "/visits/",
             .name = "create_visit",
             .summary = "Register a visit",
             .command = "visitorctl visit create",
             .permission = Permission::visit_create,
             .body = with({required(id("guest", "Who comes")), or_null(id("site", "Site; else the department's"))},
                          plan_fields()),
             .answer = "Visit",
             .conflicts = true,
             .status = 201,
             .run = create_visit});
  table.add({.method = "PATCH",
             .path = "/visits/{id}/",
             .name = "edit_visit",
             .summary = "Change what is planned of a visit that has not ended; what is not given stays",
             .command = "visitorctl visit edit",
             .permission = Permission::visit_edit,
             .body = plan_fields(),
             .answer = "Visit",
             .if_match = IfMatch::must,
             .conflicts = true,
             .current = get_visit,
             .run = edit_visit});
  table.add(
      {.method = "POST",
       .path = "/visits/{id}/check-in/",
       .name = "check_in_visit",
       .summary = "Say that the guest has come",
       .command = "visitorctl visit checkin",
       .permission = Permission::visit_check_in,
       .answer = "Visit",
       .if_match = IfMatch::may,
       .conflicts = true,
       .current = get_visit,
       .run = [](const Call& call) { return answer_visit(call, app::check_in(call.work, call.id<VisitTag>())); }});
  table.add(
      {.method = "POST",
       .path = "/visits/{id}/check-out/",
       .name = "check_out_visit",
       .summary = "Say that the guest has left",
       .command = "visitorctl visit checkout",
       .permission = Permission::visit_check_out,
       .answer = "Visit",
       .if_match = IfMatch::may,
       .conflicts = true,
       .current = get_visit,
       .run = [](const Call& call) { return answer_visit(call, app::check_out(call.work, call.id<VisitTag>())); }});
  table.add({.method = "POST",
             .path = "/visits/{id}/cancel/",
             .name = "cancel_visit",
             .summary = "Call a visit off",
             .command = "visitorctl visit cancel",
             .permission = Permission::visit_cancel,
             .body = {text("reason", "Why", 500)},
             .answer = "Visit",
             .if_match = IfMatch::may,
             .conflicts = true,
             .current = get_visit,
             .run = [](const Call& call) {
               return answer_visit(call,
                                   app::cancel_visit(call.work, call.id<VisitTag>(), call.body.text_or("reason")));
             }});
  table.add({.method = "POST",
             .path = "/visits/{id}/reopen/",
             .name = "reopen_visit",
             .summary = "Take back a mistaken check-out, cancellation or no-show",
             .command = "visitorctl visit reopen",
             .permission = Permission::visit_reopen,
             .body = {text("reason", "Why", 500), moment("expected_from", "Expected from"),
                      moment("expected_until", "Expected until")},
             .answer = "Visit",
             .if_match = IfMatch::may,
             .conflicts = true,
             .current = get_visit,
             .run = [](const Call& call) {
               app::VisitEdit times;
               times.expected_from = call.body.moment("expected_from");
               times.expected_until = call.body.moment("expected_until");
               return answer_visit(
                   call, app::reopen_visit(call.work, call.id<VisitTag>(), call.body.text_or("reason"), times));
             }});
}

}  // namespace visitor::api
