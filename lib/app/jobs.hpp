#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "app/work.hpp"
#include "core/clock.hpp"
#include "db/pool.hpp"
#include "store/jobs.hpp"

/// What one of all daemons on a database does per period. Table job_run keeps when each ran and how that went.
namespace visitor::app {

struct Job {
  std::string name;
  std::chrono::milliseconds period;
  std::string sentence;  ///< what it does, for people
  /// Runs in a transaction that is committed after it; again after a serialization failure or a deadlock.
  /// \returns what was done, for job_run; empty where nothing was
  std::function<std::string(const Work&)> run;
};

/// Every job once.
std::vector<Job> jobs(const config::Settings& settings);

/// Who runs jobs, and with what.
struct JobRunner {
  db::Pool& pool;
  const config::Settings& settings;
  const Actor& actor;
  const Clock& clock;
  const std::string& holder;  ///< names this process among all that share the database
};

/// What a person who runs a job by hand is called as a holder, and whether \p holder is one.
std::string person_holder(std::string_view login, std::string_view host, int process);
bool is_person(std::string_view holder);

/// Runs \p job where it is due and nobody else has taken it.
/// \param lasts  for how long the claim holds: the next run is due then
/// \returns what was done; nothing where it is not due, or somebody else is at it
/// \throws  what the job throws; job_run keeps the message
std::optional<std::string> run_job_if_due(const JobRunner& runner, const Job& job, std::chrono::seconds lasts,
                                          std::stop_token stop = {});

/// Runs \p job now, due or not. The next run is due one period later.
/// \throws Error conflict  somebody else is at it; says who, and since when
/// \throws Error failed    the job throws
std::string run_job(const JobRunner& runner, const Job& job);

/// A job and its last run.
struct JobListed {
  Job job;
  std::optional<store::JobRun> last;
  bool running = false;  ///< right now, by somebody
};
/// By name.
std::vector<JobListed> list_jobs(const Work& work);
/// "running", "never ran", "overdue", "did not end", "ok" or "failed".
std::string_view state_of(const JobListed& listed, Instant now);
/// Makes it due, so that a daemon runs it within seconds. Writes its audit row.
/// \throws Error not_found  as get_job()
JobListed request_job(const Work& work, std::string_view name);
/// \throws Error not_found  the hint names a near one
Job get_job(const config::Settings& settings, std::string_view name);

}  // namespace visitor::app
