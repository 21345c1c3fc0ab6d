#include "app/reports.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/registry.hpp"
#include "app/reports/declare.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "report/cell_text.hpp"
#include "store/journal.hpp"

namespace visitor::app {
namespace {

using domain::Language;
using report::Label;

constexpr std::int64_t kProgressRows = 2000;

constexpr Label kPeriod{"Period", "Период"}, kSite{"Site", "Объект"}, kDepartment{"Department", "Отдел"},
    kStatus{"Status", "Статус"}, kColumns{"Columns", "Столбцы"}, kSection{"Section", "Раздел"};
constexpr Label kMasked{"Of document numbers the last four characters are shown.",
                        "От номеров документов показаны последние четыре знака."};
constexpr Label kOutside{"Rows outside of what the account may see are left out.",
                         "Строки, недоступные учетной записи, не включены."};

[[noreturn]] void no_such(std::string_view what, const std::string& given, std::span<const std::string> known) {
  const auto near = nearest(given, known);
  throw Error(Errc::usage, fmt::format("there is no {} '{}'", what, given),
              near ? fmt::format("Did you mean '{}'?", *near) : "Run 'visitorctl export list' to see them.");
}

/// From a word to a span of local days.
void apply_period(ReportOrder& order, const std::string& period, Instant now, const Zone& zone) {
  using std::chrono::days;
  using std::chrono::local_days;
  using std::chrono::months;
  const auto today = std::chrono::floor<days>(zone.local(now));
  const std::chrono::year_month_day date{today};
  const local_days month{date.year() / date.month() / 1};
  const auto monday = today - (std::chrono::weekday{today} - std::chrono::Monday);
  const auto span = [&](local_days from, local_days until) {
    order.filter.since = zone.instant(from);
    order.filter.until = zone.instant(until);
  };
  if (period == "today") return span(today, today + days{1});
  if (period == "yesterday") return span(today - days{1}, today);
  if (period == "7d") return span(today - days{6}, today + days{1});
  if (period == "last-week") return span(monday - days{7}, monday);
  if (period == "30d") return span(today - days{29}, today + days{1});
  if (period == "month") return span(month, today + days{1});
  if (period == "last-month") return span(local_days{(date.year() / date.month() - months{1}) / 1}, month);
  throw Error(Errc::usage, fmt::format("'{}' is no period", printable(period)),
              "Say today, yesterday, 7d, last-week, 30d, month or last-month.");
}

void resolve_period(ReportOrder& order, const ReportWish& wish, Instant now, const Zone& zone) {
  const auto& report = *order.report;
  const bool given = !wish.since.empty() || !wish.until.empty() || !wish.period.empty();
  if (report.counts.empty()) {
    if (given)
      throw Error(Errc::usage, fmt::format("report '{}' is about now: it takes no period", report.name),
                  "Leave out --from, --to and --period.");
    return;
  }
  if (!wish.period.empty() && !(wish.since.empty() && wish.until.empty()))
    throw Error(Errc::usage, "a period has its own beginning and end", "Give --period, or --from and --to.");
  auto& filter = order.filter;
  if (wish.since.empty() && wish.until.empty())
    apply_period(order, wish.period.empty() ? std::string{report.usual_period} : wish.period, now, zone);
  if (!wish.since.empty()) filter.since = parse_moment(wish.since, now, zone);
  if (!wish.until.empty()) filter.until = parse_moment(wish.until, now, zone);
  if (report.bounded && !filter.until) filter.until = zone.day_end(now);
  if (report.bounded && !filter.since)
    throw Error(Errc::usage, fmt::format("report '{}' needs a beginning", report.name), "Say --from, too.");
  if (filter.since && filter.until && *filter.until <= *filter.since)
    throw Error(Errc::usage, "the period ends before it begins", "Give a later --to.");
}

void require_place_taken(const Report& report, const ReportWish& wish) {
  if (!wish.site.empty() && !report.no_site.empty())
    throw Error(Errc::usage, fmt::format("report '{}' takes no site: {}", report.name, report.no_site),
                "Leave out --site.");
  if (!wish.department.empty() && !report.no_department.empty())
    throw Error(Errc::usage, fmt::format("report '{}' takes no department: {}", report.name, report.no_department),
                "Leave out --department.");
}

void resolve_place(ReportOrder& order, const Work& work, const ReportWish& wish) {
  const auto language = wish.language;
  auto& words = order.cover.filter;
  require_place_taken(*order.report, wish);
  if (!wish.site.empty()) {
    const auto site = resolve_site(work, wish.site);
    order.filter.site = site.id;
    words.emplace_back(kSite.in(language), site.name);
  }
  if (!wish.department.empty()) {
    const auto found = resolve_department(work, wish.department, order.filter.site);
    order.filter.department = found.department.id;
    words.emplace_back(kDepartment.in(language), found.department.name);
  }
}

void resolve_statuses(ReportOrder& order, const ReportWish& wish) {
  const auto& report = *order.report;
  if (wish.statuses.empty()) return;
  if (report.statuses.empty())
    throw Error(Errc::usage, fmt::format("report '{}' takes no status", report.name), "Leave out --status.");
  const std::vector<std::string> known{report.statuses.begin(), report.statuses.end()};
  std::string labels;
  for (const auto& given : wish.statuses) {
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const std::string& word) { return equal_ignoring_case(word, given); });
    if (found == known.end()) no_such(fmt::format("status of '{}'", report.name), printable(given), known);
    order.filter.statuses.push_back(*found);
    if (!labels.empty()) labels += ", ";
    labels += report.status_words(*found, wish.language);
  }
  order.cover.filter.emplace_back(kStatus.in(wish.language), labels);
}

void choose_columns(ReportOrder& order, const ReportWish& wish) {
  const auto& report = *order.report;
  std::vector<std::string> keys;
  std::vector<std::string> sections;
  for (const auto& section : report.sections) {
    sections.emplace_back(section.key);
    for (const auto& one : section.columns) keys.emplace_back(one.column.key);
  }
  for (const auto& wanted : wish.columns)
    if (std::find(keys.begin(), keys.end(), wanted) == keys.end())
      no_such(fmt::format("column of '{}'", report.name), printable(wanted), keys);
  if (!wish.section.empty() && std::find(sections.begin(), sections.end(), wish.section) == sections.end())
    no_such(fmt::format("section of '{}'", report.name), printable(wish.section), sections);

  bool masked = false;
  for (const auto& section : report.sections) {
    if (!wish.section.empty() && section.key != wish.section) continue;
    report::Section chosen{section.key, section.title, {}};
    std::vector<std::size_t> from;
    const auto take = [&](std::size_t i) {
      auto column = section.columns[i].column;
      column.masked = column.masked && order.documents == nullptr;
      masked = masked || column.masked;
      chosen.columns.push_back(std::move(column));
      from.push_back(i);
    };
    for (std::size_t i = 0; wish.columns.empty() && i < section.columns.size(); ++i)
      if (section.columns[i].usual) take(i);
    for (const auto& wanted : wish.columns)  // in the order in which they were named
      for (std::size_t i = 0; i < section.columns.size(); ++i)
        if (section.columns[i].column.key == wanted) take(i);
    if (chosen.columns.empty()) continue;
    order.sections.push_back(std::move(chosen));
    order.declared.push_back(&section);
    order.columns.push_back(std::move(from));
  }
  if (order.sections.empty()) throw Error(Errc::usage, "the section has none of these columns", "Leave out --section.");
  if (!wish.columns.empty())
    order.cover.filter.emplace_back(kColumns.in(wish.language), fmt::format("{}", fmt::join(wish.columns, ", ")));
  if (!wish.section.empty()) order.cover.filter.emplace_back(kSection.in(wish.language), wish.section);
  if (masked) order.cover.withheld.emplace_back(kMasked.in(wish.language));
}

/// Cells of rows as the database has them.
class RowReader {
 public:
  RowReader(const ReportSection& section, std::vector<std::size_t> columns, Language language, const Vault* documents)
      : section_(section), columns_(std::move(columns)), cells_(columns_.size()) {
    for (std::size_t i = 0; i < columns_.size(); ++i) contexts_.push_back({language, documents, {}});
  }

  /// \param row  all of them of one statement

  std::span<const report::Cell> read(const db::Row& row) {
    if (positions_.empty()) find_columns(row);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto& declared = section_.columns[columns_[i]];
      cells_[i] =
          declared.make ? declared.make(row, contexts_[i]) : to_cell(row.cell_at(positions_[i]), declared.column.kind);
      // An empty text is "not known".
      if (const auto* text = std::get_if<std::string_view>(&cells_[i]); text && text->empty())
        cells_[i] = std::monostate{};
    }
    return cells_;
  }

 private:
  void find_columns(const db::Row& row) {
    for (const auto column : columns_) {
      const auto& declared = section_.columns[column];
      positions_.push_back(declared.make ? 0 : row.position(declared.column.key));
    }
  }

  static report::Cell to_cell(const db::Cell& cell, report::Kind kind) {
    using report::Kind;
    if (cell.null) return std::monostate{};
    switch (kind) {
      case Kind::text:
      case Kind::word:
        return cell.type == db::type::kJsonb ? db::detail::read_json(cell) : db::detail::read_text(cell);
      case Kind::integer:
        return db::detail::read_integer(cell);
      case Kind::real:
        return db::detail::read_double(cell);
      case Kind::yes_no:
        return db::detail::read_bool(cell);
      case Kind::moment:
        return db::detail::read_instant(cell);
      case Kind::date:
        return db::detail::read_date(cell);
      case Kind::span:
        return std::chrono::floor<std::chrono::seconds>(db::detail::read_interval(cell));
    }
    return std::monostate{};
  }

  const ReportSection& section_;
  std::vector<std::size_t> columns_;
  std::vector<std::size_t> positions_;  // of each in the row of the statement
  std::vector<CellContext> contexts_;
  std::vector<report::Cell> cells_;
};

std::size_t index_of(const ReportSection& section, std::string_view key) {
  const auto found = std::find_if(section.columns.begin(), section.columns.end(),
                                  [&](const ReportColumn& one) { return one.column.key == key; });
  if (found == section.columns.end()) throw std::logic_error("a chart names a column that is not there");
  return static_cast<std::size_t>(found - section.columns.begin());
}

double figure(const report::Cell& cell) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return static_cast<double>(*number);
  if (const auto* real = std::get_if<double>(&cell)) return *real;
  return 0;
}

report::Chart read_chart(store::Reports& rows, const ReportOrder& order, const ReportChart& declared,
                         const ReportSection& section) {
  const auto language = order.cover.language;
  report::Chart chart;
  chart.key = declared.key;
  chart.title = declared.title.in(language);
  chart.kind = declared.kind;
  std::vector<std::size_t> columns{index_of(section, declared.category)};
  for (const auto key : declared.series) {
    columns.push_back(index_of(section, key));
    chart.series.push_back({std::string{section.columns[columns.back()].column.label.in(language)}, {}});
  }
  RowReader reader{section, columns, language, nullptr};
  report::CellText text{language, order.cover.zone};
  rows.for_each(section.statement, order.filter, [&](const db::Row& row) {
    const auto cells = reader.read(row);
    chart.categories.emplace_back(text.of(section.columns[columns[0]].column, cells[0]));
    for (std::size_t i = 0; i < chart.series.size(); ++i) chart.series[i].values.push_back(figure(cells[i + 1]));
  });
  return chart;
}

}  // namespace

std::span<const Report* const> reports() {
  static const std::array<const Report*, 11> all{&alerts_report(),      &audit_report(),  &auto_checkin_report(),
                                                 &departments_report(), &events_report(), &hosts_report(),
                                                 &incidents_report(),   &inside_report(), &summary_report(),
                                                 &terminals_report(),   &visits_report()};
  return all;
}

const Report& get_report(std::string_view name) {
  std::vector<std::string> known;
  for (const auto* report : reports()) {
    if (report->name == name) return *report;
    known.emplace_back(report->name);
  }
  no_such("report", printable(name), known);
}

void check_wish(const Report& report, const ReportWish& wish) {
  ReportOrder order;
  order.report = &report;
  require_place_taken(report, wish);
  resolve_period(order, wish, Instant{}, Zone::utc());
  resolve_statuses(order, wish);
  choose_columns(order, wish);
}

ReportOrder order_report(const Work& work, const Report& report, const ReportWish& wish, const Vault* vault,
                         const std::optional<domain::Scope>& also) {
  ReportOrder order;
  order.report = &report;
  order.also = also;
  order.reason = wish.reason;
  order.documents = wish.reason.empty() ? nullptr : vault;
  auto& cover = order.cover;
  cover.report = report.name;
  cover.title = report.title.in(wish.language);
  cover.who = work.actor.login;
  cover.made_at = work.now;
  cover.language = wish.language;

  resolve_place(order, work, wish);
  const auto sites = list_sites(work);
  const auto first = std::min_element(sites.begin(), sites.end(), [&](auto& a, auto& b) {
    const auto rank = [&](const domain::Site& site) { return std::pair{order.filter.site != site.id, site.id}; };
    return rank(a) < rank(b);
  });
  cover.zone = !wish.time_zone.empty() ? Zone::named(wish.time_zone)
               : first != sites.end()  ? Zone::named(first->time_zone)
                                       : Zone::utc();
  order.filter.now = work.now;
  order.filter.time_zone = cover.zone.name();
  resolve_period(order, wish, wish.period_at.value_or(work.now), cover.zone);
  if (order.filter.since || order.filter.until) {
    const auto stamp = [&](const std::optional<Instant>& at) { return at ? cover.zone.stamp(*at) : std::string{}; };
    cover.filter.insert(cover.filter.begin(),
                        {std::string{kPeriod.in(wish.language)},
                         fmt::format("{} – {}", stamp(order.filter.since), stamp(order.filter.until))});
  }
  resolve_statuses(order, wish);
  choose_columns(order, wish);
  if (!work.scope.is_everything() || (also && !also->is_everything()))
    cover.withheld.emplace_back(kOutside.in(wish.language));
  cover.snapshot = fmt::format("change {}", store::JournalReader{work.tx}.cursor());
  return order;
}

report::Written write_report(const Work& work, const ReportOrder& order, report::Writer& writer,
                             const ReportProgress& progress) {
  store::Reports rows{work.tx, work.scope, order.also};
  writer.begin(order.cover, order.sections);
  for (const auto& chart : order.report->charts)
    for (const auto* section : order.declared)
      if (section->key == chart.section) writer.chart(read_chart(rows, order, chart, *section));
  std::int64_t count = 0;
  for (std::size_t i = 0; i < order.sections.size(); ++i) {
    writer.section(i);
    const auto& section = *order.declared[i];
    RowReader reader{section, order.columns[i], order.cover.language, order.documents};
    rows.for_each(section.statement, order.filter, [&](const db::Row& row) {
      writer.row(reader.read(row));
      if (++count % kProgressRows == 0 && progress) progress(count);
    });
  }
  return writer.finish();
}

std::int64_t estimate_rows(const Work& work, const ReportOrder& order) {
  store::Reports rows{work.tx, work.scope, order.also};
  std::int64_t total = 0;
  for (const auto* section : order.declared) total += rows.estimate(section->statement, order.filter);
  return total;
}

}  // namespace visitor::app
