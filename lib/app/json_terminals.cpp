#include "app/json_views.hpp"

#include <fmt/format.h>

#include "core/text.hpp"
#include "hikvision/event_codes.hpp"

namespace visitor::app {
namespace {

std::optional<std::int64_t> count_of(const std::optional<std::chrono::milliseconds>& span) {
  if (!span) return std::nullopt;
  return span->count();
}

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

void write(JsonWriter& json, const TerminalListed& listed) {
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

void write(JsonWriter& json, const DoorListed& listed) {
  const auto& door = listed.door;
  json.begin_object().member("id", door.id);
  write_named(json, "terminal", door.terminal, listed.terminal_name);
  json.text_member("site_name", listed.site_name);
  json.member("door_no", door.door_no).member("reader_no", door.reader_no);
  json.member("direction", domain::name(door.direction)).text_member("name", door.name);
  json.text_member("zone", door.zone).end();
}

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

std::string event_text(const domain::AccessEvent& event) {
  const auto& code = hikvision::event_code(event.key.major, event.key.minor);
  if (code.major == 0) return fmt::format("event {}/{}", event.key.major, event.key.minor);
  return std::string{code.text};
}

std::string door_text(const std::string& name, int door_no, int reader_no) {
  if (!name.empty()) return name;
  if (door_no == 0 && reader_no == 0) return "";
  if (reader_no == 0) return fmt::format("door {}", door_no);
  return fmt::format("door {}, reader {}", door_no, reader_no);
}

}  // namespace visitor::app
