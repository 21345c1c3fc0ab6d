#include "app/backup_turn.hpp"

#include <fmt/format.h>

#include <exception>

#include "app/backup_ping.hpp"
#include "app/backups.hpp"
#include "config/settings.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "db/transaction.hpp"
#include "store/sites.hpp"

namespace visitor::app {
namespace {

using std::chrono::days;

// Where a backup fails, the next try may find what was missing; not every minute, because each costs the server.
constexpr std::chrono::minutes kTryAgain{30};
// A machine that goes down and comes up has not failed; a backup that takes the machine down each time has.
constexpr int kMostInterrupted = 3;
constexpr int kLooked = 20;

Instant scheduled_on(const config::Settings& settings, const Zone& zone, std::chrono::local_days day) {
  return zone.instant(day + settings.backup.schedule);
}

std::chrono::local_days day_of(const Zone& zone, Instant now) {
  return std::chrono::floor<days>(zone.local(now));
}

Error taken(db::Pool& pool) {
  db::Transaction tx{pool, {.read_only = true}};
  const auto holder = store::BackupLog{tx}.holder();
  return {
      Errc::conflict,
      fmt::format("backups are being made or removed{}{}", holder && !holder->name.empty() ? " by " + holder->name : "",
                  holder && holder->since ? " since " + to_iso(*holder->since) : ""),
      "Wait until that is done; 'visitorctl backup status' shows how it went."};
}

}  // namespace

Zone backup_zone(const Work& work) {
  if (const auto& name = work.settings.backup.time_zone; !name.empty()) return Zone::named(name);
  const auto sites = store::Sites{work.tx, domain::Scope::everything()}.list();
  return sites.empty() ? Zone::utc() : Zone::named(sites.front().time_zone);
}

Instant backup_due_since(const config::Settings& settings, const Zone& zone, Instant now) {
  auto day = day_of(zone, now);
  auto due = scheduled_on(settings, zone, day);
  while (due > now) due = scheduled_on(settings, zone, day -= days{1});
  return due;
}

Instant next_backup_after(const config::Settings& settings, const Zone& zone, Instant now) {
  auto day = day_of(zone, now);
  auto next = scheduled_on(settings, zone, day);
  while (next <= now) next = scheduled_on(settings, zone, day += days{1});
  return next;
}

bool backup_is_due(const config::Settings& settings, const Zone& zone, const std::vector<store::BackupRun>& runs,
                   Instant now) {
  if (settings.backup.targets.empty()) return false;
  const auto since = backup_due_since(settings, zone, now);
  int interrupted = 0;
  std::optional<Instant> last_try;
  for (const auto& run : runs) {
    if (run.started_at < since) break;
    if (run.state == "done" || run.state == "partial") return false;
    if (run.state == "running") continue;
    const auto ended = run.ended_at.value_or(run.started_at);
    if (!last_try) last_try = ended;
    if (run.state == "failed" && ended + kTryAgain > now) return false;
    if (run.state == "interrupted") ++interrupted;
  }
  return interrupted < kMostInterrupted || *last_try + kTryAgain <= now;
}

bool backup_is_due(const Work& work) {
  if (held_back(work)) return false;
  return backup_is_due(work.settings, backup_zone(work), store::BackupLog{work.tx}.runs(kLooked), work.now);
}

std::optional<BackupTurn> BackupTurn::take(db::Pool& pool, Instant now) {
  auto session = std::make_unique<db::Pool::Lease>(pool.acquire());
  db::Transaction tx{**session};
  store::BackupLog log{tx};
  if (!log.take_turn()) return std::nullopt;
  // From here on the lock is this session's, and goes with it.
  if (const auto dead = log.end_abandoned(now); dead > 0) log::warn("backup: {} run(s) had ended in the middle", dead);
  tx.commit();
  return BackupTurn{std::move(session)};
}

BackupTurn::BackupTurn(db::Pool& pool, Instant now) {
  auto turn = take(pool, now);
  if (!turn) throw taken(pool);
  session_ = std::move(turn->session_);
}

BackupTurn::~BackupTurn() {
  if (!session_) return;
  try {
    db::Transaction tx{**session_};
    store::BackupLog{tx}.let_go();
    tx.commit();
  } catch (const std::exception& error) {
    // The session is broken, and its lock gone with it.
    log::debug("backup: {}", error.what());
  }
}

BackupOutcome run_backup(db::Pool& pool, const config::Settings& settings, const Clock& clock, const BackupCall& call,
                         const std::function<void()>& make) {
  const auto is_due = [&] {
    db::Transaction tx{pool, {.read_only = true}};
    const Actor nobody;
    return backup_is_due(Work{tx, nobody, clock.now(), settings, domain::Scope::everything()});
  };
  // Asked before the turn is taken, too: at most times that is the whole answer, and it locks nothing.
  if (call.if_due && !is_due()) return BackupOutcome::not_due;
  const auto turn = BackupTurn::take(pool, clock.now());
  if (!turn && call.if_due) return BackupOutcome::somebody_else;
  if (!turn) throw taken(pool);
  if (call.if_due && !is_due()) return BackupOutcome::not_due;
  if (!call.tell) {
    make();
    return BackupOutcome::made;
  }

  BackupPing ping{settings, clock};
  ping.started();
  try {
    make();
  } catch (const Error& error) {
    ping.failed(info(error.code()).exit_status);
    throw;
  } catch (...) {
    ping.failed(std::nullopt);
    throw;
  }
  ping.succeeded();
  return BackupOutcome::made;
}

}  // namespace visitor::app
