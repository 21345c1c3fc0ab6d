#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/backlog.hpp"
#include "app/terminals.hpp"
#include "cli/views.hpp"

/// How a terminal's log and doors look.
namespace visitor::cli {

void write(JsonWriter& json, const app::Backlog& backlog);
Table backlog_table(const std::vector<app::Backlog>& rows, Instant now);

void write(JsonWriter& json, const app::GapListed& listed);
Table gap_table(const std::vector<app::GapListed>& rows, Instant now);

/// A terminal's doors, and what it said that it can do.
struct DoorsShown {
  app::TerminalListed listed;
  std::vector<app::DoorListed> doors;
  std::optional<std::string> capabilities;  ///< JSON object; nothing while it has not said
};
void write(JsonWriter& json, const DoorsShown& shown);
Card card_of(const DoorsShown& shown);

/// "door 1, reader 2: entry, Turnstile 1".
std::string door_line(const domain::Door& door);

}  // namespace visitor::cli
