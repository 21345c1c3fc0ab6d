#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/work.hpp"
#include "auth/api_keys.hpp"
#include "auth/sessions.hpp"
#include "domain/session.hpp"

/// Keys for scripts, and the sessions of people. Each step writes its audit row.
namespace visitor::app {

struct NewApiKey {
  std::string login;                            ///< whose roles bound what it may do and where
  std::string name;                             ///< 1 to 100 characters; one key of a name for each account
  std::vector<domain::Permission> permissions;  ///< at least one
  std::vector<std::string> networks;            ///< "10.0.0.0/8", "192.0.2.7"; empty: from anywhere
  std::optional<Instant> expires_at;
};
struct ApiKeyCreated {
  domain::ApiKey key;
  Secret text;  ///< seen only now
};
/// \throws Error usage      no permission, a network that is none, or an expiry that does not lie ahead
/// \throws Error not_found  no such account
/// \throws Error conflict   the account is disabled or is not a person's, has a live key of that name, or has no role
///                          with one of the permissions
ApiKeyCreated create_api_key(const Work& work, const NewApiKey& key);

/// By account and name.
/// \param login  only its keys
/// \param all    also those that are revoked or have expired
/// \throws Error not_found  no such account
std::vector<domain::ApiKey> list_api_keys(const Work& work, const std::optional<std::string>& login, bool all,
                                          int limit = 100);

/// What a key was given, and what of it it has ever needed.
struct ApiKeyAudit {
  domain::ApiKey key;
  std::vector<auth::ApiKeyUse> uses;
  std::vector<domain::Permission> unused;  ///< never needed since it was made
};
/// \throws Error not_found
ApiKeyAudit audit_api_key(const Work& work, domain::ApiKeyId id);

/// It is dead for every daemon with the commit.
/// \throws Error not_found
/// \throws Error conflict  it was revoked before
domain::ApiKey revoke_api_key(const Work& work, domain::ApiKeyId id);

/// Newest first.
/// \param login  only its sessions
/// \param all    also those that are over
/// \throws Error not_found  no such account
std::vector<domain::Session> list_sessions(const Work& work, const std::optional<std::string>& login, bool all,
                                           int limit = 100);

/// Dead for every daemon with the commit.
/// \throws Error not_found
/// \throws Error conflict  it is over already
domain::Session revoke_session(const Work& work, domain::SessionId id);
/// All of an account, or \p only this one of them. \returns those that were live
/// \throws Error not_found  no such account, or the session is not of it
/// \throws Error conflict   that one is over already
std::vector<domain::Session> revoke_sessions(const Work& work, std::string_view login,
                                             std::optional<domain::SessionId> only = {});

}  // namespace visitor::app
