#include <fmt/format.h>

#include "app/visits.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/guest_options.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::optional<std::string> guest;
  std::optional<std::string> new_guest;
  GuestOptions details;
  std::optional<std::string> host;
  std::optional<std::string> department;
  std::optional<std::string> site;
  domain::Purpose purpose = domain::Purpose::other;
  std::string purpose_text;
  std::optional<Moment> from;
  std::optional<Moment> until;
  bool dry_run = false;
};

void check(const Options& options) {
  if (options.guest.has_value() == options.new_guest.has_value())
    throw Error(Errc::usage, "either --guest or --new-guest is needed",
                "Run 'visitorctl guest list' to see who is known.");
  if (options.guest && options.details.any())
    throw Error(Errc::usage, "a known guest cannot be described again",
                "Leave out the options of the guest, or use --new-guest.");
}

/// Moments without an offset are local at the site of the visit.
Zone zone_of(const app::Work& work, const app::NewVisit& visit, const Options& options,
             const std::optional<app::DepartmentListed>& department, const std::optional<app::HostListed>& host) {
  if (department) return zone_for(work, fmt::to_string(department->department.site.value));
  if (host) return zone_for(work, fmt::to_string(host->site.value));
  if (visit.site) return zone_for(work, fmt::to_string(visit.site->value));
  return zone_for(work, options.site);
}

void create(const Options& options, Session& session) {
  check(options);
  auto document = read_document(options.details);
  const Vault* vault = options.new_guest ? &session.vault() : nullptr;

  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  app::NewVisit wanted;
  wanted.site = find_site(work, options.site);
  std::optional<app::DepartmentListed> department;
  if (options.department) department = app::resolve_department(work, *options.department, wanted.site);
  if (department) wanted.department = department->department.id;
  std::optional<app::HostListed> host;
  if (options.host) host = app::resolve_host(work, *options.host, wanted.site);
  if (host) wanted.host = host->host.id;
  wanted.purpose = options.purpose;
  wanted.purpose_text = options.purpose_text;
  const auto zone = zone_of(work, wanted, options, department, host);
  if (options.from) wanted.expected_from = session.instant(*options.from, zone);
  if (options.until) wanted.expected_until = session.instant(*options.until, zone);

  if (options.new_guest) {
    auto guest = new_guest(*options.new_guest, options.details, std::move(document));
    guest.site = wanted.site ? wanted.site : department ? std::optional{department->department.site} : std::nullopt;
    if (!guest.site && host) guest.site = host->site;
    wanted.guest = app::add_guest(work, *vault, guest).guest.id;
  } else if (options.guest) {
    wanted.guest = app::resolve_guest(work, *options.guest).id;
  }
  const auto visit = app::create_visit(work, wanted);
  finish(tx, options.dry_run);
  session.done(visit,
               fmt::format("Registered visit {} of {} (guest {}), expected {} to {}.", visit.visit.id, visit.guest_name,
                           visit.visit.guest, time_cell(visit.visit.expected_from, visit.time_zone).text,
                           time_cell(visit.visit.expected_until, visit.time_zone).text),
               options.dry_run);
}

void run(const Options& options, Session& session) {
  try {
    create(options, session);
  } catch (const app::BlockedGuestError& refusal) {
    if (!options.dry_run) {
      db::Transaction tx{session.db()};
      app::record_refusal(session.work(tx), refusal);
      tx.commit();
    }
    throw;
  }
}

}  // namespace

void add_visit_create(Command& visit) {
  auto options = std::make_shared<Options>();
  auto& command =
      visit.add("create", "Register a visit")
          .option("--guest", "GUEST", options->guest, "Number, or the exact name where only one guest has it")
          .option("--new-guest", "NAME", options->new_guest,
                  "A guest who is not known yet; added together with the visit")
          .option("--host", "HOST", options->host, "Whom the guest comes to see, by name or number")
          .option("--department", "DEPARTMENT", options->department, "By name or number; without it the host's")
          .option("--site", "SITE", options->site, "By name or number; without it the department's, else the only one")
          .option("--from", "TIME", options->from, "When the guest is expected")
          .default_is("now")
          .option("--until", "TIME", options->until, "When the guest is expected to have left")
          .default_is("the end of that day")
          .option("--purpose", "PURPOSE", options->purpose, "Why the guest comes")
          .option("--purpose-text", "TEXT", options->purpose_text, "The purpose in words");
  add_guest_options(command, options->details);
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl visit create --guest 17 --host 'Daniyar Omarov' --from 14:00 --until 15:30")
      .example("visitorctl visit create --new-guest 'Elena Petrova' --employee-no 1017 --department Admissions",
               "Somebody who stands at the desk right now")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
