#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "app/check.hpp"
#include "app/report_post.hpp"
#include "app/work.hpp"
#include "core/clock.hpp"
#include "core/vault.hpp"
#include "core/zone.hpp"
#include "db/pool.hpp"
#include "store/scheduled_reports.hpp"

/// Reports that are made by themselves, as [[report]] says, and handed in.
///
/// Each moment at which a report falls due is taken up once, by one of all daemons; of several that were missed, the
/// last. Its run is tried until its file is everywhere it is to go, with growing pauses, for [alerts] give_up_after at
/// most. An attempt makes the file anew, with the period as it was when it was due, and what the account may see now;
/// where it has arrived it does not go again. What ends in the middle, by kill -9 too, is tried again: so a file comes
/// into a folder or bucket once, and a mail at least once. A mail that may have come before says so, and has the same
/// Message-ID.
namespace visitor::app {

/// Who makes them, and with what. Several transactions take part in each run.
struct ReportRunner {
  db::Pool& pool;
  const config::Settings& settings;
  const Vault& vault;
  const Actor& actor;  ///< with an account; who hands them in
  const Clock& clock;
  std::stop_token stop = {};
  SendMail send = {};  ///< empty: mail_sender()
};

/// Takes up what has fallen due, and tries whatever waits for it.
/// \returns how many runs it tried
/// \throws Error interrupted, database_lost  in the middle; the run is tried again
int make_due_reports(const ReportRunner& runner);

/// A run and what became of it where it was to go.
struct ReportRunShown {
  store::ReportRun run;
  std::vector<store::ReportDelivery> deliveries;  ///< by place
};

/// Makes it and hands it in now, due or not, and puts that on record. What does not arrive is tried again by visitord.
/// \throws Error not_found  there is no [[report]] of that name; names a near one
/// \throws Error conflict   the database was restored and waits for 'visitorctl resume'
/// \throws Error denied     the account is disabled, or may not have the report
ReportRunShown make_report_now(const ReportRunner& runner, std::string_view name);

/// What a run would do now.
struct ReportPlan {
  std::string name;
  report::Cover cover;
  std::string file;
  std::int64_t expected_rows = 0;  ///< about
  std::vector<ReportPlace> places;
};
/// Tries everything but the making and the handing in; writes nothing.
/// \throws Error  what would keep it from being made: not_found, denied, usage
ReportPlan plan_report(const ReportRunner& runner, std::string_view name);

/// A [[report]] with how it is.
struct ScheduledReport {
  config::Settings::Report report;
  Zone zone;
  Instant next;  ///< when it is due next
  std::optional<store::ReportRun> last;
  std::string state;    ///< "never ran", "ok", "waiting" (tried again later, or at it), "failed", "overdue", "refused"
  std::string problem;  ///< why it is not ok; empty: it is
};
/// In the order of the configuration.
std::vector<ScheduledReport> list_scheduled_reports(const Work& work);
/// \throws Error not_found  as make_report_now()
ScheduledReport get_scheduled_report(const Work& work, std::string_view name);
/// Newest first.
std::vector<ReportRunShown> list_report_runs(const Work& work, std::string_view name, int limit);

/// Whether it goes on by itself, without anybody looking.
bool is_in_order(const ScheduledReport& report);
/// The check "reports": how many are not in order.
Check reports_check(const std::vector<ScheduledReport>& reports);

/// What can be seen of the [[report]]s without a database, with the places tried: "report.week.targets" and what is
/// wrong.
struct ReportProblem {
  std::string key;
  std::string message;
};
std::vector<ReportProblem> check_reports(const config::Settings& settings, const Clock& clock, std::stop_token stop);

}  // namespace visitor::app
