#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/secret.hpp"
#include "db/transaction.hpp"
#include "domain/session.hpp"

namespace visitor::auth {

/// What audit rows about API keys speak of.
inline constexpr std::string_view kApiKeyTopic = "api_key";

struct NewApiKey {
  AccountId account;
  std::string name;
  std::vector<domain::Permission> permissions;  ///< at least one
  std::vector<std::string> networks;            ///< as PostgreSQL reads inet; empty: from anywhere
  std::optional<Instant> expires_at;
};

/// When a key needed a permission.
struct ApiKeyUse {
  domain::Permission permission = domain::Permission::visit_view;
  Instant first_used_at;
  Instant last_used_at;  ///< to the hour
};

class ApiKeys {
 public:
  explicit ApiKeys(db::Transaction& tx) : tx_(tx) {}

  /// \returns the key and its text, which nobody can see later
  std::pair<domain::ApiKey, Secret> create(const NewApiKey& key, AccountId by, Instant now);

  struct Found {
    domain::ApiKey key;
    bool from_here = true;                     ///< the address is in its networks
    std::vector<domain::Permission> recorded;  ///< whose use was written down in the last hour
  };
  /// The live key of an enabled account that has this text.
  /// \param address  textual IP address that it came from; one that is none is in no network
  std::optional<Found> find_by_text(const Secret& text, std::string_view address, Instant now);

  std::optional<domain::ApiKey> find(domain::ApiKeyId id);
  /// That is not revoked; letter case does not count.
  std::optional<domain::ApiKeyId> find_by_name(AccountId account, std::string_view name);
  /// By account and name. Without \p all only those that live.
  std::vector<domain::ApiKey> list(std::optional<AccountId> account, bool all, Instant now, int limit);
  /// \returns whether it was not revoked before
  bool revoke(domain::ApiKeyId id, AccountId by, Instant now);
  /// That it is in use; written once a minute at most.
  void touch(domain::ApiKeyId id, std::string_view address, Instant now);
  void note_use(domain::ApiKeyId id, domain::Permission permission, Instant now);
  /// In the order of the names of the permissions.
  std::vector<ApiKeyUse> uses(domain::ApiKeyId id);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::auth
