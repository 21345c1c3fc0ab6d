#include "auth/api_keys.hpp"

#include "auth/source.hpp"
#include "auth/token.hpp"

namespace visitor::auth {
namespace {

const std::string kColumns = R"sql(k.id, k.account_id, a.login, k.name, k.permissions, k.networks::text[] AS networks,
           k.created_at, k.expires_at, k.revoked_at, k.last_used_at, k.last_used_from)sql";

const std::string kCreate = R"sql(
    WITH k AS (
        INSERT INTO api_key (account_id, name, hash, permissions, networks, created_by, created_at, expires_at)
             VALUES ($1, $2, $3, $4, ARRAY(SELECT network(unnest($5::text[])::inet)), $6, $7, $8)
          RETURNING *)
    SELECT )sql" + kColumns +
                            R"sql(
      FROM k JOIN account a ON a.id = k.account_id)sql";

const std::string kFindByHash = "SELECT " + kColumns + R"sql(,
           cardinality(k.networks) = 0 OR coalesce($2::inet <<= ANY (k.networks), false) AS from_here,
           ARRAY(SELECT u.permission FROM api_key_use u
                  WHERE u.api_key_id = k.id AND u.last_used_at > $3 - interval '1 hour') AS recorded
      FROM api_key k JOIN account a ON a.id = k.account_id
     WHERE k.hash = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $3)
       AND a.disabled_at IS NULL)sql";

const std::string kFind = "SELECT " + kColumns + R"sql(
      FROM api_key k JOIN account a ON a.id = k.account_id
     WHERE k.id = $1)sql";

const std::string kList = "SELECT " + kColumns + R"sql(
      FROM api_key k JOIN account a ON a.id = k.account_id
     WHERE ($1::bigint IS NULL OR k.account_id = $1)
       AND ($2 OR (k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $3)))
     ORDER BY lower(a.login), lower(k.name), k.id
     LIMIT $4)sql";

constexpr auto kFindByName = R"sql(
    SELECT id FROM api_key WHERE account_id = $1 AND lower(name) = lower($2) AND revoked_at IS NULL)sql";

constexpr auto kRevoke = R"sql(
    UPDATE api_key SET revoked_at = $3, revoked_by = $2 WHERE id = $1 AND revoked_at IS NULL)sql";

constexpr auto kTouch = R"sql(
    UPDATE api_key
       SET last_used_at = $2, last_used_from = $3
     WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $2 - interval '1 minute'))sql";

constexpr auto kNoteUse = R"sql(
    INSERT INTO api_key_use (api_key_id, permission, first_used_at, last_used_at)
         VALUES ($1, $2, $3, $3)
    ON CONFLICT (api_key_id, permission) DO UPDATE SET last_used_at = excluded.last_used_at)sql";

constexpr auto kUses = R"sql(
    SELECT permission, first_used_at, last_used_at FROM api_key_use WHERE api_key_id = $1 ORDER BY permission)sql";

std::vector<domain::Permission> to_permissions(const std::vector<std::string>& words) {
  std::vector<domain::Permission> permissions;
  for (const auto& word : words) permissions.push_back(domain::get_named<domain::Permission>(word));
  return permissions;
}

domain::ApiKey to_key(const db::Row& row) {
  domain::ApiKey key;
  key.id = row.get<domain::ApiKeyId>("id");
  key.account = row.get<AccountId>("account_id");
  key.login = row.get<std::string>("login");
  key.name = row.get<std::string>("name");
  key.permissions = to_permissions(row.get<std::vector<std::string>>("permissions"));
  key.networks = row.get<std::vector<std::string>>("networks");
  key.created_at = row.get<Instant>("created_at");
  key.expires_at = row.get<std::optional<Instant>>("expires_at");
  key.revoked_at = row.get<std::optional<Instant>>("revoked_at");
  key.last_used_at = row.get<std::optional<Instant>>("last_used_at");
  key.last_used_from = row.get<std::string>("last_used_from");
  return key;
}

}  // namespace

std::pair<domain::ApiKey, Secret> ApiKeys::create(const NewApiKey& key, AccountId by, Instant now) {
  auto text = new_token(token::kApiKey);
  std::vector<std::string_view> permissions;
  for (const auto permission : key.permissions) permissions.push_back(domain::name(permission));
  const auto row =
      tx_.row(kCreate, key.account, key.name, token_hash(text), permissions, key.networks, by, now, key.expires_at);
  return {to_key(row), std::move(text)};
}

std::optional<ApiKeys::Found> ApiKeys::find_by_text(const Secret& text, std::string_view address, Instant now) {
  if (!is_token(text, token::kApiKey)) return std::nullopt;
  const auto row = tx_.maybe_row(kFindByHash, token_hash(text), plain_address(address), now);
  if (!row) return std::nullopt;
  return Found{to_key(*row), row->get<bool>("from_here"),
               to_permissions(row->get<std::vector<std::string>>("recorded"))};
}

std::optional<domain::ApiKey> ApiKeys::find(domain::ApiKeyId id) {
  const auto row = tx_.maybe_row(kFind, id);
  return row ? std::optional{to_key(*row)} : std::nullopt;
}

std::optional<domain::ApiKeyId> ApiKeys::find_by_name(AccountId account, std::string_view name) {
  const auto row = tx_.maybe_row(kFindByName, account, name);
  return row ? std::optional{row->get<domain::ApiKeyId>("id")} : std::nullopt;
}

std::vector<domain::ApiKey> ApiKeys::list(std::optional<AccountId> account, bool all, Instant now, int limit) {
  std::vector<domain::ApiKey> keys;
  for (const auto& row : tx_.rows(kList, account, all, now, limit)) keys.push_back(to_key(row));
  return keys;
}

bool ApiKeys::revoke(domain::ApiKeyId id, AccountId by, Instant now) {
  return tx_.exec(kRevoke, id, by, now) == 1;
}

void ApiKeys::touch(domain::ApiKeyId id, std::string_view address, Instant now) {
  tx_.exec(kTouch, id, now, address);
}

void ApiKeys::note_use(domain::ApiKeyId id, domain::Permission permission, Instant now) {
  tx_.exec(kNoteUse, id, domain::name(permission), now);
}

std::vector<ApiKeyUse> ApiKeys::uses(domain::ApiKeyId id) {
  std::vector<ApiKeyUse> uses;
  for (const auto& row : tx_.rows(kUses, id))
    uses.push_back({domain::get_named<domain::Permission>(row.get<std::string>("permission")),
                    row.get<Instant>("first_used_at"), row.get<Instant>("last_used_at")});
  return uses;
}

}  // namespace visitor::auth
