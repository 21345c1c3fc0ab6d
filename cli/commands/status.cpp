#include <fmt/format.h>

#include "app/instance.hpp"
#include "app/remote/records.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

std::string terminals_text(const app::Overview& overview) {
  if (overview.terminals_enabled == 0 && overview.terminals_disabled == 0) return "none";
  std::string text;
  for (const auto& row : domain::names<domain::TerminalState>()) {
    const auto count = overview.terminals[static_cast<std::size_t>(row.value)];
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, row.name);
  }
  if (overview.terminals_disabled > 0)
    text += fmt::format("{}{} disabled", text.empty() ? "" : ", ", overview.terminals_disabled);
  return text;
}

std::string incidents_text(const app::Overview& overview) {
  if (overview.open_incidents_total == 0) return "none";
  std::string text;
  for (const auto& row : domain::names<domain::Severity>()) {
    const auto count = overview.open_incidents[static_cast<std::size_t>(row.value)];
    if (count > 0) text = fmt::format("{} {}{}{}", count, row.name, text.empty() ? "" : ", ", text);
  }
  return text;
}

std::string waiting_text(const store::Outbox& outbox, Instant now) {
  auto text = fmt::to_string(outbox.waiting);
  if (outbox.oldest)
    text +=
        fmt::format(", the oldest for {}", format_span(std::chrono::floor<std::chrono::seconds>(now - *outbox.oldest)));
  return text;
}

Card card_of(const app::Overview& overview, Instant now, const std::string& zone) {
  Card card;
  const auto number = [](std::int64_t count) { return fmt::to_string(count); };
  if (overview.held_since) {
    auto since = precise_time_cell(overview.held_since, zone);
    since.tone = Tone::warning;
    card.add("Held back since", since);
  }
  card.add("Inside", number(overview.inside));
  card.add("Awaited today", number(overview.awaiting_today));
  card.add("Came today", number(overview.checked_in_today));
  card.add("Left today", number(overview.checked_out_today));
  card.add("Presumed left today", number(overview.presumed_left_today));
  const bool serious = overview.open_incidents[static_cast<std::size_t>(domain::Severity::high)] +
                           overview.open_incidents[static_cast<std::size_t>(domain::Severity::critical)] >
                       0;
  card.add("Open incidents", {incidents_text(overview), serious ? Tone::bad : Tone::plain});
  const auto online = overview.terminals[static_cast<std::size_t>(domain::TerminalState::online)];
  card.add("Terminals", {terminals_text(overview), online < overview.terminals_enabled ? Tone::warning : Tone::plain});
  card.add("Last event", precise_time_cell(overview.last_event_at, zone));
  card.add("Last answer", precise_time_cell(overview.last_received_at, zone));
  card.add("Events", number(overview.events_total));
  card.add("Backlog", number(overview.backlog));
  card.add("Alerts waiting", {waiting_text(overview.outbox, now), number(overview.outbox.waiting)});
  card.add("Alerts failed", {number(overview.outbox.failed), overview.outbox.failed > 0 ? Tone::bad : Tone::plain});
  return card;
}

void run(Session& session) {
  read_house(session, [&](auto& house) {
    const auto overview = app::overview(house);
    session.show(overview, card_of(overview, session.now(), zone_for(house, std::nullopt).name()));
  });
}

}  // namespace

void add_status(Command& root) {
  root.add("status", "Show the state of the house in numbers")
      .details("Today is the local day of each site. 'visitorctl health' judges what this only counts.")
      .uses_house()
      .example("visitorctl status")
      .example("visitorctl status --json | jq .visits.inside")
      .runs(run);
}

}  // namespace visitor::cli
