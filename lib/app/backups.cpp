#include "app/backups.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "app/audit.hpp"
#include "app/backup_record.hpp"
#include "app/backup_target.hpp"
#include "app/details.hpp"
#include "app/drill.hpp"
#include "app/journal.hpp"
#include "app/sabotage.hpp"
#include "config/settings.hpp"
#include "core/file.hpp"
#include "core/host.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "store/backup_log.hpp"
#include "store/backup_records.hpp"

namespace visitor::app {
namespace {

using archive::Manifest;
using archive::Stored;
using archive::Target;
using SteadyClock = std::chrono::steady_clock;

constexpr auto kHeld = R"sql(
    SELECT held_since, held_why FROM installation WHERE held_since IS NOT NULL)sql";

constexpr auto kSize = "SELECT pg_database_size(current_database()) AS bytes";

constexpr auto kSigningKey = "backup-signing.key";
constexpr std::string_view kTopic = "backup";

/// The master key as its file has it, after it was found to belong to the database.
Secret master_key(Instance& instance) {
  instance.vault();
  return read_secret_file(instance.settings().secrets.key_file);
}

std::string failures_text(const archive::BackupMade& made) {
  std::vector<std::string> lines;
  for (const auto& copy : made.copies)
    if (copy.failure) lines.push_back(fmt::format("{}: {}", copy.target, copy.failure->message()));
  return fmt::format("{}", fmt::join(lines, "; "));
}

void note_run(const BackupDesk& desk, const archive::BackupMade& made, std::int64_t run) {
  const auto& manifest = made.manifest;
  const auto failures = failures_text(made);
  db::with_retry(desk.instance.pool(), 3, [&](db::Transaction& tx) {
    store::BackupRecords records{tx};
    records.end(manifest.id,
                {failures.empty() ? "done" : "partial", failures, manifest.data().size, manifest.data().clear_size,
                 manifest.rows()},
                manifest.ended);
    for (const auto& copy : made.copies)
      if (!copy.failure)
        records.add_copy({manifest.id, copy.target, manifest.started, manifest.ended, manifest.data().size});
    for (const auto& recipient : manifest.recipients) records.key(recipient.public_key, "", manifest.started, false);
    const store::Journal::Entry entry{
        domain::AuditAction::exported, kTopic, run,
        Details{}.add("backup", std::string_view{manifest.id}).add("rows", manifest.rows()).json()};
    store::Journal{tx, desk.actor.account, desk.clock.now(), desk.actor.origin}.audit(std::span{&entry, 1});
  });
}

/// What is a day old belongs to a run that was cut off: none takes that long.
void sweep(const std::vector<std::unique_ptr<Target>>& targets, Instant now) {
  for (const auto& target : targets) {
    try {
      const auto before = now - std::chrono::hours{24};
      const auto swept = target->sweep(before) + archive::clear_incomplete(*target, before);
      if (swept != 0) log::info("backup: cleared {} unfinished uploads away at {}", swept, target->address());
    } catch (const Error& error) {
      log::info("backup: unfinished uploads stay at {}: {}", target->address(), error.message());
    }
  }
}

}  // namespace

std::vector<std::unique_ptr<Target>> open_backup_targets(const BackupDesk& desk,
                                                         const std::vector<std::string>& instead,
                                                         std::uint64_t expected_bytes) {
  const auto& addresses = instead.empty() ? desk.instance.settings().backup.targets : instead;
  if (addresses.empty())
    throw Error(Errc::usage, "no place for backups is named", "Set [backup] targets in visitor.toml, or name one.");
  std::vector<std::unique_ptr<Target>> targets;
  for (const auto& address : addresses)
    targets.push_back(open_backup_target(desk.instance.settings(), address, desk.clock, desk.stop, expected_bytes));
  return targets;
}

std::vector<archive::PublicKey> backup_recipients(const config::Settings& settings) {
  std::vector<archive::PublicKey> keys;
  for (const auto& text : settings.backup.recipients) {
    try {
      keys.push_back(archive::PublicKey::parse(text));
    } catch (const Error& error) {
      throw Error(Errc::config, "backup.recipients: " + error.message(), error.hint());
    }
  }
  return keys;
}

archive::SigningKey backup_signing_key(const config::Settings& settings) {
  return archive::SigningKey::open_or_create(settings.state_directory / kSigningKey);
}

std::uint64_t database_bytes(db::Pool& pool) {
  return db::with_retry(pool, 3, [](db::Transaction& tx) {
    return static_cast<std::uint64_t>(tx.row(kSize).get<std::int64_t>("bytes"));
  });
}

archive::BackupMade create_backup(const BackupDesk& desk, const NewBackup& order) {
  const auto& settings = desk.instance.settings();
  auto& pool = desk.instance.pool();
  archive::BackupOrder made;
  made.id = archive::make_backup_id(desk.clock.now());
  made.host = host_name();
  made.note = clean_utf8(order.note);
  // First of all, so that what fails before a byte was written is a run that failed, too.
  const auto run = db::with_retry(pool, 3, [&](db::Transaction& tx) {
    return store::BackupRecords{tx}.start({made.id, order.by_person, made.host, made.note}, desk.clock.now());
  });
  try {
    link_audit(pool, desk.stop);  // the manifest names where the chain ends
    const auto signer = backup_signing_key(settings);
    const auto targets = open_backup_targets(desk, order.targets, database_bytes(pool));
    made.conninfo = desk.instance.conninfo();
    for (const auto& target : targets) made.targets.push_back(target.get());
    made.recipients = backup_recipients(settings);
    made.master_key = master_key(desk.instance);
    made.signer = &signer;
    made.known = db::with_retry(pool, 3, [&](db::Transaction& tx) { return app::backup_record(tx, desk.clock.now()); });
    made.clock = &desk.clock;
    made.stop = desk.stop;
    made.progress = desk.progress;
    auto backup = archive::make_backup(made);
    note_run(desk, backup, run);
    keep_backup_record(settings, pool, desk.clock.now());
    sweep(targets, desk.clock.now());
    return backup;
  } catch (const Error& error) {
    try {
      db::with_retry(pool, 3, [&](db::Transaction& tx) {
        const auto* state = error.code() == Errc::interrupted ? "interrupted" : "failed";
        store::BackupRecords{tx}.end(made.id, {.state = state, .message = error.message()}, desk.clock.now());
      });
    } catch (const Error& second) {
      log::error("backup {} failed, which the database does not take note of: {}", made.id, second.message());
    }
    throw;
  }
}

bool has_database(Instance& instance) {
  try {
    if (instance.embedded() && instance.cluster().status().state == db::ClusterState::absent) return false;
    return instance.initialised();
  } catch (const Error& error) {
    log::debug("there is no database to ask: {}", error.message());
    return false;
  }
}

bool with_database_if_any(const BackupDesk& desk, const std::function<void(db::Transaction&)>& work) {
  if (!has_database(desk.instance)) return false;
  db::with_retry(desk.instance.pool(), 3, work);
  return true;
}

std::vector<BackupListed> list_stored_backups(const BackupDesk& desk,
                                              const std::vector<std::unique_ptr<Target>>& targets,
                                              std::vector<std::string>& failures) {
  std::vector<BackupListed> all;
  for (const auto& target : targets) {
    try {
      for (auto& stored : archive::list_backups(*target)) all.push_back({.stored = std::move(stored)});
    } catch (const Error& error) {
      failures.push_back(fmt::format("{}: {}", target->address(), error.message()));
    }
  }
  std::map<std::pair<std::string, std::string>, store::BackupCopy> known;
  with_database_if_any(desk, [&](db::Transaction& tx) {
    for (auto& copy : store::BackupLog{tx}.copies()) known.emplace(std::pair{copy.backup, copy.target}, copy);
  });
  std::error_code ignored;
  const auto& settings = desk.instance.settings();
  std::string ours;
  if (std::filesystem::exists(settings.state_directory / kSigningKey, ignored))
    ours = backup_signing_key(settings).public_text();
  for (auto& listed : all) {
    listed.ours = !listed.stored.manifest || listed.stored.manifest->signer == ours;
    const auto found = known.find({listed.stored.id, listed.stored.target});
    if (found == known.end()) continue;
    listed.verified_at = found->second.verified_at;
    listed.verified_level = found->second.verified_level;
    listed.restored_at = found->second.restored_at;
    listed.restore_seconds = found->second.restore_seconds;
    if (listed.stored.state == Stored::State::whole && !found->second.problem.empty()) {
      listed.stored.state = Stored::State::damaged;
      listed.stored.problem = found->second.problem;
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.stored.id > b.stored.id; });
  return all;
}

BackupFound find_backup(const std::vector<std::unique_ptr<Target>>& targets, const std::string& id) {
  std::map<std::string, std::vector<std::pair<Target*, Stored>>, std::greater<>> found;
  std::optional<Error> unreachable;
  for (const auto& target : targets) {
    try {
      for (auto& stored : archive::list_backups(*target))
        if (stored.id.starts_with(id) && (!id.empty() || stored.state == Stored::State::whole))
          found[stored.id].emplace_back(target.get(), std::move(stored));
    } catch (const Error& error) {
      unreachable = error;
    }
  }
  if (found.empty()) {
    if (unreachable) throw *unreachable;
    throw Error(Errc::not_found, id.empty() ? "there is no whole backup" : fmt::format("there is no backup {}", id),
                "Run 'visitorctl backup list' to see what there is.");
  }
  if (!id.empty() && found.size() > 1)
    throw Error(Errc::usage, fmt::format("{} backups begin with {}", found.size(), id), "Write more of the name.");
  const auto& copies = found.begin()->second;
  for (const auto& [target, stored] : copies)
    if (stored.state == Stored::State::whole) return {target, *stored.manifest};
  const auto& stored = copies.front().second;
  throw Error(Errc::integrity, fmt::format("backup {} at {} is no good: {}", stored.id, stored.target, stored.problem),
              "Use another backup.");
}

BackupVerified verify_backup(const BackupDesk& desk, Target& target, const Manifest& manifest,
                             const VerifyOrder& order) {
  if (order.level != VerifyLevel::quick && order.key == nullptr)
    throw Error(Errc::usage, fmt::format("checking at level {} needs the private key", domain::name(order.level)),
                "Name its file with --key, or check at level quick.");
  if (order.key != nullptr) archive::open_data_key(manifest, *order.key);
  const auto seen = [&](std::uint64_t bytes) {
    if (desk.stop.stop_requested())
      throw Error(Errc::interrupted, fmt::format("the check of backup {} was interrupted", manifest.id));
    if (desk.progress) desk.progress({.read = bytes, .written = 0});
  };
  BackupVerified verified{.id = manifest.id, .target = std::string{target.address()}, .level = order.level};
  verified.bytes = manifest.data().size;
  verified.tables = static_cast<std::int64_t>(manifest.tables.size());
  verified.rows = manifest.rows();
  SabotagedTarget sabotaged{target, manifest.data().size};
  auto& looked_at = order.sabotage ? static_cast<Target&>(sabotaged) : target;
  const auto began = SteadyClock::now();
  try {
    switch (order.level) {
      case VerifyLevel::quick:
        archive::check_bytes(looked_at, manifest, seen);
        break;
      case VerifyLevel::full:
        archive::check_contents(looked_at, manifest, *order.key, seen);
        break;
      case VerifyLevel::restore: {
        const auto drill = drill_restore(desk, looked_at, manifest, *order.key);
        verified.restored_in = drill.restored_in;
        verified.problem = fmt::format("{}", fmt::join(drill.problems, "; "));
      }
    }
  } catch (const Error& error) {
    if (error.code() != Errc::integrity && error.code() != Errc::not_found) throw;
    verified.problem = error.message();
  }
  verified.took = std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - began);
  if (order.sabotage) return verified;
  const bool noted = with_database_if_any(desk, [&](db::Transaction& tx) {
    store::BackupRecords records{tx};
    const auto now = desk.clock.now();
    Details details;
    details.add("backup", std::string_view{manifest.id}).add("verified", domain::name(order.level));
    details.add("at", std::string_view{verified.target}).add("good", verified.problem.empty());
    const store::Journal::Entry entry{domain::AuditAction::update, kTopic, 0, details.json()};
    store::Journal{tx, desk.actor.account, now, desk.actor.origin}.audit(std::span{&entry, 1});
    records.add_copy({manifest.id, verified.target, manifest.started, manifest.ended, manifest.data().size});
    if (!verified.problem.empty()) return records.found_bad(manifest.id, verified.target, verified.problem, now);
    records.verified(manifest.id, verified.target, domain::name(order.level), now);
    if (verified.restored_in)
      records.restored(manifest.id, verified.target,
                       static_cast<int>(std::chrono::ceil<std::chrono::seconds>(*verified.restored_in).count()), now);
    if (order.key != nullptr) records.key(order.key->public_key().text(), order.key->name(), now, true);
  });
  if (noted) keep_backup_record(desk.instance.settings(), desk.instance.pool(), desk.clock.now());
  return verified;
}

std::optional<HeldBack> held_back(const Work& work) {
  const auto row = work.tx.maybe_row(kHeld);
  if (!row) return std::nullopt;
  return HeldBack{row->get<Instant>("held_since"), row->get<std::string>("held_why")};
}

HeldBack resume_after_restore(const Work& work) {
  const auto held = held_back(work);
  if (!held) throw Error(Errc::conflict, "nothing is held back: the database was not restored, or was let go already");
  store::BackupRecords{work.tx}.resume();
  const store::Journal::Entry entry{domain::AuditAction::update, kTopic, 0,
                                    Details{}.add("resumed", std::string_view{held->why}).json()};
  journal(work).audit(std::span{&entry, 1});
  return *held;
}

}  // namespace visitor::app
