#include "app/remote/records.hpp"

#include <fmt/format.h>

#include "app/remote/json_object.hpp"

namespace visitor::app {
namespace {

domain::AuditRecord audit_in(const JsonObject& json) {
  domain::AuditRecord record;
  record.id = json.number("id");
  record.at = json.instant("at");
  if (!json.is_null("account")) {
    const auto account = json.object("account");
    record.account = account.id<AccountId>("id");
    record.login = account.text("login");
  }
  record.action = json.named<domain::AuditAction>("action");
  record.topic = json.text("topic");
  record.entity = json.number("entity_id");
  record.details = json.raw("details");
  record.origin = {json.text("source"), json.text("request_id")};
  record.position = json.maybe_number("position");
  record.previous_hash = json.text("previous_hash");
  record.hash = json.text("hash");
  return record;
}

JobListed job_in(const JsonObject& json) {
  JobListed listed;
  listed.job.name = json.text("name");
  listed.job.sentence = json.text("sentence");
  listed.job.period = std::chrono::milliseconds{json.number("period_ms")};
  listed.running = json.text("state") == "running";
  if (const auto started = json.maybe_instant("started_at")) {
    auto& last = listed.last.emplace();
    last.job = listed.job.name;
    last.started_at = *started;
    last.ended_at = json.maybe_instant("ended_at");
    last.ok = json.maybe_yes("ok");
    last.message = json.text("message");
    last.next_run_at = json.maybe_instant("next_run_at").value_or(Instant{});
    last.holder = json.text("holder");
  }
  return listed;
}

}  // namespace

std::vector<domain::AuditRecord> list_audit(RemoteHouse& house, const AuditFilter& filter) {
  Query query;
  query.add("login", filter.login).add_named("action", filter.actions).add("topic", filter.topic);
  if (filter.entity) query.add("entity", std::to_string(*filter.entity));
  if (filter.before_id) query.add("before", std::to_string(*filter.before_id));
  query.add("created_after", filter.since).add("created_before", filter.until);
  std::vector<domain::AuditRecord> records;
  for (const auto& row : house.list("/audit/", query, static_cast<std::size_t>(filter.limit)))
    records.push_back(audit_in(JsonObject{row}));
  return records;
}

domain::AuditRecord get_audit(RemoteHouse& house, std::int64_t id) {
  const auto body = house.get(fmt::format("/audit/{}/", id));
  return audit_in(JsonObject{body});
}

std::vector<JobListed> list_jobs(RemoteHouse& house) {
  std::vector<JobListed> jobs;
  for (const auto& row : house.list("/jobs/", {})) jobs.push_back(job_in(JsonObject{row}));
  return jobs;
}

Overview overview(RemoteHouse& house) {
  const auto body = house.get("/stats/");
  const JsonObject json{body};
  Overview overview;
  const auto visits = json.object("visits");
  overview.inside = visits.number("inside");
  overview.awaiting_today = visits.number("awaiting_today");
  overview.checked_in_today = visits.number("checked_in_today");
  overview.checked_out_today = visits.number("checked_out_today");
  overview.presumed_left_today = visits.number("presumed_left_today");
  const auto incidents = json.object("open_incidents");
  overview.open_incidents_total = incidents.number("total");
  for (const auto& row : domain::names<domain::Severity>())
    overview.open_incidents[static_cast<std::size_t>(row.value)] = incidents.number(row.name);
  const auto terminals = json.object("terminals");
  overview.terminals_enabled = terminals.number("enabled");
  overview.terminals_disabled = terminals.number("disabled");
  for (const auto& row : domain::names<domain::TerminalState>())
    overview.terminals[static_cast<std::size_t>(row.value)] = terminals.number(row.name);
  const auto events = json.object("events");
  overview.events_total = events.number("total");
  overview.backlog = events.number("backlog");
  overview.last_event_at = events.maybe_instant("last_event_at");
  overview.last_received_at = events.maybe_instant("last_received_at");
  const auto outbox = json.object("outbox");
  overview.outbox.waiting = outbox.number("waiting");
  overview.outbox.failed = outbox.number("failed");
  overview.outbox.oldest = outbox.maybe_instant("oldest");
  overview.cursor = json.maybe_id<ChangeId>("cursor").value_or(ChangeId{});
  overview.held_since = json.maybe_instant("held_since");
  return overview;
}

}  // namespace visitor::app
