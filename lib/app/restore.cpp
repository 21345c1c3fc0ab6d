#include "app/restore.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "app/restore_settle.hpp"
#include "archive/dump.hpp"
#include "core/file.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "db/client_environment.hpp"
#include "db/migrator.hpp"
#include "store/backup_records.hpp"

namespace visitor::app {
namespace {

using archive::Manifest;
using SteadyClock = std::chrono::steady_clock;

constexpr std::string_view kEmbedded = "embedded";
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

RestorePlace look_at_place(const Secret& conninfo, std::string_view login) {
  db::Connection connection{patient(conninfo)};
  db::Transaction tx{connection, {.read_only = true}};
  const auto row = tx.row(kLook);
  RestorePlace place{conninfo, row.get<std::string>("database"), row.get<std::int64_t>("tables"), StepUpNeed::none};
  if (row.get<bool>("has_accounts")) place.step_up = step_up_need(tx, login);
  return place;
}

RestorePlace look_at_restore(const BackupDesk& desk, const Manifest& manifest, const RestoreOrder& order) {
  if (manifest.wal)
    throw Error(Errc::usage, fmt::format("{} is a base backup of the embedded database", manifest.id),
                "Say which moment is wanted, with --at.");
  archive::open_data_key(manifest, *order.key);
  const auto migrations = db::embedded_migrations();
  const int latest = migrations.empty() ? 0 : migrations.back().version;
  if (manifest.schema > latest)
    throw Error(
        Errc::config,
        fmt::format("backup {} has schema version {}, and this program knows {}", manifest.id, manifest.schema, latest),
        fmt::format("Install visitor {} or later.", manifest.visitor));
  Secret conninfo;
  if (order.to == kEmbedded) {
    make_directories(desk.instance.settings().state_directory, geteuid() == 0 ? 0711 : 0700);
    conninfo = desk.instance.conninfo();
    if (!desk.instance.embedded())
      throw Error(Errc::config, "there is no embedded database: [database] names another one",
                  "Name that one's address with --to.");
  } else {
    conninfo = Secret{std::string_view{order.to}};
  }
  if (const int server = db::Connection{patient(conninfo)}.server_version(); server / kMajor < manifest.server / kMajor)
    throw Error(Errc::config,
                fmt::format("backup {} is of PostgreSQL {}, and the server is {}", manifest.id,
                            manifest.server / kMajor, server / kMajor),
                "Restore into a server of that version or a later one.");
  auto place = look_at_place(conninfo, desk.actor.login);
  if (place.tables > 0 && !order.replace)
    throw Error(Errc::conflict,
                fmt::format("the database {} is not empty: it holds {} tables", place.database, place.tables),
                "With --replace it is put aside under another name.");
  return place;
}

Restored restore_backup(const BackupDesk& desk, archive::Target& target, const Manifest& manifest,
                        const RestoreOrder& order, const RestorePlace& place) {
  const auto began = SteadyClock::now();
  Restored restored;
  restored.id = manifest.id;
  restored.database = place.database;
  restored.rows = manifest.rows();
  const auto why = fmt::format("restored from backup {} of {}", manifest.id, to_iso(manifest.started));
  const auto took = [&] { return std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - began); };
  if (place.tables == 0) {
    db::Connection connection{patient(place.conninfo)};
    bring_in(desk, target, manifest, order, place.conninfo, connection.server_version());
    settle_restored(desk, manifest, *order.key, why, connection, restored);
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
    settle_restored(desk, manifest, *order.key, why, connection, restored);
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
