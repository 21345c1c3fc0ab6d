#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "core/secret.hpp"

namespace visitor {

/// Cryptographically secure random bytes.
std::vector<std::byte> random_bytes(std::size_t count);

/// Seals and opens secrets that rest in the database, with the master key.
///
/// The key is 32 random bytes in a file (hexadecimal, one line). Sealed form: one version byte (1), a 24-byte nonce,
/// and the XChaCha20-Poly1305 box. Every use has a label ("terminal.password", "guest.document"), which takes part in
/// the authentication: a sealed value copied into another column does not open. Source: libsodium,
/// crypto_aead_xchacha20poly1305_ietf.
class Vault {
 public:
  /// Reads the key.
  /// \throws Error config  the file is missing, readable by others, owned by somebody else, or not a key
  static Vault open(const std::filesystem::path& key_file);
  /// Makes a new key file (0600) unless there is one, then opens it. Two starters do not race: the first file stays.
  static Vault open_or_create(const std::filesystem::path& key_file);
  /// For tests and for a key that comes from elsewhere. \p key has 32 bytes.
  explicit Vault(Secret key);

  std::vector<std::byte> seal(std::string_view label, const Secret& secret) const;
  /// \throws Error config  \p sealed was not made with this key and label
  Secret unseal(std::string_view label, std::span<const std::byte> sealed) const;

  /// A keyed hash (BLAKE2b-256) for looking things up without storing them: equal text, equal hash; worthless without
  /// the key. \p text is normalised by the caller.
  std::vector<std::byte> lookup_hash(std::string_view label, std::string_view text) const;

  /// Shows that \p text was written by whoever holds this key: a keyed hash (BLAKE2b-256) with a key of its own for
  /// each label.
  std::vector<std::byte> sign(std::string_view label, std::string_view text) const;
  /// Whether \p signature is what sign() gives; takes as long whatever differs.
  bool verifies(std::string_view label, std::string_view text, std::span<const std::byte> signature) const;

  /// Stored once in the database, so that a wrong key is found out before anything is written.
  std::vector<std::byte> fingerprint() const;

 private:
  Secret key_;
};

}  // namespace visitor
