#include "store/references.hpp"

namespace visitor::store {
namespace {

constexpr auto kToSite = R"sql(
    SELECT what, count
      FROM (VALUES (1, 'department', (SELECT count(*) FROM department WHERE site_id = $1)),
                   (2, 'terminal', (SELECT count(*) FROM terminal WHERE site_id = $1)),
                   (3, 'visit', (SELECT count(*) FROM visit WHERE site_id = $1)),
                   (4, 'incident', (SELECT count(*) FROM incident WHERE site_id = $1))) AS n(position, what, count)
     WHERE count > 0
     ORDER BY position)sql";

constexpr auto kToDepartment = R"sql(
    SELECT what, count
      FROM (VALUES (1, 'host', (SELECT count(*) FROM host WHERE department_id = $1)),
                   (2, 'visit', (SELECT count(*) FROM visit WHERE department_id = $1))) AS n(position, what, count)
     WHERE count > 0
     ORDER BY position)sql";

constexpr auto kToHost = R"sql(
    SELECT 'visit' AS what, count(*) AS count FROM visit WHERE host_id = $1 HAVING count(*) > 0)sql";

constexpr auto kToGuest = R"sql(
    SELECT what, count
      FROM (VALUES (1, 'visit', (SELECT count(*) FROM visit WHERE guest_id = $1)),
                   (2, 'incident', (SELECT count(*) FROM incident WHERE guest_id = $1)),
                   (3, 'event', (SELECT count(*) FROM access_event WHERE guest_id = $1)),
                   (4, 'merged guest', (SELECT count(*) FROM guest WHERE merged_into = $1))) AS n(position, what, count)
     WHERE count > 0
     ORDER BY position)sql";

constexpr auto kToTerminal = R"sql(
    SELECT what, count
      FROM (VALUES (1, 'event', (SELECT greatest(event_count, 1)
                                   FROM terminal
                                  WHERE id = $1 AND EXISTS (SELECT FROM access_event WHERE terminal_id = $1))),
                   (2, 'gap', (SELECT count(*) FROM serial_gap WHERE terminal_id = $1)),
                   (3, 'incident', (SELECT count(*) FROM incident WHERE terminal_id = $1))) AS n(position, what, count)
     WHERE count > 0
     ORDER BY position)sql";

std::vector<Reference> to_references(const db::Rows& rows) {
  std::vector<Reference> references;
  for (const auto& row : rows) references.push_back({row.get<std::string>("what"), row.get<std::int64_t>("count")});
  return references;
}

}  // namespace

std::vector<Reference> References::to(SiteId site) {
  return to_references(tx_.rows(kToSite, site));
}

std::vector<Reference> References::to(DepartmentId department) {
  return to_references(tx_.rows(kToDepartment, department));
}

std::vector<Reference> References::to(HostId host) {
  return to_references(tx_.rows(kToHost, host));
}

std::vector<Reference> References::to(GuestId guest) {
  return to_references(tx_.rows(kToGuest, guest));
}

std::vector<Reference> References::to(TerminalId terminal) {
  return to_references(tx_.rows(kToTerminal, terminal));
}

}  // namespace visitor::store
