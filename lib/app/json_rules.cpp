#include "app/json_rules.hpp"

#include "app/json_views.hpp"

namespace visitor::app {
namespace {

using domain::Language;

void write_text(JsonWriter& json, std::string_view key, const domain::Text& text) {
  json.key(key).begin_object().member("en", text.english).member("ru", text.russian).end();
}

}  // namespace

std::string_view trigger_name(domain::Trigger trigger) {
  return trigger == domain::Trigger::timer ? "timer" : "events";
}

void write(JsonWriter& json, const RuleOverride& one) {
  json.begin_object();
  write_named(json, "site", one.site, one.site_name);
  json.member("key", one.key).member("value", one.value).member("changed_at", one.changed_at);
  json.member("version", one.version).end();
}

void write(JsonWriter& json, const RuleListed& listed) {
  const auto& rule = *listed.rule;
  json.begin_object().member("type", domain::name(rule.type));
  write_text(json, "label", {domain::label(rule.type, Language::english), domain::label(rule.type, Language::russian)});
  write_text(json, "meaning", rule.meaning);
  json.member("trigger", trigger_name(rule.trigger)).member("on", listed.on);
  json.member("severity", domain::name(listed.severity)).key("thresholds").begin_array();
  for (const auto& one : listed.thresholds) {
    json.begin_object().member("key", one.key).member("value", one.value).member("default", one.fallback);
    json.member("origin", one.from_file ? "file" : "default").end();
  }
  json.end().key("overrides").begin_array();
  for (const auto& one : listed.overrides) write(json, one);
  json.end();
  const auto say = [&](Language language) { return domain::summary(rule.type, rule.example, language); };
  const auto english = say(Language::english), russian = say(Language::russian);
  write_text(json, "example", {english, russian});
  json.member("open_incidents", listed.open_incidents).member("recent_incidents", listed.recent_incidents).end();
}

}  // namespace visitor::app
