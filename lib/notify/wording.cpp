#include "notify/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>

#include "domain/rules.hpp"
#include "notify/texts.hpp"

namespace visitor::notify {
namespace {

using domain::AlertKind;
using domain::IncidentStatus;
using domain::label;
using domain::Language;

std::string moment(Instant at, const Zone& zone) {
  return fmt::format("{} ({})", zone.stamp(at), zone.name());
}

/// Adds the fact where there is one.
void fact(Message& message, Phrase label, std::string value) {
  if (!value.empty()) message.facts.push_back({say(label, message.language), std::move(value)});
}

void people(Message& message, std::string guest, const std::string& host, const std::string& department) {
  fact(message, Phrase::guest, std::move(guest));
  fact(message, Phrase::host, host);
  fact(message, Phrase::department, department);
  if (message.visit) fact(message, Phrase::visit, std::to_string(message.visit->value));
}

Phrase subject_of(AlertKind kind, const IncidentTold& told) {
  switch (kind) {
    case AlertKind::incident_updated:
      return Phrase::update;
    case AlertKind::incident_ended:
      return Phrase::closed;
    case AlertKind::incident_escalated:
      return Phrase::escalated;
    default:
      return told.late ? Phrase::late_security_alert : told.reminder ? Phrase::reminder : Phrase::security_alert;
  }
}

void add_line(std::string& text, const std::string& line) {
  if (!text.empty()) text += '\n';
  text += line;
}

std::string number(std::int64_t count) {
  return std::to_string(count);
}

/// "Long stay 3, Duress 1".
std::string counted(const std::vector<std::pair<std::string_view, std::int64_t>>& counts) {
  std::string text;
  for (const auto& [what, count] : counts) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", what, count);
  return text;
}

template <class E>
std::string counted(const std::vector<std::pair<E, std::int64_t>>& counts, Language language) {
  std::vector<std::pair<std::string_view, std::int64_t>> labelled;
  for (const auto& [what, count] : counts) labelled.emplace_back(label(what, language), count);
  return counted(labelled);
}

void describe(std::string& text, const DigestPart& part, Language language) {
  const auto line = [&](Phrase phrase, std::int64_t count) { add_line(text, say(phrase, language, number(count))); };
  line(Phrase::arrivals, part.arrivals);
  line(Phrase::departures, part.departures);
  if (part.presumed > 0) line(Phrase::presumed, part.presumed);
  if (part.no_shows > 0) line(Phrase::no_shows, part.no_shows);
  if (part.cancelled > 0) line(Phrase::cancelled, part.cancelled);
  if (part.incidents == 0) return add_line(text, say(Phrase::nothing_happened, language));
  line(Phrase::incidents, part.incidents);
  if (part.open > 0) line(Phrase::of_them_open, part.open);
  auto severities = part.severities;
  std::ranges::sort(severities, std::greater<>{});
  auto types = part.types;
  std::ranges::stable_sort(types, std::greater<>{}, &std::pair<domain::IncidentType, std::int64_t>::second);
  add_line(text, fmt::format("{}: {}", phrase(Phrase::by_severity, language), counted(severities, language)));
  add_line(text, fmt::format("{}: {}", phrase(Phrase::by_type, language), counted(types, language)));
}

std::string date(Instant at, const Zone& zone) {
  return zone.stamp(at).substr(0, std::string_view{"2026-09-01"}.size());
}

template <class E>
void put(domain::Figures& figures, const std::string& prefix, const std::vector<std::pair<E, std::int64_t>>& counts) {
  for (const auto& [what, count] : counts) figures.add(fmt::format("{}{}", prefix, domain::name(what)), count);
}

template <class E>
std::vector<std::pair<E, std::int64_t>> get(const domain::Figures& figures, const std::string& prefix) {
  std::vector<std::pair<E, std::int64_t>> counts;
  for (const auto& row : domain::names<E>())
    if (const auto count = figures.number(fmt::format("{}{}", prefix, row.name)); count && *count != 0)
      counts.emplace_back(row.value, *count);
  return counts;
}

/// The plain counts of a part, with the names they are kept under.
constexpr std::pair<std::string_view, std::int64_t DigestPart::*> kCounts[] = {
    {"arrivals", &DigestPart::arrivals}, {"departures", &DigestPart::departures}, {"presumed", &DigestPart::presumed},
    {"no_shows", &DigestPart::no_shows}, {"cancelled", &DigestPart::cancelled},   {"incidents", &DigestPart::incidents},
    {"open", &DigestPart::open},
};

void put(domain::Figures& figures, const std::string& prefix, const DigestPart& part) {
  for (const auto& [name, member] : kCounts) figures.add(fmt::format("{}.{}", prefix, name), part.*member);
  put(figures, prefix + ".type.", part.types);
  put(figures, prefix + ".severity.", part.severities);
}

DigestPart part_of(const domain::Figures& figures, const std::string& prefix) {
  DigestPart part;
  for (const auto& [name, member] : kCounts)
    part.*member = figures.number(fmt::format("{}.{}", prefix, name)).value_or(0);
  part.types = get<domain::IncidentType>(figures, prefix + ".type.");
  part.severities = get<domain::Severity>(figures, prefix + ".severity.");
  return part;
}

Instant instant_of(const domain::Figures& figures, std::string_view key) {
  return Instant{std::chrono::microseconds{figures.number(key).value_or(0)}};
}

}  // namespace

void word_incident(Message& message, const IncidentTold& told, const Zone& zone) {
  const auto language = message.language;
  message.incident_type = told.type;
  message.late = told.late;
  message.subject = say(subject_of(message.kind, told), language, label(told.type, language));
  fact(message, Phrase::type, std::string{label(told.type, language)});
  fact(message, Phrase::severity, std::string{label(message.severity, language)});
  fact(message, Phrase::status, std::string{label(told.status, language)});
  fact(message, Phrase::time, moment(told.occurred_at, zone));
  if (told.late) fact(message, Phrase::known_since, moment(told.detected_at, zone));
  people(message, told.guest, told.host, told.department);
  fact(message, Phrase::assigned_to, told.assigned_to);
  if (told.seen_count > 1)
    fact(message, Phrase::seen,
         say(Phrase::seen_times, language, number(told.seen_count), moment(told.last_seen_at, zone)));

  message.text = told.type == domain::IncidentType::other && !told.summary.empty()
                     ? told.summary
                     : domain::summary(told.type, told.details, language);
  if (message.kind == AlertKind::incident_escalated && told.status == IncidentStatus::fresh)
    add_line(message.text, say(Phrase::nobody_since, language, moment(told.detected_at, zone)));
  if (!domain::is_open(told.status) && !told.ended_by.empty())
    add_line(message.text, say(Phrase::ended_by, language, label(told.status, language), told.ended_by));
  else if (told.status == IncidentStatus::investigating && !told.assigned_to.empty())
    add_line(message.text, say(Phrase::taken_by, language, told.assigned_to));
  if (!told.note.empty()) add_line(message.text, told.note);
}

void word_visit(Message& message, const VisitTold& told, const Zone& zone) {
  const auto subject = message.kind == AlertKind::guest_arrived ? Phrase::arrived
                       : message.kind == AlertKind::guest_left  ? Phrase::left
                                                                : Phrase::no_show;
  message.subject = one_line(say(subject, message.language, told.guest));
  if (told.at) fact(message, Phrase::time, moment(*told.at, zone));
  people(message, told.company.empty() ? told.guest : fmt::format("{} ({})", told.guest, told.company), told.host,
         told.department);
  if (message.kind != AlertKind::guest_left)
    fact(message, Phrase::expected,
         fmt::format("{} – {}", moment(told.expected_from, zone), moment(told.expected_until, zone)));
}

void word_storm(Message& message, const StormTold& told, const Zone& zone) {
  const auto language = message.language;
  std::int64_t total = 0;
  for (const auto& count : told.counts) total += count.count;
  message.subject = say(Phrase::storm, language, number(total));
  message.text = say(Phrase::storm_text, language, moment(told.from, zone), moment(told.until, zone));
  // An incident's news count as one more of its type.
  std::map<domain::Severity, std::vector<std::pair<std::string_view, std::int64_t>>, std::greater<>> by_severity;
  for (const auto& count : told.counts) {
    auto& row = by_severity[count.severity];
    const auto what = count.type ? label(*count.type, language) : label(count.kind, language);
    const auto same = std::ranges::find(row, what, &std::pair<std::string_view, std::int64_t>::first);
    if (same == row.end())
      row.emplace_back(what, count.count);
    else
      same->second += count.count;
  }
  for (auto& [severity, row] : by_severity) {
    std::ranges::stable_sort(row, std::greater<>{}, &std::pair<std::string_view, std::int64_t>::second);
    message.facts.push_back({std::string{label(severity, language)}, counted(row)});
  }
  for (const auto& line : told.first)
    add_line(message.text, fmt::format("№ {}: {}, {}, {}", line.incident, label(line.type, language),
                                       label(line.severity, language), zone.stamp(line.at)));
  if (const auto rest = total - std::ssize(told.first); rest > 0 && !told.first.empty())
    add_line(message.text, say(Phrase::and_more, language, number(rest)));
}

void word_digest(Message& message, const Digest& digest, const Zone& zone) {
  const auto language = message.language;
  const bool daily = message.kind == AlertKind::daily_summary;
  const auto when =
      daily ? date(digest.at, zone)
            : fmt::format("{} – {}", date(digest.from, zone), date(digest.at - std::chrono::microseconds{1}, zone));
  message.subject = one_line(say(daily ? Phrase::daily : Phrase::weekly, language, digest.site, when));
  fact(message, Phrase::site, digest.site);
  message.text = daily ? say(Phrase::today, language, moment(digest.at, zone))
                       : fmt::format("{}: {}", phrase(Phrase::week, language), when);
  describe(message.text, digest.current, language);
  add_line(message.text, "");
  add_line(message.text, say(daily ? Phrase::yesterday : Phrase::week_before, language));
  describe(message.text, digest.previous, language);
  add_line(message.text, "");
  add_line(message.text, say(Phrase::inside_now, language, number(digest.inside)));
  add_line(message.text, say(Phrase::awaited_now, language, number(digest.awaited)));
}

domain::Figures to_figures(const Digest& digest) {
  domain::Figures figures;
  figures.add("site", digest.site);
  figures.add("at", digest.at.time_since_epoch().count()).add("from", digest.from.time_since_epoch().count());
  figures.add("inside", digest.inside).add("awaited", digest.awaited);
  put(figures, "current", digest.current);
  put(figures, "previous", digest.previous);
  return figures;
}

Digest digest_of(const domain::Figures& figures) {
  Digest digest;
  digest.site = figures.text("site").value_or("");
  digest.at = instant_of(figures, "at");
  digest.from = instant_of(figures, "from");
  digest.inside = figures.number("inside").value_or(0);
  digest.awaited = figures.number("awaited").value_or(0);
  digest.current = part_of(figures, "current");
  digest.previous = part_of(figures, "previous");
  return digest;
}

void word_check(Message& message) {
  const bool test = message.kind == AlertKind::test;
  message.subject = say(test ? Phrase::test : Phrase::canary, message.language);
  message.text = say(test ? Phrase::test_text : Phrase::canary_text, message.language);
}

}  // namespace visitor::notify
