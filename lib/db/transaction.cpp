#include "db/transaction.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <condition_variable>
#include <mutex>

#include "core/text.hpp"
#include "db/pq.hpp"
#include "db/single_select.hpp"

namespace visitor::db {
namespace {

std::string begin_command(const TransactionOptions& options) {
  std::string sql = "BEGIN";
  if (options.isolation == Isolation::repeatable_read) sql += " ISOLATION LEVEL REPEATABLE READ";
  if (options.isolation == Isolation::serializable) sql += " ISOLATION LEVEL SERIALIZABLE";
  if (options.isolation == Isolation::read_committed) sql += " ISOLATION LEVEL READ COMMITTED";
  sql += options.read_only ? " READ ONLY" : " READ WRITE";
  return sql;
}

/// The start of a statement, enough to find it in the source.
std::string excerpt(std::string_view sql) {
  auto line = one_line(sql).substr(0, 80);
  return line;
}

}  // namespace

Transaction::Transaction(Pool& pool, TransactionOptions options) {
  // Nothing has happened before BEGIN, so a broken connection may be replaced until the pool has no stale one left.
  for (std::size_t attempt = 0;; ++attempt) {
    lease_.emplace(pool.acquire(options.stop));
    connection_ = &**lease_;
    try {
      begin(options);
      return;
    } catch (const DatabaseError& error) {
      connection_->set_stop({});
      if (error.code() != Errc::database_lost || attempt >= pool.options().size) throw;
    }
    lease_.reset();
  }
}

Transaction::Transaction(Connection& connection, TransactionOptions options) : connection_(&connection) {
  begin(options);
}

Transaction::~Transaction() {
  connection_->drop_queue();
  if (connection_->impl().single != Connection::Impl::Single::no) {
    connection_->impl().single = Connection::Impl::Single::no;
  } else if (state_ != State::committed && state_ != State::over) {
    try {
      connection_->impl().simple("ROLLBACK", Connection::Impl::Interrupt::never);
    } catch (const Error&) {
      // Whatever was wrong with the connection: it is not idle now, so the pool drops it and the server rolls back.
      connection_->impl().broken = true;
    }
  }
  connection_->set_stop({});
  connection_->set_statement_deadline(previous_deadline_);
}

void Transaction::begin(const TransactionOptions& options) {
  previous_deadline_ = connection_->statement_deadline();
  connection_->set_stop(options.stop);
  if (options.statement_deadline) connection_->set_statement_deadline(*options.statement_deadline);
  if (connection_->impl().single == Connection::Impl::Single::to_run) return;
  try {
    connection_->impl().simple(begin_command(options), Connection::Impl::Interrupt::cancel);
  } catch (...) {
    connection_->set_stop({});
    connection_->set_statement_deadline(previous_deadline_);
    throw;
  }
}

void Transaction::require_open() const {
  if (connection_->impl().single != Connection::Impl::Single::no)
    throw Error(Errc::failed, "something else than its one SELECT was to be run in a transaction",
                "This is a defect of visitor; please report it.");
  if (state_ == State::committed || state_ == State::over)
    throw Error(Errc::failed, "a statement was run after its transaction had ended",
                "This is a defect of visitor; please report it.");
}

Connection::Outcome Transaction::run(std::string_view sql, const Params& params) {
  auto& single = connection_->impl().single;
  if (single == Connection::Impl::Single::to_run && trim(sql).starts_with("SELECT "))
    single = Connection::Impl::Single::has_run;
  else
    require_open();
  return connection_->execute(sql, params);
}

Later Transaction::put_off(std::string_view sql, Params params) {
  require_open();
  return {*connection_, connection_->queue(sql, std::move(params))};
}

const Connection::Outcome& Later::outcome() {
  if (!queued_->outcome) connection_->run_queue();
  if (!queued_->outcome)
    throw Error(Errc::failed, "the result of a statement was asked for after its transaction had ended",
                "This is a defect of visitor; please report it.");
  return *queued_->outcome;
}

void Transaction::fetch_each(std::string_view cursor, int batch, const std::function<void(const Row&)>& use) {
  require_open();
  connection_->fetch(cursor, batch, use);
}

void Transaction::stream(std::string_view sql, const Params& params, const std::function<void(const Row&)>& use) {
  require_open();
  connection_->stream(sql, params, use);
}

void Transaction::script(std::string_view sql) {
  require_open();
  connection_->script(sql);
  if (PQtransactionStatus(connection_->impl().pg) != PQTRANS_INTRANS) {
    state_ = State::over;
    throw Error(Errc::integrity, "a script ended the transaction that it runs in",
                "Remove BEGIN, COMMIT and ROLLBACK from it.");
  }
}

CopyWriter Transaction::copy_in(std::string_view sql) {
  require_open();
  return CopyWriter{*connection_, sql};
}

Transaction::Mark Transaction::set_savepoint() {
  const Mark mark{++savepoints_, hooks_.size()};
  require_open();
  connection_->script(fmt::format("SAVEPOINT s{}", mark.number));
  return mark;
}

void Transaction::release_savepoint(Mark mark) {
  connection_->script(fmt::format("RELEASE SAVEPOINT s{}", mark.number));
}

void Transaction::rollback_to_savepoint(Mark mark) noexcept {
  connection_->drop_queue();  // setting the savepoint has made the trip for what came before it
  hooks_.resize(mark.hooks);
  try {
    connection_->impl().simple(fmt::format("ROLLBACK TO SAVEPOINT s{0}; RELEASE SAVEPOINT s{0}", mark.number),
                               Connection::Impl::Interrupt::never);
  } catch (const Error&) {
    // The exception on its way says why; the next statement, or COMMIT, fails as well.
  }
}

void Transaction::before_commit(std::function<void(Transaction&)> hook) {
  require_open();
  hooks_.push_back(std::move(hook));
}

void Transaction::commit() {
  if (state_ == State::committing)
    throw Error(Errc::failed, "a hook of commit() committed", "This is a defect of visitor; please report it.");
  require_open();
  state_ = State::committing;
  for (std::size_t i = 0; i < hooks_.size(); ++i) {
    const auto hook = std::move(hooks_[i]);  // it may add others, which moves the vector
    hook(*this);
  }
  auto& impl = connection_->impl();
  if (impl.stop.stop_requested()) throw DatabaseError(Errc::interrupted, "stopped before the commit", "", "", "");
  state_ = State::over;  // whether COMMIT succeeds or not
  std::string tag;
  try {
    tag = impl.queue.empty() ? impl.simple("COMMIT", Connection::Impl::Interrupt::never) : impl.run_queue("COMMIT");
  } catch (...) {
    // Something that was put off failed, so that COMMIT did not run.
    if (!impl.broken && PQtransactionStatus(impl.pg) != PQTRANS_IDLE) state_ = State::open;
    throw;
  }
  if (tag != "COMMIT")
    throw DatabaseError(Errc::database, "the transaction was rolled back: one of its statements had failed", "",
                        "25P02", "");
  state_ = State::committed;
}

Row Transaction::exactly_one(const Rows& rows, std::string_view sql) {
  if (rows.size() != 1)
    throw Error(Errc::integrity, fmt::format("{} rows where there must be one: {}", rows.size(), excerpt(sql)));
  return rows[0];
}

std::optional<Row> Transaction::at_most_one(const Rows& rows, std::string_view sql) {
  if (rows.empty()) return std::nullopt;
  return exactly_one(rows, sql);
}

SingleSelect::SingleSelect(Pool& pool)
    : lease_(pool.acquire()), tx_([this]() -> Connection& {
        lease_->impl().single = Connection::Impl::Single::to_run;
        return *lease_;
      }()) {}

void detail::pause_before_retry(int attempt, const std::stop_token& stop) {
  constexpr std::uint32_t kMicroseconds = 5'000;  // grows to 64 times that
  const auto limit = kMicroseconds << std::min(attempt, 6);
  std::mutex mutex;
  std::unique_lock lock{mutex};
  std::condition_variable_any never;
  never.wait_for(lock, stop, std::chrono::microseconds{randombytes_uniform(limit)}, [] { return false; });
}

}  // namespace visitor::db
