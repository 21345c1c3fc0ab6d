#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "app/jobs.hpp"
#include "archive/dump.hpp"
#include "archive/extract.hpp"
#include "auth/totp_devices.hpp"
#include "config/settings.hpp"
#include "core/vault.hpp"
#include "db/backups/bench.hpp"
#include "db/migrator.hpp"
#include "store/backup_log.hpp"
#include "store/jobs.hpp"

using namespace visitor;
using namespace visitor::test;
using app::VerifyLevel;
using archive::Stored;

namespace {

/// A target that breaks after so many bytes of an object.
class Breaking final : public archive::Target {
 public:
  Breaking(archive::Target& real, std::uint64_t after) : real_(real), after_(after) {}

  std::string_view address() const override { return real_.address(); }
  std::unique_ptr<archive::Upload> put(std::string_view name) override {
    return std::make_unique<BreakingUpload>(real_.put(name), after_);
  }
  std::unique_ptr<archive::Download> get(std::string_view name, std::uint64_t from) override {
    return real_.get(name, from);
  }
  std::vector<archive::ObjectInfo> list(std::string_view prefix) override { return real_.list(prefix); }
  void remove(std::string_view name) override { real_.remove(name); }
  std::size_t sweep(Instant before) override { return real_.sweep(before); }

 private:
  class BreakingUpload final : public archive::Upload {
   public:
    BreakingUpload(std::unique_ptr<archive::Upload> real, std::uint64_t left) : real_(std::move(real)), left_(left) {}
    void write(std::span<const std::byte> bytes) override {
      if (bytes.size() > left_) throw Error(Errc::failed, "No space left on device");
      left_ -= bytes.size();
      real_->write(bytes);
    }
    void commit() override { real_->commit(); }

   private:
    std::unique_ptr<archive::Upload> real_;
    std::uint64_t left_;
  };
  archive::Target& real_;
  std::uint64_t after_;
};

void flip(const std::filesystem::path& file, std::uint64_t at, int bits) {
  std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
  stream.seekg(static_cast<std::streamoff>(at));
  const auto byte = static_cast<char>(stream.get() ^ bits);
  stream.seekp(static_cast<std::streamoff>(at));
  stream.put(byte);
}

/// Gives the account that backups are made by an authenticator that counts. \returns its key
Secret given_authenticator(app::Instance& instance) {
  const auto now = SystemClock{}.now();
  db::Transaction tx{instance.pool()};
  const auto account = app::ensure_actor(tx, "reception", domain::ActionHow::person, now).account;
  auth::TotpDevices devices{tx, instance.vault()};
  auto key = devices.enrol(account, {}, now).key;
  BOOST_REQUIRE(devices.confirm(account, auth::totp_code(key, {}, auth::totp_step(now)), now));
  tx.commit();
  return key;
}

archive::BackupOrder order_for(Installation& house, const archive::PrivateKey& key, const archive::SigningKey& signer,
                               const Clock& clock) {
  archive::BackupOrder order;
  order.id = archive::make_backup_id(clock.now());
  order.conninfo = house.settings().database.url;
  order.recipients = {key.public_key()};
  order.master_key = read_secret_file(house.settings().secrets.key_file);
  order.signer = &signer;
  order.clock = &clock;
  return order;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(backups, BackupBench)

BOOST_AUTO_TEST_CASE(a_backup_is_at_every_target_and_holds_what_the_database_held) {
  const auto before = archive::sums_of(house.settings().database.url, 150000);
  const auto made = app::create_backup(house.desk(), {.targets = {}, .note = "the first"});
  BOOST_TEST(made.copies.size() == 2U);
  // The run itself is noted before the moment of the backup.
  const auto differences = archive::differences(before, made.manifest.tables);
  BOOST_TEST(differences == std::vector<std::string>{"public.backup_run: 1 rows instead of 0"},
             boost::test_tools::per_element());
  BOOST_TEST(made.manifest.schema == db::embedded_migrations().back().version);
  BOOST_TEST(made.manifest.note == "the first");

  std::vector<std::string> failures;
  const auto listed = app::list_stored_backups(house.desk(), house.targets(), failures);
  BOOST_REQUIRE(listed.size() == 2U);
  for (const auto& one : listed) {
    BOOST_TEST((one.stored.state == Stored::State::whole));
    BOOST_TEST(one.ours);
    BOOST_TEST(!one.verified_at);
  }
  db::Transaction tx{house.instance().pool(), {.read_only = true}};
  const auto runs = store::BackupLog{tx}.runs(10);
  BOOST_REQUIRE(runs.size() == 1U);
  BOOST_TEST(runs[0].state == "done");
  BOOST_TEST(static_cast<std::uint64_t>(runs[0].bytes) == made.manifest.data().size);
  BOOST_TEST(store::BackupLog{tx}.copies().size() == 2U);
}

BOOST_AUTO_TEST_CASE(each_level_finds_a_good_backup_good_and_notices_a_flipped_bit) {
  const auto made = app::create_backup(house.desk(), {});
  const auto targets = house.targets();
  for (const auto level : {VerifyLevel::quick, VerifyLevel::full, VerifyLevel::restore}) {
    const auto good = app::verify_backup(house.desk(), *targets[0], made.manifest, {.level = level, .key = &key});
    BOOST_TEST(good.problem == "");
    BOOST_TEST(good.restored_in.has_value() == (level == VerifyLevel::restore));
    const auto bad =
        app::verify_backup(house.desk(), *targets[0], made.manifest, {.level = level, .key = &key, .sabotage = true});
    BOOST_TEST(bad.problem != "");
  }
  std::vector<std::string> failures;
  for (const auto& one : app::list_stored_backups(house.desk(), targets, failures)) {
    const bool looked_at = one.stored.target == targets[0]->address();
    BOOST_TEST(one.verified_level == (looked_at ? "restore" : ""));
    BOOST_TEST(one.restored_at.has_value() == looked_at);
    BOOST_TEST((one.stored.state == Stored::State::whole));
  }
  for (const auto& entry : std::filesystem::directory_iterator{house.settings().state_directory})
    BOOST_TEST(!entry.path().filename().string().starts_with("drill-"), entry.path());
  BOOST_CHECK_EXCEPTION(app::verify_backup(house.desk(), *targets[0], made.manifest, {.level = VerifyLevel::full}),
                        Error, has_code(Errc::usage));
  const auto stranger = archive::PrivateKey::make("stranger");
  BOOST_CHECK_EXCEPTION(
      app::verify_backup(house.desk(), *targets[0], made.manifest, {.level = VerifyLevel::full, .key = &stranger}),
      Error, has_code(Errc::denied));
}

BOOST_AUTO_TEST_CASE(each_block_of_four_kib_that_is_damaged_is_noticed_before_anything_is_restored) {
  const auto made = app::create_backup(house.desk(), {});
  const auto targets = house.targets();
  const auto file = folder.path / "near" / made.manifest.id / "data";
  const auto size = made.manifest.data().size;
  BOOST_REQUIRE(size == std::filesystem::file_size(file));
  const auto names_it = [&](const Error& error) {
    return error.code() == Errc::integrity && error.message().find(made.manifest.id + "/data") != std::string::npos;
  };
  constexpr std::uint64_t kBlock = 4096;
  for (std::uint64_t block = 0; block * kBlock < size; ++block) {
    // Another byte and another bit of each.
    const auto at = std::min(block * kBlock + block * 997 % kBlock, size - 1);
    const auto bit = 1 << block % 8;
    BOOST_TEST_CONTEXT("byte " << at << " of " << size) {
      flip(file, at, bit);
      BOOST_CHECK_EXCEPTION(archive::check_bytes(*targets[0], made.manifest), Error, names_it);
      BOOST_CHECK_EXCEPTION(archive::check_contents(*targets[0], made.manifest, key), Error, names_it);
      // What a restore would read: it never comes to its end, and so nothing is committed.
      archive::DumpOfBackup dump{*targets[0], made.manifest, key};
      BOOST_CHECK_EXCEPTION(archive::pump(dump, [](std::span<const std::byte>) {}), Error, names_it);
      flip(file, at, bit);
    }
  }
  archive::check_contents(*targets[0], made.manifest, key);
}

BOOST_AUTO_TEST_CASE(a_manifest_that_is_damaged_anywhere_makes_no_good_backup) {
  const auto made = app::create_backup(house.desk(), {});
  const auto targets = house.targets();
  const auto file = folder.path / "near" / made.manifest.id / "manifest.json";
  const auto size = std::filesystem::file_size(file);
  for (std::uint64_t at = 0; at < size; at += 61) {
    BOOST_TEST_CONTEXT("byte " << at << " of " << size) {
      flip(file, at, 1 << at % 7);
      const auto stored = archive::list_backups(*targets[0]);
      BOOST_REQUIRE(stored.size() == 1U);
      BOOST_TEST((stored[0].state == Stored::State::damaged));
      BOOST_CHECK_EXCEPTION(archive::fetch_manifest(*targets[0], made.manifest.id), Error, has_code(Errc::integrity));
      flip(file, at, 1 << at % 7);
    }
  }
  BOOST_TEST((archive::list_backups(*targets[0])[0].state == Stored::State::whole));
}

BOOST_AUTO_TEST_CASE(a_target_that_breaks_has_nothing_and_the_others_have_the_backup) {
  const SystemClock clock;
  const auto signer = app::backup_signing_key(house.settings());
  const auto targets = house.targets();
  for (const std::uint64_t after : {0, 10, 4000, 100'000}) {
    Breaking breaking{*targets[1], after};
    auto order = order_for(house, key, signer, clock);
    order.targets = {targets[0].get(), &breaking};
    const auto made = archive::make_backup(order);
    if (after < made.manifest.data().size) {
      BOOST_TEST(!made.copies[0].failure);
      BOOST_REQUIRE(made.copies[1].failure);
      BOOST_TEST(made.copies[1].failure->message() == "No space left on device");
      for (const auto& stored : archive::list_backups(*targets[1])) BOOST_TEST(stored.id != made.manifest.id);
    }
    auto alone = order_for(house, key, signer, clock);
    alone.targets = {&breaking};
    if (after < made.manifest.data().size)
      BOOST_CHECK_EXCEPTION(archive::make_backup(alone), Error, has_code(Errc::failed));
  }
}

BOOST_AUTO_TEST_CASE(a_backup_that_is_stopped_is_none) {
  const SystemClock clock;
  const auto signer = app::backup_signing_key(house.settings());
  const auto targets = house.targets();
  auto order = order_for(house, key, signer, clock);
  order.targets = {targets[0].get()};
  std::stop_source stop;
  stop.request_stop();
  order.stop = stop.get_token();
  BOOST_CHECK_EXCEPTION(archive::make_backup(order), Error, has_code(Errc::interrupted));
  BOOST_TEST(archive::list_backups(*targets[0]).empty());
}

BOOST_AUTO_TEST_CASE(a_restored_database_holds_the_same_and_waits_for_a_word) {
  const auto made = app::create_backup(house.desk(), {});
  Installation other{folder.path, "other", key};
  const auto targets = other.targets();
  const auto found = app::find_backup(targets, "");
  BOOST_TEST(found.manifest.id == made.manifest.id);
  const app::RestoreOrder order{&key, std::string{other.settings().database.url.reveal()}, false};
  const auto place = app::look_at_restore(other.desk(), found.manifest, order);
  BOOST_TEST(place.tables == 0);
  const auto restored = app::restore_backup(other.desk(), *found.target, found.manifest, order, place);
  BOOST_TEST(restored.key_written);
  BOOST_TEST(restored.resealed == 0);
  BOOST_TEST(*read_file(other.settings().secrets.key_file) == *read_file(house.settings().secrets.key_file));

  const auto sums = archive::sums_of(other.settings().database.url, 150000);
  for (const auto& line : archive::differences(made.manifest.tables, sums)) {
    const bool expected = line.starts_with("public.installation:") || line.starts_with("public.backup_") ||
                          line.starts_with("public.audit") || line.starts_with("public.account:");
    BOOST_TEST(expected, line);
  }
  BOOST_TEST(other.value<std::string>("(SELECT state FROM backup_run)") == "done");
  BOOST_TEST(other.value<bool>("NOT may_act()"));
  const SystemClock clock;
  {
    db::Transaction tx{other.instance().pool()};
    BOOST_TEST(!store::Jobs{tx}.claim("trim_changes", "somebody", clock.now(), std::chrono::seconds{60}));
    const app::Actor actor = app::ensure_actor(tx, "reception", domain::ActionHow::person, clock.now());
    const app::Work work{tx, actor, clock.now(), other.settings(), domain::Scope::everything()};
    BOOST_TEST(app::resume_after_restore(work).why.find(made.manifest.id) != std::string::npos);
    BOOST_TEST(store::Jobs{tx}.claim("trim_changes", "somebody", clock.now(), std::chrono::seconds{60}));
    BOOST_CHECK_EXCEPTION(app::resume_after_restore(work), Error, has_code(Errc::conflict));
    tx.commit();
  }
  BOOST_CHECK_EXCEPTION(app::look_at_restore(other.desk(), found.manifest, order), Error, has_code(Errc::conflict));
}

BOOST_AUTO_TEST_CASE(what_is_replaced_is_put_aside_and_secrets_are_sealed_with_the_master_key_of_the_machine) {
  const auto totp_key = given_authenticator(house.instance());
  app::create_backup(house.desk(), {});
  Installation machine{folder.path, "machine", key};
  machine.instance().initialise();
  const auto targets = machine.targets();
  const auto found = app::find_backup(targets, "");
  std::string url;
  {
    Installation old{folder.path, "old", key};
    old.instance().initialise();
    url = old.settings().database.url.reveal();
    const app::RestoreOrder order{&key, url, true};
    const auto place = app::look_at_restore(machine.desk(), found.manifest, order);
    BOOST_TEST(place.tables > 20);
    BOOST_CHECK(place.step_up == app::StepUpNeed::none);
    given_authenticator(old.instance());
    BOOST_CHECK(app::look_at_restore(machine.desk(), found.manifest, order).step_up == app::StepUpNeed::code);
    // Its pool is open.
    BOOST_CHECK_EXCEPTION(app::restore_backup(machine.desk(), *found.target, found.manifest, order, place), Error,
                          has_code(Errc::conflict));
  }
  const app::RestoreOrder order{&key, url, true};
  const auto place = app::look_at_restore(machine.desk(), found.manifest, order);
  const auto restored = app::restore_backup(machine.desk(), *found.target, found.manifest, order, place);
  BOOST_TEST(restored.put_aside.starts_with(place.database + "_before_"));
  BOOST_TEST(!restored.key_written);
  BOOST_TEST(restored.resealed == 3);
  BOOST_TEST(
      (std::ranges::find(restored.differences, "public.guest: 1 rows instead of 0") != restored.differences.end()));

  db::Connection connection{{.conninfo = Secret{std::string_view{url}}}};
  db::Transaction tx{connection, {.read_only = true}};
  const auto& vault = machine.instance().vault();
  const auto sealed = [&](const char* sql) { return tx.row(sql).get<std::vector<std::byte>>("sealed"); };
  BOOST_TEST(vault.unseal("terminal.password", sealed("SELECT password_sealed AS sealed FROM terminal")).reveal() ==
             "opensesame");
  BOOST_TEST(vault.unseal("guest.document", sealed("SELECT document_sealed AS sealed FROM guest")).reveal() ==
             "850101300199");
  BOOST_TEST((vault.unseal("totp.secret", sealed("SELECT secret_sealed AS sealed FROM totp_device")).reveal() ==
              totp_key.reveal()));
  BOOST_TEST(
      (sealed("SELECT document_hash AS sealed FROM guest") == vault.lookup_hash("guest.document", "850101300199")));
  BOOST_TEST((sealed("SELECT master_key_fingerprint AS sealed FROM installation") == vault.fingerprint()));
}

BOOST_AUTO_TEST_CASE(a_drill_misses_links_of_the_audit_that_the_manifest_names) {
  app::create_backup(house.desk(), {});  // which is a row of the audit
  auto manifest = app::create_backup(house.desk(), {}).manifest;
  BOOST_TEST(manifest.audit_head > 0);
  BOOST_TEST(manifest.audit_hash.size() == 64U);
  ++manifest.audit_head;
  const auto targets = house.targets();
  const auto problem =
      app::verify_backup(house.desk(), *targets[0], manifest, {.level = VerifyLevel::restore, .key = &key}).problem;
  BOOST_TEST(problem.find("the audit ends with link") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_backup_of_an_older_schema_is_brought_forward) {
  const SystemClock clock;
  const auto signer = app::backup_signing_key(house.settings());
  const auto targets = house.targets();
  const std::span<const db::Migration> all{db::embedded_migrations()};
  const auto url = TestDatabase::instance().make_empty_database("backups_older");
  {
    db::Connection connection{{.conninfo = url}};
    db::Migrator{connection, all.first(all.size() - 1)}.migrate();
    db::Transaction tx{connection};
    const auto vault = Vault::open(house.settings().secrets.key_file);
    tx.exec("INSERT INTO installation (id, master_key_fingerprint, created_at) VALUES (1, $1, now())",
            vault.fingerprint());
    tx.exec("INSERT INTO site (name, time_zone, created_at) VALUES ('Old house', 'Asia/Almaty', now())");
    tx.commit();
  }
  auto order = order_for(house, key, signer, clock);
  order.conninfo = url;
  order.targets = {targets[0].get()};
  const auto made = archive::make_backup(order);
  BOOST_TEST(made.manifest.schema == all.back().version - 1);
  BOOST_TEST(app::verify_backup(house.desk(), *targets[0], made.manifest, {.level = VerifyLevel::restore, .key = &key})
                 .problem == "");
  const auto empty = TestDatabase::instance().make_empty_database("backups_brought_forward");
  const app::RestoreOrder forward{&key, std::string{empty.reveal()}, false};
  const auto place = app::look_at_restore(house.desk(), made.manifest, forward);
  const auto restored = app::restore_backup(house.desk(), *targets[0], made.manifest, forward, place);
  BOOST_TEST(restored.schema_before == all.back().version - 1);
  BOOST_TEST(restored.schema_after == all.back().version);
  {
    db::Connection connection{{.conninfo = empty}};
    db::Migrator{connection, all}.require_current();
    db::Transaction tx{connection, {.read_only = true}};
    BOOST_TEST(tx.row("SELECT name FROM site").get<std::string>("name") == "Old house");
  }
  auto newer = made.manifest;
  newer.schema = all.back().version + 1;
  BOOST_CHECK_EXCEPTION(app::look_at_restore(house.desk(), newer, {&key, std::string{url.reveal()}, true}), Error,
                        has_code(Errc::config));
}

BOOST_AUTO_TEST_CASE(rows_are_taken_out_as_they_are) {
  const auto made = app::create_backup(house.desk(), {});
  const auto targets = house.targets();
  archive::DumpOfBackup dump{*targets[0], made.manifest, key};
  const std::vector<archive::Selection> wanted{{"guest", {}}};
  std::vector<std::string> companies;
  archive::extract_rows(dump, wanted, [&](const archive::DumpedTable& table, const archive::ExtractedRow& row) {
    BOOST_TEST(table.name == "guest");
    for (std::size_t n = 0; n < row.size(); ++n)
      if (table.columns[n] == "company") companies.push_back(row[n].value_or("NULL"));
  });
  BOOST_TEST(companies == std::vector<std::string>{"Nomad\tLLP\n\\"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(keys_of_existing_backups_change_with_the_recipients) {
  const auto made = app::create_backup(house.desk(), {});
  const auto next = archive::PrivateKey::make("next");
  Installation changed{folder.path, "changed", next};
  const auto targets = changed.targets();
  BOOST_TEST(app::rotate_backup_keys(changed.desk(), targets, key) == 2);
  const auto manifest = archive::fetch_manifest(*targets[0], made.manifest.id);
  archive::check_contents(*targets[0], manifest, next);
  BOOST_CHECK_EXCEPTION(archive::open_data_key(manifest, key), Error, has_code(Errc::denied));
  BOOST_TEST(archive::open_master_key(manifest, next).reveal() ==
             archive::open_master_key(made.manifest, key).reveal());
  app::prove_backup_key(house.desk(), key);
  BOOST_CHECK_EXCEPTION(app::prove_backup_key(house.desk(), next), Error, has_code(Errc::denied));
}

BOOST_AUTO_TEST_SUITE_END()
