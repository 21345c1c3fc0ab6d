#include "store/jobs.hpp"

namespace visitor::store {
namespace {

constexpr auto kEnsure = R"sql(
    INSERT INTO job_run (job, started_at, next_run_at)
    SELECT $1, $2, $2
     WHERE NOT EXISTS (SELECT FROM job_run WHERE job = $1)
        ON CONFLICT (job) DO NOTHING)sql";

// Whoever finds the row locked by another daemon leaves the job to it.
constexpr auto kClaim = R"sql(
    UPDATE job_run
       SET started_at = $2, holder = $3, next_run_at = $4
     WHERE job = (SELECT job FROM job_run WHERE job = $1 AND next_run_at <= $2 AND may_act() FOR UPDATE SKIP LOCKED)
 RETURNING job)sql";

constexpr auto kStart = R"sql(
    INSERT INTO job_run (job, started_at, holder, next_run_at)
    VALUES ($1, $2, $3, $4)
        ON CONFLICT (job) DO UPDATE
       SET started_at = $2, holder = $3, next_run_at = $4)sql";

constexpr auto kMakeDue = R"sql(
    INSERT INTO job_run (job, started_at, next_run_at)
    VALUES ($1, $2, $2)
        ON CONFLICT (job) DO UPDATE
       SET next_run_at = least(job_run.next_run_at, $2))sql";

constexpr auto kTakeTurn = R"sql(
    SELECT pg_try_advisory_xact_lock(hashtext('visitor_job_run'), hashtext($1)) AS taken)sql";

constexpr auto kRunning = R"sql(
    SELECT j.job
      FROM job_run j
     WHERE EXISTS (SELECT FROM pg_locks l
                    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
                      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                      AND l.classid = (hashtext('visitor_job_run')::bigint & 4294967295)::oid
                      AND l.objid = (hashtext(j.job)::bigint & 4294967295)::oid)
     ORDER BY j.job)sql";

constexpr auto kFinish = R"sql(
    UPDATE job_run
       SET ended_at = $3, ok = $4, message = $5
     WHERE job = $1 AND holder = $2
 RETURNING job)sql";

constexpr auto kList = R"sql(
    SELECT job, started_at, ended_at, ok, message, next_run_at, holder FROM job_run ORDER BY job)sql";

}  // namespace

bool Jobs::claim(const std::string& job, const std::string& holder, Instant now, std::chrono::seconds period) {
  tx_.exec(kEnsure, job, now);
  return tx_.maybe_row(kClaim, job, now, holder, now + period).has_value();
}

void Jobs::start(const std::string& job, const std::string& holder, Instant now, std::chrono::seconds period) {
  tx_.exec(kStart, job, now, holder, now + period);
}

void Jobs::make_due(const std::string& job, Instant now) {
  tx_.exec(kMakeDue, job, now);
}

bool Jobs::take_turn(const std::string& job) {
  return tx_.row(kTakeTurn, job).get<bool>("taken");
}

std::vector<std::string> Jobs::running() {
  std::vector<std::string> names;
  for (const auto& row : tx_.rows(kRunning)) names.push_back(row.get<std::string>("job"));
  return names;
}

bool Jobs::finish(const std::string& job, const std::string& holder, Instant now, bool ok, const std::string& message) {
  return tx_.maybe_row(kFinish, job, holder, now, ok, message).has_value();
}

std::vector<JobRun> Jobs::list() {
  std::vector<JobRun> runs;
  for (const auto& row : tx_.rows(kList))
    runs.push_back({row.get<std::string>("job"), row.get<Instant>("started_at"),
                    row.get<std::optional<Instant>>("ended_at"), row.get<std::optional<bool>>("ok"),
                    row.get<std::string>("message"), row.get<Instant>("next_run_at"), row.get<std::string>("holder")});
  return runs;
}

}  // namespace visitor::store
