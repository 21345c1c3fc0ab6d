#include "app/rules.hpp"

#include "app/json_rules.hpp"
#include "daemon/api/listing.hpp"
#include "daemon/api/resources.hpp"

namespace visitor::api {
namespace {

using domain::Permission;

Answer list_rules(const Call& call) {
  if (const auto type = call.query.named<domain::IncidentType>("type"))
    return page_of(call, std::vector{app::get_rule(call.work, *type)});
  return page_of(call, app::list_rules(call.work));
}

Answer set_rule(const Call& call) {
  return one(call, app::set_site_rule(call.work, {call.body.text_or("key"), call.body.text_or("value"),
                                                  call.body.id<SiteTag>("site")}));
}

Answer unset_rule(const Call& call) {
  return one(call, app::unset_site_rule(call.work, *call.body.id<SiteTag>("site"), call.body.text_or("key")));
}

}  // namespace

void add_rules(Table& table) {
  table.add({"InTwoLanguages", {text("en", "In English"), text("ru", "In Russian")}});
  table.add({"RuleThreshold",
             {text("key", "Option of [rules]"), text("value", "What visitor.toml says"), text("default", "Otherwise"),
              word("origin", "Where the value is from", {"file", "default"})}});
  table.add({"RuleOverride",
             {or_null(object("site", "At this site", "Named")), text("key", "Option of [rules]"),
              text("value", "What it is there instead; empty: none"), moment("changed_at", "Since when"),
              number("version", "Counts changes", 1)}});
  table.add(
      {"Rule",
       {named<domain::IncidentType>("type", "Type of the incidents that it opens"),
        object("label", "What people call it", "InTwoLanguages"), object("meaning", "What it means", "InTwoLanguages"),
        word("trigger", "What makes it look", {"timer", "events"}), yes_or_no("on", "By visitor.toml"),
        named<domain::Severity>("severity", "By visitor.toml"),
        many(object("thresholds", "What it goes by", "RuleThreshold")),
        many(object("overrides", "What sites say otherwise", "RuleOverride")),
        object("example", "What it says", "InTwoLanguages"), number("open_incidents", "Open now"),
        number("recent_incidents", "Detected in the last 30 days")}});
  table.add({.path = "/rules/",
             .name = "list_rules",
             .summary = "The rules that open incidents, their thresholds, and what sites say otherwise",
             .command = "visitorctl rules list",
             .permission = Permission::rule_view,
             .query = {named<domain::IncidentType>("type", "The one of this type; 404 where people open such")},
             .answer = "Rule",
             .paging = Paging::pages,
             .run = list_rules});
  const auto site = required(id("site", "Site"));
  const auto key = required(text("key", "Option of [rules]: long_stay, capacity, overstay_severity, off, …", 100, 1));
  table.add({.method = "POST",
             .path = "/rules/set/",
             .name = "set_rule",
             .summary = "Let a rule go by something else at one site, from the next event and tick on",
             .command = "visitorctl rules set",
             .permission = Permission::rule_edit,
             .body = {site, key, required(text("value", "As in visitor.toml, without quotes: 6h, 07:30, 4, high"))},
             .answer = "RuleOverride",
             .run = set_rule});
  table.add({.method = "POST",
             .path = "/rules/unset/",
             .name = "unset_rule",
             .summary = "Let a site go by visitor.toml again",
             .command = "visitorctl rules unset",
             .permission = Permission::rule_edit,
             .body = {site, key},
             .answer = "RuleOverride",
             .run = unset_rule});
}

}  // namespace visitor::api
