#include "app/alerts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/account_recipients.hpp"
#include "store/alert_queue.hpp"
#include "store/alerts.hpp"

namespace visitor::app {
namespace {

using domain::AlertKind;

// Who did not come is known at the end of the day, and told the next morning.
constexpr std::chrono::hours kOldNoShow{24};

store::QueuedAlert about(const Work& work, const domain::Incident& incident, AlertKind kind) {
  store::QueuedAlert queued;
  queued.alert.kind = kind;
  queued.alert.severity = incident.severity;
  queued.alert.incident = incident.id;
  queued.alert.visit = incident.visit;
  queued.alert.summary = incident.summary;
  queued.alert.created_at = work.now;
  queued.site = incident.site;
  return queued;
}

void queue(const Work& work, const store::QueuedAlert& queued) {
  store::AlertQueue{work.tx}.queue(queued, work.now);
}

bool wants_late(const config::Settings& settings) {
  return std::ranges::any_of(settings.routes, [](const auto& route) { return route.match.late != "no"; });
}

bool wants_guests(const config::Settings& settings) {
  return std::ranges::any_of(settings.routes, [](const auto& route) {
    return std::ranges::any_of(route.match.kinds, [](const auto& kind) { return kind.starts_with("guest_"); });
  });
}

bool recent(const Work& work, std::optional<Instant> at, std::chrono::seconds window) {
  return at && work.now - *at <= window;
}

template <class E>
std::vector<E> named(const std::vector<std::string>& words) {
  std::vector<E> values;
  for (const auto& word : words) values.push_back(domain::get_named<E>(word));
  return values;
}

domain::AlertMatch match_of(const config::Settings::AlertMatch& given) {
  domain::AlertMatch match;
  match.kinds = named<AlertKind>(given.kinds);
  match.types = named<domain::IncidentType>(given.types);
  if (given.severity != domain::name(domain::Severity::low))
    match.at_least = domain::get_named<domain::Severity>(given.severity);
  match.sites = given.sites;
  match.departments = given.departments;
  match.late = domain::get_named<domain::Lateness>(given.late);
  return match;
}

domain::Recipient recipient_of(const config::Settings::Recipient& given) {
  domain::Recipient recipient;
  recipient.name = given.name;
  recipient.language = domain::get_named<domain::Language>(given.language);
  const auto add = [&](domain::Channel channel, const std::string& address) {
    if (!address.empty()) recipient.places.push_back({channel, address});
  };
  add(domain::Channel::telegram, given.telegram);
  add(domain::Channel::email, given.email);
  add(domain::Channel::webhook, given.webhook);
  add(domain::Channel::exec, given.exec);
  if (given.quiet_from != given.quiet_until) recipient.quiet = domain::QuietHours{given.quiet_from, given.quiet_until};
  if (!given.time_zone.empty()) recipient.zone = Zone::named(given.time_zone);
  return recipient;
}

/// With the members of groups in their places.
std::vector<std::string> people_of(const config::Settings& settings, const std::vector<std::string>& to) {
  std::vector<std::string> people;
  const auto add = [&](const std::string& name) {
    if (std::ranges::find(people, name) == people.end()) people.push_back(name);
  };
  for (const auto& name : to) {
    const auto group = std::ranges::find(settings.groups, name, &config::Settings::Group::name);
    if (group == settings.groups.end())
      add(name);
    else
      for (const auto& member : group->members) add(member);
  }
  return people;
}

}  // namespace

void queue_alert(const Work& work, const domain::Incident& incident) {
  if (incident.late && !wants_late(work.settings)) return;
  const auto queued = about(work, incident, AlertKind::incident_opened);
  if (!work.settings.routes.empty()) return queue(work, queued);
  const store::Address log{domain::Channel::log, ""};
  store::Alerts{work.tx, domain::Scope::everything()}.queue(queued.alert, std::span{&log, 1});
}

void queue_update(const Work& work, const domain::Incident& incident) {
  const auto wants = [](const auto& route) { return route.updates; };
  if (std::ranges::any_of(work.settings.routes, wants)) queue(work, about(work, incident, AlertKind::incident_updated));
}

void queue_sightings(const Work& work, const domain::Incident& incident, int times) {
  for (long long round = 10; round <= incident.seen_count; round *= 10) {
    if (round <= incident.seen_count - times) continue;
    if (incident.late && !wants_late(work.settings)) return;
    if (std::ranges::none_of(work.settings.routes, [](const auto& route) { return route.updates; })) return;
    auto queued = about(work, incident, AlertKind::incident_updated);
    queued.once_key = fmt::format("seen/{}/{}", incident.id, round);
    queue(work, queued);
  }
}

void queue_end(const Work& work, const domain::Incident& incident) {
  const auto wants = [](const auto& route) { return route.resolved; };
  if (std::ranges::any_of(work.settings.routes, wants)) queue(work, about(work, incident, AlertKind::incident_ended));
}

void queue_reopened(const Work& work, const domain::Incident& incident) {
  if (!work.settings.routes.empty()) queue_alert(work, incident);
}

void queue_guest_news(const Work& work, std::span<const Refolded::Change> changes) {
  const bool routed = wants_guests(work.settings);
  const bool hosts = !host_channels(work.settings).empty();
  if (!routed && !hosts) return;
  const auto live = work.settings.rules.live_window;
  std::vector<store::GuestNews> news;
  for (const auto& [before, after] : changes) {
    if (!routed && !after.host) continue;
    const auto& was = before.state;
    const auto& is = after.state;
    if (is.checked_in_at && !was.checked_in_at && recent(work, is.checked_in_at, live))
      news.push_back({AlertKind::guest_arrived, after.id});
    if (is.checked_out_at && is.checked_out_at != was.checked_out_at && is.checked_out_how != domain::How::presumed &&
        recent(work, is.checked_out_at, live))
      news.push_back({AlertKind::guest_left, after.id});
    if (is.status == domain::VisitStatus::no_show && was.status != is.status && recent(work, is.ended_at, kOldNoShow))
      news.push_back({AlertKind::guest_no_show, after.id});
  }
  if (!news.empty()) store::AlertQueue{work.tx}.queue(news, routed, work.now);
}

domain::Routing routing_of(const Work& work) {
  const auto& settings = work.settings;
  domain::Routing routing;
  for (const auto& one : settings.recipients) routing.recipients.push_back(recipient_of(one));
  domain::Recipient log;
  log.name = "log";
  log.places = {{domain::Channel::log, ""}};
  routing.recipients.push_back(std::move(log));
  for (const auto& given : settings.routes) {
    domain::Route route;
    route.name = given.name;
    route.match = match_of(given.match);
    route.to = people_of(settings, given.to);
    route.channels = named<domain::Channel>(given.channels);
    route.goes_on = given.goes_on;
    route.updates = given.updates;
    route.resolved = given.resolved;
    route.wait = given.group_wait;
    route.interval = given.group_interval;
    route.repeat = given.repeat;
    routing.routes.push_back(std::move(route));
  }
  for (const auto& given : settings.escalations) {
    domain::EscalationStep step;
    step.name = given.name;
    step.match = match_of(given.match);
    step.after = given.after;
    step.to = people_of(settings, given.to);
    step.channels = named<domain::Channel>(given.channels);
    routing.steps.push_back(std::move(step));
  }
  routing.storm_limit = settings.alerts.storm_limit;
  routing.storm_interval = settings.alerts.storm_interval;
  add_accounts(work, routing);
  return routing;
}

std::vector<domain::Channel> host_channels(const config::Settings& settings) {
  std::vector<domain::Channel> channels;
  if (!settings.alerts.tell_hosts) return channels;
  if (!settings.email.server.empty()) channels.push_back(domain::Channel::email);
  if (!settings.telegram.token.path.empty()) channels.push_back(domain::Channel::telegram);
  return channels;
}

}  // namespace visitor::app
