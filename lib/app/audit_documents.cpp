#include "app/audit_documents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "app/signed_json.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"

namespace visitor::app {
namespace {

namespace json = boost::json;

constexpr std::string_view kCheckpoint = "visitor-audit-checkpoint/1";
constexpr std::string_view kCut = "visitor-audit-cut/1";
constexpr std::size_t kLongest = 4096;
constexpr std::string_view kLabel = "audit.key";
constexpr std::size_t kSeedBytes = 32;

[[noreturn]] void no_document(std::string_view how) {
  throw Error(Errc::integrity, fmt::format("the checkpoint {}", how), "Use another copy of it.");
}

std::string text_in(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  if (found == nullptr || !found->is_string()) no_document(fmt::format("has no text in '{}'", name));
  return json::value_to<std::string>(*found);
}

std::int64_t number_in(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  if (found == nullptr || !found->is_int64()) no_document(fmt::format("has no number in '{}'", name));
  return found->get_int64();
}

std::optional<archive::SigningKey> opened(const store::AuditKey& stored, const Vault& vault) {
  try {
    archive::SigningKey key{vault.unseal(kLabel, stored.sealed)};
    if (key.public_text() == stored.public_key) return key;
  } catch (const Error&) {
    // Sealed by somebody who has not the master key.
  }
  log::warn("the key {} of the audit was not sealed with this master key, and is not believed", stored.public_key);
  return std::nullopt;
}

}  // namespace

std::string write_audit_document(AuditDocument document, const archive::SigningKey& key) {
  const json::object out{{"format", document.paper == AuditPaper::cut ? kCut : kCheckpoint},
                         {"installation", document.installation},
                         {"position", document.head.position},
                         {"hash", to_hex(document.head.hash)},
                         {"at", to_iso(document.at)},
                         {"at_us", document.at.time_since_epoch().count()},
                         {"key", key.public_text()}};
  return sign_json(json::serialize(out), key);
}

AuditDocument read_audit_document(std::string_view text) {
  if (text.size() > kLongest) no_document("is cut off, or is something else");
  const auto [body, signature] = split_signed_json(text, "checkpoint");
  json::error_code error;
  const auto value = json::parse(body, error);
  if (error || !value.is_object()) no_document("is no JSON");
  const auto& in = value.get_object();
  AuditDocument document;
  document.key = text_in(in, "key");
  if (!archive::signature_holds(document.key, body, signature)) no_document("was changed after it was signed");
  const auto format = text_in(in, "format");
  if (format != kCheckpoint && format != kCut) no_document(fmt::format("is of format '{}'", printable(format)));
  document.paper = format == kCut ? AuditPaper::cut : AuditPaper::checkpoint;
  document.installation = text_in(in, "installation");
  document.head.position = number_in(in, "position");
  document.at = Instant{std::chrono::microseconds{number_in(in, "at_us")}};
  const auto hash = from_hex(text_in(in, "hash"));
  if (!hash || hash->size() != document.head.hash.size()) no_document("has no hash");
  std::ranges::copy(*hash, document.head.hash.begin());
  return document;
}

std::string checkpoint_name(std::int64_t position, Instant at) {
  std::string stamp;
  for (const char c : to_iso(std::chrono::floor<std::chrono::seconds>(at)))
    if (c != '-' && c != ':') stamp += c;
  return fmt::format("checkpoint-{:012}-{}.json", position, stamp);
}

archive::SigningKey audit_signing_key(db::Transaction& tx, const Vault& vault, Instant now) {
  store::AuditChain chain{tx};
  for (const auto& stored : chain.keys())
    if (auto key = opened(stored, vault)) return *std::move(key);
  const Secret seed{std::span<const std::byte>{random_bytes(kSeedBytes)}};
  archive::SigningKey key{seed};
  chain.add_key({key.public_text(), vault.seal(kLabel, seed)}, now);
  return key;
}

std::vector<std::string> audit_public_keys(db::Transaction& tx, const Vault& vault) {
  std::vector<std::string> keys;
  for (const auto& stored : store::AuditChain{tx}.keys())
    if (const auto key = opened(stored, vault)) keys.push_back(key->public_text());
  return keys;
}

int reseal_audit_keys(db::Transaction& tx, const Vault& from, const Vault& to) {
  store::AuditChain chain{tx};
  int count = 0;
  for (const auto& stored : chain.keys()) {
    chain.set_key({stored.public_key, to.seal(kLabel, from.unseal(kLabel, stored.sealed))});
    ++count;
  }
  return count;
}

}  // namespace visitor::app
