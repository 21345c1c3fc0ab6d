#include "app/remote/registry.hpp"
#include "app/remote/visits.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string text;
  std::vector<domain::VisitStatus> statuses;
  std::optional<std::string> site;
  std::optional<std::string> department;
  std::optional<std::string> host;
  std::optional<std::string> guest;
  Period period;
  int limit = 100;
};

void run(const Options& options, Session& session) {
  auto visits = read_house(session, [&](auto& house) {
    app::VisitFilter filter;
    filter.statuses = options.statuses;
    filter.site = find_site(house, options.site);
    if (options.department)
      filter.department = app::resolve_department(house, *options.department, filter.site).department.id;
    if (options.host) filter.host = app::resolve_host(house, *options.host, filter.site).host.id;
    if (options.guest) filter.guest = app::resolve_guest(house, *options.guest).id;
    const auto span = resolve(options.period, session, zone_for(house, options.site));
    filter.since = span.since;
    filter.until = span.until;
    filter.text = options.text;
    filter.limit = options.limit + 1;
    return app::list_visits(house, filter);
  });
  cut(visits, options.limit, session);
  session.list("visits", visits, visit_table(visits));
}

}  // namespace

void add_visit_list(Command& visit) {
  auto options = std::make_shared<Options>();
  auto& command =
      visit.add("list", "List visits, the latest expected first")
          .positional("TEXT", options->text, "Only where it is part of the guest's or the host's name, or the company")
          .option("--status", "STATUS", options->statuses, "Only with this status");
  add_site_filter(command, options->site);
  command.option("--department", "DEPARTMENT", options->department, "Only this department, by name or number")
      .option("--host", "HOST", options->host, "Only this host, by name or number")
      .option("--guest", "GUEST", options->guest, "Only this guest, by name or number");
  add_period(command, options->period, "expected");
  add_limit(command, options->limit);
  command.fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl visit list --since today --until tomorrow", "Who is expected today?")
      .example("visitorctl visit list --status checked_in --json | jq '.visits[].guest.name'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
