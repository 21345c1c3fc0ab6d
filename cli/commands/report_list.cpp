#include "cli/export_commands.hpp"
#include "cli/session.hpp"
#include "cli/views_reports.hpp"

namespace visitor::cli {
namespace {

void run(Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto reports = app::list_scheduled_reports(session.reader(tx));
  session.list("reports", reports, report_table(reports, session.now()));
}

}  // namespace

void add_report_list(Command& group) {
  group.add("list", "List the reports that are made by themselves, when they were last, and how that went")
      .details(
          "They are those of [[report]] in visitor.toml. The state is ok, never ran, waiting (it is tried again), "
          "failed (it was given up), overdue (nobody makes it), or refused (the account may not have it).")
      .uses_database()
      .example("visitorctl report list")
      .example("visitorctl report list --json | jq '.reports[] | select(.state != \"ok\")'")
      .runs(run);
}

}  // namespace visitor::cli
