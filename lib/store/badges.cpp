#include "store/badges.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "store/scoped.hpp"
#include "store/words.hpp"

namespace visitor::store {
namespace {

using domain::Badge;
using domain::BadgeId;

// Two who print for the same visit at once get different numbers.
constexpr auto kLockVisit = R"sql(
    SELECT id FROM visit WHERE id = $1 FOR NO KEY UPDATE)sql";

constexpr auto kAdd = R"sql(
    INSERT INTO badge (visit_id, print, token_id, format, printer, account_id, printed_at, expires_at, state, state_at,
                       held_until)
    SELECT $1, count(*) + 1, $2, $3, $4, nullif($5, 0), $6, $7, $8, $9, $10
      FROM badge
     WHERE visit_id = $1
 RETURNING id)sql";

// What follows is the rest of the statement.
const std::string kBadge = R"sql(
    SELECT b.id, b.visit_id, b.print, b.token_id, b.format, b.printer, b.printed_at, b.expires_at, b.state, b.state_at,
           b.queue_job, b.problem, coalesce(a.login, '') AS login
      FROM badge b
      JOIN visit v ON v.id = b.visit_id
      LEFT JOIN account a ON a.id = b.account_id
     WHERE )sql";

const std::string kFind = kBadge + "b.id = $1" + in_scope("v.site_id", "v.department_id", "v.host_id", 2);
const std::string kFindToken = kBadge + "b.token_id = $1" + in_scope("v.site_id", "v.department_id", "v.host_id", 2);
const std::string kList = kBadge +
                          "($1::bigint IS NULL OR b.visit_id = $1) AND ($2::text[] IS NULL OR b.state = ANY($2))" +
                          in_scope("v.site_id", "v.department_id", "v.host_id", 4) + R"sql(
     ORDER BY b.id DESC
     LIMIT $3)sql";

constexpr auto kPrints = R"sql(
    SELECT count(*) AS prints FROM badge WHERE visit_id = $1)sql";

const std::string kTakeQueued = kBadge + R"sql(b.state = 'queued'
       AND CASE WHEN $2::bigint IS NULL THEN b.held_until <= $1 ELSE b.id = $2 END
     ORDER BY b.id
     LIMIT 1
       FOR UPDATE OF b SKIP LOCKED)sql";

const std::string kTakeSent = kBadge + R"sql(b.state = 'sent' AND b.held_until <= $1
     ORDER BY b.held_until, b.id
     LIMIT $2
       FOR UPDATE OF b SKIP LOCKED)sql";

constexpr auto kMove = R"sql(
    UPDATE badge SET state = $2, state_at = $3, queue_job = $4, problem = $5, held_until = $3 WHERE id = $1)sql";

constexpr auto kLookedAt = R"sql(
    UPDATE badge SET held_until = $2 WHERE id = ANY($1))sql";

Badge to_badge(const db::Row& row) {
  Badge badge;
  badge.id = row.get<BadgeId>("id");
  badge.visit = row.get<VisitId>("visit_id");
  badge.print = row.get<int>("print");
  badge.format = read_word<domain::BadgeFormat>(row, "format");
  badge.printer = row.get<std::string>("printer");
  badge.printed_at = row.get<Instant>("printed_at");
  badge.expires_at = row.get<Instant>("expires_at");
  badge.state = read_word<domain::BadgeState>(row, "state");
  badge.state_at = row.get<Instant>("state_at");
  badge.queue_job = row.get<std::string>("queue_job");
  badge.problem = row.get<std::string>("problem");
  badge.login = row.get<std::string>("login");
  return badge;
}

std::optional<Badge> to_maybe_badge(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  return to_badge(*row);
}

}  // namespace

BadgeId Badges::add(const Badge& badge, const BadgeToken& token, AccountId account, Instant held_until) {
  tx_.row(kLockVisit, badge.visit);
  return tx_
      .row(kAdd, badge.visit, std::span<const std::byte>{token}, domain::name(badge.format), badge.printer,
           account.value, badge.printed_at, badge.expires_at, domain::name(badge.state), badge.state_at, held_until)
      .get<BadgeId>("id");
}

std::optional<Badge> Badges::find(BadgeId id) {
  return to_maybe_badge(tx_.maybe_row(kFind, id, scope_.sites(), scope_.departments(), scope_.hosts()));
}

std::optional<Badge> Badges::find_token(const BadgeToken& token) {
  return to_maybe_badge(tx_.maybe_row(kFindToken, std::span<const std::byte>{token}, scope_.sites(),
                                      scope_.departments(), scope_.hosts()));
}

int Badges::prints(VisitId visit) {
  return static_cast<int>(tx_.row(kPrints, visit).get<std::int64_t>("prints"));
}

std::vector<Badge> Badges::list(const BadgeFilter& filter) {
  const auto states = filter.states.empty() ? std::nullopt : std::optional{words(filter.states)};
  std::vector<Badge> badges;
  for (const auto& row :
       tx_.rows(kList, filter.visit, states, filter.limit, scope_.sites(), scope_.departments(), scope_.hosts()))
    badges.push_back(to_badge(row));
  return badges;
}

std::optional<BadgeTask> Badges::take_queued(Instant now, std::optional<BadgeId> only) {
  const auto row = tx_.maybe_row(kTakeQueued, now, only);
  if (!row) return std::nullopt;
  BadgeTask task{to_badge(*row), {}};
  const auto token = row->get<std::vector<std::byte>>("token_id");
  if (token.size() != task.token.size()) throw Error(Errc::integrity, "the token of a badge has another length");
  std::ranges::copy(token, task.token.begin());
  return task;
}

std::vector<Badge> Badges::take_sent(Instant before, int limit) {
  std::vector<Badge> badges;
  for (const auto& row : tx_.rows(kTakeSent, before, limit)) badges.push_back(to_badge(row));
  return badges;
}

void Badges::move(BadgeId id, domain::BadgeState state, Instant at, std::string_view queue_job,
                  std::string_view problem) {
  tx_.exec(kMove, id, domain::name(state), at, queue_job, problem);
}

void Badges::looked_at(std::span<const BadgeId> ids, Instant at) {
  const std::vector<BadgeId> all{ids.begin(), ids.end()};
  tx_.exec(kLookedAt, all, at);
}

}  // namespace visitor::store
