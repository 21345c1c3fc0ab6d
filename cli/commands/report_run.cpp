#include <fmt/format.h>

#include <algorithm>

#include "cli/export_commands.hpp"
#include "cli/session.hpp"
#include "cli/stop_on_signal.hpp"
#include "cli/views_reports.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string name;
  bool dry_run = false;
};

struct Planned {
  const app::ReportPlan& plan;
};

void write(JsonWriter& json, const Planned& planned) {
  const auto& plan = planned.plan;
  json.begin_object().member("name", std::string_view{plan.name}).member("file", std::string_view{plan.file});
  json.member("expected_rows", plan.expected_rows).member("by", std::string_view{plan.cover.who});
  json.member("time_zone", std::string_view{plan.cover.zone.name()}).key("places").begin_array();
  for (const auto& [place, problem] : plan.places)
    json.begin_object().member("place", std::string_view{place}).text_member("problem", problem).end();
  json.end().end();
}

void plan(const app::ReportRunner& runner, const Options& options, Session& session) {
  const auto plan = app::plan_report(runner, options.name);
  Table table{{{"Where"}, {"Problem"}}};
  std::string problem;
  for (const auto& one : plan.places) {
    table.add({one.place, one.problem});
    if (problem.empty() && !one.problem.empty()) problem = fmt::format("{}: {}", one.place, one.problem);
  }
  session.show(Planned{plan}, table);
  session.note(fmt::format("Would make {} with about {} rows, with the rights of {}. (Dry run: nothing was made.)",
                           plan.file, plan.expected_rows, plan.cover.who));
  if (!problem.empty()) throw Error(Errc::delivery, problem, "Mend that; visitord would try it again and again.");
}

void run(const Options& options, Session& session) {
  const StopOnSignal stop;
  const SystemClock clock;
  auto& pool = session.db();
  const auto actor = options.dry_run
                         ? app::Actor{{}, Session::os_user(), domain::ActionHow::person, session.origin()}
                         : db::with_retry(pool, 3, [&](db::Transaction& tx) { return session.work(tx).actor; });
  const app::ReportRunner runner{.pool = pool,
                                 .settings = session.settings(),
                                 .vault = session.vault(),
                                 .actor = actor,
                                 .clock = clock,
                                 .stop = stop.token()};
  if (options.dry_run) return plan(runner, options, session);
  const auto shown = app::make_report_now(runner, options.name);
  const auto& made = shown.run;
  if (made.state == "done")
    return session.done(shown, fmt::format("Made {} with {} {}, and handed it in at {} {}.", made.file, made.rows,
                                           made.rows == 1 ? "row" : "rows", shown.deliveries.size(),
                                           shown.deliveries.size() == 1 ? "place" : "places"));
  const bool some = std::ranges::any_of(shown.deliveries, [](const auto& one) { return one.state == "sent"; });
  throw Error(
      some                ? Errc::partial
      : made.file.empty() ? Errc::failed
                          : Errc::delivery,
      fmt::format("report {}: {}", options.name, made.message),
      made.state == "waiting"
          ? fmt::format("visitord tries it again; 'visitorctl report show {}' says how that goes.", options.name)
          : fmt::format("Run 'visitorctl report show {}' to see what arrived.", options.name));
}

}  // namespace

void add_report_run(Command& group) {
  auto options = std::make_shared<Options>();
  group.add("run", "Make a report that is made by itself now, and hand it in, due or not")
      .details(
          "It goes to everybody and everything that its [[report]] names, with the rights of the account named there. "
          "What does not arrive is tried again by visitord. When it is due next does not change.\n"
          "\n"
          "With --dry-run nothing is made: accounts, filter, recipients, folders and buckets are tried.")
      .positional("NAME", options->name, "Name of the [[report]]")
      .required()
      .flag("-n,--dry-run", options->dry_run, "Only try what it needs, and say where it would go")
      .fails_with({Errc::failed, Errc::partial, Errc::not_found, Errc::conflict, Errc::denied, Errc::delivery})
      .uses_database()
      .example("visitorctl report run week --dry-run")
      .example("visitorctl report run week")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
