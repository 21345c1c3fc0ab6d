#include <fmt/format.h>

#include "app/terminal_edit.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/prompt.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string terminal;
  app::TerminalEdit wanted;
  std::optional<std::filesystem::path> password_file;
  bool ask_password = false;
  std::optional<int> poll_interval_ms;
  std::optional<std::string> site;
  std::optional<int> if_version;
  bool yes = false;
  bool dry_run = false;
};

bool says_something(const Options& options) {
  const auto& wanted = options.wanted;
  return wanted.name || wanted.base_url || wanted.username || options.password_file || options.ask_password ||
         options.poll_interval_ms || options.site || wanted.forget_certificate;
}

void run(const Options& options, Session& session) {
  require_some(says_something(options));
  const auto before = [&] {
    db::Transaction tx{session.db(), kReading};
    return app::resolve_terminal(session.reader(tx), options.terminal);
  }();
  const auto& terminal = before.terminal;
  auto wanted = options.wanted;
  if (options.password_file || options.ask_password)
    wanted.password =
        get_secret(options.password_file, "New password of " + wanted.username.value_or(terminal.username) + " at " +
                                              wanted.base_url.value_or(terminal.base_url));
  if (options.poll_interval_ms) wanted.poll_interval = std::chrono::milliseconds{*options.poll_interval_ms};
  if (terminal.certificate_sha256 && (wanted.base_url || wanted.forget_certificate) && !options.dry_run)
    session.confirm(
        fmt::format("The certificate of {} is pinned. Forget it, and believe the next one that is shown at {}?",
                    terminal.name, wanted.base_url.value_or(terminal.base_url)),
        options.yes);

  const auto& vault = session.vault();
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  wanted.site = find_site(work, options.site);
  const auto listed =
      app::edit_terminal(work, vault, terminal.id, wanted, options.if_version.value_or(terminal.version));
  finish(tx, options.dry_run);
  session.done(listed,
               edited("terminal", terminal.id.value, listed.terminal.name, terminal.version, listed.terminal.version),
               options.dry_run);
}

}  // namespace

void add_terminal_edit(Command& terminal) {
  auto options = std::make_shared<Options>();
  auto& command = terminal.add("edit", "Change a terminal: its name, address, account, interval or site")
                      .details(fmt::format(
                          "{} With another address the pinned certificate is forgotten, after a question: the next "
                          "one that is shown is believed from then on.",
                          kEditDetails))
                      .positional("TERMINAL", options->terminal, "Name or number")
                      .required()
                      .option("--name", "NAME", options->wanted.name, "Name, unique")
                      .option("--url", "URL", options->wanted.base_url,
                              "http://192.0.2.10 or https://…: scheme, host and port only")
                      .option("--user", "NAME", options->wanted.username, "Account of the terminal")
                      .option("--password-file", "FILE", options->password_file,
                              "File with a new password in its first line; '-' is standard input")
                      .takes_file()
                      .flag("--ask-password", options->ask_password, "Ask for a new password")
                      .option("--poll-interval-ms", "MS", options->poll_interval_ms, "Milliseconds between two polls")
                      .between(100, 3'600'000)
                      .option("--site", "SITE", options->site, "Another site, while it has reported nothing")
                      .flag("--forget-certificate", options->wanted.forget_certificate,
                            "Believe the next certificate that it shows, and only that from then on")
                      .flag("-y,--yes", options->yes, kYesHelp);
  add_if_version(command, options->if_version);
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl terminal edit 3 --url http://192.0.2.12")
      .example("visitorctl terminal edit 'Main entrance' --user poller --password-file new-password")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
