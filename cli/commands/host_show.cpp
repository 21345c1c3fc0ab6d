#include "app/remote/registry.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string host;
  std::optional<std::string> site;
};

void run(const Options& options, Session& session) {
  const auto host = read_house(
      session, [&](auto& house) { return app::resolve_host(house, options.host, find_site(house, options.site)); });
  session.show(host, card_of(host));
}

}  // namespace

void add_host_show(Command& host) {
  auto options = std::make_shared<Options>();
  auto& command = host.add("show", "Show a host").positional("HOST", options->host, "Name or number");
  command.required();
  add_site_filter(command, options->site);
  command.fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl host show 3")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
