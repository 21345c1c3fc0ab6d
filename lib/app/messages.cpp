#include "app/messages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/zone.hpp"
#include "notify/wording.hpp"
#include "store/alert_notes.hpp"
#include "store/event_pictures.hpp"
#include "store/incidents.hpp"
#include "store/photos.hpp"
#include "store/sites.hpp"
#include "store/visits.hpp"

namespace visitor::app {
namespace {

using domain::AlertKind;

constexpr int kNamedInStorm = 10;

std::string link(const Work& work, std::string_view what, std::int64_t number) {
  std::string_view base = work.settings.alerts.link_base;
  if (base.empty()) return "";
  while (base.ends_with('/')) base.remove_suffix(1);
  return fmt::format("{}/{}/{}", base, what, number);
}

notify::Photo photo_of(std::string_view content_type, const std::vector<std::byte>& picture) {
  return {std::string{content_type}, {reinterpret_cast<const char*>(picture.data()), picture.size()}};
}

void add_photo(const Work& work, std::optional<GuestId> guest, notify::Message& message) {
  if (!guest) return;
  store::Photos photos{work.tx};
  const auto photo = photos.find(*guest);
  if (!photo) return;
  const auto picture = photos.picture(*guest);
  if (!picture) return;
  const bool jpeg = photo->info.format == domain::PhotoFormat::jpeg;
  message.photo = photo_of(jpeg ? "image/jpeg" : "image/png", *picture);
}

/// What the terminal saw; where there is no picture of that, the guest's photo says whom to look for.
void add_photo(const Work& work, const domain::Incident& incident, notify::Message& message) {
  if (const auto picture = store::EventPictures{work.tx, domain::Scope::everything()}.of(incident.id))
    message.photo = photo_of("image/jpeg", *picture);
  else
    add_photo(work, incident.guest, message);
}

void tell_incident(const Work& work, IncidentId id, bool reminder, notify::Message& message) {
  store::Incidents incidents{work.tx, domain::Scope::everything()};
  const auto listed = incidents.find_listed(id);
  if (!listed) return;
  const auto& incident = listed->incident;
  message.severity = incident.severity;
  message.visit = incident.visit;
  notify::IncidentTold told;
  told.type = incident.type;
  told.status = incident.status;
  told.late = incident.late;
  told.reminder = reminder;
  told.occurred_at = incident.occurred_at;
  told.detected_at = incident.detected_at;
  told.last_seen_at = incident.last_seen_at;
  told.seen_count = incident.seen_count;
  told.summary = incident.summary;
  told.details = incident.details;
  told.guest = listed->guest_name;
  told.host = listed->host_name;
  told.department = listed->department_name;
  told.assigned_to = listed->assigned_login;
  if (incident.status != domain::IncidentStatus::fresh) {
    const auto steps = incidents.history(id);
    if (!steps.empty()) {
      told.note = steps.back().note;
      if (!domain::is_open(incident.status)) told.ended_by = steps.back().login;
    }
  }
  notify::word_incident(message, told, Zone::named(listed->time_zone));
  message.link = link(work, "incidents", id.value);
  message.thread = fmt::format("incident-{}", id);
  if (message.kind == AlertKind::incident_opened || message.kind == AlertKind::incident_escalated)
    add_photo(work, incident, message);
}

void tell_visit(const Work& work, VisitId id, notify::Message& message) {
  const auto listed = store::Visits{work.tx, domain::Scope::everything()}.find_listed(id);
  if (!listed) return;
  const auto& visit = listed->visit;
  notify::VisitTold told;
  if (message.kind == AlertKind::guest_arrived) told.at = visit.state.checked_in_at;
  if (message.kind == AlertKind::guest_left) told.at = visit.state.checked_out_at;
  told.expected_from = visit.expected_from;
  told.expected_until = visit.expected_until;
  told.guest = listed->guest_name;
  told.company = listed->guest_company;
  told.host = listed->host_name;
  told.department = listed->department_name;
  notify::word_visit(message, told, Zone::named(listed->time_zone));
  message.link = link(work, "visits", id.value);
  message.thread = fmt::format("visit-{}", id);
  if (message.kind == AlertKind::guest_arrived) add_photo(work, visit.guest, message);
}

Zone zone_of(const Work& work, std::optional<SiteId> site) {
  const auto sites = store::Sites{work.tx, domain::Scope::everything()}.list();
  for (const auto& one : sites)
    if (one.id == site || (!site && sites.size() == 1)) return Zone::named(one.time_zone);
  return Zone::utc();
}

void tell_storm(const Work& work, const store::DueDelivery& due, const store::AlertNote& note,
                notify::Message& message) {
  store::AlertNotes notes{work.tx};
  const auto& to = due.delivery;
  const auto first = note.follows.value_or(due.alert.id);
  notify::StormTold told;
  told.from = told.until = due.alert.created_at;
  for (const auto& count : notes.counts(first, due.alert.id, to.channel, to.recipient)) {
    told.counts.push_back({count.severity, count.kind, count.type, count.count});
    told.from = std::min(told.from, count.first);
    told.until = std::max(told.until, count.last);
  }
  for (const auto& one : notes.gravest(first, due.alert.id, to.channel, to.recipient, kNamedInStorm))
    told.first.push_back({one.incident, one.type, one.severity, one.at});
  notify::word_storm(message, told, zone_of(work, note.site));
  message.thread = fmt::format("alerts-{}", first);
  if (note.follows) message.replaces = notes.sent_as(*note.follows, to.channel, to.recipient);
}

void tell(const Work& work, const store::DueDelivery& due, notify::Message& message) {
  const auto& alert = due.alert;
  store::AlertNotes notes{work.tx};
  switch (message.kind) {
    case AlertKind::incident_opened:
    case AlertKind::incident_updated:
    case AlertKind::incident_ended:
    case AlertKind::incident_escalated:
      if (alert.incident) {
        const auto note = domain::Figures::parse(notes.get(alert.id).details);
        tell_incident(work, *alert.incident, note.flag("reminder"), message);
      }
      return;
    case AlertKind::guest_arrived:
    case AlertKind::guest_left:
    case AlertKind::guest_no_show:
      if (alert.visit) tell_visit(work, *alert.visit, message);
      return;
    case AlertKind::storm: {
      const auto note = notes.get(alert.id);
      if (note.follows) return tell_storm(work, due, note, message);
      auto only = notes.only_one(alert.id, due.delivery.channel, due.delivery.recipient);
      if (!only || only->kind == AlertKind::storm) return tell_storm(work, due, note, message);
      message.kind = only->kind;
      message.severity = only->severity;
      message.incident = only->incident;
      message.visit = only->visit;
      message.summary = only->summary;
      return tell(work, {due.delivery, *only}, message);
    }
    case AlertKind::daily_summary:
    case AlertKind::weekly_report: {
      const auto note = notes.get(alert.id);
      return notify::word_digest(message, notify::digest_of(domain::Figures::parse(note.details)),
                                 zone_of(work, note.site));
    }
    case AlertKind::test:
    case AlertKind::canary:
      return notify::word_check(message);
  }
}

}  // namespace

notify::Message compose(const Work& work, const store::DueDelivery& due) {
  notify::Message message;
  message.alert = due.alert.id;
  message.delivery = due.delivery.id;
  message.recipient = due.delivery.recipient;
  message.language = due.delivery.language;
  message.kind = due.alert.kind;
  message.severity = due.alert.severity;
  message.incident = due.alert.incident;
  message.visit = due.alert.visit;
  message.summary = due.alert.summary;
  message.created_at = due.alert.created_at;
  message.possibly_repeated = due.possibly_repeated;
  message.progress = due.delivery.progress;
  if (message.kind == AlertKind::incident_updated || message.kind == AlertKind::incident_ended)
    message.replaces = due.first_provider_id;
  // The log names no person, and is not worth the questions.
  if (due.delivery.channel == domain::Channel::log) return message;
  tell(work, due, message);
  return message;
}

}  // namespace visitor::app
