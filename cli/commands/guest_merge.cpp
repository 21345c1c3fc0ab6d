#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string from;
  std::string into;
  bool drop_document = false;
  bool yes = false;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  const auto [from, into] = [&] {
    db::Transaction tx{session.db(), kReading};
    const auto work = session.reader(tx);
    return std::pair{app::resolve_guest(work, options.from), app::resolve_guest(work, options.into)};
  }();
  if (!options.dry_run)
    session.confirm(fmt::format("Merge guest {}, {}, into guest {}, {}?", from.id, from.name, into.id, into.name),
                    options.yes);
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  const auto merge = app::merge_guests(work, from.id, into.id, options.drop_document);
  finish(tx, options.dry_run);
  session.done(
      merge,
      fmt::format("Merged guest {} into guest {}, {}: {} visit{}, {} credential{} and {} incident{} moved.", from.id,
                  into.id, into.name, merge.visits.size(), merge.visits.size() == 1 ? "" : "s", merge.credentials,
                  merge.credentials == 1 ? "" : "s", merge.incidents, merge.incidents == 1 ? "" : "s"),
      options.dry_run);
}

}  // namespace

void add_guest_merge(Command& guest) {
  auto options = std::make_shared<Options>();
  auto& command =
      guest.add("merge", "Say that two guests are one person; this cannot be undone")
          .details(
              "Visits, incidents, credentials, photo and document of FROM become those of INTO, and so do company, "
              "e-mail address, phone and block where INTO has none. INTO keeps its own photo. Stored events go on "
              "naming FROM and count as those of INTO. Both being in the building, two documents, and visits that "
              "one person cannot have made are conflicts.")
          .positional("FROM", options->from, "Who goes: number, or the exact name where only one guest has it")
          .required()
          .positional("INTO", options->into, "Who stays")
          .required()
          .flag("--drop-document", options->drop_document, "Where both have a document, forget that of FROM")
          .flag("-y,--yes", options->yes, kYesHelp);
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl guest merge 18 17 --dry-run")
      .example("visitorctl guest merge 18 17 --yes")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
