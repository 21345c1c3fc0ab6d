#include "app/remote/accounts.hpp"
#include "cli/account_commands.hpp"
#include "cli/house.hpp"
#include "cli/session.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string role;
};

void run(const Options& options, Session& session) {
  const auto shown = read_house(session, [&](auto& house) {
    const auto role = app::resolve_role(house, options.role);
    return RoleShown{role, app::list_grants(house, {.role = role.id})};
  });
  session.show(shown, card_of(shown));
}

}  // namespace

void add_role_show(Command& role) {
  auto options = std::make_shared<Options>();
  role.add("show", "Show what a role allows, and who has it where")
      .positional("ROLE", options->role, "Name of the role")
      .required()
      .fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl role show reception")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
