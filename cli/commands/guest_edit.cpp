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
  std::string guest;
  app::GuestEdit wanted;
  DocumentOptions document;
  bool no_document = false;
  std::optional<std::string> site;
  std::optional<int> if_version;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  auto wanted = options.wanted;
  if (options.no_document && options.document.any())
    throw Error(Errc::usage, "a document cannot be given and taken away at once");
  if (options.document.any()) wanted.document = read_document(options.document);
  if (options.no_document) wanted.document.emplace();
  require_some(wanted.name || wanted.company || wanted.email || wanted.phone || wanted.document);
  const auto [before, after] = change_house(session, options.dry_run, [&](auto& house) {
    wanted.site = find_site(house, options.site);
    const auto guest = app::resolve_guest(house, options.guest);
    const auto seen = options.if_version.value_or(guest.version);
    return std::pair{guest.version, app::edit_guest(house, vault_of(session, house), guest.id, wanted, seen)};
  });
  session.done(after, edited("guest", after.guest.id.value, after.guest.name, before, after.guest.version),
               options.dry_run);
}

}  // namespace

void add_guest_edit(Command& guest) {
  auto options = std::make_shared<Options>();
  auto& command = guest.add("edit", "Change a guest")
                      .details(kEditDetails)
                      .positional("GUEST", options->guest, "Number, or the exact name where only one guest has it")
                      .required()
                      .option("--name", "NAME", options->wanted.name, "Name")
                      .option("--company", "NAME", options->wanted.company, "Where the guest comes from")
                      .option("--email", "ADDRESS", options->wanted.email, "E-mail address")
                      .option("--phone", "NUMBER", options->wanted.phone,
                              "Telephone number; the site's country code completes a local one");
  add_document_options(command, options->document);
  command.flag("--no-document", options->no_document, "Forget the document")
      .flag("--allow-same-contact", options->wanted.allow_same_contact,
            "Also where another guest has the same e-mail address or phone")
      .option("--site", "SITE", options->site, "Whose country code completes the phone, by name or number");
  add_if_version(command, options->if_version);
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_house()
      .example("visitorctl guest edit 17 --company 'Nomad LLP' --phone '8 701 123 45 67'")
      .example("visitorctl guest edit 17 --ask-document --if-version 3")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
