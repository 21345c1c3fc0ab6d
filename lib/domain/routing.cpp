#include "domain/routing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/text.hpp"

namespace visitor::domain {
namespace {

// So long a storm is watched before its first summary.
constexpr std::chrono::seconds kFirstSummary{10};

bool is_incident(AlertKind kind) {
  return kind == AlertKind::incident_opened || kind == AlertKind::incident_updated ||
         kind == AlertKind::incident_ended || kind == AlertKind::incident_escalated;
}

bool is_guest(AlertKind kind) {
  return kind == AlertKind::guest_arrived || kind == AlertKind::guest_left || kind == AlertKind::guest_no_show;
}

template <class T>
bool has(const std::vector<T>& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool has_name(const std::vector<std::string>& list, std::string_view name) {
  return std::any_of(list.begin(), list.end(), [&](const auto& one) { return equal_ignoring_case(one, name); });
}

std::string or_list(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  return text;
}

template <class E>
std::string or_names(const std::vector<E>& values) {
  std::vector<std::string> words;
  for (const auto value : values) words.emplace_back(name(value));
  return or_list(words);
}

std::string at_least_words(Severity severity) {
  return severity == Severity::critical ? "critical" : fmt::format("{} or above", name(severity));
}

std::string unless_empty(std::string_view text, std::string_view otherwise) {
  return std::string{text.empty() ? otherwise : text};
}

const Recipient* find_recipient(const Routing& routing, std::string_view name) {
  for (const auto& one : routing.recipients)
    if (one.name == name) return &one;
  return nullptr;
}

/// Collects whom an alert is for, each place once.
class Chooser {
 public:
  Chooser(const Routing& routing, const AlertFacts& alert) : routing_(routing), alert_(alert) {}

  void everybody(const std::vector<std::string>& to, const std::vector<Channel>& channels, const std::string& route,
                 const std::string& reason) {
    for (const auto& name : to) {
      const auto* recipient = find_recipient(routing_, name);
      if (!recipient) continue;  // the configuration's check names it
      for (const auto& place : recipient->places)
        if (channels.empty() || has(channels, place.channel))
          add({name, place, recipient->language, route, reason, {}});
    }
  }

  void add(Chosen chosen) {
    if (places_.insert(chosen.place).second) choice_.chosen.push_back(std::move(chosen));
  }

  void look(const std::string& route, bool matches, std::string why) {
    choice_.looks.push_back({route, matches, std::move(why)});
  }

  void by_routes() {
    for (const auto& route : routing_.routes) {
      if (!alert_.route.empty() && alert_.route != route.name) continue;
      if (auto wrong = mismatch(route.match, alert_)) {
        look(route.name, false, *std::move(wrong));
        continue;
      }
      const auto why = in_words(route.match);
      look(route.name, true, why);
      everybody(route.to, route.channels, route.name, fmt::format("route {}: {}", route.name, why));
      if (!route.goes_on) return;
    }
  }

  void by_step() {
    for (const auto& step : routing_.steps) {
      if (step.name != alert_.step) continue;
      const auto why = fmt::format("nobody has answered for {}", format_span(step.after));
      look(step.name, true, why);
      everybody(step.to, step.channels, "", fmt::format("escalation {}: {}", step.name, why));
    }
  }

  /// News go where the first message went, if its route wants that.
  void by_history() {
    for (const auto& told : alert_.told) {
      const auto route = std::find_if(routing_.routes.begin(), routing_.routes.end(),
                                      [&](const Route& one) { return one.name == told.route; });
      const bool ended = alert_.kind == AlertKind::incident_ended;
      if (route == routing_.routes.end()) continue;
      const bool wanted = ended ? route->resolved : route->updates;
      look(route->name, wanted,
           wanted  ? "was told of the incident"
           : ended ? "does not ask for the end"
                   : "wants no news");
      if (wanted)
        add({told.recipient, told.place, told.language, told.route,
             fmt::format("route {}: told of the incident before", route->name), told.waiting});
    }
  }

  Choice take() { return std::move(choice_); }

 private:
  const Routing& routing_;
  const AlertFacts& alert_;
  std::set<Place> places_;
  Choice choice_;
};

/// Channels that people read.
bool tires(Channel channel) {
  return channel == Channel::telegram || channel == Channel::email;
}

}  // namespace

std::optional<Instant> quiet_until(const QuietHours& quiet, const Zone& zone, Instant now) {
  if (quiet.from == quiet.until) return std::nullopt;
  const auto local = zone.local(now);
  const auto midnight = std::chrono::floor<std::chrono::days>(local);
  const auto minute = local - midnight;
  const bool over_midnight = quiet.from > quiet.until;
  const bool inside =
      over_midnight ? minute >= quiet.from || minute < quiet.until : minute >= quiet.from && minute < quiet.until;
  if (!inside) return std::nullopt;
  const bool tomorrow = over_midnight && minute >= quiet.from;
  // In the hour that a clock shows twice the end may seem to be over; then it is.
  return std::max(now, zone.instant(midnight + std::chrono::days{tomorrow ? 1 : 0} + quiet.until));
}

std::optional<std::string> mismatch(const AlertMatch& match, const AlertFacts& alert) {
  const auto kind = is_incident(alert.kind) ? AlertKind::incident_opened : alert.kind;
  const bool incident = kind == AlertKind::incident_opened;
  const bool kind_meant = match.kinds.empty() ? incident : has(match.kinds, kind);
  if (!kind_meant)
    return fmt::format("is {}, not {}", name(kind),
                       match.kinds.empty() ? std::string{name(AlertKind::incident_opened)} : or_names(match.kinds));
  if (incident && !match.types.empty() && !(alert.type && has(match.types, *alert.type)))
    return fmt::format("is {}, not {}", alert.type ? name(*alert.type) : "of no type", or_names(match.types));
  if (incident && match.at_least && alert.severity < *match.at_least)
    return fmt::format("is {}, not {}", name(alert.severity), at_least_words(*match.at_least));
  if (!match.sites.empty() && !has_name(match.sites, alert.site_name))
    return fmt::format("is at {}, not {}", unless_empty(alert.site_name, "no site"), or_list(match.sites));
  if (!match.departments.empty() && !has_name(match.departments, alert.department_name))
    return fmt::format("is of {}, not {}", unless_empty(alert.department_name, "no department"),
                       or_list(match.departments));
  if (match.late == Lateness::live && alert.late) return "became known late";
  if (match.late == Lateness::late && !alert.late) return "did not become known late";
  return std::nullopt;
}

std::string in_words(const AlertMatch& match) {
  std::string words;
  const auto add = [&](const std::string& part) { words += (words.empty() ? "" : ", ") + part; };
  if (!match.kinds.empty()) add(or_names(match.kinds));
  if (!match.types.empty()) add("type " + or_names(match.types));
  if (match.at_least) add("severity " + at_least_words(*match.at_least));
  if (!match.sites.empty()) add("site " + or_list(match.sites));
  if (!match.departments.empty()) add("department " + or_list(match.departments));
  if (match.late == Lateness::late) add("became known late");
  if (match.late == Lateness::any) add("late or not");
  return words.empty() ? "any incident" : words;
}

Choice choose(const Routing& routing, const AlertFacts& alert) {
  Chooser chooser{routing, alert};
  for (const auto& place : alert.host)
    chooser.add({"host", place, alert.host_language, "", "is the host of the guest", {}});
  if (alert.kind == AlertKind::incident_escalated) {
    chooser.by_step();
  } else if (alert.kind == AlertKind::incident_updated || alert.kind == AlertKind::incident_ended) {
    chooser.by_history();
  } else if (!routing.routes.empty()) {
    chooser.by_routes();
  } else if (is_incident(alert.kind) && !alert.late) {
    chooser.add({"log", {Channel::log, ""}, Language::english, "", "there is no route", {}});
  }
  return chooser.take();
}

bool covers(const Silence& silence, const AlertFacts& alert, std::string_view recipient, Instant now) {
  if (now < silence.starts_at || now >= silence.ends_at) return false;
  if (!is_incident(alert.kind) && !(is_guest(alert.kind) && silence.guest)) return false;
  const auto is = [](const auto& wanted, const auto& given) { return !wanted || wanted == given; };
  return (silence.types.empty() || (alert.type && has(silence.types, *alert.type))) &&
         (!silence.at_most || alert.severity <= *silence.at_most) && is(silence.site, alert.site) &&
         is(silence.department, alert.department) && is(silence.guest, alert.guest) &&
         is(silence.terminal, alert.terminal) && is(silence.incident, alert.incident) &&
         (silence.recipient.empty() || silence.recipient == recipient);
}

Pacer::Pacer(const Routing& routing, std::span<const Silence> silences, PaceHistory history, Instant now)
    : routing_(routing), silences_(silences), history_(std::move(history)), now_(now) {}

std::optional<std::size_t> Pacer::open_one(const Place& place, Gathering::Why why, std::string_view route) const {
  for (std::size_t i = 0; i < history_.gatherings.size(); ++i) {
    const auto& one = history_.gatherings[i];
    if (one.open && one.place == place && one.why == why && one.route == route) return i;
  }
  return std::nullopt;
}

std::size_t Pacer::gather(const Chosen& chosen, Gathering::Why why, Instant due) {
  const auto route = why == Gathering::Why::group ? chosen.route : std::string{};
  if (const auto open = open_one(chosen.place, why, route)) return *open;
  Gathering begun;
  begun.place = chosen.place;
  begun.why = why;
  begun.route = route;
  begun.due = due;
  begun.open = true;
  begun.language = chosen.language;
  begun.recipient = chosen.recipient;
  if (why == Gathering::Why::storm) {
    // Goes on where it went on within the last interval, and brings that summary up to date.
    for (const auto& one : history_.gatherings) {
      if (one.place != chosen.place || one.why != why || !one.alert) continue;
      if (one.due + 2 * routing_.storm_interval <= now_) continue;
      begun.follows = one.follows ? one.follows : one.alert;
      begun.due = std::max(now_, one.due + routing_.storm_interval);
    }
  }
  history_.gatherings.push_back(std::move(begun));
  return history_.gatherings.size() - 1;
}

std::vector<Decision> Pacer::decide(const AlertFacts& alert, std::span<const Chosen> chosen) {
  std::vector<Decision> decisions;
  for (const auto& one : chosen) decisions.push_back(decide(alert, one));
  return decisions;
}

Decision Pacer::decide(const AlertFacts& alert, const Chosen& chosen) {
  Decision decision;
  decision.chosen = chosen;
  if (alert.kind == AlertKind::incident_escalated && alert.acknowledged) {
    decision.withheld = "somebody has answered meanwhile";
    return decision;
  }
  for (const auto& silence : silences_) {
    if (!covers(silence, alert, chosen.recipient, now_)) continue;
    decision.withheld = fmt::format("silence {}: {}", silence.id, silence.reason);
    return decision;
  }
  if (chosen.waiting) {
    decision.withheld = fmt::format("told by alert {}, which has not left yet", *chosen.waiting);
    decision.told_by = chosen.waiting;
    return decision;
  }
  if (chosen.place.channel == Channel::log) return decision;

  const auto* recipient = find_recipient(routing_, chosen.recipient);
  if (recipient && recipient->quiet && alert.severity != Severity::critical) {
    const auto end = quiet_until(*recipient->quiet, recipient->zone.value_or(alert.zone), now_);
    if (end) {
      decision.gathering = gather(chosen, Gathering::Why::quiet, *end);
      return decision;
    }
  }

  if (tires(chosen.place.channel)) {
    const int before = history_.last_minute[chosen.place]++;
    if (before >= routing_.storm_limit || open_one(chosen.place, Gathering::Why::storm, "")) {
      decision.gathering = gather(chosen, Gathering::Why::storm, now_ + kFirstSummary);
      return decision;
    }
  }

  const auto route = std::find_if(routing_.routes.begin(), routing_.routes.end(),
                                  [&](const Route& one) { return one.name == chosen.route; });
  if (chosen.route.empty() || route == routing_.routes.end()) return decision;
  const auto key = std::pair{chosen.route, chosen.place};
  auto due = now_ + route->wait;
  if (const auto last = history_.last_of_route.find(key);
      last != history_.last_of_route.end() && route->interval > std::chrono::seconds{})
    due = std::max(due, last->second + route->interval);
  if (open_one(chosen.place, Gathering::Why::group, chosen.route) || due > now_)
    decision.gathering = gather(chosen, Gathering::Why::group, due);
  history_.last_of_route[key] = decision.gathering ? history_.gatherings[*decision.gathering].due : now_;
  return decision;
}

template <>
std::span<const Name<Lateness>> names() {
  static constexpr std::array<Name<Lateness>, 3> kNames{{
      {Lateness::live, "no", "No", "Нет"},
      {Lateness::late, "yes", "Yes", "Да"},
      {Lateness::any, "any", "Any", "Любые"},
  }};
  return kNames;
}

template <>
std::span<const Name<Gathering::Why>> names() {
  static constexpr std::array<Name<Gathering::Why>, 3> kNames{{
      {Gathering::Why::storm, "storm", "Many at once", "Много сразу"},
      {Gathering::Why::quiet, "quiet", "Quiet hours", "Тихие часы"},
      {Gathering::Why::group, "group", "Told together", "Вместе"},
  }};
  return kNames;
}

}  // namespace visitor::domain
