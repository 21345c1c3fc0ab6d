#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/work.hpp"
#include "core/vault.hpp"
#include "core/zone.hpp"
#include "domain/permission.hpp"
#include "report/table.hpp"
#include "report/writer.hpp"
#include "store/reports.hpp"

/// The reports that there are, and how one gets into a file.
namespace visitor::app {

/// What a cell is made with, besides its row.
struct CellContext {
  domain::Language language = domain::Language::english;
  const Vault* documents = nullptr;  ///< opens document numbers; without it they are masked
  std::string buffer;                ///< of this column: what a text that was made can be a view into
};

/// A column and where its value comes from.
struct ReportColumn {
  report::Column column;
  /// Makes the cell; without it, it is the column of the statement that has the key's name.
  report::Cell (*make)(const db::Row& row, CellContext& context) = nullptr;
  bool usual = true;  ///< there where no columns are named; the others only by name
};

struct ReportSection {
  std::string_view key;
  report::Label title;
  std::vector<ReportColumn> columns;
  store::ReportStatement statement;
};

/// A chart of a section that has few rows.
struct ReportChart {
  std::string_view key;
  report::Label title;
  report::ChartKind kind = report::ChartKind::columns;
  std::string_view section;
  std::string_view category;             ///< key of the column with the names
  std::vector<std::string_view> series;  ///< keys of columns with figures
};

/// A report, declared once; each in a file of its own under app/reports.
struct Report {
  std::string_view name;  ///< "auto-checkin"
  report::Label title;
  std::string_view about;  ///< a sentence for whoever chooses one
  domain::Permission needs = domain::Permission::visit_view;
  std::string_view counts = {};                 ///< what the period is about: "expected"; empty: it is about now
  std::string_view usual_period = {};           ///< where none is given: "30d"
  bool bounded = false;                         ///< without an end it ends with today
  std::string_view no_site = {};                ///< why it takes no --site: "it is the same everywhere"; empty: it does
  std::string_view no_department = {};          ///< why it takes no --department; empty: it does
  std::vector<std::string_view> statuses = {};  ///< what --status takes
  report::Words status_words = nullptr;
  std::vector<ReportSection> sections;
  std::vector<ReportChart> charts = {};
};

/// Every report once, by name.
std::span<const Report* const> reports();
/// \throws Error usage  there is none of that name; the hint names a near one
const Report& get_report(std::string_view name);

/// What is wanted of a report.
struct ReportWish {
  std::string since;   ///< as people type moments; empty: by the period
  std::string until;   ///< the same; empty: by the period
  std::string period;  ///< config::kReportPeriods; empty: the usual one
  std::string site;
  std::string department;
  std::vector<std::string> statuses;
  std::vector<std::string> columns;  ///< keys; empty: the usual ones
  std::string section;               ///< key of the only one; empty: all
  std::string time_zone;             ///< IANA name; empty: that of the site, or of the first one
  domain::Language language = domain::Language::english;
  std::string reason;                     ///< why document numbers are wanted; empty: they are masked
  std::optional<Instant> period_at = {};  ///< what the period is counted from; nothing: now
};

/// A wish that was found to make sense.
struct ReportOrder {
  const Report* report = nullptr;
  store::ReportFilter filter;
  std::optional<domain::Scope> also;  ///< what limits it besides the scope of the work
  report::Cover cover;
  std::vector<report::Section> sections;          ///< with the wanted columns only
  std::vector<const ReportSection*> declared;     ///< beside each of them
  std::vector<std::vector<std::size_t>> columns;  ///< of each of them, which columns of the declared one
  const Vault* documents = nullptr;
  std::string reason;
};

/// As much of order_report() as needs no database. \throws Error usage  as there
void check_wish(const Report& report, const ReportWish& wish);

/// \param work   its now is when the file was made; its scope what may be seen
/// \param also   limits that further
/// \param vault  opens document numbers where the wish has a reason; the caller has looked that they may be seen
/// \throws Error usage      the wish has something that the report does not take, or an unknown column or status
/// \throws Error not_found  there is no such site or department
ReportOrder order_report(const Work& work, const Report& report, const ReportWish& wish, const Vault* vault,
                         const std::optional<domain::Scope>& also = {});

/// Called now and then with how many rows were written.
using ReportProgress = std::function<void(std::int64_t rows)>;

/// Reads the report's rows and hands them to \p writer, in constant memory.
/// \param work  of a transaction that is repeatable read
report::Written write_report(const Work& work, const ReportOrder& order, report::Writer& writer,
                             const ReportProgress& progress = {});

/// About how many rows there will be.
std::int64_t estimate_rows(const Work& work, const ReportOrder& order);

}  // namespace visitor::app
