#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/guest_options.hpp"
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
  const auto& vault = session.vault();
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  std::vector<domain::Guest> guests;
  if (document.empty()) {
    guests = app::search_guests(work, vault, options.text, options.limit + 1);
  } else if (auto guest = app::find_guest_by_document(work, vault, document)) {
    guests.push_back(*std::move(guest));
  }
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
  command.uses_database()
      .example("visitorctl guest search 'петр nomad'")
      .example("visitorctl guest search '8 (701) 123-45-67'")
      .example("visitorctl guest search --ask-document")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
