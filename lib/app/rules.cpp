#include "app/rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/checks.hpp"
#include "app/details.hpp"
#include "app/journal.hpp"
#include "config/load.hpp"
#include "config/options.hpp"
#include "store/incidents.hpp"
#include "store/sites.hpp"

namespace visitor::app {
namespace {

using domain::IncidentType;

constexpr std::string_view kTable = "rules.";
constexpr std::string_view kOff = "off";
constexpr std::string_view kNone = "none";  // an empty list, which a shell cannot easily say
constexpr std::chrono::hours kRecent{30 * 24};

std::string severity_key(IncidentType type) {
  return fmt::format("{}_severity", domain::name(type));
}

std::string_view short_key(std::string_view key) {
  return key.starts_with(kTable) ? key.substr(kTable.size()) : key;
}

const config::Option& option_of(std::string_view key) {
  return *config::find_option(fmt::format("{}{}", kTable, key));
}

/// \throws Error usage
const config::Option& checked_option(std::string_view given) {
  const auto keys = rule_keys();
  const auto key = short_key(given);
  if (std::find(keys.begin(), keys.end(), key) != keys.end()) return option_of(key);
  throw Error(Errc::usage, fmt::format("the rules have no option '{}'", given),
              near_hint(key, keys, "Run 'visitorctl rules list' to see them."));
}

/// \throws Error usage
void apply(config::Settings& settings, const RuleChange& change) {
  const auto& option = checked_option(change.key);
  const bool none = option.kind == config::Kind::choices && change.value == kNone;
  if (const auto wrong = config::assign(settings, option, none ? "" : change.value); !wrong.empty())
    throw Error(Errc::usage, fmt::format("{} {}", short_key(option.key), wrong),
                fmt::format("Run 'visitorctl config options {}' to see its bounds.", option.key));
}

/// What was good once and is not any more counts for nothing.
void apply_kept(config::Settings& settings, std::string_view key, std::string_view value) {
  if (const auto* option = config::find_option(fmt::format("{}{}", kTable, key)))
    config::assign(settings, *option, value);
}

}  // namespace

domain::RuleSettings rule_settings(const config::Settings& settings) {
  const auto& from = settings.rules;
  domain::RuleSettings rules;
  rules.long_stay = from.long_stay;
  rules.overstay = from.overstay;
  rules.day_begins = from.day_begins;
  rules.day_ends = from.day_ends;
  rules.failed_access_count = from.failed_access_count;
  rules.failed_access_window = from.failed_access_window;
  rules.exit_entry_count = from.exit_entry_count;
  rules.exit_entry_window = from.exit_entry_window;
  rules.terminal_offline = from.terminal_offline;
  rules.clock_drift = from.clock_drift;
  rules.capacity = from.capacity;
  for (std::size_t i = 0; i < from.severity.size(); ++i)
    if (const auto severity = domain::find_named<domain::Severity>(from.severity[i]))
      rules.severity.emplace(static_cast<IncidentType>(i), *severity);
  for (const auto& name : from.off)
    if (const auto type = domain::find_named<IncidentType>(name)) rules.off.push_back(*type);
  return rules;
}

domain::RuleSettings site_rule_settings(const config::Settings& settings, std::span<const std::string> overrides) {
  if (overrides.empty()) return rule_settings(settings);
  auto own = settings;
  for (const auto& entry : overrides) {
    const auto equals = std::min(entry.find('='), entry.size());
    apply_kept(own, std::string_view{entry}.substr(0, equals),
               std::string_view{entry}.substr(std::min(equals + 1, entry.size())));
  }
  return rule_settings(own);
}

std::vector<domain::SiteRules> site_rules(const Work& work, std::span<const RuleChange> proposed) {
  auto checked = work.settings;
  for (const auto& change : proposed) apply(checked, change);

  const auto overrides = store::RuleOverrides{work.tx}.list();
  std::vector<domain::SiteRules> sites;
  for (const auto& site : store::Sites{work.tx, domain::Scope::everything()}.list()) {
    auto own = work.settings;
    for (const auto& one : overrides)
      if (one.site == site.id) apply_kept(own, one.key, one.value);
    for (const auto& change : proposed)
      if (!change.site || change.site == site.id) apply(own, change);
    sites.push_back({site.id, Zone::named(site.time_zone), site.days_off, rule_settings(own)});
  }
  return sites;
}

std::vector<std::string> rule_keys() {
  std::vector<std::string> keys;
  for (const auto& rule : domain::rules()) {
    for (const auto key : rule.thresholds) keys.emplace_back(key);
    keys.push_back(severity_key(rule.type));
  }
  keys.emplace_back(kOff);
  return keys;
}

RuleOverride set_site_rule(const Work& work, const RuleChange& change) {
  const auto& option = checked_option(change.key);
  const auto site = store::Sites{work.tx, work.scope}.get(change.site.value_or(SiteId{}));
  require_scope(work, site.id);
  const auto key = short_key(option.key);
  store::RuleOverrides store{work.tx};
  const auto before = store.lock(site.id, key);

  auto own = work.settings;
  for (const auto& one : store.list())
    if (one.site == site.id) apply_kept(own, one.key, one.value);
  apply(own, change);
  if (const auto wrong = config::contradiction(own); !wrong.empty())
    throw Error(Errc::usage, fmt::format("at site '{}' {}", site.name, wrong), "Set the other end of the day first.");

  // As the file would say it, whatever way it was typed.
  const auto after = store.set(site.id, key, config::value_text(option, own), work.now);
  auto entries = journal(work);
  Details details;
  details.add("site", site.id).add("key", after.key);
  if (before) details.add("from", before->value);
  details.add("to", after.value);
  entries.audit(before ? domain::AuditAction::update : domain::AuditAction::create, store::topic::kSiteRule, after.id,
                details.json());
  entries.change(store::topic::kSiteRule, after.id, after.version);
  return after;
}

RuleOverride unset_site_rule(const Work& work, SiteId id, std::string_view given) {
  const auto site = store::Sites{work.tx, work.scope}.get(id);
  require_scope(work, id);
  const auto key = short_key(checked_option(given).key);
  store::RuleOverrides store{work.tx};
  auto before = store.lock(site.id, key);
  if (!before)
    throw Error(Errc::not_found, fmt::format("site '{}' says nothing else about {}", site.name, key),
                "Run 'visitorctl rules list' to see what each site says otherwise.");
  store.remove(before->id);
  auto entries = journal(work);
  entries.audit(domain::AuditAction::remove, store::topic::kSiteRule, before->id,
                Details{}.add("site", site.id).add("key", before->key).add("from", before->value).json());
  entries.change(store::topic::kSiteRule, before->id, before->version + 1);
  return *std::move(before);
}

std::vector<RuleListed> list_rules(const Work& work) {
  const auto settings = rule_settings(work.settings);
  const auto overrides = store::RuleOverrides{work.tx}.list();
  const auto counts = store::Incidents{work.tx, work.scope}.counts(work.now - kRecent);
  std::vector<RuleListed> list;
  for (const auto& rule : domain::rules()) {
    auto& listed = list.emplace_back();
    listed.rule = &rule;
    listed.on = domain::is_on(rule, settings);
    listed.severity = domain::severity_of(rule, settings);
    std::vector<std::string> keys{rule.thresholds.begin(), rule.thresholds.end()};
    keys.push_back(severity_key(rule.type));
    for (const auto& key : keys) {
      const auto& option = option_of(key);
      listed.thresholds.push_back({key, config::value_text(option, work.settings), std::string{option.fallback},
                                   work.settings.from_file.contains(std::string{option.key})});
    }
    for (const auto& one : overrides) {
      if (!work.scope.holds(one.site)) continue;
      const bool named = std::find(keys.begin(), keys.end(), one.key) != keys.end();
      auto own = work.settings;
      if (one.key == kOff) apply_kept(own, one.key, one.value);
      if (named || (one.key == kOff && domain::is_on(rule, rule_settings(own)) != listed.on))
        listed.overrides.push_back(one);
    }
    for (const auto& count : counts) {
      if (count.type != rule.type) continue;
      listed.open_incidents = count.open;
      listed.recent_incidents = count.recent;
    }
  }
  return list;
}

RuleListed get_rule(const Work& work, IncidentType type) {
  for (auto& listed : list_rules(work))
    if (listed.rule->type == type) return std::move(listed);
  throw Error(Errc::not_found, fmt::format("there is no rule '{}'", domain::name(type)),
              type == IncidentType::backup ? "The options in [backup] say when backups are an incident."
                                           : "Incidents of this type are opened by people.");
}

}  // namespace visitor::app
