#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/instant.hpp"
#include "domain/names.hpp"
#include "domain/permission.hpp"

/// What people and scripts hold after they have shown who they are.
namespace visitor::domain {

using SessionId = Id<struct SessionTag>;
using ApiKeyId = Id<struct ApiKeyTag>;
using TotpDeviceId = Id<struct TotpDeviceTag>;
using BreakGlassId = Id<struct BreakGlassTag>;

enum class TotpAlgorithm : std::uint8_t { sha1, sha256, sha512 };

/// Number of a 30-second period since 1970.
using TotpStep = std::int64_t;

/// What somebody shows besides the password.
enum class SecondFactorKind : std::uint8_t { none, totp, recovery };

/// How a session came to its end before its time.
enum class SessionEnd : std::uint8_t {
  logout,    ///< its owner
  revoked,   ///< its owner from elsewhere, or an administrator
  reused,    ///< a refresh token was used twice: one of the two had stolen it
  password,  ///< the password was changed
  disabled   ///< the account was
};

/// One log-in and what became of it. Its tokens change; it stays.
struct Session {
  SessionId id;
  AccountId account;
  std::string login;
  SecondFactorKind second_factor = SecondFactorKind::none;
  std::optional<Instant> stepped_up_at;  ///< when a second factor was last shown in it
  Instant created_at;
  Instant last_used_at;  ///< to the minute
  Instant refresh_until;
  Instant absolute_until;
  std::string address;  ///< that it was made from
  std::string agent;    ///< what the program called itself; untrusted
  std::optional<Instant> ended_at;
  std::optional<SessionEnd> ended_how;

  /// When it is over if nobody uses it.
  Instant ends_at() const { return ended_at ? *ended_at : std::min(refresh_until, absolute_until); }
  bool live(Instant now) const { return !ended_at && now < ends_at(); }
};

/// A key for a script: acts for its account, with no more than the listed permissions.
struct ApiKey {
  ApiKeyId id;
  AccountId account;
  std::string login;
  std::string name;
  std::vector<Permission> permissions;
  std::vector<std::string> networks;  ///< "10.0.0.0/8"; empty: from anywhere
  Instant created_at;
  std::optional<Instant> expires_at;
  std::optional<Instant> revoked_at;
  std::optional<Instant> last_used_at;  ///< to the minute
  std::string last_used_from;

  bool live(Instant now) const { return !revoked_at && (!expires_at || now < *expires_at); }
};

/// An authenticator. It counts once a code of it has been shown.
struct TotpDevice {
  TotpDeviceId id;
  AccountId account;
  TotpAlgorithm algorithm = TotpAlgorithm::sha1;
  int digits = 6;
  Instant created_at;
  std::optional<Instant> confirmed_at;
  TotpStep last_step = 0;  ///< its code and all older ones are spent
  std::optional<Instant> last_used_at;
  int last_drift = 0;  ///< steps that the user's clock was ahead then
};

template <>
std::span<const Name<TotpAlgorithm>> names();
template <>
std::span<const Name<SecondFactorKind>> names();
template <>
std::span<const Name<SessionEnd>> names();

}  // namespace visitor::domain
