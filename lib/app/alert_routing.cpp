#include "app/alert_routing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "app/account_recipients.hpp"
#include "app/alerts.hpp"
#include "domain/figures.hpp"
#include "store/presence.hpp"
#include "store/silences.hpp"

namespace visitor::app {
namespace {

using domain::AlertKind;
using store::UnroutedAlert;

constexpr std::chrono::seconds kLookAgain{30};
// Whoever sets up an escalation is not told of the last months.
constexpr std::chrono::hours kStale{24};
constexpr int kAtOnce = 1000;

/// Everything that decisions are made from, read once for all alerts of a round.
class Router {
 public:
  explicit Router(const Work& work)
      : work_(work),
        queue_(work.tx),
        routing_(moved(routing_of(work))),
        silences_(store::Silences{work.tx, domain::Scope::everything()}.active(work.now)),
        pacer_(routing_, silences_, queue_.history(work.now, routing_.storm_interval, paced_routes()), work.now) {}

  const domain::Routing& routing() const { return routing_; }

  /// What the database does not know.
  void complete(std::vector<UnroutedAlert>& alerts) {
    std::vector<IncidentId> incidents;
    for (auto& alert : alerts) {
      auto& facts = alert.facts;
      const auto details = domain::Figures::parse(alert.details);
      facts.step = details.text("step").value_or("");
      facts.route = details.text("route").value_or("");
      facts.host = host_of(alert);
      facts.host_language = domain::get_named<domain::Language>(work_.settings.alerts.host_language);
      const bool news = facts.kind == AlertKind::incident_updated || facts.kind == AlertKind::incident_ended;
      if (news && facts.incident) incidents.push_back(*facts.incident);
    }
    std::multimap<IncidentId, domain::AlertFacts::Told> told;
    for (auto& [incident, one] : queue_.told(incidents)) {
      one.recipient = name_of(one.place);
      told.emplace(incident, std::move(one));
    }
    for (auto& alert : alerts) {
      auto& facts = alert.facts;
      if (facts.kind != AlertKind::incident_updated && facts.kind != AlertKind::incident_ended) continue;
      const auto [first, last] = told.equal_range(facts.incident.value_or(IncidentId{}));
      for (auto one = first; one != last; ++one) facts.told.push_back(one->second);
    }
  }

  domain::Choice choose(const domain::AlertFacts& facts) const { return domain::choose(routing_, facts); }

  std::vector<domain::Decision> decide(const domain::AlertFacts& facts, const domain::Choice& choice) {
    auto decisions = pacer_.decide(facts, choice.chosen);
    if (facts.kind != AlertKind::guest_no_show) return decisions;
    // At midnight nobody wants to know who did not come.
    const auto morning =
        facts.zone.instant(facts.zone.local(facts.zone.day_start(work_.now)) + work_.settings.alerts.no_show_at);
    for (auto& decision : decisions)
      if (decision.chosen.recipient == "host" && morning > work_.now) decision.not_before = morning;
    return decisions;
  }

  const std::vector<domain::Gathering>& gatherings() const { return pacer_.gatherings(); }

  /// Writes what was decided on one alert.
  void add(const domain::AlertFacts& facts, const std::vector<domain::Decision>& decisions) {
    for (const auto& decision : decisions) {
      store::RoutedDelivery row;
      row.alert = facts.id;
      row.place = decision.chosen.place;
      row.language = decision.chosen.language;
      row.reason = decision.chosen.reason;
      row.route = decision.chosen.route;
      row.withheld = decision.withheld;
      row.told_by = decision.told_by;
      row.due_at = decision.not_before.value_or(work_.now);
      if (decision.gathering) {
        row.told_by = alert_of(*decision.gathering, facts);
        row.withheld = told_by_words(pacer_.gatherings()[*decision.gathering], *row.told_by, facts.zone);
      }
      rows_.push_back(std::move(row));
    }
    if (decisions.empty()) {
      auto& row = rows_.emplace_back();
      row.alert = facts.id;
      row.place = {domain::Channel::log, ""};
      row.due_at = work_.now;
      row.withheld = nobody_words(facts);
    }
  }

  void finish() { queue_.add(rows_); }

  static std::string told_by_words(const domain::Gathering& gathering, AlertId alert, const Zone& zone) {
    switch (gathering.why) {
      case domain::Gathering::Why::quiet:
        return fmt::format("told by alert {}: quiet hours until {}", alert, zone.stamp(gathering.due));
      case domain::Gathering::Why::storm:
        return fmt::format("told by alert {}: too many at once", alert);
      case domain::Gathering::Why::group:
        break;
    }
    return fmt::format("told by alert {}: route {} tells several together", alert, gathering.route);
  }

  static std::string nobody_words(const domain::AlertFacts& facts) {
    switch (facts.kind) {
      case AlertKind::incident_updated:
      case AlertKind::incident_ended:
        return "nobody who was told of the incident asked for news";
      case AlertKind::incident_escalated:
        return fmt::format("there is no escalation {} any more", facts.step);
      case AlertKind::guest_arrived:
      case AlertKind::guest_left:
      case AlertKind::guest_no_show:
        return "the host cannot be reached, and no route matches";
      default:
        return "no route matches";
    }
  }

 private:
  std::vector<std::string> paced_routes() const {
    std::vector<std::string> names;
    for (const auto& route : routing_.routes)
      if (route.interval.count() > 0) names.push_back(route.name);
    return names;
  }

  domain::Routing moved(domain::Routing routing) {
    for (const auto& [from, to] : queue_.moves())
      for (auto& recipient : routing.recipients)
        for (auto& place : recipient.places)
          if (place == from) place.address = to;
    return routing;
  }

  std::vector<domain::Place> host_of(const UnroutedAlert& alert) const {
    std::vector<domain::Place> places;
    for (const auto channel : host_channels(work_.settings)) {
      const auto& address = channel == domain::Channel::email ? alert.host_email : alert.host_chat;
      if (!address.empty()) places.push_back({channel, address});
    }
    return places;
  }

  std::string name_of(const domain::Place& place) const {
    for (const auto& recipient : routing_.recipients)
      if (std::ranges::find(recipient.places, place) != recipient.places.end()) return recipient.name;
    return "";
  }

  /// The alert that stands for a gathering, made when it is needed first.
  AlertId alert_of(std::size_t number, const domain::AlertFacts& facts) {
    const auto& gathering = pacer_.gatherings()[number];
    if (gathering.alert) return *gathering.alert;
    if (const auto made = made_.find(number); made != made_.end()) return made->second;
    store::QueuedAlert queued;
    queued.alert.kind = AlertKind::storm;
    queued.alert.severity = facts.severity;
    queued.alert.summary = "Several alerts are told together.";
    queued.alert.created_at = work_.now;
    queued.site = facts.site;
    queued.details =
        domain::Figures{}.add("why", domain::name(gathering.why)).add("recipient", gathering.recipient).json();
    const auto id = queue_.make(queued, gathering.follows).value();
    made_.emplace(number, id);
    auto& row = rows_.emplace_back();
    row.alert = id;
    row.place = gathering.place;
    row.language = gathering.language;
    row.reason = gathering.why == domain::Gathering::Why::quiet ? "quiet hours have ended"
                 : gathering.why == domain::Gathering::Why::storm
                     ? "too many alerts at once"
                     : "route " + gathering.route + " tells several together";
    row.route = gathering.route;
    row.due_at = gathering.due;
    return id;
  }

  const Work& work_;
  store::AlertQueue queue_;
  domain::Routing routing_;
  std::vector<domain::Silence> silences_;
  domain::Pacer pacer_;
  std::map<std::size_t, AlertId> made_;
  std::vector<store::RoutedDelivery> rows_;
};

/// Why a recipient whom nothing leads to gets nothing.
std::string why_not(const domain::Routing& routing, const RouteTest& test, const std::string& recipient) {
  std::string why;
  const auto add = [&](const std::string& part) { why += (why.empty() ? "" : "; ") + part; };
  if (test.facts.kind == AlertKind::incident_escalated) {
    for (const auto& step : routing.steps)
      if (std::ranges::find(step.to, recipient) != step.to.end() && step.name != test.facts.step)
        add(fmt::format("escalation {} is another step", step.name));
    return why.empty() ? "no escalation leads there" : why;
  }
  if (test.facts.kind == AlertKind::incident_updated || test.facts.kind == AlertKind::incident_ended)
    return "was not told of the incident";
  if (is_user_group(recipient)) return "nobody in it can be reached";
  const auto match = std::ranges::find(test.choice.looks, true, &domain::RouteLook::matches);
  for (const auto& route : routing.routes) {
    if (std::ranges::find(route.to, recipient) == route.to.end()) continue;
    const auto look = std::ranges::find(test.choice.looks, route.name, &domain::RouteLook::route);
    if (look == test.choice.looks.end())
      add(fmt::format("route {} stands after route {}, which matches", route.name,
                      match == test.choice.looks.end() ? "" : match->route));
    else if (look->matches)
      add(fmt::format("route {} is for other channels", route.name));
    else
      add(fmt::format("route {}: {}", route.name, look->why));
  }
  return why.empty() ? "no route leads there" : why;
}

RouteTest test(const Work& work, UnroutedAlert alert) {
  Router router{work};
  std::vector<UnroutedAlert> alerts{std::move(alert)};
  router.complete(alerts);
  RouteTest test;
  test.facts = alerts.front().facts;
  test.waits_for = alerts.front().waits_for;
  test.choice = router.choose(test.facts);
  test.decisions = router.decide(test.facts, test.choice);
  test.gatherings = router.gatherings();
  for (const auto& recipient : router.routing().recipients) {
    const auto told =
        std::ranges::any_of(test.choice.chosen, [&](const auto& chosen) { return chosen.recipient == recipient.name; });
    if (told || recipient.name == "log") continue;
    test.others.emplace_back(recipient.name, why_not(router.routing(), test, recipient.name));
  }
  return test;
}

[[noreturn]] void missing(std::string_view what, std::int64_t id, std::string_view list) {
  throw Error(Errc::not_found, fmt::format("{} {} does not exist", what, id),
              fmt::format("Run 'visitorctl {} list' to see them.", list));
}

}  // namespace

int route_alerts(const Work& work, int limit) {
  store::AlertQueue queue{work.tx};
  // Turn first: what another daemon has just decided on is seen then.
  if (!store::Presence{work.tx}.take_turn("route_alerts")) return 0;
  auto alerts = queue.due(work.now, limit);
  if (alerts.empty()) return 0;
  std::vector<AlertId> decided, waiting;
  for (const auto& alert : alerts) (alert.waits_for ? waiting : decided).push_back(alert.facts.id);
  queue.postpone(waiting, work.now + kLookAgain);
  std::erase_if(alerts, [](const UnroutedAlert& alert) { return alert.waits_for.has_value(); });
  if (alerts.empty()) return 0;

  Router router{work};
  router.complete(alerts);
  for (const auto& alert : alerts) router.add(alert.facts, router.decide(alert.facts, router.choose(alert.facts)));
  router.finish();
  queue.settle(decided);
  return static_cast<int>(decided.size());
}

int escalate(const Work& work) {
  const auto routing = routing_of(work);
  store::AlertQueue queue{work.tx};
  int queued = 0;
  const auto add = [&](AlertKind kind, IncidentId incident, domain::Severity severity, std::optional<VisitId> visit,
                       std::optional<SiteId> site, const std::string& summary, const domain::Figures& details,
                       std::string once_key) {
    store::QueuedAlert alert;
    alert.alert.kind = kind;
    alert.alert.severity = severity;
    alert.alert.incident = incident;
    alert.alert.visit = visit;
    alert.alert.summary = summary;
    alert.alert.created_at = work.now;
    alert.site = site;
    alert.details = details.json();
    alert.once_key = std::move(once_key);
    const auto id = queue.make(alert);
    if (!id) return;
    queue.postpone(std::span{&*id, 1}, work.now);
    ++queued;
  };

  auto longest = std::chrono::seconds{};
  auto shortest = std::chrono::seconds::max();
  for (const auto& step : routing.steps) {
    longest = std::max(longest, step.after);
    shortest = std::min(shortest, step.after);
  }
  if (!routing.steps.empty())
    for (const auto& one : queue.unanswered(work.now - longest - kStale, work.now - shortest, kAtOnce))
      for (const auto& step : routing.steps) {
        const auto due = one.since + step.after;
        if (due > work.now || due <= work.now - kStale || domain::mismatch(step.match, one.facts)) continue;
        add(AlertKind::incident_escalated, *one.facts.incident, one.facts.severity, one.visit, one.facts.site,
            one.summary, domain::Figures{}.add("step", step.name),
            fmt::format("escalated/{}/{}/{}", *one.facts.incident, step.name, one.times));
      }

  std::vector<std::string> repeating;
  for (const auto& route : routing.routes)
    if (route.repeat.count() > 0) repeating.push_back(route.name);
  for (const auto& one : queue.unrepeated(repeating, kAtOnce)) {
    const auto route = std::ranges::find(routing.routes, one.route, &domain::Route::name);
    if (one.last + route->repeat > work.now) continue;
    add(AlertKind::incident_opened, one.incident.id, one.incident.severity, one.incident.visit, one.incident.site,
        one.incident.summary, domain::Figures{}.add("route", one.route).add("reminder", true),
        fmt::format("reminder/{}/{}/{}", one.incident.id, one.route, one.told));
  }
  return queued;
}

RouteTest test_route(const Work& work, IncidentId incident) {
  auto alert = store::AlertQueue{work.tx}.of_incident(incident);
  if (!alert) missing("incident", incident.value, "incident");
  return test(work, *std::move(alert));
}

RouteTest test_route(const Work& work, AlertId id) {
  auto alert = store::AlertQueue{work.tx}.find(id);
  if (!alert) missing("alert", id.value, "alert");
  return test(work, *std::move(alert));
}

RouteTest test_route(const Work& work, const domain::AlertFacts& facts) {
  UnroutedAlert alert;
  alert.facts = facts;
  alert.details = "{}";
  return test(work, std::move(alert));
}

}  // namespace visitor::app
