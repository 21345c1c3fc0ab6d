#include "app/remote/rules.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/session.hpp"
#include "cli/views_rules.hpp"

namespace visitor::cli {
namespace {

struct Options {
  domain::IncidentType type = domain::IncidentType::other;
};

void run(const Options& options, Session& session) {
  const auto rule = read_house(session, [&](auto& house) { return app::get_rule(house, options.type); });
  session.show(rule, card_of(rule));
}

}  // namespace

void add_rules_show(Command& rules) {
  auto options = std::make_shared<Options>();
  rules.add("show", "Show what a rule means, what it goes by, and what it says in English and Russian")
      .positional("TYPE", options->type, "Type of the incidents that it opens")
      .required()
      .fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl rules show long_stay")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
