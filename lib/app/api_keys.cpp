#include "app/api_keys.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/account_names.hpp"
#include "app/checks.hpp"
#include "app/details.hpp"
#include "app/journal.hpp"
#include "auth/principals.hpp"
#include "auth/source.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace visitor::app {
namespace {

using domain::AuditAction;

constexpr std::size_t kName = 100;
constexpr std::size_t kNetworks = 50;

std::optional<AccountId> account_filter(const Work& work, const std::optional<std::string>& login) {
  return login ? std::optional{get_account(work, *login).id} : std::nullopt;
}

domain::ApiKey get_key(const Work& work, domain::ApiKeyId id) {
  if (auto key = auth::ApiKeys{work.tx}.find(id)) return *std::move(key);
  throw Error(Errc::not_found, fmt::format("API key {} does not exist", id),
              "Run 'visitorctl apikey list --all' to see them.");
}

domain::Session get_session(const Work& work, domain::SessionId id) {
  if (auto session = auth::Sessions{work.tx}.find(id)) return *std::move(session);
  throw Error(Errc::not_found, fmt::format("session {} does not exist", id),
              "Run 'visitorctl user sessions' to see them.");
}

std::vector<std::string> checked_networks(const std::vector<std::string>& networks) {
  if (networks.size() > kNetworks) throw Error(Errc::usage, fmt::format("a key has {} networks at most", kNetworks));
  std::vector<std::string> checked;
  for (const auto& text : networks) {
    const auto network = auth::plain_network(text);
    if (!network)
      throw Error(Errc::usage, fmt::format("'{}' is not a network", text),
                  "Write it as 10.0.0.0/8, 2001:db8::/32 or 192.0.2.7.");
    checked.push_back(*network);
  }
  return checked;
}

std::string joined(const std::vector<domain::Permission>& permissions) {
  std::string text;
  for (const auto permission : permissions)
    text += fmt::format("{}{}", text.empty() ? "" : " ", domain::name(permission));
  return text;
}

}  // namespace

ApiKeyCreated create_api_key(const Work& work, const NewApiKey& wanted) {
  auth::NewApiKey key;
  key.name = checked_text("the name of a key", wanted.name, 1, kName);
  key.networks = checked_networks(wanted.networks);
  key.permissions = wanted.permissions;
  std::ranges::sort(key.permissions);
  key.permissions.erase(std::ranges::unique(key.permissions).begin(), key.permissions.end());
  if (key.permissions.empty())
    throw Error(Errc::usage, "a key without permissions can do nothing",
                "Name what it needs; 'visitorctl role permissions' lists them.");
  if (wanted.expires_at && *wanted.expires_at <= work.now)
    throw Error(Errc::usage, "the key would have expired already", "Give an end that lies ahead.");
  key.expires_at = wanted.expires_at;

  const auto account = get_account(work, wanted.login);
  key.account = account.id;
  const auto principal = auth::find_principal(work.tx, account.id);
  if (!principal)
    throw Error(Errc::conflict, fmt::format("account '{}' is disabled, or is not a person's", account.login));
  for (const auto permission : key.permissions)
    if (!principal->may(permission))
      throw Error(Errc::conflict,
                  fmt::format("no role of account '{}' allows '{}'", account.login, domain::name(permission)),
                  "A key can do no more than its account: grant a role first, or leave the permission out.");
  auth::ApiKeys keys{work.tx};
  if (const auto other = keys.find_by_name(account.id, key.name))
    throw Error(Errc::conflict, fmt::format("account '{}' has a key named '{}'", account.login, key.name),
                fmt::format("Revoke it first: visitorctl apikey revoke {}", *other));
  auto [created, text] = keys.create(key, work.actor.account, work.now);
  auto entries = journal(work);
  entries.audit(AuditAction::create, auth::kApiKeyTopic, created.id,
                Details{}
                    .add("name", std::string_view{created.name})
                    .add("account", created.account)
                    .add("permissions", std::string_view{joined(created.permissions)})
                    .json());
  entries.change(auth::kApiKeyTopic, created.id, 1);
  return {std::move(created), std::move(text)};
}

std::vector<domain::ApiKey> list_api_keys(const Work& work, const std::optional<std::string>& login, bool all,
                                          int limit) {
  return auth::ApiKeys{work.tx}.list(account_filter(work, login), all, work.now, limit);
}

ApiKeyAudit audit_api_key(const Work& work, domain::ApiKeyId id) {
  ApiKeyAudit audit{get_key(work, id), auth::ApiKeys{work.tx}.uses(id), {}};
  for (const auto permission : audit.key.permissions)
    if (std::ranges::find(audit.uses, permission, &auth::ApiKeyUse::permission) == audit.uses.end())
      audit.unused.push_back(permission);
  return audit;
}

domain::ApiKey revoke_api_key(const Work& work, domain::ApiKeyId id) {
  const auto before = get_key(work, id);
  if (!auth::ApiKeys{work.tx}.revoke(id, work.actor.account, work.now))
    throw Error(Errc::conflict, fmt::format("API key {} was revoked on {}", id, to_iso(*before.revoked_at)));
  auto entries = journal(work);
  entries.audit(AuditAction::remove, auth::kApiKeyTopic, id,
                Details{}.add("name", std::string_view{before.name}).json());
  entries.change(auth::kApiKeyTopic, id, 2);
  return get_key(work, id);
}

std::vector<domain::Session> list_sessions(const Work& work, const std::optional<std::string>& login, bool all,
                                           int limit) {
  return auth::Sessions{work.tx}.list({account_filter(work, login), all, limit}, work.now);
}

domain::Session revoke_session(const Work& work, domain::SessionId id) {
  const auto before = get_session(work, id);
  if (!auth::Sessions{work.tx}.end(id, domain::SessionEnd::revoked, work.now))
    throw Error(Errc::conflict, fmt::format("session {} is over since {}", id, to_iso(before.ends_at())));
  journal(work).audit(AuditAction::logout, auth::kSessionTopic, id,
                      Details{}.add("reason", domain::name(domain::SessionEnd::revoked)).json());
  return get_session(work, id);
}

std::vector<domain::Session> revoke_sessions(const Work& work, std::string_view login,
                                             std::optional<domain::SessionId> only) {
  constexpr auto kHow = domain::SessionEnd::revoked;
  if (only) {
    if (!equal_ignoring_case(get_session(work, *only).login, login))
      throw Error(Errc::not_found, fmt::format("session {} is not of '{}'", *only, login),
                  fmt::format("Run 'visitorctl user sessions {}' to see which are.", login));
    return {revoke_session(work, *only)};
  }
  std::vector<domain::Session> ended;
  auto entries = journal(work);
  for (const auto id : auth::Sessions{work.tx}.end_all(get_account(work, login).id, kHow, work.now)) {
    entries.audit(AuditAction::logout, auth::kSessionTopic, id, Details{}.add("reason", domain::name(kHow)).json());
    ended.push_back(get_session(work, id));
  }
  return ended;
}

}  // namespace visitor::app
