#include "app/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "app/alerts.hpp"
#include "store/event_copy.hpp"
#include "store/incidents.hpp"

namespace visitor::app {
namespace {

using domain::Finding;
using domain::IncidentType;

std::vector<domain::Incident> apply(const Work& work, store::Journal& journal,
                                    std::span<const store::Sighting> sightings) {
  std::vector<domain::Incident> opened;
  std::vector<store::Journal::Entry> entries;
  std::map<IncidentId, std::pair<domain::Incident, int>> seen_again;
  for (const auto& [incident, is_new] :
       store::Incidents{work.tx, domain::Scope::everything()}.open_or_touch(sightings, work.now)) {
    journal.change(store::topic::kIncident, incident.id, incident.version);
    if (!is_new) {
      ++seen_again.try_emplace(incident.id, incident, 0).first->second.second;
      continue;
    }
    opened.push_back(incident);
    entries.push_back({domain::AuditAction::create, store::topic::kIncident, incident.id.value,
                       fmt::format(R"({{"type":"{}","severity":"{}","late":{}}})", domain::name(incident.type),
                                   domain::name(incident.severity), incident.late)});
    queue_alert(work, incident);
  }
  for (const auto& [id, seen] : seen_again) queue_sightings(work, seen.first, seen.second);
  journal.audit(entries);
  return opened;
}

}  // namespace

std::vector<domain::Incident> apply_findings(const Work& work, store::Journal& journal,
                                             std::span<const Finding> findings,
                                             const std::map<domain::EventKey, EventId>& events) {
  if (findings.empty()) return {};
  std::vector<store::Sighting> sightings;
  for (const auto& finding : findings) {
    auto& sighting = sightings.emplace_back();
    sighting.finding = finding;
    sighting.late = work.now - finding.occurred_at > work.settings.rules.live_window;
    if (!finding.event) continue;
    if (const auto event = events.find(*finding.event); event != events.end()) sighting.event = event->second;
  }
  // Of several sightings of one subject the first describes the incident: the latest, which is not late if one is not.
  std::sort(sightings.begin(), sightings.end(), [](const store::Sighting& a, const store::Sighting& b) {
    return std::tie(a.finding.occurred_at, a.finding.event) > std::tie(b.finding.occurred_at, b.finding.event);
  });
  return apply(work, journal, sightings);
}

std::vector<domain::Incident> apply_timed_findings(const Work& work, store::Journal& journal,
                                                   std::span<const Finding> findings) {
  if (findings.empty()) return {};
  std::vector<std::string> keys;
  for (const auto& finding : findings) keys.push_back(store::Incidents::dedupe_key(finding));
  std::map<std::string, Instant> newest;
  for (const auto& incident : store::Incidents{work.tx, domain::Scope::everything()}.newest(keys))
    newest[incident.dedupe_key] = std::max(incident.occurred_at, incident.last_seen_at);

  std::vector<store::Sighting> sightings;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const auto seen = newest.find(keys[i]);
    if (seen != newest.end() && findings[i].occurred_at <= seen->second) continue;
    sightings.emplace_back().finding = findings[i];
  }
  return apply(work, journal, sightings);
}

std::vector<domain::Incident> apply_replayed_findings(const Work& work, store::Journal& journal,
                                                      std::span<const Finding> findings) {
  std::vector<domain::EventKey> keys;
  for (const auto& finding : findings)
    if (finding.event) keys.push_back(*finding.event);
  const auto ids = store::EventCopy{work.tx}.ids(keys);
  auto id = ids.begin();
  std::vector<store::Sighting> sightings;
  for (const auto& finding : findings) sightings.push_back({finding, true, finding.event ? *id++ : std::nullopt});

  std::vector<domain::Incident> incidents;
  std::vector<store::Journal::Entry> entries;
  for (const auto& [incident, is_new] :
       store::Incidents{work.tx, domain::Scope::everything()}.open_or_touch(sightings, work.now)) {
    incidents.push_back(incident);
    journal.change(store::topic::kIncident, incident.id, incident.version);
    entries.push_back({is_new ? domain::AuditAction::create : domain::AuditAction::update, store::topic::kIncident,
                       incident.id.value,
                       fmt::format(R"({{"type":"{}","severity":"{}","late":true,"why":"replay"}})",
                                   domain::name(incident.type), domain::name(incident.severity))});
  }
  journal.audit(entries);
  return incidents;
}

void explain_exits(const Work& work, store::Journal& journal, std::span<const VisitId> visits) {
  if (visits.empty()) return;
  std::vector<std::string> keys;
  for (const auto visit : visits) {
    Finding finding;
    finding.type = IncidentType::exit_without_entry;
    finding.subject = fmt::format("visit:{}", visit);
    keys.push_back(store::Incidents::dedupe_key(finding));
  }
  std::sort(keys.begin(), keys.end());
  store::Incidents incidents{work.tx, domain::Scope::everything()};
  for (const auto& incident : incidents.newest(keys)) {
    if (!domain::is_open(incident.status)) continue;
    const auto ended = incidents.false_alarm(incident.id, incident.version, work.actor.account,
                                             "The entry arrived late; the guest had come in before.", work.now);
    journal.change(store::topic::kIncident, ended.id, ended.version);
    journal.audit(
        domain::AuditAction::update, store::topic::kIncident, ended.id,
        fmt::format(R"({{"from":"{}","to":"false_alarm","why":"late entry"}})", domain::name(incident.status)));
  }
}

}  // namespace visitor::app
