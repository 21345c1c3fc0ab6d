#include "app/remote/terminals.hpp"

#include <fmt/format.h>

#include "app/remote/json_object.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace visitor::app {
namespace {

TerminalListed terminal_in(RemoteHouse& house, const JsonObject& json) {
  TerminalListed listed;
  auto& terminal = listed.terminal;
  terminal.id = json.id<TerminalId>("id");
  terminal.name = json.text("name");
  terminal.site = json.named_thing<SiteId>("site", listed.site_name).value_or(SiteId{});
  listed.time_zone = house.time_zone(terminal.site);
  terminal.base_url = json.text("base_url");
  terminal.username = json.text("username");
  terminal.enabled = json.yes("enabled");
  terminal.state = json.named<domain::TerminalState>("state");
  terminal.state_since = json.maybe_instant("state_since").value_or(Instant{});
  terminal.last_answer_at = json.maybe_instant("last_answer_at");
  terminal.last_error = json.text("last_error");
  terminal.failures = json.integer("failures");
  terminal.locked_until = json.maybe_instant("locked_until");
  terminal.poll_interval = std::chrono::milliseconds{json.number("poll_interval_ms")};
  if (const auto offset = json.maybe_number("clock_offset_ms"))
    terminal.clock_offset = std::chrono::milliseconds{*offset};
  terminal.backlog = json.maybe_number("backlog");
  terminal.last_event_at = json.maybe_instant("last_event_at");
  terminal.event_count = json.number("event_count");
  terminal.noise_count = json.number("noise_count");
  terminal.cursor_at = json.maybe_instant("cursor_at");
  terminal.epoch = json.integer("epoch");
  terminal.last_serial = json.number("last_serial");
  terminal.model = json.text("model");
  terminal.firmware = json.text("firmware");
  terminal.serial_number = json.text("serial_number");
  terminal.mac_address = json.text("mac_address");
  if (const auto certificate = json.maybe_text("certificate_sha256"))
    terminal.certificate_sha256 = from_hex(*certificate);
  terminal.lease_holder = json.text("lease_holder");
  terminal.lease_until = json.maybe_instant("lease_until");
  terminal.created_at = json.instant("created_at");
  terminal.version = json.integer("version");
  return listed;
}

DoorListed door_in(const JsonObject& json) {
  DoorListed listed;
  auto& door = listed.door;
  door.id = json.id<DoorId>("id");
  door.terminal = json.named_thing<TerminalId>("terminal", listed.terminal_name).value_or(TerminalId{});
  listed.site_name = json.text("site_name");
  door.door_no = json.integer("door_no");
  door.reader_no = json.integer("reader_no");
  door.direction = json.named<domain::Direction>("direction");
  door.name = json.text("name");
  door.zone = json.text("zone");
  return listed;
}

/// \param zones  of each terminal's site
EventListed event_in(const JsonObject& json, const std::map<TerminalId, std::string>& zones) {
  EventListed listed;
  auto& event = listed.event;
  event.id = json.id<EventId>("id");
  event.key.terminal = json.named_thing<TerminalId>("terminal", listed.terminal_name).value_or(TerminalId{});
  const auto zone = zones.find(event.key.terminal);
  listed.time_zone = zone == zones.end() ? "UTC" : zone->second;
  event.key.epoch = json.integer("epoch");
  event.key.serial = json.number("serial");
  event.key.occurred_at = json.instant("occurred_at");
  event.received_at = json.instant("received_at");
  event.time_text = json.text("time_text");
  event.time_source = json.named<domain::TimeSource>("time_source");
  event.key.major = json.integer("major");
  event.key.minor = json.integer("minor");
  event.event_class = json.named<domain::EventClass>("class");
  event.direction = json.named<domain::Direction>("direction");
  event.door_no = json.integer("door_no");
  event.reader_no = json.integer("reader_no");
  listed.door_name = json.text("door_name");
  event.employee_no = json.maybe_text("employee_no");
  event.card_no = json.maybe_text("card_no");
  event.guest = json.named_thing<GuestId>("guest", listed.guest_name);
  event.raw = json.is_null("raw") ? "" : json.raw("raw");
  return listed;
}

std::map<TerminalId, std::string> zones_of(RemoteHouse& house) {
  std::map<TerminalId, std::string> zones;
  for (const auto& listed : list_terminals(house, {})) zones[listed.terminal.id] = listed.time_zone;
  return zones;
}

}  // namespace

std::vector<TerminalListed> list_terminals(RemoteHouse& house, const TerminalFilter& filter) {
  std::vector<TerminalListed> terminals;
  for (const auto& row : house.list("/terminals/", Query{}.add("site", filter.site)))
    terminals.push_back(terminal_in(house, JsonObject{row}));
  return terminals;
}

TerminalListed resolve_terminal(RemoteHouse& house, std::string_view ref) {
  const auto rows = house.list("/terminals/", Query{}.add("ref", ref.empty() ? std::string_view{" "} : ref), 1);
  if (rows.empty()) throw Error(Errc::not_found, fmt::format("there is no terminal '{}'", ref));
  return terminal_in(house, JsonObject{rows.front()});
}

std::vector<DoorListed> list_doors(RemoteHouse& house, std::optional<TerminalId> terminal) {
  std::vector<DoorListed> doors;
  for (const auto& row : house.list("/doors/", Query{}.add("terminal", terminal)))
    doors.push_back(door_in(JsonObject{row}));
  return doors;
}

std::vector<EventListed> list_events(RemoteHouse& house, const EventFilter& filter) {
  Query query;
  query.add("site", filter.site).add("terminal", filter.terminal).add("guest", filter.guest);
  query.add_named("class", filter.classes);
  if (filter.direction) query.add("direction", domain::name(*filter.direction));
  query.add("person", filter.person).add("occurred_after", filter.since).add("occurred_before", filter.until);
  const auto zones = zones_of(house);
  std::vector<EventListed> events;
  for (const auto& row : house.list("/events/", query, static_cast<std::size_t>(filter.limit)))
    events.push_back(event_in(JsonObject{row}, zones));
  return events;
}

EventListed get_event(RemoteHouse& house, EventId id) {
  const auto body = house.get(fmt::format("/events/{}/", id));
  return event_in(JsonObject{body}, zones_of(house));
}

}  // namespace visitor::app
