#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "archive/keys.hpp"
#include "core/instant.hpp"
#include "core/vault.hpp"
#include "domain/badge.hpp"
#include "store/badges.hpp"

/// What the QR code of a badge says, so that somebody with nothing but a public key can check it.
namespace visitor::app {

/// What is signed. Instants are whole seconds.
struct BadgeClaim {
  store::BadgeToken id{};
  Instant issued_at;
  Instant expires_at;
};

/// The key that signs badges here. It follows from the master key, by a use that nothing else has (Vault::sign, label
/// "badge.key"), and so is on every machine that has that key, and gone with it. Its public half is written "vbs-…".
archive::SigningKey badge_signing_key(const Vault& vault);

/// "vb1." and, in base64url without padding: the id, both times as seconds since 1970 (4 bytes each, most significant
/// first), and an Ed25519 signature over "visitor-badge/1\n" and these 24 bytes. 122 characters, which is what a QR
/// code of 45 x 45 modules holds.
std::string write_badge_token(const BadgeClaim& claim, const archive::SigningKey& key);

/// What \p text says, whatever the time. Blanks around it are let go.
/// \param public_key  "vbs-…"
/// \returns nothing where it is no token, or was not signed by that key for a badge
std::optional<BadgeClaim> read_badge_token(std::string_view text, std::string_view public_key);

}  // namespace visitor::app
