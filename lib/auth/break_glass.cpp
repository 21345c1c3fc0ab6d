#include "auth/break_glass.hpp"

namespace visitor::auth {
namespace {

// What an earlier emergency has left behind would stand in the way of this one.
constexpr auto kForgetEnded = R"sql(
    DELETE FROM role_grant WHERE account_id = $1 AND ends_at <= $2)sql";

constexpr auto kGrant = R"sql(
    INSERT INTO role_grant (account_id, role_id, granted_by, granted_at, ends_at)
    SELECT $1, id, $2, $3, $4 FROM role WHERE name = 'administrator'
        ON CONFLICT DO NOTHING)sql";

constexpr auto kOpen = R"sql(
    INSERT INTO break_glass (account_id, first_by, second_by, reason, opened_at, ends_at)
    VALUES ($1, $2, $3, $4, $5, $6)
 RETURNING id)sql";

const std::string kListed = R"sql(
    SELECT b.id, b.account_id, a.login, f.login AS first_by, s.login AS second_by, b.reason, b.opened_at, b.ends_at,
           b.closed_at, coalesce(c.login, '') AS closed_by
      FROM break_glass b
      JOIN account a ON a.id = b.account_id
      JOIN account f ON f.id = b.first_by
      JOIN account s ON s.id = b.second_by
      LEFT JOIN account c ON c.id = b.closed_by)sql";

const std::string kFind = kListed + R"sql(
     WHERE b.id = $1)sql";

const std::string kList = kListed + R"sql(
     ORDER BY b.opened_at DESC, b.id DESC
     LIMIT $1)sql";

constexpr auto kClose = R"sql(
    UPDATE break_glass SET closed_at = $3, closed_by = $2
     WHERE id = $1 AND closed_at IS NULL AND ends_at > $3
 RETURNING account_id, ends_at)sql";

constexpr auto kTakeBack = R"sql(
    DELETE FROM role_grant WHERE account_id = $1 AND ends_at = $2)sql";

BreakGlass to_break_glass(const db::Row& row) {
  BreakGlass one;
  one.id = row.get<domain::BreakGlassId>("id");
  one.account = row.get<AccountId>("account_id");
  one.login = row.get<std::string>("login");
  one.first_by = row.get<std::string>("first_by");
  one.second_by = row.get<std::string>("second_by");
  one.reason = row.get<std::string>("reason");
  one.opened_at = row.get<Instant>("opened_at");
  one.ends_at = row.get<Instant>("ends_at");
  one.closed_at = row.get<std::optional<Instant>>("closed_at");
  one.closed_by = row.get<std::string>("closed_by");
  return one;
}

}  // namespace

std::optional<BreakGlass> BreakGlasses::open(const NewBreakGlass& wanted, Instant now) {
  tx_.exec(kForgetEnded, wanted.account, now);
  if (tx_.exec(kGrant, wanted.account, wanted.first_by, now, wanted.ends_at) != 1) return std::nullopt;
  const auto id = tx_.row(kOpen, wanted.account, wanted.first_by, wanted.second_by, wanted.reason, now, wanted.ends_at)
                      .get<domain::BreakGlassId>("id");
  return find(id);
}

std::optional<BreakGlass> BreakGlasses::find(domain::BreakGlassId id) {
  const auto row = tx_.maybe_row(kFind, id);
  return row ? std::optional{to_break_glass(*row)} : std::nullopt;
}

std::vector<BreakGlass> BreakGlasses::list(int limit) {
  std::vector<BreakGlass> all;
  for (const auto& row : tx_.rows(kList, limit)) all.push_back(to_break_glass(row));
  return all;
}

bool BreakGlasses::close(domain::BreakGlassId id, AccountId by, Instant now) {
  const auto row = tx_.maybe_row(kClose, id, by, now);
  if (!row) return false;
  tx_.exec(kTakeBack, row->get<AccountId>("account_id"), row->get<Instant>("ends_at"));
  return true;
}

}  // namespace visitor::auth
