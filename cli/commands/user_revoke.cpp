#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/log_in_commands.hpp"
#include "cli/views_log_in.hpp"
#include "core/text.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string login;
  std::optional<domain::SessionId> session;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  std::vector<domain::Session> ended;
  if (options.session) {
    ended.push_back(app::revoke_session(work, *options.session));
    if (!equal_ignoring_case(ended.front().login, options.login))
      throw Error(Errc::not_found, fmt::format("session {} is not of '{}'", *options.session, options.login),
                  fmt::format("Run 'visitorctl user sessions {}' to see which are.", options.login));
  } else {
    ended = app::revoke_sessions(work, options.login);
  }
  finish(tx, options.dry_run);
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
      .uses_database()
      .example("visitorctl user revoke anna")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
