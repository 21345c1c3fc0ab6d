#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/prompt.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  app::NewTerminal terminal;
  std::optional<std::string> site;
  std::optional<std::filesystem::path> password_file;
  std::optional<int> poll_interval_ms;
  bool disabled = false;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  auto wanted = options.terminal;
  wanted.password = get_secret(options.password_file, "Password of " + wanted.username + " at " + wanted.base_url);
  if (options.poll_interval_ms) wanted.poll_interval = std::chrono::milliseconds{*options.poll_interval_ms};
  wanted.enabled = !options.disabled;
  const auto& vault = session.vault();
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  wanted.site = app::resolve_site_or_only(work, options.site).id;
  const auto listed = app::add_terminal(work, vault, wanted);
  finish(tx, options.dry_run);
  session.done(listed, fmt::format("Added terminal {}: {}.", listed.terminal.id, listed.terminal.name),
               options.dry_run);
  if (!options.dry_run)
    session.note(fmt::format("Next: 'visitorctl terminal test {0}', then 'visitorctl door set {0} 1 entry' or exit.",
                             listed.terminal.id));
}

}  // namespace

void add_terminal_add(Command& terminal) {
  auto options = std::make_shared<Options>();
  auto& command =
      terminal.add("add", "Add a terminal, to be polled from now on")
          .positional("NAME", options->terminal.name, "Name, unique")
          .required()
          .positional("URL", options->terminal.base_url, "http://192.0.2.10 or https://…: scheme, host and port only")
          .required()
          .option("--user", "NAME", options->terminal.username, "Account of the terminal")
          .default_is("admin")
          .option("--password-file", "FILE", options->password_file,
                  "File with the password in its first line; '-' is standard input; without it there is a prompt")
          .takes_file()
          .option("--site", "SITE", options->site, "Name or number; not needed where there is only one site")
          .option("--poll-interval-ms", "MS", options->poll_interval_ms, "Milliseconds between two polls")
          .between(100, 3'600'000)
          .default_is("polling.interval of the configuration")
          .flag("--disabled", options->disabled, "Do not poll it before 'terminal enable'");
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict, Errc::interrupted})
      .uses_database()
      .example("visitorctl terminal add 'Main entrance' http://192.0.2.10")
      .example("visitorctl terminal add 'Main exit' https://192.0.2.11 --password-file - < secret")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
