#include "app/reports/declare.hpp"
#include "domain/visit.hpp"

namespace visitor::app {
namespace {

// Incidents look like visits to the scope, here and below.
constexpr auto kFigures = R"sql(
    WITH planned AS (
             SELECT v.*
               FROM visit v
              WHERE v.expected_from >= $1 AND v.expected_from < $2
                AND ($3::bigint IS NULL OR v.site_id = $3)
                AND ($4::bigint IS NULL OR v.department_id = $4){scope}),
         found AS (
             SELECT v.severity
               FROM (SELECT i.severity, coalesce(i.site_id, p.site_id) AS site_id, p.department_id, p.host_id
                       FROM incident i
                       LEFT JOIN visit p ON p.id = i.visit_id
                      WHERE i.detected_at >= $1 AND i.detected_at < $2) v
              WHERE ($3::bigint IS NULL OR v.site_id = $3)
                AND ($4::bigint IS NULL OR v.department_id = $4){scope}),
         figures AS (
             SELECT ARRAY['expected', 'came', 'no_shows', 'cancelled', 'inside', 'presumed', 'average_stay_minutes',
                          'incidents', 'critical_incidents'] AS names,
                    ARRAY[(SELECT count(*) FROM planned),
                          (SELECT count(*) FROM planned WHERE checked_in_at IS NOT NULL),
                          (SELECT count(*) FROM planned WHERE status = 'NO_SHOW'),
                          (SELECT count(*) FROM planned WHERE status = 'CANCELLED'),
                          (SELECT count(*) FROM planned WHERE status = 'CHECKED_IN'),
                          (SELECT count(*) FROM planned WHERE checked_out_how = 'presumed'),
                          (SELECT coalesce(round(avg(extract(epoch FROM checked_out_at - checked_in_at)) / 60), 0)::bigint
                             FROM planned
                            WHERE checked_out_how <> 'presumed'),
                          (SELECT count(*) FROM found),
                          (SELECT count(*) FROM found WHERE severity = 'critical')] AS numbers)
    SELECT n.name AS figure, n.number AS value
      FROM figures f, unnest(f.names, f.numbers) WITH ORDINALITY AS n(name, number, position)
     ORDER BY n.position)sql";

constexpr auto kByDay = R"sql(
    WITH slot AS (SELECT generate_series(date_trunc('day', $1 AT TIME ZONE $7),
                                         ($2 AT TIME ZONE $7) - interval '1 microsecond', interval '1 day') AS begins),
         planned AS (
             SELECT date_trunc('day', v.expected_from AT TIME ZONE $7) AS day, count(*) AS expected,
                    count(v.checked_in_at) AS came, count(*) FILTER (WHERE v.status = 'NO_SHOW') AS no_shows
               FROM visit v
              WHERE v.expected_from >= $1 AND v.expected_from < $2
                AND ($3::bigint IS NULL OR v.site_id = $3)
                AND ($4::bigint IS NULL OR v.department_id = $4){scope}
              GROUP BY 1),
         found AS (
             SELECT date_trunc('day', v.detected_at AT TIME ZONE $7) AS day, count(*) AS incidents
               FROM (SELECT i.detected_at, coalesce(i.site_id, p.site_id) AS site_id, p.department_id, p.host_id
                       FROM incident i
                       LEFT JOIN visit p ON p.id = i.visit_id
                      WHERE i.detected_at >= $1 AND i.detected_at < $2) v
              WHERE ($3::bigint IS NULL OR v.site_id = $3)
                AND ($4::bigint IS NULL OR v.department_id = $4){scope}
              GROUP BY 1)
    SELECT s.begins::date AS day, coalesce(p.expected, 0) AS expected, coalesce(p.came, 0) AS came,
           coalesce(p.no_shows, 0) AS no_shows, coalesce(f.incidents, 0) AS incidents
      FROM slot s
      LEFT JOIN planned p ON p.day = s.begins
      LEFT JOIN found f ON f.day = s.begins
     ORDER BY s.begins)sql";

constexpr auto kByHour = R"sql(
    SELECT to_char(make_time(n.hour, 0, 0), 'HH24:MI') AS hour, count(v.id) AS came
      FROM generate_series(0, 23) AS n(hour)
      LEFT JOIN (SELECT v.id, extract(hour FROM v.checked_in_at AT TIME ZONE $7)::integer AS hour
                   FROM visit v
                  WHERE v.expected_from >= $1 AND v.expected_from < $2 AND v.checked_in_at IS NOT NULL
                    AND ($3::bigint IS NULL OR v.site_id = $3)
                    AND ($4::bigint IS NULL OR v.department_id = $4){scope}) v ON v.hour = n.hour
     GROUP BY n.hour
     ORDER BY n.hour)sql";

constexpr auto kByDepartment = R"sql(
    SELECT d.name AS department, count(*) AS expected, count(v.checked_in_at) AS came,
           count(*) FILTER (WHERE v.status = 'NO_SHOW') AS no_shows
      FROM visit v
      LEFT JOIN department d ON d.id = v.department_id
     WHERE v.expected_from >= $1 AND v.expected_from < $2
       AND ($3::bigint IS NULL OR v.site_id = $3)
       AND ($4::bigint IS NULL OR v.department_id = $4){scope}
     GROUP BY d.id, d.name
     ORDER BY expected DESC, lower(d.name), d.id)sql";

constexpr auto kByStatus = R"sql(
    SELECT v.status, count(*) AS visits
      FROM visit v
     WHERE v.expected_from >= $1 AND v.expected_from < $2
       AND ($3::bigint IS NULL OR v.site_id = $3)
       AND ($4::bigint IS NULL OR v.department_id = $4){scope}
     GROUP BY v.status
     ORDER BY visits DESC, v.status)sql";

constexpr auto kByStay = R"sql(
    SELECT b.name AS stay, count(v.id) AS visits
      FROM (VALUES (1, 'under_15_min', interval '0', interval '15 min'),
                   (2, '15_to_30_min', interval '15 min', interval '30 min'),
                   (3, '30_to_60_min', interval '30 min', interval '1 h'),
                   (4, '1_to_2_h', interval '1 h', interval '2 h'),
                   (5, '2_to_4_h', interval '2 h', interval '4 h'),
                   (6, '4_to_8_h', interval '4 h', interval '8 h'),
                   (7, 'over_8_h', interval '8 h', interval '1000 y')) AS b(position, name, least, most)
      LEFT JOIN (SELECT v.id, v.checked_out_at - v.checked_in_at AS stay
                   FROM visit v
                  WHERE v.expected_from >= $1 AND v.expected_from < $2 AND v.checked_out_how <> 'presumed'
                    AND ($3::bigint IS NULL OR v.site_id = $3)
                    AND ($4::bigint IS NULL OR v.department_id = $4){scope}) v ON v.stay >= b.least AND v.stay < b.most
     GROUP BY b.position, b.name
     ORDER BY b.position)sql";

struct Named {
  std::string_view word;
  report::Label label;
};

constexpr Named kNames[] = {
    {"expected", {"Visits expected", "Ожидалось визитов"}},
    {"came", {"Came", "Пришли"}},
    {"no_shows", {"Did not come", "Не пришли"}},
    {"cancelled", {"Cancelled", "Отменено"}},
    {"inside", {"Still inside", "Еще в здании"}},
    {"presumed", {"Presumed left, nobody saw them leave", "Предположительно вышли, выход не отмечен"}},
    {"average_stay_minutes", {"Average stay, minutes", "Среднее пребывание, минут"}},
    {"incidents", {"Incidents", "Инциденты"}},
    {"critical_incidents", {"Critical incidents", "Критические инциденты"}},
    {"under_15_min", {"Under 15 min", "До 15 мин"}},
    {"15_to_30_min", {"15–30 min", "15–30 мин"}},
    {"30_to_60_min", {"30–60 min", "30–60 мин"}},
    {"1_to_2_h", {"1–2 h", "1–2 ч"}},
    {"2_to_4_h", {"2–4 h", "2–4 ч"}},
    {"4_to_8_h", {"4–8 h", "4–8 ч"}},
    {"over_8_h", {"Over 8 h", "Более 8 ч"}},
};

std::string_view label_of_name(std::string_view word, domain::Language language) {
  for (const auto& named : kNames)
    if (named.word == word) return named.label.in(language);
  return word;
}

ReportColumn named(std::string_view key, std::string_view english, std::string_view russian, int width) {
  auto made = declare::column(report::Kind::word, key, english, russian, width);
  made.column.words = label_of_name;
  return made;
}

constexpr store::ReportStatement of_visits(std::string_view sql) {
  return {sql, store::BelongsTo::place, "v.site_id", "v.department_id", "v.host_id"};
}

}  // namespace

const Report& summary_report() {
  using namespace declare;
  using report::ChartKind;
  static const Report report{
      .name = "summary",
      .title = {"Summary", "Сводка"},
      .about = "Figures and charts for the management: visits by day, hour, department, status and length, incidents",
      .needs = domain::Permission::statistics_view,
      .counts = "expected",
      .usual_period = "30d",
      .bounded = true,
      .sections = {{"figures",
                    {"Figures", "Показатели"},
                    {named("figure", "Figure", "Показатель", 40), integer("value", "Value", "Значение")},
                    of_visits(kFigures)},
                   {"by_day",
                    {"By day", "По дням"},
                    {date("day", "Day", "День"), integer("expected", "Expected", "Ожидалось"),
                     integer("came", "Came", "Пришли"), integer("no_shows", "Did not come", "Не пришли"),
                     integer("incidents", "Incidents", "Инциденты")},
                    of_visits(kByDay)},
                   {"by_hour",
                    {"By hour", "По часам"},
                    {text("hour", "Hour", "Час", 8), integer("came", "Came", "Пришли")},
                    of_visits(kByHour)},
                   {"by_department",
                    {"By department", "По отделам"},
                    {text("department", "Department", "Отдел", 28), integer("expected", "Expected", "Ожидалось"),
                     integer("came", "Came", "Пришли"), integer("no_shows", "Did not come", "Не пришли")},
                    of_visits(kByDepartment)},
                   {"by_status",
                    {"By status", "По статусам"},
                    {word<domain::VisitStatus>("status", "Status", "Статус"), integer("visits", "Visits", "Визитов")},
                    of_visits(kByStatus)},
                   {"by_stay",
                    {"Length of stay", "Длительность пребывания"},
                    {named("stay", "Length", "Длительность", 16), integer("visits", "Visits", "Визитов")},
                    of_visits(kByStay)}},
      .charts = {{"by_day", {"By day", "По дням"}, ChartKind::columns, "by_day", "day", {"expected", "came"}},
                 {"by_hour", {"Arrivals by hour", "Приходы по часам"}, ChartKind::columns, "by_hour", "hour", {"came"}},
                 {"by_department",
                  {"By department", "По отделам"},
                  ChartKind::bars,
                  "by_department",
                  "department",
                  {"expected", "came"}},
                 {"by_status", {"By status", "По статусам"}, ChartKind::pie, "by_status", "status", {"visits"}},
                 {"by_stay",
                  {"Length of stay", "Длительность пребывания"},
                  ChartKind::columns,
                  "by_stay",
                  "stay",
                  {"visits"}}}};
  return report;
}

}  // namespace visitor::app
