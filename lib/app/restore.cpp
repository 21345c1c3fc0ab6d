#include "app/restore.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "app/audit_documents.hpp"
#include "app/details.hpp"
#include "app/terminal_checks.hpp"
#include "archive/dump.hpp"
#include "auth/totp_devices.hpp"
#include "core/file.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "db/client_environment.hpp"
#include "db/migrator.hpp"
#include "domain/audit.hpp"
#include "store/backup_records.hpp"
#include "store/journal.hpp"

namespace visitor::app {
namespace {

using archive::Manifest;
using SteadyClock = std::chrono::steady_clock;

constexpr std::string_view kEmbedded = "embedded";
// As lib/app/guests.cpp seals it.
constexpr std::string_view kDocument = "guest.document";
constexpr int kMajor = 10000;

constexpr auto kLook = R"sql(
    SELECT current_database()::text AS database,
           (SELECT count(*)
              FROM pg_class c
              JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND n.nspname <> 'information_schema'
               AND n.nspname !~ '^pg_') AS tables,
           to_regclass('public.totp_device') IS NOT NULL AS has_accounts)sql";
constexpr auto kSessions = R"sql(
    SELECT count(*) AS count FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid())sql";
constexpr auto kFingerprint = "SELECT master_key_fingerprint FROM installation WHERE id = 1";
constexpr auto kProtectAudit = "SELECT audit_protect()";
constexpr auto kSetFingerprint = "UPDATE installation SET master_key_fingerprint = $1 WHERE id = 1";
constexpr auto kTerminals = "SELECT id, password_sealed AS sealed FROM terminal ORDER BY id";
constexpr auto kSetTerminal = "UPDATE terminal SET password_sealed = $2, version = version + 1 WHERE id = $1";
constexpr auto kDocuments = R"sql(
    SELECT id, document_sealed AS sealed FROM guest WHERE document_sealed IS NOT NULL ORDER BY id)sql";
constexpr auto kSetDocument =
    "UPDATE guest SET document_sealed = $2, document_hash = $3, version = version + 1 WHERE id = $1";

db::ConnectionOptions patient(const Secret& conninfo) {
  return {.conninfo = conninfo, .application_name = "visitor-restore", .statement_deadline = {}, .idle_deadline = {}};
}

std::string as_identifier(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out += c;
    out += c;
  }
  return out + "\"";
}

Vault vault_of(const Secret& key_text) {
  const auto bytes = from_hex(trim(key_text.reveal()));
  if (!bytes) throw Error(Errc::integrity, "the master key in the backup is none", "Use another backup.");
  return Vault{Secret{std::span<const std::byte>{*bytes}}};
}

/// Everything that is sealed with the master key, sealed with another.
int reseal(db::Transaction& tx, const Vault& from, const Vault& to) {
  int count = 0;
  for (const auto& row : tx.rows(kTerminals)) {
    const auto password = from.unseal(kTerminalPassword, row.get<std::vector<std::byte>>("sealed"));
    tx.exec(kSetTerminal, row.get<std::int64_t>("id"), to.seal(kTerminalPassword, password));
    ++count;
  }
  for (const auto& row : tx.rows(kDocuments)) {
    const auto number = from.unseal(kDocument, row.get<std::vector<std::byte>>("sealed"));
    tx.exec(kSetDocument, row.get<std::int64_t>("id"), to.seal(kDocument, number),
            to.lookup_hash(kDocument, number.reveal()));
    ++count;
  }
  count += auth::reseal_second_factors(tx, from, to);
  count += reseal_audit_keys(tx, from, to);
  tx.exec(kSetFingerprint, to.fingerprint());
  return count;
}

/// A database that is dropped again unless it was kept.
class SideDatabase {
 public:
  SideDatabase(db::Connection& server, std::string name) : server_(server), name_(std::move(name)) {
    server_.script(fmt::format("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", as_identifier(name_)));
  }
  ~SideDatabase() {
    if (kept_) return;
    try {
      server_.script(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", as_identifier(name_)));
    } catch (const Error& error) {
      log::warn("the unfinished database {} remains: {}", name_, error.message());
    }
  }
  SideDatabase(const SideDatabase&) = delete;
  SideDatabase& operator=(const SideDatabase&) = delete;

  const std::string& name() const { return name_; }
  void keep() { kept_ = true; }

 private:
  db::Connection& server_;
  std::string name_;
  bool kept_ = false;
};

void bring_in(const BackupDesk& desk, archive::Target& target, const Manifest& manifest, const RestoreOrder& order,
              const Secret& conninfo, int server) {
  archive::DumpOfBackup dump{target, manifest, *order.key};
  archive::RestoreSink restore{conninfo, server, desk.stop};
  archive::Progress progress;
  auto tell_at = SteadyClock::now();
  archive::pump(dump, [&](std::span<const std::byte> bytes) {
    restore.write(bytes);
    progress.read += bytes.size();
    if (!desk.progress || SteadyClock::now() < tell_at) return;
    desk.progress(progress);
    tell_at = SteadyClock::now() + std::chrono::milliseconds{200};
  });
  restore.finish();
}

/// What makes a restored database one of this machine that waits for a word.
void settle(const BackupDesk& desk, const Manifest& manifest, const RestoreOrder& order, db::Connection& connection,
            Restored& restored) {
  restored.schema_before = manifest.schema;
  db::Migrator migrator{connection, db::embedded_migrations()};
  migrator.migrate();
  restored.schema_after = migrator.status().current;

  const auto& key_file = desk.instance.settings().secrets.key_file;
  const auto text = archive::open_master_key(manifest, *order.key);
  const auto theirs = vault_of(text);
  std::error_code ignored;
  if (!std::filesystem::exists(key_file, ignored)) {
    make_directories(key_file.parent_path(), 0700);
    archive::write_new_private_file(key_file, Secret{std::string_view{fmt::format("{}\n", text.reveal())}});
    restored.key_written = true;
  }
  const auto ours = Vault::open(key_file);
  const auto now = desk.clock.now();
  db::Transaction tx{connection};
  const auto stored = tx.row(kFingerprint).get<std::vector<std::byte>>("master_key_fingerprint");
  if (stored != theirs.fingerprint())
    throw Error(Errc::integrity, "the master key in the backup does not belong to the database in it",
                "Use another backup.");
  if (ours.fingerprint() != stored) restored.resealed = reseal(tx, theirs, ours);
  const auto actor = ensure_actor(tx, desk.actor.login, desk.actor.how, now);
  tx.exec(kProtectAudit);  // a backup has no privileges in it
  store::BackupRecords records{tx};
  records.hold_back(fmt::format("restored from backup {} of {}", manifest.id, to_iso(manifest.started)), now);
  // The backup holds the beginning of its own making.
  records.end(manifest.id, {"done", "", manifest.data().size, manifest.data().clear_size, manifest.rows()},
              manifest.ended);
  const store::Journal::Entry entry{
      domain::AuditAction::bulk_operation, "backup", 0,
      Details{}.add("restored", std::string_view{manifest.id}).add("resealed", std::int64_t{restored.resealed}).json()};
  store::Journal{tx, actor.account, now, desk.actor.origin}.audit(std::span{&entry, 1});
  tx.commit();
}

void note_restore(archive::Target& target, const Manifest& manifest, db::Connection& connection, Instant now,
                  std::chrono::milliseconds took) {
  db::Transaction tx{connection};
  store::BackupRecords records{tx};
  records.add_copy(
      {manifest.id, std::string{target.address()}, manifest.started, manifest.ended, manifest.data().size});
  records.restored(manifest.id, target.address(),
                   static_cast<int>(std::chrono::ceil<std::chrono::seconds>(took).count()), now);
  tx.commit();
}

}  // namespace

RestorePlace look_at_restore(const BackupDesk& desk, const Manifest& manifest, const RestoreOrder& order) {
  archive::open_data_key(manifest, *order.key);
  const auto migrations = db::embedded_migrations();
  const int latest = migrations.empty() ? 0 : migrations.back().version;
  if (manifest.schema > latest)
    throw Error(
        Errc::config,
        fmt::format("backup {} has schema version {}, and this program knows {}", manifest.id, manifest.schema, latest),
        fmt::format("Install visitor {} or later.", manifest.visitor));
  RestorePlace place;
  if (order.to == kEmbedded) {
    make_directories(desk.instance.settings().state_directory, geteuid() == 0 ? 0711 : 0700);
    place.conninfo = desk.instance.conninfo();
    if (!desk.instance.embedded())
      throw Error(Errc::config, "there is no embedded database: [database] names another one",
                  "Name that one's address with --to.");
  } else {
    place.conninfo = Secret{std::string_view{order.to}};
  }
  db::Connection connection{patient(place.conninfo)};
  if (connection.server_version() / kMajor < manifest.server / kMajor)
    throw Error(Errc::config,
                fmt::format("backup {} is of PostgreSQL {}, and the server is {}", manifest.id,
                            manifest.server / kMajor, connection.server_version() / kMajor),
                "Restore into a server of that version or a later one.");
  db::Transaction tx{connection, {.read_only = true}};
  const auto row = tx.row(kLook);
  place.database = row.get<std::string>("database");
  place.tables = row.get<std::int64_t>("tables");
  if (place.tables > 0 && !order.replace)
    throw Error(Errc::conflict,
                fmt::format("the database {} is not empty: it holds {} tables", place.database, place.tables),
                "With --replace it is put aside under another name.");
  if (row.get<bool>("has_accounts")) place.step_up = step_up_need(tx, desk.actor.login);
  return place;
}

Restored restore_backup(const BackupDesk& desk, archive::Target& target, const Manifest& manifest,
                        const RestoreOrder& order, const RestorePlace& place) {
  const auto began = SteadyClock::now();
  Restored restored;
  restored.id = manifest.id;
  restored.database = place.database;
  restored.rows = manifest.rows();
  const auto took = [&] { return std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - began); };
  if (place.tables == 0) {
    db::Connection connection{patient(place.conninfo)};
    bring_in(desk, target, manifest, order, place.conninfo, connection.server_version());
    settle(desk, manifest, order, connection, restored);
    restored.took = took();
    note_restore(target, manifest, connection, desk.clock.now(), restored.took);
    return restored;
  }

  // From a database that keeps its name.
  db::Connection server{patient(db::with_database(place.conninfo, "postgres"))};
  restored.differences =
      archive::differences(archive::sums_of(place.conninfo, server.server_version(), desk.stop), manifest.tables);
  SideDatabase side{server, fmt::format("{}_restore_{}", place.database, to_hex(random_bytes(3)))};
  const auto conninfo = db::with_database(place.conninfo, side.name());
  bring_in(desk, target, manifest, order, conninfo, server.server_version());
  {
    db::Connection connection{patient(conninfo)};
    settle(desk, manifest, order, connection, restored);
    restored.took = took();
    note_restore(target, manifest, connection, desk.clock.now(), restored.took);
  }
  {
    db::Transaction tx{server, {.read_only = true}};
    if (const auto count = tx.row(kSessions, place.database).get<std::int64_t>("count"); count > 0)
      throw Error(
          Errc::conflict,
          fmt::format("the database {} is in use by {} session{}", place.database, count, count == 1 ? "" : "s"),
          "Stop visitord and whatever else uses it, and restore again.");
  }
  restored.put_aside = fmt::format("{}_before_{}", place.database, to_hex(random_bytes(3)));
  {
    // Both or neither.
    db::Transaction tx{server};
    tx.exec(fmt::format("ALTER DATABASE {} RENAME TO {}", as_identifier(place.database),
                        as_identifier(restored.put_aside)));
    tx.exec(fmt::format("ALTER DATABASE {} RENAME TO {}", as_identifier(side.name()), as_identifier(place.database)));
    tx.commit();
  }
  side.keep();
  return restored;
}

}  // namespace visitor::app
