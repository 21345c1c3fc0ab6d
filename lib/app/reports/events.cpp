#include "app/reports/declare.hpp"
#include "domain/access_event.hpp"

namespace visitor::app {
namespace {

constexpr auto kEvents = R"sql(
    SELECT e.id, e.occurred_at, e.received_at, s.name AS site, t.name AS terminal, d.name AS door, e.door_no,
           e.reader_no, e.direction, e.class, e.major, e.minor, g.name AS guest, e.employee_no, e.card_no, e.serial
      FROM access_event e
      LEFT JOIN terminal t ON t.id = e.terminal_id
      LEFT JOIN site s ON s.id = t.site_id
      LEFT JOIN door d ON (d.terminal_id, d.door_no, d.reader_no) = (e.terminal_id, e.door_no, e.reader_no)
      LEFT JOIN guest was ON was.id = e.guest_id
      LEFT JOIN guest g ON g.id = coalesce(was.merged_into, was.id)
     WHERE ($1::timestamptz IS NULL OR e.occurred_at >= $1)
       AND ($2::timestamptz IS NULL OR e.occurred_at < $2)
       AND ($3::bigint IS NULL OR t.site_id = $3)
       AND (cardinality($5::text[]) = 0 OR e.class = ANY($5)){scope}
     ORDER BY e.occurred_at, e.id)sql";

}  // namespace

const Report& events_report() {
  using namespace declare;
  static const Report report{
      .name = "events",
      .title = {"Events of terminals", "События терминалов"},
      .about = "What the terminals reported, in the order of their clocks; a status is a class of events",
      .needs = domain::Permission::event_view,
      .counts = "reported",
      .usual_period = "7d",
      .no_department = "what a terminal reports belongs to its site",
      .statuses = words_of<domain::EventClass>(),
      .status_words = report::label_of<domain::EventClass>,
      .sections = {
          {"events",
           {"Events", "События"},
           {integer("id", "Event", "Событие"), moment("occurred_at", "Occurred", "Произошло"),
            moment("received_at", "Received", "Получено"), text("site", "Site", "Объект", 16),
            text("terminal", "Terminal", "Терминал", 20), text("door", "Door", "Дверь", 16),
            integer("door_no", "Door no.", "№ двери", 8), integer("reader_no", "Reader no.", "№ считывателя", 8),
            word<domain::Direction>("direction", "Direction", "Направление", 12),
            word<domain::EventClass>("class", "Class", "Класс", 18), integer("major", "Major", "Major", 8),
            integer("minor", "Minor", "Minor", 8), text("guest", "Guest", "Гость", 28),
            text("employee_no", "Person no.", "№ лица", 14), text("card_no", "Card no.", "№ карты", 14),
            integer("serial", "Serial", "Порядковый №", 12)},
           {kEvents, store::BelongsTo::event}}}};
  return report;
}

}  // namespace visitor::app
