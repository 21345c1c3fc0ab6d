#include <fmt/format.h>

#include "app/backup_turn.hpp"
#include "app/health.hpp"
#include "cli/backup_watch_commands.hpp"
#include "cli/session.hpp"
#include "cli/views_backups.hpp"
#include "core/text.hpp"

namespace visitor::cli {
namespace {

constexpr std::string_view words_of(app::CheckStatus status) {
  constexpr std::string_view kWords[]{"OK", "WARNING", "CRITICAL", "UNKNOWN"};
  return kWords[static_cast<std::size_t>(status)];
}

/// Source: Monitoring Plugins Development Guidelines, "Plugin Output for Nagios".
std::string plugin_line(const app::Check& check) {
  auto line = fmt::format("BACKUP {} - {}", words_of(check.status), check.message);
  if (check.value) line += fmt::format(" | age={}s;;{}", *check.value, check.critical.value_or(0));
  return line;
}

/// What table wal_archive says, with the moments that can be restored.
void write(JsonWriter& json, const std::optional<app::BackupFacts::Wal>& wal) {
  json.key("wal").begin_object().member("configured", wal.has_value());
  const auto state = wal && wal->state ? *wal->state : store::WalState{};
  json.member("oldest_at", state.oldest_at)
      .member("reaches", state.reaches)
      .member("base_at", state.base_at)
      .member("bytes", state.bytes)
      .member("disk_bytes", state.disk_bytes)
      .member("disk_free_bytes", state.free_bytes)
      .member("behind_bytes", state.behind_bytes)
      .member("failing_since", state.failing_since)
      .text_member("failure", state.failure)
      .text_member("gap", state.gap)
      .end();
}

struct Status {
  const app::Check& check;
  const std::vector<app::BackupFinding>& findings;
  const std::string& three_two_one;
  const std::vector<CopyRow>& copies;
  std::optional<Instant> next;
  const std::optional<app::BackupFacts::Wal>& wal;
};

void write(JsonWriter& json, const Status& status) {
  json.begin_object().member("status", app::name(status.check.status));
  json.member("message", std::string_view{status.check.message}).key("findings").begin_array();
  for (const auto& finding : status.findings)
    json.begin_object()
        .member("name", std::string_view{finding.name})
        .member("status", app::name(finding.status))
        .member("message", std::string_view{finding.message})
        .member("since", finding.since)
        .end();
  json.end().member("three_two_one", std::string_view{status.three_two_one}).member("next_at", status.next);
  json.key("copies").begin_array();
  for (const auto& row : status.copies) write(json, row);
  json.end();
  write(json, status.wal);
  json.end();
}

void run(Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  const auto facts = app::backup_facts(work);
  const auto check = app::backup_check(facts, work.now);
  const auto findings = app::assess_backups(facts, work.now);
  const auto zone = app::backup_zone(work);
  const auto line = app::three_two_one(facts);
  std::vector<CopyRow> rows;
  for (const auto& copy : facts.copies) rows.push_back({copy, work.now});
  std::optional<Instant> next;
  if (!facts.targets.empty()) next = app::next_backup_after(work.settings, zone, work.now);
  session.set_exit_status(static_cast<int>(check.status));
  const Status status{check, findings, line, rows, next, facts.wal};
  if (session.json()) return session.show(status, Table{{{"Status"}}});
  session.print(plugin_line(check) + "\n");
  if (!facts.targets.empty()) session.print(line + "\n");
  session.print(app::point_in_time(facts, zone) + "\n");
  if (facts.wal && facts.wal->state && facts.wal->state->failing_since)
    session.print(fmt::format("The log is not archived: {}\n", facts.wal->state->failure));
  if (!facts.targets.empty()) session.print_table(copy_table(rows, zone.name()));
}

}  // namespace

void add_backup_status(Command& backup) {
  backup.add("status", "Say in one line, as monitoring plugins do, whether backups are well, and list the copies")
      .details(
          "The first line is for the monitoring: critical without a good backup in [backup] max_age; a warning where "
          "the last run failed or did not reach all targets, where the last backup is smaller or was faster than half "
          "of what is usual, where a copy is damaged, none was verified in [backup] verify_within or restored in "
          "restore_within, or a recipient has not proven in prove_within that he can read backups; unknown where no "
          "target is configured. The second line counts the copies as the rule 3-2-1 does. The third says which "
          "moments can be restored from the archive of [backup.wal]: its disk being nearly full, log that waits for "
          "it or is not archived at all, a gap, and a base backup that is missing or old are warnings in the first "
          "line, and critical once little time is left. For a server that [database] names, ask what archives that "
          "one.")
      .as_check()
      .example("visitorctl backup status")
      .example("visitorctl backup status --json | jq '.copies[] | select(.verified_at == null)'")
      .runs(run);
}

}  // namespace visitor::cli
