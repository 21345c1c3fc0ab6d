#include "store/accounts.hpp"

namespace visitor::store {
namespace {

// The empty update makes a racing transaction's row visible to us; without it nothing would come back.
constexpr auto kEnsure = R"sql(
    INSERT INTO account (login, kind, created_at)
    VALUES ($1, $2, $3)
        ON CONFLICT (lower(login)) DO UPDATE SET login = account.login
 RETURNING id, login, kind)sql";

constexpr auto kFind = R"sql(
    SELECT id, login, kind FROM account WHERE id = $1)sql";

constexpr auto kFindByLogin = R"sql(
    SELECT id, login, kind FROM account WHERE lower(login) = lower($1))sql";

Account to_account(const db::Row& row) {
  return {row.get<AccountId>("id"), row.get<std::string>("login"), row.get<std::string>("kind") == "system"};
}

}  // namespace

Account Accounts::ensure(const std::string& login, bool system, Instant now) {
  if (const auto account = find_by_login(login)) return *account;
  return to_account(tx_.row(kEnsure, login, system ? "system" : "person", now));
}

std::optional<Account> Accounts::find(AccountId id) {
  if (const auto row = tx_.maybe_row(kFind, id)) return to_account(*row);
  return std::nullopt;
}

std::optional<Account> Accounts::find_by_login(std::string_view login) {
  if (const auto row = tx_.maybe_row(kFindByLogin, login)) return to_account(*row);
  return std::nullopt;
}

}  // namespace visitor::store
