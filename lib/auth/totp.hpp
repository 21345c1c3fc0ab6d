#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/instant.hpp"
#include "core/secret.hpp"
#include "domain/session.hpp"

/// Codes that change every 30 seconds, from a key that both sides know. Pure: what was used before is the caller's to
/// keep.
namespace visitor::auth {

using domain::TotpAlgorithm;
using domain::TotpStep;

inline constexpr std::chrono::seconds kTotpPeriod{30};

struct TotpParameters {
  TotpAlgorithm algorithm = TotpAlgorithm::sha1;  ///< what every authenticator app knows
  int digits = 6;                                 ///< 6 or 8
};

/// 20 random bytes, as RFC 4226 recommends.
Secret new_totp_key();

/// How many whole periods have passed since 1970.
TotpStep totp_step(Instant now);

/// The code of \p step, \p parameters.digits ASCII digits.
/// \param key  raw bytes (not Base32), 16 or more
/// \throws Error usage  \p key is shorter, or the digits are neither 6 nor 8
/// Source: RFC 6238; the tests replay its appendix B and ask oathtool.
std::string totp_code(const Secret& key, const TotpParameters& parameters, TotpStep step);

/// The step that \p code belongs to, or nothing if the code is wrong.
///
/// Allows for clocks one step apart. A code counts once: the caller stores the returned step and passes it as
/// \p last_used from then on.
///
/// \param code       exactly as many ASCII digits as the parameters say; anything else is wrong
/// \param last_used  newest step accepted before; that one and older are refused. 0: none
std::optional<TotpStep> match_totp(const Secret& key, const TotpParameters& parameters, std::string_view code,
                                   Instant now, TotpStep last_used);

/// How many steps the clock that showed \p code is ahead of \p now (behind: negative), the nearest first; nothing where
/// no step within \p reach gives the code. For finding out what is wrong, never for letting anybody in.
std::optional<std::int64_t> totp_drift(const Secret& key, const TotpParameters& parameters, std::string_view code,
                                       Instant now, std::int64_t reach);

/// What an authenticator app reads from the QR code: "otpauth://totp/Visitor:anna?secret=…&issuer=Visitor…".
/// Names may hold anything; what is not unreserved in a URI is percent-encoded.
/// Source: the Key URI Format of google-authenticator.
Secret totp_uri(const Secret& key, const TotpParameters& parameters, std::string_view issuer, std::string_view login);

}  // namespace visitor::auth
