#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "cli/views_rules.hpp"

namespace visitor::cli {
namespace {

void run(Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto rows = app::list_rules(session.reader(tx));
  session.list("rules", rows, rule_table(rows));
}

}  // namespace

void add_rules_list(Command& rules) {
  rules.add("list", "List the rules, their thresholds, and what sites say otherwise")
      .details(
          "Thresholds, severities and what is off come from [rules] of visitor.toml; a site can say otherwise with "
          "'visitorctl rules set'.")
      .uses_database()
      .example("visitorctl rules list")
      .runs(run);
}

}  // namespace visitor::cli
