#include "app/health.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "app/metrics.hpp"
#include "core/text.hpp"
#include "core/zone.hpp"
#include "domain/incident.hpp"
#include "domain/terminal.hpp"

namespace visitor::app {
namespace {

using domain::TerminalState;
using std::chrono::seconds;

constexpr double kSlowMs = 1000;
constexpr double kOutboxWarning = 60, kOutboxCritical = 600;
constexpr double kSchedulerWarning = 60, kSchedulerCritical = 300;
constexpr double kDiskWarning = 10, kDiskCritical = 5;
constexpr std::string_view kBackup = "backup";
constexpr std::chrono::milliseconds kStatementDeadline{2'000};
constexpr auto kNotKnown = "not known while the database does not answer";

CheckStatus above(double value, double warning, double critical) {
  return value >= critical ? CheckStatus::critical : value >= warning ? CheckStatus::warning : CheckStatus::ok;
}

double seconds_between(Instant from, Instant to) {
  return std::max(0.0, std::floor(std::chrono::duration<double>(to - from).count()));
}

std::string span(double count) {
  return format_span(seconds{static_cast<long long>(count)});
}

std::int64_t count_of(const Overview& overview, TerminalState state) {
  return overview.terminals[static_cast<std::size_t>(state)];
}

Check database_check(const std::optional<HouseFacts>& house) {
  Check check{"database", CheckStatus::critical, {}, "ms", kSlowMs, {}, "the database does not answer"};
  if (!house) return check;
  check.value = static_cast<double>(house->answered_in.count());
  check.status = above(*check.value, kSlowMs, HUGE_VAL);
  check.message = fmt::format("the database answers in {} ms", house->answered_in.count());
  return check;
}

Check terminals_check(const std::optional<HouseFacts>& house) {
  Check check{"terminals", CheckStatus::unknown, {}, "", 1, {}, kNotKnown};
  if (!house) return check;
  const auto& overview = house->overview;
  const auto enabled = overview.terminals_enabled;
  const auto bad = enabled - count_of(overview, TerminalState::online) - count_of(overview, TerminalState::fresh);
  check.value = static_cast<double>(bad);
  if (enabled > 0) check.critical = static_cast<double>(enabled);
  if (enabled == 0) {
    check.status = CheckStatus::ok;
    check.message = "there are no terminals";
  } else if (bad == 0) {
    check.status = CheckStatus::ok;
    check.message = enabled == 1 ? "the terminal answers" : fmt::format("all {} terminals answer", enabled);
  } else {
    check.status = bad >= enabled ? CheckStatus::critical : CheckStatus::warning;
    check.message = fmt::format("{} of {} terminals {} not answer", bad, enabled, bad == 1 ? "does" : "do");
  }
  return check;
}

Check outbox_check(const std::optional<HouseFacts>& house, Instant now) {
  Check check{"outbox", CheckStatus::unknown, {}, "s", kOutboxWarning, kOutboxCritical, kNotKnown};
  if (!house) return check;
  const auto& outbox = house->overview.outbox;
  const double age = outbox.oldest ? seconds_between(*outbox.oldest, now) : 0;
  check.value = age;
  check.status = above(age, kOutboxWarning, kOutboxCritical);
  check.message = outbox.waiting == 0 ? "no alert is waiting"
                  : !outbox.oldest    ? fmt::format("{} alert{} put off on purpose", outbox.waiting,
                                                 outbox.waiting == 1 ? " is" : "s are")
                                      : fmt::format("{} alert{} waiting, the oldest for {}", outbox.waiting,
                                                 outbox.waiting == 1 ? " is" : "s are", span(age));
  return check;
}

Check scheduler_check(const std::optional<HouseFacts>& house, const std::vector<LoopFact>& loops, Instant now) {
  Check check{"scheduler", CheckStatus::unknown, {}, "s", kSchedulerWarning, kSchedulerCritical, kNotKnown};
  if (house && house->overview.held_since) {
    check.status = CheckStatus::warning;
    check.message = "the database was restored, and does nothing by itself until 'visitorctl resume'";
    return check;
  }
  std::string failed;
  if (house) {
    double behind = 0;
    std::string latest;
    for (const auto& job : house->jobs) {
      if (const auto late = seconds_between(job.next_run_at, now); late > behind) {
        behind = late;
        latest = job.job;
      }
      if (failed.empty() && job.ok == false) failed = job.job;
    }
    check.value = behind;
    check.status = above(behind, kSchedulerWarning, kSchedulerCritical);
    if (house->jobs.empty()) {
      check.status = CheckStatus::critical;
      check.value = {};
      check.message = "no job has ever run; is visitord running?";
    } else if (check.status != CheckStatus::ok) {
      check.message = fmt::format("{} is behind by {}; is visitord running?", latest, span(behind));
    } else {
      check.message = "all jobs run on time";
    }
  }
  for (const auto& loop : loops) {
    if (loop.stalled) {
      check.status = CheckStatus::critical;
      check.message = fmt::format("{} has stalled", loop.name);
      return check;
    }
    if (loop.failing && failed.empty()) failed = loop.name;
  }
  if (!failed.empty() && check.status == CheckStatus::ok) {
    check.status = CheckStatus::warning;
    check.message = fmt::format("the last run of {} failed; the log says why", failed);
  }
  return check;
}

Check canary_check(const CanaryFacts& canary, Instant now) {
  const auto interval = static_cast<double>(canary.interval.count());
  Check check{"canary", CheckStatus::ok, 0.0, "s", 2 * interval, 3 * interval, "no channel is named for canaries"};
  if (canary.channels.empty()) return check;
  const auto worst = std::ranges::min_element(
      canary.channels, {}, [&](const CanaryFacts::Channel& channel) { return channel.silent_since.value_or(now); });
  check.value = seconds_between(worst->silent_since.value_or(now), now);
  check.status = above(*check.value, *check.warning, *check.critical);
  check.message = !worst->silent_since ? "no canary has been sent yet"
                  : check.status == CheckStatus::ok
                      ? "every channel takes its canaries"
                      : fmt::format("{} has taken no canary for {}", domain::name(worst->channel), span(*check.value));
  return check;
}

std::string bytes_text(std::uint64_t bytes) {
  const auto mib = static_cast<double>(bytes) / (1 << 20);
  return mib >= 1024 ? fmt::format("{:.1f} GiB", mib / 1024) : fmt::format("{:.0f} MiB", mib);
}

Check disk_check(const std::optional<DiskFacts>& disk) {
  Check check{"disk", CheckStatus::unknown, {}, "%", kDiskWarning, kDiskCritical, "the free space cannot be told"};
  if (!disk || disk->size_bytes == 0) return check;
  const double percent = 100.0 * static_cast<double>(disk->free_bytes) / static_cast<double>(disk->size_bytes);
  check.value = std::round(percent * 10) / 10;
  check.status = percent <= kDiskCritical  ? CheckStatus::critical
                 : percent <= kDiskWarning ? CheckStatus::warning
                                           : CheckStatus::ok;
  check.message = fmt::format("{} free", bytes_text(disk->free_bytes));
  return check;
}

std::optional<DiskFacts> file_system_of(std::filesystem::path path) {
  struct statvfs status {};
  while (statvfs(path.c_str(), &status) != 0) {
    if (!path.has_relative_path()) return std::nullopt;
    path = path.parent_path();
  }
  return DiskFacts{static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize,
                   static_cast<std::uint64_t>(status.f_blocks) * status.f_frsize};
}

double share(const DiskFacts& disk) {
  return disk.size_bytes == 0 ? 1.0 : static_cast<double>(disk.free_bytes) / static_cast<double>(disk.size_bytes);
}

/// Whoever makes no backups, or has others make them, is told so, and left alone.
bool counts(const Check& check) {
  return check.name != kBackup || check.status != CheckStatus::unknown;
}

/// Numbers as JSON and perfdata want them: without a trailing ".0".
std::string number(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : "";
}

}  // namespace

std::string_view name(CheckStatus status) {
  constexpr std::array<std::string_view, 4> kNames{"ok", "warning", "critical", "unknown"};
  return kNames[static_cast<std::size_t>(status)];
}

std::string_view name(HealthStatus status) {
  constexpr std::array<std::string_view, 3> kNames{"healthy", "degraded", "unhealthy"};
  return kNames[static_cast<std::size_t>(status)];
}

Health assess(const HealthInput& input) {
  Health health;
  health.timestamp = input.now;
  health.checks = {database_check(input.house), terminals_check(input.house), outbox_check(input.house, input.now),
                   scheduler_check(input.house, input.loops, input.now), disk_check(input.disk)};
  if (input.house && input.house->canary.interval.count() > 0)
    health.checks.push_back(canary_check(input.house->canary, input.now));
  if (input.house) health.checks.push_back(backup_check(input.house->backup, input.now));
  if (input.house && !input.house->reports.empty()) health.checks.push_back(reports_check(input.house->reports));
  const auto any = [&](CheckStatus status) {
    return std::ranges::any_of(health.checks,
                               [&](const Check& check) { return check.status == status && counts(check); });
  };
  if (any(CheckStatus::critical))
    health.status = HealthStatus::unhealthy;
  else if (any(CheckStatus::warning) || any(CheckStatus::unknown))
    health.status = HealthStatus::degraded;
  return health;
}

HouseFacts look_at_house(db::Pool& pool, const config::Settings& settings, const Clock& clock, std::stop_token stop) {
  HouseFacts facts;
  const auto begin = std::chrono::steady_clock::now();
  db::Transaction tx{pool,
                     {.isolation = db::Isolation::repeatable_read,
                      .read_only = true,
                      .statement_deadline = kStatementDeadline,
                      .stop = std::move(stop)}};
  const Actor nobody;
  const Work work{tx, nobody, clock.now(), settings, domain::Scope::everything()};
  facts.overview = overview(work);
  facts.canary = canary_facts(work);
  facts.backup = backup_facts(work);
  facts.reports = list_scheduled_reports(work);
  facts.jobs = store::Jobs{tx}.list();
  facts.answered_in = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  return facts;
}

std::optional<DiskFacts> look_at_disk(const config::Settings& settings) {
  auto fuller = file_system_of(settings.state_directory);
  if (settings.database.url.empty() && !settings.database.directory.empty()) {
    const auto other = file_system_of(settings.database.directory);
    if (!fuller || (other && share(*other) < share(*fuller))) fuller = other;
  }
  return fuller;
}

std::string to_json(const Health& health) {
  std::vector<std::string> checks;
  for (const auto& check : health.checks) {
    std::string fields = fmt::format("\"status\":\"{}\"", name(check.status));
    if (check.value) fields += fmt::format(",\"value\":{}", number(check.value));
    fields += fmt::format(",\"unit\":{}", json_quote(check.unit));
    if (check.warning) fields += fmt::format(",\"warning\":{}", number(check.warning));
    if (check.critical) fields += fmt::format(",\"critical\":{}", number(check.critical));
    checks.push_back(
        fmt::format("{}:{{{},\"message\":{}}}", json_quote(check.name), fields, json_quote(check.message)));
  }
  return fmt::format("{{\"status\":\"{}\",\"timestamp\":\"{}\",\"checks\":{{{}}}}}", name(health.status),
                     to_iso(health.timestamp), fmt::join(checks, ","));
}

std::string to_plugin_line(const Health& health) {
  constexpr std::array<std::string_view, 3> kWords{"OK", "WARNING", "CRITICAL"};
  std::vector<std::string> said, figures;
  for (const auto& check : health.checks) {
    // What is wrong is said; where nothing is wrong, everything.
    if (health.status == HealthStatus::healthy || (check.status != CheckStatus::ok && counts(check)))
      said.push_back(check.message);
    if (!check.value) continue;
    // A threshold from below is written with a colon, and milliseconds and counts as they are.
    const auto* colon = check.name == "disk" ? ":" : "";
    figures.push_back(fmt::format("{}={}{};{}{};{}{}", check.name, number(check.value), check.unit,
                                  number(check.warning), check.warning ? colon : "", number(check.critical),
                                  check.critical ? colon : ""));
  }
  return fmt::format("VISITOR {} - {} | {}", kWords[static_cast<std::size_t>(plugin_status(health))],
                     fmt::join(said, "; "), fmt::join(figures, " "));
}

int plugin_status(const Health& health) {
  return static_cast<int>(health.status);
}

void add_gauges(MetricsText& out, const std::optional<HouseFacts>& house, Instant now) {
  if (!house) return;
  const auto& overview = house->overview;
  const auto count = [](std::int64_t value) { return static_cast<double>(value); };
  out.gauge("visitor_people_inside", "Visits that are checked in.", count(overview.inside));
  out.gauge("visitor_visits_awaiting", "Visits expected today that have not begun.", count(overview.awaiting_today));
  out.family("visitor_incidents_open", "gauge", "Incidents that nobody has ended, by severity.");
  for (const auto& row : domain::names<domain::Severity>())
    out.sample("visitor_incidents_open", {{"severity", std::string{row.name}}},
               count(overview.open_incidents[static_cast<std::size_t>(row.value)]));
  out.family("visitor_terminals", "gauge", "Enabled terminals, by state.");
  for (const auto& row : domain::names<TerminalState>())
    out.sample("visitor_terminals", {{"state", std::string{row.name}}}, count(count_of(overview, row.value)));
  out.gauge("visitor_terminal_backlog_events", "Events that terminals hold and we have not read.",
            count(overview.backlog));
  const auto& outbox = overview.outbox;
  const auto age = [&](const std::optional<Instant>& since) { return since ? seconds_between(*since, now) : 0; };
  out.gauge("visitor_outbox_waiting", "Deliveries that have not come to their end.", count(outbox.waiting));
  out.gauge("visitor_outbox_failed", "Deliveries given up.", count(outbox.failed));
  out.gauge("visitor_outbox_oldest_seconds", "How long the oldest delivery on its way has been due; 0 where none is.",
            age(outbox.oldest));
  const auto per_channel = [&](std::string_view name, std::string_view help, const auto& value_of) {
    out.family(name, "gauge", help);
    for (const auto& channel : outbox.channels)
      out.sample(name, {{"channel", std::string{domain::name(channel.channel)}}}, value_of(channel));
  };
  per_channel("visitor_channel_waiting", "Deliveries that have not come to their end, by channel.",
              [&](const store::ChannelBacklog& channel) { return count(channel.waiting); });
  per_channel("visitor_channel_failed", "Deliveries given up, by channel.",
              [&](const store::ChannelBacklog& channel) { return count(channel.failed); });
  per_channel("visitor_channel_oldest_seconds",
              "How long the oldest delivery on its way has been due, by channel; 0 where none is.",
              [&](const store::ChannelBacklog& channel) { return age(channel.oldest); });
  if (!house->canary.channels.empty())
    out.family("visitor_canary_age_seconds", "gauge", "How long ago a channel last took a canary.");
  for (const auto& channel : house->canary.channels)
    out.sample("visitor_canary_age_seconds", {{"channel", std::string{domain::name(channel.channel)}}},
               seconds_between(channel.silent_since.value_or(now), now));
  add_backup_gauges(out, house->backup);
  if (!house->reports.empty())
    out.gauge("visitor_reports_failing", "Scheduled reports that were not handed in.",
              *reports_check(house->reports).value);
  if (overview.last_event_at)
    out.gauge("visitor_last_event_timestamp_seconds", "Device time of the newest event.",
              std::chrono::duration<double>(overview.last_event_at->time_since_epoch()).count());
}

}  // namespace visitor::app
