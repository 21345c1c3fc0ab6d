#include "auth/principals.hpp"

namespace visitor::auth {
namespace {

constexpr auto kAccount = R"sql(
    SELECT a.login,
           EXISTS (SELECT FROM role_grant g JOIN role r ON r.id = g.role_id
                    WHERE g.account_id = a.id AND (g.ends_at IS NULL OR g.ends_at > now())
                      AND r.requires_second_factor) AS requires_second_factor
      FROM account a
     WHERE a.id = $1 AND a.kind = 'person' AND a.disabled_at IS NULL)sql";

constexpr auto kRights = R"sql(
    SELECT p.permission, g.site_id, g.department_id, g.host_id
      FROM role_grant g
      JOIN role_permission p ON p.role_id = g.role_id
     WHERE g.account_id = $1 AND (g.ends_at IS NULL OR g.ends_at > now()))sql";

domain::Scope to_scope(const db::Row& row) {
  if (const auto site = row.get<std::optional<SiteId>>("site_id")) return domain::Scope::of({*site}, {});
  if (const auto department = row.get<std::optional<DepartmentId>>("department_id"))
    return domain::Scope::of({}, {*department});
  if (const auto host = row.get<std::optional<HostId>>("host_id")) return domain::Scope::of({}, {}, {*host});
  return domain::Scope::everything();
}

}  // namespace

std::optional<domain::Principal> find_principal(db::Transaction& tx, AccountId account) {
  auto rights = tx.later(kRights, account);
  const auto row = tx.maybe_row(kAccount, account);
  if (!row) return std::nullopt;
  std::vector<domain::Principal::Right> list;
  for (const auto& right : rights.rows())
    list.push_back({domain::get_named<domain::Permission>(right.get<std::string>("permission")), to_scope(right)});
  return domain::Principal{account, row->get<std::string>("login"), list, row->get<bool>("requires_second_factor")};
}

}  // namespace visitor::auth
