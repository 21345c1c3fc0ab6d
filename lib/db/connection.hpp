#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/secret.hpp"
#include "db/error.hpp"
#include "db/param.hpp"
#include "db/row.hpp"

namespace visitor::db {

struct ConnectionOptions {
  /// Any libpq connection string or URI (several hosts included). Kept secret: it may hold a password.
  Secret conninfo;
  std::string application_name = "visitor";              ///< seen in pg_stat_activity
  std::chrono::seconds connect_deadline{5};              ///< per host; 2 or more; the string's own connect_timeout wins
  std::chrono::milliseconds statement_deadline{30'000};  ///< 0: none
  /// How long a transaction may wait for our next statement before the server rolls it back and ends the session, so
  /// that a program that was stopped, or is cut off, does not hold its locks for as long as that lasts. 0: for ever.
  std::chrono::milliseconds idle_deadline{60'000};
};

/// One session. Used by one thread at a time; moved, not copied.
///
/// Statements run through a Transaction. Each is prepared once per session and SQL text, parameters and results are
/// binary. The session is in UTC and UTF-8, whatever the server's settings.
class Connection {
 public:
  /// Connects.
  /// \throws Error config            the connection string cannot be parsed (its text is not repeated)
  /// \throws DatabaseError database  cannot connect; the hint says what to look at
  explicit Connection(const ConnectionOptions& options);
  ~Connection();
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;

  /// False once the connection has broken, as far as can be seen without asking the server. It never comes back.
  bool alive();
  /// No transaction is open and no result is being read.
  bool idle() const;

  /// From here on, for every statement. 0: none. At the deadline the statement is cancelled on the server and
  /// DatabaseError database with SQLSTATE 57014 is thrown; a server that does not answer to that either within five
  /// seconds loses the connection.
  void set_statement_deadline(std::chrono::milliseconds deadline);
  std::chrono::milliseconds statement_deadline() const;
  /// A requested stop cancels the running statement, and refuses the next: DatabaseError interrupted.
  void set_stop(std::stop_token stop);

  int server_version() const;  ///< as 150020 for 15.20
  int backend_pid() const;     ///< of the server's process

  // What Transaction, Listener and Migrator are made of.

  struct Outcome {
    Rows rows;
    std::int64_t affected;
  };
  /// Runs one statement to its end.
  Outcome execute(std::string_view sql, const Params& params);
  /// Runs one statement and hands over its rows one by one as they arrive. The connection can do nothing else
  /// meanwhile; what \p use throws cancels the statement.
  void stream(std::string_view sql, const Params& params, const std::function<void(const Row&)>& use);
  /// Hands over the rows of an open cursor, to its end, fetching \p batch at a time: the next batch is asked for before
  /// the rows of this one are handed over. The connection can do nothing else meanwhile; what \p use throws cancels the
  /// statement.
  void fetch(std::string_view cursor, int batch, const std::function<void(const Row&)>& use);
  /// Runs several statements without parameters; results are dropped.
  void script(std::string_view sql);

  /// A statement that waits for its trip.
  struct Queued {
    std::string sql;
    Params params;
    std::optional<Outcome> outcome;  ///< once the trip was made
  };
  /// Sends \p sql with the next statement that is run, before that one and after those queued earlier.
  std::shared_ptr<Queued> queue(std::string_view sql, Params params);
  /// Makes the trip for what is queued. What the first failed statement said is thrown, and those after it did not run.
  void run_queue();
  /// Forgets what has not been sent.
  void drop_queue();

  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace visitor::db
