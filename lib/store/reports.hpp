#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/transaction.hpp"
#include "domain/scope.hpp"

namespace visitor::store {

/// What a report's rows belong to: decides how a scope limits its statement.
enum class BelongsTo {
  place,     ///< a site, a department and a host: three expressions of SQL
  site,      ///< a site: one
  incident,  ///< a site and, through a visit, a department and a host: the site, the number of the visit
  event,     ///< aliases t (terminal), g (guest) and e (access_event), as Events has them
  alert,     ///< alias a (alert)
  nobody     ///< whoever sees less than everything sees none of it
};

/// A statement of a report. Its parameters are those of ReportFilter, by number; "{scope}" stands in its WHERE for
/// " AND (…)", as often as need be.
struct ReportStatement {
  std::string_view sql;
  BelongsTo to = BelongsTo::nobody;
  std::string_view site = {};        ///< SQL
  std::string_view department = {};  ///< SQL; of an incident: the number of its visit
  std::string_view host = {};        ///< SQL
};

struct ReportFilter {
  std::optional<Instant> since;            ///< $1
  std::optional<Instant> until;            ///< $2
  std::optional<SiteId> site;              ///< $3
  std::optional<DepartmentId> department;  ///< $4
  std::vector<std::string> statuses;       ///< $5; empty: any
  Instant now;                             ///< $6
  std::string time_zone;                   ///< $7: what a day is
};

/// Reads reports: row by row through a cursor of the server, in constant memory.
class Reports {
 public:
  /// \param tx     repeatable read: all statements of a report see one moment
  /// \param scope  what may be seen
  /// \param also   limits it further: somebody may see what lies in both
  Reports(db::Transaction& tx, const domain::Scope& scope, const std::optional<domain::Scope>& also = {})
      : tx_(tx), scope_(scope), also_(also) {}

  void for_each(const ReportStatement& statement, const ReportFilter& filter,
                const std::function<void(const db::Row&)>& use);

  /// How many rows the planner believes there to be.
  std::int64_t estimate(const ReportStatement& statement, const ReportFilter& filter);

 private:
  std::string scoped(const ReportStatement& statement) const;

  db::Transaction& tx_;
  domain::Scope scope_;
  std::optional<domain::Scope> also_;
};

}  // namespace visitor::store
