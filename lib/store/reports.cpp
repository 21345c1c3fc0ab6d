#include "store/reports.hpp"

#include <fmt/format.h>

#include <functional>

#include "core/text.hpp"
#include "store/scoped.hpp"

namespace visitor::store {
namespace {

constexpr int kScope = 8;  // $8 … $10, and $11 … $13 for the second one
constexpr int kScopeParams = 3;
constexpr int kBatch = 250;  // as much as the socket holds, of usual rows: the server does not wait for us

std::string condition(const ReportStatement& statement, int first) {
  switch (statement.to) {
    case BelongsTo::place:
      return in_scope(statement.site, statement.department, statement.host, first);
    case BelongsTo::site:
      return site_in_scope(statement.site, first);
    case BelongsTo::incident:
      return visit_in_scope(statement.site, statement.department, first);
    case BelongsTo::event:
      return event_in_scope(first);
    case BelongsTo::alert:
      return alert_in_scope(first);
    case BelongsTo::nobody:
      break;
  }
  return fmt::format("\n       AND ${}::bigint[] IS NULL", first);
}

}  // namespace

std::string Reports::scoped(const ReportStatement& statement) const {
  constexpr std::string_view kPlace = "{scope}";
  const auto wanted = condition(statement, kScope) + condition(statement, kScope + kScopeParams);
  std::string sql{statement.sql};
  for (auto at = sql.find(kPlace); at != std::string::npos; at = sql.find(kPlace, at + wanted.size()))
    sql.replace(at, kPlace.size(), wanted);
  return sql;
}

void Reports::for_each(const ReportStatement& statement, const ReportFilter& filter,
                       const std::function<void(const db::Row&)>& use) {
  const auto& also = also_ ? *also_ : scope_;
  // Everything is wanted, not the first rows soon.
  tx_.exec("SET LOCAL cursor_tuple_fraction = 1.0");
  // A name for each statement: what the session has prepared for one does not fit the next.
  const auto sql = scoped(statement);
  const auto cursor = fmt::format("report_{:016x}", std::hash<std::string>{}(sql));
  tx_.exec(fmt::format("DECLARE {} NO SCROLL CURSOR FOR {}", cursor, sql), filter.since, filter.until, filter.site,
           filter.department, filter.statuses, filter.now, filter.time_zone, scope_.sites(), scope_.departments(),
           scope_.hosts(), also.sites(), also.departments(), also.hosts());
  tx_.fetch_each(cursor, kBatch, use);
  tx_.exec("CLOSE " + cursor);
}

std::int64_t Reports::estimate(const ReportStatement& statement, const ReportFilter& filter) {
  const auto& also = also_ ? *also_ : scope_;
  const auto row = tx_.row("EXPLAIN (FORMAT JSON) " + scoped(statement), filter.since, filter.until, filter.site,
                           filter.department, filter.statuses, filter.now, filter.time_zone, scope_.sites(),
                           scope_.departments(), scope_.hosts(), also.sites(), also.departments(), also.hosts());
  const auto plan = row.get<std::string>("QUERY PLAN");
  constexpr std::string_view kRows = "\"Plan Rows\": ";  // the first one is of the whole plan
  const auto at = plan.find(kRows);
  if (at == std::string::npos) return 0;
  const auto digits = std::string_view{plan}.substr(at + kRows.size());
  return to_integer(digits.substr(0, digits.find_first_not_of("0123456789"))).value_or(0);
}

}  // namespace visitor::store
