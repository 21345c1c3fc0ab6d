#include <fmt/format.h>

#include <algorithm>

#include "app/backup_record.hpp"
#include "app/backups.hpp"
#include "core/vault.hpp"
#include "db/transaction.hpp"
#include "store/backup_records.hpp"

namespace visitor::app {

void prove_backup_key(const BackupDesk& desk, const archive::PrivateKey& key) {
  const auto recipients = backup_recipients(desk.instance.settings());
  if (std::find(recipients.begin(), recipients.end(), key.public_key()) == recipients.end())
    throw Error(Errc::denied, fmt::format("the key '{}' is none of those in [backup] recipients", key.name()),
                fmt::format("Its public half is {}.", key.public_key().text()));
  const auto probe = random_bytes(32);
  const auto opened = key.open(key.public_key().seal(Secret{std::span{probe}}));
  if (!opened || !std::equal(probe.begin(), probe.end(), opened->reveal_bytes().begin()))
    throw Error(Errc::integrity, fmt::format("the key '{}' does not read what was sealed for it", key.name()),
                "Make a new key, and put it into [backup] recipients.");
  db::with_retry(desk.instance.pool(), 3, [&](db::Transaction& tx) {
    store::BackupRecords{tx}.key(key.public_key().text(), key.name(), desk.clock.now(), true);
  });
  keep_backup_record(desk.instance.settings(), desk.instance.pool(), desk.clock.now());
}

int rotate_backup_keys(const BackupDesk& desk, const std::vector<std::unique_ptr<archive::Target>>& targets,
                       const archive::PrivateKey& key) {
  const auto& settings = desk.instance.settings();
  const auto recipients = backup_recipients(settings);
  if (recipients.empty())
    throw Error(Errc::config, "nobody could read the backups: [backup] recipients is empty",
                "Put the public key of 'visitorctl backup key create' there.");
  const auto signer = backup_signing_key(settings);
  int changed = 0;
  for (const auto& target : targets) {
    for (const auto& stored : archive::list_backups(*target)) {
      if (stored.state != archive::Stored::State::whole) continue;
      auto manifest = *stored.manifest;
      const auto data_key = archive::open_data_key(manifest, key);
      const auto master_key = archive::open_master_key(manifest, key);
      manifest.recipients.clear();
      for (const auto& recipient : recipients)
        manifest.recipients.push_back({recipient.text(), recipient.seal(data_key), recipient.seal(master_key)});
      const auto text = archive::write_manifest(manifest, signer);
      const auto upload = target->put(fmt::format("{}/{}", manifest.id, archive::kManifestName));
      upload->write(std::as_bytes(std::span{text}));
      upload->commit();
      ++changed;
    }
  }
  return changed;
}

}  // namespace visitor::app
