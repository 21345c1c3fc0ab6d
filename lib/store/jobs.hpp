#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "db/transaction.hpp"

namespace visitor::store {

/// A scheduled job's last run.
struct JobRun {
  std::string job;
  Instant started_at;
  std::optional<Instant> ended_at;  ///< of the last run that ended; before started_at while one runs
  std::optional<bool> ok;           ///< result of that one
  std::string message;              ///< of that one
  Instant next_run_at;
  std::string holder;  ///< daemon of the last start
};

class Jobs {
 public:
  explicit Jobs(db::Transaction& tx) : tx_(tx) {}

  /// True for exactly one of those who ask when the job is due; it is due again \p period later, also where its runner
  /// dies. Never waits for another daemon.
  bool claim(const std::string& job, const std::string& holder, Instant now, std::chrono::seconds period);

  /// Notes that \p holder begins it now, due or not; it is due again \p period later.
  void start(const std::string& job, const std::string& holder, Instant now, std::chrono::seconds period);

  /// Makes it due now.
  void make_due(const std::string& job, Instant now);

  /// True for one transaction at a time; until it ends all others get false. Never waits. Whoever runs a job holds its
  /// turn meanwhile.
  bool take_turn(const std::string& job);

  /// \returns false where another daemon has begun a newer run meanwhile; then nothing is stored
  bool finish(const std::string& job, const std::string& holder, Instant now, bool ok, const std::string& message);

  /// By name.
  std::vector<JobRun> list();
  /// Those whose turn somebody holds right now, of the jobs that have run before.
  std::vector<std::string> running();

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
