#include <fmt/format.h>

#include <algorithm>

#include "app/replay.hpp"
#include "app/rules.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views_replay.hpp"
#include "core/text.hpp"

namespace visitor::cli {
namespace {

struct Options {
  Period period;
  std::vector<std::string> changes;
  std::optional<domain::IncidentType> type;
  std::optional<std::string> site;
};

/// "long_stay=6h", or "long_stay.hours=6", which is the same.
app::RuleChange change_of(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw Error(Errc::usage, fmt::format("--set {} is not KEY=VALUE", text), "For example --set long_stay=6h.");
  app::RuleChange change{text.substr(0, equals), text.substr(equals + 1), std::nullopt};
  struct Unit {
    std::string_view name, suffix;
  };
  constexpr Unit kUnits[] = {{".days", "d"}, {".hours", "h"}, {".minutes", "m"}, {".seconds", "s"}};
  for (const auto& [name, suffix] : kUnits) {
    if (!change.key.ends_with(name)) continue;
    if (!to_integer(change.value))
      throw Error(Errc::usage, fmt::format("--set {}: '{}' is not a number of {}", text, change.value, name.substr(1)));
    change.key.resize(change.key.size() - name.size());
    change.value += suffix;
  }
  return change;
}

void run(const Options& options, Session& session) {
  if (options.type && !app::is_replayable(*options.type))
    throw Error(Errc::usage, fmt::format("{} cannot be tried on the past", domain::name(*options.type)),
                "It looks at what terminals and people were like just then, which no event tells.");
  std::vector<app::RuleChange> changes;
  for (const auto& text : options.changes) changes.push_back(change_of(text));

  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  const auto period = resolve_past(options.period, session, zone_for(work, options.site));
  const auto site = find_site(work, options.site);
  auto sites = app::site_rules(work, changes);
  if (site) std::erase_if(sites, [&](const domain::SiteRules& one) { return one.id != *site; });
  const auto trial = app::try_rules(work, period, sites, options.type);

  if (session.json()) {
    JsonWriter json;
    write(json, trial);
    return session.print(json.take());
  }
  session.print_table(trial_table(trial, sites, session.now()));
  std::size_t was = 0;
  std::size_t would = 0;
  for (const auto& tried : trial.tried) {
    was += tried.was.has_value();
    would += tried.would;
  }
  session.note(fmt::format("Raised: {}; would be raised: {}. Nothing was changed.", was, would));
  for (const auto& [type, count] : trial.not_replayable)
    session.note(fmt::format("Not tried: {} of type {}, which no stored event can prove.", count, domain::name(type)));
}

}  // namespace

void add_rules_test(Command& rules) {
  auto options = std::make_shared<Options>();
  rules.add("test", "Try the rules, as they are or as proposed, on stored events; changes nothing")
      .option("--since", "TIME", options->period.since, "Events of this time or later")
      .required()
      .option("--until", "TIME", options->period.until, "Events before this time")
      .default_is("now")
      .option("--set", "KEY=VALUE", options->changes, "An option of [rules] with another value: long_stay=6h")
      .option("--rule", "TYPE", options->type, "Only this rule")
      .option("--site", "SITE", options->site, "Only this site, by name or number")
      .details(
          "Prints what would have been raised beside what was: both, only raised, or only would be. Of one subject "
          "there "
          "is one incident at a time, as long as the stored one was open, or for good where nobody ended any.\n"
          "\n"
          "A span may also be written with its unit in the key: long_stay.hours=6. Sites keep their own values; --set "
          "counts for all of them. blocked_guest, terminal_offline, event_gap and clock_drift are not tried: what they "
          "look at is not in the events.")
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl rules test --since 30d --set long_stay=6h", "How many more would six hours give?")
      .example("visitorctl rules test --since 7d --rule suspicious_time --set day_begins=07:00")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
