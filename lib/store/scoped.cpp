#include "store/scoped.hpp"

#include <fmt/format.h>

namespace visitor::store {

std::string in_scope(std::string_view site, std::string_view department, std::string_view host, int first) {
  return fmt::format(
      "\n       AND (${0}::bigint[] IS NULL OR {3} = ANY(${0}) OR {4} = ANY(${1}::bigint[])"
      "\n            OR {5} = ANY(${2}::bigint[]))",
      first, first + 1, first + 2, site, department, host);
}

std::string site_in_scope(std::string_view site, int first) {
  return fmt::format("\n       AND (${0}::bigint[] IS NULL OR {1} = ANY(${0}))", first, site);
}

std::string visit_in_scope(std::string_view site, std::string_view visit, int first) {
  return fmt::format(
      "\n       AND (${0}::bigint[] IS NULL OR {3} = ANY(${0})"
      "\n            OR EXISTS (SELECT FROM visit sv"
      "\n                        WHERE sv.id = {4} AND (sv.site_id = ANY(${0}) OR sv.department_id = ANY(${1})"
      "\n                                               OR sv.host_id = ANY(${2}))))",
      first, first + 1, first + 2, site, visit);
}

std::string guest_in_scope(std::string_view guest, int first) {
  return fmt::format(
      "\n       AND (${0}::bigint[] IS NULL"
      "\n            OR NOT EXISTS (SELECT FROM visit sv WHERE sv.guest_id = {3})"
      "\n            OR EXISTS (SELECT FROM visit sv"
      "\n                        WHERE sv.guest_id = {3}"
      "\n                          AND (sv.site_id = ANY(${0}) OR sv.department_id = ANY(${1})"
      "\n                               OR sv.host_id = ANY(${2}))))",
      first, first + 1, first + 2, guest);
}

std::string event_in_scope(int first) {
  return fmt::format(R"sql(
       AND (${0}::bigint[] IS NULL OR t.site_id = ANY(${0})
            OR EXISTS (SELECT FROM visit sv
                        WHERE sv.guest_id = g.id AND sv.site_id = t.site_id
                          AND (sv.department_id = ANY(${1}::bigint[]) OR sv.host_id = ANY(${2}::bigint[]))
                          AND e.occurred_at >= sv.checked_in_at
                          AND (sv.checked_out_at IS NULL OR e.occurred_at <= sv.checked_out_at))))sql",
                     first, first + 1, first + 2);
}

std::string alert_in_scope(int first) {
  return fmt::format(R"sql(
       AND (${0}::bigint[] IS NULL OR a.site_id = ANY(${0})
            OR EXISTS (SELECT FROM visit sv
                        WHERE sv.id = a.visit_id
                          AND (sv.site_id = ANY(${0}) OR sv.department_id = ANY(${1}::bigint[])
                               OR sv.host_id = ANY(${2}::bigint[])))
            OR EXISTS (SELECT FROM incident si
                         LEFT JOIN visit sv ON sv.id = si.visit_id
                        WHERE si.id = a.incident_id
                          AND (si.site_id = ANY(${0}) OR sv.department_id = ANY(${1}) OR sv.host_id = ANY(${2})))))sql",
                     first, first + 1, first + 2);
}

}  // namespace visitor::store
