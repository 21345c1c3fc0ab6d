#include "cli/arguments.hpp"
#include "cli/log_in_commands.hpp"
#include "cli/views_log_in.hpp"

namespace visitor::cli {
namespace {

struct Options {
  int limit = 100;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  auto all = app::list_break_glass(work, options.limit + 1);
  cut(all, options.limit, session);
  session.list("break_glass", all, break_glass_table(all, session.now(), zone_for(work, std::nullopt).name()));
}

}  // namespace

void add_breakglass_list(Command& breakglass) {
  auto options = std::make_shared<Options>();
  auto& command = breakglass.add("list", "List emergencies, the newest first");
  add_limit(command, options->limit);
  command.uses_database().example("visitorctl breakglass list").runs([options](Session& session) {
    run(*options, session);
  });
}

}  // namespace visitor::cli
