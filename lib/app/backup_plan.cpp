#include "app/backup_plan.hpp"

#include <fmt/format.h>

#include <array>

#include "app/backup_target.hpp"
#include "app/backup_turn.hpp"
#include "archive/dump.hpp"
#include "config/settings.hpp"
#include "store/backup_log.hpp"

namespace visitor::app {
namespace {

constexpr int kLooked = 60;

BackupPlan::Place look_at(const BackupDesk& desk, const std::string& address, std::uint64_t expected) {
  BackupPlan::Place place{address, {}, {}};
  try {
    const auto target = open_backup_target(desk.instance.settings(), address, desk.clock, desk.stop, expected);
    place.target = target->address();
    target->list("");
    constexpr std::array<std::byte, 1> kProbe{};
    target->put("probe-" + archive::make_backup_id(desk.clock.now()))->write(kProbe);
    place.room = target->room();
    if (place.room && *place.room < expected)
      place.problem = fmt::format("it has room for {} bytes, and about {} are needed", *place.room, expected);
  } catch (const Error& error) {
    if (error.code() == Errc::interrupted) throw;
    place.problem = error.message();
  }
  return place;
}

}  // namespace

BackupPlan plan_backup(const BackupDesk& desk, const std::vector<std::string>& targets) {
  const auto& settings = desk.instance.settings();
  BackupPlan plan;
  const auto attempt = [&](const auto& work) {
    try {
      work();
    } catch (const Error& error) {
      plan.problems.push_back(error.message());
    }
  };
  attempt([&] {
    for (const auto& key : backup_recipients(settings)) plan.recipients.push_back(key.text());
    if (plan.recipients.empty()) plan.problems.emplace_back("nobody could read it: [backup] recipients is empty");
  });
  attempt([&] { desk.instance.vault(); });
  int server = 0;
  {
    db::Transaction tx{desk.instance.pool(), {.read_only = true}};
    server = tx.connection().server_version();
    plan.due = backup_is_due(Work{tx, desk.actor, desk.clock.now(), settings, domain::Scope::everything()});
    for (const auto& run : store::BackupLog{tx}.runs(kLooked)) {
      if (run.state != "done" && run.state != "partial") continue;
      plan.expected_bytes = static_cast<std::uint64_t>(run.bytes);
      plan.measured = true;
      break;
    }
  }
  if (!plan.measured) plan.expected_bytes = database_bytes(desk.instance.pool());
  attempt([&] { archive::require_dump_program(server, desk.instance.conninfo()); });
  const auto& addresses = targets.empty() ? settings.backup.targets : targets;
  if (addresses.empty()) plan.problems.emplace_back("no place for backups is named: [backup] targets is empty");
  for (const auto& address : addresses) plan.places.push_back(look_at(desk, address, plan.expected_bytes));
  return plan;
}

}  // namespace visitor::app
