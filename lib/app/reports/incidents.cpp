#include "domain/incident.hpp"

#include "app/reports/declare.hpp"

namespace visitor::app {
namespace {

constexpr auto kIncidents = R"sql(
    SELECT i.id, i.type, i.severity, i.status, i.detected_at, g.name AS guest, i.visit_id, d.name AS department,
           t.name AS terminal, i.summary, i.details, a.login AS assigned_to, i.ended_at
      FROM incident i
      LEFT JOIN guest g ON g.id = i.guest_id
      LEFT JOIN visit v ON v.id = i.visit_id
      LEFT JOIN department d ON d.id = v.department_id
      LEFT JOIN terminal t ON t.id = i.terminal_id
      LEFT JOIN account a ON a.id = i.assigned_to
     WHERE ($1::timestamptz IS NULL OR i.detected_at >= $1)
       AND ($2::timestamptz IS NULL OR i.detected_at < $2)
       AND ($3::bigint IS NULL OR i.site_id = $3)
       AND ($4::bigint IS NULL OR v.department_id = $4)
       AND (cardinality($5::text[]) = 0 OR i.status = ANY($5)){scope}
     ORDER BY i.detected_at, i.id)sql";

}  // namespace

const Report& incidents_report() {
  using namespace declare;
  static const Report report{
      .name = "incidents",
      .title = {"Security incidents", "Инциденты безопасности"},
      .about = "Incidents with their type, severity, status, guest and who looks after them",
      .needs = domain::Permission::incident_view,
      .counts = "detected",
      .usual_period = "30d",
      .statuses = words_of<domain::IncidentStatus>(),
      .status_words = report::label_of<domain::IncidentStatus>,
      .sections = {{"incidents",
                    {"Incidents", "Инциденты"},
                    {integer("id", "Incident", "Инцидент"), word<domain::IncidentType>("type", "Type", "Тип", 26),
                     word<domain::Severity>("severity", "Severity", "Серьезность", 14),
                     word<domain::IncidentStatus>("status", "Status", "Статус"),
                     moment("detected_at", "Detected", "Обнаружен"), text("guest", "Guest", "Гость", 28),
                     integer("visit_id", "Visit", "Визит"), text("department", "Department", "Отдел"),
                     text("terminal", "Terminal", "Терминал", 20), incident_sentence(),
                     text("assigned_to", "Assigned to", "Назначен", 14), moment("ended_at", "Ended", "Завершен")},
                    {kIncidents, store::BelongsTo::incident, "i.site_id", "i.visit_id"}}}};
  return report;
}

}  // namespace visitor::app
