#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/transaction.hpp"
#include "domain/report_job.hpp"

namespace visitor::store {

/// What audit and change rows of reports speak of.
inline constexpr std::string_view kReportTopic = "report";

/// What there is of jobs that are not over yet.
struct ReportJobLoad {
  std::int64_t kept = 0;        ///< of the account
  std::int64_t unfinished = 0;  ///< of the account
  std::int64_t bytes = 0;       ///< of the account
  std::int64_t all_unfinished = 0;
  std::int64_t all_bytes = 0;
};

/// What becomes of a job that is done.
struct ReportJobResult {
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::string sha256;
  std::string rights;
  std::string outcome;  ///< JSON
  std::string manifest;
};

/// Reports that were asked for, and their files. A job belongs to an account, which alone sees it.
class ReportJobs {
 public:
  explicit ReportJobs(db::Transaction& tx) : tx_(tx) {}

  /// Of one account one at a time, until the transaction ends.
  ReportJobLoad look_before_adding(AccountId account, Instant now);
  domain::ReportJobId add(const domain::ReportJob& job);

  /// What is over is not there.
  std::optional<domain::ReportJob> find(AccountId account, domain::ReportJobId id, Instant now);
  /// Newest first.
  std::vector<domain::ReportJob> list(AccountId account, Instant now, int limit);
  /// With its file; whoever makes it stops soon. \returns false where it is not there
  bool remove(AccountId account, domain::ReportJobId id, Instant now);
  /// Those that are over, with their files. \returns how many
  std::int64_t purge(Instant now, int limit);

  // For whoever makes them. What is said of a claim that somebody else has taken meanwhile changes nothing and returns
  // false.

  /// Takes the next one, until \p held_until: one that waits, or whose maker has not been heard of for too long.
  /// Whoever has the fewest under way comes first.
  std::optional<domain::ReportJob> take(const std::string& holder, Instant now, Instant held_until);
  bool hold(domain::ReportJobId id, int claim, Instant until, std::int64_t rows, std::optional<std::int64_t> expected);
  /// \param number  from 0 on without a gap
  bool add_piece(domain::ReportJobId id, int claim, int number, std::span<const std::byte> sealed);
  bool finish(domain::ReportJobId id, int claim, Instant now, Instant expires_at, const ReportJobResult& result);
  bool fail(domain::ReportJobId id, int claim, Instant now, std::string_view problem);
  /// Lets another one take it at once. \param tried  it counts as a try that failed
  bool give_back(domain::ReportJobId id, int claim, Instant now, bool tried);

  /// \returns nothing where the file is gone
  std::optional<std::vector<std::byte>> piece(domain::ReportJobId id, int claim, int number);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
