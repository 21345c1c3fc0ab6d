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
  const auto [guest, photo] = [&] {
    db::Transaction tx{session.db(), kReading};
    const auto work = session.reader(tx);
    auto found = app::resolve_guest(work, options.guest);
    auto stored = app::get_guest_photo(work, found.id);
    return std::pair{std::move(found), std::move(stored)};
  }();
  if (!options.dry_run)
    session.confirm(fmt::format("Remove the photo of guest {}, {}?", guest.id, guest.name), options.yes);
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  app::remove_guest_photo(work, guest.id);
  finish(tx, options.dry_run);
  session.done(photo, fmt::format("Removed the photo of guest {}, {}.", guest.id, guest.name), options.dry_run);
}

}  // namespace

void add_guest_photo_remove(Command& photo) {
  auto options = std::make_shared<Options>();
  auto& command = photo.add("remove", "Remove the photo of a guest; this cannot be undone")
                      .positional("GUEST", options->guest, "Number, or the exact name where only one guest has it")
                      .required()
                      .flag("-y,--yes", options->yes, kYesHelp);
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl guest photo remove 17 --yes")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
