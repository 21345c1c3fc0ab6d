#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "domain/rules/bursts.hpp"
#include "domain/rules/rules.hpp"

namespace visitor::domain {
namespace {

using Moves = std::vector<const MoveFact*>;

/// Whoever comes the next morning does not turn round.
constexpr std::chrono::hours kSamePresence{12};

/// In the order in which the guests walked, each passage once.
Moves in_order(std::span<const MoveFact> moves, SiteId site) {
  Moves sorted;
  for (const auto& move : moves)
    if (move.site == site && move.direction != Direction::none) sorted.push_back(&move);
  const auto order = [](const MoveFact* move) {
    return std::tuple{move->guest, move->key.occurred_at, move->key, !move->is_new};
  };
  std::sort(sorted.begin(), sorted.end(), [&](const MoveFact* a, const MoveFact* b) { return order(a) < order(b); });
  sorted.erase(
      std::unique(sorted.begin(), sorted.end(),
                  [](const MoveFact* a, const MoveFact* b) { return a->guest == b->guest && a->key == b->key; }),
      sorted.end());
  return sorted;
}

Finding finding_of(const Moves& turns, const Burst& burst, std::chrono::seconds window) {
  const auto& reached = *turns[burst.reached];
  const auto span = turns[burst.last]->key.occurred_at - turns[burst.first]->key.occurred_at;
  Finding finding;
  finding.subject = fmt::format("guest:{}", reached.guest);
  finding.occurred_at = reached.key.occurred_at;
  finding.guest = reached.guest;
  finding.visit = reached.visit;
  finding.terminal = reached.key.terminal;
  finding.event = reached.key;
  Figures figures;
  figures.add("count", burst.last - burst.first + 1)
      .add("first", turns[burst.first]->key.occurred_at)
      .add("last", turns[burst.last]->key.occurred_at)
      .add("seconds", std::chrono::ceil<std::chrono::seconds>(span).count())
      .add("window_seconds", window.count());
  if (reached.visit) figures.add("visit", *reached.visit);
  finding.details = figures.json();
  return finding;
}

void find(const RuleInput& input, const SiteRules& site, std::vector<Finding>& findings) {
  const auto window = site.settings.exit_entry_window;
  const auto moves = in_order(input.moves, site.id);
  for (auto first = moves.begin(); first != moves.end();) {
    const auto last =
        std::find_if(first, moves.end(), [&](const MoveFact* move) { return move->guest != (*first)->guest; });
    Moves turns;
    std::vector<Count> counts;
    for (auto move = std::next(first); move != last; ++move) {
      const auto& [before, now] = std::pair{**std::prev(move), **move};
      if (before.direction == now.direction || now.key.occurred_at - before.key.occurred_at > kSamePresence) continue;
      turns.push_back(*move);
      counts.push_back({now.key.occurred_at, before.is_new || now.is_new});
    }
    for (const auto& burst : bursts(counts, site.settings.exit_entry_count, window))
      if (burst.is_new) findings.push_back(finding_of(turns, burst, window));
    first = last;
  }
}

std::string say(const Figures& figures, Language language) {
  return phrase(language, "{} goes in and out: {} changes of direction within {}.",
                "{} ходит туда и обратно: смен направления {}, за {}.", guest_words(figures, language),
                figures.number("count").value_or(0), span_words(figures, "seconds", language));
}

constexpr std::array<std::string_view, 2> kThresholds{"exit_entry_count", "exit_entry_window"};

}  // namespace

std::chrono::seconds move_reach(const RuleSettings& settings) {
  return settings.exit_entry_window + kSamePresence;
}

constinit const Rule kRepeatedExitEntry{IncidentType::repeated_exit_entry,
                                        Severity::medium,
                                        Trigger::events,
                                        kThresholds,
                                        {"A guest goes in and out again and again.", "Гость часто входит и выходит."},
                                        find,
                                        say,
                                        R"({"visit":42,"count":4,"seconds":1320})"};

}  // namespace visitor::domain
