#include "app/presence.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "app/facts.hpp"
#include "domain/fold.hpp"
#include "store/events.hpp"
#include "store/visit_actions.hpp"

namespace visitor::app {
namespace {

using domain::ActionKind;
using domain::How;
using domain::StepKind;
using domain::VisitStatus;

constexpr std::size_t kGuestsAtOnce = 500;

/// What the fold says of one visit at the moment asked for.
struct Found {
  domain::VisitState state;
  std::optional<domain::EventKey> entry;  ///< the last one
};

bool shows_entry(StepKind kind) {
  return kind == StepKind::checked_in || kind == StepKind::entered_again || kind == StepKind::reopened;
}

class Moment {
 public:
  Moment(const Work& work, Instant at, std::optional<SiteId> site)
      : work_(work),
        at_(at),
        since_(at - work.settings.visits.presumed_left_after - kPresumedLeftShown),
        site_(site),
        reader_(work) {}

  Presence look() {
    // Who has been inside for longer than this is so by the states, which nothing has changed since.
    const auto guests = guests_within(work_, since_, at_ + std::chrono::microseconds{1});
    for (std::size_t first = 0; first < guests.size(); first += kGuestsAtOnce)
      fold(std::span{guests}.subspan(first, std::min(kGuestsAtOnce, guests.size() - first)));
    return describe();
  }

 private:
  void fold(std::span<const GuestId> guests) {
    std::vector<FactsReader::Task> tasks;
    for (const auto guest : guests) tasks.push_back({guest, since_});
    for (const auto& [guest, facts] : reader_.read(tasks, FactsReader::Rows::as_they_are, at_)) {
      const auto folded = domain::fold(facts.plans, facts.passages, facts.actions, reader_.settings());
      std::map<VisitId, domain::EventKey> entries;
      for (const auto& step : folded.steps)
        if (step.visit && shows_entry(step.kind)) entries.insert_or_assign(*step.visit, step.key);
      const auto inside = std::any_of(folded.visits.begin(), folded.visits.end(),
                                      [](const auto& one) { return one.second.status == VisitStatus::checked_in; });
      for (const auto& visit : facts.visits) {
        const auto& state = folded.visits.at(visit.id);
        const bool in = state.status == VisitStatus::checked_in;
        const bool presumed =
            !inside && state.checked_out_how == How::presumed && state.checked_out_at >= at_ - kPresumedLeftShown;
        if ((!in && !presumed) || (site_ && visit.site != *site_)) continue;
        Found found{state, {}};
        if (const auto entry = entries.find(visit.id); entry != entries.end()) found.entry = entry->second;
        found_.emplace(visit.id, found);
      }
    }
  }

  Presence describe() {
    std::vector<VisitId> ids;
    std::vector<domain::EventKey> keys;
    for (const auto& [id, found] : found_) {
      ids.push_back(id);
      if (found.entry) keys.push_back(*found.entry);
    }
    std::map<domain::EventKey, store::EventListed> entries;
    for (auto& listed : store::Events{work_.tx, domain::Scope::everything()}.of_keys(keys))
      entries.emplace(listed.event.key, std::move(listed));

    Presence presence;
    presence.at = at_;
    for (auto& present : store::Visits{work_.tx, work_.scope}.with_phones(ids)) {
      const auto& found = found_.at(present.listed.visit.id);
      present.listed.visit.state = found.state;
      auto& proof = present.proof;
      if (found.entry) {
        const auto& entry = entries.at(*found.entry);
        proof.event = entry.event.id;
        proof.entered_at = entry.event.key.occurred_at;
        proof.terminal_name = entry.terminal_name;
        proof.door_name = entry.door_name;
        proof.door_no = entry.event.door_no;
        proof.reader_no = entry.event.reader_no;
      }
      if (found.state.status != VisitStatus::checked_in) {
        proof.how = How::presumed;
        proof.at = *found.state.checked_out_at;
        presence.presumed_left.push_back(std::move(present));
        continue;
      }
      proof.how = proof.entered_at ? How::door : *found.state.checked_in_how;
      proof.at = proof.entered_at.value_or(*found.state.checked_in_at);
      if (!proof.entered_at) proof.login = login_of(present.listed.visit);
      presence.inside.push_back(std::move(present));
    }
    std::sort(presence.inside.begin(), presence.inside.end(), [](const Present& a, const Present& b) {
      return std::tie(a.listed.visit.state.checked_in_at, a.listed.visit.id) <
             std::tie(b.listed.visit.state.checked_in_at, b.listed.visit.id);
    });
    std::sort(presence.presumed_left.begin(), presence.presumed_left.end(), [](const Present& a, const Present& b) {
      return std::tie(b.proof.at, a.listed.visit.id) < std::tie(a.proof.at, b.listed.visit.id);
    });
    return presence;
  }

  /// Who checked the guest in by hand.
  std::string login_of(const domain::Visit& visit) {
    for (const auto& recorded : store::VisitActions{work_.tx}.history(visit.id))
      if (recorded.action.kind == ActionKind::check_in && recorded.action.happened_at == visit.state.checked_in_at)
        return recorded.login;
    return {};
  }

  const Work& work_;
  Instant at_;
  Instant since_;  // facts from here on can place somebody inside
  std::optional<SiteId> site_;
  FactsReader reader_;
  std::map<VisitId, Found> found_;
};

}  // namespace

Presence presence_now(const Work& work, std::optional<SiteId> site) {
  store::Visits visits{work.tx, work.scope};
  return {work.now, visits.inside(site), visits.presumed_left(work.now - kPresumedLeftShown, site)};
}

Presence presence_at(const Work& work, Instant at, std::optional<SiteId> site) {
  return Moment{work, at, site}.look();
}

}  // namespace visitor::app
