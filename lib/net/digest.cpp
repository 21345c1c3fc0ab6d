#include "net/digest.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <initializer_list>

#include "core/error.hpp"
#include "core/message_digest.hpp"
#include "core/text.hpp"

namespace visitor::net {
namespace {

constexpr std::size_t kMostChallenges = 16;

struct Parameter {
  std::string name;  // lower case
  std::string value;
};

struct Challenge {
  std::string scheme;
  std::vector<Parameter> parameters;

  const std::string* find(std::string_view name) const {
    const auto found = std::ranges::find(parameters, name, &Parameter::name);
    return found == parameters.end() ? nullptr : &found->value;
  }
};

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

/// Reads the header from left to right; every step moves on, so it ends.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  void skip(std::string_view characters) {
    while (!at_end() && characters.find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool take(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string_view word() {
    const auto begin = at_;
    while (!at_end() && !is_blank(text_[at_]) && text_[at_] != ',' && text_[at_] != '=' && text_[at_] != '"') ++at_;
    return text_.substr(begin, at_ - begin);
  }
  std::string value() {
    if (!take('"')) {
      const auto begin = at_;
      while (!at_end() && !is_blank(text_[at_]) && text_[at_] != ',') ++at_;
      return std::string{text_.substr(begin, at_ - begin)};
    }
    std::string result;
    while (!at_end() && text_[at_] != '"') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      result += text_[at_++];
    }
    take('"');
    return result;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

std::vector<Challenge> split(std::string_view header) {
  std::vector<Challenge> result;
  Scanner scanner{header};
  for (scanner.skip(" \t,"); !scanner.at_end(); scanner.skip(" \t,")) {
    const auto word = scanner.word();
    scanner.skip(" \t");
    if (scanner.take('=')) {
      scanner.skip(" \t");
      auto value = scanner.value();
      if (!result.empty()) result.back().parameters.push_back({lower(word), std::move(value)});
    } else if (!word.empty()) {
      if (result.size() == kMostChallenges) break;
      result.push_back({lower(word), {}});
    } else {
      scanner.value();  // a stray quoted text
    }
  }
  return result;
}

std::optional<DigestAlgorithm> to_algorithm(std::string_view name) {
  const auto key = lower(trim(name));
  if (key == "md5") return DigestAlgorithm::md5;
  if (key == "md5-sess") return DigestAlgorithm::md5_sess;
  if (key == "sha-256" || key == "sha256") return DigestAlgorithm::sha256;
  if (key == "sha-256-sess" || key == "sha256-sess") return DigestAlgorithm::sha256_sess;
  return std::nullopt;
}

bool lists_auth(std::string_view qop) {
  Scanner scanner{qop};
  for (scanner.skip(" \t,"); !scanner.at_end(); scanner.skip(" \t,=\"")) {
    if (equal_ignoring_case(scanner.word(), "auth")) return true;
  }
  return false;
}

bool is_clean(std::string_view text) {
  return std::ranges::none_of(text, is_control);
}

std::optional<DigestChallenge> to_digest(const Challenge& challenge) {
  if (challenge.scheme != "digest") return std::nullopt;
  DigestChallenge result;
  const auto* nonce = challenge.find("nonce");
  if (nonce == nullptr || nonce->empty()) return std::nullopt;
  result.nonce = *nonce;
  if (const auto* realm = challenge.find("realm")) result.realm = *realm;
  if (const auto* opaque = challenge.find("opaque")) result.opaque = *opaque;
  if (const auto* algorithm = challenge.find("algorithm")) {
    const auto known = to_algorithm(*algorithm);
    if (!known) return std::nullopt;
    result.algorithm = *known;
    result.names_algorithm = true;
  }
  if (const auto* qop = challenge.find("qop"); qop != nullptr && !trim(*qop).empty()) {
    if (!lists_auth(*qop)) return std::nullopt;
    result.qop_auth = true;
  }
  if (const auto* stale = challenge.find("stale")) result.stale = equal_ignoring_case(trim(*stale), "true");
  if (!is_clean(result.realm) || !is_clean(result.nonce) || !is_clean(result.opaque.value_or(""))) return std::nullopt;
  return result;
}

bool is_sha256(DigestAlgorithm algorithm) {
  return algorithm == DigestAlgorithm::sha256 || algorithm == DigestAlgorithm::sha256_sess;
}
bool is_session(DigestAlgorithm algorithm) {
  return algorithm == DigestAlgorithm::md5_sess || algorithm == DigestAlgorithm::sha256_sess;
}

std::string_view wire_name(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::md5:
      return "MD5";
    case DigestAlgorithm::md5_sess:
      return "MD5-sess";
    case DigestAlgorithm::sha256:
      return "SHA-256";
    case DigestAlgorithm::sha256_sess:
      return "SHA-256-sess";
  }
  return "MD5";
}

/// Hexadecimal hash of the parts joined by colons, fed piece by piece so that no copy of a password is left behind.
std::string hash(DigestAlgorithm algorithm, std::initializer_list<std::string_view> parts) {
  MessageDigest digest{is_sha256(algorithm) ? DigestKind::sha256 : DigestKind::md5};
  bool first = true;
  for (const auto part : parts) {
    if (!first) digest.add(":");
    first = false;
    digest.add(part);
  }
  return to_hex(digest.finish());
}

std::string quote(std::string_view text) {
  std::string result{'"'};
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result += '"';
}

}  // namespace

std::vector<DigestChallenge> parse_digest_challenges(std::string_view header) {
  std::vector<DigestChallenge> result;
  if (header.size() > kMostChallengeBytes) return result;
  for (const auto& challenge : split(header)) {
    if (auto digest = to_digest(challenge)) result.push_back(std::move(*digest));
  }
  return result;
}

std::optional<DigestChallenge> choose_digest_challenge(std::span<const std::string> headers) {
  std::optional<DigestChallenge> chosen;
  for (const auto& header : headers.first(std::min(headers.size(), kMostChallenges))) {
    for (auto& challenge : parse_digest_challenges(header)) {
      if (!chosen || (is_sha256(challenge.algorithm) && !is_sha256(chosen->algorithm))) chosen = std::move(challenge);
    }
  }
  return chosen;
}

std::string digest_authorization(const DigestChallenge& challenge, const DigestAnswer& answer) {
  if (!is_clean(answer.username) || !is_clean(answer.uri)) {
    throw Error(Errc::usage, "a user name or address for a log-in holds control characters");
  }
  const auto algorithm = challenge.algorithm;
  auto secret = hash(algorithm, {answer.username, challenge.realm, answer.password.reveal()});
  if (is_session(algorithm)) secret = hash(algorithm, {secret, challenge.nonce, answer.cnonce});
  const auto target = hash(algorithm, {answer.method, answer.uri});
  const auto count = fmt::format("{:08x}", answer.count);
  const auto response = challenge.qop_auth
                            ? hash(algorithm, {secret, challenge.nonce, count, answer.cnonce, "auth", target})
                            : hash(algorithm, {secret, challenge.nonce, target});

  auto header = fmt::format("Digest username={}, realm={}, nonce={}, uri={}", quote(answer.username),
                            quote(challenge.realm), quote(challenge.nonce), quote(answer.uri));
  if (challenge.names_algorithm) header += fmt::format(", algorithm={}", wire_name(algorithm));
  if (challenge.qop_auth) header += fmt::format(", qop=auth, nc={}", count);
  if (challenge.qop_auth || is_session(algorithm)) header += fmt::format(", cnonce={}", quote(answer.cnonce));
  header += fmt::format(", response=\"{}\"", response);
  if (challenge.opaque) header += fmt::format(", opaque={}", quote(*challenge.opaque));
  return header;
}

std::string make_cnonce() {
  if (sodium_init() < 0) throw Error(Errc::failed, "libsodium finds no source of randomness");
  std::array<std::byte, 16> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return to_hex(bytes);
}

}  // namespace visitor::net
