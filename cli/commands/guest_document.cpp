#include "app/registry.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string guest;
};

/// A guest's document, in the clear.
struct DocumentShown {
  GuestId guest;
  Secret number;
};

void write(JsonWriter& json, const DocumentShown& shown) {
  json.begin_object().member("guest", shown.guest).member("document", shown.number.reveal()).end();
}

void run(const Options& options, Session& session) {
  const auto& vault = session.vault();
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  DocumentShown shown{app::resolve_guest(work, options.guest).id, {}};
  shown.number = app::reveal_document(work, vault, shown.guest);
  // Nobody has seen it before it is on record.
  tx.commit();
  Card card;
  card.add("Document", std::string{shown.number.reveal()});
  session.show(shown, card);
}

}  // namespace

void add_guest_document(Command& guest) {
  auto options = std::make_shared<Options>();
  guest.add("document", "Show the whole number of a guest's document; that you looked is on record")
      .positional("GUEST", options->guest, "Number, or the exact name where only one guest has it")
      .required()
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl guest document 17")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
