#include <fmt/format.h>

#include <algorithm>

#include "app/backup_turn.hpp"
#include "cli/arguments.hpp"
#include "cli/backup_watch_commands.hpp"
#include "cli/views_backups.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::optional<int> last, hourly, daily, weekly, monthly, yearly, min_verified;
  std::optional<std::string> within;
  std::optional<std::string> simulate;
  bool dry_run = false;
  bool yes = false;
};

CalendarSpan parse_within(const std::string& text) {
  if (const auto span = parse_calendar_span(text)) return *span;
  throw Error(Errc::usage, fmt::format("'{}' is no span of the calendar", text),
              "Write years, months, days and hours in this order, such as 1y6m14d12h.");
}

/// [backup] keep_…, unless an option speaks of what is kept: then only the options do.
archive::Policy policy_of(const Options& options, const config::Settings& settings) {
  auto policy = app::policy_of(settings);
  const bool own = options.last || options.hourly || options.daily || options.weekly || options.monthly ||
                   options.yearly || options.within;
  if (own) {
    const auto min_verified = policy.min_verified;
    policy = {};
    policy.min_verified = min_verified;
    policy.last = options.last.value_or(0);
    policy.hourly = options.hourly.value_or(0);
    policy.daily = options.daily.value_or(0);
    policy.weekly = options.weekly.value_or(0);
    policy.monthly = options.monthly.value_or(0);
    policy.yearly = options.yearly.value_or(0);
    if (options.within) policy.within = parse_within(*options.within);
  }
  if (options.min_verified) policy.min_verified = *options.min_verified;
  return policy;
}

/// A span from now on, or a date.
Instant future(const std::string& text, const Zone& zone, Instant now) {
  if (const auto span = parse_calendar_span(text))
    return before(now, {-span->years, -span->months, -span->days, -span->hours}, zone);
  return parse_moment(text, now, zone);
}

void simulate(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  const auto zone = app::backup_zone(work);
  const auto until = future(*options.simulate, zone, work.now);
  const auto simulation = app::simulate_prune(work, policy_of(options, work.settings), until);
  std::vector<FutureCopy> rows;
  for (std::size_t i = 0; i < simulation.kept.size(); ++i) rows.push_back({simulation.kept[i], simulation.verdicts[i]});
  session.list("copies", rows, future_table(rows, zone.name()));
  if (!session.json())
    session.note(fmt::format("On {}, of {} copies made until then, {} are kept.", zone.stamp(until), simulation.made,
                             simulation.kept.size()));
  app::check_policy(simulation, zone);
}

void run(const Options& options, Session& session) {
  if (options.simulate) return simulate(options, session);
  const auto policy = policy_of(options, session.settings());
  auto& pool = session.db();
  std::vector<app::PruneItem> items;
  std::string zone;
  app::Actor actor;
  {
    db::Transaction tx{pool};
    const auto work = session.work(tx);
    actor = work.actor;
    zone = app::backup_zone(work).name();
    items = app::plan_prune(work, policy);
    if (!options.dry_run) tx.commit();
  }
  const auto goes = std::ranges::count_if(items, [](const auto& item) { return !item.verdict.keep; });
  if (!options.dry_run && goes > 0) {
    session.confirm(fmt::format("Remove {} of {} copies?", goes, items.size()), options.yes);
    items = app::prune(pool, session.settings(), SystemClock{}, actor, policy);
  }
  session.list("copies", items, prune_table(items, options.dry_run, zone));
  const auto failed = std::ranges::count_if(items, [](const auto& item) { return !item.failure.empty(); });
  if (!session.json())
    session.note(fmt::format("{} of {} copies {}.", goes - failed, items.size(),
                             options.dry_run ? "would be removed" : "were removed"));
  if (failed > 0) {
    session.note(fmt::format("{} could not be removed; the next run tries again.", failed));
    session.set_exit_status(info(failed == goes ? Errc::failed : Errc::partial).exit_status);
  }
}

}  // namespace

void add_backup_prune(Command& backup) {
  auto options = std::make_shared<Options>();
  auto& command =
      backup.add("prune", "Remove copies of backups that no rule keeps, and say why of each")
          .details(
              "Rules stand as keep_… in [backup], and mean what they mean for restic: natural hours, days, weeks, "
              "months and years of [backup] time_zone, the newest of each, and the oldest of all while a rule has "
              "some left. What one rule keeps is kept. Each target is looked at by itself. Copies on hold stay, the "
              "newest verified ones of each target do, and the only verified copy always does. With an option that "
              "says what is kept, only such options count. A policy under which no verified copy might be left is "
              "refused.")
          .option("--simulate", "SPAN", options->simulate,
                  "Show what would be there after this span (3y, 6m14d) or on that date, with a backup every night")
          .option("--keep-last", "N", options->last, "Instead of the configuration: keep the last N")
          .option("--keep-hourly", "N", options->hourly, "Keep the newest of the last N hours that have one")
          .option("--keep-daily", "N", options->daily, "The same for days")
          .option("--keep-weekly", "N", options->weekly, "The same for weeks")
          .option("--keep-monthly", "N", options->monthly, "The same for months")
          .option("--keep-yearly", "N", options->yearly, "The same for years")
          .option("--keep-within", "SPAN", options->within, "Keep all within this span before the newest")
          .option("--min-verified", "N", options->min_verified, "Verified copies that each target keeps at least");
  add_dry_run(command, options->dry_run);
  command.flag("-y,--yes", options->yes, kYesHelp)
      .fails_with({Errc::partial, Errc::conflict, Errc::config})
      .uses_database()
      .example("visitorctl backup prune --dry-run")
      .example("visitorctl backup prune --simulate 3y", "what will be there in three years")
      .example("visitorctl backup prune --keep-daily 7 --keep-weekly 4 --dry-run", "try another policy")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
