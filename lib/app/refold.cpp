#include "app/refold.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "app/alerts.hpp"
#include "app/facts.hpp"
#include "app/journal.hpp"
#include "core/log.hpp"
#include "domain/closure.hpp"
#include "store/ingest_batch.hpp"
#include "store/visits.hpp"

namespace visitor::app {
namespace {

using domain::StepKind;
using domain::Visit;
using domain::VisitStatus;

/// The visits of some guests, locked.
using Locked = std::map<GuestId, std::vector<Visit>>;

Locked by_guest(std::vector<Visit> visits) {
  Locked locked;
  for (auto& visit : visits) locked[visit.guest].push_back(std::move(visit));
  return locked;
}

class Folder {
 public:
  Folder(const Work& work, store::Journal& journal, Refusals refusals = Refusals::logged)
      : work_(work), journal_(journal), refusals_(refusals), reader_(work) {}

  /// Saves asking for the sites where one is enough.
  void know_zone(SiteId site, const Zone& zone) { reader_.know_zone(site, zone); }

  /// Onto the stored states.
  void fold_on(GuestId guest, const std::vector<Visit>& visits, std::span<const domain::Passage> passages) {
    std::vector<domain::StoredVisit> stored;
    stored.reserve(visits.size());
    for (const auto& visit : visits) stored.push_back({reader_.plan_of(visit), visit.state});
    take(guest, visits, domain::fold_on(stored, passages, {}, reader_.settings()), {}, false);
  }

  /// From the history. \p since and \p arrived are those of each guest.
  struct Task {
    GuestId guest;
    Instant since;
    std::span<const domain::Passage> arrived;
  };
  void fold_again(std::span<const Task> tasks) {
    std::vector<FactsReader::Task> of_guests;
    for (const auto& task : tasks) of_guests.push_back({task.guest, task.since});
    auto facts = reader_.read(of_guests, FactsReader::Rows::locked);
    for (const auto& task : tasks) {
      auto& passages = facts.at(task.guest).passages;
      passages.insert(passages.end(), task.arrived.begin(), task.arrived.end());
    }
    for (const auto& [guest, part] : facts)
      take(guest, part.visits, domain::fold(part.plans, part.passages, part.actions, reader_.settings()), part.actions,
           true);
  }

  enum class Saving { now, later };
  /// Stores what differs, with its audit and change rows.
  Refolded finish(Saving saving) {
    std::sort(result_.changes.begin(), result_.changes.end(),
              [](const auto& a, const auto& b) { return a.before.id < b.before.id; });
    std::vector<store::VisitSave> saves;
    std::vector<store::Journal::Entry> entries;
    for (const auto& [before, after] : result_.changes) {
      saves.push_back({after.id, after.state, before.version});
      entries.push_back({domain::AuditAction::update, store::topic::kVisit, after.id.value, details(before, after)});
      journal_.change(store::topic::kVisit, after.id, after.version);
    }
    store::Visits visits{work_.tx, domain::Scope::everything()};
    journal_.audit(entries);
    if (refusals_ != Refusals::overruled) queue_guest_news(work_, result_.changes);
    if (saving == Saving::now)
      visits.save_states(saves);
    else
      visits.save_states_later(saves);
    return std::move(result_);
  }

 private:
  /// \param whole  the steps and actions are all that ever happened on these visits
  void take(GuestId guest, const std::vector<Visit>& visits, const domain::Folded& folded,
            std::span<const domain::VisitAction> actions, bool whole) {
    std::map<VisitId, Instant> reopened;
    for (const auto& action : actions)
      if (action.kind == domain::ActionKind::reopen) {
        auto& latest = reopened.emplace(action.visit, action.happened_at).first->second;
        latest = std::max(latest, action.happened_at);
      }
    std::set<VisitId> unexplained;
    for (const auto& step : folded.steps) {
      if (!step.visit) continue;
      proof_.insert_or_assign(*step.visit, step.key);
      if (step.kind == StepKind::exit_without_entry) unexplained.insert(*step.visit);
    }
    auto& walk = result_.walks[guest];
    for (const auto& visit : visits) {
      const auto& state = folded.visits.at(visit.id);
      walk.passages += state.entry_count + state.exit_count;
      walk.opened_at = std::max(walk.opened_at, visit.expected_from - reader_.settings().early_arrival);
      if (state == visit.state) continue;
      const auto reopened_at = reopened.find(visit.id);
      if (refusals_ != Refusals::overruled &&
          !domain::may_become(visit.state, state,
                              reopened_at == reopened.end() ? std::nullopt : std::optional{reopened_at->second})) {
        result_.refused.push_back({visit, state});
        if (refusals_ == Refusals::logged)
          log::warn("visit {}: stays {}, although the facts now say {}", visit.id.value,
                    domain::name(visit.state.status), domain::name(state.status));
        continue;
      }
      if (whole && visit.state.status == VisitStatus::awaiting && visit.state.exit_count > 0 &&
          !unexplained.contains(visit.id))
        result_.explained.push_back(visit.id);
      auto after = visit;
      after.state = state;
      ++after.version;
      result_.changes.push_back({visit, std::move(after)});
    }
    for (const auto& step : folded.steps) result_.steps.emplace_back(guest, step);
  }

  std::string details(const Visit& before, const Visit& after) const {
    auto text = fmt::format(R"({{"from":"{}","to":"{}","entries":{},"exits":{})", domain::name(before.state.status),
                            domain::name(after.state.status), after.state.entry_count, after.state.exit_count);
    if (const auto proof = proof_.find(after.id); proof != proof_.end())
      text += fmt::format(R"(,"event":{{"terminal":{},"epoch":{},"serial":{},"at":"{}"}})", proof->second.terminal,
                          proof->second.epoch, proof->second.serial, to_iso(proof->second.occurred_at));
    if (refusals_ == Refusals::overruled) text += R"(,"why":"replay")";
    return text + fmt::format(R"(,"version":{}}})", after.version);
  }

  const Work& work_;
  store::Journal& journal_;
  Refusals refusals_;
  FactsReader reader_;
  std::map<VisitId, domain::EventKey> proof_;  // the last event that said something of the visit
  Refolded result_;
};

}  // namespace

Refolded refold(const Work& work, std::span<const GuestId> guests, Instant since, Refusals refusals) {
  auto journal = app::journal(work);
  Folder folder{work, journal, refusals};
  std::vector<Folder::Task> tasks;
  for (const auto guest : std::set<GuestId>{guests.begin(), guests.end()}) tasks.push_back({guest, since, {}});
  if (!tasks.empty()) folder.fold_again(tasks);
  return folder.finish(Folder::Saving::now);
}

Refolded fold_arrivals(const Work& work, store::Journal& journal, const Zone& zone,
                       std::span<const Arrivals> arrivals) {
  if (arrivals.empty()) return {};
  const auto site = arrivals.front().passages.front().site;
  std::vector<GuestId> guests;
  std::map<GuestId, Instant> since;
  auto first = Instant::max();
  for (const auto& [guest, passages] : arrivals) {
    auto& of_guest = since.emplace(guest, Instant::max()).first->second;
    for (const auto& passage : passages) of_guest = std::min(of_guest, passage.key.occurred_at);
    first = std::min(first, of_guest);
    guests.push_back(guest);
  }
  const auto reach = domain::reach_of(first, zone, fold_settings(work.settings));
  const auto lock = store::Visits{work.tx, domain::Scope::everything()}.lock_within(
      guests, {site, reach.expected_after, reach.ended_since, reach.presumed_since});
  // Looked at only after the locks: whoever held them before has stored his facts.
  std::set<GuestId> again;
  for (const auto& [guest, at] : store::IngestBatch{work.tx}.latest_facts(guests, first))
    if (at >= since.at(guest)) again.insert(guest);
  const auto locked = by_guest(lock());

  Folder folder{work, journal};
  folder.know_zone(site, zone);
  std::vector<Folder::Task> tasks;
  for (const auto& [guest, passages] : arrivals) {
    if (again.contains(guest)) {
      tasks.push_back({guest, since.at(guest), passages});
      continue;
    }
    const auto visits = locked.find(guest);
    folder.fold_on(guest, visits == locked.end() ? std::vector<Visit>{} : visits->second, passages);
  }
  if (!tasks.empty()) folder.fold_again(tasks);
  return folder.finish(Folder::Saving::later);
}

}  // namespace visitor::app
