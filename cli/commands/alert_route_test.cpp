#include "app/registry.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views_routing.hpp"
#include "core/text.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::vector<std::string> subject;
  std::optional<domain::IncidentType> type;
  std::optional<domain::Severity> severity;
  std::optional<std::string> site;
  std::optional<std::string> department;
  bool late = false;

  bool imagined() const { return type || severity || site || department || late; }
};

IncidentId incident_of(const std::vector<std::string>& words) {
  const auto number = words.size() == 2 ? to_integer(words[1]) : std::nullopt;
  if (number && *number > 0 && equal_ignoring_case(words[0], "incident")) return IncidentId{*number};
  throw Error(Errc::usage, "what is to be tested is no incident", "Write 'incident' and its number: incident 42.");
}

app::RouteTest imagined(const app::Work& work, const Options& options) {
  domain::AlertFacts facts;
  facts.created_at = work.now;
  facts.type = options.type.value_or(domain::IncidentType::other);
  facts.severity = options.severity.value_or(domain::Severity::medium);
  facts.late = options.late;
  if (options.site) {
    const auto site = app::resolve_site(work, *options.site);
    facts.site = site.id;
    facts.site_name = site.name;
    facts.zone = Zone::named(site.time_zone);
  }
  if (options.department) {
    const auto department = app::resolve_department(work, *options.department, facts.site).department;
    facts.department = department.id;
    facts.department_name = department.name;
  }
  return app::test_route(work, facts);
}

void run(const Options& options, Session& session) {
  if (options.imagined() && !options.subject.empty())
    throw Error(Errc::usage, "an incident has its own type, severity, site and department",
                "Give either an incident, or what it would be like.");
  // What would be told together is looked at under locks; everything is rolled back.
  db::Transaction tx{session.db()};
  const auto work = session.reader(tx);
  const auto test =
      options.subject.empty() ? imagined(work, options) : app::test_route(work, incident_of(options.subject));
  session.show(test, route_table(test));
}

}  // namespace

void add_alert_route_test(Command& route) {
  auto options = std::make_shared<Options>();
  route.add("test", "Say who would get what, and why")
      .details(
          "Of an incident that is there, or of one that is only described. Nothing is sent, and nothing is stored. "
          "Routes after the first one that matches are not looked at, unless it says continue.")
      .positional("SUBJECT", options->subject, "incident and its number: incident 42")
      .option("--type", "TYPE", options->type, "Of an incident that is not there: its type")
      .option("--severity", "SEVERITY", options->severity, "Its severity; medium where none is given")
      .option("--site", "SITE", options->site, "Its site, by number or name")
      .option("--department", "DEPARTMENT", options->department, "Of the visit, by number or name")
      .flag("--late", options->late, "It became known long after it happened")
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl alert route test incident 42")
      .example("visitorctl alert route test --type duress --severity critical")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
