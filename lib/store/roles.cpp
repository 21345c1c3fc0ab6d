#include "store/roles.hpp"

#include <algorithm>

#include "store/words.hpp"

namespace visitor::store {
namespace {

constexpr auto kAdd = R"sql(
    INSERT INTO role (name, description, requires_second_factor, created_at)
    VALUES ($1, $2, $3, $4)
        ON CONFLICT (name) DO NOTHING
 RETURNING id)sql";

constexpr auto kAllow = R"sql(
    INSERT INTO role_permission (role_id, permission) SELECT $1, unnest($2::text[]))sql";

constexpr auto kForbidAll = R"sql(
    DELETE FROM role_permission WHERE role_id = $1)sql";

constexpr auto kList = R"sql(
    SELECT r.id, r.name, r.description, r.requires_second_factor, r.version,
           ARRAY(SELECT p.permission FROM role_permission p WHERE p.role_id = r.id) AS permissions
      FROM role r
     WHERE $1::text IS NULL OR r.name = lower($1)
     ORDER BY r.name)sql";

constexpr auto kUpdate = R"sql(
    UPDATE role
       SET name = $3, description = $4, requires_second_factor = $5, version = version + 1
     WHERE id = $1 AND version = $2)sql";

constexpr auto kGrants = R"sql(
    SELECT g.id, g.account_id, a.login, g.role_id, r.name AS role_name, g.site_id, g.department_id, g.host_id,
           coalesce(s.name, d.name, h.name, '') AS place, g.granted_at
      FROM role_grant g
      JOIN account a ON a.id = g.account_id
      JOIN role r ON r.id = g.role_id
      LEFT JOIN site s ON s.id = g.site_id
      LEFT JOIN department d ON d.id = g.department_id
      LEFT JOIN host h ON h.id = g.host_id
     WHERE ($1::bigint IS NULL OR g.account_id = $1)
       AND ($2::bigint IS NULL OR g.role_id = $2)
       AND (g.ends_at IS NULL OR g.ends_at > $3)
     ORDER BY lower(a.login), r.name, g.id)sql";

constexpr auto kGrant = R"sql(
    INSERT INTO role_grant (account_id, role_id, site_id, department_id, host_id, granted_by, granted_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT DO NOTHING
 RETURNING id)sql";

constexpr auto kRevoke = R"sql(
    DELETE FROM role_grant
     WHERE account_id = $1 AND role_id = $2 AND site_id IS NOT DISTINCT FROM $3
       AND department_id IS NOT DISTINCT FROM $4 AND host_id IS NOT DISTINCT FROM $5
 RETURNING id)sql";

// The row of the role stands for all who have it: whoever changes that waits for it.
constexpr auto kLockRole = R"sql(
    SELECT id FROM role WHERE name = $1 FOR UPDATE)sql";

constexpr auto kHolders = R"sql(
    SELECT DISTINCT a.id
      FROM role_grant g
      JOIN role r ON r.id = g.role_id
      JOIN account a ON a.id = g.account_id
     WHERE r.name = $1 AND num_nonnulls(g.site_id, g.department_id, g.host_id) = 0 AND g.ends_at IS NULL
       AND a.kind = 'person' AND a.disabled_at IS NULL
     ORDER BY a.id)sql";

domain::Role to_role(const db::Row& row) {
  domain::Role role;
  role.id = row.get<RoleId>("id");
  role.name = row.get<std::string>("name");
  role.description = row.get<std::string>("description");
  role.requires_second_factor = row.get<bool>("requires_second_factor");
  for (const auto& name : row.get<std::vector<std::string>>("permissions"))
    role.permissions.push_back(domain::get_named<domain::Permission>(name));
  std::sort(role.permissions.begin(), role.permissions.end());
  role.version = row.get<int>("version");
  return role;
}

}  // namespace

std::optional<RoleId> Roles::add(const domain::Role& role, Instant now) {
  const auto row = tx_.maybe_row(kAdd, role.name, role.description, role.requires_second_factor, now);
  if (!row) return std::nullopt;
  const auto id = row->get<RoleId>("id");
  tx_.exec(kAllow, id, words(role.permissions));
  return id;
}

std::optional<domain::Role> Roles::find_by_name(std::string_view name) {
  if (const auto row = tx_.maybe_row(kList, name)) return to_role(*row);
  return std::nullopt;
}

std::vector<domain::Role> Roles::list() {
  std::vector<domain::Role> roles;
  for (const auto& row : tx_.rows(kList, std::optional<std::string_view>{})) roles.push_back(to_role(row));
  return roles;
}

bool Roles::update(const domain::Role& role) {
  if (tx_.exec(kUpdate, role.id, role.version, role.name, role.description, role.requires_second_factor) != 1)
    return false;
  tx_.exec(kForbidAll, role.id);
  tx_.exec(kAllow, role.id, words(role.permissions));
  return true;
}

std::vector<domain::Grant> Roles::grants(const GrantFilter& filter, Instant now) {
  std::vector<domain::Grant> grants;
  for (const auto& row : tx_.rows(kGrants, filter.account, filter.role, now)) {
    auto& grant = grants.emplace_back();
    grant.id = row.get<GrantId>("id");
    grant.account = row.get<AccountId>("account_id");
    grant.login = row.get<std::string>("login");
    grant.role = row.get<RoleId>("role_id");
    grant.role_name = row.get<std::string>("role_name");
    grant.site = row.get<std::optional<SiteId>>("site_id");
    grant.department = row.get<std::optional<DepartmentId>>("department_id");
    grant.host = row.get<std::optional<HostId>>("host_id");
    grant.place = row.get<std::string>("place");
    grant.granted_at = row.get<Instant>("granted_at");
  }
  return grants;
}

std::optional<GrantId> Roles::grant(AccountId account, RoleId role, const GrantPlace& place, AccountId by,
                                    Instant now) {
  if (const auto row = tx_.maybe_row(kGrant, account, role, place.site, place.department, place.host, by, now))
    return row->get<GrantId>("id");
  return std::nullopt;
}

std::optional<GrantId> Roles::revoke(AccountId account, RoleId role, const GrantPlace& place) {
  if (const auto row = tx_.maybe_row(kRevoke, account, role, place.site, place.department, place.host))
    return row->get<GrantId>("id");
  return std::nullopt;
}

std::vector<AccountId> Roles::lock_holders(std::string_view role) {
  tx_.exec(kLockRole, role);
  std::vector<AccountId> holders;
  for (const auto& row : tx_.rows(kHolders, role)) holders.push_back(row.get<AccountId>("id"));
  return holders;
}

}  // namespace visitor::store
