#include "cli/account_commands.hpp"
#include "cli/session.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string role;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  const auto role = app::resolve_role(work, options.role);
  const RoleShown shown{role, app::list_grants(work, {.role = role.id})};
  session.show(shown, card_of(shown));
}

}  // namespace

void add_role_show(Command& role) {
  auto options = std::make_shared<Options>();
  role.add("show", "Show what a role allows, and who has it where")
      .positional("ROLE", options->role, "Name of the role")
      .required()
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl role show reception")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
