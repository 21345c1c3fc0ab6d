#include "archive/manifest.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

#include "archive/record_json.hpp"
#include "archive/wal_segment.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "core/vault.hpp"

namespace visitor::archive {
namespace {

namespace json = boost::json;

constexpr std::string_view kFormat = "visitor-backup/1";
constexpr std::string_view kWhat = "the manifest";

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
  if (manifest.wal)
    out["wal"] = json::object{{"system", manifest.wal->system},
                              {"start", manifest.wal->start},
                              {"stop", manifest.wal->stop},
                              {"segment_bytes", as_number(manifest.wal->segment_bytes)}};
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
  out["known"] = record_json(manifest.known);
  return sign_json(std::move(out), key);
}

Manifest read_manifest(std::string_view text) {
  const auto value = read_signed_json(text, kWhat);
  const JsonFields in{value, kWhat};
  Manifest manifest;
  manifest.signer = in.text("signer");
  if (const auto format = in.text("format"); format != kFormat)
    throw Error(Errc::config, fmt::format("the manifest is of format '{}', which is newer than this program", format),
                "Install the version of visitor that made the backup.");
  manifest.id = in.text("id");
  manifest.started = from_micros(in.number("started_us"));
  manifest.ended = from_micros(in.number("ended_us"));
  manifest.host = in.text("host");
  manifest.note = in.text("note");
  manifest.visitor = in.text("visitor");
  manifest.schema = static_cast<int>(in.number("schema"));
  manifest.server = static_cast<int>(in.number("server"));
  manifest.database = in.text("database");
  manifest.snapshot = in.text("snapshot");
  manifest.master_key_fingerprint = in.text("master_key_fingerprint");
  manifest.audit_head = in.number("audit_head");
  // Backups from before the audit was a chain have the number of its newest row there, and no hash.
  if (in.has("audit_hash"))
    manifest.audit_hash = in.text("audit_hash");
  else
    manifest.audit_row = std::exchange(manifest.audit_head, 0);
  for (const auto& part : in.list("parts"))
    manifest.parts.push_back({part.text("name"), part.size("size"), part.text("blake2b"), part.size("clear_size")});
  if (in.has("wal")) {
    const JsonFields wal{in.member("wal"), kWhat};
    manifest.wal = {wal.text("system"), wal.text("start"), wal.text("stop"), wal.size("segment_bytes")};
    if (!is_wal_system(manifest.wal->system) || !is_wal_segment(manifest.wal->start) ||
        !is_wal_segment(manifest.wal->stop) || !is_wal_segment_size(manifest.wal->segment_bytes))
      wal.wrong("names no WAL segments");
  }
  if (manifest.parts.empty() || manifest.data().name != kDataName) in.wrong("names no data");
  for (const auto& recipient : in.list("recipients"))
    manifest.recipients.push_back(
        {recipient.text("public_key"), recipient.bytes("data_key"), recipient.bytes("master_key")});
  for (const auto& table : in.list("tables"))
    manifest.tables.push_back({table.text("name"), table.number("rows"), table.text("sum")});
  // The first manifests had none.
  if (in.has("known")) manifest.known = record_of({in.member("known"), kWhat});
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
