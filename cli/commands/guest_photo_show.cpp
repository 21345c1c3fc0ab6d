#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"
#include "core/file.hpp"

namespace visitor::cli {
namespace {

constexpr mode_t kPrivate = 0600;

struct Options {
  std::string guest;
  std::optional<std::filesystem::path> output;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  const auto guest = app::resolve_guest(work, options.guest).id;
  const auto photo = app::get_guest_photo(work, guest);
  const bool described = session.json() || session.for_people();
  if (options.output || !described) {
    const auto picture = app::get_guest_picture(work, guest);
    const std::string_view bytes{reinterpret_cast<const char*>(picture.data()), picture.size()};
    if (!options.output) return session.print(bytes);
    write_file(*options.output, bytes, kPrivate);
  }
  if (described || options.output) session.show(photo, card_of(photo, zone_for(work, std::nullopt).name()));
}

}  // namespace

void add_guest_photo_show(Command& photo) {
  auto options = std::make_shared<Options>();
  photo.add("show", "Write the photo of a guest to a file or to standard output")
      .details(
          "Without --output the picture goes to standard output, unless that is a terminal: there, and with --json, "
          "only what it is like is shown.")
      .positional("GUEST", options->guest, "Number, or the exact name where only one guest has it")
      .required()
      .option("-o,--output", "FILE", options->output, "Where to write it, readable by you alone")
      .takes_file()
      .fails_with({Errc::not_found, Errc::conflict, Errc::config})
      .uses_database()
      .example("visitorctl guest photo show 17 --output elena.jpg")
      .example("visitorctl guest photo show 17 >elena.jpg")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
