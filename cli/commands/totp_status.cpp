#include "cli/arguments.hpp"
#include "cli/log_in_commands.hpp"
#include "cli/views_log_in.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::optional<std::string> login;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  const auto status = app::second_factor_status(work, session.vault(), options.login.value_or(Session::os_user()));
  session.show(status, card_of(status, zone_for(work, std::nullopt).name()));
}

}  // namespace

void add_totp_status(Command& totp) {
  auto options = std::make_shared<Options>();
  totp.add("status", "Show whether an account has an authenticator, and recovery codes left")
      .positional("LOGIN", options->login, "Account; without it your own")
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl totp status anna")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
