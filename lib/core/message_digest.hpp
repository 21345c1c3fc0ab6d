#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace visitor {

/// A hash function of OpenSSL's. For what other people's protocols ask for; our own hashes are libsodium's.
enum class DigestKind { md5, sha1, sha256, sha512 };

/// Hashes bytes that come piece by piece; no copy of them is left behind.
class MessageDigest {
 public:
  /// \throws Error failed  OpenSSL refuses this kind, as it does MD5 in FIPS mode; config  there is no OpenSSL
  explicit MessageDigest(DigestKind kind);

  void add(std::string_view bytes);
  /// The hash, 16 to 64 bytes by its kind. Called once, at the end.
  std::vector<std::byte> finish();

 private:
  [[noreturn]] void raise() const;

  struct Free {
    void operator()(void* context) const;
  };
  DigestKind kind_;
  std::unique_ptr<void, Free> context_;
};

}  // namespace visitor
