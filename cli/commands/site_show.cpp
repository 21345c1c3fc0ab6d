#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string site;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto site = app::resolve_site(session.reader(tx), options.site);
  session.show(site, card_of(site));
}

}  // namespace

void add_site_show(Command& site) {
  auto options = std::make_shared<Options>();
  site.add("show", "Show a site")
      .positional("SITE", options->site, "Name or number")
      .required()
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl site show 'Head office'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
