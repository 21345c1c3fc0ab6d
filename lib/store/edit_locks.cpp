#include "store/edit_locks.hpp"

#include <chrono>

namespace visitor::store {
namespace {

constexpr std::chrono::hours kForgotten{24};
constexpr int kForgottenAtOnce = 20;

constexpr auto kForget = R"sql(
    DELETE FROM edit_lock
     WHERE token IN (SELECT token
                       FROM edit_lock
                      WHERE ends_at < $1
                      ORDER BY ends_at
                      LIMIT $2
                        FOR UPDATE SKIP LOCKED))sql";

constexpr auto kTake = R"sql(
    INSERT INTO edit_lock AS l (topic, entity_id, token, account_id, taken_at, ends_at)
    VALUES ($1, $2, nextval('edit_lock_token'), $3, $4, $5)
        ON CONFLICT (topic, entity_id) DO UPDATE
       SET token = excluded.token, account_id = excluded.account_id, taken_at = excluded.taken_at,
           ends_at = excluded.ends_at
     WHERE l.ends_at <= $4 OR $6)sql";

constexpr auto kRenew = R"sql(
    UPDATE edit_lock SET ends_at = greatest(ends_at, $3) WHERE token = $1 AND account_id = $2)sql";

constexpr auto kRelease = R"sql(
    DELETE FROM edit_lock WHERE token = $1 AND account_id = $2)sql";

// What follows is the rest of the statement.
const std::string kLock = R"sql(
    SELECT l.token, l.topic, l.entity_id, l.account_id, a.login, l.taken_at, l.ends_at
      FROM edit_lock l
      JOIN account a ON a.id = l.account_id)sql";

const std::string kFind = kLock + " WHERE l.token = $1";
const std::string kFindOn = kLock + " WHERE l.topic = $1 AND l.entity_id = $2";
const std::string kList = kLock + " WHERE l.ends_at > $1 ORDER BY l.token LIMIT $2";

EditLock to_lock(const db::Row& row) {
  return {row.get<EditLockId>("token"),     row.get<std::string>("topic"), row.get<std::int64_t>("entity_id"),
          row.get<AccountId>("account_id"), row.get<std::string>("login"), row.get<Instant>("taken_at"),
          row.get<Instant>("ends_at")};
}

}  // namespace

std::optional<EditLock> EditLocks::take(std::string_view topic, std::int64_t entity, AccountId account, bool take_over,
                                        Instant now, Instant ends_at) {
  if (tx_.exec(kTake, topic, entity, account, now, ends_at, take_over) == 0) return std::nullopt;
  tx_.later(kForget, now - kForgotten, kForgottenAtOnce);
  return find_on(topic, entity);
}

bool EditLocks::renew(EditLockId token, AccountId account, Instant ends_at) {
  return tx_.exec(kRenew, token, account, ends_at) == 1;
}

bool EditLocks::release(EditLockId token, AccountId account) {
  return tx_.exec(kRelease, token, account) == 1;
}

std::optional<EditLock> EditLocks::find(EditLockId token) {
  if (const auto row = tx_.maybe_row(kFind, token)) return to_lock(*row);
  return std::nullopt;
}

std::optional<EditLock> EditLocks::find_on(std::string_view topic, std::int64_t entity) {
  if (const auto row = tx_.maybe_row(kFindOn, topic, entity)) return to_lock(*row);
  return std::nullopt;
}

std::vector<EditLock> EditLocks::list(Instant now, int limit) {
  std::vector<EditLock> locks;
  for (const auto& row : tx_.rows(kList, now, limit)) locks.push_back(to_lock(row));
  return locks;
}

}  // namespace visitor::store
