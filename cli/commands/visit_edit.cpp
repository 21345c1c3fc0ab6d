#include <fmt/format.h>

#include "app/remote/registry.hpp"
#include "app/remote/visits.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  VisitId visit;
  std::optional<std::string> host;
  std::optional<std::string> department;
  std::optional<domain::Purpose> purpose;
  std::optional<std::string> purpose_text;
  std::optional<domain::VisitKind> kind;
  std::optional<std::string> contact_phone;
  bool consent = false;
  bool no_consent = false;
  std::optional<Moment> from;
  std::optional<Moment> until;
  std::optional<int> if_version;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  require_some(options.host || options.department || options.purpose || options.purpose_text || options.kind ||
               options.contact_phone || options.consent || options.no_consent || options.from || options.until);
  if (options.consent && options.no_consent)
    throw Error(Errc::usage, "--consent and --no-consent cannot both be given", "Leave out one of them.");
  const auto [before, visit] = change_house(session, options.dry_run, [&](auto& house) {
    const auto there = app::get_visit(house, options.visit);
    const auto& site = there.visit.site;
    const auto zone = Zone::named(there.time_zone);
    app::VisitEdit wanted;
    if (options.host) wanted.host = app::resolve_host(house, *options.host, site).host.id;
    if (options.department) wanted.department = app::resolve_department(house, *options.department, site).department.id;
    wanted.purpose = options.purpose;
    wanted.purpose_text = options.purpose_text;
    wanted.kind = options.kind;
    wanted.contact_phone = options.contact_phone;
    if (options.consent || options.no_consent) wanted.consent = options.consent;
    if (options.from) wanted.expected_from = session.instant(*options.from, zone);
    if (options.until) wanted.expected_until = session.instant(*options.until, zone);
    const auto seen = options.if_version.value_or(there.visit.version);
    return std::pair{there.visit.version, app::edit_visit(house, options.visit, wanted, seen)};
  });
  session.done(visit, edited("visit", visit.visit.id.value, app::describe(visit), before, visit.visit.version),
               options.dry_run);
}

}  // namespace

void add_visit_edit(Command& visit) {
  auto options = std::make_shared<Options>();
  auto& command =
      visit.add("edit", "Change what was planned of a visit that has not ended")
          .details(std::string{kEditDetails} +
                   " With other times other passages may belong to the visit, so it may change its state.")
          .positional("VISIT", options->visit, "Number shown by 'visit list'")
          .required()
          .option("--host", "HOST", options->host, "Whom the guest comes to see, by name or number")
          .option("--department", "DEPARTMENT", options->department, "By name or number; without --host, of no host")
          .option("--from", "TIME", options->from, "When the guest is expected")
          .option("--until", "TIME", options->until, "When the guest is expected to have left")
          .option("--purpose", "PURPOSE", options->purpose, "Why the guest comes")
          .option("--purpose-text", "TEXT", options->purpose_text, "The purpose in words")
          .option("--type", "TYPE", options->kind, "What kind of visit it is")
          .option("--contact-phone", "NUMBER", options->contact_phone,
                  "Whom to ring about the visit; the site's country code completes a local number")
          .flag("--consent", options->consent, "The guest agrees to the processing of personal data: recorded with now")
          .flag("--no-consent", options->no_consent, "There is no such consent, or it was taken back");
  add_if_version(command, options->if_version);
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_house()
      .example("visitorctl visit edit 42 --until 18:30")
      .example("visitorctl visit edit 42 --host 'Dana Omarova' --if-version 3")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
