#include "app/reports/declare.hpp"

namespace visitor::app {
namespace {

constexpr auto kDepartments = R"sql(
    SELECT d.id, d.name, d.director, s.name AS site,
           (SELECT count(*) FROM host h WHERE h.department_id = d.id) AS hosts,
           coalesce(v.visits, 0) AS visits, coalesce(v.came, 0) AS came, coalesce(v.no_shows, 0) AS no_shows,
           coalesce(v.cancelled, 0) AS cancelled, coalesce(v.inside, 0) AS inside, v.average_stay AS average_stay_seconds
      FROM department d
      JOIN site s ON s.id = d.site_id
      LEFT JOIN (SELECT department_id, count(*) AS visits, count(checked_in_at) AS came,
                        count(*) FILTER (WHERE status = 'NO_SHOW') AS no_shows,
                        count(*) FILTER (WHERE status = 'CANCELLED') AS cancelled,
                        count(*) FILTER (WHERE status = 'CHECKED_IN') AS inside,
                        avg(checked_out_at - checked_in_at) AS average_stay
                   FROM visit
                  WHERE ($1::timestamptz IS NULL OR expected_from >= $1)
                    AND ($2::timestamptz IS NULL OR expected_from < $2)
                  GROUP BY department_id) v ON v.department_id = d.id
     WHERE ($3::bigint IS NULL OR d.site_id = $3)
       AND ($4::bigint IS NULL OR d.id = $4){scope}
     ORDER BY lower(s.name), lower(d.name))sql";

}  // namespace

const Report& departments_report() {
  using namespace declare;
  static const Report report{
      .name = "departments",
      .title = {"Departments", "Отделы"},
      .about = "Departments with their hosts and what became of their visits within the period",
      .needs = domain::Permission::department_view,
      .counts = "expected",
      .usual_period = "30d",
      .sections = {{"departments",
                    {"Departments", "Отделы"},
                    {integer("id", "Department", "Номер"), text("name", "Name", "Название", 28),
                     text("director", "Director", "Руководитель", 28), text("site", "Site", "Объект", 16),
                     integer("hosts", "Hosts", "Сотрудников"), integer("visits", "Visits", "Визитов"),
                     integer("came", "Came", "Пришли"), integer("no_shows", "No-shows", "Не пришли"),
                     integer("cancelled", "Cancelled", "Отменено"), integer("inside", "Inside now", "Сейчас в здании"),
                     span("average_stay_seconds", "Average stay", "Среднее пребывание")},
                    {kDepartments, store::BelongsTo::place, "d.site_id", "d.id", "NULL"}}},
      .charts = {{"by_department",
                  {"Visits by department", "Визиты по отделам"},
                  report::ChartKind::bars,
                  "departments",
                  "name",
                  {"visits", "came"}}}};
  return report;
}

}  // namespace visitor::app
