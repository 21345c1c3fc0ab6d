#pragma once

#include <sys/eventfd.h>

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/file.hpp"
#include "db/connection.hpp"
#include "db/libpq.hpp"

// libpq as the .cpp files of this module see it. Not included by anything outside.
namespace visitor::db {

struct FreeResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, FreeResult>;

/// The column names of a statement, by hash.
class Columns {
 public:
  explicit Columns(const PGresult& result);
  static constexpr int kAbsent = -1;
  static constexpr int kTwice = -2;
  int find(std::string_view name) const;
  const std::string& name(std::size_t position) const { return names_[position]; }
  int size() const { return static_cast<int>(names_.size()); }

 private:
  std::vector<std::string> names_;
  std::vector<std::int16_t> slots_;  // open addressing; a power of two, at most half full
  std::vector<bool> twice_;
};

class Result {
 public:
  Result(ResultPtr result, std::shared_ptr<const Columns> columns)
      : result_(std::move(result)), columns_(std::move(columns)) {}
  /// \throws Error integrity  there is no such column, or it is there twice
  std::size_t position(std::string_view column) const;
  Cell cell(std::size_t row, std::size_t position) const;
  std::size_t size() const { return static_cast<std::size_t>(PQntuples(result_.get())); }

 private:
  ResultPtr result_;
  std::shared_ptr<const Columns> columns_;
};

/// One line: blanks around cut off, line ends turned into "; ".
std::string one_line(std::string_view text);
/// What a failed statement said. \p lost: the connection is gone, too.
[[noreturn]] void raise(const PGresult& result, bool lost);
/// "cannot connect", with a hint that fits libpq's text.
[[noreturn]] void raise_cannot_connect(std::string_view said);
[[noreturn]] void raise_lost(std::string_view said);
/// The session has ended with this message, whatever PQstatus says yet.
bool is_fatal(const PGresult& result);

/// Wakes the waiting thread when a stop is requested while a statement runs.
class WakeOnStop {
 public:
  WakeOnStop(const std::stop_token& stop, int fd) {
    if (stop.stop_possible()) callback_.emplace(stop, Wake{fd});
  }

 private:
  struct Wake {
    int fd;
    void operator()() const { eventfd_write(fd, 1); }
  };
  std::optional<std::stop_callback<Wake>> callback_;
};

struct Connection::Impl {
  using Clock = std::chrono::steady_clock;

  /// What a requested stop or a passed deadline does to a running statement.
  enum class Interrupt : std::uint8_t {
    cancel,  ///< asks the server to cancel it, and waits for that a little
    never,   ///< COMMIT, ROLLBACK: a stop is ignored, the deadline loses the connection
  };
  enum class Ended : std::uint8_t { no, by_deadline, by_stop };
  /// Whether the transaction that is open is a SingleSelect's, which has no BEGIN.
  enum class Single : std::uint8_t { no, to_run, has_run };

  struct Statement {
    std::string key;
    std::string name;
    std::shared_ptr<const Columns> columns;
  };

  explicit Impl(const ConnectionOptions& options);
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  // connection.cpp: statements
  Outcome execute(std::string_view sql, const Params& params);
  void stream(std::string_view sql, const Params& params, const std::function<void(const Row&)>& use);
  void fetch(std::string_view cursor, int batch, const std::function<void(const Row&)>& use);
  /// Ends what is being read halfway.
  void abandon();
  void script(std::string_view sql);
  /// Simple protocol. \returns the command tag of the last statement, such as "COMMIT" or "ROLLBACK"
  std::string simple(std::string_view sql, Interrupt interrupt);
  Statement& prepared(std::string_view sql, const Params& params);
  void drop_statement(const Statement& statement);
  /// After an error that says that the server's plan of it is of no use any more: prepared anew next time.
  void forget_if_stale(const Statement& statement, std::string_view sqlstate);
  Outcome outcome_of(Statement& statement, ResultPtr result);
  void send(const Statement& statement, const Params& params);

  // pipeline.cpp: several statements in one trip
  struct Leg {
    std::string_view sql;
    const Params* params;
  };
  /// Sends the statements and then \p last (nothing: nullptr), and waits for all results. Throws what the first failed
  /// one said; those after it did not run.
  /// A stop is heard until only \p last is left.
  /// \param last  COMMIT, or nullptr
  /// \param tag   set to the command tag of \p last, unless nullptr
  std::vector<Outcome> trip(std::span<const Leg> legs, const char* last, std::string* tag);
  Outcome execute_with_queue(std::string_view sql, const Params& params);
  /// What is queued and then \p last. \returns the command tag of \p last
  std::string run_queue(const char* last);
  /// What is queued, if anything is.
  void run_queue();

  // wire.cpp: waiting
  /// Marks the start of a statement: the deadline counts from here. \throws if stop was requested or we are busy
  void begin_statement(Interrupt interrupt);
  /// The same in the middle of one that has several answers.
  void begin_waiting(Interrupt interrupt);
  /// The next result of what was sent, or nothing after the last.
  ResultPtr next_result();
  /// Reads to the end; throws what the first failed result says, otherwise returns the last.
  ResultPtr finish();
  /// Reads to the end and forgets it; never throws.
  void drain() noexcept;
  void flush();
  void cancel();
  /// Waits for the socket (and for a requested stop) until \p until. \returns false at the deadline
  bool wait(short events, std::optional<Clock::time_point> until);
  /// Ends a wait() of another thread; also from a stop callback.
  void wake_up() const noexcept;
  void require(int sent);
  [[noreturn]] void lose(std::string_view why);
  [[noreturn]] void fail(const PGresult& result);
  bool alive();

  PGconn* pg = nullptr;
  Fd wake;  // eventfd, written by the stop callback
  std::chrono::milliseconds deadline{0};
  std::stop_token stop;
  bool broken = false;
  bool busy = false;  // a stream or a COPY has the connection
  Single single = Single::no;
  Interrupt interrupt = Interrupt::cancel;
  Ended ended = Ended::no;
  std::optional<Clock::time_point> until;

  std::vector<std::shared_ptr<Queued>> queue;

  std::list<Statement> statements;  // most recently used first
  std::unordered_map<std::string_view, std::list<Statement>::iterator> by_key;
  std::vector<std::string> garbage;  // server-side names to deallocate when a transaction allows it
  std::uint64_t next_name = 1;
};

}  // namespace visitor::db
