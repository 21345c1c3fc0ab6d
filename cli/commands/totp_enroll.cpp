#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/log_in_commands.hpp"
#include "cli/prompt.hpp"
#include "cli/qr_text.hpp"
#include "cli/step_up.hpp"
#include "cli/views_log_in.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string login;
  std::optional<domain::TotpAlgorithm> algorithm;
  int digits = 6;
  std::optional<std::filesystem::path> code_file;
};

/// Whoever replaces an authenticator takes one away.
void step_up_to_replace(const Options& options, Session& session) {
  const auto status = [&] {
    db::Transaction tx{session.db(), kReading};
    return app::second_factor_status(session.reader(tx), session.vault(), options.login);
  }();
  if (status.device) step_up(session, options.code_file);
}

void show_qr(const app::TotpEnrolment& enrolment, Session& session) {
  if (!session.for_people()) return;
  const auto code = report::encode_qr(enrolment.uri.reveal());
  if (qr_columns(code) > session.width())
    return session.note("The terminal is too narrow for the QR code; type the key instead.");
  session.print(qr_text(code));
}

void run(const Options& options, Session& session) {
  if (options.digits != 6 && options.digits != 8) throw Error(Errc::usage, "a code has 6 or 8 digits");
  step_up_to_replace(options, session);
  const auto enrolment = [&] {
    db::Transaction tx{session.db()};
    auto made = app::enrol_totp(session.work(tx), session.vault(), options.login,
                                {options.algorithm.value_or(domain::TotpAlgorithm::sha1), options.digits});
    tx.commit();
    return made;
  }();
  show_qr(enrolment, session);
  Card card;
  card.add("Account", enrolment.login);
  card.add("Key", std::string{enrolment.key.reveal()});
  card.add("Address", std::string{enrolment.uri.reveal()});
  session.show(enrolment, card);
  if (session.json() || !can_ask())
    return session.note(fmt::format("It counts once 'visitorctl totp confirm {}' was given a code.", enrolment.login));
  const auto code = get_code({}, "Scan it, then type the code that is shown");
  db::Transaction tx{session.db()};
  const auto confirmed = app::confirm_totp(at_this_moment(session.work(tx)), session.vault(), enrolment.login, code);
  tx.commit();
  session.note("The authenticator counts from now on.");
  if (confirmed.recovery_codes.empty()) return;
  session.note("Recovery codes, each good once, for whoever has lost the authenticator. They are not shown again:");
  session.print(recovery_text(confirmed.recovery_codes));
}

}  // namespace

void add_totp_enroll(Command& totp) {
  auto options = std::make_shared<Options>();
  auto& command =
      totp.add("enroll", "Set up an authenticator for an account")
          .details(
              "Shows a QR code for an authenticator app, and the same as text, then asks for a code: from then on the "
              "authenticator counts, and an older one of the account no longer does. An account that had none gets ten "
              "recovery codes. With --json, or without a terminal, nothing is asked: 'visitorctl totp confirm' takes "
              "the "
              "code. What is shown is secret, and is not shown again. Where the account has an authenticator already, "
              "and "
              "your own account, too, a code of yours is asked for first.")
          .positional("LOGIN", options->login, "Account")
          .required()
          .option("--algorithm", "NAME", options->algorithm, "Hash; few apps know others than SHA1")
          .default_is("SHA1")
          .option("--digits", "N", options->digits, "Digits of a code, 6 or 8")
          .between(6, 8)
          .default_is("6");
  add_code_file(command, options->code_file);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl totp enroll anna")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
