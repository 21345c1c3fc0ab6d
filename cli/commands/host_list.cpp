#include "app/remote/registry.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::optional<std::string> site;
  std::optional<std::string> department;
  std::string text;
  int limit = 100;
};

void run(const Options& options, Session& session) {
  auto hosts = read_house(session, [&](auto& house) {
    app::HostFilter filter;
    filter.site = find_site(house, options.site);
    if (options.department)
      filter.department = app::resolve_department(house, *options.department, filter.site).department.id;
    filter.text = options.text;
    filter.limit = options.limit + 1;
    return app::list_hosts(house, filter);
  });
  cut(hosts, options.limit, session);
  session.list("hosts", hosts, host_table(hosts));
}

}  // namespace

void add_host_list(Command& host) {
  auto options = std::make_shared<Options>();
  auto& command = host.add("list", "List hosts by name")
                      .positional("TEXT", options->text, "Only where it is part of name, e-mail or phone");
  add_site_filter(command, options->site);
  command.option("--department", "DEPARTMENT", options->department, "Only this department, by name or number");
  add_limit(command, options->limit);
  command.fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl host list omarov")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
