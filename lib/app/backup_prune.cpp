#include "app/backup_prune.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>

#include "app/backup_record.hpp"
#include "app/backup_target.hpp"
#include "app/backup_turn.hpp"
#include "app/checks.hpp"
#include "app/details.hpp"
#include "app/journal.hpp"
#include "archive/manifest.hpp"
#include "archive/target.hpp"
#include "config/settings.hpp"
#include "core/log.hpp"

namespace visitor::app {
namespace {

constexpr std::size_t kReason = 500;
constexpr CalendarSpan kForeseen{3, 0, 0, 0};
constexpr std::string_view kTopic = "backup";

CalendarSpan span_of(const std::string& text) {
  return text.empty() ? CalendarSpan{} : parse_calendar_span(text).value_or(CalendarSpan{});
}

void audit(const Work& work, domain::AuditAction action, std::int64_t copy, std::string details) {
  const store::Journal::Entry entry{action, kTopic, copy, std::move(details)};
  journal(work).audit(std::span{&entry, 1});
}

void remove_objects(archive::Target& target, const std::string& backup) {
  const auto folder = backup + "/";
  target.remove(folder + std::string{archive::kManifestName});
  for (const auto& object : target.list(folder)) target.remove(object.name);
}

/// The targets that were opened once.
class Targets {
 public:
  Targets(const config::Settings& settings, const Clock& clock) : settings_(settings), clock_(clock) {}

  archive::Target& get(const std::string& url) {
    auto& target = open_[url];
    if (!target) target = open_backup_target(settings_, url, clock_);
    return *target;
  }

 private:
  const config::Settings& settings_;
  const Clock& clock_;
  std::map<std::string, std::unique_ptr<archive::Target>> open_;
};

}  // namespace

archive::Policy policy_of(const config::Settings& settings) {
  const auto& backup = settings.backup;
  archive::Policy policy;
  policy.last = backup.keep_last;
  policy.hourly = backup.keep_hourly;
  policy.daily = backup.keep_daily;
  policy.weekly = backup.keep_weekly;
  policy.monthly = backup.keep_monthly;
  policy.yearly = backup.keep_yearly;
  policy.within = span_of(backup.keep_within);
  policy.within_hourly = span_of(backup.keep_within_hourly);
  policy.within_daily = span_of(backup.keep_within_daily);
  policy.within_weekly = span_of(backup.keep_within_weekly);
  policy.within_monthly = span_of(backup.keep_within_monthly);
  policy.within_yearly = span_of(backup.keep_within_yearly);
  policy.min_verified = backup.min_verified;
  return policy;
}

archive::Copy to_archive(const store::BackupCopy& stored) {
  archive::Copy copy;
  copy.id = stored.id;
  copy.backup = stored.backup;
  copy.target = stored.target;
  copy.started_at = stored.started_at;
  copy.ended_at = stored.ended_at;
  copy.bytes = static_cast<std::uint64_t>(stored.bytes);
  copy.verified_at = stored.verified_at;
  copy.restored_at = stored.restored_at;
  copy.broken = !stored.problem.empty();
  copy.held = !stored.held_reason.empty();
  return copy;
}

std::vector<PruneItem> plan_prune(const Work& work, const archive::Policy& policy) {
  const auto stored = store::BackupLog{work.tx}.copies();
  std::vector<archive::Copy> copies;
  for (const auto& copy : stored) copies.push_back(to_archive(copy));
  auto verdicts = archive::judge(copies, policy, backup_zone(work), work.now);
  std::vector<PruneItem> items;
  for (std::size_t i = 0; i < stored.size(); ++i) items.push_back({stored[i], std::move(verdicts[i])});
  return items;
}

archive::Simulation simulate_prune(const Work& work, const archive::Policy& policy, Instant until) {
  std::vector<archive::Copy> copies;
  for (const auto& copy : store::BackupLog{work.tx}.copies()) copies.push_back(to_archive(copy));
  const auto zone = backup_zone(work);
  return archive::simulate(copies, work.settings.backup.targets, policy, zone,
                           next_backup_after(work.settings, zone, work.now), until);
}

void check_policy(const archive::Simulation& simulation, const Zone& zone) {
  if (!simulation.shortage) return;
  throw Error(Errc::config,
              fmt::format("this policy leaves no {}copy on {}, if no backup is verified from tomorrow on",
                          simulation.shortage->none_at_all ? "" : "verified ", zone.stamp(simulation.shortage->at)),
              "Let backup.min_verified be 1 or more.");
}

std::vector<PruneItem> prune(db::Pool& pool, const config::Settings& settings, const Clock& clock, const Actor& actor,
                             const archive::Policy& policy) {
  const BackupTurn turn{pool, clock.now()};
  std::vector<PruneItem> items;
  {
    db::Transaction tx{pool, {.isolation = db::Isolation::repeatable_read, .read_only = true}};
    const Work work{tx, actor, clock.now(), settings, domain::Scope::everything()};
    const auto zone = backup_zone(work);
    check_policy(simulate_prune(work, policy, before(work.now, {-kForeseen.years, 0, 0, 0}, zone)), zone);
    items = plan_prune(work, policy);
  }
  Targets targets{settings, clock};
  for (auto& item : items) {
    if (item.verdict.keep) continue;
    try {
      remove_objects(targets.get(item.copy.target), item.copy.backup);
    } catch (const Error& error) {
      item.failure = error.message();
      continue;
    }
    db::with_retry(pool, 3, [&](db::Transaction& tx) {
      const Work work{tx, actor, clock.now(), settings, domain::Scope::everything()};
      store::BackupLog{tx}.removed(item.copy.id, work.now);
      audit(work, domain::AuditAction::remove, item.copy.id,
            Details{}.add("backup", item.copy.backup).add("target", item.copy.target).json());
    });
    log::info("backup: removed {} from {}", item.copy.backup, item.copy.target);
  }
  keep_backup_record(settings, pool, clock.now());
  return items;
}

int hold_backup(const Work& work, const std::string& backup, const std::string& reason) {
  const auto why = checked_text("the reason", reason, 1, kReason);
  const auto count = store::BackupLog{work.tx}.hold(backup, why, work.actor.account, work.now);
  if (count == 0)
    throw Error(Errc::not_found, fmt::format("there is no copy of backup {}", backup),
                "Run 'visitorctl backup list' to see them.");
  audit(work, domain::AuditAction::update, 0, Details{}.add("backup", backup).add("held", why).json());
  return count;
}

int release_backup(const Work& work, const std::string& backup) {
  const auto count = store::BackupLog{work.tx}.release(backup);
  if (count == 0)
    throw Error(Errc::not_found, fmt::format("backup {} is not on hold", backup),
                "Run 'visitorctl backup prune --dry-run' to see which ones are.");
  audit(work, domain::AuditAction::update, 0, Details{}.add("backup", backup).add("held", "").json());
  return count;
}

}  // namespace visitor::app
