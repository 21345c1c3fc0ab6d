#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/secret.hpp"

/// Opaque tokens: 256 random bits behind a word that says what they are for, so that one in the wrong place is noticed
/// by people, programs and scanners for secrets.
namespace visitor::auth {

namespace token {
inline constexpr std::string_view kAccess = "vsa_", kRefresh = "vsr_", kApiKey = "vak_", kDevice = "vsd_";
}  // namespace token

/// "vsa_" and 43 characters of Base64 for URLs.
Secret new_token(std::string_view prefix);

/// Whether \p text has the form of new_token(prefix). What has not is not looked up.
bool is_token(const Secret& text, std::string_view prefix);

/// What is stored of a token: BLAKE2b-256. It needs no key and no salt, for nobody guesses 256 bits.
std::vector<std::byte> token_hash(const Secret& token);

}  // namespace visitor::auth
