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
     WHERE job = (SELECT job FROM job_run WHERE job = $1 AND next_run_at <= $2 FOR UPDATE SKIP LOCKED)
 RETURNING job)sql";

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
