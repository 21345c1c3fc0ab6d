#include "auth/totp.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <array>

#include "auth/base32.hpp"
#include "core/error.hpp"
#include "core/loaded_function.hpp"
#include "core/openssl.hpp"
#include "core/vault.hpp"

namespace visitor::auth {
namespace {

// libsodium has no HMAC-SHA-1, which is what most authenticators use.
template <class F>
using Libcrypto = LoadedFunction<libcrypto_function, F>;
constinit const Libcrypto<decltype(::HMAC)> hmac{"HMAC"};
constinit const Libcrypto<decltype(::EVP_sha1)> evp_sha1{"EVP_sha1"};
constinit const Libcrypto<decltype(::EVP_sha256)> evp_sha256{"EVP_sha256"};
constinit const Libcrypto<decltype(::EVP_sha512)> evp_sha512{"EVP_sha512"};

constexpr std::size_t kKeyBytes = 20;
constexpr std::size_t kLeastKeyBytes = 16;
constexpr TotpStep kTolerance = 1;

const EVP_MD* digest(TotpAlgorithm algorithm) {
  switch (algorithm) {
    case TotpAlgorithm::sha256:
      return evp_sha256();
    case TotpAlgorithm::sha512:
      return evp_sha512();
    case TotpAlgorithm::sha1:
      break;
  }
  return evp_sha1();
}

bool is_code(std::string_view code, int digits) {
  if (code.size() != static_cast<std::size_t>(digits)) return false;
  for (const char c : code)
    if (c < '0' || c > '9') return false;
  return true;
}

/// Takes as long whatever differs. \p code has the length of a code.
bool shows(const Secret& key, const TotpParameters& parameters, std::string_view code, TotpStep step) {
  const auto right = totp_code(key, parameters, step);
  return sodium_memcmp(right.data(), code.data(), right.size()) == 0;
}

std::string escaped(std::string_view text) {
  constexpr std::string_view kUnreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  for (const char c : text) {
    if (kUnreserved.find(c) != std::string_view::npos)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace

Secret new_totp_key() {
  return Secret{std::span<const std::byte>{random_bytes(kKeyBytes)}};
}

TotpStep totp_step(Instant now) {
  return std::chrono::floor<std::chrono::seconds>(now).time_since_epoch() / kTotpPeriod;
}

std::string totp_code(const Secret& key, const TotpParameters& parameters, TotpStep step) {
  if (key.size() < kLeastKeyBytes)
    throw Error(Errc::usage, fmt::format("a key for codes has {} bytes or more", kLeastKeyBytes));
  if (parameters.digits != 6 && parameters.digits != 8) throw Error(Errc::usage, "a code has 6 or 8 digits");
  std::array<unsigned char, 8> counter{};
  for (std::size_t i = 0; i < counter.size(); ++i)
    counter[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(step) >> (8 * (counter.size() - 1 - i)));
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  if (hmac(digest(parameters.algorithm), key.reveal().data(), static_cast<int>(key.size()), counter.data(),
           counter.size(), mac.data(), &size) == nullptr)
    throw Error(Errc::failed, "OpenSSL does not compute the code", "A machine in FIPS mode may lack SHA-1.");
  const std::size_t at = mac[size - 1] & 0x0f;
  const std::uint32_t number = (mac[at] & 0x7fU) << 24 | static_cast<std::uint32_t>(mac[at + 1]) << 16 |
                               static_cast<std::uint32_t>(mac[at + 2]) << 8 | mac[at + 3];
  sodium_memzero(mac.data(), mac.size());
  constexpr std::uint32_t kMillion = 1'000'000;
  return fmt::format("{:0{}}", number % (parameters.digits == 6 ? kMillion : 100 * kMillion), parameters.digits);
}

std::optional<TotpStep> match_totp(const Secret& key, const TotpParameters& parameters, std::string_view code,
                                   Instant now, TotpStep last_used) {
  if (!is_code(code, parameters.digits)) return std::nullopt;
  const auto current = totp_step(now);
  std::optional<TotpStep> found;
  // All are computed, so that the time says nothing of which it was. Where two steps show the same code, the newer is
  // spent and the older with it.
  for (auto step = current - kTolerance; step <= current + kTolerance; ++step)
    if (shows(key, parameters, code, step) && step > last_used) found = step;
  return found;
}

std::optional<std::int64_t> totp_drift(const Secret& key, const TotpParameters& parameters, std::string_view code,
                                       Instant now, std::int64_t reach) {
  if (!is_code(code, parameters.digits)) return std::nullopt;
  const auto current = totp_step(now);
  for (std::int64_t away = 0; away <= reach; ++away) {
    if (shows(key, parameters, code, current + away)) return away;
    if (shows(key, parameters, code, current - away)) return -away;
  }
  return std::nullopt;
}

Secret totp_uri(const Secret& key, const TotpParameters& parameters, std::string_view issuer, std::string_view login) {
  auto text = fmt::format("otpauth://totp/{}:{}?secret={}&issuer={}&algorithm={}&digits={}&period={}", escaped(issuer),
                          escaped(login), to_base32(key.reveal_bytes()), escaped(issuer),
                          domain::name(parameters.algorithm), parameters.digits, kTotpPeriod.count());
  Secret uri{std::string_view{text}};
  sodium_memzero(text.data(), text.size());
  return uri;
}

}  // namespace visitor::auth
