#include <fmt/format.h>

#include "app/changes.hpp"
#include "app/jobs.hpp"
#include "app/journal.hpp"
#include "app/overview.hpp"
#include "daemon/api/listing.hpp"
#include "daemon/api/resources.hpp"

namespace visitor::api {
namespace {

using domain::AuditAction;
using domain::Permission;
using domain::Severity;
using domain::TerminalState;

std::vector<Field> severities() {
  std::vector<Field> fields{number("total", "All together")};
  for (const auto& row : domain::names<Severity>()) fields.push_back(number(std::string{row.name}, "Of this severity"));
  return fields;
}

std::vector<Field> states() {
  std::vector<Field> fields{number("enabled", "That are polled"), number("disabled", "That are not")};
  for (const auto& row : domain::names<TerminalState>())
    fields.push_back(number(std::string{row.name}, "Of those polled, in this state"));
  return fields;
}

Answer list_changes(const Call& call) {
  const auto what = wanted(call);
  const auto after = what.after ? ChangeId{what.after->id} : call.query.id<ChangeTag>("after").value_or(ChangeId{});
  if (after) app::require_kept(call.work, after);
  return rows_of(call, what, app::list_changes(call.work, after, what.limit()), {}, [](const domain::Change& change) {
    return Position{change.at, change.id.value};
  });
}

Answer list_jobs(const Call& call) {
  const auto name = call.query.text("name");
  std::vector<app::JobShown> rows;
  for (auto& listed : app::list_jobs(call.work))
    if (!name || *name == listed.job.name) rows.push_back({std::move(listed), call.work.now});
  return page_of(call, std::move(rows));
}

Answer request_job(const Call& call) {
  const auto name = call.body.text_or("name");
  auto answer = one(call, app::JobShown{app::request_job(call.work, name), call.work.now});
  answer.status = 202;
  answer.headers.emplace_back("Location", fmt::format("/api/v1/jobs/?name={}", name));
  return answer;
}

}  // namespace

void add_records(Table& table) {
  table.add({"Change",
             {number("cursor", "Its number: what comes after it is after=", 1), moment("at", "When"),
              text("topic", "What kind of thing has changed"), number("id", "Number of the thing"),
              number("version", "Its version from then on")}});
  table.add({"VisitFigures",
             {number("inside", "In the building now"), number("awaiting_today", "Expected today, and not come yet"),
              number("checked_in_today", "Came today"), number("checked_out_today", "Left today"),
              number("presumed_left_today", "Presumed to have left today")}});
  table.add({"IncidentFigures", severities()});
  table.add({"TerminalFigures", states()});
  table.add({"EventFigures",
             {number("total", "Stored"), number("backlog", "Held by terminals, not read yet"),
              or_null(moment("last_event_at", "Last event, by the terminal's clock")),
              or_null(moment("last_received_at", "Newest answer of a terminal"))}});
  table.add({"OutboxFigures",
             {number("waiting", "Alerts on their way"), number("failed", "Alerts given up"),
              or_null(moment("oldest", "Oldest on its way"))}});
  table.add({"Stats",
             {object("visits", "Visits", "VisitFigures"), object("open_incidents", "Open incidents", "IncidentFigures"),
              object("terminals", "Terminals", "TerminalFigures"), object("events", "Events", "EventFigures"),
              object("outbox", "Alerts", "OutboxFigures"), or_null(number("cursor", "Newest change")),
              or_null(moment("held_since", "Restored then, and not told to work again"))}});

  table.add({.path = "/changes/",
             .name = "list_changes",
             .summary = "The feed of changes, in the order of commit",
             .command = "visitorctl watch",
             .permission = Permission::change_view,
             .everywhere = true,
             .query = {number("after", "Only what comes after the change with this cursor")},
             .answer = "Change",
             .paging = Paging::cursor,
             .conflicts = true,
             .run = list_changes});
  table.add(
      {"Job",
       {text("name", "Name"), text("sentence", "What it does"), number("period_ms", "How often it is due"),
        word("state", "How it is", {"running", "never ran", "overdue", "did not end", "ok", "failed"}),
        or_null(moment("started_at", "When it began last")), or_null(moment("ended_at", "When a run of it ended last")),
        or_null(yes_or_no("ok", "How that one went")), or_null(text("message", "What that one said")),
        or_null(moment("next_run_at", "When it is due")), or_null(text("holder", "Who ran it last"))}});
  table.add({.path = "/jobs/",
             .name = "list_jobs",
             .summary = "What visitord does by itself, when it did so last, and how that went",
             .command = "visitorctl job list",
             .permission = Permission::job_view,
             .everywhere = true,
             .query = {text("name", "The one of this name", 64, 1)},
             .answer = "Job",
             .paging = Paging::pages,
             .run = list_jobs});
  table.add({.method = "POST",
             .path = "/jobs/run/",
             .name = "run_job",
             .summary = "Have a daemon run a job within seconds; the Location says where to see how that went",
             .command = "visitorctl job run",
             .permission = Permission::job_run,
             .everywhere = true,
             .body = {required(text("name", "Name of the job", 64, 1))},
             .answer = "Job",
             .conflicts = true,
             .status = 202,
             .run = request_job});
  table.add({.path = "/stats/",
             .name = "get_stats",
             .summary = "The state of the house in figures",
             .command = "visitorctl status",
             .permission = Permission::statistics_view,
             .everywhere = true,
             .answer = "Stats",
             .run = [](const Call& call) { return one(call, app::overview(call.work)); }});
}

}  // namespace visitor::api
