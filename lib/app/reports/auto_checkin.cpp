#include "app/reports/declare.hpp"
#include "domain/incident.hpp"
#include "domain/visit.hpp"

namespace visitor::app {
namespace {

constexpr auto kCheckIns = R"sql(
    SELECT v.id, v.checked_in_at, g.name AS guest, g.company, h.name AS host, d.name AS department, s.name AS site,
           v.status
      FROM visit v
      JOIN guest g ON g.id = v.guest_id
      JOIN site s ON s.id = v.site_id
      LEFT JOIN host h ON h.id = v.host_id
      LEFT JOIN department d ON d.id = v.department_id
     WHERE v.checked_in_how = 'door' AND v.checked_in_at >= $1 AND v.checked_in_at < $2
       AND ($3::bigint IS NULL OR v.site_id = $3)
       AND ($4::bigint IS NULL OR v.department_id = $4){scope}
     ORDER BY v.checked_in_at, v.id)sql";

constexpr auto kCheckOuts = R"sql(
    SELECT v.id, v.checked_out_at, g.name AS guest, g.company, h.name AS host, d.name AS department, s.name AS site,
           v.checked_in_at, v.checked_out_at - v.checked_in_at AS stay_seconds, v.checked_out_how AS source
      FROM visit v
      JOIN guest g ON g.id = v.guest_id
      JOIN site s ON s.id = v.site_id
      LEFT JOIN host h ON h.id = v.host_id
      LEFT JOIN department d ON d.id = v.department_id
     WHERE v.checked_out_how IN ('door', 'presumed') AND v.checked_out_at >= $1 AND v.checked_out_at < $2
       AND ($3::bigint IS NULL OR v.site_id = $3)
       AND ($4::bigint IS NULL OR v.department_id = $4){scope}
     ORDER BY v.checked_out_at, v.id)sql";

constexpr auto kIncidents = R"sql(
    SELECT v.id, v.detected_at, v.type, v.severity, v.status, g.name AS guest, v.visit_id, v.summary, v.details
      FROM (SELECT i.*, coalesce(i.site_id, p.site_id) AS place_id, p.department_id, p.host_id
              FROM incident i
              LEFT JOIN visit p ON p.id = i.visit_id
             WHERE i.detected_at >= $1 AND i.detected_at < $2) v
      LEFT JOIN guest g ON g.id = v.guest_id
     WHERE ($3::bigint IS NULL OR v.place_id = $3)
       AND ($4::bigint IS NULL OR v.department_id = $4){scope}
     ORDER BY v.detected_at, v.id)sql";

// By hour where it is a day at most, otherwise by day. Incidents look like visits to the scope.
constexpr auto kByTime = R"sql(
    WITH step AS (SELECT CASE WHEN $2::timestamptz - $1::timestamptz <= interval '26 hours' THEN 'hour' ELSE 'day' END
                         AS unit),
         slot AS (SELECT unit, generate_series(date_trunc(unit, $1 AT TIME ZONE $7),
                                               ($2 AT TIME ZONE $7) - interval '1 microsecond',
                                               ('1 ' || unit)::interval) AS begins
                    FROM step),
         happened AS (
             SELECT v.checked_in_at AS at, 'in' AS what
               FROM visit v
              WHERE v.checked_in_how = 'door' AND v.checked_in_at >= $1 AND v.checked_in_at < $2
                AND ($3::bigint IS NULL OR v.site_id = $3)
                AND ($4::bigint IS NULL OR v.department_id = $4){scope}
              UNION ALL
             SELECT v.checked_out_at, 'out'
               FROM visit v
              WHERE v.checked_out_how IN ('door', 'presumed') AND v.checked_out_at >= $1 AND v.checked_out_at < $2
                AND ($3::bigint IS NULL OR v.site_id = $3)
                AND ($4::bigint IS NULL OR v.department_id = $4){scope}
              UNION ALL
             SELECT v.detected_at, 'incident'
               FROM (SELECT i.detected_at, coalesce(i.site_id, p.site_id) AS site_id, p.department_id, p.host_id
                       FROM incident i
                       LEFT JOIN visit p ON p.id = i.visit_id
                      WHERE i.detected_at >= $1 AND i.detected_at < $2) v
              WHERE ($3::bigint IS NULL OR v.site_id = $3)
                AND ($4::bigint IS NULL OR v.department_id = $4){scope})
    SELECT to_char(s.begins, CASE s.unit WHEN 'hour' THEN 'HH24:MI' ELSE 'YYYY-MM-DD' END) AS slot,
           count(*) FILTER (WHERE h.what = 'in') AS check_ins,
           count(*) FILTER (WHERE h.what = 'out') AS check_outs,
           count(*) FILTER (WHERE h.what = 'incident') AS incidents
      FROM slot s
      LEFT JOIN happened h ON date_trunc(s.unit, h.at AT TIME ZONE $7) = s.begins
     GROUP BY s.begins, s.unit
     ORDER BY s.begins)sql";

constexpr auto kByType = R"sql(
    SELECT v.type, count(*) AS incidents
      FROM (SELECT i.type, coalesce(i.site_id, p.site_id) AS site_id, p.department_id, p.host_id
              FROM incident i
              LEFT JOIN visit p ON p.id = i.visit_id
             WHERE i.detected_at >= $1 AND i.detected_at < $2) v
     WHERE ($3::bigint IS NULL OR v.site_id = $3)
       AND ($4::bigint IS NULL OR v.department_id = $4){scope}
     GROUP BY v.type
     ORDER BY incidents DESC, v.type)sql";

constexpr store::ReportStatement of_visits(std::string_view sql) {
  return {sql, store::BelongsTo::place, "v.site_id", "v.department_id", "v.host_id"};
}

}  // namespace

const Report& auto_checkin_report() {
  using namespace declare;
  static const Report report{
      .name = "auto-checkin",
      .title = {"Automatic check-in", "Автоматическая регистрация"},
      .about = "Who passed the doors, incidents, and both by hour or by day",
      .needs = domain::Permission::statistics_view,
      .counts = "seen",
      .usual_period = "today",
      .bounded = true,
      .sections =
          {{"check_ins",
            {"Check-ins", "Входы"},
            {integer("id", "Visit", "Визит"), moment("checked_in_at", "In", "Вход"),
             text("guest", "Guest", "Гость", 28), text("company", "Company", "Организация", 20),
             text("host", "Host", "Принимающий", 28), text("department", "Department", "Отдел"),
             text("site", "Site", "Объект", 16), word<domain::VisitStatus>("status", "Status", "Статус")},
            of_visits(kCheckIns)},
           {"check_outs",
            {"Check-outs", "Выходы"},
            {integer("id", "Visit", "Визит"), moment("checked_out_at", "Out", "Выход"),
             text("guest", "Guest", "Гость", 28), text("company", "Company", "Организация", 20),
             text("host", "Host", "Принимающий", 28), text("department", "Department", "Отдел"),
             text("site", "Site", "Объект", 16), moment("checked_in_at", "In", "Вход"),
             span("stay_seconds", "Length", "Длительность"), word<domain::How>("source", "Source", "Источник", 12)},
            of_visits(kCheckOuts)},
           {"incidents",
            {"Incidents", "Инциденты"},
            {integer("id", "Incident", "Инцидент"), moment("detected_at", "Detected", "Обнаружен"),
             word<domain::IncidentType>("type", "Type", "Тип", 26),
             word<domain::Severity>("severity", "Severity", "Серьезность", 14),
             word<domain::IncidentStatus>("status", "Status", "Статус"), text("guest", "Guest", "Гость", 28),
             integer("visit_id", "Visit", "Визит"), incident_sentence()},
            {kIncidents, store::BelongsTo::place, "v.place_id", "v.department_id", "v.host_id"}},
           {"by_time",
            {"By time", "По времени"},
            {text("slot", "From", "С", 12), integer("check_ins", "Check-ins", "Входы"),
             integer("check_outs", "Check-outs", "Выходы"), integer("incidents", "Incidents", "Инциденты")},
            of_visits(kByTime)},
           {"by_type",
            {"Incidents by type", "Инциденты по типам"},
            {word<domain::IncidentType>("type", "Type", "Тип", 26), integer("incidents", "Incidents", "Инциденты")},
            of_visits(kByType)}},
      .charts = {{"by_time",
                  {"Check-ins, check-outs and incidents", "Входы, выходы и инциденты"},
                  report::ChartKind::columns,
                  "by_time",
                  "slot",
                  {"check_ins", "check_outs", "incidents"}},
                 {"by_type",
                  {"Incidents by type", "Инциденты по типам"},
                  report::ChartKind::pie,
                  "by_type",
                  "type",
                  {"incidents"}}}};
  return report;
}

}  // namespace visitor::app
