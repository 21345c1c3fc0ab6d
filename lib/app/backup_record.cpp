#include "app/backup_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "app/backup_target.hpp"
#include "config/settings.hpp"
#include "core/file.hpp"
#include "core/log.hpp"
#include "store/backup_log.hpp"

namespace visitor::app {
namespace {

constexpr auto kFile = "backup-record.json";

/// That of the state directory, if there is one that holds.
std::optional<archive::Record> kept_record(const config::Settings& settings) {
  try {
    if (const auto text = read_file(settings.state_directory / kFile)) return archive::read_record(*text);
  } catch (const Error& error) {
    log::info("backup: the record of earlier backups is of no use: {}", error.message());
  }
  return std::nullopt;
}

store::BackupCopy to_copy(const archive::Stored& stored) {
  store::BackupCopy copy;
  copy.backup = stored.id;
  copy.target = stored.target;
  copy.bytes = static_cast<std::int64_t>(stored.bytes);
  copy.problem = stored.problem;
  if (stored.manifest) {
    copy.started_at = stored.manifest->started;
    copy.ended_at = stored.manifest->ended;
  } else {
    copy.started_at = copy.ended_at = archive::time_of_backup_id(stored.id).value_or(stored.modified);
  }
  return copy;
}

void add_known(store::BackupCopy& copy, const archive::Record& record) {
  for (const auto& known : record.copies) {
    if (known.backup != copy.backup || known.target != copy.target) continue;
    copy.verified_at = known.verified_at;
    copy.verified_level = known.verified_level;
    copy.restored_at = known.restored_at;
    if (known.restore_seconds) copy.restore_seconds = static_cast<int>(*known.restore_seconds);
    if (copy.problem.empty()) copy.problem = known.problem;
  }
}

}  // namespace

archive::Record backup_record(db::Transaction& tx, Instant now) {
  archive::Record record;
  record.at = now;
  store::BackupLog log{tx};
  for (const auto& copy : log.copies())
    record.copies.push_back({copy.backup, copy.target, copy.verified_at, copy.verified_level, copy.restored_at,
                             copy.restore_seconds, copy.problem});
  for (const auto& key : log.keys()) record.keys.push_back({key.public_key, key.name, key.proven_at});
  return record;
}

void keep_backup_record(const config::Settings& settings, db::Pool& pool, Instant now) {
  try {
    const auto record = db::with_retry(pool, 3, [&](db::Transaction& tx) { return app::backup_record(tx, now); });
    write_file(settings.state_directory / kFile, archive::write_record(record, backup_signing_key(settings)), 0600);
  } catch (const Error& error) {
    log::warn("backup: the record for a day without a database is not kept: {}", error.message());
  }
}

SurvivingFacts surviving_facts(const BackupDesk& desk) {
  const auto& settings = desk.instance.settings();
  SurvivingFacts found;
  found.facts = configured_backup_facts(settings);
  auto newest = kept_record(settings);
  for (const auto& address : settings.backup.targets) {
    try {
      const auto target = open_backup_target(settings, address, desk.clock, desk.stop);
      for (const auto& stored : archive::list_backups(*target)) {
        if (stored.state == archive::Stored::State::incomplete) continue;
        found.facts.copies.push_back(to_copy(stored));
        if (!stored.manifest) continue;
        const auto& known = stored.manifest->known;
        if (known.at != Instant{} && (!newest || newest->at < known.at)) newest = known;
      }
    } catch (const Error& error) {
      found.silent.push_back(fmt::format("{}: {}", address, error.message()));
    }
  }
  std::ranges::stable_sort(found.facts.copies, [](const auto& a, const auto& b) {
    return std::tie(b.started_at, b.backup, a.target) < std::tie(a.started_at, a.backup, b.target);
  });
  if (!newest) return found;
  found.known_at = newest->at;
  for (auto& copy : found.facts.copies) add_known(copy, *newest);
  for (const auto& key : newest->keys) found.facts.keys.push_back({key.public_key, key.name, key.proven_at});
  return found;
}

}  // namespace visitor::app
