#include <fmt/format.h>

#include "app/remote/visits.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  VisitId visit;
  std::string reason;
  bool yes = false;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  if (!options.dry_run) {
    const auto visit = read_house(session, [&](auto& house) { return app::get_visit(house, options.visit); });
    session.confirm(fmt::format("Cancel visit {} of {}?", visit.visit.id, visit.guest_name), options.yes);
  }
  const auto visit = change_house(session, options.dry_run,
                                  [&](auto& house) { return app::cancel_visit(house, options.visit, options.reason); });
  session.done(visit, fmt::format("Cancelled visit {} of {}.", visit.visit.id, visit.guest_name), options.dry_run);
}

}  // namespace

void add_visit_cancel(Command& visit) {
  auto options = std::make_shared<Options>();
  auto& command = visit.add("cancel", "Call off a visit that has not begun; this cannot be undone")
                      .positional("VISIT", options->visit, "Number shown by 'visit list'")
                      .required()
                      .option("--reason", "TEXT", options->reason, "Why")
                      .flag("-y,--yes", options->yes, kYesHelp);
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_house()
      .example("visitorctl visit cancel 42 --reason 'meeting moved' --yes")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
