#include "cli/account_commands.hpp"
#include "cli/arguments.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string user;
  app::AccountEdit wanted;
  std::optional<int> if_version;
  bool dry_run = false;
};

bool any(const app::AccountEdit& wanted) {
  return wanted.login || wanted.name || wanted.company || wanted.department || wanted.position || wanted.email ||
         wanted.phone || wanted.language || wanted.time_zone || wanted.chat_id;
}

void run(const Options& options, Session& session) {
  require_some(any(options.wanted));
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  const auto before = app::resolve_account(work, options.user);
  const auto account = app::edit_account(work, before.id, options.wanted, options.if_version.value_or(before.version));
  finish(tx, options.dry_run);
  session.done(account, edited("user", account.id.value, account.login, before.version, account.version),
               options.dry_run);
}

}  // namespace

void add_user_edit(Command& user) {
  auto options = std::make_shared<Options>();
  auto& wanted = options->wanted;
  auto& command =
      user.add("edit", "Change what is known of a user")
          .details(kEditDetails)
          .positional("USER", options->user, kUserHelp)
          .required()
          .option("--login", "LOGIN", wanted.login, "Unique, letter case aside; no blanks")
          .option("--name", "NAME", wanted.name, "Full name")
          .option("--company", "NAME", wanted.company, "Company")
          .option("--department", "NAME", wanted.department, "Department")
          .option("--position", "NAME", wanted.position, "Position")
          .option("--email", "ADDRESS", wanted.email, "E-mail address")
          .option("--phone", "NUMBER", wanted.phone, "Telephone number, international: +77011234567")
          .option("--language", "LANGUAGE", wanted.language, "Of messages to the person")
          .option("--time-zone", "ZONE", wanted.time_zone, "As in tzdata: Asia/Almaty; empty: that of the site")
          .option("--chat-id", "ID", wanted.chat_id, "Telegram chat with the person");
  add_if_version(command, options->if_version);
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl user edit anna --position 'Head of reception' --time-zone Asia/Almaty")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
