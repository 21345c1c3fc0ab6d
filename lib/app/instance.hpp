#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "core/vault.hpp"
#include "db/cluster.hpp"
#include "db/pool.hpp"

namespace visitor::app {

/// What both programs stand on: settings, the database (embedded and started on demand, or the configured one), the
/// master key. Opening is lazy: `visitorctl config check` needs no database. What failed to open is tried anew at the
/// next call.
///
/// Used by one thread at a time until pool() and vault() have returned; what these refer to stays where it is for the
/// life of this, and may then be used by any number of threads.
class Instance {
 public:
  /// \param idle_deadline  as db::ConnectionOptions
  explicit Instance(config::Settings settings,
                    std::chrono::milliseconds idle_deadline = db::ConnectionOptions{}.idle_deadline);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  const config::Settings& settings() const { return settings_; }
  bool embedded() const { return settings_.database.url.empty(); }

  /// The embedded cluster's manager. \throws Error config  a database url is configured
  db::Cluster& cluster();

  /// What to connect to; starts the embedded cluster if needed.
  const Secret& conninfo();

  /// The pool, after the schema was found to be the one of this binary.
  /// \throws Error config     the schema is older or newer; the hint names the command that fixes it
  /// \throws Error integrity  a migration that was applied has another text in this binary
  /// \throws Error database   it cannot be reached
  db::Pool& pool();

  /// False until initialise() has run on this database, by whatever program.
  bool initialised();

  /// The pool whatever the schema is: for `db status` and `db migrate`.
  db::Pool& pool_of_any_schema();

  /// The master key, checked against the fingerprint in the database.
  /// \throws Error config  missing, wrong, or open to others
  const Vault& vault();

  /// First start: state directory, embedded cluster, master key, schema, fingerprint, the system account. Idempotent;
  /// also what brings an older schema forward. Any number of programs may call this at once.
  ///
  /// A key that does not belong to the database is found out before anything is written to it.
  /// \returns what was made just now, a line each, empty if all was there
  /// \throws Error config  the master key is missing or wrong for this database; the schema is newer than this binary
  std::vector<std::string> initialise();

 private:
  config::Settings settings_;
  std::chrono::milliseconds idle_deadline_;
  std::unique_ptr<db::Cluster> cluster_;
  std::unique_ptr<db::Pool> pool_;
  std::optional<Vault> vault_;
  std::optional<Secret> conninfo_;
  bool schema_checked_ = false;
};

}  // namespace visitor::app
