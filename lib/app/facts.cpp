#include "app/facts.hpp"

#include <algorithm>
#include <set>

#include "domain/closure.hpp"
#include "store/events.hpp"
#include "store/replay.hpp"
#include "store/sites.hpp"
#include "store/visit_actions.hpp"
#include "store/visits.hpp"

namespace visitor::app {

std::vector<GuestId> guests_within(const Work& work, Instant since, Instant until) {
  std::set<GuestId> guests;
  const auto add = [&](const std::vector<GuestId>& more) { guests.insert(more.begin(), more.end()); };
  add(store::Events{work.tx, domain::Scope::everything()}.guests_within(since, until));
  add(store::VisitActions{work.tx}.guests_within(since, until));
  add(store::Visits{work.tx, domain::Scope::everything()}.guests_within(since, until));
  add(store::Replay{work.tx}.guests_expected(since, until));
  return {guests.begin(), guests.end()};
}

domain::VisitPlan FactsReader::plan_of(const domain::Visit& visit) {
  return {visit.id, visit.site, zone_of(visit.site), visit.expected_from, visit.expected_until};
}

const Zone& FactsReader::zone_of(SiteId site) {
  if (const auto known = zones_.find(site); known != zones_.end()) return known->second;
  for (const auto& one : store::Sites{work_.tx, domain::Scope::everything()}.list())
    zones_.try_emplace(one.id, Zone::named(one.time_zone));
  return zones_.at(site);
}

std::map<GuestId, GuestFacts> FactsReader::read(std::span<const Task> tasks, Rows rows, std::optional<Instant> until) {
  std::map<GuestId, GuestFacts> facts;
  if (tasks.empty()) return facts;
  std::vector<GuestId> guests;
  for (const auto& task : tasks) guests.push_back(task.guest);

  store::Visits visits{work_.tx, domain::Scope::everything()};
  std::map<GuestId, std::vector<domain::Visit>> stored;
  for (auto& visit : rows == Rows::locked ? visits.lock_for_guests(guests) : visits.of_guests(guests))
    stored[visit.guest].push_back(std::move(visit));

  std::map<VisitId, GuestId> guest_of;
  std::vector<VisitId> ids;
  auto begin = Instant::max();
  for (const auto& task : tasks) {
    auto& part = facts[task.guest];
    const auto& all = stored[task.guest];
    std::vector<domain::StoredVisit> states;
    states.reserve(all.size());
    for (const auto& visit : all) states.push_back({plan_of(visit), visit.state});
    const auto closure = domain::closure(states, task.since, settings_);
    part.begin = closure.begin;
    for (const auto index : closure.visits) {
      part.visits.push_back(all[index]);
      part.plans.push_back(states[index].plan);
      ids.push_back(all[index].id);
      guest_of.emplace(all[index].id, task.guest);
    }
    begin = std::min(begin, part.begin);
  }
  for (auto& [guest, passage] : store::Events{work_.tx, domain::Scope::everything()}.passages(guests, begin, until))
    if (auto& part = facts.at(guest); passage.key.occurred_at >= part.begin) part.passages.push_back(passage);
  if (!ids.empty())
    for (const auto& action : store::VisitActions{work_.tx}.of(ids))
      if (!until || action.happened_at <= *until) facts.at(guest_of.at(action.visit)).actions.push_back(action);
  return facts;
}

}  // namespace visitor::app
