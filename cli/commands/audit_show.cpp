#include "app/remote/records.hpp"
#include "cli/arguments.hpp"
#include "cli/audit_commands.hpp"
#include "cli/house.hpp"
#include "cli/views_audit.hpp"

namespace visitor::cli {
namespace {

struct Options {
  int row = 0;
};

void run(const Options& options, Session& session) {
  read_house(session, [&](auto& house) {
    const auto record = app::get_audit(house, options.row);
    session.show(record, card_of(record, zone_for(house, std::nullopt).name()));
  });
}

}  // namespace

void add_audit_show(Command& audit) {
  auto options = std::make_shared<Options>();
  audit.add("show", "Show a row of the audit with its link in the chain")
      .positional("ROW", options->row, "Number shown by 'audit list'")
      .required()
      .fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl audit show 1017")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
