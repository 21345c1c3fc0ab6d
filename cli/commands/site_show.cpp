#include "app/remote/registry.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string site;
};

void run(const Options& options, Session& session) {
  const auto site = read_house(session, [&](auto& house) { return app::resolve_site(house, options.site); });
  session.show(site, card_of(site));
}

}  // namespace

void add_site_show(Command& site) {
  auto options = std::make_shared<Options>();
  site.add("show", "Show a site")
      .positional("SITE", options->site, "Name or number")
      .required()
      .fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl site show 'Head office'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
