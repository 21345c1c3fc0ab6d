#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"
#include "core/file.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string guest;
  std::filesystem::path file;
  bool dry_run = false;
};

std::string read_picture(const std::filesystem::path& path) {
  try {
    if (auto picture = read_file(path, domain::kPhotoMostBytes)) return *std::move(picture);
  } catch (const Error& error) {
    throw Error(Errc::usage, error.message(), error.hint());
  }
  throw Error(Errc::usage, fmt::format("there is no file {}", path.string()));
}

void run(const Options& options, Session& session) {
  const auto picture = read_picture(options.file);
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  const auto guest = app::resolve_guest(work, options.guest);
  const auto photo = app::set_guest_photo(work, guest.id, std::as_bytes(std::span{picture}));
  finish(tx, options.dry_run);
  session.done(photo, fmt::format("Stored a photo of guest {}, {}: {}.", guest.id, guest.name, photo_text(photo)),
               options.dry_run);
}

}  // namespace

void add_guest_photo_set(Command& photo) {
  auto options = std::make_shared<Options>();
  auto& command = photo.add("set", "Store the photo of a guest in place of the one that is there")
                      .details(
                          "A JPEG or PNG picture of up to 5 MiB, with sides of 48 to 8192 pixels. Face terminals want "
                          "a JPEG of 200 KiB or less.")
                      .positional("GUEST", options->guest, "Number, or the exact name where only one guest has it")
                      .required()
                      .positional("FILE", options->file, "The picture")
                      .takes_file()
                      .required();
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl guest photo set 17 elena.jpg")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
