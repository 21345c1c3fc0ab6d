#include <fmt/format.h>

#include "app/why.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  VisitId visit;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto why = app::why_visit(session.reader(tx), options.visit);
  if (!why.agrees())
    session.note(
        fmt::format("What is stored ({}) does not follow from these facts, which give {}; 'visitorctl event "
                    "replay --since {} --dry-run' reports such differences.",
                    domain::name(why.visit.visit.state.status), domain::name(why.folded.status),
                    to_iso(why.visit.visit.expected_from)));
  session.show(why, why_table(why));
}

}  // namespace

void add_why_visit(Command& why) {
  auto options = std::make_shared<Options>();
  why.add("visit", "Show the facts that a visit's state follows from, and what came of them")
      .positional("VISIT", options->visit, "Number shown by 'visit list'")
      .required()
      .details(
          "Registration, events and what people and timers did, in the order of happening, with the door, serial "
          "number "
          "and epoch or the person and command; then incidents, alerts and deliveries. 'Learned' is when an event was "
          "received or an action written down; 'So' is what followed.\n"
          "\n"
          "The state is folded from the facts again; where it is another one than what is stored, that is said.")
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl why visit 42")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
