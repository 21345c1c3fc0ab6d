#include "app/remote/accounts.hpp"
#include "cli/account_commands.hpp"
#include "cli/house.hpp"
#include "cli/session.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string group;
};

void run(const Options& options, Session& session) {
  const auto listed = read_house(session, [&](auto& house) { return app::resolve_group(house, options.group); });
  session.show(listed, card_of(listed));
}

}  // namespace

void add_group_show(Command& group) {
  auto options = std::make_shared<Options>();
  group.add("show", "Show a group and who is in it")
      .positional("GROUP", options->group, "Name of the group")
      .required()
      .fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl group show guards")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
