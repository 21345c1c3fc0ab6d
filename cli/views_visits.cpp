#include <fmt/format.h>

#include "cli/views.hpp"

namespace visitor::cli {
namespace {

Cell with_how(Cell time, const std::optional<domain::How>& how) {
  if (how) time.text += fmt::format(" ({})", domain::name(*how));
  return time;
}

}  // namespace

void write(JsonWriter& json, const app::Group& group) {
  json.begin_object().key("visits").begin_array();
  for (const auto& visit : group.visits) write(json, visit);
  json.end().key("new_guests").begin_array();
  for (const auto id : group.new_guests) json.value(id);
  json.end().end();
}

Table step_table(const std::vector<app::VisitStep>& rows, const std::string& time_zone) {
  Table table{{{"When"}, {"What", {}, Column::Fit::give}, {"Who"}, {"Where", {}, Column::Fit::give}, {"Written down"}}};
  for (const auto& step : rows) {
    auto what = step.text;
    if (!step.reason.empty()) what += ": " + step.reason;
    if (step.refused) what += " (made no difference)";
    std::string where;
    if (step.event)
      where = fmt::format("{}, {}", step.event->terminal_name,
                          door_text(step.event->door_name, step.event->event.door_no, step.event->event.reader_no));
    table.add({precise_time_cell(step.at, time_zone),
               {what, step.refused ? Tone::faint : Tone::plain},
               step.login.empty() ? step.how : step.login,
               where,
               short_precise_time_cell(step.recorded_at, step.at, time_zone)});
  }
  return table;
}

Table visit_table(const std::vector<app::VisitListed>& rows) {
  Table table{{{"ID", Column::Align::right},
               {"Status"},
               {"Guest", {}, Column::Fit::give},
               {"Host", {}, Column::Fit::give},
               {"Department", {}, Column::Fit::give},
               {"Expected"},
               {"In"},
               {"Out"}}};
  for (const auto& row : rows)
    table.add({row.visit.id, status_cell(row.visit.state.status), row.guest_name, row.host_name, row.department_name,
               time_cell(row.visit.expected_from, row.time_zone),
               short_time_cell(row.visit.state.checked_in_at, row.visit.expected_from, row.time_zone),
               short_time_cell(row.visit.state.checked_out_at, row.visit.expected_from, row.time_zone)});
  return table;
}

Card card_of(const VisitShown& shown) {
  const auto& visit = shown.listed.visit;
  const auto& zone = shown.listed.time_zone;
  Card card;
  card.add("Visit", visit.id);
  card.add("Status", status_cell(visit.state.status));
  card.add("Guest", fmt::format("{} (guest {})", shown.listed.guest_name, visit.guest));
  card.add("Company", shown.listed.guest_company);
  card.add("Host", shown.listed.host_name);
  card.add("Department", shown.listed.department_name);
  card.add("Site", shown.listed.site_name);
  card.add("Purpose", visit.purpose_text.empty() ? std::string{domain::label(visit.purpose, domain::Language::english)}
                                                 : visit.purpose_text);
  card.add("Type", std::string{domain::label(visit.kind, domain::Language::english)});
  card.add("Contact phone", visit.contact_phone);
  card.add("Consent recorded", time_cell(visit.consent_at, zone));
  card.add("Expected from", time_cell(visit.expected_from, zone));
  card.add("Expected until", time_cell(visit.expected_until, zone));
  card.add("In", with_how(time_cell(visit.state.checked_in_at, zone), visit.state.checked_in_how));
  card.add("Out", with_how(time_cell(visit.state.checked_out_at, zone), visit.state.checked_out_how));
  if (visit.state.entry_count + visit.state.exit_count > 0) {
    card.add("Entries", fmt::to_string(visit.state.entry_count));
    card.add("Exits", fmt::to_string(visit.state.exit_count));
  }
  card.add("Cancelled because", visit.cancelled_reason);
  card.add("Registered", time_cell(visit.registered_at, zone));
  for (const auto& recorded : shown.history.actions) {
    auto line = fmt::format("{} {} by {}", time_cell(recorded.action.happened_at, zone).text,
                            domain::label(recorded.action.kind, domain::Language::english),
                            recorded.login.empty() ? domain::name(recorded.action.how) : recorded.login);
    if (!recorded.reason.empty()) line += ": " + recorded.reason;
    card.add("History", line);
  }
  return card;
}

}  // namespace visitor::cli
