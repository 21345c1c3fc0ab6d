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
};

void run(const Options& options, Session& session) {
  const auto code = get_code(options.code_file, "Code that the new authenticator shows");
  db::Transaction tx{session.db()};
  const auto confirmed = app::confirm_totp(at_this_moment(session.work(tx)), session.vault(), options.login, code);
  tx.commit();
  if (session.json()) return session.show(confirmed, Card{});
  session.done(confirmed, fmt::format("The authenticator of '{}' counts from now on.", confirmed.login));
  if (confirmed.recovery_codes.empty()) return;
  session.note("Recovery codes, each good once, for whoever has lost the authenticator. They are not shown again:");
  session.print(recovery_text(confirmed.recovery_codes));
}

}  // namespace

void add_totp_confirm(Command& totp) {
  auto options = std::make_shared<Options>();
  auto& command = totp.add("confirm", "Make a new authenticator count, with its first code")
                      .positional("LOGIN", options->login, "Account")
                      .required();
  add_code_file(command, options->code_file);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl totp confirm anna")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
