#include "archive/sealing.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "core/error.hpp"
#include "core/text.hpp"
#include "core/vault.hpp"

namespace visitor::archive {
namespace {

static_assert(kDataKeyBytes == crypto_secretstream_xchacha20poly1305_KEYBYTES);

constexpr std::string_view kMagic = "VSTRBAK1";
constexpr std::size_t kHeader = crypto_secretstream_xchacha20poly1305_HEADERBYTES;
constexpr std::size_t kOverhead = crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr auto kDamagedHint = "Use another copy, or another backup.";

const unsigned char* raw(std::span<const std::byte> bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* writable(std::span<std::byte> bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

/// What each chunk is bound to.
std::string bound_to(const std::string& context, std::uint64_t number) {
  return fmt::format("{}#{}", context, number);
}

void require_key(const Secret& key) {
  if (key.size() != kDataKeyBytes) throw Error(Errc::integrity, fmt::format("a data key has {} bytes", kDataKeyBytes));
}

}  // namespace

Secret make_data_key() {
  auto bytes = random_bytes(kDataKeyBytes);
  Secret key{std::span<const std::byte>{bytes}};
  sodium_memzero(bytes.data(), bytes.size());
  return key;
}

struct SealingSink::State {
  crypto_secretstream_xchacha20poly1305_state stream{};
  ~State() { sodium_memzero(&stream, sizeof stream); }
};

SealingSink::SealingSink(const Secret& key, std::string context, Sink& next)
    : state_(std::make_unique<State>()), context_(std::move(context)), next_(next), sealed_(kClearChunk + kOverhead) {
  require_key(key);
  clear_.reserve(kClearChunk);
  std::array<std::byte, kHeader> header{};
  crypto_secretstream_xchacha20poly1305_init_push(&state_->stream, writable(header), raw(key.reveal_bytes()));
  next_.write(std::as_bytes(std::span{kMagic}));
  next_.write(header);
}

SealingSink::~SealingSink() {
  sodium_memzero(clear_.data(), clear_.size());
}

void SealingSink::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    // A full chunk waits for what comes after it, because the last one is tagged.
    if (clear_.size() == kClearChunk) seal(false);
    const auto take = std::min(bytes.size(), kClearChunk - clear_.size());
    clear_.insert(clear_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(take));
    bytes = bytes.subspan(take);
  }
}

void SealingSink::finish() {
  seal(true);
  next_.finish();
}

void SealingSink::seal(bool last) {
  const auto binding = bound_to(context_, number_++);
  unsigned long long size = 0;
  crypto_secretstream_xchacha20poly1305_push(
      &state_->stream, writable(sealed_), &size, raw(clear_), clear_.size(),
      reinterpret_cast<const unsigned char*>(binding.data()), binding.size(),
      last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
  clear_.clear();
  next_.write(std::span{sealed_}.first(static_cast<std::size_t>(size)));
}

struct OpeningSource::State {
  Secret key;
  crypto_secretstream_xchacha20poly1305_state stream{};
  ~State() { sodium_memzero(&stream, sizeof stream); }
};

OpeningSource::OpeningSource(const Secret& key, std::string context, Source& from)
    : state_(std::make_unique<State>()), context_(std::move(context)), from_(from), sealed_(kClearChunk + kOverhead) {
  require_key(key);
  state_->key = key;
}

OpeningSource::~OpeningSource() {
  sodium_memzero(clear_.data(), clear_.size());
}

std::size_t OpeningSource::read(std::span<std::byte> to) {
  if (to.empty()) return 0;
  while (taken_ == clear_.size()) {
    if (ended_) return 0;
    open_next();
  }
  const auto take = std::min(to.size(), clear_.size() - taken_);
  std::memcpy(to.data(), clear_.data() + taken_, take);
  taken_ += take;
  return take;
}

void OpeningSource::open_next() {
  if (!started_) {
    std::array<std::byte, kMagic.size() + kHeader> head{};
    const auto got = read_full(from_, head);
    if (got < head.size() || std::memcmp(head.data(), kMagic.data(), kMagic.size()) != 0)
      throw Error(Errc::integrity, fmt::format("{} does not begin as encrypted data do", context_), kDamagedHint);
    if (crypto_secretstream_xchacha20poly1305_init_pull(&state_->stream, raw(std::span{head}.subspan(kMagic.size())),
                                                        raw(state_->key.reveal_bytes())) != 0)
      throw Error(Errc::integrity, fmt::format("the header of {} is damaged", context_), kDamagedHint);
    started_ = true;
  }
  const auto got = read_full(from_, sealed_);
  if (got < kOverhead)
    throw Error(Errc::integrity, fmt::format("{} ends too early, after {} chunks", context_, number_), kDamagedHint);
  const auto binding = bound_to(context_, number_);
  clear_.resize(got - kOverhead);
  unsigned long long size = 0;
  unsigned char tag = 0;
  if (crypto_secretstream_xchacha20poly1305_pull(&state_->stream, writable(clear_), &size, &tag, raw(sealed_), got,
                                                 reinterpret_cast<const unsigned char*>(binding.data()),
                                                 binding.size()) != 0) {
    clear_.clear();
    taken_ = 0;
    throw Error(Errc::integrity,
                fmt::format("chunk {} of {} is damaged, or was encrypted with another key", number_, context_),
                kDamagedHint);
  }
  ++number_;
  taken_ = 0;
  ended_ = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
  std::array<std::byte, 1> more{};
  if (ended_ && from_.read(more) != 0) {
    clear_.clear();
    throw Error(Errc::integrity, fmt::format("something was added to {} after its end", context_), kDamagedHint);
  }
  if (!ended_ && got < sealed_.size()) {
    clear_.clear();
    throw Error(Errc::integrity, fmt::format("{} ends too early, after {} chunks", context_, number_), kDamagedHint);
  }
}

struct Digest::State {
  crypto_generichash_state hash{};
};

Digest::Digest() : state_(std::make_unique<State>()) {
  crypto_generichash_init(&state_->hash, nullptr, 0, crypto_generichash_BYTES);
}
Digest::~Digest() = default;

void Digest::add(std::span<const std::byte> bytes) {
  crypto_generichash_update(&state_->hash, raw(bytes), bytes.size());
}

std::string Digest::finish() {
  std::array<std::byte, crypto_generichash_BYTES> out{};
  crypto_generichash_final(&state_->hash, writable(out), out.size());
  return to_hex(out);
}

}  // namespace visitor::archive
