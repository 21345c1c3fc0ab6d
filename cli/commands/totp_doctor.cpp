#include "auth/totp_devices.hpp"
#include "cli/arguments.hpp"
#include "cli/log_in_commands.hpp"
#include "cli/record.hpp"
#include "cli/step_up.hpp"
#include "cli/views_log_in.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string login;
  std::optional<std::filesystem::path> code_file;
};

/// One code, or two with a blank between.
std::vector<Secret> codes_of(const Secret& line) {
  const auto text = line.reveal();
  const auto blank = text.find(' ');
  if (blank == std::string_view::npos) return {line};
  return {Secret{text.substr(0, blank)}, Secret{text.substr(blank + 1)}};
}

void run(const Options& options, Session& session) {
  const auto line = get_code(options.code_file, "Code, or two that follow one another with a blank between");
  put_on_record(session, {domain::AuditAction::view, auth::kTotpTopic, 0,
                          app::Details{}.add("what", "doctor").add("login", std::string_view{options.login})});
  db::Transaction tx{session.db(), kReading};
  const auto drift =
      app::find_clock_drift(at_this_moment(session.reader(tx)), session.vault(), options.login, codes_of(line));
  session.show(drift, card_of(drift));
  if (!drift.good) session.set_exit_status(info(Errc::failed).exit_status);
}

}  // namespace

void add_totp_doctor(Command& totp) {
  auto options = std::make_shared<Options>();
  auto& command =
      totp.add("doctor", "See how far the clock of somebody's authenticator is off")
          .details(
              "Takes a code that the authenticator shows, and looks for the moment that it belongs to, up to an hour "
              "away. Two codes that follow one another leave no doubt. The codes are not spent, and let nobody in. "
              "Status 1: the clock is off by so much that its codes are refused.")
          .positional("LOGIN", options->login, "Account")
          .required();
  add_code_file(command, options->code_file);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl totp doctor anna")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
