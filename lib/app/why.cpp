#include "app/why.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "app/facts.hpp"
#include "core/zone.hpp"
#include "domain/rules.hpp"
#include "store/accounts.hpp"
#include "store/alerts.hpp"
#include "store/incidents.hpp"
#include "store/visit_actions.hpp"

namespace visitor::domain {

template <>
std::span<const Name<app::LinkKind>> names() {
  static constexpr Name<app::LinkKind> kNames[] = {
      {app::LinkKind::registered, "registered", "Registered", "Зарегистрирован"},
      {app::LinkKind::event, "event", "Event", "Событие"},
      {app::LinkKind::action, "action", "Action", "Действие"},
      {app::LinkKind::incident, "incident", "Incident", "Инцидент"},
      {app::LinkKind::step, "step", "Step", "Шаг"},
      {app::LinkKind::alert, "alert", "Alert", "Оповещение"},
      {app::LinkKind::delivery, "delivery", "Delivery", "Доставка"},
  };
  return kNames;
}

}  // namespace visitor::domain

namespace visitor::app {
namespace {

using domain::ActionKind;
using domain::Language;

constexpr int kIncidentsShown = 1000;
constexpr int kDenialsShown = 1000;

std::string english(auto value) {
  return std::string{domain::label(value, Language::english)};
}

std::string source_of(const store::EventListed& listed) {
  const auto& event = listed.event;
  auto text = listed.terminal_name.empty() ? fmt::format("terminal {}", event.key.terminal) : listed.terminal_name;
  if (!listed.door_name.empty()) text += ", " + listed.door_name;
  return fmt::format("{}, door {}, reader {}, serial {}, epoch {}", text, event.door_no, event.reader_no,
                     event.key.serial, event.key.epoch);
}

Link event_link(store::EventListed listed, std::string what, std::string effect) {
  Link link;
  link.at = listed.event.key.occurred_at;
  link.learned = listed.event.received_at;
  link.kind = LinkKind::event;
  link.what = std::move(what);
  link.source = source_of(listed);
  link.effect = std::move(effect);
  link.event = std::move(listed);
  return link;
}

/// What a person types, or which timer does it.
std::string_view origin_of(const domain::VisitAction& action) {
  const bool timer = action.how == domain::ActionHow::automatic;
  switch (action.kind) {
    case ActionKind::check_in:
      return "visit checkin";
    case ActionKind::check_out:
      return "visit checkout";
    case ActionKind::cancel:
      return "visit cancel";
    case ActionKind::no_show:
      return timer ? "mark_no_shows" : "visit";
    case ActionKind::presume_left:
      return timer ? "close_presumed_left" : "visit";
    case ActionKind::reopen:
      return "visit reopen";
  }
  return "";
}

std::string source_of(const RecordedAction& recorded) {
  const auto origin = origin_of(recorded.action);
  switch (recorded.action.how) {
    case domain::ActionHow::person:
      return fmt::format("{} (visitorctl {})", recorded.login, origin);
    case domain::ActionHow::api:
      return fmt::format("{} (another system, {})", recorded.login, origin);
    case domain::ActionHow::automatic:
      return fmt::format("timer {}", origin);
  }
  return "";
}

/// The states that a guest's facts give up to each moment.
class Past {
 public:
  Past(const Work& work, GuestId guest, VisitId visit, Instant since) : visit_(visit), reader_(work) {
    const FactsReader::Task task{guest, since};
    facts_ = reader_.read(std::span{&task, 1}, FactsReader::Rows::as_they_are).at(guest);
    folded_ = domain::fold(facts_.plans, facts_.passages, facts_.actions, reader_.settings());
  }

  const domain::Folded& folded() const { return folded_; }
  const GuestFacts& facts() const { return facts_; }
  domain::VisitState state() const { return folded_.visits.at(visit_); }

  domain::VisitStatus status_at(Instant at) const {
    std::vector<domain::Passage> passages;
    for (const auto& one : facts_.passages)
      if (one.key.occurred_at <= at) passages.push_back(one);
    std::vector<domain::VisitAction> actions;
    for (const auto& one : facts_.actions)
      if (one.happened_at <= at) actions.push_back(one);
    return domain::fold(facts_.plans, passages, actions, reader_.settings()).visits.at(visit_).status;
  }
  std::string effect_at(Instant at) const {
    const auto after = status_at(at);
    const auto before = status_at(at - std::chrono::microseconds{1});
    return before == after ? "" : std::string{domain::name(after)};
  }

 private:
  VisitId visit_;
  FactsReader reader_;
  GuestFacts facts_;
  domain::Folded folded_;
};

void add_facts(const Work& work, const VisitListed& listed, const Past& past, std::vector<Link>& chain) {
  const auto& visit = listed.visit;
  Link registered;
  registered.at = visit.registered_at;
  registered.kind = LinkKind::registered;
  const auto zone = Zone::named(listed.time_zone);
  registered.what = fmt::format("Registered: {}, expected from {} until {}", listed.guest_name,
                                zone.stamp(visit.expected_from), zone.stamp(visit.expected_until));
  if (visit.registered_by)
    if (const auto account = store::Accounts{work.tx}.find(*visit.registered_by)) registered.login = account->login;
  registered.source = registered.login.empty() ? "" : registered.login + " (visit create)";
  registered.effect = "AWAITING";
  chain.push_back(std::move(registered));

  std::map<domain::EventKey, domain::StepKind> steps;
  std::vector<domain::EventKey> keys;
  for (const auto& step : past.folded().steps)
    if (step.visit == visit.id && steps.emplace(step.key, step.kind).second) keys.push_back(step.key);
  for (auto& event : store::Events{work.tx, work.scope}.of_keys(keys)) {
    const auto at = event.event.key.occurred_at;
    auto what = english(steps.at(event.event.key));
    chain.push_back(event_link(std::move(event), std::move(what), past.effect_at(at)));
  }

  std::set<std::pair<Instant, ActionKind>> refused;
  for (const auto index : past.folded().refused)
    if (const auto& action = past.facts().actions[index]; action.visit == visit.id)
      refused.emplace(action.happened_at, action.kind);
  for (const auto& recorded : store::VisitActions{work.tx}.history(visit.id)) {
    Link link;
    link.at = recorded.action.happened_at;
    if (recorded.recorded_at != link.at) link.learned = recorded.recorded_at;
    link.kind = LinkKind::action;
    link.what = english(recorded.action.kind);
    if (!recorded.reason.empty()) link.what += ": " + recorded.reason;
    link.source = source_of(recorded);
    link.login = recorded.login;
    link.effect = refused.contains({recorded.action.happened_at, recorded.action.kind})
                      ? "none, the facts speak against it"
                      : past.effect_at(link.at);
    chain.push_back(std::move(link));
  }
}

void add_incident(const Work& work, const domain::Incident& incident, std::vector<Link>& chain) {
  for (const auto& step : store::Incidents{work.tx, work.scope}.history(incident.id)) {
    Link link;
    link.at = step.at;
    link.incident = incident.id;
    link.login = step.login;
    if (step.what == "opened") {
      link.kind = LinkKind::incident;
      link.what = fmt::format("Incident {} opened{}: {}", incident.id, incident.late ? " late" : "", incident.summary);
      link.source =
          incident.type == domain::IncidentType::other && !step.login.empty()
              ? step.login
              : fmt::format("rule {}, holds since {}", domain::name(incident.type), to_iso(incident.occurred_at));
    } else {
      link.kind = LinkKind::step;
      link.what = fmt::format("Incident {} {}", incident.id, step.what);
      if (!step.note.empty()) link.what += ": " + step.note;
      link.source = step.login;
    }
    link.effect = fmt::format("incident {}", domain::name(step.status));
    chain.push_back(std::move(link));
  }
}

void add_alerts(const Work& work, std::optional<VisitId> visit, std::span<const IncidentId> incidents,
                std::vector<Link>& chain) {
  for (const auto& [alert, deliveries] : store::Alerts{work.tx, work.scope}.about(visit, incidents)) {
    Link told;
    told.at = alert.created_at;
    told.kind = LinkKind::alert;
    told.what = fmt::format("Alert {}: {}", alert.id, alert.summary);
    told.source = alert.incident ? fmt::format("incident {}", *alert.incident) : std::string{domain::name(alert.kind)};
    told.incident = alert.incident;
    told.alert = alert.id;
    chain.push_back(std::move(told));
    for (const auto& delivery : deliveries) {
      Link link;
      link.at = delivery.sent_at.value_or(alert.created_at);
      link.kind = LinkKind::delivery;
      link.what = fmt::format("Delivery {} {}", delivery.id, domain::name(delivery.state));
      if (delivery.attempts > 1) link.what += fmt::format(" after {} tries", delivery.attempts);
      if (!delivery.last_error.empty()) link.what += ": " + delivery.last_error;
      link.source = std::string{domain::name(delivery.channel)};
      if (!delivery.recipient.empty()) link.source += " to " + delivery.recipient;
      link.incident = alert.incident;
      link.alert = alert.id;
      link.delivery = delivery.id;
      chain.push_back(std::move(link));
    }
  }
}

/// Of one instant, what comes first in the way of an event comes first.
void sort(std::vector<Link>& chain) {
  std::stable_sort(chain.begin(), chain.end(),
                   [](const Link& a, const Link& b) { return std::tie(a.at, a.kind) < std::tie(b.at, b.kind); });
}

/// The refusals that a rule counted.
void add_denials(const Work& work, const domain::Incident& incident, std::vector<Link>& chain) {
  if (!incident.event) return;
  const auto last = store::Events{work.tx, work.scope}.find(*incident.event);
  if (!last) return;
  const auto& event = last->event;
  store::EventFilter filter;
  filter.classes = {domain::EventClass::denied};
  filter.since = event.key.occurred_at - work.settings.rules.failed_access_window;
  filter.until = std::max(incident.last_seen_at, event.key.occurred_at) + std::chrono::microseconds{1};
  filter.limit = kDenialsShown;
  const auto subject_of = [](const domain::AccessEvent& one) {
    return domain::denial_subject(one.guest, one.employee_no, one.card_no, one.key.terminal, one.door_no);
  };
  for (auto& listed : store::Events{work.tx, work.scope}.list(filter))
    if (subject_of(listed.event) == subject_of(event) && listed.event.id != event.id)
      chain.push_back(event_link(std::move(listed), "Refused", ""));
}

}  // namespace

WhyVisit why_visit(const Work& work, VisitId id) {
  WhyVisit why;
  why.visit = get_visit(work, id);
  const auto& visit = why.visit.visit;
  const Past past{work, visit.guest, id,
                  std::min(visit.expected_from, visit.state.checked_in_at.value_or(visit.expected_from))};
  why.folded = past.state();
  add_facts(work, why.visit, past, why.chain);

  store::IncidentFilter filter;
  filter.visit = id;
  filter.limit = kIncidentsShown;
  std::vector<IncidentId> incidents;
  for (const auto& listed : list_incidents(work, filter)) {
    incidents.push_back(listed.incident.id);
    add_incident(work, listed.incident, why.chain);
  }
  add_alerts(work, id, incidents, why.chain);
  sort(why.chain);
  return why;
}

WhyIncident why_incident(const Work& work, IncidentId id) {
  WhyIncident why;
  why.incident = get_incident(work, id).listed;
  const auto& incident = why.incident.incident;
  if (incident.visit) {
    const auto visit = get_visit(work, *incident.visit);
    const Past past{
        work, visit.visit.guest, visit.visit.id,
        std::min(visit.visit.expected_from, visit.visit.state.checked_in_at.value_or(visit.visit.expected_from))};
    add_facts(work, visit, past, why.chain);
    const auto seen = std::max(incident.occurred_at, incident.last_seen_at);
    std::erase_if(why.chain, [&](const Link& link) { return link.kind != LinkKind::registered && link.at > seen; });
  }
  if (incident.event) {
    const bool there = std::any_of(why.chain.begin(), why.chain.end(), [&](const Link& link) {
      return link.event && link.event->event.id == *incident.event;
    });
    if (auto event = there ? std::nullopt : store::Events{work.tx, work.scope}.find(*incident.event)) {
      auto what = english(event->event.event_class);
      why.chain.push_back(event_link(*std::move(event), std::move(what), ""));
    }
  }
  if (incident.type == domain::IncidentType::multiple_failed_access) add_denials(work, incident, why.chain);
  add_incident(work, incident, why.chain);
  add_alerts(work, {}, std::span{&id, 1}, why.chain);
  sort(why.chain);
  return why;
}

}  // namespace visitor::app
