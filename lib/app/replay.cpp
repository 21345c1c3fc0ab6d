#include "app/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "app/facts.hpp"
#include "app/findings.hpp"
#include "app/journal.hpp"
#include "app/refold.hpp"
#include "app/rules.hpp"
#include "db/transaction.hpp"
#include "store/events.hpp"
#include "store/incidents.hpp"
#include "store/replay.hpp"

namespace visitor::app {
namespace {

using domain::Finding;
using domain::Incident;
using domain::IncidentType;

constexpr std::size_t kGuestsAtOnce = 500;
constexpr int kTries = 3;
constexpr int kTicks = 2;  // of the timer: what lasted less may have gone unseen
constexpr auto kWhy = "Replay: no stored event or action supports this incident.";

Instant end_of(const Incident& incident) {
  return incident.ended_at.value_or(Instant::max());
}

/// A finding may stand under another subject by now: whose visit it was is known only since it was registered.
auto fact_of(const Finding& finding) {
  return std::tuple{finding.type, finding.occurred_at, finding.guest, finding.terminal};
}
auto fact_of(const Incident& incident) {
  return std::tuple{incident.type, incident.occurred_at, incident.guest, incident.terminal};
}

/// Stored incidents by subject, and which of them a finding belongs to.
class Stored {
 public:
  void add(std::vector<Incident> incidents) {
    for (auto& incident : incidents) {
      if (!known_.insert(incident.id).second) continue;
      facts_.insert(fact_of(incident));
      auto key = incident.dedupe_key;
      by_key_[std::move(key)].push_back(std::move(incident));
    }
  }
  /// One that would have been opened: others of its subject are counted on it.
  void add_opened(const Sight& sight) {
    Incident incident;
    incident.dedupe_key = sight.key;
    incident.occurred_at = incident.detected_at = sight.finding.occurred_at;
    by_key_[sight.key].push_back(std::move(incident));
  }

  /// Whether one takes the sight, as far as can be said without its event.
  bool has(const Sight& sight) const {
    if (!sight.timed && facts_.contains(fact_of(sight.finding))) return true;
    const auto of_key = by_key_.find(sight.key);
    const auto at = sight.finding.occurred_at;
    return of_key != by_key_.end() &&
           std::any_of(of_key->second.begin(), of_key->second.end(), [&](const Incident& one) {
             // Only one of a subject is open at a time, so that an open one takes what comes late, too.
             const bool is_open = one.id && domain::is_open(one.status);
             const bool was_open = one.occurred_at <= sight.until && at <= end_of(one);
             const bool dealt_with = sight.timed && at <= std::max(one.occurred_at, one.last_seen_at);
             return one.occurred_at == at || is_open || was_open || dealt_with;
           });
  }
  /// Whether one was open when an event was received.
  bool was_open(const std::string& key, Instant received) const {
    const auto of_key = by_key_.find(key);
    return of_key != by_key_.end() &&
           std::any_of(of_key->second.begin(), of_key->second.end(),
                       [&](const Incident& one) { return one.detected_at <= received && received <= end_of(one); });
  }

 private:
  std::map<std::string, std::vector<Incident>> by_key_;
  std::set<IncidentId> known_;
  std::set<decltype(fact_of(Finding{}))> facts_;
};

bool supports(const Sight& sight, const Incident& incident) {
  if (sight.key == incident.dedupe_key) {
    // Which event filled the count depends on which had arrived by then: it is the same run all the same.
    if (!sight.timed)
      return sight.from <= incident.occurred_at &&
             incident.occurred_at - counted_within(incident.details) <= sight.until;
    // A visit is over-long once; a building may be full again and again.
    return incident.visit || (incident.occurred_at <= sight.until && sight.from <= incident.detected_at);
  }
  return !sight.timed && fact_of(sight.finding) == fact_of(incident);
}

Finding finding_of(const Incident& incident) {
  Finding finding;
  finding.type = incident.type;
  finding.severity = incident.severity;
  finding.subject = incident.dedupe_key.substr(std::min(incident.dedupe_key.find('/') + 1, incident.dedupe_key.size()));
  finding.occurred_at = incident.occurred_at;
  finding.site = incident.site;
  finding.guest = incident.guest;
  finding.visit = incident.visit;
  finding.terminal = incident.terminal;
  finding.summary = incident.summary;
  finding.details = incident.details;
  return finding;
}

class Comparison {
 public:
  Comparison(const Work& work, const Period& period) : work_(work), sites_(site_rules(work)) {
    report_.period = period;
  }

  ReplayReport run() {
    compare_visits();
    compare_incidents();
    return std::move(report_);
  }

 private:
  void compare_visits() {
    FactsReader reader{work_};
    const auto guests = guests_within(work_, report_.period.since, report_.period.until);
    report_.guests = static_cast<int>(guests.size());
    for (std::size_t first = 0; first < guests.size(); first += kGuestsAtOnce) {
      std::vector<FactsReader::Task> tasks;
      for (auto i = first; i < std::min(first + kGuestsAtOnce, guests.size()); ++i)
        tasks.push_back({guests[i], report_.period.since});
      for (auto& [guest, facts] : reader.read(tasks, FactsReader::Rows::as_they_are)) {
        const auto folded = domain::fold(facts.plans, facts.passages, facts.actions, reader.settings());
        report_.visits += static_cast<int>(facts.visits.size());
        for (auto& visit : facts.visits)
          if (const auto& state = folded.visits.at(visit.id); state != visit.state)
            report_.visit_differences.push_back({std::move(visit), state});
      }
    }
    std::sort(report_.visit_differences.begin(), report_.visit_differences.end(),
              [](const auto& a, const auto& b) { return a.stored.id < b.stored.id; });
  }

  void compare_incidents() {
    const auto replayed = replay_rules(work_, report_.period, sites_);
    store::Replay store{work_.tx};
    const auto of_period = store.incidents(report_.period.since, report_.period.until);
    Stored stored;
    stored.add(of_period);
    std::vector<std::string> keys;
    for (const auto& sight : replayed.sights)
      if (keys.empty() || keys.back() != sight.key) keys.push_back(sight.key);
    stored.add(store.incidents_of(keys));
    find_missing(replayed.sights, stored);
    find_unsupported(replayed.sights, of_period);
  }

  void find_missing(const std::vector<Sight>& sights, Stored& stored) {
    const auto shortest = work_.settings.rules.interval * kTicks;
    std::vector<const Sight*> alone;
    std::vector<domain::EventKey> keys;
    for (const auto& sight : sights) {
      if (!report_.period.holds(sight.finding.occurred_at)) continue;
      ++report_.findings;
      if ((sight.timed && sight.until - sight.from < shortest) || stored.has(sight)) continue;
      alone.push_back(&sight);
      if (sight.finding.event) keys.push_back(*sight.finding.event);
    }
    std::map<domain::EventKey, Instant> received;
    for (const auto& listed : store::Events{work_.tx, domain::Scope::everything()}.of_keys(keys))
      received.emplace(listed.event.key, listed.event.received_at);
    for (const auto* sight : alone) {
      if (stored.has(*sight)) continue;  // counted on one that was found missing just now
      if (sight->finding.event) {
        const auto at = received.find(*sight->finding.event);
        if (at != received.end() && stored.was_open(sight->key, at->second)) continue;
      }
      report_.incident_differences.push_back({IncidentDifference::Kind::missing, sight->finding, std::nullopt});
      stored.add_opened(*sight);
    }
  }

  void find_unsupported(const std::vector<Sight>& sights, const std::vector<Incident>& incidents) {
    std::multimap<std::string_view, const Sight*> by_key;
    std::multimap<decltype(fact_of(Finding{})), const Sight*> by_fact;
    for (const auto& sight : sights) {
      by_key.emplace(sight.key, &sight);
      by_fact.emplace(fact_of(sight.finding), &sight);
    }
    const auto supported = [&](const Incident& incident) {
      const auto any = [&](const auto& range) {
        return std::any_of(range.first, range.second, [&](const auto& one) { return supports(*one.second, incident); });
      };
      return any(by_key.equal_range(incident.dedupe_key)) || any(by_fact.equal_range(fact_of(incident)));
    };
    store::Incidents store{work_.tx, domain::Scope::everything()};
    for (const auto& incident : incidents) {
      if (!is_replayable(incident.type)) {
        ++report_.not_replayable[incident.type];
        continue;
      }
      if (is_off(incident)) {
        ++report_.switched_off;
        continue;
      }
      ++report_.incidents;
      if (!domain::is_open(incident.status) || supported(incident)) continue;
      const auto history = store.history(incident.id);
      const bool handled =
          incident.status != domain::IncidentStatus::fresh || history.size() != 1 || !history.front().login.empty();
      if (handled)
        ++report_.handled;
      else
        report_.incident_differences.push_back({IncidentDifference::Kind::unsupported, finding_of(incident), incident});
    }
  }

  bool is_off(const Incident& incident) const {
    const auto* rule = domain::find_rule(incident.type);
    const auto site = std::find_if(sites_.begin(), sites_.end(),
                                   [&](const domain::SiteRules& one) { return one.id == incident.site; });
    if (!rule || site == sites_.end()) return true;
    return !domain::is_on(*rule, site->settings) ||
           (incident.type == IncidentType::capacity && site->settings.capacity == 0);
  }

  const Work& work_;
  std::vector<domain::SiteRules> sites_;
  ReplayReport report_;
};

/// Ends what no fact supports. \returns nothing where somebody was at it meanwhile
std::optional<Incident> withdraw(const Work& work, store::Journal& journal, const Incident& incident) {
  try {
    const auto ended = work.tx.savepoint([&] {
      return store::Incidents{work.tx, domain::Scope::everything()}.false_alarm(incident.id, incident.version,
                                                                                work.actor.account, kWhy, work.now);
    });
    journal.change(store::topic::kIncident, ended.id, ended.version);
    journal.audit(domain::AuditAction::update, store::topic::kIncident, ended.id,
                  fmt::format(R"({{"from":"{}","to":"false_alarm","why":"replay"}})", domain::name(incident.status)));
    return ended;
  } catch (const Error& error) {
    if (error.code() != Errc::conflict) throw;
    return std::nullopt;
  }
}

std::vector<GuestId> guests_of(const ReplayReport& report) {
  std::set<GuestId> guests;
  for (const auto& one : report.visit_differences) guests.insert(one.stored.guest);
  return {guests.begin(), guests.end()};
}

int repair_visits(const Work& work, std::span<const GuestId> guests, Instant since) {
  if (guests.empty()) return 0;
  store::Replay replay{work.tx};
  replay.lift_guard(true);
  const auto changes = refold(work, guests, since, Refusals::overruled).changes.size();
  replay.lift_guard(false);
  return static_cast<int>(changes);
}

int repair_incidents(const Work& work, ReplayReport& report) {
  auto journal = app::journal(work);
  int done = 0;
  std::vector<IncidentDifference*> missing;
  std::vector<Finding> findings;
  for (auto& one : report.incident_differences) {
    if (one.kind == IncidentDifference::Kind::missing) {
      missing.push_back(&one);
      findings.push_back(one.finding);
    } else if (const auto ended = withdraw(work, journal, *one.incident)) {
      one.incident = *ended;
      ++done;
    }
  }
  const auto opened = apply_replayed_findings(work, journal, findings);
  for (std::size_t i = 0; i < missing.size(); ++i) missing[i]->incident = opened[i];
  return done + static_cast<int>(missing.size());
}

}  // namespace

ReplayReport compare_with_facts(const Work& work, const Period& period) {
  return Comparison{work, period}.run();
}

ReplayReport repair_from_facts(const Work& work, ReplayReport report) {
  report.repaired += repair_visits(work, guests_of(report), report.period.since);
  report.repaired += repair_incidents(work, report);
  return report;
}

ReplayReport repair_from_facts(db::Pool& pool, const Actor& actor, Instant now, const config::Settings& settings,
                               ReplayReport report) {
  const auto guests = guests_of(report);
  for (std::size_t first = 0; first < guests.size(); first += kGuestsAtOnce) {
    const auto some = std::span{guests}.subspan(first, std::min(kGuestsAtOnce, guests.size() - first));
    report.repaired += db::with_retry(pool, kTries, [&](db::Transaction& tx) {
      return repair_visits(Work{tx, actor, now, settings, domain::Scope::everything()}, some, report.period.since);
    });
  }
  report.repaired += db::with_retry(pool, kTries, [&](db::Transaction& tx) {
    return repair_incidents(Work{tx, actor, now, settings, domain::Scope::everything()}, report);
  });
  return report;
}

RuleTrial try_rules(const Work& work, const Period& period, std::span<const domain::SiteRules> sites,
                    std::optional<IncidentType> type) {
  RuleTrial trial;
  trial.period = period;
  const auto at_site = [&](const Incident& incident) {
    return std::any_of(sites.begin(), sites.end(),
                       [&](const domain::SiteRules& site) { return site.id == incident.site; });
  };
  std::vector<Incident> was;
  for (auto& incident : store::Replay{work.tx}.incidents(period.since, period.until)) {
    if (!at_site(incident) || (type && incident.type != *type)) continue;
    if (is_replayable(incident.type))
      was.push_back(std::move(incident));
    else
      ++trial.not_replayable[incident.type];
  }
  auto replayed = replay_rules(work, period, sites);
  std::erase_if(replayed.sights, [&](const Sight& sight) {
    return (type && sight.finding.type != *type) || !period.holds(sight.finding.occurred_at);
  });

  // An incident takes all that its subject does until it is ended; those stored say when that was.
  std::map<std::string, std::vector<const Incident*>> by_key;
  for (const auto& incident : was) by_key[incident.dedupe_key].push_back(&incident);
  std::set<IncidentId> met;
  std::string key;
  auto open_until = Instant::min();
  for (auto& sight : replayed.sights) {
    if (sight.key != key) {
      key = sight.key;
      open_until = Instant::min();
    }
    const auto at = sight.finding.occurred_at;
    if (at <= open_until) continue;
    const Incident* stored = nullptr;
    for (const auto* incident : by_key[key])
      if (!met.contains(incident->id) &&
          (supports(sight, *incident) || (incident->occurred_at <= at && at <= end_of(*incident))))
        stored = stored ? stored : incident;
    open_until = stored ? end_of(*stored) : Instant::max();
    if (stored) met.insert(stored->id);
    trial.tried.push_back({std::move(sight.finding), stored ? std::optional{*stored} : std::nullopt, true});
  }
  for (const auto& incident : was)
    if (!met.contains(incident.id)) trial.tried.push_back({finding_of(incident), incident, false});
  std::stable_sort(trial.tried.begin(), trial.tried.end(), [](const Tried& a, const Tried& b) {
    return std::tie(a.finding.occurred_at, a.finding.type) < std::tie(b.finding.occurred_at, b.finding.type);
  });
  return trial;
}

}  // namespace visitor::app
