#include "app/remote/rules.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/session.hpp"
#include "cli/views_rules.hpp"

namespace visitor::cli {
namespace {

void run(Session& session) {
  const auto rows = read_house(session, [](auto& house) { return app::list_rules(house); });
  session.list("rules", rows, rule_table(rows));
}

}  // namespace

void add_rules_list(Command& rules) {
  rules.add("list", "List the rules, their thresholds, and what sites say otherwise")
      .details(
          "Thresholds, severities and what is off come from [rules] of visitor.toml; a site can say otherwise with "
          "'visitorctl rules set'.")
      .uses_house()
      .example("visitorctl rules list")
      .runs(run);
}

}  // namespace visitor::cli
