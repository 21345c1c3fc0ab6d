#include "app/replay_findings.hpp"

#include <algorithm>
#include <deque>
#include <set>
#include <tuple>

#include "app/event_source.hpp"
#include "app/facts.hpp"
#include "domain/figures.hpp"
#include "domain/stays.hpp"
#include "store/incidents.hpp"
#include "store/replay.hpp"

namespace visitor::app {
namespace {

using domain::IncidentType;
using domain::Trigger;

constexpr std::size_t kGuestsAtOnce = 500;
constexpr std::size_t kAlarmsAtOnce = 1000;
// A reader that is stuck refuses without end; no threshold is larger.
constexpr std::size_t kDenialsRemembered = 1000;

class PeriodReplay {
 public:
  PeriodReplay(const Work& work, const Period& period, std::span<const domain::SiteRules> sites)
      : work_(work), period_(period), sites_(sites), reader_(work) {
    for (const auto& site : sites) {
      reach_ = std::max(reach_, domain::move_reach(site.settings));
      window_ = std::max(window_, site.settings.failed_access_window);
    }
  }

  Replayed run() {
    const auto guests = guests_within(work_, period_.since, period_.until);
    replayed_.guests = static_cast<int>(guests.size());
    for (std::size_t first = 0; first < guests.size(); first += kGuestsAtOnce)
      replay_guests(std::span{guests}.subspan(first, std::min(kGuestsAtOnce, guests.size() - first)));
    for (const auto& site : sites_) replay_crowd(site);
    replay_denials();
    replay_alarms();
    std::sort(replayed_.sights.begin(), replayed_.sights.end(), [](const Sight& a, const Sight& b) {
      return std::tie(a.key, a.finding.occurred_at, a.finding.event, a.from) <
             std::tie(b.key, b.finding.occurred_at, b.finding.event, b.from);
    });
    return std::move(replayed_);
  }

 private:
  struct Inside {
    domain::PresenceFact fact;
    Instant from;
    Instant until;
  };

  void replay_guests(std::span<const GuestId> guests) {
    std::vector<FactsReader::Task> tasks;
    for (const auto guest : guests) tasks.push_back({guest, period_.since - reach_});
    std::vector<domain::PassageFact> passages;
    for (const auto& [guest, facts] : reader_.read(tasks, FactsReader::Rows::as_they_are)) {
      const auto folded = domain::fold(facts.plans, facts.passages, facts.actions, reader_.settings());
      replay_walk(guest, facts, folded, passages);
      replay_stays(guest, facts);
    }
    domain::RuleInput input{period_.until, sites_};
    input.passages = passages;
    take(domain::look(input, Trigger::events));
  }

  /// Passages of the period, and how the guest turned round.
  void replay_walk(GuestId guest, const GuestFacts& facts, const domain::Folded& folded,
                   std::vector<domain::PassageFact>& passages) {
    std::map<domain::EventKey, const domain::Passage*> by_key;
    for (const auto& passage : facts.passages) by_key.emplace(passage.key, &passage);
    std::vector<domain::MoveFact> moves;
    for (const auto& step : folded.steps) {
      const auto& passage = *by_key.at(step.key);
      moves.push_back({step.key, passage.site, guest, passage.direction, step.visit, false});
      if (!period_.holds(step.key.occurred_at)) continue;
      passages.push_back({guest, passage.site, step.key.terminal, passage.direction, step});

      const auto first = std::find_if(moves.begin(), moves.end(), [&](const domain::MoveFact& move) {
        return move.key.occurred_at >= step.key.occurred_at - reach_;
      });
      if (moves.end() - first < 2) continue;
      moves.back().is_new = true;
      domain::RuleInput input{step.key.occurred_at, sites_};
      input.moves = std::span{first, moves.end()};
      take(domain::look(input, Trigger::events));
      moves.back().is_new = false;
    }
  }

  void replay_stays(GuestId guest, const GuestFacts& facts) {
    for (const auto& stay : domain::stays(facts.plans, facts.passages, facts.actions, reader_.settings())) {
      const auto until = std::min(stay.until.value_or(work_.now), work_.now);
      if (stay.from >= period_.until || until <= period_.since || until <= stay.from) continue;
      const auto visit = std::find_if(facts.visits.begin(), facts.visits.end(),
                                      [&](const domain::Visit& one) { return one.id == stay.visit; });
      const domain::PresenceFact fact{visit->id, guest, visit->site, stay.checked_in_at, visit->expected_until};
      // A condition that began holds until the guest leaves: looked at last in the last moment before that.
      domain::RuleInput input{until - std::chrono::microseconds{1}, sites_};
      input.inside = std::span{&fact, 1};
      for (auto& finding : domain::look(input, Trigger::timer)) {
        if (finding.type == IncidentType::capacity) continue;
        const auto from = std::max(finding.occurred_at, stay.from);
        add(std::move(finding), from, until, true);
      }
      if (has_limit(visit->site)) crowd_[visit->site].push_back({fact, stay.from, until});
    }
  }

  bool has_limit(SiteId id) const {
    return std::any_of(sites_.begin(), sites_.end(),
                       [&](const domain::SiteRules& site) { return site.id == id && site.settings.capacity > 0; });
  }

  /// Whenever more come than a site allows.
  void replay_crowd(const domain::SiteRules& site) {
    const auto found = crowd_.find(site.id);
    if (found == crowd_.end()) return;
    const auto& crowd = found->second;
    struct Step {
      Instant at;
      bool in;
      std::size_t who;
    };
    std::vector<Step> steps;
    for (std::size_t i = 0; i < crowd.size(); ++i) {
      steps.push_back({crowd[i].from, true, i});
      steps.push_back({crowd[i].until, false, i});
    }
    // Who leaves at the same moment makes room first.
    std::sort(steps.begin(), steps.end(),
              [](const Step& a, const Step& b) { return std::tie(a.at, a.in, a.who) < std::tie(b.at, b.in, b.who); });
    std::set<std::size_t> inside;
    std::optional<domain::Finding> full;
    const auto limit = static_cast<std::size_t>(site.settings.capacity);
    for (const auto& step : steps) {
      if (step.in)
        inside.insert(step.who);
      else
        inside.erase(step.who);
      if (full && inside.size() <= limit) {
        const auto from = full->occurred_at;
        add(*std::exchange(full, std::nullopt), from, step.at, true);
      }
      if (full || inside.size() <= limit) continue;
      std::vector<domain::PresenceFact> facts;
      for (const auto who : inside) {
        facts.push_back(crowd[who].fact);
        facts.back().checked_in_at = crowd[who].from;
      }
      domain::RuleInput input{step.at, std::span{&site, 1}};
      input.inside = facts;
      for (auto& finding : domain::look(input, Trigger::timer))
        if (finding.type == IncidentType::capacity) full = std::move(finding);
      if (!full) return;  // switched off
    }
  }

  void replay_denials() {
    std::map<std::string, std::deque<domain::DenialFact>> recent;
    std::vector<domain::DenialFact> denials;
    store::Replay{work_.tx}.denials(period_.since - window_, period_.until, [&](const store::Reported& reported) {
      auto subject = domain::denial_subject(reported.guest, reported.employee_no, reported.card_no,
                                            reported.key.terminal, reported.door_no);
      auto& window = recent[subject];
      while (!window.empty() && (window.size() >= kDenialsRemembered ||
                                 window.front().key.occurred_at < reported.key.occurred_at - window_))
        window.pop_front();
      window.push_back({reported.key, reported.site, std::move(subject), reported.guest, false});
      if (!period_.holds(reported.key.occurred_at)) return;
      denials.assign(window.begin(), window.end());
      denials.back().is_new = true;
      domain::RuleInput input{reported.key.occurred_at, sites_};
      input.denials = denials;
      take(domain::look(input, Trigger::events));
    });
  }

  void replay_alarms() {
    std::vector<domain::AlarmFact> alarms;
    const auto flush = [&] {
      domain::RuleInput input{period_.until, sites_};
      input.alarms = alarms;
      take(domain::look(input, Trigger::events));
      alarms.clear();
    };
    store::Replay{work_.tx}.alarms(period_.since, period_.until, [&](const store::Reported& reported) {
      domain::AlarmFact fact;
      fact.kind = alarm_of(reported.key.major, reported.key.minor);
      if (fact.kind == domain::AlarmKind::none) return;
      fact.key = reported.key;
      fact.site = reported.site;
      fact.door_no = reported.door_no;
      fact.subject = domain::denial_subject(reported.guest, reported.employee_no, reported.card_no,
                                            reported.key.terminal, reported.door_no);
      fact.terminal = reported.terminal_name;
      fact.guest = reported.guest;
      alarms.push_back(std::move(fact));
      if (alarms.size() >= kAlarmsAtOnce) flush();
    });
    flush();
  }

  void take(std::vector<domain::Finding> findings) {
    for (auto& finding : findings) {
      const auto at = finding.occurred_at;
      if (!period_.holds(at)) continue;
      const auto from = at - counted_within(finding.details);
      add(std::move(finding), from, at, false);
    }
  }

  void add(domain::Finding finding, Instant from, Instant until, bool timed) {
    auto key = store::Incidents::dedupe_key(finding);
    replayed_.sights.push_back({std::move(finding), std::move(key), from, until, timed});
  }

  const Work& work_;
  const Period& period_;
  std::span<const domain::SiteRules> sites_;
  FactsReader reader_;
  std::chrono::seconds reach_{0};   // how far back a guest's passages matter
  std::chrono::seconds window_{0};  // how far back refusals matter
  std::map<SiteId, std::vector<Inside>> crowd_;
  Replayed replayed_;
};

}  // namespace

std::chrono::seconds counted_within(const std::string& details) {
  return std::chrono::seconds{domain::Figures::parse(details).number("window_seconds").value_or(0)};
}

bool is_replayable(IncidentType type) {
  switch (type) {
    case IncidentType::exit_without_entry:
    case IncidentType::long_stay:
    case IncidentType::overstay:
    case IncidentType::suspicious_time:
    case IncidentType::multiple_failed_access:
    case IncidentType::repeated_exit_entry:
    case IncidentType::entry_without_visit:
    case IncidentType::duress:
    case IncidentType::door_forced:
    case IncidentType::door_held:
    case IncidentType::tamper:
    case IncidentType::capacity:
      return true;
    case IncidentType::blocked_guest:
    case IncidentType::terminal_offline:
    case IncidentType::event_gap:
    case IncidentType::clock_drift:
    case IncidentType::backup:
    case IncidentType::other:
      return false;
  }
  return false;
}

Replayed replay_rules(const Work& work, const Period& period, std::span<const domain::SiteRules> sites) {
  return PeriodReplay{work, period, sites}.run();
}

}  // namespace visitor::app
