#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/secret.hpp"

namespace visitor::net {

enum class DigestAlgorithm : std::uint8_t { md5, md5_sess, sha256, sha256_sess };

/// What a server wants of a client that is to log in. Source: RFC 7616, section 3.3.
struct DigestChallenge {
  std::string realm;  ///< without quotes and backslashes; case counts
  std::string nonce;
  std::optional<std::string> opaque;  ///< handed back as it came
  DigestAlgorithm algorithm = DigestAlgorithm::md5;
  bool names_algorithm = false;  ///< then the answer names it too; old servers refuse the word otherwise
  bool qop_auth = false;         ///< false: no qop was offered, and RFC 2069's shorter response is wanted
  bool stale = false;            ///< the password was right, only the nonce too old

  bool operator==(const DigestChallenge&) const = default;
};

/// Bytes of one WWW-Authenticate header that are looked at; longer ones count as none.
inline constexpr std::size_t kMostChallengeBytes = 8192;

/// Every Digest challenge in one WWW-Authenticate header that can be answered, in order.
///
/// Takes several challenges in one header, any order and case of the names, values with and without quotes. Leaves out
/// other schemes, and challenges without a nonce, with an unknown algorithm, or with a qop that lacks "auth".
std::vector<DigestChallenge> parse_digest_challenges(std::string_view header);

/// The challenge to answer: the first one with SHA-256 before the first one with MD5; nothing where none can be.
/// \param headers  the values of all WWW-Authenticate headers of one answer
std::optional<DigestChallenge> choose_digest_challenge(std::span<const std::string> headers);

struct DigestAnswer {
  std::string_view username;  ///< UTF-8
  const Secret& password;
  std::string_view method;
  std::string_view uri;     ///< the request target byte for byte, with its query
  std::string_view cnonce;  ///< kept for the life of a nonce, as the -sess algorithms need
  std::uint32_t count = 1;  ///< how often the nonce has been used, this time included
};

/// The value of the Authorization header: "Digest username=..., ...". qop and nc stand without quotes.
/// \throws Error usage  username or uri hold control characters
std::string digest_authorization(const DigestChallenge& challenge, const DigestAnswer& answer);

/// 32 hexadecimal digits that nobody can guess.
std::string make_cnonce();

}  // namespace visitor::net
