#include "app/remote/rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/remote/json_object.hpp"
#include "app/remote/registry.hpp"
#include "core/error.hpp"

namespace visitor::app {
namespace {

RuleOverride override_in(const JsonObject& json) {
  RuleOverride one;
  one.site = json.named_thing<SiteId>("site", one.site_name).value_or(SiteId{});
  one.key = json.text("key");
  one.value = json.text("value");
  one.changed_at = json.instant("changed_at");
  one.version = json.integer("version");
  return one;
}

/// What a rule means and says is the same in every visitor of one version.
const domain::Rule& rule_of(domain::IncidentType type) {
  const auto rules = domain::rules();
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const auto& rule) { return rule.type == type; });
  if (found == rules.end())
    throw Error(Errc::failed, fmt::format("this program has no rule '{}'", domain::name(type)),
                "visitord may be newer: compare 'visitorctl --version' here and there.");
  return *found;
}

RuleListed rule_in(const JsonObject& json) {
  RuleListed listed;
  listed.rule = &rule_of(json.named<domain::IncidentType>("type"));
  listed.on = json.yes("on");
  listed.severity = json.named<domain::Severity>("severity");
  for (const auto& one : json.objects("thresholds"))
    listed.thresholds.push_back(
        {one.text("key"), one.text("value"), one.text("default"), one.text("origin") == "file"});
  for (const auto& one : json.objects("overrides")) listed.overrides.push_back(override_in(one));
  listed.open_incidents = json.integer("open_incidents");
  listed.recent_incidents = json.integer("recent_incidents");
  return listed;
}

std::vector<RuleListed> rules_of(RemoteHouse& house, const Query& query) {
  std::vector<RuleListed> rules;
  for (const auto& row : house.list("/rules/", query)) rules.push_back(rule_in(JsonObject{row}));
  return rules;
}

}  // namespace

std::vector<RuleListed> list_rules(RemoteHouse& house) {
  return rules_of(house, {});
}

RuleListed get_rule(RemoteHouse& house, domain::IncidentType type) {
  auto found = rules_of(house, Query{}.add("type", domain::name(type)));
  if (found.empty()) throw Error(Errc::not_found, fmt::format("there is no rule '{}'", domain::name(type)));
  return std::move(found.front());
}

domain::Site resolve_site_or_only(RemoteHouse& house, const std::optional<std::string>& ref) {
  if (ref) return resolve_site(house, *ref);
  auto sites = list_sites(house);
  if (sites.size() == 1) return std::move(sites.front());
  std::string names;
  for (const auto& site : sites) names += fmt::format("{}'{}'", names.empty() ? ": " : ", ", site.name);
  throw Error(Errc::usage, fmt::format("there are {} sites{}", sites.size(), names), "Say which one is meant.");
}

RuleOverride set_site_rule(RemoteHouse& house, const RuleChange& change) {
  JsonWriter json;
  json.begin_object().member("site", change.site.value_or(SiteId{}));
  json.member("key", std::string_view{change.key}).member("value", std::string_view{change.value});
  const auto body = house.post("/rules/set/", json.end().take());
  return override_in(JsonObject{body});
}

RuleOverride unset_site_rule(RemoteHouse& house, SiteId site, std::string_view key) {
  JsonWriter json;
  json.begin_object().member("site", site).member("key", key);
  const auto body = house.post("/rules/unset/", json.end().take());
  return override_in(JsonObject{body});
}

}  // namespace visitor::app
