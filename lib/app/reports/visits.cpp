#include "app/reports/declare.hpp"
#include "domain/visit.hpp"

namespace visitor::app {
namespace {

constexpr auto kVisits = R"sql(
    SELECT v.id, v.kind AS type, v.status, g.name AS guest, g.document_tail, g.document_sealed, g.phone, g.email,
           h.name AS host, h.email AS host_email, d.name AS department, v.contact_phone, v.consent_at,
           s.name AS site, g.company, h.phone AS host_phone,
           CASE WHEN v.purpose = 'OTHER' AND v.purpose_text <> '' THEN v.purpose_text ELSE v.purpose END AS purpose,
           v.expected_from, v.checked_in_at, v.checked_out_at, v.checked_out_at - v.checked_in_at AS stay_seconds,
           v.checked_in_how AS source, a.login AS registered_by, v.entry_count, v.exit_count
      FROM visit v
      JOIN guest g ON g.id = v.guest_id
      JOIN site s ON s.id = v.site_id
      LEFT JOIN host h ON h.id = v.host_id
      LEFT JOIN department d ON d.id = v.department_id
      LEFT JOIN account a ON a.id = v.registered_by
     WHERE ($1::timestamptz IS NULL OR v.expected_from >= $1)
       AND ($2::timestamptz IS NULL OR v.expected_from < $2)
       AND ($3::bigint IS NULL OR v.site_id = $3)
       AND ($4::bigint IS NULL OR v.department_id = $4)
       AND (cardinality($5::text[]) = 0 OR v.status = ANY($5)){scope}
     ORDER BY v.expected_from, v.id)sql";

}  // namespace

const Report& visits_report() {
  using namespace declare;
  static const Report report{
      .name = "visits",
      .title = {"Visit history", "История посещений"},
      .about = "Every visit with its guest, host, times and counts",
      .needs = domain::Permission::visit_view,
      .counts = "expected",
      .usual_period = "30d",
      .statuses = words_of<domain::VisitStatus>(),
      .status_words = report::label_of<domain::VisitStatus>,
      .sections = {{"visits",
                    {"Visits", "Посещения"},
                    {integer("id", "Visit", "Визит"),
                     word<domain::VisitKind>("type", "Type", "Тип", 12),
                     word<domain::VisitStatus>("status", "Status", "Статус"),
                     text("guest", "Guest", "Гость", 28),
                     document(),
                     text("phone", "Phone", "Телефон", 16),
                     text("email", "E-mail", "Эл. почта"),
                     text("host", "Host", "Принимающий", 28),
                     text("host_email", "Host's e-mail", "Почта принимающего"),
                     text("department", "Department", "Отдел"),
                     word<domain::Purpose>("purpose", "Purpose", "Цель", 24),
                     text("contact_phone", "Contact phone", "Контактный телефон", 16),
                     moment("expected_from", "Planned", "Запланирован"),
                     moment("checked_in_at", "In", "Вход"),
                     moment("checked_out_at", "Out", "Выход"),
                     span("stay_seconds", "Length", "Длительность"),
                     word<domain::How>("source", "Source", "Источник", 12),
                     text("registered_by", "Registered by", "Оформил", 14),
                     moment("consent_at", "Consent", "Согласие"),
                     integer("entry_count", "Entries", "Входов", 8),
                     integer("exit_count", "Exits", "Выходов", 8),
                     on_request(text("site", "Site", "Объект", 16)),
                     on_request(text("company", "Company", "Организация", 20)),
                     on_request(text("host_phone", "Host's phone", "Телефон принимающего", 16))},
                    {kVisits, store::BelongsTo::place, "v.site_id", "v.department_id", "v.host_id"}}}};
  return report;
}

}  // namespace visitor::app
