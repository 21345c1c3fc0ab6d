#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/log_in.hpp"
#include "app/work.hpp"
#include "auth/passwords.hpp"
#include "core/secret.hpp"
#include "core/vault.hpp"
#include "domain/account.hpp"
#include "store/users.hpp"

/// Accounts of people. They belong to no site: whoever works with them does so on everything.
///
/// Every call that changes something writes its audit row and its change row. \throws Error denied  the scope of the
/// work is not everything. A `ref` is a login (any letter case) or a number.
namespace visitor::app {

using store::UserFilter;

struct NewAccount {
  std::string login;  ///< 1 to 100 characters without blanks, not a number
  std::string name;
  std::string company;
  std::string department;
  std::string position;
  std::string email;
  std::string phone;  ///< international
  domain::Language language = domain::Language::english;
  std::string time_zone;  ///< IANA name; empty: that of the site
  std::string chat_id;
  std::optional<std::string> password_hash;  ///< hash_new_password(); nothing: nobody can log in by password yet
};
/// \throws Error usage     a field is wrong
/// \throws Error conflict  the login is taken
domain::Account add_account(const Work& work, const NewAccount& account);
std::vector<domain::Account> list_accounts(const Work& work, const UserFilter& filter = {});
/// \throws Error not_found  names a near login
domain::Account resolve_account(const Work& work, std::string_view ref);

struct AccountEdit {
  std::optional<std::string> login;
  std::optional<std::string> name;
  std::optional<std::string> company;
  std::optional<std::string> department;
  std::optional<std::string> position;
  std::optional<std::string> email;
  std::optional<std::string> phone;
  std::optional<domain::Language> language;
  std::optional<std::string> time_zone;
  std::optional<std::string> chat_id;
};
/// \throws Error conflict  the login is taken, or the account has another version than \p seen
domain::Account edit_account(const Work& work, AccountId id, const AccountEdit& wanted, std::optional<int> seen = {});

/// Ends the account's sessions at once; it stays under what it did.
/// \throws Error conflict  it is disabled already, it is the daemon's, or nobody else is an enabled administrator
domain::Account disable_account(const Work& work, AccountId id);
/// \throws Error conflict  it is not disabled
domain::Account enable_account(const Work& work, AccountId id);
/// \throws Error conflict  something refers to it (says what), it is the daemon's, or nobody else is an enabled
///                         administrator
void remove_account(const Work& work, AccountId id);

/// The hash of a password that an account is to have. Takes a while: call it while no transaction is open.
/// \throws Error usage  auth::require_good_password says why
std::string hash_new_password(auth::Passwords& passwords, const Secret& password, std::string_view login);
/// Sets it and ends the account's sessions.
/// \throws Error conflict  it is the daemon's
domain::Account set_account_password(const Work& work, AccountId id, const std::string& hash);

/// Lets the account log in again where too many tries have held it up. \returns whether there were any
bool unlock_account(const Work& work, const Vault& vault, AccountId id);

/// [auth] as auth::Passwords wants it.
auth::PasswordCost password_cost(const config::Settings& settings);
/// What log_in() checks passwords with. \param passwords  outlives the desk
PasswordCheck password_check(auth::Passwords& passwords);
PasswordRenewal password_renewal(auth::Passwords& passwords);

}  // namespace visitor::app
