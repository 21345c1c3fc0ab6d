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
  std::string text;
  DocumentOptions document;
  int limit = 100;
};

void run(const Options& options, Session& session) {
  if (options.text.empty() == !options.document.any())
    throw Error(Errc::usage, "either a text or a document is needed");
  auto document = read_document(options.document);
  auto guests = read_house(session, [&](auto& house) {
    const auto& vault = vault_of(session, house);
    if (document.empty()) return app::search_guests(house, vault, options.text, options.limit + 1);
    std::vector<domain::Guest> found;
    if (auto guest = app::find_guest_by_document(house, vault, document)) found.push_back(*std::move(guest));
    return found;
  });
  cut(guests, options.limit, session);
  session.list("guests", guests, guest_table(guests));
}

}  // namespace

void add_guest_search(Command& guest) {
  auto options = std::make_shared<Options>();
  auto& command =
      guest.add("search", "Find guests by whatever is known of them")
          .details(
              "Finds guests of whom every word of TEXT is part of the name, the company, the e-mail address or the "
              "phone, in any case; whose telephone number ends with or contains that of TEXT, however it is written; "
              "and who have TEXT as the whole number of their document. What is typed here is kept by most shells: "
              "--ask-document keeps a number to itself.")
          .positional("TEXT", options->text, "Words, a telephone number, or the number of a document");
  add_document_options(command, options->document);
  add_limit(command, options->limit);
  command.uses_house()
      .example("visitorctl guest search 'петр nomad'")
      .example("visitorctl guest search '8 (701) 123-45-67'")
      .example("visitorctl guest search --ask-document")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
