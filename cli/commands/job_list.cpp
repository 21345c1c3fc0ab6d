#include "app/json_views.hpp"
#include "app/remote/records.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

Tone tone_of(std::string_view state) {
  return state == "ok" ? Tone::good : state == "running" ? Tone::plain : state == "failed" ? Tone::bad : Tone::warning;
}

void run(Session& session) {
  const auto [jobs, zone] = read_house(session, [](auto& house) {
    return std::pair{app::list_jobs(house), zone_for(house, std::nullopt).name()};
  });
  std::vector<app::JobShown> rows;
  Table table{{{"Job"},
               {"State"},
               {"Every", Column::Align::right},
               {"Started"},
               {"Next"},
               {"Said", {}, Column::Fit::give},
               {"By", {}, Column::Fit::give},
               {"What it does", {}, Column::Fit::give}}};
  for (const auto& listed : jobs) {
    rows.push_back({listed, session.now()});
    const auto& [job, last, running] = listed;
    const auto state = state_of(listed, session.now());
    table.add({job.name,
               {std::string{state}, tone_of(state)},
               span_cell(std::chrono::ceil<std::chrono::seconds>(job.period)),
               last ? short_precise_time_cell(last->started_at, session.now(), zone) : Cell{""},
               last ? short_precise_time_cell(last->next_run_at, session.now(), zone) : Cell{""},
               last ? last->message : "",
               last ? last->holder : "",
               job.sentence});
  }
  session.list("jobs", rows, table);
}

}  // namespace

void add_job_list(Command& job) {
  job.add("list", "List what visitord does by itself, when it did so last, and how that went")
      .uses_house()
      .example("visitorctl job list")
      .example("visitorctl job list --json | jq '.jobs[] | select(.state != \"ok\")'")
      .runs(run);
}

}  // namespace visitor::cli
