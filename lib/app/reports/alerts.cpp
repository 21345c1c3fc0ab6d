#include "domain/alert.hpp"

#include "app/reports/declare.hpp"

namespace visitor::app {
namespace {

constexpr auto kAlerts = R"sql(
    SELECT a.id, a.created_at, a.kind, a.severity, a.summary, a.incident_id, a.visit_id, d.channel, d.recipient,
           d.state, d.attempts, d.sent_at, d.acknowledged_at, d.acknowledged_by, d.last_error
      FROM alert a
      LEFT JOIN delivery d ON d.alert_id = a.id
      LEFT JOIN incident i ON i.id = a.incident_id
      LEFT JOIN visit v ON v.id = coalesce(a.visit_id, i.visit_id)
     WHERE ($1::timestamptz IS NULL OR a.created_at >= $1)
       AND ($2::timestamptz IS NULL OR a.created_at < $2)
       AND ($3::bigint IS NULL OR coalesce(a.site_id, i.site_id, v.site_id) = $3)
       AND ($4::bigint IS NULL OR v.department_id = $4)
       AND (cardinality($5::text[]) = 0 OR d.state = ANY($5)){scope}
     ORDER BY a.id, d.id)sql";

}  // namespace

const Report& alerts_report() {
  using namespace declare;
  static const Report report{
      .name = "alerts",
      .title = {"Alerts", "Оповещения"},
      .about = "What people were told, with a row for each recipient; a status is that of a delivery",
      .needs = domain::Permission::alert_view,
      .counts = "made",
      .usual_period = "7d",
      .statuses = words_of<domain::DeliveryState>(),
      .status_words = report::label_of<domain::DeliveryState>,
      .sections = {
          {"alerts",
           {"Alerts", "Оповещения"},
           {integer("id", "Alert", "Номер"), moment("created_at", "Made", "Создано"),
            word<domain::AlertKind>("kind", "Kind", "Вид", 22),
            word<domain::Severity>("severity", "Severity", "Серьезность", 14), text("summary", "Text", "Текст", 60),
            integer("incident_id", "Incident", "Инцидент"), integer("visit_id", "Visit", "Визит"),
            word<domain::Channel>("channel", "Channel", "Канал", 12), text("recipient", "Recipient", "Получатель", 28),
            word<domain::DeliveryState>("state", "State", "Состояние", 14),
            integer("attempts", "Attempts", "Попыток", 8), moment("sent_at", "Sent", "Отправлено"),
            moment("acknowledged_at", "Acknowledged", "Подтверждено"), text("acknowledged_by", "By", "Кем", 16),
            text("last_error", "Last error", "Последняя ошибка", 40)},
           {kAlerts, store::BelongsTo::alert}}}};
  return report;
}

}  // namespace visitor::app
