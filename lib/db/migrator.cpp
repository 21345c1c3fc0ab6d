#include "db/migrator.hpp"

#include <fmt/format.h>

#include "core/blake2b.hpp"
#include "core/text.hpp"
#include "db/transaction.hpp"

namespace visitor::db {
namespace {

constexpr auto kLock = "SELECT pg_advisory_xact_lock(7596834711302471)";  // any number, always the same

constexpr auto kMakeTable = R"sql(
    CREATE TABLE IF NOT EXISTS schema_migration (
      version    integer     PRIMARY KEY,
      what       text        NOT NULL,
      checksum   text        NOT NULL,
      program    text        NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    ))sql";

constexpr auto kHasTable = "SELECT to_regclass('schema_migration') IS NOT NULL AS there";

constexpr auto kApplied = "SELECT version, what, checksum, program FROM schema_migration ORDER BY version";

constexpr std::string_view kUndefinedTable = "42P01";

constexpr auto kRecord = "INSERT INTO schema_migration (version, what, checksum, program) VALUES ($1, $2, $3, $4)";

/// \param applied  rows of kApplied; nothing where there is no table yet
SchemaStatus status_of(const Rows* applied, std::span<const Migration> migrations) {
  SchemaStatus status;
  status.latest = static_cast<int>(migrations.size());
  if (applied != nullptr) {
    for (const auto& row : *applied) {
      status.current = row.get<int>("version");
      if (status.current > status.latest) {
        status.newer_program = row.get<std::string>("program");
        continue;
      }
      const auto& ours = migrations[static_cast<std::size_t>(status.current - 1)];
      if (row.get<std::string>("checksum") != to_hex(blake2b(ours.sql)))
        throw Error(Errc::integrity,
                    fmt::format("migration {} ('{}') was applied to this database with another text", ours.version,
                                row.get<std::string>("what")),
                    "Install the visitor that made this database; a migration must not be edited once released.");
    }
  }
  for (const auto& migration : migrations)
    if (migration.version > status.current) status.pending.push_back(migration);
  return status;
}

SchemaStatus read_status(Transaction& tx, std::span<const Migration> migrations) {
  if (!tx.row(kHasTable).get<bool>("there")) return status_of(nullptr, migrations);
  const auto applied = tx.rows(kApplied);
  return status_of(&applied, migrations);
}

void refuse_newer(const SchemaStatus& status) {
  if (status.current <= status.latest) return;
  throw Error(
      Errc::config,
      fmt::format("the database's schema is version {}, newer than this program's {}", status.current, status.latest),
      fmt::format("Install visitor {} or newer.", status.newer_program));
}

}  // namespace

Migrator::Migrator(Connection& connection, std::span<const Migration> migrations)
    : connection_(connection), migrations_(migrations) {
  for (std::size_t i = 0; i < migrations.size(); ++i)
    if (migrations[i].version != static_cast<int>(i) + 1)
      throw Error(Errc::integrity, fmt::format("migration {} stands where {} must be", migrations[i].version, i + 1));
}

// One statement by itself: every command begins with this.
SchemaStatus Migrator::status() {
  try {
    const auto applied = connection_.execute(kApplied, {}).rows;
    return status_of(&applied, migrations_);
  } catch (const DatabaseError& error) {
    if (error.sqlstate() != kUndefinedTable) throw;
    return status_of(nullptr, migrations_);
  }
}

std::vector<int> Migrator::migrate() {
  std::vector<int> applied;
  for (;;) {
    // A step may rewrite a big table, and another program may be at it: no deadline.
    Transaction tx{connection_, {.statement_deadline = std::chrono::milliseconds{0}}};
    tx.exec(kLock);
    const auto status = read_status(tx, migrations_);
    refuse_newer(status);
    if (status.pending.empty()) return applied;
    const auto& next = status.pending.front();
    tx.script(kMakeTable);
    try {
      tx.script(next.sql);
    } catch (const DatabaseError& error) {
      throw DatabaseError(error.code(),
                          fmt::format("migration {} ('{}'): {}", next.version, next.what, error.message()),
                          error.hint(), error.sqlstate(), error.constraint());
    }
    tx.exec(kRecord, next.version, next.what, to_hex(blake2b(next.sql)), VISITOR_VERSION);
    tx.commit();
    applied.push_back(next.version);
  }
}

void Migrator::require_current() {
  const auto current = status();
  refuse_newer(current);
  if (current.pending.empty()) return;
  throw Error(
      Errc::conflict,
      fmt::format("the database's schema is version {}, older than this program's {}", current.current, current.latest),
      "Run 'visitorctl db migrate'.");
}

}  // namespace visitor::db
