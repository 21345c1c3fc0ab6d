#include <fmt/format.h>

#include <vector>

#include "app/problems.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "core/text.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string problem;
};

void write(JsonWriter& json, const app::ProblemInfo& info) {
  json.begin_object().member("name", info.name).member("type", app::problem_type(info.problem));
  json.member("status", info.status).member("title", info.title).member("next", info.next).end();
}

/// For JSON: the table's rows are app's, and their write() stands here.
struct Shown {
  app::ProblemInfo info;
};
void write(JsonWriter& json, const Shown& shown) {
  write(json, shown.info);
}

void run(const Options& options, Session& session) {
  const auto all = app::problem_table();
  if (options.problem.empty()) {
    std::vector<Shown> rows;
    Table table{{{"Problem"}, {"Status"}, {"What it is", {}, Column::Fit::give}, {"Next step", {}, Column::Fit::give}}};
    for (const auto& info : all) {
      rows.push_back({info});
      table.add({std::string{info.name}, fmt::to_string(info.status), std::string{info.title}, std::string{info.next}});
    }
    return session.list("problems", rows, table);
  }
  // As it stands in an answer, or its last word.
  const auto name = options.problem.substr(options.problem.rfind(':') + 1);
  const auto* info = app::find_problem(name);
  if (info == nullptr) {
    std::vector<std::string> names;
    for (const auto& one : all) names.emplace_back(one.name);
    const auto near = nearest(name, names);
    throw Error(Errc::not_found, fmt::format("there is no problem '{}'", name),
                near ? fmt::format("Did you mean '{}'?", *near) : "Run 'visitorctl explain' to see all.");
  }
  Card card;
  card.add("Problem", std::string{info->name});
  card.add("Type", app::problem_type(info->problem));
  card.add("Status", fmt::to_string(info->status));
  card.add("What it is", std::string{info->title});
  card.add("Next step", std::string{info->next});
  session.show(Shown{*info}, card);
}

}  // namespace

void add_explain(Command& root) {
  auto options = std::make_shared<Options>();
  root.add("explain", "Explain a problem that the REST API answered with")
      .details("Without PROBLEM lists all.")
      .positional("PROBLEM", options->problem, "Its type: urn:visitor:problem:conflict, or conflict")
      .fails_with({Errc::not_found})
      .example("visitorctl explain precondition_failed")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
