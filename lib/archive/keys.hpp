#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/instant.hpp"
#include "core/secret.hpp"

namespace visitor::archive {

/// The public half of a recovery key: whoever has it can make backups for its owner, and read none.
/// Written "vbk-" with 64 hexadecimal digits and eight more that catch a typing mistake.
class PublicKey {
 public:
  /// \throws Error usage  no such key, or mistyped
  static PublicKey parse(std::string_view text);

  std::string text() const;
  /// Something that only the private half opens.
  std::vector<std::byte> seal(const Secret& secret) const;
  bool operator==(const PublicKey&) const = default;

 private:
  friend class PrivateKey;
  std::vector<std::byte> bytes_;
};

/// The private half: what a recovery needs. It is kept away from the machine that makes the backups.
///
/// As a file: lines that begin with # and say what it is, and one line "vbk-secret-…".
/// Source: libsodium, crypto_box_seal (X25519, XSalsa20-Poly1305).
class PrivateKey {
 public:
  static PrivateKey make(std::string name);
  /// \throws Error usage   no such file, or no such key in it
  /// \throws Error denied  others may read it; "-" (standard input) is not looked at that way
  static PrivateKey read(const std::filesystem::path& file);
  /// \throws Error usage
  static PrivateKey parse(std::string_view text);

  const std::string& name() const { return name_; }
  const PublicKey& public_key() const { return public_; }
  /// The content of the file.
  Secret file_text(Instant made) const;
  /// Nothing where it was sealed for another key or damaged.
  std::optional<Secret> open(std::span<const std::byte> sealed) const;

 private:
  std::string name_;
  PublicKey public_;
  Secret secret_;
};

/// Writes \p content to a new file that only its owner may read.
/// \throws Error conflict  there is one already; it is never overwritten
/// \throws Error config    it cannot be written
void write_new_private_file(const std::filesystem::path& file, const Secret& content);

/// Signs manifests in the name of this installation. Ed25519; 0600 in the state directory.
class SigningKey {
 public:
  /// Made at the first use; of two starters exactly one key stays.
  /// \throws Error config  it cannot be read or written, is open to others, or is no key
  static SigningKey open_or_create(const std::filesystem::path& file);
  explicit SigningKey(Secret seed);

  /// Written "vbs-" as a public recovery key is.
  const std::string& public_text() const { return public_; }
  /// 128 hexadecimal digits.
  std::string sign(std::string_view text) const;

 private:
  Secret secret_;
  std::string public_;
};

/// For keys that people type.
/// \throws Error usage  \p public_text is not the public half of such a key, as it is written
void require_signer(std::string_view public_text);
/// Whether \p signature over \p text was made by the key with that public half; never throws for what is no key.
bool signature_holds(std::string_view public_text, std::string_view text, std::string_view signature);

}  // namespace visitor::archive
