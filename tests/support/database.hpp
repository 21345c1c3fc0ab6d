#pragma once

#include <string>

#include "core/secret.hpp"
#include "db/cluster.hpp"
#include "db/pool.hpp"
#include "db/transaction.hpp"

namespace visitor::test {

/// A throw-away PostgreSQL for this process: started at first use under a temporary directory (without fsync), stopped
/// and removed at exit. Works as root and as an ordinary user.
class TestDatabase {
 public:
  /// The one of this process, with the schema of lib/db/migrations in place.
  static TestDatabase& instance();

  db::Pool& pool();
  Secret conninfo() const;
  /// For tests that stop and start the server.
  db::Cluster& cluster();

  /// A new, empty database beside it, for tests that need their own. It goes with the cluster.
  /// \param name  an SQL identifier; a database of that name is replaced
  Secret make_empty_database(const std::string& name);

  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

 private:
  TestDatabase();
  ~TestDatabase();
  struct Impl;
  Impl* impl_;
};

/// Fixture: the migrated test database.
struct Database {
  db::Pool& pool = TestDatabase::instance().pool();
};

/// Fixture: a transaction on it that is rolled back after the test.
struct RolledBack : Database {
  db::Transaction tx{pool};
};

}  // namespace visitor::test
