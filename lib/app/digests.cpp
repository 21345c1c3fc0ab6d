#include "app/digests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/account_recipients.hpp"
#include "app/alerts.hpp"
#include "app/checks.hpp"
#include "app/details.hpp"
#include "app/journal.hpp"
#include "config/choices.hpp"
#include "core/zone.hpp"
#include "store/alert_queue.hpp"
#include "store/digests.hpp"
#include "store/sites.hpp"

namespace visitor::domain {

template <>
std::span<const Name<app::DigestKind>> names() {
  static constexpr std::array<Name<app::DigestKind>, 2> kNames{{
      {app::DigestKind::daily, "daily", "Daily summary", "Сводка за день"},
      {app::DigestKind::weekly, "weekly", "Weekly incident report", "Отчет об инцидентах за неделю"},
  }};
  return kNames;
}

}  // namespace visitor::domain

namespace visitor::app {
namespace {

using std::chrono::days;
using std::chrono::hours;

domain::AlertKind alert_kind(DigestKind kind) {
  return kind == DigestKind::daily ? domain::AlertKind::daily_summary : domain::AlertKind::weekly_report;
}

/// Midnight of the local day that lies so many days before that of \p at.
Instant midnight(const Zone& zone, Instant at, int days_before) {
  return zone.instant(std::chrono::floor<days>(zone.local(at)) - days{days_before});
}

notify::DigestPart part_of(const store::PeriodFigures& figures) {
  notify::DigestPart part;
  part.arrivals = figures.arrivals;
  part.departures = figures.departures;
  part.presumed = figures.presumed;
  part.no_shows = figures.no_shows;
  part.cancelled = figures.cancelled;
  part.incidents = figures.incidents;
  part.open = figures.open;
  part.types = figures.types;
  part.severities = figures.severities;
  return part;
}

bool wanted(const config::Settings& settings, domain::AlertKind kind) {
  return std::ranges::any_of(settings.routes, [&](const auto& route) {
    return std::ranges::find(route.match.kinds, domain::name(kind)) != route.match.kinds.end();
  });
}

store::QueuedAlert queued_digest(const Work& work, const domain::Site& site, DigestKind kind,
                                 const notify::Digest& digest) {
  store::QueuedAlert queued;
  queued.alert.kind = alert_kind(kind);
  queued.alert.severity = domain::Severity::low;
  queued.alert.summary = fmt::format("{} of site {}", domain::label(kind, domain::Language::english), site.id);
  queued.alert.created_at = work.now;
  queued.site = site.id;
  queued.details = notify::to_figures(digest).json();
  return queued;
}

notify::Message worded(const notify::Digest& digest, const domain::Site& site, DigestKind kind,
                       domain::Language language) {
  notify::Message message;
  message.kind = alert_kind(kind);
  message.language = language;
  message.severity = domain::Severity::low;
  notify::word_digest(message, digest, Zone::named(site.time_zone));
  return message;
}

std::vector<domain::Chosen> chosen_by_name(const Work& work, const std::vector<std::string>& to) {
  std::vector<std::string> names{"log"};
  for (const auto& one : work.settings.recipients) names.push_back(one.name);
  for (const auto& one : work.settings.groups) names.push_back(one.name);
  for (const auto& name : to)
    if (is_user_group(name))
      require_user_group(work, name);
    else if (std::ranges::find(names, name) == names.end())
      throw Error(Errc::not_found, fmt::format("there is no recipient or group '{}'", name),
                  near_hint(name, names, "Recipients stand in visitor.toml as [[recipient]]."));
  config::Settings asked = work.settings;
  asked.routes = {{}};
  asked.routes.front().to = to;
  const auto routing = routing_of(Work{work.tx, work.actor, work.now, asked, work.scope});
  domain::AlertFacts facts;
  auto choice = domain::choose(routing, facts);
  for (auto& one : choice.chosen) {
    one.route.clear();
    one.reason = fmt::format("asked for by {}", work.actor.login);
  }
  return std::move(choice.chosen);
}

}  // namespace

notify::Digest make_digest(const Work& work, const domain::Site& site, DigestKind kind) {
  const auto zone = Zone::named(site.time_zone);
  const bool daily = kind == DigestKind::daily;
  const auto today = midnight(zone, work.now, 0);
  const auto until = daily ? work.now : today;
  const auto from = daily ? today : midnight(zone, work.now, 7);
  const auto before = midnight(zone, work.now, daily ? 1 : 14);
  store::Digests store{work.tx};
  notify::Digest digest;
  digest.site = site.name;
  digest.at = until;
  digest.from = from;
  digest.current = part_of(store.period(site.id, from, until));
  digest.previous = part_of(store.period(site.id, before, from));
  std::tie(digest.inside, digest.awaited) = store.people(site.id, zone.day_end(work.now));
  return digest;
}

std::optional<Instant> digest_due(const config::Settings& settings, DigestKind kind, const Zone& zone, Instant now) {
  const auto& alerts = settings.alerts;
  const auto today = std::chrono::floor<days>(zone.local(now));
  if (kind == DigestKind::daily) {
    const auto due = zone.instant(today + alerts.daily_summary_at);
    return now >= due && now < due + hours{6} ? std::optional{due} : std::nullopt;
  }
  const auto day = std::ranges::find(config::kWeekdays, alerts.weekly_report_day) - config::kWeekdays.begin();
  const std::chrono::weekday wanted{static_cast<unsigned>(day + 1)};
  const auto back = std::chrono::weekday{today} - wanted;
  const auto due = zone.instant(today - back + alerts.weekly_report_at);
  return now >= due && now < due + hours{24} ? std::optional{due} : std::nullopt;
}

int queue_digests(const Work& work) {
  int queued = 0;
  store::AlertQueue queue{work.tx};
  for (const auto kind : {DigestKind::daily, DigestKind::weekly}) {
    if (!wanted(work.settings, alert_kind(kind))) continue;
    for (const auto& site : store::Sites{work.tx, domain::Scope::everything()}.list()) {
      const auto zone = Zone::named(site.time_zone);
      const auto due = digest_due(work.settings, kind, zone, work.now);
      if (!due) continue;
      auto alert = queued_digest(work, site, kind, make_digest(work, site, kind));
      alert.once_key = fmt::format("{}/site:{}/{}", domain::name(alert.alert.kind), site.id,
                                   zone.stamp(*due).substr(0, std::string_view{"2026-09-01"}.size()));
      const auto id = queue.make(alert);
      if (!id) continue;
      queue.postpone(std::span{&*id, 1}, work.now);
      ++queued;
    }
  }
  return queued;
}

DigestSent send_digest(const Work& work, const domain::Site& site, DigestKind kind,
                       const std::vector<std::string>& to) {
  const auto digest = make_digest(work, site, kind);
  DigestSent sent;
  sent.kind = kind;
  sent.site = site;
  if (to.empty()) {
    domain::AlertFacts facts;
    facts.kind = alert_kind(kind);
    facts.site = site.id;
    facts.site_name = site.name;
    sent.to = domain::choose(routing_of(work), facts).chosen;
    if (sent.to.empty())
      throw Error(Errc::usage, fmt::format("no route leads the {} to anybody", domain::name(alert_kind(kind))),
                  "Name recipients with --to, or add a [[route]] with that kind to visitor.toml.");
  } else {
    sent.to = chosen_by_name(work, to);
  }
  sent.message = worded(digest, site, kind, sent.to.front().language);
  store::AlertQueue queue{work.tx};
  const auto id = queue.make(queued_digest(work, site, kind, digest)).value();
  std::vector<store::RoutedDelivery> rows;
  for (const auto& one : sent.to)
    rows.push_back({.alert = id,
                    .place = one.place,
                    .language = one.language,
                    .reason = one.reason,
                    .due_at = work.now,
                    .route = one.route});
  queue.add(rows);
  journal(work).audit(domain::AuditAction::create, store::topic::kAlert, id,
                      Details{}.add("kind", domain::name(alert_kind(kind))).add("site", site.id).json());
  sent.alert = id;
  return sent;
}

DigestSent word_digest(const Work& work, const domain::Site& site, DigestKind kind, domain::Language language) {
  DigestSent sent;
  sent.kind = kind;
  sent.site = site;
  sent.message = worded(make_digest(work, site, kind), site, kind, language);
  return sent;
}

}  // namespace visitor::app
