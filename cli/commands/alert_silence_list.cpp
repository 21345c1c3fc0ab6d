#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views_routing.hpp"

namespace visitor::cli {
namespace {

struct Options {
  bool all = false;
  int limit = 100;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  auto silences = app::list_silences(work, options.all, options.limit + 1);
  cut(silences, options.limit, session);
  session.list("silences", silences, silence_table(silences, session.now(), zone_for(work, std::nullopt).name()));
}

}  // namespace

void add_alert_silence_list(Command& silence) {
  auto options = std::make_shared<Options>();
  auto& command = silence.add("list", "List silences, the last to end first")
                      .flag("-a,--all", options->all, "Those that are over, too");
  add_limit(command, options->limit);
  command.uses_database().example("visitorctl alert silence list").runs([options](Session& session) {
    run(*options, session);
  });
}

}  // namespace visitor::cli
