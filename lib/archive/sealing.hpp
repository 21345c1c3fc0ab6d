#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "archive/bytes.hpp"
#include "core/secret.hpp"

namespace visitor::archive {

// An encrypted stream: the eight bytes "VSTRBAK1", a header of 24 bytes, then chunks of 256 KiB of clear text (the last
// is shorter, or empty), each 17 bytes longer than its clear text. The last chunk is tagged as such, so that nothing
// can be cut off, and each is bound to its number and to the context (id of the backup and name of the part): no chunk
// can be moved, left out, repeated or taken from elsewhere. Source: libsodium, crypto_secretstream_xchacha20poly1305.

inline constexpr std::size_t kDataKeyBytes = 32;
inline constexpr std::size_t kClearChunk = std::size_t{256} << 10;

/// A new random key, for one backup.
Secret make_data_key();

/// Encrypts what it is given.
class SealingSink final : public Sink {
 public:
  /// \param key      kDataKeyBytes
  /// \param context  what the stream is; whoever opens it must say the same
  SealingSink(const Secret& key, std::string context, Sink& next);
  ~SealingSink() override;
  void write(std::span<const std::byte> bytes) override;
  void finish() override;

 private:
  struct State;
  void seal(bool last);

  std::unique_ptr<State> state_;
  std::string context_;
  Sink& next_;
  std::vector<std::byte> clear_;
  std::vector<std::byte> sealed_;
  std::uint64_t number_ = 0;
};

/// Decrypts. Every byte that it hands out was authenticated, and 0 is returned only at the true end.
class OpeningSource final : public Source {
 public:
  OpeningSource(const Secret& key, std::string context, Source& from);
  ~OpeningSource() override;
  /// \throws Error integrity  a byte is not what was written (the message names the chunk), the key is another one, or
  ///                          something was cut off or added
  std::size_t read(std::span<std::byte> to) override;

 private:
  struct State;
  void open_next();

  std::unique_ptr<State> state_;
  std::string context_;
  Source& from_;
  std::vector<std::byte> sealed_;
  std::vector<std::byte> clear_;
  std::size_t taken_ = 0;
  std::uint64_t number_ = 0;
  bool started_ = false;
  bool ended_ = false;
};

/// BLAKE2b-256 of everything that was added, as lower-case hexadecimal.
class Digest {
 public:
  Digest();
  ~Digest();
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;
  void add(std::span<const std::byte> bytes);
  /// Once.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace visitor::archive
