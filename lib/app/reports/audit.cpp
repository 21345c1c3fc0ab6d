#include "domain/audit.hpp"

#include "app/reports/declare.hpp"

namespace visitor::app {
namespace {

constexpr auto kAudit = R"sql(
    SELECT a.id, a.at, c.login, a.action, a.topic, a.entity_id, a.details, a.source, a.request_id, l.position
      FROM audit a
      LEFT JOIN account c ON c.id = a.account_id
      LEFT JOIN audit_link l ON l.audit_id = a.id
     WHERE ($1::timestamptz IS NULL OR a.at >= $1)
       AND ($2::timestamptz IS NULL OR a.at < $2)
       AND (cardinality($5::text[]) = 0 OR a.action = ANY($5)){scope}
     ORDER BY a.id)sql";

}  // namespace

const Report& audit_report() {
  using namespace declare;
  static const Report report{
      .name = "audit",
      .title = {"Audit", "Журнал аудита"},
      .about = "Who did what, when and from where; a status is a kind of act",
      .needs = domain::Permission::audit_view,
      .counts = "done",
      .usual_period = "7d",
      .no_site = "much of what is done is done at no site, and a record that is left out would not be missed",
      .no_department = "much of what is done is of no department, and a record that is left out would not be missed",
      .statuses = words_of<domain::AuditAction>(),
      .status_words = report::label_of<domain::AuditAction>,
      .sections = {
          {"audit",
           {"Audit", "Аудит"},
           {integer("id", "Record", "Запись"), moment("at", "When", "Когда"),
            text("login", "Account", "Учетная запись", 16), word<domain::AuditAction>("action", "Action", "Действие"),
            text("topic", "Kind of thing", "Объект", 14), integer("entity_id", "Number", "Номер"),
            text("details", "Details", "Подробности", 60), text("source", "From", "Откуда", 28),
            text("request_id", "Request", "Запрос", 18), integer("position", "Link", "Звено")},
           {kAudit, store::BelongsTo::nobody}}}};
  return report;
}

}  // namespace visitor::app
