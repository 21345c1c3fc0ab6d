#include "auth/sessions.hpp"

#include <algorithm>

#include "auth/token.hpp"

namespace visitor::auth {
namespace {

const std::string kColumns = R"sql(s.id, s.account_id, a.login, s.second_factor, s.stepped_up_at, s.created_at,
           s.last_used_at, s.refresh_until, s.absolute_until, s.address, s.agent, s.ended_at, s.ended_how)sql";

const std::string kOpen = R"sql(
    WITH s AS (
        INSERT INTO session (account_id, access_hash, access_until, refresh_hash, refresh_until, absolute_until,
                             second_factor, stepped_up_at, created_at, last_used_at, address, agent)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11)
          RETURNING *)
    SELECT )sql" + kColumns +
                          R"sql(
      FROM s JOIN account a ON a.id = s.account_id)sql";

const std::string kFind = "SELECT " + kColumns + R"sql(
      FROM session s JOIN account a ON a.id = s.account_id
     WHERE s.id = $1)sql";

const std::string kFindByAccess = "SELECT " + kColumns + R"sql(
      FROM session s JOIN account a ON a.id = s.account_id
     WHERE s.access_hash = $1 AND s.access_until > $2 AND s.absolute_until > $2 AND s.ended_at IS NULL
       AND a.disabled_at IS NULL)sql";

const std::string kList = "SELECT " + kColumns + R"sql(
      FROM session s JOIN account a ON a.id = s.account_id
     WHERE ($1::bigint IS NULL OR s.account_id = $1)
       AND ($2 OR (s.ended_at IS NULL AND s.refresh_until > $3 AND s.absolute_until > $3))
     ORDER BY s.created_at DESC, s.id DESC
     LIMIT $4)sql";

// Of two with the same token the second waits for the first, and then finds that the token is another one.
const std::string kRefresh = R"sql(
    WITH s AS (
        UPDATE session
           SET access_hash = $2, access_until = least($3, absolute_until), refresh_hash = $4,
               refresh_until = least($5, absolute_until), last_used_at = $6
          FROM account
         WHERE session.refresh_hash = $1 AND session.refresh_until > $6 AND session.absolute_until > $6
           AND session.ended_at IS NULL AND account.id = session.account_id AND account.disabled_at IS NULL
     RETURNING session.*),
    spent AS (
        INSERT INTO spent_refresh (hash, session_id)
        SELECT $1, s.id FROM s)
    SELECT )sql" + kColumns + R"sql(, s.access_until
      FROM s JOIN account a ON a.id = s.account_id)sql";

constexpr auto kSpent = R"sql(
    SELECT session_id FROM spent_refresh WHERE hash = $1)sql";

constexpr auto kEnd = R"sql(
    UPDATE session SET ended_at = $3, ended_how = $2
     WHERE id = $1 AND ended_at IS NULL AND refresh_until > $3 AND absolute_until > $3)sql";

constexpr auto kEndAll = R"sql(
    UPDATE session SET ended_at = $3, ended_how = $2
     WHERE account_id = $1 AND ended_at IS NULL AND refresh_until > $3 AND absolute_until > $3
       AND id IS DISTINCT FROM $4
 RETURNING id)sql";

constexpr auto kTouch = R"sql(
    UPDATE session SET last_used_at = $2 WHERE id = $1 AND last_used_at <= $2 - interval '1 minute')sql";

constexpr auto kStepUp = R"sql(
    UPDATE session SET second_factor = $2, stepped_up_at = $3 WHERE id = $1)sql";

constexpr auto kPurge = R"sql(
    DELETE FROM session WHERE coalesce(ended_at, least(refresh_until, absolute_until)) < $1)sql";

domain::Session to_session(const db::Row& row) {
  domain::Session session;
  session.id = row.get<domain::SessionId>("id");
  session.account = row.get<AccountId>("account_id");
  session.login = row.get<std::string>("login");
  session.second_factor = domain::get_named<domain::SecondFactorKind>(row.get<std::string>("second_factor"));
  session.stepped_up_at = row.get<std::optional<Instant>>("stepped_up_at");
  session.created_at = row.get<Instant>("created_at");
  session.last_used_at = row.get<Instant>("last_used_at");
  session.refresh_until = row.get<Instant>("refresh_until");
  session.absolute_until = row.get<Instant>("absolute_until");
  session.address = row.get<std::string>("address");
  session.agent = row.get<std::string>("agent");
  session.ended_at = row.get<std::optional<Instant>>("ended_at");
  if (const auto how = row.get<std::optional<std::string>>("ended_how"))
    session.ended_how = domain::get_named<domain::SessionEnd>(*how);
  return session;
}

IssuedTokens new_tokens() {
  return {new_token(token::kAccess), {}, new_token(token::kRefresh), {}};
}

}  // namespace

SessionIssued Sessions::open(const NewSession& session, const SessionLife& life, Instant now) {
  auto tokens = new_tokens();
  const auto absolute_until = now + life.absolute;
  tokens.access_until = std::min<Instant>(now + life.access, absolute_until);
  tokens.refresh_until = std::min<Instant>(now + life.refresh, absolute_until);
  const bool shown = session.second_factor != domain::SecondFactorKind::none;
  const auto row =
      tx_.row(kOpen, session.account, token_hash(tokens.access), tokens.access_until, token_hash(tokens.refresh),
              tokens.refresh_until, absolute_until, domain::name(session.second_factor),
              shown ? std::optional{now} : std::nullopt, now, session.address, session.agent);
  return {to_session(row), std::move(tokens)};
}

std::optional<domain::Session> Sessions::find_by_access(const Secret& token, Instant now) {
  if (!is_token(token, token::kAccess)) return std::nullopt;
  const auto row = tx_.maybe_row(kFindByAccess, token_hash(token), now);
  return row ? std::optional{to_session(*row)} : std::nullopt;
}

Refreshed Sessions::refresh(const Secret& token, const SessionLife& life, Instant now) {
  if (!is_token(token, token::kRefresh)) return {};
  const auto hash = token_hash(token);
  auto tokens = new_tokens();
  if (const auto row = tx_.maybe_row(kRefresh, hash, token_hash(tokens.access), now + life.access,
                                     token_hash(tokens.refresh), now + life.refresh, now)) {
    auto session = to_session(*row);
    tokens.access_until = row->get<Instant>("access_until");
    tokens.refresh_until = session.refresh_until;
    return {RefreshVerdict::done, SessionIssued{std::move(session), std::move(tokens)}, {}};
  }
  const auto spent = tx_.maybe_row(kSpent, hash);
  if (!spent) return {};
  const auto id = spent->get<domain::SessionId>("session_id");
  if (!end(id, domain::SessionEnd::reused, now)) return {};
  return {RefreshVerdict::reused, {}, find(id)};
}

std::optional<domain::Session> Sessions::find(domain::SessionId id) {
  const auto row = tx_.maybe_row(kFind, id);
  return row ? std::optional{to_session(*row)} : std::nullopt;
}

std::vector<domain::Session> Sessions::list(const SessionFilter& filter, Instant now) {
  std::vector<domain::Session> sessions;
  for (const auto& row : tx_.rows(kList, filter.account, filter.all, now, filter.limit))
    sessions.push_back(to_session(row));
  return sessions;
}

bool Sessions::end(domain::SessionId id, domain::SessionEnd how, Instant now) {
  return tx_.exec(kEnd, id, domain::name(how), now) == 1;
}

std::vector<domain::SessionId> Sessions::end_all(AccountId account, domain::SessionEnd how, Instant now,
                                                 std::optional<domain::SessionId> except) {
  std::vector<domain::SessionId> ended;
  for (const auto& row : tx_.rows(kEndAll, account, domain::name(how), now, except))
    ended.push_back(row.get<domain::SessionId>("id"));
  return ended;
}

void Sessions::touch(domain::SessionId id, Instant now) {
  tx_.exec(kTouch, id, now);
}

void Sessions::step_up(domain::SessionId id, domain::SecondFactorKind kind, Instant now) {
  tx_.exec(kStepUp, id, domain::name(kind), now);
}

std::int64_t Sessions::purge(Instant before) {
  return tx_.exec(kPurge, before);
}

}  // namespace visitor::auth
