#include "app/accounts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/checks.hpp"
#include "app/details.hpp"
#include "app/editing.hpp"
#include "app/journal.hpp"
#include "app/masking.hpp"
#include "auth/log_in_budget.hpp"
#include "auth/sessions.hpp"
#include "core/text.hpp"
#include "core/zone.hpp"
#include "domain/people.hpp"
#include "store/roles.hpp"

namespace visitor::app {
namespace {

constexpr std::size_t kName = 200, kLogin = 100, kChat = 100;
constexpr std::string_view kTopic = "account";
constexpr auto kListHint = "Run 'visitorctl user list' to see them.";
constexpr int kAll = 100'000;

std::string checked_login(std::string_view given) {
  auto login = checked_text("the login", given, 1, kLogin);
  if (login.find(' ') != std::string::npos)
    throw Error(Errc::usage, fmt::format("'{}' cannot be a login: it has a blank in it", login),
                "Use a dot or a dash.");
  if (to_integer(login))
    throw Error(Errc::usage, fmt::format("'{}' cannot be a login: it is a number", login),
                "Numbers name accounts already; add a letter.");
  return login;
}

std::string checked_zone(std::string_view given) {
  const auto name = trim(given);
  if (name.empty()) return {};
  try {
    return Zone::named(std::string{name}).name();
  } catch (const Error& error) {
    throw Error(Errc::usage, error.message(), error.hint());
  }
}

std::string checked_phone(std::string_view given) {
  const auto phone = trim(given);
  return phone.empty() ? std::string{} : domain::to_e164(phone, "");
}

domain::Account get_account(const Work& work, AccountId id) {
  if (auto account = store::Users{work.tx}.find(id)) return *std::move(account);
  throw Error(Errc::not_found, fmt::format("account {} does not exist", id), kListHint);
}

void require_person(const domain::Account& account, std::string_view verb) {
  if (account.system)
    throw Error(Errc::conflict, fmt::format("'{}' is the daemon's own account and cannot be {}", account.login, verb),
                "Nobody can log in with it.");
}

void require_other_administrator(const Work& work, const domain::Account& account, std::string_view verb) {
  const auto holders = store::Roles{work.tx}.lock_holders(domain::kAdministrator);
  if (holders.size() == 1 && holders.front() == account.id)
    throw Error(Errc::conflict, fmt::format("'{}' is the last administrator and cannot be {}", account.login, verb),
                "Run 'visitorctl role grant USER administrator' for somebody else first.");
}

void record(const Work& work, const domain::Account& account, domain::AuditAction action, std::string details) {
  auto entries = journal(work);
  entries.audit(action, kTopic, account.id, std::move(details));
  entries.change(kTopic, account.id, account.version);
}

/// After the store has made the version one more.
domain::Account record_switch(const Work& work, AccountId id, std::string_view key, bool value) {
  auto after = get_account(work, id);
  record(work, after, domain::AuditAction::update,
         Details{}.add(key, value).add("version", std::int64_t{after.version}).json());
  return after;
}

}  // namespace

domain::Account add_account(const Work& work, const NewAccount& given) {
  require_scope(work, SiteId{});
  domain::Account account;
  account.login = checked_login(given.login);
  account.name = checked_text("the name", given.name, 0, kName);
  account.company = checked_text("the company", given.company, 0, kName);
  account.department = checked_text("the department", given.department, 0, kName);
  account.position = checked_text("the position", given.position, 0, kName);
  account.email = checked_email(given.email);
  account.phone = checked_phone(given.phone);
  account.language = given.language;
  account.time_zone = checked_zone(given.time_zone);
  account.chat_id = checked_text("the chat id", given.chat_id, 0, kChat);
  store::Users users{work.tx};
  const auto id = users.add(account, work.now);
  if (!id) {
    const auto holder = users.find_by_login(account.login);
    throw Error(Errc::conflict, fmt::format("there is an account '{}' already", holder->login),
                fmt::format("Run 'visitorctl user edit {}' to change it.", holder->login));
  }
  if (given.password_hash) users.set_password(*id, given.password_hash, work.now);
  account = get_account(work, *id);
  record(work, account, domain::AuditAction::create,
         Details{}.add("login", account.login).add("name", account.name).add("password", account.has_password).json());
  return account;
}

std::vector<domain::Account> list_accounts(const Work& work, const UserFilter& filter) {
  require_scope(work, SiteId{});
  return store::Users{work.tx}.list(filter);
}

domain::Account resolve_account(const Work& work, std::string_view given) {
  require_scope(work, SiteId{});
  const auto ref = trim(given);
  if (const auto number = to_integer(ref)) return get_account(work, AccountId{*number});
  store::Users users{work.tx};
  if (auto account = users.find_by_login(ref)) return *std::move(account);
  UserFilter filter;
  filter.limit = kAll;
  std::vector<std::string> logins;
  for (const auto& account : users.list(filter)) logins.push_back(account.login);
  throw Error(Errc::not_found, fmt::format("there is no account '{}'", ref), near_hint(ref, logins, kListHint));
}

domain::Account edit_account(const Work& work, AccountId id, const AccountEdit& wanted, std::optional<int> seen) {
  require_scope(work, SiteId{});
  store::Users users{work.tx};
  auto account = get_account(work, id);
  require_version(work, kTopic, id.value, account.version, seen);
  require_person(account, "changed");
  const auto text = [](std::string_view field, const std::optional<std::string>& value, std::size_t most) {
    return value ? std::optional{checked_text(field, *value, 0, most)} : std::nullopt;
  };
  Edit edit;
  edit.set("login", account.login, wanted.login ? std::optional{checked_login(*wanted.login)} : std::nullopt);
  edit.set("name", account.name, text("the name", wanted.name, kName));
  edit.set("company", account.company, text("the company", wanted.company, kName));
  edit.set("department", account.department, text("the department", wanted.department, kName));
  edit.set("position", account.position, text("the position", wanted.position, kName));
  edit.set("email", account.email, wanted.email ? std::optional{checked_email(*wanted.email)} : std::nullopt,
           masked_email);
  edit.set("phone", account.phone, wanted.phone ? std::optional{checked_phone(*wanted.phone)} : std::nullopt,
           masked_number);
  if (wanted.language && *wanted.language != account.language) {
    edit.note("language", std::string{domain::name(account.language)}, std::string{domain::name(*wanted.language)});
    account.language = *wanted.language;
  }
  edit.set("time_zone", account.time_zone,
           wanted.time_zone ? std::optional{checked_zone(*wanted.time_zone)} : std::nullopt);
  edit.set("chat_id", account.chat_id, text("the chat id", wanted.chat_id, kChat), masked_number);
  if (edit.empty()) return account;
  if (const auto other = users.find_by_login(account.login); other && other->id != id)
    throw Error(Errc::conflict, fmt::format("there is an account '{}' already: {}", other->login, other->id),
                "Give another login.");
  if (!users.update(account)) lost_race(work, kTopic, id.value, account.version);
  record_edit(work, kTopic, id.value, ++account.version, edit);
  return account;
}

domain::Account disable_account(const Work& work, AccountId id) {
  require_scope(work, SiteId{});
  require_other_administrator(work, get_account(work, id), "disabled");
  const auto account = get_account(work, id);
  require_person(account, "disabled");
  if (account.disabled_at)
    throw Error(Errc::conflict, fmt::format("'{}' is disabled already", account.login),
                fmt::format("Run 'visitorctl user enable {}' to let it in again.", account.login));
  store::Users{work.tx}.set_disabled(id, work.now);
  auth::Sessions{work.tx}.end_all(id, domain::SessionEnd::disabled, work.now);
  return record_switch(work, id, "disabled", true);
}

domain::Account enable_account(const Work& work, AccountId id) {
  require_scope(work, SiteId{});
  const auto account = get_account(work, id);
  if (!account.disabled_at)
    throw Error(Errc::conflict, fmt::format("'{}' is not disabled", account.login), "Nothing is to be done.");
  store::Users{work.tx}.set_disabled(id, std::nullopt);
  return record_switch(work, id, "disabled", false);
}

void remove_account(const Work& work, AccountId id) {
  require_scope(work, SiteId{});
  require_other_administrator(work, get_account(work, id), "removed");
  auto account = get_account(work, id);
  require_person(account, "removed");
  store::Users users{work.tx};
  if (const auto references = users.references(id); !references.empty()) {
    std::vector<std::string> counts;
    for (const auto& [what, count] : references)
      counts.push_back(fmt::format("{} {}{}", count, what, count == 1 ? "" : "s"));
    throw Error(Errc::conflict,
                fmt::format("'{}' cannot be removed: {} name it", account.login, fmt::join(counts, ", ")),
                fmt::format("Run 'visitorctl user disable {}' instead: it can do nothing more, and what it did keeps "
                            "its name.",
                            account.login));
  }
  users.remove(id);
  ++account.version;
  record(work, account, domain::AuditAction::remove, Details{}.add("login", account.login).json());
}

std::string hash_new_password(auth::Passwords& passwords, const Secret& password, std::string_view login) {
  auth::require_good_password(password, login);
  return passwords.hash(password);
}

domain::Account set_account_password(const Work& work, AccountId id, const std::string& hash) {
  require_scope(work, SiteId{});
  require_person(get_account(work, id), "given a password");
  store::Users{work.tx}.set_password(id, hash, work.now);
  auth::Sessions{work.tx}.end_all(id, domain::SessionEnd::password, work.now);
  return record_switch(work, id, "password_changed", true);
}

bool unlock_account(const Work& work, const Vault& vault, AccountId id) {
  require_scope(work, SiteId{});
  const auto account = get_account(work, id);
  const bool held = auth::LogInBudget{work.tx, vault}.forget(account.login, id);
  record(work, account, domain::AuditAction::update, Details{}.add("unlocked", true).json());
  return held;
}

auth::PasswordCost password_cost(const config::Settings& settings) {
  return {settings.auth.hash_memory, settings.auth.hash_passes, settings.auth.hashes_at_once};
}

PasswordCheck password_check(auth::Passwords& passwords) {
  return [&passwords](const std::optional<std::string>& stored, const Secret& password) {
    return passwords.check(stored, password);
  };
}

PasswordRenewal password_renewal(auth::Passwords& passwords) {
  return [&passwords](const std::string& stored, const Secret& password) -> std::optional<std::string> {
    if (!passwords.outdated(stored)) return std::nullopt;
    return passwords.hash(password);
  };
}

}  // namespace visitor::app
