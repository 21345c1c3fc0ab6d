#include "cli/incident_options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/remote/incidents.hpp"
#include "app/remote/registry.hpp"
#include "app/remote/terminals.hpp"
#include "cli/house.hpp"
#include "cli/prompt.hpp"
#include "cli/step_up.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

constexpr int kMostAtOnce = 10'000;

struct Options {
  std::vector<IncidentId> incidents;
  bool all_matching = false;
  IncidentOptions filter;
  app::IncidentAction action;
  std::optional<std::filesystem::path> code_file;
  bool yes = false;
  bool dry_run = false;
};

/// What ends incidents. Of many at once it could hide one among others, so it asks for a fresh code.
bool settles(app::IncidentMove move) {
  return move == app::IncidentMove::resolve || move == app::IncidentMove::false_alarm;
}

/// The numbers of all that match and can be changed like this, newest first.
std::vector<IncidentId> matching(const Options& options, Session& session) {
  const auto found = read_house(session, [&](auto& house) {
    auto filter = incident_filter(house, session, options.filter);
    const auto possible = app::statuses_before(options.action.move);
    if (filter.statuses.empty()) filter.statuses = possible;
    std::erase_if(filter.statuses,
                  [&](auto status) { return std::find(possible.begin(), possible.end(), status) == possible.end(); });
    filter.limit = kMostAtOnce + 1;
    return filter.statuses.empty() ? std::vector<app::IncidentListed>{} : app::list_incidents(house, filter);
  });
  std::vector<IncidentId> ids;
  for (const auto& listed : found) ids.push_back(listed.incident.id);
  if (ids.size() > kMostAtOnce)
    throw Error(Errc::usage, fmt::format("more than {} incidents match", kMostAtOnce),
                "Narrow them down, by --since and --until for example.");
  return ids;
}

void ask_for_all(const Options& options, const IncidentStepWords& words, std::size_t count, Session& session) {
  if (options.yes || options.dry_run) return;
  if (!can_ask())
    throw Error(Errc::usage,
                fmt::format("{} incident{} match, and there is no terminal to ask on", count, count == 1 ? "" : "s"),
                "Say --yes to mean all of them.");
  session.confirm(fmt::format(fmt::runtime(words.question), count), false);
}

template <class House>
app::IncidentFilter filter_in(House& house, const Session& session, const IncidentOptions& options) {
  app::IncidentFilter filter;
  filter.statuses = options.statuses;
  if (options.open)
    filter.statuses.insert(filter.statuses.end(),
                           {domain::IncidentStatus::fresh, domain::IncidentStatus::investigating});
  filter.severities = options.severities;
  filter.types = options.types;
  filter.site = find_site(house, options.site);
  if (options.guest) filter.guest = app::resolve_guest(house, *options.guest).id;
  if (options.terminal) filter.terminal = app::resolve_terminal(house, *options.terminal).terminal.id;
  filter.visit = options.visit;
  const auto span = resolve(options.period, session, zone_for(house, options.site));
  filter.since = span.since;
  filter.until = span.until;
  return filter;
}

std::string done_text(const IncidentStepWords& words, const app::IncidentListed& listed) {
  return fmt::format(fmt::runtime(words.done), listed.incident.id, domain::name(listed.incident.type),
                     listed.assigned_login);
}

void run(const Options& options, const IncidentStepWords& words, Session& session) {
  if (options.all_matching == !options.incidents.empty())
    throw Error(Errc::usage,
                options.all_matching ? "--all-matching stands instead of incidents" : "INCIDENT is missing",
                "Give numbers as 'visitorctl incident list' shows them, or --all-matching with its filters.");
  if (!options.all_matching && options.filter.any())
    throw Error(Errc::usage, "filters choose incidents only together with --all-matching");
  auto ids = options.incidents;
  if (options.all_matching) {
    ids = matching(options, session);
    if (!ids.empty()) ask_for_all(options, words, ids.size(), session);
  }

  const bool at_once = ids.size() > 1 && session.remote() == nullptr;
  if (at_once && settles(options.action.move) && !options.dry_run) step_up(session, options.code_file);
  std::vector<app::IncidentListed> changed;
  if (!ids.empty())
    changed = change_house(session, options.dry_run,
                           [&](auto& house) { return app::change_incidents(house, ids, options.action); });
  if (!options.all_matching && options.incidents.size() == 1)
    return session.done(changed.front(), done_text(words, changed.front()), options.dry_run);
  session.done_all("incidents", changed, fmt::format(fmt::runtime(words.done_many), changed.size()), options.dry_run);
}

}  // namespace

bool IncidentOptions::any() const {
  return open || site || guest || terminal || visit || period.since || period.until || !statuses.empty() ||
         !severities.empty() || !types.empty();
}

void add_incident_options(Command& command, IncidentOptions& options) {
  command.flag("--open", options.open, "Only new ones and those under investigation")
      .option("--status", "STATUS", options.statuses, "Only with this status")
      .option("--severity", "SEVERITY", options.severities, "Only of this severity")
      .option("--type", "TYPE", options.types, "Only of this type");
  add_site_filter(command, options.site);
  command.option("--guest", "GUEST", options.guest, "Only about this guest, by name or number")
      .option("--terminal", "TERMINAL", options.terminal, "Only about this terminal, by name or number")
      .option("--visit", "VISIT", options.visit, "Only about this visit");
  add_period(command, options.period, "detected");
}

app::IncidentFilter incident_filter(const app::Work& work, const Session& session, const IncidentOptions& options) {
  return filter_in(work, session, options);
}

app::IncidentFilter incident_filter(app::RemoteHouse& house, const Session& session, const IncidentOptions& options) {
  return filter_in(house, session, options);
}

void add_incident_step(Command& incident, IncidentStepWords words) {
  auto options = std::make_shared<Options>();
  options->action.move = words.move;
  auto& command = incident.add(words.name, words.help);
  command.positional("INCIDENT", options->incidents, "Numbers shown by 'incident list'");
  if (words.move == app::IncidentMove::assign)
    command.option("--to", "LOGIN", options->action.login, "Account that takes it; without it your own");
  command.option("--note", "TEXT", options->action.note, words.note_help)
      .flag("--all-matching", options->all_matching,
            "Instead of numbers: all that the filters below leave, and that can be changed like this");
  add_incident_options(command, options->filter);
  command.flag("-y,--yes", options->yes, "Do not ask before changing all that match");
  add_dry_run(command, options->dry_run);
  std::string details =
      "Several incidents are changed together or not at all: where some cannot be, each is named and none is changed. "
      "With --json one INCIDENT gives its object; several, and --all-matching, give {\"incidents\": [...]}.";
  if (settles(words.move)) {
    details += fmt::format(" For several: {}", kStepUpDetails);
    add_code_file(command, options->code_file);
  }
  command.details(details).fails_with({Errc::not_found, Errc::conflict}).uses_house();
  for (auto& example : words.examples) command.example(std::move(example.line), std::move(example.note));
  command.runs([options, words = std::move(words)](Session& session) { run(*options, words, session); });
}

}  // namespace visitor::cli
