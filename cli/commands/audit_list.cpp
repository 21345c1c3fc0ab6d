#include "app/remote/records.hpp"
#include "cli/arguments.hpp"
#include "cli/audit_commands.hpp"
#include "cli/house.hpp"
#include "cli/views_audit.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string login;
  std::vector<domain::AuditAction> actions;
  std::string topic;
  std::optional<int> entity;
  Period period;
  std::optional<int> before;
  int limit = 100;
};

void run(const Options& options, Session& session) {
  read_house(session, [&](auto& house) {
    const auto zone = zone_for(house, std::nullopt);
    const auto span = resolve(options.period, session, zone);
    app::AuditFilter filter;
    filter.login = options.login;
    filter.actions = options.actions;
    filter.topic = options.topic;
    filter.entity = options.entity;
    filter.since = span.since;
    filter.until = span.until;
    filter.before_id = options.before;
    filter.limit = options.limit + 1;
    auto records = app::list_audit(house, filter);
    cut(records, options.limit, session);
    session.list("audit", records, audit_table(records, zone.name()));
  });
}

}  // namespace

void add_audit_list(Command& audit) {
  auto options = std::make_shared<Options>();
  auto& command = audit.add("list", "List who did what, the newest first")
                      .option("--who", "LOGIN", options->login, "Only what this account did")
                      .option("--action", "ACTION", options->actions, "Only acts of this kind")
                      .option("--topic", "TOPIC", options->topic, "Only about things of this kind: visit, guest")
                      .option("--entity", "NUMBER", options->entity, "Only about the thing with this number");
  add_period(command, options->period, "done");
  command.option("--before", "ROW", options->before, "Only rows older than this one, to go on with the list");
  add_limit(command, options->limit);
  command.uses_house()
      .example("visitorctl audit list --topic visit --entity 42")
      .example("visitorctl audit list --action login_failed --since 7d --json")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
