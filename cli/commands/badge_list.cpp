#include "app/badges.hpp"
#include "cli/arguments.hpp"
#include "cli/badge_commands.hpp"
#include "cli/views_badges.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::optional<VisitId> visit;
  std::vector<domain::BadgeState> states;
  int limit = 100;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  app::BadgeFilter filter;
  filter.visit = options.visit;
  filter.states = options.states;
  filter.limit = options.limit + 1;
  auto rows = app::list_badges(session.reader(tx), filter);
  cut(rows, options.limit, session);
  session.list("badges", rows, badge_table(rows));
}

}  // namespace

void add_badge_list(Command& badge) {
  auto options = std::make_shared<Options>();
  auto& command = badge.add("list", "List badges that were printed, the newest first")
                      .option("--visit", "VISIT", options->visit, "Only of this visit")
                      .option("--state", "STATE", options->states, "Only in this state; may be given again");
  add_limit(command, options->limit);
  command.uses_database()
      .example("visitorctl badge list --state failed")
      .example("visitorctl --json badge list --visit 42")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
