#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string host;
  std::optional<std::string> site;
  std::optional<std::string> department;
  app::HostEdit wanted;
  std::optional<int> if_version;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  auto wanted = options.wanted;
  require_some(options.department || wanted.name || wanted.email || wanted.phone || wanted.chat_id);
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  const auto site = find_site(work, options.site);
  const auto before = app::resolve_host(work, options.host, site);
  if (options.department) wanted.department = app::resolve_department(work, *options.department, site).department.id;
  const auto host = app::edit_host(work, before.host.id, wanted, options.if_version.value_or(before.host.version));
  const auto after = app::resolve_host(work, fmt::format("{}", host.id));
  finish(tx, options.dry_run);
  session.done(after, edited("host", host.id.value, host.name, before.host.version, host.version), options.dry_run);
}

}  // namespace

void add_host_edit(Command& host) {
  auto options = std::make_shared<Options>();
  auto& command =
      host.add("edit", "Change an employee who receives guests")
          .details(kEditDetails)
          .positional("HOST", options->host, "Name or number")
          .required()
          .option("--name", "NAME", options->wanted.name, "Name")
          .option("--department", "DEPARTMENT", options->department, "By name or number; visits of before keep theirs")
          .option("--email", "ADDRESS", options->wanted.email, "E-mail address")
          .option("--phone", "NUMBER", options->wanted.phone,
                  "Telephone number; the site's country code completes a local one")
          .option("--chat", "ID", options->wanted.chat_id, "Chat for messages");
  add_site_filter(command, options->site);
  add_if_version(command, options->if_version);
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl host edit 'Daniyar Omarov' --phone '701 123 45 67'")
      .example("visitorctl host edit 3 --department Registrar --if-version 2")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
