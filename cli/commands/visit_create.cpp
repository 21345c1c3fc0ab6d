#include <fmt/format.h>

#include "app/groups.hpp"
#include "app/remote/registry.hpp"
#include "app/remote/visits.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/guest_options.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"
#include "core/file.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::optional<std::string> guest;
  std::optional<std::string> new_guest;
  std::optional<std::filesystem::path> group;
  GuestOptions details;
  std::optional<std::string> host;
  std::optional<std::string> department;
  std::optional<std::string> site;
  std::optional<domain::Purpose> purpose;
  std::string purpose_text;
  std::optional<domain::VisitKind> kind;
  std::string contact_phone;
  bool consent = false;
  std::optional<Moment> from;
  std::optional<Moment> until;
  bool dry_run = false;
};

void check(const Options& options) {
  if (options.guest.has_value() + options.new_guest.has_value() + options.group.has_value() != 1)
    throw Error(Errc::usage, "either --guest, --new-guest or --group is needed",
                "Run 'visitorctl guest list' to see who is known.");
  if (options.group) {
    auto others = options.details;
    others.allow_same_contact = false;
    if (others.any())
      throw Error(Errc::usage, "the guests of a group are described in its file",
                  "Leave out the options of the guest.");
  }
  if (options.guest && options.details.any())
    throw Error(Errc::usage, "a known guest cannot be described again",
                "Leave out the options of the guest, or use --new-guest.");
}

/// A guest who is added with the visit, and a delegation, are one transaction, which no request of the API is.
void check_there(const Options& options) {
  if (options.group)
    throw Error(Errc::usage, "a delegation cannot be registered through the API",
                "Run the command on the machine of visitord.");
  if (options.new_guest)
    throw Error(Errc::usage, "a new guest cannot be added with the visit through the API",
                "Run 'visitorctl guest add' first, and give the number with --guest.");
}

/// Moments without an offset are local at the site of the visit.
template <class House>
Zone zone_of(House& house, const app::NewVisit& visit, const Options& options,
             const std::optional<app::DepartmentListed>& department, const std::optional<app::HostListed>& host) {
  if (department) return zone_for(house, fmt::to_string(department->department.site.value));
  if (host) return zone_for(house, fmt::to_string(host->site.value));
  if (visit.site) return zone_for(house, fmt::to_string(visit.site->value));
  return zone_for(house, options.site);
}

std::string read_table(const std::filesystem::path& path) {
  try {
    if (auto table = read_file(path, app::kGroupMostBytes)) return *std::move(table);
  } catch (const Error& error) {
    throw Error(Errc::usage, error.message(), error.hint());
  }
  throw Error(Errc::usage, fmt::format("there is no file {}", path.string()));
}

/// FILE:LINE: COLUMN: what is wrong, a line for each problem.
[[noreturn]] void refuse_group(const std::filesystem::path& file, const std::vector<app::GroupProblem>& problems) {
  std::string message = "nothing was registered";
  for (const auto& [line, column, text] : problems)
    message += fmt::format("\n{}:{}: {}{}{}", file.string(), line, column, column.empty() ? "" : ": ", text);
  throw Error(Errc::usage, message, "Mend these lines and run the command again: it registers all of them or none.");
}

/// Of guests who are blocked, after what was begun is rolled back.
void record(std::span<const app::BlockedGuestError> refusals, const Options& options, Session& session) {
  if (options.dry_run || refusals.empty()) return;
  db::Transaction tx{session.db()};
  for (const auto& refusal : refusals) app::record_refusal(session.work(tx), refusal);
  tx.commit();
}

void run_group(const std::filesystem::path& file, const Options& options, Session& session) {
  const auto table = read_table(file);
  app::GroupDefaults defaults;
  defaults.host = options.host.value_or("");
  defaults.department = options.department.value_or("");
  defaults.site = options.site.value_or("");
  defaults.from = options.from ? options.from->text : "";
  defaults.until = options.until ? options.until->text : "";
  defaults.purpose = options.purpose;
  defaults.purpose_text = options.purpose_text;
  defaults.kind = options.kind;
  defaults.contact_phone = options.contact_phone;
  defaults.consent = options.consent;
  defaults.allow_same_contact = options.details.allow_same_contact;
  const auto& vault = session.vault();

  const auto group = [&] {
    db::Transaction tx{session.db()};
    try {
      auto made = app::create_group(session.work(tx), vault, table, defaults);
      if (made.problems.empty()) finish(tx, options.dry_run);
      return made;
    } catch (const Error& error) {
      if (error.code() != Errc::usage) throw;
      throw Error(Errc::usage, file.string() + ": " + error.message(), error.hint());
    }
  }();
  if (!group.problems.empty()) {
    record(group.refusals, options, session);
    refuse_group(file, group.problems);
  }
  session.done(group,
               fmt::format("Registered {} visit{}, {} of them of new guests.", group.visits.size(),
                           group.visits.size() == 1 ? "" : "s", group.new_guests.size()),
               options.dry_run);
}

std::string group_details() {
  std::string text =
      "--group registers a delegation from a CSV table, all of it or nothing. The first line names the columns, in any "
      "order; fields stand between commas, semicolons or tabs, in quotes where need be; up to 1,000 lines and 1 MiB of "
      "UTF-8. What a line leaves empty comes from the options of this command. A guest is found by number; or by "
      "document; or by name and contact together, never by an equal name alone: whoever is not found is added. "
      "Columns:";
  for (const auto& [name, help] : app::group_columns()) text += fmt::format("\n{}: {}", name, help);
  return text;
}

void create(const Options& options, Session& session) {
  check(options);
  if (session.remote()) check_there(options);
  if (options.group) return run_group(*options.group, options, session);
  auto document = read_document(options.details.document);

  const auto visit = change_house(session, options.dry_run, [&](auto& house) {
    app::NewVisit wanted;
    wanted.site = find_site(house, options.site);
    std::optional<app::DepartmentListed> department;
    if (options.department) department = app::resolve_department(house, *options.department, wanted.site);
    if (department) wanted.department = department->department.id;
    std::optional<app::HostListed> host;
    if (options.host) host = app::resolve_host(house, *options.host, wanted.site);
    if (host) wanted.host = host->host.id;
    wanted.purpose = options.purpose.value_or(wanted.purpose);
    wanted.purpose_text = options.purpose_text;
    wanted.kind = options.kind.value_or(wanted.kind);
    wanted.contact_phone = options.contact_phone;
    wanted.consent = options.consent;
    const auto zone = zone_of(house, wanted, options, department, host);
    if (options.from) wanted.expected_from = session.instant(*options.from, zone);
    if (options.until) wanted.expected_until = session.instant(*options.until, zone);

    if (options.new_guest) {
      auto guest = new_guest(*options.new_guest, options.details, std::move(document));
      guest.site = wanted.site ? wanted.site : department ? std::optional{department->department.site} : std::nullopt;
      if (!guest.site && host) guest.site = host->site;
      wanted.guest = app::add_guest(house, vault_of(session, house), guest).guest.id;
    } else if (options.guest) {
      wanted.guest = app::resolve_guest(house, *options.guest).id;
    }
    return app::create_visit(house, wanted);
  });
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
    record(std::span{&refusal, 1}, options, session);
    throw;
  }
}

}  // namespace

void add_visit_create(Command& visit) {
  auto options = std::make_shared<Options>();
  auto& command =
      visit.add("create", "Register a visit, or those of a delegation")
          .details(group_details())
          .option("--guest", "GUEST", options->guest, "Number, or the exact name where only one guest has it")
          .option("--new-guest", "NAME", options->new_guest,
                  "A guest who is not known yet; added together with the visit")
          .option("--group", "FILE", options->group, "A delegation: one visit for each line of this CSV table")
          .takes_file()
          .option("--host", "HOST", options->host, "Whom the guest comes to see, by name or number")
          .option("--department", "DEPARTMENT", options->department, "By name or number; without it the host's")
          .option("--site", "SITE", options->site, "By name or number; without it the department's, else the only one")
          .option("--from", "TIME", options->from, "When the guest is expected")
          .default_is("now")
          .option("--until", "TIME", options->until, "When the guest is expected to have left")
          .default_is("the end of that day")
          .option("--purpose", "PURPOSE", options->purpose, "Why the guest comes")
          .option("--purpose-text", "TEXT", options->purpose_text, "The purpose in words")
          .option("--type", "TYPE", options->kind, "What kind of visit it is")
          .default_is("guest")
          .option("--contact-phone", "NUMBER", options->contact_phone,
                  "Whom to ring about the visit; the site's country code completes a local number")
          .flag("--consent", options->consent,
                "The guest agrees to the processing of personal data: recorded with now");
  add_guest_options(command, options->details);
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_house()
      .example("visitorctl visit create --guest 17 --host 'Daniyar Omarov' --from 14:00 --until 15:30")
      .example("visitorctl visit create --new-guest 'Elena Petrova' --employee-no 1017 --department Admissions",
               "Somebody who stands at the desk right now")
      .example("visitorctl visit create --group delegation.csv --host 3 --from '2026-09-01 10:00' --dry-run",
               "A table with the columns name, company and phone")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
