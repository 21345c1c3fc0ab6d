#include <fmt/format.h>

#include "app/remote/registry.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/guest_options.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string name;
  GuestOptions guest;
  std::optional<std::string> site;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  auto document = read_document(options.guest.document);
  auto wanted = new_guest(options.name, options.guest, std::move(document));
  const auto [details, duplicates] = change_house(session, options.dry_run, [&](auto& house) {
    wanted.site = find_site(house, options.site);
    auto added = app::add_guest(house, vault_of(session, house), wanted);
    auto others = app::likely_duplicates(house, added.guest);
    return std::pair{std::move(added), std::move(others)};
  });
  session.done(details, fmt::format("Added guest {}: {}.", details.guest.id, details.guest.name), options.dry_run);
  for (const auto& other : duplicates)
    session.note(fmt::format("Guest {} ({}{}{}) may be the same person; 'visitorctl guest merge {} {}' makes them one.",
                             other.id, other.name, other.company.empty() ? "" : ", ", other.company, details.guest.id,
                             other.id));
}

}  // namespace

void add_guest_add(Command& guest) {
  auto options = std::make_shared<Options>();
  auto& command = guest.add("add", "Add a guest").positional("NAME", options->name, "Name");
  command.required();
  add_guest_options(command, options->guest);
  command.option("--site", "SITE", options->site, "Whose country code completes the phone, by name or number");
  add_dry_run(command, options->dry_run);
  command
      .details(
          "Guests are never merged by themselves: a document, an e-mail address, a phone or a credential that "
          "another guest has is a conflict, and the message names that guest. Others of the same name are named, too, "
          "and mean nothing by themselves.")
      .fails_with({Errc::not_found, Errc::conflict})
      .uses_house()
      .example(
          "visitorctl guest add 'Elena Petrova' --company 'Nomad LLP' --phone '+7 701 123 45 67' --employee-no 1017")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
