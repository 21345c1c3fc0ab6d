#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "db/transaction.hpp"

namespace visitor::store {

using RuleOverrideId = Id<struct RuleOverrideTag>;

/// What an option of [rules] says at one site instead of what visitor.toml says.
struct RuleOverride {
  RuleOverrideId id;
  SiteId site;
  std::string site_name;
  std::string key;    ///< without "rules."
  std::string value;  ///< as visitor.toml would write it, without quotes
  Instant changed_at;
  int version = 1;
};

class RuleOverrides {
 public:
  explicit RuleOverrides(db::Transaction& tx) : tx_(tx) {}

  /// By name of the site, then key.
  std::vector<RuleOverride> list();
  /// Locked until the transaction ends.
  std::optional<RuleOverride> lock(SiteId site, std::string_view key);
  /// Adds it, or changes the value and moves the version on by one.
  RuleOverride set(SiteId site, std::string_view key, std::string_view value, Instant now);
  void remove(RuleOverrideId id);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
