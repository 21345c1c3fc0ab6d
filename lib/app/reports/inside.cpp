#include "app/reports/declare.hpp"
#include "domain/visit.hpp"

namespace visitor::app {
namespace {

constexpr auto kInside = R"sql(
    SELECT v.id, g.name AS guest, g.company, g.phone, h.name AS host, h.phone AS host_phone, d.name AS department,
           s.name AS site, v.checked_in_at, v.checked_in_how AS source, v.expected_until,
           $6::timestamptz - v.checked_in_at AS inside_seconds
      FROM visit v
      JOIN guest g ON g.id = v.guest_id
      JOIN site s ON s.id = v.site_id
      LEFT JOIN host h ON h.id = v.host_id
      LEFT JOIN department d ON d.id = v.department_id
     WHERE v.status = 'CHECKED_IN'
       AND ($3::bigint IS NULL OR v.site_id = $3)
       AND ($4::bigint IS NULL OR v.department_id = $4){scope}
     ORDER BY v.checked_in_at, v.id)sql";

}  // namespace

const Report& inside_report() {
  using namespace declare;
  static const Report report{
      .name = "inside",
      .title = {"People inside", "Люди в здании"},
      .about = "Who is in the building now, the longest first",
      .needs = domain::Permission::inside_view,
      .sections = {
          {"inside",
           {"Inside", "В здании"},
           {integer("id", "Visit", "Визит"), text("guest", "Guest", "Гость", 28),
            text("company", "Company", "Организация", 20), text("phone", "Phone", "Телефон", 16),
            text("host", "Host", "Принимающий", 28), text("host_phone", "Host's phone", "Телефон принимающего", 16),
            text("department", "Department", "Отдел"), text("site", "Site", "Объект", 16),
            moment("checked_in_at", "In", "Вход"), word<domain::How>("source", "Source", "Источник", 12),
            span("inside_seconds", "Inside for", "В здании уже"),
            moment("expected_until", "Expected until", "Ожидается до")},
           {kInside, store::BelongsTo::place, "v.site_id", "v.department_id", "v.host_id"}}}};
  return report;
}

}  // namespace visitor::app
