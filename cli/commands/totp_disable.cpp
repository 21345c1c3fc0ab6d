#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/log_in_commands.hpp"
#include "cli/step_up.hpp"
#include "cli/views_log_in.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string login;
  std::optional<std::filesystem::path> code_file;
  bool yes = false;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  if (!options.dry_run) {
    session.confirm(fmt::format("Take away the authenticator and the recovery codes of '{}'?", options.login),
                    options.yes);
    step_up(session, options.code_file);
  }
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  app::disable_totp(work, session.vault(), options.login);
  const auto status = app::second_factor_status(work, session.vault(), options.login);
  finish(tx, options.dry_run);
  session.done(status, fmt::format("'{}' has no authenticator any more.", status.login), options.dry_run);
  if (status.required)
    session.note(fmt::format("A role of '{}' asks for one: until then a session can only set one up.", status.login));
}

}  // namespace

void add_totp_disable(Command& totp) {
  auto options = std::make_shared<Options>();
  auto& command = totp.add("disable", "Take an authenticator and its recovery codes away; this cannot be undone")
                      .details(kStepUpDetails)
                      .positional("LOGIN", options->login, "Account")
                      .required()
                      .flag("-y,--yes", options->yes, kYesHelp);
  add_code_file(command, options->code_file);
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl totp disable anna", "She has a new telephone, and no recovery codes")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
