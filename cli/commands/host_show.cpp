#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string host;
  std::optional<std::string> site;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  const auto host = app::resolve_host(work, options.host, find_site(work, options.site));
  session.show(host, card_of(host));
}

}  // namespace

void add_host_show(Command& host) {
  auto options = std::make_shared<Options>();
  auto& command = host.add("show", "Show a host").positional("HOST", options->host, "Name or number");
  command.required();
  add_site_filter(command, options->site);
  command.fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl host show 3")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
