#include <fmt/format.h>

#include "app/registry.hpp"
#include "app/remote/alerts.hpp"
#include "app/remote/registry.hpp"
#include "app/remote/terminals.hpp"
#include "app/terminals.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"
#include "cli/views_routing.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::vector<domain::IncidentType> types;
  std::optional<domain::Severity> at_most;
  std::optional<std::string> site;
  std::optional<std::string> department;
  std::optional<std::string> guest;
  std::optional<std::string> terminal;
  std::optional<IncidentId> incident;
  std::string recipient;
  std::string reason;
  std::optional<std::chrono::seconds> lasts;
  std::optional<Moment> until;
  bool dry_run = false;
};

constexpr std::chrono::hours kPreview{7 * 24};

template <class House>
domain::Silence silence_of(House& house, const Session& session, const Options& options) {
  if (options.lasts.has_value() == options.until.has_value())
    throw Error(Errc::usage, options.lasts ? "--for stands instead of --until" : "the silence has no end",
                "Say --for 2h, or --until with a time.");
  domain::Silence silence;
  silence.types = options.types;
  silence.at_most = options.at_most;
  silence.site = find_site(house, options.site);
  if (options.department) silence.department = app::resolve_department(house, *options.department).department.id;
  if (options.guest) silence.guest = app::resolve_guest(house, *options.guest).id;
  if (options.terminal) silence.terminal = app::resolve_terminal(house, *options.terminal).terminal.id;
  silence.incident = options.incident;
  silence.recipient = options.recipient;
  silence.reason = options.reason;
  silence.starts_at = session.now();
  silence.ends_at =
      options.lasts ? session.now() + *options.lasts : session.instant(*options.until, zone_for(house, options.site));
  return silence;
}

void run(const Options& options, Session& session) {
  std::string zone;
  const auto shown = change_house(session, options.dry_run, [&](auto& house) {
    const auto silence = silence_of(house, session, options);
    auto listed = app::add_silence(house, silence);
    zone = zone_for(house, options.site).name();
    return SilenceShown{std::move(listed), app::preview_silence(house, silence, session.now() - kPreview)};
  });
  const auto& listed = shown.listed;
  auto text = fmt::format("Silenced {} until {} (silence {}); in the last 7 days that would have held back {} alert{}.",
                          app::describe(listed), time_cell(listed.silence.ends_at, zone).text, listed.silence.id,
                          shown.preview.total, shown.preview.total == 1 ? "" : "s");
  session.done(shown, text, options.dry_run);
  if (!options.dry_run || session.json()) return;
  for (const auto& one : shown.preview.alerts)
    session.note(fmt::format("alert {} of {}: {}, {}", one.alert, time_cell(one.at, zone).text, domain::name(one.type),
                             domain::name(one.severity)));
}

}  // namespace

void add_alert_silence_add(Command& silence) {
  auto options = std::make_shared<Options>();
  auto& command =
      silence.add("add", "Hold back what is known, for a while")
          .details(
              "Everything that is said must hold for an alert to be held back. What is held back stays in the ledger "
              "with the silence and its reason. --dry-run shows what it would have held back in the last 7 days.")
          .option("--type", "TYPE", options->types, "Incidents of this type")
          .option("--at-most", "SEVERITY", options->at_most, "Up to this severity; graver ones get through")
          .option("--site", "SITE", options->site, "At this site, by number or name")
          .option("--department", "DEPARTMENT", options->department, "Of this department, by number or name")
          .option("--guest", "GUEST", options->guest, "About this guest")
          .option("--terminal", "TERMINAL", options->terminal, "Of this terminal, by number or name")
          .option("--incident", "INCIDENT", options->incident, "News of this incident")
          .option("--recipient", "NAME", options->recipient, "For this recipient only")
          .option("--reason", "TEXT", options->reason, "Why, for those who wonder")
          .required()
          .option("--for", "SPAN", options->lasts, "How long: 90s, 30m, 2h, 7d")
          .option("--until", "TIME", options->until, "Or until when");
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl alert silence add --terminal Gate --for 2h --reason 'works at the gate'")
      .example("visitorctl alert silence add --type overstay --for 1d --reason fair --dry-run",
               "What would it have held back?")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
