#include "store/rule_overrides.hpp"

namespace visitor::store {
namespace {

constexpr auto kList = R"sql(
    SELECT r.id, r.site_id, s.name AS site_name, r.key, r.value, r.changed_at, r.version
      FROM site_rule r
      JOIN site s ON s.id = r.site_id
     ORDER BY lower(s.name), r.key)sql";

constexpr auto kLock = R"sql(
    SELECT r.id, r.site_id, s.name AS site_name, r.key, r.value, r.changed_at, r.version
      FROM site_rule r
      JOIN site s ON s.id = r.site_id
     WHERE r.site_id = $1 AND r.key = $2
       FOR UPDATE OF r)sql";

constexpr auto kSet = R"sql(
    INSERT INTO site_rule AS r (site_id, key, value, changed_at)
    VALUES ($1, $2, $3, $4)
        ON CONFLICT (site_id, key) DO UPDATE
       SET value = excluded.value, changed_at = excluded.changed_at, version = r.version + 1
 RETURNING r.id, r.site_id, (SELECT name FROM site WHERE id = r.site_id) AS site_name, r.key, r.value, r.changed_at,
           r.version)sql";

constexpr auto kRemove = R"sql(
    DELETE FROM site_rule WHERE id = $1)sql";

RuleOverride to_override(const db::Row& row) {
  return {row.get<RuleOverrideId>("id"), row.get<SiteId>("site_id"),    row.get<std::string>("site_name"),
          row.get<std::string>("key"),   row.get<std::string>("value"), row.get<Instant>("changed_at"),
          row.get<int>("version")};
}

}  // namespace

std::vector<RuleOverride> RuleOverrides::list() {
  std::vector<RuleOverride> overrides;
  for (const auto& row : tx_.rows(kList)) overrides.push_back(to_override(row));
  return overrides;
}

std::optional<RuleOverride> RuleOverrides::lock(SiteId site, std::string_view key) {
  if (const auto row = tx_.maybe_row(kLock, site, key)) return to_override(*row);
  return std::nullopt;
}

RuleOverride RuleOverrides::set(SiteId site, std::string_view key, std::string_view value, Instant now) {
  return to_override(tx_.row(kSet, site, key, value, now));
}

void RuleOverrides::remove(RuleOverrideId id) {
  tx_.exec(kRemove, id);
}

}  // namespace visitor::store
