#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string guest;
  bool yes = false;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  const auto found = [&] {
    db::Transaction tx{session.db(), kReading};
    const auto work = session.reader(tx);
    return app::get_guest(work, app::resolve_guest(work, options.guest).id);
  }();
  if (!options.dry_run)
    session.confirm(fmt::format("Remove guest {}, {}?", found.guest.id, found.guest.name), options.yes);
  db::Transaction tx{session.db()};
  app::remove_guest(session.work(tx), found.guest.id);
  finish(tx, options.dry_run);
  session.done(found, fmt::format("Removed guest {}: {}.", found.guest.id, found.guest.name), options.dry_run);
}

}  // namespace

void add_guest_remove(Command& guest) {
  auto options = std::make_shared<Options>();
  auto& command = guest.add("remove", "Remove a guest that nothing refers to; this cannot be undone")
                      .details(
                          "What is in use stays: the message says by how many of what, and how to list them. What was "
                          "recorded about it in the audit stays, too. Credentials and the photo go with the guest.")
                      .positional("GUEST", options->guest, "Number, or the exact name where only one guest has it")
                      .required()
                      .flag("-y,--yes", options->yes, kYesHelp);
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl guest remove 17 --yes")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
