#include "archive/backup.hpp"

#include <fmt/format.h>

#include "archive/compression.hpp"
#include "archive/dump.hpp"
#include "archive/fan_out.hpp"
#include "archive/measured.hpp"
#include "archive/sealing.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "db/transaction.hpp"

namespace visitor::archive {
namespace {

constexpr auto kMoment = R"sql(
    SELECT pg_export_snapshot() AS snapshot, current_database()::text AS database,
           (SELECT max(version) FROM schema_migration)::integer AS schema,
           (SELECT master_key_fingerprint FROM installation WHERE id = 1) AS fingerprint,
           to_regclass('audit_link') IS NOT NULL AS has_chain)sql";
constexpr auto kAuditHead = R"sql(
    SELECT position, hash FROM audit_link
     UNION ALL
    SELECT position, hash FROM audit_cut
     ORDER BY position DESC
     LIMIT 1)sql";
constexpr std::chrono::milliseconds kTellEvery{200};

/// The moment of the backup; the transaction holds its snapshot open until pg_dump has taken it over.
void look_at_database(db::Transaction& tx, Manifest& manifest) {
  const auto row = tx.row(kMoment);
  manifest.snapshot = row.get<std::string>("snapshot");
  manifest.database = row.get<std::string>("database");
  manifest.schema = row.get<std::int32_t>("schema");
  // A schema from before the audit was a chain can be backed up, too.
  if (const auto head = row.get<bool>("has_chain") ? tx.maybe_row(kAuditHead) : std::nullopt) {
    manifest.audit_head = head->get<std::int64_t>("position");
    manifest.audit_hash = to_hex(head->get<std::vector<std::byte>>("hash"));
  }
  manifest.master_key_fingerprint = to_hex(row.get<std::vector<std::byte>>("fingerprint"));
  manifest.server = tx.connection().server_version();
}

/// What a backup without a manifest takes up is of no use to anybody.
void give_up(Target& target, const std::string& id) {
  try {
    target.remove(fmt::format("{}/{}", id, kDataName));
  } catch (const Error& error) {
    log::info("backup: the data of {} stay at {}: {}", id, target.address(), error.message());
  }
}

Error as_error(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return error;
  } catch (const std::exception& error) {
    return {Errc::failed, error.what()};
  }
}

}  // namespace

BackupMade make_backup(const BackupOrder& order) {
  if (order.targets.empty())
    throw Error(Errc::usage, "there is no target that a backup could go to",
                "Set [backup] targets, or name one with --to.");
  if (order.recipients.empty())
    throw Error(Errc::usage, "nobody could read the backup",
                "Make a key with 'visitorctl backup key create', and put what it prints into [backup] recipients.");
  BackupMade made;
  auto& manifest = made.manifest;
  manifest.id = order.id;
  manifest.started = order.clock->now();
  manifest.host = order.host;
  manifest.note = order.note;
  manifest.known = order.known;
  manifest.visitor = VISITOR_VERSION;
  const auto key = make_data_key();
  for (const auto& recipient : order.recipients)
    manifest.recipients.push_back({recipient.text(), recipient.seal(key), recipient.seal(order.master_key)});

  // For as long as pg_dump needs to begin, however long it waits for a lock.
  db::Connection connection{{.conninfo = order.conninfo, .application_name = "visitor-backup", .idle_deadline = {}}};
  std::optional<db::Transaction> moment;
  moment.emplace(connection, db::TransactionOptions{.isolation = db::Isolation::repeatable_read, .read_only = true});
  look_at_database(*moment, manifest);

  FanOut out{order.targets, fmt::format("{}/{}", order.id, kDataName)};
  Measured measured{out};
  SealingSink sealing{key, fmt::format("{}/{}", order.id, kDataName), measured};
  CompressingSink compressing{sealing};
  DumpReader reader;
  DumpSource dump{order.conninfo, manifest.server, manifest.snapshot, order.stop};
  Progress progress;
  auto tell_at = std::chrono::steady_clock::now() + kTellEvery;
  pump(dump, [&](std::span<const std::byte> bytes) {
    moment.reset();  // pg_dump has taken the snapshot over before it writes
    reader.add(bytes);
    compressing.write(bytes);
    progress.read += bytes.size();
    progress.written = measured.size();
    if (!order.progress || std::chrono::steady_clock::now() < tell_at) return;
    order.progress(progress);
    tell_at = std::chrono::steady_clock::now() + kTellEvery;
  });
  manifest.tables = reader.finish();
  compressing.finish();
  manifest.parts.push_back({std::string{kDataName}, measured.size(), measured.digest(), progress.read});
  manifest.ended = order.clock->now();

  const auto text = write_manifest(manifest, *order.signer);
  manifest.signer = order.signer->public_text();
  std::optional<Error> last;
  for (std::size_t n = 0; n < order.targets.size(); ++n) {
    CopyMade copy{std::string{order.targets[n]->address()}, std::nullopt};
    if (const auto failure = out.failure(n)) {
      copy.failure = as_error(failure);
    } else {
      try {
        const auto upload = order.targets[n]->put(fmt::format("{}/{}", order.id, kManifestName));
        upload->write(std::as_bytes(std::span{text}));
        upload->commit();
      } catch (const Error& error) {
        copy.failure = error;
        give_up(*order.targets[n], order.id);
      }
    }
    if (copy.failure) last = copy.failure;
    made.copies.push_back(std::move(copy));
  }
  for (const auto& copy : made.copies)
    if (!copy.failure) return made;
  throw *last;
}

}  // namespace visitor::archive
