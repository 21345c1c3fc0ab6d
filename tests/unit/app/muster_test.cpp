#include "app/muster.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "core/file.hpp"
#include "support/has_code.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

using namespace visitor;
using visitor::test::at;
using visitor::test::says;

namespace {

domain::RollCall a_roll(std::string_view when = "2026-09-01T08:00:00Z") {
  domain::RollCall roll;
  roll.at = at(when);
  roll.written_by = "gate-1";
  roll.sites = {{{1}, "Head office", "Asia/Almaty"}};
  domain::RollEntry entry;
  entry.visit = {42};
  entry.site = {1};
  entry.department = "Admissions";
  entry.host = "Daniyar Omarov";
  entry.host_phone = "+77011234567";
  entry.guest = {7};
  entry.guest_name = "Елена \"Лена\" Петрова\n";
  entry.company = "Nomad LLP";
  entry.phone = "+77020000000";
  entry.since = at("2026-09-01T07:00:00Z") + std::chrono::microseconds{123456};
  entry.how = domain::How::door;
  entry.proof_at = at("2026-09-01T07:30:00Z");
  entry.place = "Turnstile 1";
  entry.entered_at = entry.proof_at;
  roll.entries = {entry};
  entry.how = domain::How::person;
  entry.entered_at.reset();
  entry.place.clear();
  entry.login = "aida";
  roll.entries.push_back(entry);
  return roll;
}

Vault a_vault(char fill = 'k') {
  return Vault{Secret{std::string(32, fill)}};
}

struct Installation : test::TemporaryFolder {
  Installation() {
    settings.state_directory = path;
    settings.secrets.key_file = path / "master.key";
  }
  std::filesystem::path only_file() {
    const auto folder = app::snapshot_folder(settings);
    return std::filesystem::directory_iterator {
      folder
      } -> path();
  }
  config::Settings settings;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(snapshots_of_the_roll_call)

BOOST_AUTO_TEST_CASE(what_was_written_is_read_again) {
  const auto roll = a_roll();
  const auto read = app::read_snapshot(app::to_snapshot(roll, a_vault()), a_vault(), "x");
  BOOST_TEST(read.at == roll.at);
  BOOST_TEST(read.written_by == "gate-1");
  BOOST_TEST_REQUIRE(read.sites.size() == 1U);
  BOOST_TEST(read.sites[0].time_zone == "Asia/Almaty");
  BOOST_TEST_REQUIRE(read.entries.size() == 2U);
  const auto& entry = read.entries[0];
  BOOST_TEST(entry.visit.value == 42);
  BOOST_TEST(entry.guest_name == roll.entries[0].guest_name);
  BOOST_TEST(entry.host_phone == "+77011234567");
  BOOST_TEST(entry.phone == "+77020000000");
  BOOST_TEST(entry.since == roll.entries[0].since);
  BOOST_TEST(*entry.entered_at == roll.entries[0].proof_at);
  BOOST_TEST((read.entries[1].how == domain::How::person));
  BOOST_TEST(read.entries[1].login == "aida");
  BOOST_TEST(!read.entries[1].entered_at.has_value());
}

BOOST_AUTO_TEST_CASE(every_changed_byte_is_found) {
  const auto good = app::to_snapshot(a_roll(), a_vault());
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    if (bad == good) continue;
    BOOST_CHECK_EXCEPTION(app::read_snapshot(bad, a_vault(), "x"), Error, says(Errc::integrity, "the snapshot x"));
  }
}

BOOST_AUTO_TEST_CASE(every_cut_is_found_and_most_are_named) {
  const auto good = app::to_snapshot(a_roll(), a_vault());
  for (std::size_t size = 0; size < good.size(); ++size)
    BOOST_CHECK_EXCEPTION(app::read_snapshot(good.substr(0, size), a_vault(), "x"), Error,
                          says(Errc::integrity, size == 0 ? "is empty" : "was cut off"));
  BOOST_CHECK_EXCEPTION(app::read_snapshot(good + " ", a_vault(), "x"), Error, says(Errc::integrity, "was changed"));
}

BOOST_AUTO_TEST_CASE(another_key_and_other_files_are_refused) {
  BOOST_CHECK_EXCEPTION(app::read_snapshot(app::to_snapshot(a_roll(), a_vault('x')), a_vault(), "x"), Error,
                        says(Errc::integrity, "another master key"));
  for (const auto* text : {"{}", "visitor-muster 2 3 00\n{}\n", "visitor-muster 1 \n", "visitor-muster 1 2 zz\n{}",
                           "visitor-muster 1 99999999999999999999 00\n{}", "visitor-muster 1 -2 00\n"})
    BOOST_CHECK_EXCEPTION(app::read_snapshot(text, a_vault(), "x"), Error, says(Errc::integrity, "the snapshot x"));
}

BOOST_FIXTURE_TEST_CASE(a_file_is_written_for_its_owner_and_group_and_found_again, Installation) {
  const auto vault = Vault::open_or_create(settings.secrets.key_file);
  app::write_snapshot(settings, a_roll("2026-09-01T08:00:00Z"), vault);
  app::write_snapshot(settings, a_roll("2026-09-01T08:01:00Z"), vault);

  struct stat status {};
  BOOST_REQUIRE(stat(only_file().c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 07777) == 0640U);
  const auto newest = app::newest_snapshot(settings);
  BOOST_TEST(newest.roll.at == at("2026-09-01T08:01:00Z"));
  BOOST_TEST(newest.file == only_file());
  BOOST_TEST(newest.refused.empty());
}

BOOST_FIXTURE_TEST_CASE(of_several_machines_the_newest_good_one_counts_and_bad_ones_are_named, Installation) {
  const auto vault = Vault::open_or_create(settings.secrets.key_file);
  const auto folder = app::snapshot_folder(settings);
  make_directories(folder);
  write_file(folder / "a.snapshot", app::to_snapshot(a_roll("2026-09-01T08:00:00Z"), vault));
  write_file(folder / "b.snapshot", app::to_snapshot(a_roll("2026-09-01T08:05:00Z"), vault));
  write_file(folder / "c.snapshot", app::to_snapshot(a_roll("2026-09-01T09:00:00Z"), a_vault()));
  write_file(folder / "notes.txt", "not ours");

  const auto newest = app::newest_snapshot(settings);
  BOOST_TEST(newest.file.filename() == "b.snapshot");
  BOOST_TEST_REQUIRE(newest.refused.size() == 1U);
  BOOST_TEST(newest.refused[0].find("c.snapshot") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(what_is_missing_or_closed_is_said, Installation) {
  BOOST_CHECK_EXCEPTION(app::newest_snapshot(settings), Error, says(Errc::not_found, "there is no snapshot"));
  const auto vault = Vault::open_or_create(settings.secrets.key_file);
  app::write_snapshot(settings, a_roll(), vault);
  chmod(settings.secrets.key_file.c_str(), 0644);
  BOOST_CHECK_EXCEPTION(app::newest_snapshot(settings), Error, says(Errc::config, "is open to others"));
  std::filesystem::remove(settings.secrets.key_file);
  BOOST_CHECK_EXCEPTION(app::newest_snapshot(settings), Error, says(Errc::config, "master key"));
  write_file(settings.secrets.key_file, "not a key\n", 0600);
  BOOST_CHECK_EXCEPTION(app::newest_snapshot(settings), Error, says(Errc::config, "is not a master key"));
  std::filesystem::remove(settings.secrets.key_file);
  Vault::open_or_create(settings.secrets.key_file);
  BOOST_CHECK_EXCEPTION(app::newest_snapshot(settings), Error, says(Errc::integrity, "another master key"));
}

BOOST_AUTO_TEST_SUITE_END()
