#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "app/report_file.hpp"
#include "app/work.hpp"
#include "core/clock.hpp"
#include "domain/report_job.hpp"
#include "domain/scope.hpp"

/// Reports that are asked for now and made by whichever daemon takes them first. What a daemon has begun is begun anew
/// by another one where nothing was heard of it for ReportBounds::lease; its audit row and its file come with the same
/// commit, so that it is made once as far as anybody can see.
///
/// The files lie in the database in sealed pieces until they expire.
namespace visitor::app {

struct ReportBounds {
  std::chrono::seconds lease{10};
  std::chrono::seconds longest{30 * 60};  ///< that making one may take
  std::chrono::hours kept{24};            ///< from the end of the making
  int tries = 3;                          ///< by daemons that were cut off, or whose database was
  std::int64_t largest = std::int64_t{256} << 20;
  std::int64_t kept_of_account = 50;
  std::int64_t unfinished_of_account = 5;
  std::int64_t bytes_of_account = std::int64_t{1} << 30;
  std::int64_t unfinished = 200;
  std::int64_t bytes = std::int64_t{8} << 30;
};

/// A file that is asked for.
struct ReportRequest {
  std::string report;
  ReportWish wish;
  report::Format format = report::Format::xlsx;
  report::CsvOptions csv = {};
  std::string file_name = {};  ///< empty: "visits-2026-09-01.xlsx"
};

/// \throws Error not_found  there is none of that name; the hint names a near one
const Report& find_report(std::string_view name);

/// What somebody may take out of a report: what lies in both scopes.
struct ReportRights {
  domain::Scope exporting;  ///< of report.export
  domain::Scope viewing;    ///< of what the report shows
  bool documents = false;   ///< with whole document numbers
};
/// \param documents  document numbers are wanted
/// \throws Error denied  a permission is missing
ReportRights report_rights(const domain::Principal& principal, const Report& report, bool documents);

/// \throws Error usage     the wish is not one, as order_report() says
/// \throws Error denied    as report_rights()
/// \throws Error conflict  there are as many as there may be
domain::ReportJob ask_report(const Work& work, const Vault& vault, const domain::Principal& principal,
                             std::optional<domain::ApiKeyId> key, const ReportRequest& request,
                             const ReportBounds& bounds = {});

// Everybody sees his own.

/// \throws Error not_found  it is not there, or over, or somebody else's
domain::ReportJob get_report_job(const Work& work, domain::ReportJobId id);
/// Newest first.
std::vector<domain::ReportJob> list_report_jobs(const Work& work);
/// With its file; one that is being made stops.
/// \throws Error not_found  as get_report_job()
domain::ReportJob remove_report_job(const Work& work, domain::ReportJobId id);
/// One whose file may be handed over.
/// \throws Error not_found  as get_report_job()
/// \throws Error conflict   it is not done
/// \throws Error denied     \p principal may not see, or no longer, all that is in it
domain::ReportJob get_report_file(const Work& work, const domain::Principal& principal, domain::ReportJobId id);

/// How many bytes of a file a piece has; the last one has fewer.
inline constexpr std::size_t kReportPiece = std::size_t{256} << 10;
/// \throws Error not_found  the file is gone meanwhile
std::string read_report_piece(db::Transaction& tx, const Vault& vault, const domain::ReportJob& job, int number);

/// Whether the file is CSV as Excel reads it in Russian.
bool wants_excel(const domain::ReportJob& job);

/// Deletes what is over. \returns how many
std::int64_t purge_report_jobs(const Work& work);

/// Who makes reports, and with what.
struct ReportMaker {
  db::Pool& pool;
  const config::Settings& settings;
  const Vault& vault;
  const Clock& clock;
  const std::string& holder;  ///< names this process among all that share the database
  ReportBounds bounds = {};
};
/// The next one, for this maker alone as long as the lease lasts.
std::optional<domain::ReportJob> take_report_job(const ReportMaker& maker);
/// Makes it, and says meanwhile that it is at it. What comes of it stands in the job; where somebody else has taken it
/// meanwhile, or it was removed, nothing does.
/// \throws Error interrupted  \p stop was requested; another one takes it
/// \throws Error database     the database is not what it was; another one takes it
void make_report_job(const ReportMaker& maker, const domain::ReportJob& job, std::stop_token stop = {});

/// Makes a small one while somebody waits.
/// \param stop  besides, it is given up after half a minute
/// \throws Error           as ask_report()
/// \throws Error conflict  it is too large, or takes too long, for that
std::unique_ptr<ReportDraft> make_small_report(ReportDesk desk, const domain::Principal& principal,
                                               const ReportRequest& request);

/// "visits-2026-09-01.xlsx"; of a name that was wished what a file name may hold.
std::string report_file_name(const ReportRequest& request, Instant now);

class JsonWriter;
/// A report with its columns.
void write(JsonWriter& json, const Report& report);
void write(JsonWriter& json, const domain::ReportJob& job);
/// "integer" and so on.
std::string_view name_of(report::Kind kind);

}  // namespace visitor::app
