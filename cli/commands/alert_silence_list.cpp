#include "app/remote/alerts.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views_routing.hpp"

namespace visitor::cli {
namespace {

struct Options {
  bool all = false;
  int limit = 100;
};

void run(const Options& options, Session& session) {
  read_house(session, [&](auto& house) {
    auto silences = app::list_silences(house, options.all, options.limit + 1);
    cut(silences, options.limit, session);
    session.list("silences", silences, silence_table(silences, session.now(), zone_for(house, std::nullopt).name()));
  });
}

}  // namespace

void add_alert_silence_list(Command& silence) {
  auto options = std::make_shared<Options>();
  auto& command = silence.add("list", "List silences, the last to end first")
                      .flag("-a,--all", options->all, "Those that are over, too");
  add_limit(command, options->limit);
  command.uses_house().example("visitorctl alert silence list").runs([options](Session& session) {
    run(*options, session);
  });
}

}  // namespace visitor::cli
