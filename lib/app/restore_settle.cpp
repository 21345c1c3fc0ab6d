#include "app/restore_settle.hpp"

#include <fmt/format.h>

#include "app/audit_documents.hpp"
#include "app/details.hpp"
#include "app/terminal_checks.hpp"
#include "auth/totp_devices.hpp"
#include "core/file.hpp"
#include "core/text.hpp"
#include "db/migrator.hpp"
#include "db/transaction.hpp"
#include "domain/audit.hpp"
#include "store/backup_records.hpp"
#include "store/journal.hpp"
#include "store/wal_state.hpp"

namespace visitor::app {
namespace {

// As lib/app/guests.cpp seals it.
constexpr std::string_view kDocument = "guest.document";

constexpr auto kFingerprint = "SELECT master_key_fingerprint FROM installation WHERE id = 1";
constexpr auto kProtectAudit = "SELECT audit_protect()";
// Files of reports are of a day, and not worth sealing anew.
constexpr auto kForgetReports = "DELETE FROM report_job";
constexpr auto kSetFingerprint = "UPDATE installation SET master_key_fingerprint = $1 WHERE id = 1";
constexpr auto kTerminals = "SELECT id, password_sealed AS sealed FROM terminal ORDER BY id";
constexpr auto kSetTerminal = "UPDATE terminal SET password_sealed = $2, version = version + 1 WHERE id = $1";
constexpr auto kDocuments = R"sql(
    SELECT id, document_sealed AS sealed FROM guest WHERE document_sealed IS NOT NULL ORDER BY id)sql";
constexpr auto kSetDocument =
    "UPDATE guest SET document_sealed = $2, document_hash = $3, version = version + 1 WHERE id = $1";

Vault vault_of(const Secret& key_text) {
  const auto bytes = from_hex(trim(key_text.reveal()));
  if (!bytes) throw Error(Errc::integrity, "the master key in the backup is none", "Use another backup.");
  return Vault{Secret{std::span<const std::byte>{*bytes}}};
}

/// Everything that is sealed with the master key, sealed with another.
int reseal(db::Transaction& tx, const Vault& from, const Vault& to) {
  int count = 0;
  for (const auto& row : tx.rows(kTerminals)) {
    const auto password = from.unseal(kTerminalPassword, row.get<std::vector<std::byte>>("sealed"));
    tx.exec(kSetTerminal, row.get<std::int64_t>("id"), to.seal(kTerminalPassword, password));
    ++count;
  }
  for (const auto& row : tx.rows(kDocuments)) {
    const auto number = from.unseal(kDocument, row.get<std::vector<std::byte>>("sealed"));
    tx.exec(kSetDocument, row.get<std::int64_t>("id"), to.seal(kDocument, number),
            to.lookup_hash(kDocument, number.reveal()));
    ++count;
  }
  count += auth::reseal_second_factors(tx, from, to);
  count += reseal_audit_keys(tx, from, to);
  tx.exec(kForgetReports);
  tx.exec(kSetFingerprint, to.fingerprint());
  return count;
}

}  // namespace

void settle_restored(const BackupDesk& desk, const archive::Manifest& manifest, const archive::PrivateKey& key,
                     const std::string& why, db::Connection& connection, Restored& restored) {
  db::Migrator migrator{connection, db::embedded_migrations()};
  restored.schema_before = migrator.status().current;
  migrator.migrate();
  restored.schema_after = migrator.status().current;

  const auto& key_file = desk.instance.settings().secrets.key_file;
  const auto text = archive::open_master_key(manifest, key);
  const auto theirs = vault_of(text);
  std::error_code ignored;
  if (!std::filesystem::exists(key_file, ignored)) {
    make_directories(key_file.parent_path(), 0700);
    archive::write_new_private_file(key_file, Secret{std::string_view{fmt::format("{}\n", text.reveal())}});
    restored.key_written = true;
  }
  const auto ours = Vault::open(key_file);
  const auto now = desk.clock.now();
  db::Transaction tx{connection};
  const auto stored = tx.row(kFingerprint).get<std::vector<std::byte>>("master_key_fingerprint");
  if (stored != theirs.fingerprint())
    throw Error(Errc::integrity, "the master key in the backup does not belong to the database in it",
                "Use another backup.");
  if (ours.fingerprint() != stored) restored.resealed = reseal(tx, theirs, ours);
  const auto actor = ensure_actor(tx, desk.actor.login, desk.actor.how, now);
  tx.exec(kProtectAudit);  // a dump has no privileges in it
  store::BackupRecords records{tx};
  records.hold_back(why, now);
  store::WalStates{tx}.forget();
  // The backup holds the beginning of its own making.
  records.end(manifest.id, {"done", "", manifest.data().size, manifest.data().clear_size, manifest.rows()},
              manifest.ended);
  const store::Journal::Entry entry{
      domain::AuditAction::bulk_operation, "backup", 0,
      Details{}.add("restored", std::string_view{manifest.id}).add("resealed", std::int64_t{restored.resealed}).json()};
  store::Journal{tx, actor.account, now, desk.actor.origin}.audit(std::span{&entry, 1});
  tx.commit();
}

}  // namespace visitor::app
