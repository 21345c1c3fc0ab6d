#include "core/vault.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/text.hpp"

namespace visitor {
namespace {

constexpr std::size_t kKeyBytes = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr auto kVersion = std::byte{1};

void need_sodium() {
  if (sodium_init() < 0) throw Error(Errc::failed, "the cryptographic library cannot be initialised");
}

const unsigned char* raw(std::span<const std::byte> bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

unsigned char* writable(std::span<std::byte> bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// A key for one purpose, so that no two uses share one.
Secret derive(const Secret& key, std::string_view label) {
  std::vector<std::byte> derived(kKeyBytes);
  crypto_generichash(writable(derived), derived.size(), raw(label), label.size(), raw(key.reveal_bytes()), key.size());
  Secret out{std::span<const std::byte>{derived}};
  sodium_memzero(derived.data(), derived.size());
  return out;
}

std::vector<std::byte> keyed_hash(const Secret& key, std::string_view text) {
  std::vector<std::byte> out(32);
  crypto_generichash(writable(out), out.size(), raw(text), text.size(), raw(key.reveal_bytes()), key.size());
  return out;
}

void check_owner(const std::filesystem::path& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) {
    if (errno == ENOENT)
      throw Error(Errc::config, fmt::format("the master key {} does not exist", file.string()),
                  "Run 'visitorctl init' on a new installation, or put back the key that belongs to this database.");
    throw Error(Errc::config, fmt::format("cannot read the master key {}: {}", file.string(), errno_text(errno)));
  }
  if ((status.st_mode & 077) != 0)
    throw Error(
        Errc::config,
        fmt::format("the master key {} is open to others (mode {:04o})", file.string(), status.st_mode & 07777),
        fmt::format("Run 'chmod 600 {}'; if others may have read it, change the terminals' passwords.", file.string()));
  if (status.st_uid != geteuid() && geteuid() != 0)
    throw Error(Errc::config,
                fmt::format("the master key {} belongs to another user (uid {})", file.string(), status.st_uid),
                "Run this as the owner of the installation.");
}

}  // namespace

std::vector<std::byte> random_bytes(std::size_t count) {
  need_sodium();
  std::vector<std::byte> out(count);
  if (!out.empty()) randombytes_buf(out.data(), out.size());
  return out;
}

Vault::Vault(Secret key) : key_(std::move(key)) {
  need_sodium();
  if (key_.size() != kKeyBytes) throw Error(Errc::config, fmt::format("a master key has {} bytes", kKeyBytes));
}

Vault Vault::open(const std::filesystem::path& key_file) {
  check_owner(key_file);
  const auto content = read_file(key_file, 4096);
  const auto bytes = content ? from_hex(trim(*content)) : std::nullopt;
  if (!bytes || bytes->size() != kKeyBytes)
    throw Error(Errc::config, fmt::format("{} is not a master key", key_file.string()),
                "It must be one line of 64 hexadecimal digits; put back the key that belongs to this database.");
  return Vault{Secret{std::span<const std::byte>{*bytes}}};
}

Vault Vault::open_or_create(const std::filesystem::path& key_file) {
  if (!std::filesystem::exists(key_file)) {
    auto temporary = key_file.string() + ".XXXXXX";
    const Fd fd{mkostemp(temporary.data(), O_CLOEXEC)};
    if (!fd)
      throw Error(Errc::config,
                  fmt::format("cannot write the master key {}: {}", key_file.string(), errno_text(errno)));
    const auto line = to_hex(random_bytes(kKeyBytes)) + "\n";
    const bool written = ::write(fd.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                         fchmod(fd.get(), 0600) == 0 && fsync(fd.get()) == 0;
    const int error = errno;
    // link() refuses an existing name, so that of two starters exactly one key stays.
    if (written && link(temporary.c_str(), key_file.c_str()) != 0 && errno != EEXIST) {
      const int link_error = errno;
      unlink(temporary.c_str());
      throw Error(Errc::config,
                  fmt::format("cannot write the master key {}: {}", key_file.string(), errno_text(link_error)));
    }
    unlink(temporary.c_str());
    if (!written)
      throw Error(Errc::config,
                  fmt::format("cannot write the master key {}: {}", key_file.string(), errno_text(error)));
  }
  return open(key_file);
}

std::vector<std::byte> Vault::seal(std::string_view label, const Secret& secret) const {
  const auto key = derive(key_, label);
  std::vector<std::byte> out(1 + kNonceBytes + secret.size() + kTagBytes);
  out[0] = kVersion;
  const auto nonce = std::span{out}.subspan(1, kNonceBytes);
  randombytes_buf(nonce.data(), nonce.size());
  crypto_aead_xchacha20poly1305_ietf_encrypt(writable(std::span{out}.subspan(1 + kNonceBytes)), nullptr,
                                             raw(secret.reveal_bytes()), secret.size(), raw(label), label.size(),
                                             nullptr, raw(nonce), raw(key.reveal_bytes()));
  return out;
}

Secret Vault::unseal(std::string_view label, std::span<const std::byte> sealed) const {
  const auto key = derive(key_, label);
  if (sealed.size() >= 1 + kNonceBytes + kTagBytes && sealed[0] == kVersion) {
    const auto nonce = sealed.subspan(1, kNonceBytes);
    const auto box = sealed.subspan(1 + kNonceBytes);
    std::vector<std::byte> plain(box.size() - kTagBytes);
    const bool good =
        crypto_aead_xchacha20poly1305_ietf_decrypt(writable(plain), nullptr, nullptr, raw(box), box.size(), raw(label),
                                                   label.size(), raw(nonce), raw(key.reveal_bytes())) == 0;
    Secret out{std::span<const std::byte>{plain}};
    if (!plain.empty()) sodium_memzero(plain.data(), plain.size());
    if (good) return out;
  }
  throw Error(Errc::config, fmt::format("a sealed {} does not open with this master key", label),
              "Put back the master key that belongs to this database.");
}

std::vector<std::byte> Vault::lookup_hash(std::string_view label, std::string_view text) const {
  return keyed_hash(derive(key_, fmt::format("lookup:{}", label)), text);
}

std::vector<std::byte> Vault::sign(std::string_view label, std::string_view text) const {
  return keyed_hash(derive(key_, fmt::format("sign:{}", label)), text);
}

bool Vault::verifies(std::string_view label, std::string_view text, std::span<const std::byte> signature) const {
  const auto right = sign(label, text);
  return signature.size() == right.size() && sodium_memcmp(signature.data(), right.data(), right.size()) == 0;
}

std::vector<std::byte> Vault::fingerprint() const {
  return lookup_hash("fingerprint", "visitor master key");
}

}  // namespace visitor
