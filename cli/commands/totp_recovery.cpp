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
};

void run(const Options& options, Session& session) {
  session.confirm(fmt::format("Give '{}' new recovery codes? The older ones are worth nothing then.", options.login),
                  options.yes);
  step_up(session, options.code_file);
  db::Transaction tx{session.db()};
  RecoveryCodesShown shown{options.login, app::renew_recovery_codes(session.work(tx), session.vault(), options.login)};
  tx.commit();
  if (session.json()) return session.show(shown, Card{});
  session.note("Each is good once, for whoever has lost the authenticator. They are not shown again:");
  session.print(recovery_text(shown.recovery_codes));
}

}  // namespace

void add_totp_recovery(Command& totp) {
  auto options = std::make_shared<Options>();
  auto& command = totp.add("recovery", "Make ten new recovery codes; older ones are worth nothing then")
                      .details(kStepUpDetails)
                      .positional("LOGIN", options->login, "Account")
                      .required()
                      .flag("-y,--yes", options->yes, kYesHelp);
  add_code_file(command, options->code_file);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl totp recovery anna --yes")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
