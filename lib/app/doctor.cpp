#include "app/doctor.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>

#include "app/backlog.hpp"
#include "app/jobs.hpp"
#include "app/terminals.hpp"
#include "core/file.hpp"
#include "core/vault.hpp"
#include "core/zone.hpp"
#include "store/sites.hpp"

namespace visitor::app {
namespace {

using domain::TerminalState;
using std::chrono::seconds;

// A daemon asks every ten seconds whether jobs are due, and one of them is due every few seconds.
constexpr seconds kSilent{60};
constexpr std::chrono::hours kRecentGap{24};
constexpr std::int64_t kMuchBacklog = 1000;
constexpr std::chrono::milliseconds kMuchDrift{30'000};  // as the rule clock_drift

Diagnosis good(std::string_view area, std::string what) {
  return {std::string{area}, CheckStatus::ok, "ok", std::move(what), {}, {}, {}};
}

std::string ago(Instant then, Instant now) {
  return format_span(std::chrono::floor<seconds>(std::max(now - then, Instant::duration{0}))) + " ago";
}

const Check& check_of(const Health& health, std::string_view name) {
  return *std::find_if(health.checks.begin(), health.checks.end(), [&](const Check& one) { return one.name == name; });
}

Diagnosis from_check(const Health& health, std::string_view name, std::string_view area, std::string why,
                     std::string mend) {
  const auto& check = check_of(health, name);
  if (check.status == CheckStatus::ok) return good(area, check.message);
  return {std::string{area}, check.status, std::string{name}, check.message, std::move(why), std::move(mend), {}};
}

void diagnose_reports(const HouseFacts& house, std::vector<Diagnosis>& all) {
  bool failed = false;
  for (const auto& one : house.reports) {
    if (is_in_order(one)) continue;
    failed = true;
    all.push_back({"reports",
                   CheckStatus::warning,
                   "report_" + one.state,
                   fmt::format("the scheduled report {} was not handed in", one.report.name),
                   one.problem,
                   "visitorctl report show " + one.report.name,
                   {}});
  }
  if (!failed && !house.reports.empty()) all.push_back(good("reports", reports_check(house.reports).message));
}

void diagnose_daemon(const Work& work, const Health& health, const HouseFacts& house, std::vector<Diagnosis>& all) {
  std::optional<Instant> seen;
  for (const auto& job : house.jobs)
    if (!is_person(job.holder)) seen = std::max(seen.value_or(job.started_at), job.started_at);
  const bool silent = !seen || *seen + kSilent < work.now;
  if (silent)
    all.push_back({"daemon",
                   CheckStatus::critical,
                   "daemon_silent",
                   seen ? "visitord is not running, or does nothing" : "visitord has never run",
                   seen ? "no job was begun since " + ago(*seen, work.now) + "; meanwhile no terminal is read"
                        : "no job was ever begun",
                   "systemctl start visitord (and 'journalctl -u visitord' says why it stopped)",
                   {}});
  else
    all.push_back(good("daemon", "visitord runs; it began a job " + ago(*seen, work.now)));

  bool failed = false;
  for (const auto& job : house.jobs) {
    if (job.ok != false) continue;
    failed = true;
    all.push_back({"jobs",
                   CheckStatus::warning,
                   "job_failed",
                   fmt::format("the last run of {} failed", job.job),
                   job.message,
                   "visitorctl job run " + job.job,
                   {}});
  }
  // That they are overdue is no wonder while nobody runs them.
  if (!failed && !silent)
    all.push_back(
        from_check(health, "scheduler", "jobs", "its next run is overdue though visitord runs", "visitorctl job list"));
}

Diagnosis of_terminal(const TerminalListed& listed, Instant now) {
  const auto& terminal = listed.terminal;
  Diagnosis one{"terminals",
                CheckStatus::warning,
                fmt::format("terminal_{}", domain::name(terminal.state)),
                {},
                {},
                fmt::format("visitorctl terminal test {}", terminal.id),
                terminal.id};
  const auto since = fmt::format("since {}", ago(terminal.state_since, now));
  switch (terminal.state) {
    case TerminalState::fresh:
    case TerminalState::online:
      break;
    case TerminalState::offline:
      one.what = fmt::format("terminal {}, {}, does not answer", terminal.id, terminal.name);
      break;
    case TerminalState::locked:
      one.what = fmt::format("terminal {}, {}, has locked us out", terminal.id, terminal.name);
      one.mend += terminal.locked_until ? fmt::format(" (it is tried again at {})",
                                                      Zone::named(listed.time_zone).stamp(*terminal.locked_until))
                                        : "";
      break;
    case TerminalState::refused:
      one.what = fmt::format("terminal {}, {}, refuses our password", terminal.id, terminal.name);
      one.mend = fmt::format("visitorctl terminal enable {} --password-file FILE", terminal.id);
      break;
    case TerminalState::certificate_changed:
      one.what = fmt::format("terminal {}, {}, shows another certificate", terminal.id, terminal.name);
      one.mend = fmt::format("visitorctl terminal test {} --pin (once you know why it changed)", terminal.id);
      break;
    case TerminalState::error:
      one.what = fmt::format("terminal {}, {}, gives answers that cannot be used", terminal.id, terminal.name);
      break;
  }
  one.why = terminal.last_error.empty() ? since : fmt::format("{}: {}", since, terminal.last_error);
  return one;
}

void diagnose_terminals(const Work& work, const Health& health, const std::vector<TerminalListed>& terminals,
                        std::vector<Diagnosis>& all) {
  const auto& check = check_of(health, "terminals");
  bool bad = false;
  for (const auto& listed : terminals) {
    const auto state = listed.terminal.state;
    if (!listed.terminal.enabled || state == TerminalState::online || state == TerminalState::fresh) continue;
    bad = true;
    auto one = of_terminal(listed, work.now);
    one.status = std::max(one.status, check.status);
    all.push_back(std::move(one));
  }
  if (!bad) all.push_back(good("terminals", check.message));
}

void diagnose_clocks(const std::vector<TerminalListed>& terminals, std::vector<Diagnosis>& all) {
  bool bad = false;
  for (const auto& [terminal, site_name, zone] : terminals) {
    if (!terminal.enabled || !terminal.clock_offset || std::chrono::abs(*terminal.clock_offset) <= kMuchDrift) continue;
    bad = true;
    all.push_back({"clocks", CheckStatus::warning, "clock_drift",
                   fmt::format("the clock of terminal {}, {}, is {:+.0f} s from ours", terminal.id, terminal.name,
                               std::chrono::duration<double>(*terminal.clock_offset).count()),
                   "check-ins count at the time of the terminal's clock",
                   fmt::format("visitorctl terminal clock {} --set (or give it a time server)", terminal.id),
                   terminal.id});
  }
  if (!bad) all.push_back(good("clocks", "no terminal's clock is far off"));
}

void diagnose_logs(const Work& work, const std::vector<TerminalListed>& terminals, std::vector<Diagnosis>& all) {
  bool behind = false;
  for (const auto& backlog : list_backlog(work)) {
    const auto& terminal = backlog.listed.terminal;
    const auto left = terminal.backlog.value_or(0);
    if (!terminal.enabled || left < kMuchBacklog) continue;
    behind = true;
    all.push_back(
        {"backlog", CheckStatus::warning, "backlog",
         fmt::format("terminal {}, {}, holds {} events that are not read yet", terminal.id, terminal.name, left),
         backlog.done_in ? "at the present rate that takes " + format_span(*backlog.done_in)
                         : "nothing was read in the last five minutes",
         "visitorctl terminal backlog", terminal.id});
  }
  if (!behind) all.push_back(good("backlog", "no terminal holds much that is not read"));

  bool gaps = false;
  for (const auto& count : store::Gaps{work.tx, work.scope}.counts(work.now - kRecentGap)) {
    const auto terminal = std::find_if(terminals.begin(), terminals.end(),
                                       [&](const auto& listed) { return listed.terminal.id == count.terminal; });
    if (terminal == terminals.end() || count.missing == 0) continue;
    gaps = true;
    all.push_back({"gaps", CheckStatus::warning, "gaps",
                   fmt::format("terminal {}, {}, skipped {} serial number{} since yesterday", count.terminal,
                               terminal->terminal.name, count.missing, count.missing == 1 ? "" : "s"),
                   "it was asked for them again and does not have them: its log was wiped, or it lost power",
                   fmt::format("visitorctl terminal gaps {}", count.terminal), count.terminal});
  }
  if (!gaps) all.push_back(good("gaps", "no terminal has lost events since yesterday"));
}

void diagnose_doors(const Work& work, const std::vector<TerminalListed>& terminals, std::vector<Diagnosis>& all) {
  std::set<TerminalId> leading;
  for (const auto& listed : store::Doors{work.tx, work.scope}.list())
    if (listed.door.direction != domain::Direction::none) leading.insert(listed.door.terminal);
  bool bad = false;
  for (const auto& [terminal, site_name, zone] : terminals) {
    if (!terminal.enabled || leading.contains(terminal.id)) continue;
    bad = true;
    all.push_back({"doors", CheckStatus::warning, "no_direction",
                   fmt::format("no door of terminal {}, {}, leads in or out", terminal.id, terminal.name),
                   "so nobody is checked in or out there",
                   fmt::format("visitorctl door set {} 1 entry (or exit)", terminal.id), terminal.id});
  }
  if (!bad) all.push_back(good("doors", "every terminal has a door that leads in or out"));
}

Diagnosis diagnose_state(const std::filesystem::path& directory) {
  struct stat status {};
  const Diagnosis bad{"state", CheckStatus::critical, "state_missing", {}, {}, "visitorctl init", {}};
  if (::stat(directory.c_str(), &status) != 0) {
    auto one = bad;
    one.what = fmt::format("the state directory {} cannot be entered", directory.string());
    one.why = errno_text(errno);
    if (errno == EACCES) {
      one.code = "state_denied";
      one.mend = "sudo visitorctl doctor (it belongs to another user)";
    }
    return one;
  }
  if (::access(directory.c_str(), R_OK | W_OK | X_OK) != 0) {
    auto one = bad;
    one.code = "state_denied";
    one.what = fmt::format("the state directory {} cannot be written", directory.string());
    one.why =
        fmt::format("{}; it belongs to user {} and we are user {}", errno_text(errno), status.st_uid, ::geteuid());
    one.mend = "sudo visitorctl doctor";
    return one;
  }
  if ((status.st_mode & 0066U) != 0)
    return {"state",
            CheckStatus::warning,
            "state_open",
            fmt::format("others may read or write the state directory {}", directory.string()),
            fmt::format("its mode is {:04o}", status.st_mode & 07777U),
            fmt::format("chmod go-rw '{}'", directory.string()),
            {}};
  return good("state", fmt::format("the state directory is ours and closed to others"));
}

}  // namespace

Diagnosis diagnosis_of(const Error& error, std::string_view area, std::string_view code) {
  const auto& message = error.message();
  const auto end = message.find('\n');
  return {std::string{area},
          CheckStatus::critical,
          std::string{code},
          message.substr(0, end),
          end == std::string::npos ? "" : message.substr(end + 1),
          error.hint(),
          {}};
}

std::vector<Diagnosis> diagnose_place(const config::Settings& settings) {
  std::vector<Diagnosis> all;
  all.push_back(diagnose_state(settings.state_directory));
  try {
    Vault::open(settings.secrets.key_file);
    all.push_back(good("master_key", "the master key can be read, by us alone"));
  } catch (const Error& error) {
    all.push_back(diagnosis_of(error, "master_key", "key_unusable"));
  }
  return all;
}

Diagnosis diagnose_zones(const Work& work) {
  const auto sites = store::Sites{work.tx, work.scope}.list();
  for (const auto& site : sites) {
    try {
      Zone::named(site.time_zone);
    } catch (const Error& error) {
      auto one = diagnosis_of(error, "time_zones", "zone_unknown");
      one.why = "the system's time zone data is missing or too old";
      one.mend = "apt-get install tzdata";
      return one;
    }
  }
  if (sites.empty())
    return {"time_zones",
            CheckStatus::warning,
            "no_site",
            "there is no site yet",
            "everything happens at a site",
            "visitorctl site add NAME --time-zone ZONE",
            {}};
  return good("time_zones", "the time zones of all sites are known");
}

std::vector<Diagnosis> diagnose_house(const Work& work, const Health& health, const HouseFacts& house) {
  std::vector<Diagnosis> all;
  const auto terminals = list_terminals(work);
  all.push_back(from_check(health, "database", "database", "it is busy, or its disk is slow", "visitorctl db status"));
  all.push_back(from_check(health, "disk", "disk", "PostgreSQL stops when no space is left",
                           "make room where the state directory is, or move it to a larger disk"));
  diagnose_daemon(work, health, house, all);
  all.push_back(from_check(health, "outbox", "outbox",
                           "alerts leave only while visitord runs and their channel takes them",
                           "journalctl -u visitord"));
  if (house.overview.outbox.failed > 0)
    all.push_back({"outbox",
                   CheckStatus::warning,
                   "alerts_failed",
                   fmt::format("{} alert{} could not be delivered and will not be tried again",
                               house.overview.outbox.failed, house.overview.outbox.failed == 1 ? "" : "s"),
                   "their channel refused them, or was away for too long",
                   "visitorctl incident list --open",
                   {}});
  diagnose_reports(house, all);
  diagnose_terminals(work, health, terminals, all);
  diagnose_clocks(terminals, all);
  diagnose_logs(work, terminals, all);
  diagnose_doors(work, terminals, all);
  return all;
}

CheckStatus worst(const std::vector<Diagnosis>& diagnoses) {
  constexpr std::array kOrder{CheckStatus::critical, CheckStatus::unknown, CheckStatus::warning};
  for (const auto status : kOrder)
    if (std::any_of(diagnoses.begin(), diagnoses.end(), [&](const auto& one) { return one.status == status; }))
      return status;
  return CheckStatus::ok;
}

}  // namespace visitor::app
