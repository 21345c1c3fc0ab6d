#pragma once

#include <span>
#include <string>
#include <vector>

#include "db/connection.hpp"
#include "db/migrations.hpp"

namespace visitor::db {

struct SchemaStatus {
  int current = 0;  ///< version in the database; 0 where there is no schema yet
  int latest = 0;   ///< version that this program brings
  std::vector<Migration> pending;
  /// visitor's version that made the newest step, where the database is ahead of this program; otherwise empty.
  std::string newer_program;
};

/// Brings a database's schema forward, never back. Each step is one transaction under an advisory lock, so any number
/// of programs may try at once; table schema_migration keeps what was applied, with a checksum of its text.
class Migrator {
 public:
  /// \param migrations  versions 1, 2, 3 … without gaps; outlives this
  Migrator(Connection& connection, std::span<const Migration> migrations);

  /// Changes nothing.
  /// \throws Error integrity  an applied step has another text in this program
  SchemaStatus status();

  /// Applies what is pending.
  /// \returns the versions applied, in order; empty where nothing was pending
  /// \throws Error integrity  an applied step has another text in this program
  /// \throws Error config     the database is ahead of this program
  /// \throws DatabaseError    a step failed: those before it remain, it left nothing
  std::vector<int> migrate();

  /// \throws Error conflict   the schema is older; the hint names the command that fixes it
  /// \throws Error config     the schema is newer; the hint names the visitor to install
  /// \throws Error integrity  as status()
  void require_current();

 private:
  Connection& connection_;
  std::span<const Migration> migrations_;
};

}  // namespace visitor::db
