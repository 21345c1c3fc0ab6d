#include "domain/terminal.hpp"

#include "app/reports/declare.hpp"

namespace visitor::app {
namespace {

constexpr auto kTerminals = R"sql(
    SELECT t.id, t.name, s.name AS site, t.base_url, t.model, t.firmware, t.serial_number, t.enabled, t.state,
           t.state_since, t.last_answer_at, t.last_event_at, t.event_count, t.backlog, t.clock_offset_ms, t.failures,
           t.last_error
      FROM terminal t
      JOIN site s ON s.id = t.site_id
     WHERE ($3::bigint IS NULL OR t.site_id = $3)
       AND (cardinality($5::text[]) = 0 OR t.state = ANY($5)){scope}
     ORDER BY lower(t.name))sql";

}  // namespace

const Report& terminals_report() {
  using namespace declare;
  static const Report report{
      .name = "terminals",
      .title = {"Terminals", "Терминалы"},
      .about = "How each terminal is now: its state, last answer, clock and backlog",
      .needs = domain::Permission::terminal_view,
      .no_department = "a terminal belongs to a site",
      .statuses = words_of<domain::TerminalState>(),
      .status_words = report::label_of<domain::TerminalState>,
      .sections = {
          {"terminals",
           {"Terminals", "Терминалы"},
           {integer("id", "Terminal", "Номер"), text("name", "Name", "Название", 20),
            text("site", "Site", "Объект", 16), text("base_url", "Address", "Адрес", 28),
            text("model", "Model", "Модель", 16), text("firmware", "Firmware", "Прошивка", 16),
            text("serial_number", "Serial number", "Серийный номер", 20), yes_no("enabled", "Enabled", "Включен"),
            word<domain::TerminalState>("state", "State", "Состояние", 14),
            moment("state_since", "Since", "С какого времени"),
            moment("last_answer_at", "Last answer", "Последний ответ"),
            moment("last_event_at", "Last event", "Последнее событие"), integer("event_count", "Events", "Событий"),
            integer("backlog", "Backlog", "Не прочитано"),
            in_unit(integer("clock_offset_ms", "Clock offset", "Отклонение часов", 14), "ms", "мс"),
            integer("failures", "Failures", "Сбоев", 8), text("last_error", "Last error", "Последняя ошибка", 40)},
           {kTerminals, store::BelongsTo::site, "t.site_id"}}}};
  return report;
}

}  // namespace visitor::app
