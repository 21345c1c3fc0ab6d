#include "app/badge_token.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "core/text.hpp"

namespace visitor::app {
namespace {

constexpr std::string_view kPrefix = "vb1.";
constexpr std::string_view kPurpose = "visitor-badge/1\n";
constexpr std::string_view kLabel = "badge.key";
constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t kClaimBytes = 24, kSignatureBytes = 64;

/// Base64url without padding. Source: RFC 4648, section 5.
std::string to_base64url(std::span<const std::byte> bytes) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const auto byte : bytes) {
    bits = bits << 8 | std::to_integer<std::uint32_t>(byte);
    for (count += 8; count >= 6; count -= 6) out += kDigits[bits >> (count - 6) & 63];
  }
  if (count > 0) out += kDigits[bits << (6 - count) & 63];
  return out;
}

/// Nothing where \p text is not what to_base64url() writes: of two texts that differ at most one is a token.
std::optional<std::vector<std::byte>> from_base64url(std::string_view text) {
  std::vector<std::byte> out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const auto digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out.push_back(static_cast<std::byte>(bits >> count & 255));
    }
  }
  if (to_base64url(out) != text) return std::nullopt;
  return out;
}

void append_seconds(std::vector<std::byte>& out, Instant at) {
  const auto seconds =
      static_cast<std::uint32_t>(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::byte>(seconds >> shift & 255));
}

Instant read_seconds(std::span<const std::byte> bytes) {
  std::uint32_t seconds = 0;
  for (const auto byte : bytes.first(4)) seconds = seconds << 8 | std::to_integer<std::uint32_t>(byte);
  return Instant{std::chrono::seconds{seconds}};
}

std::string signed_text(std::span<const std::byte> claim) {
  std::string text{kPurpose};
  text.append(reinterpret_cast<const char*>(claim.data()), claim.size());
  return text;
}

}  // namespace

archive::SigningKey badge_signing_key(const Vault& vault) {
  const auto seed = vault.sign(kLabel, kPurpose);
  return archive::SigningKey{Secret{std::span<const std::byte>{seed}}};
}

std::string write_badge_token(const BadgeClaim& claim, const archive::SigningKey& key) {
  std::vector<std::byte> bytes{claim.id.begin(), claim.id.end()};
  append_seconds(bytes, claim.issued_at);
  append_seconds(bytes, claim.expires_at);
  const auto signature = from_hex(key.sign(signed_text(bytes)));
  bytes.insert(bytes.end(), signature->begin(), signature->end());
  return std::string{kPrefix} + to_base64url(bytes);
}

std::optional<BadgeClaim> read_badge_token(std::string_view text, std::string_view public_key) {
  text = trim(text);
  if (!text.starts_with(kPrefix) || text.size() > 2 * (kClaimBytes + kSignatureBytes)) return std::nullopt;
  const auto bytes = from_base64url(text.substr(kPrefix.size()));
  if (!bytes || bytes->size() != kClaimBytes + kSignatureBytes) return std::nullopt;
  const std::span all{*bytes};
  if (!archive::signature_holds(public_key, signed_text(all.first(kClaimBytes)), to_hex(all.subspan(kClaimBytes))))
    return std::nullopt;
  BadgeClaim claim;
  std::ranges::copy(all.first(claim.id.size()), claim.id.begin());
  claim.issued_at = read_seconds(all.subspan(16));
  claim.expires_at = read_seconds(all.subspan(20));
  return claim;
}

}  // namespace visitor::app
