#include "app/timers.hpp"

#include <algorithm>
#include <map>

#include "app/findings.hpp"
#include "app/refold.hpp"
#include "store/presence.hpp"
#include "store/sites.hpp"
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
  const auto locked = store::Visits{work.tx}.lock(ids);
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

}  // namespace

int close_presumed_left(const Work& work) {
  store::Presence presence{work.tx};
  if (!presence.take_turn("presumed_left")) return 0;
  const auto after = work.settings.visits.presumed_left_after;
  const auto candidates = store::Visits{work.tx}.inside_since(work.now - after, kAtOnce);
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
       store::Visits{work.tx}.awaited_until(work.now, kAtOnce)) {
    const auto end = domain::expected_day_end(
        {visit.id, visit.site, Zone::named(time_zone), visit.expected_from, visit.expected_until});
    if (end <= work.now) due.push_back({visit.id, end});
  }
  return act(work, due, ActionKind::no_show, VisitStatus::awaiting);
}

int run_timed_rules(const Work& work) {
  if (!store::Presence{work.tx}.take_turn("timed_rules")) return 0;
  std::vector<domain::SiteHours> sites;
  for (const auto& site : store::Sites{work.tx}.list())
    sites.push_back({site.id, Zone::named(site.time_zone), site.days_off});

  std::vector<domain::PresenceFact> inside;
  for (const auto& visit : store::Visits{work.tx}.inside_since(work.now, kAtOnce))
    inside.push_back(
        {visit.id, visit.guest, visit.site, visit.state.checked_in_at.value_or(work.now), visit.expected_until});

  std::vector<domain::TerminalFact> terminals;
  for (const auto& [terminal, site_name, time_zone] : store::Terminals{work.tx}.list()) {
    // One that was well when it was asked last, however long ago: nobody polls it, and it cannot help that.
    const bool well = terminal.failures == 0 && (terminal.state == domain::TerminalState::online ||
                                                 terminal.state == domain::TerminalState::fresh);
    if (well) continue;
    const bool just_enabled = terminal.state == domain::TerminalState::fresh;
    terminals.push_back({terminal.id, terminal.site, terminal.name, terminal.enabled, terminal.last_answer_at,
                         just_enabled ? std::max(terminal.created_at, terminal.state_since) : terminal.created_at});
  }

  const auto rules = rule_settings(work.settings);
  const auto findings = domain::look({work.now, rules, sites, {}, {}, inside, terminals}, domain::Trigger::timer);
  store::Journal journal{work.tx, work.actor.account, work.now};
  return static_cast<int>(apply_timed_findings(work, journal, findings).size());
}

}  // namespace visitor::app
