#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  app::NewHost host;
  std::string department;
  std::optional<std::string> site;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  const auto department = app::resolve_department(work, options.department, find_site(work, options.site));
  auto wanted = options.host;
  wanted.department = department.department.id;
  const auto host = app::add_host(work, wanted);
  finish(tx, options.dry_run);
  session.done(app::HostListed{host, department.department.name, department.department.site, department.site_name},
               fmt::format("Added host {}: {}, {}.", host.id, host.name, department.department.name), options.dry_run);
}

}  // namespace

void add_host_add(Command& host) {
  auto options = std::make_shared<Options>();
  auto& command = host.add("add", "Add an employee who receives guests")
                      .positional("NAME", options->host.name, "Name")
                      .required()
                      .option("--department", "DEPARTMENT", options->department, "Name or number")
                      .required()
                      .option("--email", "ADDRESS", options->host.email, "E-mail address")
                      .option("--phone", "NUMBER", options->host.phone,
                              "Telephone number; the site's country code completes a local one")
                      .option("--chat", "ID", options->host.chat_id, "Chat for messages");
  add_site_filter(command, options->site);
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl host add 'Daniyar Omarov' --department Admissions --email d.omarov@example.org")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
