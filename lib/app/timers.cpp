#include "app/timers.hpp"

#include <algorithm>
#include <map>

#include "app/findings.hpp"
#include "app/journal.hpp"
#include "app/refold.hpp"
#include "app/rules.hpp"
#include "store/presence.hpp"
#include "store/terminals.hpp"
#include "store/visit_actions.hpp"
#include "store/visits.hpp"

namespace visitor::app {
namespace {

using domain::ActionKind;
using domain::VisitStatus;

constexpr int kAtOnce = 10'000;  // visits looked at in one tick

/// An end that is due.
struct Due {
  VisitId visit;
  Instant at;
};

/// Records the actions and folds the visits, leaving out what is no longer in \p status or was tried before.
/// \returns how many visits changed
int act(const Work& work, const std::vector<Due>& due, ActionKind kind, VisitStatus status) {
  if (due.empty()) return 0;
  std::map<VisitId, Instant> moments;
  std::vector<VisitId> ids;
  for (const auto& [visit, at] : due) {
    moments.emplace(visit, at);
    ids.push_back(visit);
  }
  const auto locked = store::Visits{work.tx, domain::Scope::everything()}.lock(ids);
  store::VisitActions store{work.tx};
  // Recorded already, and yet not so: the facts speak against it, and would again.
  for (const auto& action : store.of(ids))
    if (action.kind == kind && action.happened_at == moments.at(action.visit)) moments.erase(action.visit);

  std::vector<domain::VisitAction> actions;
  std::vector<GuestId> guests;
  auto since = Instant::max();
  for (const auto& visit : locked) {
    const auto at = moments.find(visit.id);
    if (visit.state.status != status || at == moments.end()) continue;
    actions.push_back({visit.id, kind, work.actor.how, at->second});
    guests.push_back(visit.guest);
    since = std::min(since, at->second);
  }
  if (actions.empty()) return 0;
  store.record(actions, work.actor.account, work.now);
  return static_cast<int>(refold(work, guests, since).changes.size());
}

std::vector<domain::PresenceFact> presences(const Work& work) {
  std::vector<domain::PresenceFact> inside;
  for (const auto& visit : store::Visits{work.tx, domain::Scope::everything()}.inside_since(work.now, kAtOnce))
    inside.push_back(
        {visit.id, visit.guest, visit.site, visit.state.checked_in_at.value_or(work.now), visit.expected_until});
  return inside;
}

/// Who left the sites that hold too many.
std::vector<domain::StayFact> stays_where_full(const Work& work, std::span<const domain::SiteRules> sites,
                                               std::span<const domain::PresenceFact> inside) {
  std::vector<domain::StayFact> left;
  for (const auto& site : sites) {
    int count = 0;
    auto since = work.now;
    for (const auto& presence : inside) {
      if (presence.site != site.id) continue;
      ++count;
      since = std::min(since, presence.checked_in_at);
    }
    if (site.settings.capacity == 0 || count <= site.settings.capacity) continue;
    for (const auto& stay : store::Visits{work.tx, domain::Scope::everything()}.left_since(site.id, since, kAtOnce))
      left.push_back({site.id, stay.checked_in_at, stay.checked_out_at});
  }
  return left;
}

/// Every terminal as rules see it. Notes clocks that have just become wrong, or right.
std::vector<domain::TerminalFact> terminal_facts(const Work& work, std::span<const domain::SiteRules> sites) {
  std::vector<domain::TerminalFact> facts;
  std::vector<TerminalId> wrong, right;
  store::Terminals store{work.tx, domain::Scope::everything()};
  for (const auto& [terminal, site_name, time_zone] : store.list()) {
    const bool just_enabled = terminal.state == domain::TerminalState::fresh;
    auto& fact = facts.emplace_back();
    fact.id = terminal.id;
    fact.site = terminal.site;
    fact.name = terminal.name;
    fact.enabled = terminal.enabled;
    fact.well = terminal.failures == 0 && (terminal.state == domain::TerminalState::online || just_enabled);
    fact.last_answer_at = terminal.last_answer_at;
    fact.since = just_enabled ? std::max(terminal.created_at, terminal.state_since) : terminal.created_at;
    fact.clock_offset = terminal.clock_offset;
    fact.clock_wrong_since = terminal.clock_wrong_since;

    const auto site = std::find_if(sites.begin(), sites.end(), [&](const auto& one) { return one.id == fact.site; });
    if (site == sites.end()) continue;
    const bool is_wrong = domain::clock_is_wrong(fact, site->settings);
    if (is_wrong == fact.clock_wrong_since.has_value()) continue;
    (is_wrong ? wrong : right).push_back(fact.id);
    if (is_wrong) fact.clock_wrong_since = work.now;
  }
  store.save_clocks(wrong, right, work.now);
  return facts;
}

}  // namespace

int close_presumed_left(const Work& work) {
  store::Presence presence{work.tx};
  if (!presence.take_turn("presumed_left")) return 0;
  const auto after = work.settings.visits.presumed_left_after;
  const auto candidates = store::Visits{work.tx, domain::Scope::everything()}.inside_since(work.now - after, kAtOnce);
  std::vector<VisitId> ids;
  for (const auto& visit : candidates) ids.push_back(visit.id);
  const auto entries = presence.last_entries(ids);

  std::vector<Due> due;
  for (const auto& visit : candidates) {
    auto seen = visit.state.checked_in_at.value_or(work.now);
    if (const auto entered = entries.find(visit.id); entered != entries.end()) seen = std::max(seen, entered->second);
    if (seen + after <= work.now) due.push_back({visit.id, seen + after});
  }
  return act(work, due, ActionKind::presume_left, VisitStatus::checked_in);
}

int mark_no_shows(const Work& work) {
  if (!store::Presence{work.tx}.take_turn("no_show")) return 0;
  std::vector<Due> due;
  for (const auto& [visit, guest_name, guest_company, host_name, department_name, site_name, time_zone] :
       store::Visits{work.tx, domain::Scope::everything()}.awaited_until(work.now, kAtOnce)) {
    const auto end = domain::expected_day_end(
        {visit.id, visit.site, Zone::named(time_zone), visit.expected_from, visit.expected_until});
    if (end <= work.now) due.push_back({visit.id, end});
  }
  return act(work, due, ActionKind::no_show, VisitStatus::awaiting);
}

int run_timed_rules(const Work& work) {
  if (!store::Presence{work.tx}.take_turn("timed_rules")) return 0;
  const auto sites = site_rules(work);
  const auto inside = presences(work);
  const auto left = stays_where_full(work, sites, inside);
  const auto terminals = terminal_facts(work, sites);

  domain::RuleInput input{work.now, sites};
  input.inside = inside;
  input.left = left;
  input.terminals = terminals;
  const auto findings = domain::look(input, domain::Trigger::timer);
  auto journal = app::journal(work);
  return static_cast<int>(apply_timed_findings(work, journal, findings).size());
}

}  // namespace visitor::app
