#include "support/visitor_sim_digest.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <charconv>

#include "core/text.hpp"

namespace visitor::sim {
namespace {

constexpr std::size_t kMaxHeader = 4096;
constexpr std::size_t kMaxNonces = 1024;

std::string hash(DigestAlgorithm algorithm, std::string_view text) {
  std::array<std::byte, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), &length,
             algorithm == DigestAlgorithm::md5 ? EVP_md5() : EVP_sha256(), nullptr);
  return to_hex(std::span{digest}.first(length));
}

std::string random_hex() {
  std::array<std::byte, 16> bytes{};
  RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  return to_hex(bytes);
}

using Parameters = std::map<std::string, std::string>;

/// The parameters behind "Digest ", with lower-case names; nothing where the text is not in the form of RFC 7616 3.4 or
/// names a parameter twice.
std::optional<Parameters> parse(std::string_view header) {
  if (header.size() > kMaxHeader || header.size() < 7 || !equal_ignoring_case(header.substr(0, 7), "Digest "))
    return {};
  Parameters parameters;
  std::size_t at = 7;
  const auto skip_blanks = [&] {
    while (at < header.size() && (header[at] == ' ' || header[at] == '\t')) ++at;
  };
  while (true) {
    skip_blanks();
    const auto equals = header.find('=', at);
    if (equals == std::string_view::npos) return {};
    const auto name = lower(trim(header.substr(at, equals - at)));
    if (name.empty() || name.find_first_of(" \t\",") != std::string::npos) return {};
    at = equals + 1;
    skip_blanks();
    std::string value;
    if (at < header.size() && header[at] == '"') {
      for (++at; at < header.size() && header[at] != '"'; ++at) {
        if (header[at] == '\\' && at + 1 < header.size()) ++at;
        value += header[at];
      }
      if (at == header.size()) return {};
      ++at;
    } else {
      const auto end = std::min(header.find_first_of(", \t", at), header.size());
      value = header.substr(at, end - at);
      at = end;
    }
    if (!parameters.emplace(name, value).second) return {};
    skip_blanks();
    if (at == header.size()) return parameters;
    if (header[at] != ',') return {};
    ++at;
  }
}

std::optional<unsigned long> parse_nonce_count(const std::string& text) {
  unsigned long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (text.size() != 8 || error != std::errc{} || end != text.data() + text.size() || value == 0) return {};
  return value;
}

std::string_view name_of(DigestAlgorithm algorithm) {
  return algorithm == DigestAlgorithm::md5 ? "MD5" : "SHA-256";
}

}  // namespace

DigestGate::DigestGate(const Profile& profile, std::string user, std::string password)
    : realm_(profile.realm),
      algorithms_(profile.algorithms),
      nonce_life_(profile.nonce_life),
      nonce_uses_(profile.nonce_uses),
      stale_(profile.stale),
      success_clears_failures_(profile.success_clears_failures),
      max_failures_(profile.max_failures),
      lock_time_(profile.lock_time),
      user_(std::move(user)),
      password_(std::move(password)) {}

void DigestGate::unlock() {
  failures_ = 0;
  locked_until_ = {};
}

std::vector<std::string> DigestGate::challenge(Instant now, bool stale) {
  if (nonces_.size() >= kMaxNonces) {
    std::erase_if(nonces_, [&](const auto& entry) { return now - entry.second.issued > nonce_life_; });
    if (nonces_.size() >= kMaxNonces) nonces_.clear();
  }
  std::vector<std::string> values;
  for (const auto algorithm : algorithms_) {
    const auto nonce = random_hex();
    nonces_[nonce].issued = now;
    // A device that knows MD5 only does not name it.
    const auto named = algorithms_.size() == 1 && algorithm == DigestAlgorithm::md5
                           ? std::string{}
                           : fmt::format(", algorithm={}", name_of(algorithm));
    values.push_back(fmt::format(R"(Digest qop="auth", realm="{}", nonce="{}", stale="{}"{})", realm_, nonce,
                                 stale ? "true" : "FALSE", named));
  }
  return values;
}

Admission DigestGate::fail(Instant now) {
  ++failures_;
  if (failures_ >= max_failures_) {
    locked_until_ = now + lock_time_;
    return {.kind = Admission::Kind::locked, .unlock_time = lock_time_};
  }
  return {
      .kind = Admission::Kind::failed, .challenges = challenge(now, false), .retries_left = max_failures_ - failures_};
}

Admission DigestGate::refuse_stale(Instant now) {
  if (stale_ == StaleAnswer::counted) {
    auto admission = fail(now);
    admission.was_stale = true;
    // The third use of a nonce is answered without a challenge by the firmware that counts uses.
    if (nonce_uses_ > 0) admission.challenges.clear();
    return admission;
  }
  Admission admission{.kind = Admission::Kind::stale, .was_stale = true};
  if (stale_ == StaleAnswer::challenge) admission.challenges = challenge(now, true);
  return admission;
}

Admission DigestGate::admit(std::string_view method, std::string_view target,
                            std::optional<std::string_view> authorization, Instant now, bool wrong) {
  if (!authorization) return {.kind = Admission::Kind::challenged, .challenges = challenge(now, false)};
  if (locked(now)) {
    locked_until_ = now + lock_time_;
    return {.kind = Admission::Kind::locked, .unlock_time = lock_time_, .was_locked = true};
  }
  if (locked_until_ != Instant{}) unlock();

  const auto parameters = parse(*authorization);
  if (!parameters) return {.kind = Admission::Kind::malformed};
  const auto value = [&](const char* name) {
    const auto found = parameters->find(name);
    return found == parameters->end() ? std::string{} : found->second;
  };
  const auto count = parse_nonce_count(value("nc"));
  const auto algorithm_name = parameters->count("algorithm") ? value("algorithm") : "MD5";
  std::optional<DigestAlgorithm> algorithm;
  for (const auto offered : algorithms_) {
    if (equal_ignoring_case(algorithm_name, name_of(offered))) algorithm = offered;
  }
  if (!count || !algorithm || value("qop") != "auth" || value("cnonce").empty() || value("nonce").empty()) {
    return {.kind = Admission::Kind::malformed};
  }

  const auto ha1 = hash(*algorithm, fmt::format("{}:{}:{}", user_, realm_, password_));
  const auto ha2 = hash(*algorithm, fmt::format("{}:{}", method, target));
  const auto expected =
      hash(*algorithm, fmt::format("{}:{}:{}:{}:auth:{}", ha1, value("nonce"), value("nc"), value("cnonce"), ha2));
  if (wrong || value("username") != user_ || value("realm") != realm_ || value("uri") != target ||
      lower(value("response")) != expected) {
    return fail(now);
  }

  const auto nonce = nonces_.find(value("nonce"));
  if (nonce == nonces_.end()) return refuse_stale(now);
  if (now - nonce->second.issued > nonce_life_ || *count <= nonce->second.last_count ||
      (nonce_uses_ > 0 && nonce->second.uses >= nonce_uses_)) {
    return refuse_stale(now);
  }
  nonce->second.last_count = *count;
  ++nonce->second.uses;
  if (success_clears_failures_) failures_ = 0;
  return {.kind = Admission::Kind::granted};
}

}  // namespace visitor::sim
