#include <fmt/format.h>

#include "cli/views_terminal_log.hpp"
#include "core/text.hpp"
#include "core/zone.hpp"

namespace visitor::cli {
namespace {

std::string offset_text(std::chrono::milliseconds offset) {
  return fmt::format("{:+.1f} s", static_cast<double>(offset.count()) / 1000);
}

Cell age_cell(const std::optional<Instant>& instant, const std::string& time_zone, Instant now) {
  if (!instant) return "";
  const auto age = std::chrono::floor<std::chrono::seconds>(now - *instant);
  if (age < std::chrono::seconds{0}) return precise_time_cell(instant, time_zone);
  return {format_span(age) + " ago", Zone::named(time_zone).iso(*instant)};
}

}  // namespace

Table terminal_table(const std::vector<app::TerminalListed>& rows, Instant now) {
  Table table{{{"ID", Column::Align::right},
               {"Name", {}, Column::Fit::give},
               {"State"},
               {"Address", {}, Column::Fit::give},
               {"Answered"},
               {"Last event"},
               {"Events", Column::Align::right},
               {"Backlog", Column::Align::right},
               {"Clock", Column::Align::right},
               {"Problem", {}, Column::Fit::give}}};
  for (const auto& [terminal, site_name, zone] : rows)
    table.add({terminal.id, terminal.name, state_cell(terminal), terminal.base_url,
               age_cell(terminal.last_answer_at, zone, now), age_cell(terminal.last_event_at, zone, now),
               fmt::to_string(terminal.event_count), terminal.backlog ? fmt::to_string(*terminal.backlog) : "",
               terminal.clock_offset ? offset_text(*terminal.clock_offset) : "", terminal.last_error});
  return table;
}

Table door_table(const std::vector<app::DoorListed>& rows) {
  Table table{{{"Terminal", {}, Column::Fit::give},
               {"Door", Column::Align::right},
               {"Reader", Column::Align::right},
               {"Direction"},
               {"Name", {}, Column::Fit::give},
               {"Zone", {}, Column::Fit::give},
               {"Site", {}, Column::Fit::give}}};
  for (const auto& [door, terminal_name, site_name] : rows)
    table.add({terminal_name, fmt::to_string(door.door_no), fmt::to_string(door.reader_no),
               std::string{domain::name(door.direction)}, door.name, door.zone, site_name});
  return table;
}

Table event_table(const std::vector<store::EventListed>& rows, Instant now) {
  Table table{{{"ID", Column::Align::right},
               {"Time"},
               {"Terminal", {}, Column::Fit::give},
               {"Door", {}, Column::Fit::give},
               {"Way"},
               {"Class"},
               {"Event", {}, Column::Fit::give},
               {"Person", {}, Column::Fit::give}}};
  for (const auto& row : rows) {
    const auto& event = row.event;
    const auto tone = event.event_class == domain::EventClass::denied  ? Tone::warning
                      : event.event_class == domain::EventClass::alarm ? Tone::bad
                                                                       : Tone::plain;
    const auto number = event.employee_no ? *event.employee_no : event.card_no.value_or("");
    table.add({event.id,
               short_precise_time_cell(event.key.occurred_at, now, row.time_zone),
               row.terminal_name,
               door_text(row.door_name, event.door_no, event.reader_no),
               std::string{domain::name(event.direction)},
               {std::string{domain::name(event.event_class)}, tone},
               event_text(event),
               row.guest_name.empty() ? number : row.guest_name});
  }
  return table;
}

Card card_of(const app::TerminalListed& listed, const std::vector<app::DoorListed>& doors, Instant now) {
  const auto& terminal = listed.terminal;
  const auto& zone = listed.time_zone;
  Card card;
  card.add("Terminal", terminal.id);
  card.add("Name", terminal.name);
  card.add("Site", listed.site_name);
  card.add("Address", terminal.base_url);
  card.add("User", terminal.username);
  card.add("State", state_cell(terminal));
  card.add("Since", time_cell(terminal.state_since, zone));
  card.add("Problem", {terminal.last_error, Tone::bad});
  card.add("Locked until", precise_time_cell(terminal.locked_until, zone));
  card.add("Answered", age_cell(terminal.last_answer_at, zone, now));
  card.add("Clock", terminal.clock_offset ? offset_text(*terminal.clock_offset) : "");
  card.add("Polled every", fmt::format("{} ms", terminal.poll_interval.count()));
  card.add("Polled by", terminal.lease_holder);
  card.add("Events", fmt::to_string(terminal.event_count));
  card.add("Last event", precise_time_cell(terminal.last_event_at, zone));
  card.add("Backlog", terminal.backlog ? fmt::to_string(*terminal.backlog) : "");
  card.add("Model", terminal.model);
  card.add("Firmware", terminal.firmware);
  card.add("Serial number", terminal.serial_number);
  card.add("MAC address", terminal.mac_address);
  card.add("Certificate", terminal.certificate_sha256 ? "SHA-256 " + to_hex(*terminal.certificate_sha256) : "");
  for (const auto& [door, terminal_name, site_name] : doors) card.add("Door", door_line(door));
  return card;
}

Card card_of(const store::EventListed& listed) {
  const auto& event = listed.event;
  Card card;
  card.add("Event", event.id);
  card.add("What", event_text(event));
  card.add("Class", std::string{domain::name(event.event_class)});
  card.add("Code", fmt::format("{}/{}", event.key.major, event.key.minor));
  card.add("Time", precise_time_cell(event.key.occurred_at, listed.time_zone));
  card.add("Device's words", event.time_text);
  card.add("Received", precise_time_cell(event.received_at, listed.time_zone));
  card.add("Terminal", listed.terminal_name);
  card.add("Serial", fmt::format("{} (epoch {})", event.key.serial, event.key.epoch));
  card.add("Door", door_text(listed.door_name, event.door_no, event.reader_no));
  card.add("Direction", std::string{domain::name(event.direction)});
  card.add("Employee number", event.employee_no.value_or(""));
  card.add("Card", event.card_no.value_or(""));
  card.add("Guest", event.guest ? fmt::format("{} (guest {})", listed.guest_name, *event.guest) : "");
  card.add("Raw", event.raw);
  return card;
}

}  // namespace visitor::cli
