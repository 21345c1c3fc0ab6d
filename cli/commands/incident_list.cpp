#include "app/incidents.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::vector<domain::IncidentStatus> statuses;
  std::vector<domain::Severity> severities;
  std::vector<domain::IncidentType> types;
  bool open = false;
  std::optional<std::string> site;
  std::optional<std::string> guest;
  std::optional<std::string> terminal;
  std::optional<VisitId> visit;
  Period period;
  int limit = 100;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  app::IncidentFilter filter;
  filter.statuses = options.statuses;
  if (options.open)
    filter.statuses.insert(filter.statuses.end(),
                           {domain::IncidentStatus::fresh, domain::IncidentStatus::investigating});
  filter.severities = options.severities;
  filter.types = options.types;
  filter.site = find_site(work, options.site);
  if (options.guest) filter.guest = app::resolve_guest(work, *options.guest).id;
  if (options.terminal) filter.terminal = app::resolve_terminal(work, *options.terminal).terminal.id;
  filter.visit = options.visit;
  const auto span = resolve(options.period, session, zone_for(work, options.site));
  filter.since = span.since;
  filter.until = span.until;
  filter.limit = options.limit + 1;
  auto incidents = app::list_incidents(work, filter);
  cut(incidents, options.limit, session);
  session.list("incidents", incidents, incident_table(incidents, session.now()));
}

}  // namespace

void add_incident_list(Command& incident) {
  auto options = std::make_shared<Options>();
  auto& command = incident.add("list", "List incidents, the newest first")
                      .flag("--open", options->open, "Only new ones and those under investigation")
                      .option("--status", "STATUS", options->statuses, "Only with this status")
                      .option("--severity", "SEVERITY", options->severities, "Only of this severity")
                      .option("--type", "TYPE", options->types, "Only of this type");
  add_site_filter(command, options->site);
  command.option("--guest", "GUEST", options->guest, "Only about this guest, by name or number")
      .option("--terminal", "TERMINAL", options->terminal, "Only about this terminal, by name or number")
      .option("--visit", "VISIT", options->visit, "Only about this visit");
  add_period(command, options->period, "detected");
  add_limit(command, options->limit);
  command.fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl incident list --open --severity high --severity critical")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
