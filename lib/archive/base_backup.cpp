#include "archive/base_backup.hpp"

#include <fmt/format.h>

#include "archive/compression.hpp"
#include "archive/contents.hpp"
#include "archive/dump.hpp"
#include "archive/measured.hpp"
#include "archive/sealing.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "db/transaction.hpp"

namespace visitor::archive {
namespace {

constexpr auto kMoment = R"sql(
    SELECT (SELECT system_identifier FROM pg_control_system())::text AS system,
           (SELECT bytes_per_wal_segment FROM pg_control_init()) AS segment_bytes,
           current_database()::text AS database,
           (SELECT max(version) FROM schema_migration)::integer AS schema,
           (SELECT master_key_fingerprint FROM installation WHERE id = 1) AS fingerprint)sql";

// The checkpoint that a base backup begins with is later than what this says before, and its end earlier than what it
// says afterwards.
constexpr auto kPosition = R"sql(
    SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint AS position,
           left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) AS timeline)sql";

std::string segment_at(std::int64_t position, const std::string& timeline, std::uint64_t segment_bytes) {
  const auto number = static_cast<std::uint64_t>(position) / segment_bytes;
  const auto per_log = (std::uint64_t{1} << 32) / segment_bytes;
  return fmt::format("{}{:08X}{:08X}", timeline, number / per_log, number % per_log);
}

/// \param offset  -1: of the last byte that was written
std::string segment_now(db::Transaction& tx, std::uint64_t segment_bytes, int offset) {
  const auto row = tx.row(kPosition);
  return segment_at(row.get<std::int64_t>("position") + offset, row.get<std::string>("timeline"), segment_bytes);
}

}  // namespace

Manifest make_base_backup(const BaseOrder& order) {
  Manifest manifest;
  manifest.id = order.id;
  manifest.started = order.clock->now();
  manifest.host = order.host;
  manifest.visitor = VISITOR_VERSION;
  const auto key = make_data_key();
  for (const auto& recipient : order.seal.recipients)
    manifest.recipients.push_back({recipient.text(), recipient.seal(key), recipient.seal(order.master_key)});
  auto& wal = manifest.wal.emplace();
  db::Connection connection{{.conninfo = order.conninfo, .application_name = "visitor-wal"}};
  {
    db::Transaction tx{connection, {.read_only = true, .stop = order.stop}};
    const auto row = tx.row(kMoment);
    wal.system = row.get<std::string>("system");
    wal.segment_bytes = static_cast<std::uint64_t>(row.get<std::int32_t>("segment_bytes"));
    wal.start = segment_now(tx, wal.segment_bytes, 0);
    manifest.database = row.get<std::string>("database");
    manifest.schema = row.get<std::int32_t>("schema");
    manifest.master_key_fingerprint = to_hex(row.get<std::vector<std::byte>>("fingerprint"));
    manifest.server = connection.server_version();
  }

  const auto name = fmt::format("{}/{}", order.id, kDataName);
  const auto upload = order.target->put(name);
  UploadSink out{*upload};
  Measured measured{out};
  SealingSink sealing{key, name, measured};
  CompressingSink compressing{sealing};
  ClientProgram program{
      "pg_basebackup",
      manifest.server / 10000,
      order.conninfo,
      {"--pgdata=-", "--format=tar", "--wal-method=none", "--checkpoint=fast", "--no-manifest", "--no-password"},
      order.stop};
  program.child().end_input();
  std::vector<std::byte> buffer(std::size_t{256} << 10);
  std::uint64_t clear = 0;
  while (const auto got = program.child().read(buffer)) {
    compressing.write(std::span{buffer}.first(got));
    clear += got;
  }
  program.finish();
  {
    db::Transaction tx{connection, {.read_only = true, .stop = order.stop}};
    wal.stop = segment_now(tx, wal.segment_bytes, -1);
  }
  compressing.finish();
  manifest.parts.push_back({std::string{kDataName}, measured.size(), measured.digest(), clear});
  manifest.ended = order.clock->now();
  // As it lies there now, before anything that is older goes because of it.
  check_bytes(*order.target, manifest);

  const auto text = write_manifest(manifest, *order.seal.signer);
  manifest.signer = order.seal.signer->public_text();
  const auto second = order.target->put(fmt::format("{}/{}", order.id, kManifestName));
  second->write(std::as_bytes(std::span{text}));
  second->commit();
  return manifest;
}

}  // namespace visitor::archive
