#include "app/reports/declare.hpp"

namespace visitor::app {
namespace {

constexpr auto kHosts = R"sql(
    SELECT h.id, h.name, h.email, h.phone, d.name AS department, s.name AS site,
           coalesce(v.visits, 0) AS visits, coalesce(v.came, 0) AS came, coalesce(v.inside, 0) AS inside, v.last_visit
      FROM host h
      JOIN department d ON d.id = h.department_id
      JOIN site s ON s.id = d.site_id
      LEFT JOIN (SELECT host_id, count(*) AS visits, count(checked_in_at) AS came,
                        count(*) FILTER (WHERE status = 'CHECKED_IN') AS inside, max(checked_in_at) AS last_visit
                   FROM visit
                  WHERE ($1::timestamptz IS NULL OR expected_from >= $1)
                    AND ($2::timestamptz IS NULL OR expected_from < $2)
                  GROUP BY host_id) v ON v.host_id = h.id
     WHERE ($3::bigint IS NULL OR d.site_id = $3)
       AND ($4::bigint IS NULL OR h.department_id = $4){scope}
     ORDER BY lower(h.name), h.id)sql";

}  // namespace

const Report& hosts_report() {
  using namespace declare;
  static const Report report{
      .name = "hosts",
      .title = {"Hosts", "Принимающие сотрудники"},
      .about = "Employees who receive guests, with their visits within the period",
      .needs = domain::Permission::host_view,
      .counts = "expected",
      .usual_period = "30d",
      .sections = {
          {"hosts",
           {"Hosts", "Сотрудники"},
           {integer("id", "Host", "Номер"), text("name", "Name", "Имя", 28), text("email", "E-mail", "Эл. почта"),
            text("phone", "Phone", "Телефон", 16), text("department", "Department", "Отдел"),
            text("site", "Site", "Объект", 16), integer("visits", "Visits", "Визитов"),
            integer("came", "Came", "Пришли"), integer("inside", "Inside now", "Сейчас в здании"),
            moment("last_visit", "Last arrival", "Последний вход")},
           {kHosts, store::BelongsTo::place, "d.site_id", "h.department_id", "h.id"}}}};
  return report;
}

}  // namespace visitor::app
