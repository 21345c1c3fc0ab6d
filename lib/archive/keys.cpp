#include "archive/keys.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iostream>
#include <iterator>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/key_text.hpp"
#include "core/text.hpp"
#include "core/vault.hpp"

namespace visitor::archive {
namespace {

constexpr std::string_view kSecretPrefix = "vbk-secret-";
constexpr std::string_view kSignerPrefix = "vbs-";
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kMostFile = 65536;
static_assert(kKeyBytes == crypto_box_PUBLICKEYBYTES && kKeyBytes == crypto_box_SECRETKEYBYTES &&
              kKeyBytes == crypto_sign_SEEDBYTES && kKeyBytes == crypto_sign_PUBLICKEYBYTES);

const unsigned char* raw(std::span<const std::byte> bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* writable(std::span<std::byte> bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

void need_sodium() {
  if (sodium_init() < 0) throw Error(Errc::failed, "the cryptographic library cannot be initialised");
}

std::string read_stdin() {
  std::string content{std::istreambuf_iterator<char>{std::cin}, {}};
  if (content.size() > kMostFile) throw Error(Errc::usage, "standard input is no private key");
  return content;
}

void require_private(const std::filesystem::path& file, Errc code) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0)
    throw Error(errno == ENOENT ? Errc::usage : Errc::denied,
                fmt::format("cannot read {}: {}", file.string(), errno_text(errno)));
  if ((status.st_mode & 077) != 0)
    throw Error(code, fmt::format("the key {} is open to others (mode {:04o})", file.string(), status.st_mode & 07777),
                fmt::format("Run 'chmod 600 {}'; if others may have read it, make a new key.", file.string()));
}

}  // namespace

PublicKey PublicKey::parse(std::string_view text) {
  need_sodium();
  const auto bytes = read_key_text(kBackupKeyPrefix, trim(text));
  if (!bytes)
    throw Error(Errc::usage, fmt::format("'{}' is no public key of backups, or is mistyped", shortened(text, 90)),
                "It is the line that 'visitorctl backup key create' prints: vbk-, then 72 hexadecimal digits.");
  PublicKey key;
  key.bytes_ = *bytes;
  return key;
}

std::string PublicKey::text() const {
  return key_text(kBackupKeyPrefix, bytes_);
}

std::vector<std::byte> PublicKey::seal(const Secret& secret) const {
  std::vector<std::byte> out(secret.size() + crypto_box_SEALBYTES);
  if (crypto_box_seal(writable(out), raw(secret.reveal_bytes()), secret.size(), raw(bytes_)) != 0)
    throw Error(Errc::config, fmt::format("{} is not a usable public key", text()));
  return out;
}

PrivateKey PrivateKey::make(std::string name) {
  need_sodium();
  PrivateKey key;
  key.name_ = std::move(name);
  std::vector<std::byte> secret(kKeyBytes);
  key.public_.bytes_.resize(kKeyBytes);
  crypto_box_keypair(writable(key.public_.bytes_), writable(secret));
  key.secret_ = Secret{std::span<const std::byte>{secret}};
  sodium_memzero(secret.data(), secret.size());
  return key;
}

PrivateKey PrivateKey::read(const std::filesystem::path& file) {
  if (file == "-") return parse(read_stdin());
  require_private(file, Errc::denied);
  auto content = read_file(file, kMostFile);
  if (!content) throw Error(Errc::usage, fmt::format("{} does not exist", file.string()));
  try {
    auto key = parse(*content);
    sodium_memzero(content->data(), content->size());
    return key;
  } catch (const Error& error) {
    throw Error(error.code(), fmt::format("{} holds no private key of backups", file.string()), error.hint());
  }
}

PrivateKey PrivateKey::parse(std::string_view text) {
  need_sodium();
  constexpr std::string_view kNameLine = "# name: ";
  PrivateKey key;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = trim(text.substr(0, end));
    text = end == text.npos ? std::string_view{} : text.substr(end + 1);
    if (line.starts_with(kNameLine)) key.name_ = clean_utf8(std::string{line.substr(kNameLine.size())});
    if (line.empty() || line.starts_with('#')) continue;
    auto bytes = read_key_text(kSecretPrefix, line);
    if (!bytes) break;
    key.secret_ = Secret{std::span<const std::byte>{*bytes}};
    key.public_.bytes_.resize(kKeyBytes);
    crypto_scalarmult_base(writable(key.public_.bytes_), raw(*bytes));
    sodium_memzero(bytes->data(), bytes->size());
    return key;
  }
  throw Error(Errc::usage, "this is no private key of backups",
              "Name the file that 'visitorctl backup key create' wrote.");
}

Secret PrivateKey::file_text(Instant made) const {
  return Secret{std::string_view{
      fmt::format("# Private key of visitor's backups. Whoever has this file can read them; without it nobody can.\n"
                  "# name: {}\n# made: {}\n# public key: {}\n{}\n",
                  name_, to_iso(made), public_.text(), key_text(kSecretPrefix, secret_.reveal_bytes()))}};
}

std::optional<Secret> PrivateKey::open(std::span<const std::byte> sealed) const {
  if (sealed.size() < crypto_box_SEALBYTES) return std::nullopt;
  std::vector<std::byte> clear(sealed.size() - crypto_box_SEALBYTES);
  const bool good = crypto_box_seal_open(writable(clear), raw(sealed), sealed.size(), raw(public_.bytes_),
                                         raw(secret_.reveal_bytes())) == 0;
  std::optional<Secret> out;
  if (good) out = Secret{std::span<const std::byte>{clear}};
  if (!clear.empty()) sodium_memzero(clear.data(), clear.size());
  return out;
}

void write_new_private_file(const std::filesystem::path& file, const Secret& content) {
  const Fd fd{::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (!fd && errno == EEXIST)
    throw Error(Errc::conflict, fmt::format("{} exists already", file.string()),
                "A key is never overwritten: name another file, or move this one away.");
  auto rest = content.reveal();
  bool good = static_cast<bool>(fd);
  while (good && !rest.empty()) {
    const auto written = ::write(fd.get(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    good = written >= 0;
    if (good) rest.remove_prefix(static_cast<std::size_t>(written));
  }
  if (good && fsync(fd.get()) == 0) return;
  const int error = errno;
  if (fd) unlink(file.c_str());
  throw Error(Errc::config, fmt::format("cannot write {}: {}", file.string(), errno_text(error)));
}

SigningKey::SigningKey(Secret seed) : secret_(std::move(seed)) {
  need_sodium();
  if (secret_.size() != kKeyBytes) throw Error(Errc::config, "a signing key has 32 bytes");
  std::array<std::byte, crypto_sign_PUBLICKEYBYTES> key{};
  std::array<std::byte, crypto_sign_SECRETKEYBYTES> secret{};
  crypto_sign_seed_keypair(writable(key), writable(secret), raw(secret_.reveal_bytes()));
  sodium_memzero(secret.data(), secret.size());
  public_ = key_text(kSignerPrefix, key);
}

SigningKey SigningKey::open_or_create(const std::filesystem::path& file) {
  // As the master key is kept: one line of hexadecimal, readable by its owner alone.
  if (!std::filesystem::exists(file)) {
    try {
      write_new_private_file(file, Secret{std::string_view{to_hex(random_bytes(kKeyBytes)) + "\n"}});
    } catch (const Error& error) {
      if (error.code() != Errc::conflict) throw;
    }
  }
  require_private(file, Errc::config);
  const auto content = read_file(file, kMostFile);
  const auto bytes = content ? from_hex(trim(*content)) : std::nullopt;
  if (!bytes || bytes->size() != kKeyBytes)
    throw Error(Errc::config, fmt::format("{} is no key for signing backups", file.string()),
                "Put it back, or remove it: the next backup makes a new one.");
  return SigningKey{Secret{std::span<const std::byte>{*bytes}}};
}

std::string SigningKey::sign(std::string_view text) const {
  std::array<std::byte, crypto_sign_PUBLICKEYBYTES> key{};
  std::array<std::byte, crypto_sign_SECRETKEYBYTES> secret{};
  crypto_sign_seed_keypair(writable(key), writable(secret), raw(secret_.reveal_bytes()));
  std::array<std::byte, crypto_sign_BYTES> signature{};
  crypto_sign_detached(writable(signature), nullptr, raw(text), text.size(), raw(secret));
  sodium_memzero(secret.data(), secret.size());
  return to_hex(signature);
}

void require_signer(std::string_view public_text) {
  need_sodium();
  if (!read_key_text(kSignerPrefix, public_text))
    throw Error(Errc::usage,
                fmt::format("'{}' is no public key of signatures, or is mistyped", shortened(public_text, 90)),
                "It is vbs-, then 72 hexadecimal digits, as it was printed where the signature was made.");
}

bool signature_holds(std::string_view public_text, std::string_view text, std::string_view signature) {
  need_sodium();
  const auto key = read_key_text(kSignerPrefix, public_text);
  const auto bytes = from_hex(signature);
  // Digits in upper case would be the same signature, in a file that is not the one that was signed.
  if (!key || !bytes || bytes->size() != crypto_sign_BYTES || to_hex(*bytes) != signature) return false;
  return crypto_sign_verify_detached(raw(*bytes), raw(text), text.size(), raw(*key)) == 0;
}

}  // namespace visitor::archive
