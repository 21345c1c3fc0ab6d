#include <fmt/format.h>

#include "app/replay.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/record.hpp"
#include "cli/views_replay.hpp"
#include "store/journal.hpp"

namespace visitor::cli {
namespace {

struct Options {
  Period period;
  bool dry_run = false;
};

app::ReplayReport look(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  return app::compare_with_facts(work, resolve_past(options.period, session, zone_for(work, {})));
}

app::Actor actor_of(Session& session) {
  db::Transaction tx{session.db()};
  auto actor = session.work(tx).actor;
  tx.commit();
  return actor;
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

void say_how_it_went(const Options& options, const app::ReplayReport& report, Session& session) {
  session.note(fmt::format(
      "Compared {} of {} and {} with {}: {}{}.", counted(static_cast<std::size_t>(report.visits), "visit", "visits"),
      counted(static_cast<std::size_t>(report.guests), "guest", "guests"),
      counted(static_cast<std::size_t>(report.incidents), "incident", "incidents"),
      counted(static_cast<std::size_t>(report.findings), "finding", "findings"),
      counted(report.differences(), "difference", "differences"),
      options.dry_run || report.differences() == 0 ? "" : fmt::format(", {} repaired", report.repaired)));
  for (const auto& [type, count] : report.not_replayable)
    session.note(fmt::format("Left alone: {} of type {}, which no stored event can prove or disprove.",
                             counted(static_cast<std::size_t>(count), "incident", "incidents"), domain::name(type)));
  if (report.switched_off > 0)
    session.note(fmt::format("Left alone: {} of rules that are switched off now.",
                             counted(static_cast<std::size_t>(report.switched_off), "incident", "incidents")));
  if (report.handled > 0)
    session.note(fmt::format("Left alone: {} that no fact supports, but that people have opened or handled.",
                             counted(static_cast<std::size_t>(report.handled), "incident", "incidents")));
}

void run(const Options& options, Session& session) {
  auto report = look(options, session);
  if (!options.dry_run) {
    put_on_record(session, {domain::AuditAction::bulk_operation, store::topic::kEvent, 0,
                            app::Details{}
                                .add("what", "replay")
                                .add("since", report.period.since)
                                .add("until", report.period.until)
                                .add("differences", static_cast<std::int64_t>(report.differences()))});
    report =
        app::repair_from_facts(session.db(), actor_of(session), session.now(), session.settings(), std::move(report));
  }

  if (session.json()) {
    JsonWriter json;
    write(json, report, options.dry_run);
    session.print(json.take());
  } else {
    session.print_table(replay_table(report));
    say_how_it_went(options, report, session);
  }
  const auto left =
      options.dry_run ? report.differences() : report.differences() - static_cast<std::size_t>(report.repaired);
  if (left > 0) session.set_exit_status(info(options.dry_run ? Errc::integrity : Errc::partial).exit_status);
}

}  // namespace

void add_event_replay(Command& event) {
  auto options = std::make_shared<Options>();
  auto& command = event.add("replay", "Recompute visits and incidents from the raw events, and mend what differs");
  command.option("--since", "TIME", options->period.since, "Facts of this time or later")
      .required()
      .option("--until", "TIME", options->period.until, "Facts before this time")
      .default_is("now");
  add_dry_run(command, options->dry_run);
  command
      .details(
          "Folds every guest with events or actions in the period again, asks the rules what they find in it, and "
          "names "
          "each difference with what is stored: a visit in another state, an incident that is missing, one that no "
          "fact "
          "supports. Each is then mended with an audit row: the visit takes the state that follows; a missing incident "
          "is "
          "opened as late, and nobody is alerted; one without support ends as a false alarm, unless a person opened or "
          "handled it.\n"
          "\n"
          "Incidents that no event can prove are left alone and counted: terminal_offline, clock_drift, event_gap, "
          "blocked_guest, other. The rules are those of now, with their thresholds of now.\n"
          "\n"
          "With --dry-run a difference exits 17; without, 3 means that something could not be mended because somebody "
          "else was at it.")
      .fails_with({Errc::partial, Errc::integrity})
      .uses_database()
      .example("visitorctl event replay --since 1d --dry-run", "Is everything as the facts say?")
      .example("visitorctl event replay --since '2026-09-01' --until '2026-09-02'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
