#include <fmt/format.h>

#include "cli/account_commands.hpp"
#include "cli/arguments.hpp"
#include "cli/new_password.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  app::NewAccount account;
  std::optional<std::filesystem::path> password_file;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  auto wanted = options.account;
  if (options.password_file) wanted.password_hash = get_new_password(session, options.password_file, wanted.login);
  db::Transaction tx{session.db()};
  const auto account = app::add_account(session.work(tx), wanted);
  finish(tx, options.dry_run);
  session.done(account, fmt::format("Added user {}: {}.", account.id, account.login), options.dry_run);
  if (!options.dry_run)
    session.note(fmt::format(
        "Next: {}'visitorctl role grant {} ROLE'.",
        account.has_password ? "" : fmt::format("'visitorctl user passwd {}', then ", account.login), account.login));
}

}  // namespace

void add_user_add(Command& user) {
  auto options = std::make_shared<Options>();
  auto& account = options->account;
  auto& command =
      user.add("add", "Add somebody who may log in")
          .details(
              "What the account may do is said by roles: see 'visitorctl role grant'. Whoever uses visitorctl has "
              "an account of the same login from the first change on.")
          .positional("LOGIN", account.login, "Unique, letter case aside; no blanks")
          .required()
          .option("--name", "NAME", account.name, "Full name")
          .option("--company", "NAME", account.company, "Company")
          .option("--department", "NAME", account.department, "Department")
          .option("--position", "NAME", account.position, "Position")
          .option("--email", "ADDRESS", account.email, "E-mail address")
          .option("--phone", "NUMBER", account.phone, "Telephone number, international: +77011234567")
          .option("--language", "LANGUAGE", account.language, "Of messages to the person")
          .default_is("en")
          .option("--time-zone", "ZONE", account.time_zone, "As in tzdata: Asia/Almaty; without it that of the site")
          .option("--chat-id", "ID", account.chat_id, "Telegram chat with the person");
  add_password_file(command, options->password_file, "nobody can log in by password before 'user passwd'");
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::conflict})
      .uses_database()
      .example("visitorctl user add anna --name 'Anna Ivanova' --email anna@example.org --language ru")
      .example("visitorctl user add anna --password-file - < secret")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
