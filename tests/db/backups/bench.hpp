#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/backups.hpp"
#include "app/restore.hpp"
#include "core/file.hpp"
#include "support/database.hpp"
#include "support/has_code.hpp"
#include "support/house.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

namespace visitor::test {

/// A folder that the embedded server's user may go through: root's drill runs as that.
struct OpenFolder : TemporaryFolder {
  OpenFolder() { chmod(path.c_str(), 0711); }
};

/// An installation with a database and a state of its own, which keeps its backups in two folders.
class Installation {
 public:
  Installation(const std::filesystem::path& folder, const std::string& name, const archive::PrivateKey& key)
      : settings_(settings_in(folder, name, key)), instance_(settings_) {}

  /// With a schema, a master key and one house.
  void populate() {
    instance_.initialise();
    db::Transaction tx{instance_.pool()};
    const auto house = House::build(tx);
    given_visit(tx, house);
    const auto& vault = instance_.vault();
    tx.exec("UPDATE terminal SET password_sealed = $1",
            vault.seal("terminal.password", Secret{std::string_view{"opensesame"}}));
    tx.exec("UPDATE guest SET document_sealed = $1, document_hash = $2, version = version + 1",
            vault.seal("guest.document", Secret{std::string_view{"850101300199"}}),
            vault.lookup_hash("guest.document", "850101300199"));
    tx.exec("UPDATE guest SET version = version + 1, company = 'Nomad' || chr(9) || 'LLP' || chr(10) || chr(92)");
    tx.commit();
  }

  app::BackupDesk desk() { return {.instance = instance_, .actor = actor_, .clock = clock_}; }
  app::Instance& instance() { return instance_; }
  const config::Settings& settings() const { return settings_; }
  std::vector<std::unique_ptr<archive::Target>> targets() { return app::open_backup_targets(desk()); }

  template <class T>
  T value(const std::string& sql) {
    db::Connection connection{{.conninfo = settings_.database.url}};
    db::Transaction tx{connection, {.read_only = true}};
    return tx.row("SELECT " + sql + " AS value").get<T>("value");
  }

 private:
  static config::Settings settings_in(const std::filesystem::path& folder, const std::string& name,
                                      const archive::PrivateKey& key) {
    config::Settings settings;
    settings.state_directory = folder / name;
    make_directories(settings.state_directory, 0711);
    settings.secrets.key_file = settings.state_directory / "master.key";
    settings.database.url = TestDatabase::instance().make_empty_database("backups_" + name);
    for (const auto* place : {"near", "far"}) {
      make_directories(folder / place, 0700);
      settings.backup.targets.push_back("file://" + (folder / place).string());
    }
    settings.backup.recipients = {key.public_key().text()};
    return settings;
  }

  config::Settings settings_;
  app::Instance instance_;
  const SystemClock clock_;
  const app::Actor actor_{{}, "reception", domain::ActionHow::person};
};

/// A populated installation, and the key that reads its backups.
struct BackupBench {
  BackupBench() { house.populate(); }

  OpenFolder folder;
  archive::PrivateKey key = archive::PrivateKey::make("safe");
  Installation house{folder.path, "house", key};
};

}  // namespace visitor::test
