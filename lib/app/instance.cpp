#include "app/instance.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <system_error>
#include <utility>

#include "app/work.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "db/migrator.hpp"
#include "db/transaction.hpp"

namespace visitor::app {
namespace {

constexpr auto kHasInstallation = "SELECT to_regclass('installation') IS NOT NULL AS there";
constexpr auto kFingerprint = "SELECT master_key_fingerprint FROM installation WHERE id = 1";
// Two first starters race; the fingerprint of one stays, and both compare theirs with it.
constexpr auto kInstall = R"sql(
    INSERT INTO installation (id, master_key_fingerprint, created_at)
         VALUES (1, $1, $2)
    ON CONFLICT (id) DO NOTHING)sql";

std::vector<std::byte> fingerprint_of(const db::Row& row) {
  return row.get<std::vector<std::byte>>("master_key_fingerprint");
}

/// Nothing before the first start.
std::optional<std::vector<std::byte>> stored_fingerprint(db::Transaction& tx) {
  if (!tx.row(kHasInstallation).get<bool>("there")) return std::nullopt;
  const auto row = tx.maybe_row(kFingerprint);
  if (!row) return std::nullopt;
  return fingerprint_of(*row);
}

void require_match(const Vault& vault, const std::vector<std::byte>& stored, const std::filesystem::path& key_file) {
  if (vault.fingerprint() == stored) return;
  throw Error(Errc::config, fmt::format("the master key {} does not belong to this database", key_file.string()),
              "Put back the key that was made with this database, or check [database] and [secrets] key_file.");
}

/// Entered by the embedded server's user where we are root; nothing in it can be listed or read by others.
mode_t state_mode() {
  return geteuid() == 0 ? 0711 : 0700;
}

}  // namespace

Instance::Instance(config::Settings settings, std::chrono::milliseconds idle_deadline)
    : settings_(std::move(settings)), idle_deadline_(idle_deadline) {
  if (settings_.database.directory.empty()) settings_.database.directory = settings_.state_directory / "postgres";
  if (settings_.secrets.key_file.empty()) settings_.secrets.key_file = settings_.state_directory / "master.key";
}

Instance::~Instance() = default;

db::Cluster& Instance::cluster() {
  if (!embedded())
    throw Error(Errc::config, "there is no embedded database: [database] names another one",
                "Use the tools of that server.");
  if (!cluster_) {
    db::ClusterOptions options;
    options.directory = settings_.database.directory;
    // What waits for the archive must not fill the disk of the database, nor what waits for one that was turned off.
    options.settings.emplace_back("max_slot_wal_keep_size", fmt::format("{}MB", settings_.backup.wal.max_behind >> 20));
    cluster_ = std::make_unique<db::Cluster>(options);
  }
  return *cluster_;
}

const Secret& Instance::conninfo() {
  if (!embedded()) return settings_.database.url;
  if (!conninfo_) {
    make_directories(settings_.state_directory, state_mode());
    cluster().start();
    conninfo_ = cluster().conninfo();
  }
  return *conninfo_;
}

db::Pool& Instance::pool_of_any_schema() {
  if (!pool_) {
    db::PoolOptions options;
    options.connection.conninfo = conninfo();
    options.connection.statement_deadline = settings_.database.statement_timeout;
    options.connection.idle_deadline = idle_deadline_;
    options.size = static_cast<std::size_t>(settings_.database.pool_size);
    options.wait_deadline = settings_.database.pool_wait;
    pool_ = std::make_unique<db::Pool>(std::move(options));
  }
  return *pool_;
}

db::Pool& Instance::pool() {
  auto& pool = pool_of_any_schema();
  if (schema_checked_) return pool;
  auto connection = pool.acquire();
  try {
    db::Migrator{*connection, db::embedded_migrations()}.require_current();
  } catch (const Error& error) {
    if (error.code() != Errc::conflict) throw;
    throw Error(Errc::config, error.message(), error.hint());
  }
  schema_checked_ = true;
  return pool;
}

bool Instance::initialised() {
  db::Transaction tx{pool_of_any_schema(), {.read_only = true}};
  return stored_fingerprint(tx).has_value();
}

const Vault& Instance::vault() {
  if (!vault_) {
    db::Transaction tx{pool(), {.read_only = true}};
    const auto stored = stored_fingerprint(tx);
    if (!stored)
      throw Error(Errc::config, "this database has no installation yet", "Run 'visitorctl init' to make it.");
    auto vault = Vault::open(settings_.secrets.key_file);
    require_match(vault, *stored, settings_.secrets.key_file);
    vault_ = std::move(vault);
  }
  return *vault_;
}

std::vector<std::string> Instance::initialise() {
  std::vector<std::string> made;
  const auto note_if_new = [&](const std::filesystem::path& path, std::string what, auto&& make) {
    std::error_code ignored;
    const bool there = std::filesystem::exists(path, ignored);
    make();
    if (!there) made.push_back(fmt::format("{} {}", what, path.string()));
  };

  note_if_new(settings_.state_directory, "state directory",
              [&] { make_directories(settings_.state_directory, state_mode()); });
  if (embedded()) {
    const bool absent = cluster().status().state == db::ClusterState::absent;
    conninfo();
    if (absent) made.push_back(fmt::format("embedded database {}", settings_.database.directory.string()));
  }

  auto& pool = pool_of_any_schema();
  const auto& key_file = settings_.secrets.key_file;
  const auto stored = [&] {
    db::Transaction tx{pool, {.read_only = true}};
    return stored_fingerprint(tx);
  }();
  // With a fingerprint there is a key somewhere, and a new one would only hide that it is missing here.
  if (!stored)
    note_if_new(key_file, "master key", [&] {
      make_directories(key_file.parent_path(), 0700);
      Vault::open_or_create(key_file);
    });
  auto vault = Vault::open(key_file);
  if (stored) require_match(vault, *stored, key_file);

  {
    auto connection = pool.acquire();
    for (const int version : db::Migrator{*connection, db::embedded_migrations()}.migrate())
      made.push_back(fmt::format("schema version {}", version));
  }
  schema_checked_ = true;

  const auto now = SystemClock{}.now();
  db::Transaction tx{pool};
  tx.exec(kInstall, vault.fingerprint(), now);
  require_match(vault, fingerprint_of(tx.row(kFingerprint)), key_file);
  ensure_actor(tx, "system", domain::ActionHow::automatic, now);
  tx.commit();
  vault_ = std::move(vault);
  return made;
}

}  // namespace visitor::app
