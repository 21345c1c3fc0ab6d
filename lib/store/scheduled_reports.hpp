#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "db/transaction.hpp"

namespace visitor {

using ReportRunId = Id<struct ReportRunTag>;
using ReportDeliveryId = Id<struct ReportDeliveryTag>;

}  // namespace visitor

namespace visitor::store {

/// What has been taken up of a report.
struct ReportSchedule {
  std::string schedule;  ///< as it was when it was last looked at
  Instant taken_until;   ///< its moments up to then have been taken up
};

/// One making of a scheduled report, with all its attempts.
struct ReportRun {
  ReportRunId id;
  std::string name;  ///< of the [[report]]
  std::string how;   ///< person, schedule
  Instant due_at;
  Instant created_at;
  std::string state;  ///< waiting (for its next attempt, or the end of this one), done, failed
  int attempts = 0;
  Instant next_try_at;
  std::optional<Instant> started_at;  ///< of the last attempt
  std::optional<Instant> ended_at;
  std::string message;  ///< what went wrong last; empty: nothing
  std::string file;     ///< this and the rest: of what the last attempt made
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::string sha256;
};

/// What one of those who get it gets.
struct ReportDelivery {
  ReportDeliveryId id;
  std::string place;  ///< an address, or "file:///…", "s3://…"
  std::string state;  ///< waiting, sent, failed
  int attempts = 0;
  bool in_doubt = false;  ///< an attempt may have arrived without our knowing
  std::optional<Instant> ended_at;
  std::string message;  ///< what went wrong last, or what the other side said
};

/// Reports that are made by themselves: tables report_schedule, report_run and report_delivery.
class ScheduledReports {
 public:
  explicit ScheduledReports(db::Transaction& tx) : tx_(tx) {}

  /// Nothing where it is not known.
  std::optional<ReportSchedule> schedule(const std::string& name);
  /// From now on moments after \p now count, where the report was not known, or had another \p schedule.
  void know(const std::string& name, const std::string& schedule, Instant now);
  /// A run for the moment \p due, for exactly one of those who ask.
  std::optional<ReportRunId> take_up(const std::string& name, Instant due, Instant now);
  /// A run that a person asked for. \param next  when others may try, where whoever adds it does not
  ReportRunId add(const std::string& name, Instant now, Instant next);

  /// Of these reports, the runs whose next attempt is due; the oldest first.
  std::vector<ReportRunId> due(const std::vector<std::string>& names, Instant now);
  /// The right to work on a run: of the session, until let_go() or its end. Never waits.
  bool take_turn(ReportRunId id);
  void let_go(ReportRunId id);

  std::optional<ReportRun> find(ReportRunId id);
  /// Newest first. \param name  empty: of all
  std::vector<ReportRun> runs(const std::string& name, int limit);
  /// The newest of each report, by name.
  std::vector<ReportRun> newest();
  /// By place.
  std::vector<ReportDelivery> deliveries(ReportRunId id);

  /// One attempt more. \param next  when to try again where nobody says how it ended
  void begin(ReportRunId id, Instant now, Instant next);
  void made(ReportRunId id, const std::string& file, std::int64_t rows, std::int64_t bytes, const std::string& sha256);
  /// Where it is to go: what is new is added; what waits and is not among \p places is dropped.
  void set_places(ReportRunId id, const std::vector<std::string>& places);

  /// One attempt more, in doubt until somebody says how it ended.
  void begin_delivery(ReportDeliveryId id);
  /// \param state  "sent", "failed", or "waiting" to be tried again
  void end_delivery(ReportDeliveryId id, const std::string& state, bool in_doubt, Instant now,
                    const std::string& message);
  /// Those that wait fail.
  void give_up(ReportRunId id, Instant now);

  /// \param state  "done" or "failed"
  void finish(ReportRunId id, const std::string& state, Instant now, const std::string& message);
  void postpone(ReportRunId id, Instant next, const std::string& message);
  /// Deletes ended runs of the report but for so many.
  void trim(const std::string& name, int keep);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
