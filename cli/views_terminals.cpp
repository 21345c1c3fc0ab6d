#include <fmt/format.h>

#include "cli/views_terminal_log.hpp"
#include "core/text.hpp"
#include "core/zone.hpp"

namespace visitor::cli {
namespace {

std::string offset_text(std::chrono::milliseconds offset) {
  return fmt::format("{:+.1f} s", static_cast<double>(offset.count()) / 1000);
}

std::optional<std::int64_t> count_of(const std::optional<std::chrono::milliseconds>& span) {
  if (!span) return std::nullopt;
  return span->count();
}

Cell age_cell(const std::optional<Instant>& instant, const std::string& time_zone, Instant now) {
  if (!instant) return "";
  const auto age = std::chrono::floor<std::chrono::seconds>(now - *instant);
  if (age < std::chrono::seconds{0}) return precise_time_cell(instant, time_zone);
  return {format_span(age) + " ago", Zone::named(time_zone).iso(*instant)};
}

}  // namespace

void write(JsonWriter& json, const app::TerminalListed& listed) {
  const auto& terminal = listed.terminal;
  json.begin_object().member("id", terminal.id).member("name", terminal.name);
  write_named(json, "site", terminal.site, listed.site_name);
  json.member("base_url", terminal.base_url).member("username", terminal.username);
  json.member("enabled", terminal.enabled).member("state", domain::name(terminal.state));
  json.member("state_since", terminal.state_since).member("last_answer_at", terminal.last_answer_at);
  json.text_member("last_error", terminal.last_error).member("failures", terminal.failures);
  json.member("locked_until", terminal.locked_until);
  json.member("poll_interval_ms", static_cast<std::int64_t>(terminal.poll_interval.count()));
  json.member("clock_offset_ms", count_of(terminal.clock_offset)).member("backlog", terminal.backlog);
  json.member("last_event_at", terminal.last_event_at).member("event_count", terminal.event_count);
  json.member("noise_count", terminal.noise_count).member("cursor_at", terminal.cursor_at);
  json.member("epoch", terminal.epoch).member("last_serial", terminal.last_serial);
  json.text_member("model", terminal.model).text_member("firmware", terminal.firmware);
  json.text_member("serial_number", terminal.serial_number).text_member("mac_address", terminal.mac_address);
  json.text_member("certificate_sha256", terminal.certificate_sha256 ? to_hex(*terminal.certificate_sha256) : "");
  json.text_member("lease_holder", terminal.lease_holder).member("lease_until", terminal.lease_until);
  json.member("created_at", terminal.created_at).member("version", terminal.version).end();
}

void write(JsonWriter& json, const domain::Door& door) {
  json.begin_object().member("id", door.id).member("terminal_id", door.terminal);
  json.member("door_no", door.door_no).member("reader_no", door.reader_no);
  json.member("direction", domain::name(door.direction)).text_member("name", door.name);
  json.text_member("zone", door.zone).end();
}

void write(JsonWriter& json, const app::DoorListed& listed) {
  const auto& door = listed.door;
  json.begin_object().member("id", door.id);
  write_named(json, "terminal", door.terminal, listed.terminal_name);
  json.text_member("site_name", listed.site_name);
  json.member("door_no", door.door_no).member("reader_no", door.reader_no);
  json.member("direction", domain::name(door.direction)).text_member("name", door.name);
  json.text_member("zone", door.zone).end();
}

namespace {

void write_members(JsonWriter& json, const store::EventListed& listed) {
  const auto& event = listed.event;
  json.member("id", event.id);
  write_named(json, "terminal", event.key.terminal, listed.terminal_name);
  json.member("epoch", event.key.epoch).member("serial", event.key.serial);
  json.member("occurred_at", event.key.occurred_at).member("received_at", event.received_at);
  json.member("time_text", event.time_text).member("time_source", domain::name(event.time_source));
  json.member("major", event.key.major).member("minor", event.key.minor).member("text", event_text(event));
  json.member("class", domain::name(event.event_class)).member("direction", domain::name(event.direction));
  json.member("door_no", event.door_no).member("reader_no", event.reader_no);
  json.text_member("door_name", listed.door_name);
  json.member("employee_no", event.employee_no).member("card_no", event.card_no);
  write_named(json, "guest", event.guest, listed.guest_name);
  json.key("raw").raw(event.raw.empty() ? "null" : event.raw);
}

}  // namespace

void write(JsonWriter& json, const store::EventListed& listed) {
  json.begin_object();
  write_members(json, listed);
  json.end();
}

void write_event(JsonWriter& json, const store::EventListed& listed, std::string_view cursor) {
  json.begin_object();
  write_members(json, listed);
  json.member("cursor", cursor).end();
}

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
