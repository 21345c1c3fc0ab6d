#include "archive/manifest.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

#include "core/error.hpp"
#include "core/text.hpp"
#include "core/vault.hpp"

namespace visitor::archive {
namespace {

namespace json = boost::json;

constexpr std::string_view kFormat = "visitor-backup/1";
constexpr std::string_view kBeforeSignature = ",\"signature\":\"";
constexpr std::string_view kAfterSignature = "\"}\n";
constexpr std::size_t kSignatureDigits = 128;
constexpr auto kHint = "Use another copy, or another backup.";

[[noreturn]] void no_manifest(const std::string& how) {
  throw Error(Errc::integrity, "the manifest " + how, kHint);
}

std::int64_t micros(Instant instant) {
  return instant.time_since_epoch().count();
}
Instant from_micros(std::int64_t count) {
  return Instant{std::chrono::microseconds{count}};
}

// The signature says that we wrote it; what is not as we write it is a defect or a later format, and is named.
const json::value& member(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  if (found == nullptr) no_manifest(fmt::format("lacks '{}'", name));
  return *found;
}
std::string text_of(const json::object& object, std::string_view name) {
  const auto* text = member(object, name).if_string();
  if (text == nullptr) no_manifest(fmt::format("has no text in '{}'", name));
  return std::string{text->data(), text->size()};
}
std::int64_t number_of(const json::object& object, std::string_view name) {
  const auto* number = member(object, name).if_int64();
  if (number == nullptr) no_manifest(fmt::format("has no number in '{}'", name));
  return *number;
}
std::uint64_t size_of(const json::object& object, std::string_view name) {
  const auto number = number_of(object, name);
  if (number < 0) no_manifest(fmt::format("has no size in '{}'", name));
  return static_cast<std::uint64_t>(number);
}
std::vector<std::byte> bytes_of(const json::object& object, std::string_view name) {
  auto bytes = from_hex(text_of(object, name));
  if (!bytes) no_manifest(fmt::format("has no hexadecimal digits in '{}'", name));
  return *bytes;
}
const json::array& array_of(const json::object& object, std::string_view name) {
  const auto* array = member(object, name).if_array();
  if (array == nullptr) no_manifest(fmt::format("has no list in '{}'", name));
  return *array;
}
const json::object& object_in(const json::value& value) {
  const auto* object = value.if_object();
  if (object == nullptr) no_manifest("holds something that is no object");
  return *object;
}

std::int64_t as_number(std::uint64_t size) {
  return static_cast<std::int64_t>(size);
}

}  // namespace

std::int64_t Manifest::rows() const {
  std::int64_t rows = 0;
  for (const auto& table : tables) rows += table.rows;
  return rows;
}

std::string write_manifest(Manifest manifest, const SigningKey& key) {
  json::object out;
  out["format"] = kFormat;
  out["id"] = manifest.id;
  out["started_at"] = to_iso(manifest.started);
  out["ended_at"] = to_iso(manifest.ended);
  out["started_us"] = micros(manifest.started);
  out["ended_us"] = micros(manifest.ended);
  out["host"] = manifest.host;
  out["note"] = manifest.note;
  out["visitor"] = manifest.visitor;
  out["schema"] = manifest.schema;
  out["server"] = manifest.server;
  out["database"] = manifest.database;
  out["snapshot"] = manifest.snapshot;
  out["master_key_fingerprint"] = manifest.master_key_fingerprint;
  out["audit_head"] = manifest.audit_head;
  out["audit_hash"] = manifest.audit_hash;
  json::array parts;
  for (const auto& part : manifest.parts)
    parts.push_back(json::object{{"name", part.name},
                                 {"size", as_number(part.size)},
                                 {"blake2b", part.blake2b},
                                 {"clear_size", as_number(part.clear_size)}});
  out["parts"] = std::move(parts);
  json::array recipients;
  for (const auto& recipient : manifest.recipients)
    recipients.push_back(json::object{{"public_key", recipient.public_key},
                                      {"data_key", to_hex(recipient.data_key)},
                                      {"master_key", to_hex(recipient.master_key)}});
  out["recipients"] = std::move(recipients);
  json::array tables;
  for (const auto& table : manifest.tables)
    tables.push_back(json::object{{"name", table.name}, {"rows", table.rows}, {"sum", table.sum}});
  out["tables"] = std::move(tables);
  out["signer"] = key.public_text();
  auto text = json::serialize(out);
  const auto signature = key.sign(text);
  text.pop_back();
  return fmt::format("{}{}{}{}", text, kBeforeSignature, signature, kAfterSignature);
}

Manifest read_manifest(std::string_view text) {
  const auto tail = kBeforeSignature.size() + kSignatureDigits + kAfterSignature.size();
  if (text.size() < tail) no_manifest("is cut off");
  const auto end = text.substr(text.size() - tail);
  if (!end.starts_with(kBeforeSignature) || !end.ends_with(kAfterSignature)) no_manifest("has no signature at its end");
  const auto body = std::string{text.substr(0, text.size() - tail)} + "}";
  json::error_code error;
  const auto value = json::parse(body, error);
  if (error) no_manifest("is no JSON");
  const auto& in = object_in(value);
  Manifest manifest;
  manifest.signer = text_of(in, "signer");
  if (!signature_holds(manifest.signer, body, end.substr(kBeforeSignature.size(), kSignatureDigits)))
    no_manifest("was changed after it was signed");
  if (const auto format = text_of(in, "format"); format != kFormat)
    throw Error(Errc::config, fmt::format("the manifest is of format '{}', which is newer than this program", format),
                "Install the version of visitor that made the backup.");
  manifest.id = text_of(in, "id");
  manifest.started = from_micros(number_of(in, "started_us"));
  manifest.ended = from_micros(number_of(in, "ended_us"));
  manifest.host = text_of(in, "host");
  manifest.note = text_of(in, "note");
  manifest.visitor = text_of(in, "visitor");
  manifest.schema = static_cast<int>(number_of(in, "schema"));
  manifest.server = static_cast<int>(number_of(in, "server"));
  manifest.database = text_of(in, "database");
  manifest.snapshot = text_of(in, "snapshot");
  manifest.master_key_fingerprint = text_of(in, "master_key_fingerprint");
  manifest.audit_head = number_of(in, "audit_head");
  // Backups from before the audit was a chain have the number of its newest row there, and no hash.
  if (in.contains("audit_hash"))
    manifest.audit_hash = text_of(in, "audit_hash");
  else
    manifest.audit_row = std::exchange(manifest.audit_head, 0);
  for (const auto& one : array_of(in, "parts")) {
    const auto& part = object_in(one);
    manifest.parts.push_back(
        {text_of(part, "name"), size_of(part, "size"), text_of(part, "blake2b"), size_of(part, "clear_size")});
  }
  if (manifest.parts.empty() || manifest.data().name != kDataName) no_manifest("names no data");
  for (const auto& one : array_of(in, "recipients")) {
    const auto& recipient = object_in(one);
    manifest.recipients.push_back(
        {text_of(recipient, "public_key"), bytes_of(recipient, "data_key"), bytes_of(recipient, "master_key")});
  }
  for (const auto& one : array_of(in, "tables")) {
    const auto& table = object_in(one);
    manifest.tables.push_back({text_of(table, "name"), number_of(table, "rows"), text_of(table, "sum")});
  }
  return manifest;
}

std::string make_backup_id(Instant now) {
  constexpr std::string_view kLetters = "abcdefghijkmnpqrstuvwxyz23456789";
  static_assert(kLetters.size() == 32);
  std::string id;
  for (const char c : to_iso(std::chrono::floor<std::chrono::seconds>(now)))
    if (c != '-' && c != ':') id += c;
  id += '-';
  for (const auto byte : random_bytes(6)) id += kLetters[std::to_integer<std::size_t>(byte) % kLetters.size()];
  return id;
}

std::optional<Instant> time_of_backup_id(std::string_view id) {
  constexpr std::string_view kShape = "00000000T000000Z-aaaaaa";
  if (id.size() != kShape.size()) return std::nullopt;
  for (std::size_t n = 0; n < kShape.size(); ++n) {
    const bool digit = id[n] >= '0' && id[n] <= '9';
    const bool letter = id[n] >= 'a' && id[n] <= 'z';
    if (kShape[n] == '0' ? !digit : kShape[n] == 'a' ? !digit && !letter : id[n] != kShape[n]) return std::nullopt;
  }
  const auto number = [id](std::size_t from, std::size_t count) {
    return static_cast<int>(to_integer(id.substr(from, count)).value_or(0));
  };
  const auto day = std::chrono::year{number(0, 4)} / number(4, 2) / number(6, 2);
  if (!day.ok() || number(9, 2) > 23 || number(11, 2) > 59 || number(13, 2) > 60) return std::nullopt;
  return Instant{std::chrono::sys_days{day} + std::chrono::hours{number(9, 2)} + std::chrono::minutes{number(11, 2)} +
                 std::chrono::seconds{number(13, 2)}};
}

bool is_backup_id(std::string_view text) {
  return time_of_backup_id(text).has_value();
}

}  // namespace visitor::archive
