#include "app/jobs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "app/alert_routing.hpp"
#include "app/backup_watch.hpp"
#include "app/backups.hpp"
#include "app/canary.hpp"
#include "app/changes.hpp"
#include "app/checks.hpp"
#include "app/details.hpp"
#include "app/digests.hpp"
#include "app/journal.hpp"
#include "app/log_in.hpp"
#include "app/report_jobs.hpp"
#include "app/timers.hpp"
#include "core/log.hpp"
#include "store/events.hpp"

namespace visitor::app {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Later than this, nobody runs it: a daemon asks every ten seconds.
constexpr seconds kOverdue{60};

using JobId = Id<struct JobTag>;

constexpr std::string_view kPerson = "visitorctl:";

std::string counted(int count, std::string_view what) {
  return count == 0 ? "" : fmt::format("{} {}", count, what);
}

/// This month's and the next two, so that no page has to make one in a hurry.
std::string make_partitions(const Work& work) {
  const std::array<Instant, 3> moments{work.now, work.now + hours{31 * 24}, work.now + hours{62 * 24}};
  store::Events{work.tx, domain::Scope::everything()}.ensure_partitions(moments);
  return "";
}

Error somebody_is_at_it(db::Transaction& tx, const std::string& name) {
  std::string who = "somebody else";
  std::string since;
  for (const auto& run : store::Jobs{tx}.list()) {
    if (run.job != name) continue;
    if (!run.holder.empty()) who = run.holder;
    since = " since " + to_iso(run.started_at);
  }
  return {Errc::conflict, fmt::format("job {} is being run by {}{}", name, who, since),
          "Wait until it is done; 'visitorctl job list' shows how that went."};
}

/// The work between claim and end. Nothing where somebody else is at it.
/// \param failed  called where the job has failed and that is noted, before its error goes on
std::optional<std::string> work_off(const JobRunner& runner, const Job& job, const std::stop_token& stop,
                                    const std::function<void(const Error&)>& failed) {
  const db::TransactionOptions options{.stop = stop};
  const auto finish = [&](bool ok, const std::string& message) {
    db::with_retry(
        runner.pool, 3,
        [&](db::Transaction& tx) { store::Jobs{tx}.finish(job.name, runner.holder, runner.clock.now(), ok, message); },
        options);
  };
  std::optional<std::string> done;
  try {
    done = db::with_retry(
        runner.pool, 3,
        [&](db::Transaction& tx) -> std::optional<std::string> {
          if (!store::Jobs{tx}.take_turn(job.name)) return std::nullopt;
          return job.run(Work{tx, runner.actor, runner.clock.now(), runner.settings, domain::Scope::everything()});
        },
        options);
  } catch (const Error& error) {
    if (error.code() == Errc::database_lost || error.code() == Errc::interrupted) throw;
    finish(false, error.message());
    failed(error);
    throw;
  }
  if (!done) return std::nullopt;
  if (!done->empty()) log::info("{}: {}", job.name, *done);
  finish(true, *done);
  return done;
}

}  // namespace

std::vector<Job> jobs(const config::Settings& settings) {
  std::vector<Job> all{
      {"close_presumed_left", minutes{1}, "Close visits that nobody has ended, long after the entry.",
       [](const Work& work) { return counted(close_presumed_left(work), "visit(s) closed"); }},
      {"digests", minutes{1}, "Send the daily summary and the weekly incident report when they are due.",
       [](const Work& work) { return counted(queue_digests(work), "digest(s) queued"); }},
      {"escalate", seconds{10}, "Tell the next ones of incidents that nobody has answered, and remind.",
       [](const Work& work) { return counted(escalate(work), "alert(s) queued"); }},
      {"mark_no_shows", minutes{1}, "Mark visits that nobody came to by the end of the expected day.",
       [](const Work& work) { return counted(mark_no_shows(work), "visit(s) marked"); }},
      {"partitions", hours{1}, "Make the tables that the events of the coming months go into.", make_partitions},
      {"purge_log_ins", hours{1},
       "Delete sessions a month after their end, and tries at logging in that count no more.",
       [](const Work& work) { return counted(static_cast<int>(purge_log_ins(work)), "row(s) deleted"); }},
      {"purge_reports", minutes{10}, "Delete reports that were asked for through the API, a day after they were made.",
       [](const Work& work) { return counted(static_cast<int>(purge_report_jobs(work)), "report(s) deleted"); }},
      {"timed_rules", settings.rules.interval, "Apply the rules that look at the clock.",
       [](const Work& work) { return counted(run_timed_rules(work), "incident(s) opened"); }},
      {"trim_changes", minutes{10}, "Delete what the change feed need not keep any longer.",
       [](const Work& work) { return counted(trim_changes(work), "change(s) deleted"); }},
  };
  if (!settings.backup.targets.empty() || !settings.backup.wal.directory.empty())
    all.push_back({"watch_backups", minutes{1}, "Look whether there is a good backup, and open incidents where not.",
                   [](const Work& work) { return counted(watch_backups(work), "incident(s) opened"); }});
  if (settings.alerts.canary_interval.count() > 0)
    all.push_back({"send_canaries", settings.alerts.canary_interval, "Send a canary to everybody in canary_to.",
                   [](const Work& work) { return counted(send_canaries(work), "canary(s) sent"); }});
  return all;
}

std::string person_holder(std::string_view login, std::string_view host, int process) {
  return fmt::format("{}{}@{}:{}", kPerson, login, host, process);
}

bool is_person(std::string_view holder) {
  return holder.starts_with(kPerson);
}

std::optional<std::string> run_job_if_due(const JobRunner& runner, const Job& job, seconds lasts,
                                          std::stop_token stop) {
  const bool ours = db::with_retry(runner.pool, 3,
                                   [&](db::Transaction& tx) {
                                     store::Jobs store{tx};
                                     return store.take_turn(job.name) &&
                                            store.claim(job.name, runner.holder, runner.clock.now(), lasts);
                                   },
                                   {.stop = stop});
  if (!ours) return std::nullopt;
  return work_off(runner, job, stop, [](const Error&) {});
}

std::string run_job(const JobRunner& runner, const Job& job) {
  db::with_retry(runner.pool, 3, [&](db::Transaction& tx) {
    store::Jobs store{tx};
    if (!store.take_turn(job.name)) throw somebody_is_at_it(tx, job.name);
    if (const auto held =
            held_back({tx, runner.actor, runner.clock.now(), runner.settings, domain::Scope::everything()}))
      throw Error(Errc::conflict, fmt::format("no job runs: the database was {}", held->why),
                  "Run 'visitorctl resume' to let it work again.");
    store.start(job.name, runner.holder, runner.clock.now(), std::chrono::ceil<seconds>(job.period));
  });
  const auto failed = [&](const Error& error) {
    throw Error(Errc::failed, fmt::format("job {} failed: {}", job.name, error.message()), error.hint());
  };
  if (auto done = work_off(runner, job, {}, failed)) return *std::move(done);
  db::Transaction tx{runner.pool, {.read_only = true}};
  throw somebody_is_at_it(tx, job.name);
}

std::vector<JobListed> list_jobs(const Work& work) {
  store::Jobs store{work.tx};
  std::map<std::string, store::JobRun> runs;
  for (auto& run : store.list()) runs.emplace(run.job, run);
  const auto running = store.running();
  std::vector<JobListed> listed;
  for (auto& job : jobs(work.settings)) {
    std::optional<store::JobRun> last;
    if (const auto run = runs.find(job.name); run != runs.end()) last = run->second;
    const bool now = std::find(running.begin(), running.end(), job.name) != running.end();
    listed.push_back({std::move(job), std::move(last), now});
  }
  std::sort(listed.begin(), listed.end(), [](const auto& a, const auto& b) { return a.job.name < b.job.name; });
  return listed;
}

std::string_view state_of(const JobListed& listed, Instant now) {
  if (listed.running) return "running";
  if (!listed.last) return "never ran";
  if (listed.last->next_run_at + kOverdue < now) return "overdue";
  if (!listed.last->ok) return "did not end";
  return *listed.last->ok ? "ok" : "failed";
}

JobListed request_job(const Work& work, std::string_view name) {
  const auto job = get_job(work.settings, name);
  store::Jobs{work.tx}.make_due(job.name, work.now);
  journal(work).audit(domain::AuditAction::update, "job", JobId{},
                      Details{}.add("requested", std::string_view{job.name}).json());
  auto listed = list_jobs(work);
  return std::move(*std::ranges::find_if(listed, [&](const JobListed& one) { return one.job.name == job.name; }));
}

Job get_job(const config::Settings& settings, std::string_view name) {
  std::vector<std::string> names;
  for (auto& job : jobs(settings)) {
    if (job.name == name) return std::move(job);
    names.push_back(job.name);
  }
  throw Error(Errc::not_found, fmt::format("there is no job '{}'", name),
              near_hint(name, names, "Run 'visitorctl job list' to see them."));
}

}  // namespace visitor::app
