#include <fmt/format.h>

#include <algorithm>

#include "app/events.hpp"
#include "app/terminals.hpp"
#include "core/text.hpp"
#include "daemon/api/listing.hpp"
#include "daemon/api/resources.hpp"

namespace visitor::api {
namespace {

using domain::Direction;
using domain::EventClass;
using domain::Permission;
using domain::TerminalState;

std::vector<Field> terminal_fields() {
  return {id("id", "Number"),
          text("name", "Name"),
          or_null(object("site", "Site", "Named")),
          text("base_url", "Address"),
          text("username", "Who visitord logs in as"),
          yes_or_no("enabled", "It is polled"),
          named<TerminalState>("state", "How it is"),
          or_null(moment("state_since", "Since when")),
          or_null(moment("last_answer_at", "Last good answer")),
          or_null(text("last_error", "What was wrong last")),
          number("failures", "Polls that failed one after the other"),
          or_null(moment("locked_until", "When it takes log-ins again")),
          number("poll_interval_ms", "Between two polls"),
          or_null(number("clock_offset_ms", "Its clock, ahead of ours", -kLargestId)),
          or_null(number("backlog", "Events it holds that are not read yet")),
          or_null(moment("last_event_at", "Last event, by its clock")),
          number("event_count", "Events stored"),
          number("noise_count", "Events that polling itself caused"),
          or_null(moment("cursor_at", "Read up to there, by its clock")),
          number("epoch", "Counts restarts of its serial numbers"),
          number("last_serial", "Serial number of the last event"),
          or_null(text("model", "Model")),
          or_null(text("firmware", "Firmware")),
          or_null(text("serial_number", "Serial number of the device")),
          or_null(text("mac_address", "MAC address")),
          or_null(text("certificate_sha256", "Pinned certificate")),
          or_null(text("lease_holder", "Which daemon polls it")),
          or_null(moment("lease_until", "Until when")),
          moment("created_at", "When it was added"),
          number("version", "Counts changes", 1)};
}

std::vector<Field> event_fields() {
  return {id("id", "Number"),
          or_null(object("terminal", "Terminal", "Named")),
          number("epoch", "Counts restarts of the terminal's serial numbers"),
          number("serial", "Serial number"),
          moment("occurred_at", "When it happened, by the terminal's clock"),
          moment("received_at", "When it was read"),
          text("time_text", "The time in the terminal's words"),
          named<domain::TimeSource>("time_source", "How those words were read"),
          number("major", "Code"),
          number("minor", "Code"),
          text("text", "What it is, in words"),
          named<EventClass>("class", "What kind it is"),
          named<Direction>("direction", "Which way"),
          number("door_no", "Door number"),
          number("reader_no", "Reader number"),
          or_null(text("door_name", "Door")),
          or_null(text("employee_no", "Employee number")),
          or_null(text("card_no", "Card number")),
          or_null(object("guest", "Guest", "Named")),
          anything("raw", "As it came")};
}

Answer list_terminals(const Call& call) {
  if (const auto ref = call.query.text("ref"))
    return page_of(call, std::vector{app::resolve_terminal(call.work, *ref)});
  app::TerminalFilter filter;
  filter.site = call.query.id<SiteTag>("site");
  if (call.query.has("enabled")) filter.enabled = call.query.yes("enabled");
  auto rows = app::list_terminals(call.work, filter);
  const auto states = call.query.all_named<TerminalState>("state");
  if (!states.empty())
    std::erase_if(rows, [&](const auto& row) { return std::ranges::find(states, row.terminal.state) == states.end(); });
  using Row = app::TerminalListed;
  return page_of<Row>(call, std::move(rows),
                      {{"name", [](auto& a, auto& b) { return lower(a.terminal.name) < lower(b.terminal.name); }},
                       {"id", [](auto& a, auto& b) { return a.terminal.id < b.terminal.id; }}});
}

Answer get_terminal(const Call& call) {
  const auto listed = app::get_terminal(call.work, call.id<TerminalTag>());
  return one(call, listed, listed.terminal.version);
}

Answer list_doors(const Call& call) {
  return page_of(call, app::list_doors(call.work, call.query.id<TerminalTag>("terminal")));
}

Answer get_door(const Call& call) {
  const auto id = call.id<DoorTag>();
  const auto doors = app::list_doors(call.work);
  const auto found = std::ranges::find_if(doors, [&](const auto& one) { return one.door.id == id; });
  if (found == doors.end()) throw Error(Errc::not_found, fmt::format("there is no door {}", id));
  return one(call, *found);
}

Answer list_events(const Call& call) {
  const auto& query = call.query;
  const auto what = wanted(call);
  app::EventFilter filter;
  filter.site = query.id<SiteTag>("site");
  filter.terminal = query.id<TerminalTag>("terminal");
  filter.guest = query.id<GuestTag>("guest");
  filter.classes = query.all_named<EventClass>("class");
  filter.direction = query.named<Direction>("direction");
  filter.person = query.text_or("person");
  filter.since = query.moment("occurred_after");
  if (const auto period = query.moment("period")) filter.since = period;
  filter.until = query.moment("occurred_before");
  if (what.after) filter.before = app::EventPosition{what.after->at, EventId{what.after->id}};
  filter.limit = what.limit();
  return rows_of(call, what, app::list_events(call.work, filter), {}, [](const app::EventListed& row) {
    return Position{row.event.key.occurred_at, row.event.id.value};
  });
}

}  // namespace

void add_terminals(Table& table) {
  table.add({"Terminal", terminal_fields()});
  table.add({"Door",
             {id("id", "Number"), or_null(object("terminal", "Terminal", "Named")), or_null(text("site_name", "Site")),
              number("door_no", "Door number"), number("reader_no", "Reader number"),
              named<Direction>("direction", "Which way it leads"), or_null(text("name", "Name")),
              or_null(text("zone", "Zone"))}});
  table.add({"Event", event_fields()});

  table.add({.path = "/terminals/",
             .name = "list_terminals",
             .summary = "Terminals, by name, and how they are",
             .command = "visitorctl terminal list",
             .permission = Permission::terminal_view,
             .query = {reference(), id("site", "At this site"),
                       yes_or_no("enabled", "Only those that are polled, or are not"),
                       many(named<TerminalState>("state", "In any of these states")), ordering({"name", "id"}, "name")},
             .answer = "Terminal",
             .paging = Paging::pages,
             .run = list_terminals});
  table.add({.path = "/terminals/{id}/",
             .name = "get_terminal",
             .summary = "A terminal",
             .command = "visitorctl terminal show",
             .permission = Permission::terminal_view,
             .answer = "Terminal",
             .run = get_terminal});
  table.add({.path = "/doors/",
             .name = "list_doors",
             .summary = "Doors, by terminal, door and reader",
             .command = "visitorctl door list",
             .permission = Permission::terminal_view,
             .query = {id("terminal", "Of this terminal")},
             .answer = "Door",
             .paging = Paging::pages,
             .run = list_doors});
  table.add({.path = "/doors/{id}/",
             .name = "get_door",
             .summary = "A door",
             .command = "visitorctl door list",
             .permission = Permission::terminal_view,
             .answer = "Door",
             .run = get_door});
  table.add(
      {.path = "/events/",
       .name = "list_events",
       .summary = "What terminals reported, by their clocks, newest first",
       .command = "visitorctl event list",
       .permission = Permission::event_view,
       .query = {id("site", "At this site"), id("terminal", "By this terminal"), id("guest", "Of this guest"),
                 many(named<EventClass>("class", "Of any of these kinds")), named<Direction>("direction", "This way"),
                 text("person", "With this employee number or card number", 64),
                 moment("occurred_after", "Happened from then on"), moment("occurred_before", "Happened before then"),
                 moment("period", "Happened within this span before now: 24h, 7d, 30d, or today")},
       .answer = "Event",
       .paging = Paging::cursor,
       .run = list_events});
  table.add({.path = "/events/{id}/",
             .name = "get_event",
             .summary = "An event",
             .command = "visitorctl event show",
             .permission = Permission::event_view,
             .answer = "Event",
             .run = [](const Call& call) { return one(call, app::get_event(call.work, call.id<EventTag>())); }});
}

}  // namespace visitor::api
