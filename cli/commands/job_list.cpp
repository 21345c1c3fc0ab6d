#include "app/jobs.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

// Later than this, nobody runs it: a daemon asks every ten seconds.
constexpr std::chrono::seconds kOverdue{60};

std::string_view state_of(const app::JobListed& listed, Instant now) {
  if (listed.running) return "running";
  if (!listed.last) return "never ran";
  if (listed.last->next_run_at + kOverdue < now) return "overdue";
  if (!listed.last->ok) return "did not end";
  return *listed.last->ok ? "ok" : "failed";
}

Tone tone_of(std::string_view state) {
  return state == "ok" ? Tone::good : state == "running" ? Tone::plain : state == "failed" ? Tone::bad : Tone::warning;
}

struct Row {
  const app::JobListed& listed;
  Instant now;
};

void write(JsonWriter& json, const Row& row) {
  const auto& [job, last, running] = row.listed;
  json.begin_object().member("name", job.name).member("sentence", job.sentence);
  json.member("period_ms", static_cast<std::int64_t>(job.period.count()))
      .member("state", state_of(row.listed, row.now));
  const auto known = [&](auto member) { return last ? std::optional{(*last).*member} : std::nullopt; };
  json.member("started_at", known(&store::JobRun::started_at)).member("ended_at", last ? last->ended_at : std::nullopt);
  json.member("ok", last ? last->ok : std::nullopt).text_member("message", last ? last->message : "");
  json.member("next_run_at", known(&store::JobRun::next_run_at)).text_member("holder", last ? last->holder : "").end();
}

void run(Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  const auto zone = zone_for(work, std::nullopt).name();
  const auto jobs = app::list_jobs(work);
  std::vector<Row> rows;
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
      .uses_database()
      .example("visitorctl job list")
      .example("visitorctl job list --json | jq '.jobs[] | select(.state != \"ok\")'")
      .runs(run);
}

}  // namespace visitor::cli
