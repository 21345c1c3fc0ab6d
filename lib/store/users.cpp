#include "store/users.hpp"

#include "domain/language.hpp"
#include "store/words.hpp"

namespace visitor::store {
namespace {

constexpr auto kAdd = R"sql(
    INSERT INTO account (login, kind, name, company, department, position, email, phone, language, time_zone, chat_id,
                         created_at)
    VALUES ($1, 'person', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (lower(login)) DO NOTHING
 RETURNING id)sql";

constexpr auto kFind = R"sql(
    SELECT a.id, a.login, a.kind, a.name, a.company, a.department, a.position, a.email, a.phone, a.language,
           a.time_zone, a.chat_id, a.password_hash IS NOT NULL AS has_password, a.password_changed_at, a.disabled_at,
           a.created_at, a.version,
           ARRAY(SELECT DISTINCT r.name
                   FROM role_grant g
                   JOIN role r ON r.id = g.role_id
                  WHERE g.account_id = a.id AND (g.ends_at IS NULL OR g.ends_at > now())
                  ORDER BY r.name) AS roles
      FROM account a
     WHERE a.id = $1 OR lower(a.login) = lower($2))sql";

constexpr auto kList = R"sql(
    SELECT a.id, a.login, a.kind, a.name, a.company, a.department, a.position, a.email, a.phone, a.language,
           a.time_zone, a.chat_id, a.password_hash IS NOT NULL AS has_password, a.password_changed_at, a.disabled_at,
           a.created_at, a.version,
           ARRAY(SELECT DISTINCT r.name
                   FROM role_grant g
                   JOIN role r ON r.id = g.role_id
                  WHERE g.account_id = a.id AND (g.ends_at IS NULL OR g.ends_at > now())
                  ORDER BY r.name) AS roles
      FROM account a
     WHERE a.kind = 'person'
       AND ($1::text IS NULL OR a.login ILIKE $1 OR a.name ILIKE $1 OR a.company ILIKE $1 OR a.department ILIKE $1
            OR a.email ILIKE $1)
       AND ($2::boolean IS NULL OR (a.disabled_at IS NOT NULL) = $2)
       AND ($3::bigint IS NULL OR EXISTS (SELECT FROM role_grant g WHERE g.account_id = a.id AND g.role_id = $3))
     ORDER BY lower(a.login)
     LIMIT $4)sql";

constexpr auto kUpdate = R"sql(
    UPDATE account
       SET login = $3, name = $4, company = $5, department = $6, position = $7, email = $8, phone = $9, language = $10,
           time_zone = $11, chat_id = $12, version = version + 1
     WHERE id = $1 AND version = $2)sql";

constexpr auto kSetPassword = R"sql(
    UPDATE account
       SET password_hash = $2, password_changed_at = CASE WHEN $2 IS NULL THEN NULL ELSE $3::timestamptz END,
           version = version + 1
     WHERE id = $1)sql";

constexpr auto kSetHash = R"sql(
    UPDATE account SET password_hash = $3 WHERE id = $1 AND password_hash = $2)sql";

constexpr auto kSetDisabled = R"sql(
    UPDATE account SET disabled_at = $2, version = version + 1 WHERE id = $1)sql";

constexpr auto kRemoveParts = R"sql(
    WITH grants AS (DELETE FROM role_grant WHERE account_id = $1),
         members AS (DELETE FROM account_group_member WHERE account_id = $1),
         devices AS (DELETE FROM totp_device WHERE account_id = $1),
         codes AS (DELETE FROM recovery_code WHERE account_id = $1)
    DELETE FROM known_source WHERE account_id = $1)sql";

constexpr auto kRemove = R"sql(
    DELETE FROM account WHERE id = $1)sql";

constexpr auto kReferences = R"sql(
    SELECT what, count
      FROM (VALUES (1, 'audit row', (SELECT count(*) FROM audit WHERE account_id = $1)),
                   (2, 'visit', (SELECT count(*) FROM visit WHERE registered_by = $1)),
                   (3, 'step of a visit', (SELECT count(*) FROM visit_action WHERE account_id = $1)),
                   (4, 'incident', (SELECT count(*) FROM incident WHERE assigned_to = $1)),
                   (5, 'step of an incident', (SELECT count(*) FROM incident_history WHERE account_id = $1)),
                   (6, 'photo', (SELECT count(*) FROM guest_photo WHERE account_id = $1)),
                   (7, 'silence', (SELECT count(*) FROM silence WHERE account_id = $1 OR expired_by = $1)),
                   (8, 'Telegram user', (SELECT count(*) FROM telegram_person WHERE account_id = $1)),
                   (9, 'backup', (SELECT count(*) FROM backup_copy WHERE held_by = $1)),
                   (10, 'session', (SELECT count(*) FROM session WHERE account_id = $1)),
                   (11, 'API key', (SELECT count(*)
                                      FROM api_key
                                     WHERE account_id = $1 OR created_by = $1 OR revoked_by = $1)),
                   (12, 'granted role', (SELECT count(*) FROM role_grant WHERE granted_by = $1 AND account_id <> $1)),
                   (13, 'break-glass', (SELECT count(*)
                                          FROM break_glass
                                         WHERE $1 IN (account_id, first_by, second_by, closed_by))))
           AS n(position, what, count)
     WHERE count > 0
     ORDER BY position)sql";

domain::Account to_account(const db::Row& row) {
  domain::Account account;
  account.id = row.get<AccountId>("id");
  account.login = row.get<std::string>("login");
  account.system = row.get<std::string>("kind") == "system";
  account.name = row.get<std::string>("name");
  account.company = row.get<std::string>("company");
  account.department = row.get<std::string>("department");
  account.position = row.get<std::string>("position");
  account.email = row.get<std::string>("email");
  account.phone = row.get<std::string>("phone");
  account.language = read_word<domain::Language>(row, "language");
  account.time_zone = row.get<std::string>("time_zone");
  account.chat_id = row.get<std::string>("chat_id");
  account.has_password = row.get<bool>("has_password");
  account.password_changed_at = row.get<std::optional<Instant>>("password_changed_at");
  account.disabled_at = row.get<std::optional<Instant>>("disabled_at");
  account.created_at = row.get<Instant>("created_at");
  account.roles = row.get<std::vector<std::string>>("roles");
  account.version = row.get<int>("version");
  return account;
}

}  // namespace

std::optional<AccountId> Users::add(const domain::Account& account, Instant now) {
  if (const auto row = tx_.maybe_row(kAdd, account.login, account.name, account.company, account.department,
                                     account.position, account.email, account.phone, domain::name(account.language),
                                     account.time_zone, account.chat_id, now))
    return row->get<AccountId>("id");
  return std::nullopt;
}

std::optional<domain::Account> Users::find(AccountId id) {
  if (const auto row = tx_.maybe_row(kFind, id, std::optional<std::string_view>{})) return to_account(*row);
  return std::nullopt;
}

std::optional<domain::Account> Users::find_by_login(std::string_view login) {
  if (const auto row = tx_.maybe_row(kFind, std::optional<AccountId>{}, login)) return to_account(*row);
  return std::nullopt;
}

std::vector<domain::Account> Users::list(const UserFilter& filter) {
  std::vector<domain::Account> accounts;
  for (const auto& row : tx_.rows(kList, like(filter.text), filter.disabled, filter.role, filter.limit))
    accounts.push_back(to_account(row));
  return accounts;
}

bool Users::update(const domain::Account& account) {
  return tx_.exec(kUpdate, account.id, account.version, account.login, account.name, account.company,
                  account.department, account.position, account.email, account.phone, domain::name(account.language),
                  account.time_zone, account.chat_id) == 1;
}

void Users::set_password(AccountId id, const std::optional<std::string>& hash, Instant now) {
  tx_.exec(kSetPassword, id, hash, now);
}

void Users::set_hash(AccountId id, const std::string& before, const std::string& hash) {
  tx_.exec(kSetHash, id, before, hash);
}

void Users::set_disabled(AccountId id, std::optional<Instant> at) {
  tx_.exec(kSetDisabled, id, at);
}

void Users::remove(AccountId id) {
  tx_.exec(kRemoveParts, id);
  tx_.exec(kRemove, id);
}

std::vector<Reference> Users::references(AccountId id) {
  std::vector<Reference> references;
  for (const auto& row : tx_.rows(kReferences, id))
    references.push_back({row.get<std::string>("what"), row.get<std::int64_t>("count")});
  return references;
}

}  // namespace visitor::store
