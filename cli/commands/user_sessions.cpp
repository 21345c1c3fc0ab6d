#include "app/remote/accounts.hpp"
#include "cli/arguments.hpp"
#include "cli/house.hpp"
#include "cli/log_in_commands.hpp"
#include "cli/views_log_in.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::optional<std::string> login;
  bool all = false;
  int limit = 100;
};

void run(const Options& options, Session& session) {
  std::string zone;
  auto sessions = read_house(session, [&](auto& house) {
    zone = zone_for(house, std::nullopt).name();
    return app::list_sessions(house, options.login, options.all, options.limit + 1);
  });
  cut(sessions, options.limit, session);
  session.list("sessions", sessions, session_table(sessions, session.now(), zone));
}

}  // namespace

void add_user_sessions(Command& user) {
  auto options = std::make_shared<Options>();
  auto& command = user.add("sessions", "List who is logged in, the newest first")
                      .positional("LOGIN", options->login, "Only of this account")
                      .flag("-a,--all", options->all, "Those that are over, too");
  add_limit(command, options->limit);
  command.fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl user sessions")
      .example("visitorctl user sessions anna --all")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
