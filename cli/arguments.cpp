#include "cli/arguments.hpp"

#include <algorithm>

#include "app/registry.hpp"
#include "app/remote/registry.hpp"
#include "app/replay_findings.hpp"

namespace visitor::cli {
namespace {

template <class House>
std::optional<SiteId> site_in(House& house, const std::optional<std::string>& site) {
  if (!site) return std::nullopt;
  return app::resolve_site(house, *site).id;
}

template <class House>
Zone zone_in(House& house, const std::optional<std::string>& site) {
  if (site) return Zone::named(app::resolve_site(house, *site).time_zone);
  const auto sites = app::list_sites(house);
  const auto first = std::min_element(sites.begin(), sites.end(), [](auto& a, auto& b) { return a.id < b.id; });
  return first == sites.end() ? Zone::utc() : Zone::named(first->time_zone);
}

}  // namespace

void add_period(Command& command, Period& period, const std::string& what) {
  command.option("--since", "TIME", period.since, "Only what was " + what + " at this time or later")
      .option("--until", "TIME", period.until, "Only what was " + what + " before this time");
}

Span resolve(const Period& period, const Session& session, const Zone& zone) {
  Span span;
  if (period.since) span.since = session.instant(*period.since, zone);
  if (period.until) span.until = session.instant(*period.until, zone);
  if (period.since && period.until && span.until <= span.since)
    throw Error(Errc::usage, "--until " + period.until->text + " is not after --since " + period.since->text);
  return span;
}

app::Period resolve_past(const Period& period, const Session& session, const Zone& zone) {
  if (!period.since) throw Error(Errc::usage, "--since is missing", "Say from when on: --since 30d.");
  const auto span = resolve(period, session, zone);
  const auto since = session.instant(*period.since, zone);
  const auto until = std::min(span.until.value_or(session.now()), session.now());
  if (since >= until) throw Error(Errc::usage, "--since " + period.since->text + " lies in the future");
  return {since, until};
}

void add_site_filter(Command& command, std::optional<std::string>& site) {
  command.option("--site", "SITE", site, "Only this site, by name or number");
}

std::optional<SiteId> find_site(const app::Work& work, const std::optional<std::string>& site) {
  return site_in(work, site);
}

std::optional<SiteId> find_site(app::RemoteHouse& house, const std::optional<std::string>& site) {
  return site_in(house, site);
}

Zone zone_for(const app::Work& work, const std::optional<std::string>& site) {
  return zone_in(work, site);
}

Zone zone_for(app::RemoteHouse& house, const std::optional<std::string>& site) {
  return zone_in(house, site);
}

void add_limit(Command& command, int& limit) {
  command.option("-l,--limit", "N", limit, "At most so many").between(1, 100'000).default_is(std::to_string(limit));
}

void add_if_version(Command& command, std::optional<int>& version) {
  command.option("--if-version", "N", version, "Only if this is still its version, as 'show' prints it")
      .between(1, 2'147'483'647);
}

void require_some(bool any) {
  if (!any) throw Error(Errc::usage, "nothing is named to change", "Name at least one option; --help lists them.");
}

void add_dry_run(Command& command, bool& dry_run) {
  command.flag("-n,--dry-run", dry_run, kDryRunHelp);
}

void finish(db::Transaction& tx, bool dry_run) {
  if (!dry_run) tx.commit();
}

}  // namespace visitor::cli
