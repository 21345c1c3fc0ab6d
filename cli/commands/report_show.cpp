#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/export_commands.hpp"
#include "cli/session.hpp"
#include "cli/views.hpp"
#include "cli/views_reports.hpp"

namespace visitor::cli {
namespace {

constexpr int kRuns = 10;

struct Options {
  std::string name;
};

struct Shown {
  const app::ScheduledReport& report;
  const std::vector<app::ReportRunShown>& runs;
};

void write(JsonWriter& json, const Shown& shown) {
  json.begin_object().key("report");
  write(json, shown.report);
  json.key("runs").begin_array();
  for (const auto& one : shown.runs) write(json, one);
  json.end().end();
}

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  const auto listed = app::get_scheduled_report(work, options.name);
  const auto& report = listed.report;
  const auto runs = app::list_report_runs(work, report.name, kRuns);
  Card card;
  card.add("Name", report.name);
  card.add("Report", fmt::format("{}, {}", report.report, report.format));
  card.add("With the rights of", report.as);
  card.add("When", fmt::format("{} ({})", when_text(report), listed.zone.name()));
  card.add("Next", time_cell(listed.next, listed.zone.name()));
  card.add("To", fmt::format("{}", fmt::join(report.recipients, ", ")));
  card.add("Into", fmt::format("{}", fmt::join(report.targets, ", ")));
  Cell state{listed.state};
  state.tone = tone_of(listed);
  card.add("State", state);
  card.add("Remark", listed.problem);
  session.show(Shown{listed, runs}, card);
  if (session.json() || runs.empty()) return;
  if (session.for_people()) session.print("\n");
  session.print_table(run_table(runs, session.now(), listed.zone));
}

}  // namespace

void add_report_show(Command& group) {
  auto options = std::make_shared<Options>();
  group.add("show", "Show a report that is made by itself, with its last runs and where they went")
      .positional("NAME", options->name, "Name of the [[report]]")
      .required()
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl report show week")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
