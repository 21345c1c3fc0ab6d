#include "cli/views_terminal_log.hpp"

#include <fmt/format.h>

#include "core/text.hpp"
#include "core/zone.hpp"

namespace visitor::cli {
namespace {

constexpr auto kPerMinute = std::chrono::duration_cast<std::chrono::minutes>(app::kBacklogWindow).count();

std::string what_was_tried(const app::GapListed& listed) {
  if (listed.state == "open") return "will be asked for";
  if (listed.state == "filled") return "arrived after all";
  return "asked for in vain";
}

}  // namespace

void write(JsonWriter& json, const app::Backlog& backlog) {
  const auto& terminal = backlog.listed.terminal;
  json.begin_object();
  write_named(json, "terminal", terminal.id, terminal.name);
  json.member("enabled", terminal.enabled).member("state", domain::name(terminal.state));
  json.member("backlog", terminal.backlog).member("cursor_at", terminal.cursor_at);
  json.member("epoch", terminal.epoch).member("last_serial", terminal.last_serial);
  json.member("last_event_at", terminal.last_event_at).member("last_answer_at", terminal.last_answer_at);
  json.member("read_in_5_minutes", backlog.read);
  json.key("done_in_seconds");
  if (backlog.done_in)
    json.value(static_cast<std::int64_t>(backlog.done_in->count()));
  else
    json.null();
  json.end();
}

Table backlog_table(const std::vector<app::Backlog>& rows, Instant now) {
  Table table{{{"Terminal", {}, Column::Fit::give},
               {"State"},
               {"Backlog", Column::Align::right},
               {"Read up to"},
               {"Serial", Column::Align::right},
               {"Events/min", Column::Align::right},
               {"Done in", Column::Align::right}}};
  for (const auto& row : rows) {
    const auto& terminal = row.listed.terminal;
    const auto many = terminal.backlog.value_or(0) > 0;
    table.add({terminal.name,
               state_cell(terminal),
               {terminal.backlog ? fmt::to_string(*terminal.backlog) : "", many ? Tone::warning : Tone::plain},
               short_precise_time_cell(terminal.cursor_at, now, row.listed.time_zone),
               terminal.last_serial > 0 ? fmt::to_string(terminal.last_serial) : "",
               fmt::format("{:.1f}", static_cast<double>(row.read) / kPerMinute),
               row.done_in ? span_cell(*row.done_in) : Cell{""}});
  }
  return table;
}

void write(JsonWriter& json, const app::GapListed& listed) {
  const auto& gap = listed.gap;
  json.begin_object().member("id", gap.id);
  write_named(json, "terminal", gap.terminal, listed.terminal_name);
  json.member("state", listed.state).member("epoch", gap.epoch);
  json.member("first_serial", gap.first).member("last_serial", gap.last).member("count", gap.last - gap.first + 1);
  json.member("found_at", gap.found_at).member("asked_at", gap.asked_at).end();
}

Table gap_table(const std::vector<app::GapListed>& rows, Instant now) {
  Table table{{{"Terminal", {}, Column::Fit::give},
               {"State"},
               {"Missing", Column::Align::right},
               {"First", Column::Align::right},
               {"Last", Column::Align::right},
               {"Epoch", Column::Align::right},
               {"Found"},
               {"Asked"},
               {"Tried", {}, Column::Fit::give}}};
  for (const auto& row : rows) {
    const auto& gap = row.gap;
    const auto tone = row.state == "missing" ? Tone::bad : row.state == "open" ? Tone::warning : Tone::good;
    table.add({row.terminal_name,
               {row.state, tone},
               fmt::to_string(gap.last - gap.first + 1),
               fmt::to_string(gap.first),
               fmt::to_string(gap.last),
               fmt::to_string(gap.epoch),
               short_precise_time_cell(gap.found_at, now, row.time_zone),
               short_precise_time_cell(gap.asked_at, now, row.time_zone),
               what_was_tried(row)});
  }
  return table;
}

void write(JsonWriter& json, const DoorsShown& shown) {
  const auto& terminal = shown.listed.terminal;
  json.begin_object();
  write_named(json, "terminal", terminal.id, terminal.name);
  json.text_member("model", terminal.model).text_member("firmware", terminal.firmware);
  json.key("capabilities").raw(shown.capabilities.value_or("null"));
  json.key("doors").begin_array();
  for (const auto& door : shown.doors) write(json, door.door);
  json.end().end();
}

Card card_of(const DoorsShown& shown) {
  const auto& terminal = shown.listed.terminal;
  Card card;
  card.add("Terminal", fmt::format("{} (terminal {})", terminal.name, terminal.id));
  card.add("Model", terminal.model);
  card.add("Firmware", terminal.firmware);
  card.add("Capabilities", shown.capabilities.value_or(""));
  for (const auto& [door, terminal_name, site_name] : shown.doors) card.add("Door", door_line(door));
  return card;
}

std::string door_line(const domain::Door& door) {
  auto line = fmt::format("{}: {}", door_text("", door.door_no, door.reader_no), domain::name(door.direction));
  if (!door.name.empty()) line += ", " + door.name;
  if (!door.zone.empty()) line += ", zone " + door.zone;
  return line;
}

}  // namespace visitor::cli
