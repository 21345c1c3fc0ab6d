#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/work.hpp"
#include "domain/rules.hpp"
#include "store/rule_overrides.hpp"

/// The rules as they hold at each site: what visitor.toml says in [rules], and what a site says otherwise.
namespace visitor::app {

using store::RuleOverride;

/// An option of [rules] with another value, to try out or to keep.
struct RuleChange {
  std::string key;    ///< "long_stay" or "rules.long_stay"
  std::string value;  ///< as visitor.toml would write it, without quotes: "6h", "07:30", "4", "tamper,duress", "none"
  std::optional<SiteId> site;  ///< nothing: every site
};

/// [rules] as the rules want it.
domain::RuleSettings rule_settings(const config::Settings& settings);

/// Every site as the rules see it, by name of the site: [rules], then the site's overrides, then \p proposed in the
/// order given. An override that no longer fits the option's bounds is left out.
/// \throws Error usage  a proposed key or value is wrong; the message says how
std::vector<domain::SiteRules> site_rules(const Work& work, std::span<const RuleChange> proposed = {});

/// The same for one site whose overrides are at hand, as "key=value".
domain::RuleSettings site_rule_settings(const config::Settings& settings, std::span<const std::string> overrides);

/// What a site can say otherwise: every threshold of a rule, "<type>_severity", and "off". In the order of the rules.
std::vector<std::string> rule_keys();

/// Keeps an option's value for one site. Counts from the next page of events and the next tick on.
/// \param change  with a site
/// \returns the override; version 1 where it is new
/// \throws Error usage      the key is none of rule_keys(), the value is out of the bounds of visitor.toml, or does not
///                          go together with another option
/// \throws Error not_found  no such site
RuleOverride set_site_rule(const Work& work, const RuleChange& change);
/// From here on the site goes by visitor.toml again.
/// \returns what was removed
/// \throws Error not_found  no such site, or it has no override of that key
RuleOverride unset_site_rule(const Work& work, SiteId site, std::string_view key);

struct RuleThreshold {
  std::string key;  ///< without "rules."
  std::string value;
  std::string fallback;
  bool from_file = false;  ///< visitor.toml says so; otherwise the default
};
struct RuleListed {
  const domain::Rule* rule = nullptr;
  bool on = true;                                        ///< by visitor.toml
  domain::Severity severity = domain::Severity::medium;  ///< by visitor.toml
  std::vector<RuleThreshold> thresholds;                 ///< with the severity last
  std::vector<RuleOverride> overrides;                   ///< of these keys, and "off" where it differs for this rule
  int open_incidents = 0;
  int recent_incidents = 0;  ///< detected in the last 30 days
};
/// All of them, in the order of the table.
std::vector<RuleListed> list_rules(const Work& work);
/// \throws Error not_found  \p type has no rule
RuleListed get_rule(const Work& work, domain::IncidentType type);

}  // namespace visitor::app
