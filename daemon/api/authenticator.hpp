#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "app/log_in.hpp"

namespace visitor::api {

using app::Caller;

/// Says who somebody is.
class Authenticator {
 public:
  virtual ~Authenticator() = default;

  /// \param token   what came as a bearer token
  /// \param remote  the IP address that it came from
  /// \returns no caller where the token is unknown, over, revoked, or not good from there
  virtual app::Authentication authenticate(db::Pool& pool, const Secret& token, std::string_view remote,
                                           Instant now) = 0;
  /// The caller has the permission and is about to use it.
  virtual void note_use(db::Pool& pool, const Caller& caller, domain::Permission permission, std::string_view remote,
                        Instant now) = 0;
  /// Something was written: rights may be other ones from now on.
  virtual void forget() {}
};

/// By the sessions and API keys of the database. Whoever was let in is known for half a second, so that a busy script
/// does not ask the database twice for each request; after each write everybody is looked up anew.
class TokenAuthenticator final : public Authenticator {
 public:
  app::Authentication authenticate(db::Pool& pool, const Secret& token, std::string_view remote, Instant now) override;
  void note_use(db::Pool& pool, const Caller& caller, domain::Permission permission, std::string_view remote,
                Instant now) override;
  void forget() override;

 private:
  struct Known {
    Caller caller;
    Instant at;
  };
  std::mutex mutex_;
  std::map<std::string, Known, std::less<>> known_;  // by the hash of address and token
};

/// "session 12", "API key 3": what limits of rate count for.
std::string credential_of(const Caller& caller);

}  // namespace visitor::api
