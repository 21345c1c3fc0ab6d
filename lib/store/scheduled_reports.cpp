#include "store/scheduled_reports.hpp"

#include <fmt/format.h>

namespace visitor::store {
namespace {

constexpr auto kSchedule = "SELECT schedule, taken_until FROM report_schedule WHERE name = $1";

constexpr auto kKnow = R"sql(
    INSERT INTO report_schedule (name, schedule, taken_until)
    VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE
       SET schedule = excluded.schedule, taken_until = excluded.taken_until
     WHERE report_schedule.schedule <> excluded.schedule)sql";

// Of several daemons that see the same moment the guard on taken_until lets exactly one go on.
constexpr auto kTakeUp = R"sql(
    WITH taken AS (UPDATE report_schedule SET taken_until = $2 WHERE name = $1 AND taken_until < $2 RETURNING name)
    INSERT INTO report_run (name, how, due_at, created_at, next_try_at)
    SELECT name, 'schedule', $2, $3, $3 FROM taken
 RETURNING id)sql";

constexpr auto kAdd = R"sql(
    INSERT INTO report_run (name, how, due_at, created_at, next_try_at)
    VALUES ($1, 'person', $2, $2, $3)
 RETURNING id)sql";

constexpr auto kDue = R"sql(
    SELECT id
      FROM report_run
     WHERE state = 'waiting' AND name = ANY ($1::text[]) AND next_try_at <= $2
     ORDER BY due_at, id)sql";

constexpr auto kTakeTurn = R"sql(
    SELECT pg_try_advisory_lock(hashtext('visitor_report_run'), hashtext($1)) AS taken)sql";

constexpr auto kLetGo = R"sql(
    SELECT pg_advisory_unlock(hashtext('visitor_report_run'), hashtext($1)) AS done)sql";

constexpr std::string_view kRunColumns =
    "id, name, how, due_at, created_at, state, attempts, next_try_at, started_at, ended_at, message, file, row_count, "
    "bytes, sha256";

constexpr auto kFind = "SELECT {} FROM report_run WHERE id = $1";

constexpr auto kRuns = "SELECT {} FROM report_run WHERE $1 IN ('', name) ORDER BY id DESC LIMIT $2";

constexpr auto kNewest = "SELECT DISTINCT ON (name) {} FROM report_run ORDER BY name, id DESC";

constexpr auto kDeliveries = R"sql(
    SELECT id, place, state, attempts, in_doubt, ended_at, message
      FROM report_delivery
     WHERE run_id = $1
     ORDER BY place)sql";

constexpr auto kBegin = R"sql(
    UPDATE report_run SET attempts = attempts + 1, started_at = $2, next_try_at = $3 WHERE id = $1)sql";

constexpr auto kMade = R"sql(
    UPDATE report_run SET file = $2, row_count = $3, bytes = $4, sha256 = $5 WHERE id = $1)sql";

constexpr auto kAddPlaces = R"sql(
    INSERT INTO report_delivery (run_id, place)
    SELECT $1, place FROM unnest($2::text[]) AS place
        ON CONFLICT (run_id, place) DO NOTHING)sql";

constexpr auto kDropPlaces = R"sql(
    DELETE FROM report_delivery WHERE run_id = $1 AND state = 'waiting' AND place <> ALL ($2::text[]))sql";

constexpr auto kBeginDelivery = R"sql(
    UPDATE report_delivery SET attempts = attempts + 1, in_doubt = true WHERE id = $1)sql";

constexpr auto kEndDelivery = R"sql(
    UPDATE report_delivery
       SET state = $2, in_doubt = $3, ended_at = CASE WHEN $2 = 'waiting' THEN NULL ELSE $4::timestamptz END, message = $5
     WHERE id = $1)sql";

constexpr auto kGiveUp = R"sql(
    UPDATE report_delivery SET state = 'failed', ended_at = $2 WHERE run_id = $1 AND state = 'waiting')sql";

constexpr auto kFinish = R"sql(
    UPDATE report_run SET state = $2, ended_at = $3, message = $4 WHERE id = $1)sql";

constexpr auto kPostpone = R"sql(
    UPDATE report_run SET next_try_at = $2, message = $3 WHERE id = $1)sql";

constexpr auto kTrim = R"sql(
    DELETE FROM report_run
     WHERE name = $1 AND state <> 'waiting'
       AND id < (SELECT min(id) FROM (SELECT id FROM report_run WHERE name = $1 ORDER BY id DESC LIMIT $2) AS kept))sql";

std::string with_columns(std::string_view sql) {
  return fmt::format(fmt::runtime(sql), kRunColumns);
}

ReportRun to_run(const db::Row& row) {
  return {ReportRunId{row.get<std::int64_t>("id")},
          row.get<std::string>("name"),
          row.get<std::string>("how"),
          row.get<Instant>("due_at"),
          row.get<Instant>("created_at"),
          row.get<std::string>("state"),
          row.get<int>("attempts"),
          row.get<Instant>("next_try_at"),
          row.get<std::optional<Instant>>("started_at"),
          row.get<std::optional<Instant>>("ended_at"),
          row.get<std::string>("message"),
          row.get<std::string>("file"),
          row.get<std::int64_t>("row_count"),
          row.get<std::int64_t>("bytes"),
          row.get<std::string>("sha256")};
}

std::vector<ReportRun> to_runs(const db::Rows& rows) {
  std::vector<ReportRun> runs;
  for (const auto& row : rows) runs.push_back(to_run(row));
  return runs;
}

}  // namespace

std::optional<ReportSchedule> ScheduledReports::schedule(const std::string& name) {
  const auto row = tx_.maybe_row(kSchedule, name);
  if (!row) return std::nullopt;
  return ReportSchedule{row->get<std::string>("schedule"), row->get<Instant>("taken_until")};
}

void ScheduledReports::know(const std::string& name, const std::string& schedule, Instant now) {
  tx_.exec(kKnow, name, schedule, now);
}

std::optional<ReportRunId> ScheduledReports::take_up(const std::string& name, Instant due, Instant now) {
  const auto row = tx_.maybe_row(kTakeUp, name, due, now);
  return row ? std::optional{row->get<ReportRunId>("id")} : std::nullopt;
}

ReportRunId ScheduledReports::add(const std::string& name, Instant now, Instant next) {
  return tx_.row(kAdd, name, now, next).get<ReportRunId>("id");
}

std::vector<ReportRunId> ScheduledReports::due(const std::vector<std::string>& names, Instant now) {
  std::vector<ReportRunId> ids;
  for (const auto& row : tx_.rows(kDue, names, now)) ids.push_back(row.get<ReportRunId>("id"));
  return ids;
}

bool ScheduledReports::take_turn(ReportRunId id) {
  return tx_.row(kTakeTurn, fmt::to_string(id.value)).get<bool>("taken");
}

void ScheduledReports::let_go(ReportRunId id) {
  tx_.row(kLetGo, fmt::to_string(id.value));
}

std::optional<ReportRun> ScheduledReports::find(ReportRunId id) {
  const auto row = tx_.maybe_row(with_columns(kFind), id);
  return row ? std::optional{to_run(*row)} : std::nullopt;
}

std::vector<ReportRun> ScheduledReports::runs(const std::string& name, int limit) {
  return to_runs(tx_.rows(with_columns(kRuns), name, limit));
}

std::vector<ReportRun> ScheduledReports::newest() {
  return to_runs(tx_.rows(with_columns(kNewest)));
}

std::vector<ReportDelivery> ScheduledReports::deliveries(ReportRunId id) {
  std::vector<ReportDelivery> deliveries;
  for (const auto& row : tx_.rows(kDeliveries, id))
    deliveries.push_back({row.get<ReportDeliveryId>("id"), row.get<std::string>("place"), row.get<std::string>("state"),
                          row.get<int>("attempts"), row.get<bool>("in_doubt"),
                          row.get<std::optional<Instant>>("ended_at"), row.get<std::string>("message")});
  return deliveries;
}

void ScheduledReports::begin(ReportRunId id, Instant now, Instant next) {
  tx_.exec(kBegin, id, now, next);
}

void ScheduledReports::made(ReportRunId id, const std::string& file, std::int64_t rows, std::int64_t bytes,
                            const std::string& sha256) {
  tx_.exec(kMade, id, file, rows, bytes, sha256);
}

void ScheduledReports::set_places(ReportRunId id, const std::vector<std::string>& places) {
  tx_.exec(kAddPlaces, id, places);
  tx_.exec(kDropPlaces, id, places);
}

void ScheduledReports::begin_delivery(ReportDeliveryId id) {
  tx_.exec(kBeginDelivery, id);
}

void ScheduledReports::end_delivery(ReportDeliveryId id, const std::string& state, bool in_doubt, Instant now,
                                    const std::string& message) {
  tx_.exec(kEndDelivery, id, state, in_doubt, now, message);
}

void ScheduledReports::give_up(ReportRunId id, Instant now) {
  tx_.exec(kGiveUp, id, now);
}

void ScheduledReports::finish(ReportRunId id, const std::string& state, Instant now, const std::string& message) {
  tx_.exec(kFinish, id, state, now, message);
}

void ScheduledReports::postpone(ReportRunId id, Instant next, const std::string& message) {
  tx_.exec(kPostpone, id, next, message);
}

void ScheduledReports::trim(const std::string& name, int keep) {
  tx_.exec(kTrim, name, keep);
}

}  // namespace visitor::store
