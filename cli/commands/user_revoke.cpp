#include <fmt/format.h>

#include "app/remote/accounts.hpp"
#include "cli/arguments.hpp"
#include "cli/house.hpp"
#include "cli/log_in_commands.hpp"
#include "cli/views_log_in.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string login;
  std::optional<domain::SessionId> session;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  const auto ended = change_house(session, options.dry_run, [&](auto& house) {
    return app::revoke_sessions(house, options.login, options.session);
  });
  session.done_all(
      "sessions", ended,
      fmt::format("Ended {} session{} of '{}'.", ended.size(), ended.size() == 1 ? "" : "s", options.login),
      options.dry_run);
}

}  // namespace

void add_user_revoke(Command& user) {
  auto options = std::make_shared<Options>();
  auto& command = user.add("revoke", "End the sessions of an account at once, everywhere")
                      .positional("LOGIN", options->login, "Account")
                      .required()
                      .option("--session", "ID", options->session, "Only this one, as 'user sessions' shows it");
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_house()
      .example("visitorctl user revoke anna")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
