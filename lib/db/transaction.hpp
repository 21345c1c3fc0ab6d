#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "db/connection.hpp"
#include "db/pool.hpp"

namespace visitor::db {

enum class Isolation : std::uint8_t { read_committed, repeatable_read, serializable };

struct TransactionOptions {
  Isolation isolation = Isolation::read_committed;
  bool read_only = false;
  std::optional<std::chrono::milliseconds> statement_deadline = {};  ///< unset: the connection's; 0: none
  std::stop_token stop = {};                                         ///< cancels waiting and the running statement
};

/// Rows for COPY … FROM STDIN in its text format, without naming every type. \see Transaction::copy_in
class CopyWriter {
 public:
  CopyWriter(Connection& connection, std::string_view sql);
  CopyWriter(const CopyWriter&) = delete;
  CopyWriter& operator=(const CopyWriter&) = delete;
  /// Without finish(): ends the COPY so that nothing of it is stored; the transaction can only be rolled back.
  ~CopyWriter();

  /// One row; fields are escaped, std::nullopt is NULL.
  void row(std::span<const std::optional<std::string_view>> fields);
  /// Bytes already in COPY's format, in pieces of any size.
  void raw(std::string_view bytes);
  /// \returns how many rows were stored
  /// \throws DatabaseError  as for any statement
  std::int64_t finish();

 private:
  void send();

  Connection* connection_;
  std::string buffer_;
};

/// What a statement that was put off will have returned. \see Transaction::later
class Later {
 public:
  Later(Connection& connection, std::shared_ptr<Connection::Queued> queued)
      : connection_(&connection), queued_(std::move(queued)) {}

  /// Each makes the trip if nobody has, and throws Error failed where the transaction ended without it.
  const Rows& rows() { return outcome().rows; }
  std::int64_t affected() { return outcome().affected; }

 private:
  const Connection::Outcome& outcome();

  Connection* connection_;
  std::shared_ptr<Connection::Queued> queued_;
};

/// An open transaction: holding one proves that there is one. Begins when made, and is rolled back when it goes unless
/// commit() came before.
///
/// After a DatabaseError only rollback remains, except where savepoint() caught it.
class Transaction {
 public:
  /// Takes a connection from \p pool until the end. A connection that turns out to be broken at BEGIN is replaced.
  /// \throws Error  as Pool::acquire
  explicit Transaction(Pool& pool, TransactionOptions options = {});
  /// \param connection  idle; outlives this
  explicit Transaction(Connection& connection, TransactionOptions options = {});
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  /// Exactly one row.
  /// \throws Error integrity  there is none, or more than one
  template <class... Args>
  Row row(std::string_view sql, const Args&... args) {
    return exactly_one(run(sql, Params::of(args...)).rows, sql);
  }
  /// One row or none.
  /// \throws Error integrity  there is more than one
  template <class... Args>
  std::optional<Row> maybe_row(std::string_view sql, const Args&... args) {
    return at_most_one(run(sql, Params::of(args...)).rows, sql);
  }
  template <class... Args>
  Rows rows(std::string_view sql, const Args&... args) {
    return run(sql, Params::of(args...)).rows;
  }
  /// \returns how many rows were inserted, changed, deleted or selected; 0 for other commands
  template <class... Args>
  std::int64_t exec(std::string_view sql, const Args&... args) {
    return run(sql, Params::of(args...)).affected;
  }
  /// Puts a statement off: it goes to the server with the next one that is run (or with the commit), before that one
  /// and in the order of the calls, and the trip there and back is paid once. So whatever comes after it sees what it
  /// did.
  ///
  /// What goes wrong with it is thrown by the call that makes the trip.
  /// \returns its result, once somebody asks; may be dropped
  template <class... Args>
  Later later(std::string_view sql, const Args&... args) {
    return put_off(sql, Params::of(args...));
  }
  /// Hands the rows to \p use one by one as they arrive, in constant memory. \p use must not run statements on this
  /// transaction; what it throws cancels the query, and the transaction can then only be rolled back.
  template <class... Args>
  void for_each(std::string_view sql, const std::function<void(const Row&)>& use, const Args&... args) {
    stream(sql, Params::of(args...), use);
  }
  /// Hands the rows of a cursor that this transaction has declared to \p use one by one, to the end of it, in constant
  /// memory: \p batch at a time, and the server is at work on the next ones meanwhile. As with for_each(), \p use must
  /// not run statements here, and what it throws ends it all.
  /// \param batch  1 or more; where it fills more than the socket holds, the server waits for us
  void fetch_each(std::string_view cursor, int batch, const std::function<void(const Row&)>& use);
  /// Several statements without parameters, as in a migration.
  /// \throws Error integrity  the script ended this transaction itself
  void script(std::string_view sql);

  /// \param sql  "COPY … FROM STDIN". The transaction is the writer's until its finish().
  CopyWriter copy_in(std::string_view sql);

  /// Runs \p work so that what it throws undoes only its own statements; the exception goes on to the caller, and this
  /// transaction remains usable. Hooks that \p work added go with it. May be nested.
  /// \returns what \p work returns
  template <class Work>
  auto savepoint(Work&& work) -> std::invoke_result_t<Work> {
    const auto mark = set_savepoint();
    try {
      if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
        work();
        release_savepoint(mark);
      } else {
        auto result = work();
        release_savepoint(mark);
        return result;
      }
    } catch (...) {
      rollback_to_savepoint(mark);
      throw;
    }
  }

  /// Runs \p hook inside commit(), after everything else and before COMMIT. Hooks run in the order of adding; one that
  /// throws leaves the transaction uncommitted. One that adds another sees it run, too. Without a commit none runs.
  void before_commit(std::function<void(Transaction&)> hook);

  /// Runs the hooks and COMMITs. Nothing may follow.
  /// \throws DatabaseError  nothing is stored; with database_lost it is unknown whether everything or nothing is
  void commit();

  bool committed() const { return state_ == State::committed; }
  Connection& connection() { return *connection_; }

 private:
  enum class State : std::uint8_t { open, committing, committed, over };
  struct Mark {
    int number;
    std::size_t hooks;
  };

  void begin(const TransactionOptions& options);
  void require_open() const;
  Connection::Outcome run(std::string_view sql, const Params& params);
  Later put_off(std::string_view sql, Params params);
  void stream(std::string_view sql, const Params& params, const std::function<void(const Row&)>& use);
  Mark set_savepoint();
  void release_savepoint(Mark mark);
  void rollback_to_savepoint(Mark mark) noexcept;
  static Row exactly_one(const Rows& rows, std::string_view sql);
  static std::optional<Row> at_most_one(const Rows& rows, std::string_view sql);

  std::optional<Pool::Lease> lease_;
  Connection* connection_ = nullptr;
  State state_ = State::open;
  int savepoints_ = 0;
  std::vector<std::function<void(Transaction&)>> hooks_;
  std::chrono::milliseconds previous_deadline_{};
};

namespace detail {
/// Waits a short random time that grows with \p attempt, less when \p stop is requested.
void pause_before_retry(int attempt, const std::stop_token& stop);
}  // namespace detail

/// Runs \p work in a transaction of its own and commits; on a serialization failure or a deadlock runs it again, up to
/// \p attempts times in all. \p work may therefore run more than once and must do nothing outside of the transaction.
/// \returns what \p work returns
/// \throws DatabaseError  of the last attempt, or any that is not retryable
template <class Work>
auto with_retry(Pool& pool, int attempts, Work&& work, const TransactionOptions& options = {})
    -> std::invoke_result_t<Work, Transaction&> {
  for (int attempt = 1;; ++attempt) {
    try {
      Transaction tx{pool, options};
      if constexpr (std::is_void_v<std::invoke_result_t<Work, Transaction&>>) {
        work(tx);
        tx.commit();
        return;
      } else {
        auto result = work(tx);
        tx.commit();
        return result;
      }
    } catch (const DatabaseError& error) {
      if (!error.retryable() || attempt >= attempts) throw;
    }
    detail::pause_before_retry(attempt, options.stop);
  }
}

}  // namespace visitor::db
