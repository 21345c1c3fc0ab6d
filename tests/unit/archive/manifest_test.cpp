#include "archive/manifest.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "core/error.hpp"
#include "core/vault.hpp"
#include "support/has_code.hpp"
#include "support/temporary_folder.hpp"

using namespace visitor;
using namespace visitor::archive;
using test::has_code;

namespace {

SigningKey signing_key() {
  const auto bytes = random_bytes(32);
  return SigningKey{Secret{std::span{bytes}}};
}

Record known() {
  const Instant at{std::chrono::microseconds{1'795'402'700'000'001}};
  return {at,
          {{"20261122T030000Z-abcdef", "s3://bucket/house", at, "restore", at, 61, ""},
           {"20261121T030000Z-abcdef", "file:///srv", {}, "", {}, {}, "it is \"gone\""}},
          {{"vbk-1", "the safe", at}, {"vbk-2", "", {}}},
          ""};
}

void check_known(const Record& record) {
  const auto wanted = known();
  BOOST_TEST(record.at == wanted.at);
  BOOST_REQUIRE(record.copies.size() == 2U);
  BOOST_TEST(record.copies[0].target == "s3://bucket/house");
  BOOST_TEST((record.copies[0].verified_at == wanted.at && record.copies[0].restored_at == wanted.at));
  BOOST_TEST(record.copies[0].verified_level == "restore");
  BOOST_TEST(record.copies[0].restore_seconds.value() == 61);
  BOOST_TEST((!record.copies[1].verified_at && !record.copies[1].restored_at && !record.copies[1].restore_seconds));
  BOOST_TEST(record.copies[1].problem == wanted.copies[1].problem);
  BOOST_REQUIRE(record.keys.size() == 2U);
  BOOST_TEST(record.keys[0].name == "the safe");
  BOOST_TEST((record.keys[0].proven_at == wanted.at && !record.keys[1].proven_at));
}

Manifest sample() {
  Manifest manifest;
  manifest.id = "20261123T030000Z-k3m9qx";
  manifest.started = Instant{std::chrono::microseconds{1'795'402'800'123'456}};
  manifest.ended = manifest.started + std::chrono::seconds{42};
  manifest.host = "gate-1";
  manifest.note = "before the \"move\"\nto Astana";
  manifest.visitor = "0.1.0";
  manifest.schema = 12;
  manifest.server = 150020;
  manifest.database = "visitor";
  manifest.audit_head = 17;
  manifest.audit_hash = "0a1b";
  manifest.parts = {{"data", 1234, std::string(64, 'a'), 99'999}};
  manifest.recipients = {{"vbk-1", random_bytes(80), random_bytes(96)}};
  manifest.tables = {{"public.guest", 3, std::string(32, '0')}, {"public.visit", 5, std::string(32, 'f')}};
  manifest.known = known();
  return manifest;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(manifests)

BOOST_AUTO_TEST_CASE(what_was_written_is_read_again) {
  const auto key = signing_key();
  const auto before = sample();
  const auto after = read_manifest(write_manifest(before, key));
  BOOST_TEST(after.id == before.id);
  BOOST_TEST(after.started == before.started);
  BOOST_TEST(after.ended == before.ended);
  BOOST_TEST(after.note == before.note);
  BOOST_TEST(after.data().size == 1234U);
  BOOST_TEST(after.data().blake2b == before.data().blake2b);
  BOOST_TEST((after.recipients.front().data_key == before.recipients.front().data_key));
  BOOST_TEST((after.tables == before.tables));
  BOOST_TEST(after.rows() == 8);
  BOOST_TEST(after.audit_head == 17);
  BOOST_TEST(after.audit_hash == "0a1b");
  BOOST_TEST(after.audit_row == 0);
  BOOST_TEST(after.signer == key.public_text());
  check_known(after.known);
}

BOOST_AUTO_TEST_CASE(a_record_for_a_day_without_a_database_is_read_again_unless_it_was_changed) {
  const auto key = signing_key();
  const auto text = write_record(known(), key);
  const auto again = read_record(text);
  check_known(again);
  BOOST_TEST(again.signer == key.public_text());
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto wrong = text;
    wrong[at] = wrong[at] == '7' ? '8' : '7';
    BOOST_CHECK_EXCEPTION(read_record(wrong), Error, has_code(Errc::integrity));
  }
  BOOST_CHECK_EXCEPTION(read_record(write_manifest(sample(), key)), Error, has_code(Errc::integrity));
  auto long_one = known();
  long_one.copies.resize(1000, long_one.copies[0]);
  BOOST_TEST(read_record(write_record(long_one, key)).copies.size() == 200U);
}

BOOST_AUTO_TEST_CASE(every_flipped_byte_and_every_truncation_is_found) {
  const auto good = write_manifest(sample(), signing_key());
  for (std::size_t at = 0; at < good.size(); ++at) {
    auto bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    BOOST_CHECK_EXCEPTION(read_manifest(bad), Error, has_code(Errc::integrity));
    BOOST_CHECK_EXCEPTION(read_manifest(good.substr(0, at)), Error, has_code(Errc::integrity));
  }
}

BOOST_AUTO_TEST_CASE(ids_are_told_from_other_names_and_hold_their_time) {
  const auto now = Instant{std::chrono::microseconds{1'795'402'800'999'999}};
  const auto id = make_backup_id(now);
  BOOST_TEST(is_backup_id(id));
  BOOST_TEST((id != make_backup_id(now)));
  BOOST_TEST(*time_of_backup_id(id) == Instant{std::chrono::floor<std::chrono::seconds>(now)});
  for (const auto* wrong : {"", "20261123T030000Z", "20261323T030000Z-k3m9qx", "20261123T250000Z-k3m9qx",
                            "20261123T030000Z-K3M9QX", "20261123T030000Z-k3m9qx/", "../../../../../../etc/pa"})
    BOOST_TEST(!is_backup_id(wrong), wrong);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(keys)

BOOST_AUTO_TEST_CASE(only_the_private_half_opens_what_the_public_half_sealed) {
  const auto key = PrivateKey::make("safe");
  const auto sealed = PublicKey::parse(key.public_key().text()).seal(Secret{std::string_view{"data key"}});
  BOOST_TEST(key.open(sealed)->reveal() == "data key");
  BOOST_TEST(!PrivateKey::make("other").open(sealed));
  auto bad = sealed;
  bad[3] ^= std::byte{1};
  BOOST_TEST(!key.open(bad));
  BOOST_TEST(!key.open({}));
}

BOOST_AUTO_TEST_CASE(a_mistyped_key_is_refused) {
  const auto text = PrivateKey::make("safe").public_key().text();
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto wrong = text;
    wrong[at] = wrong[at] == '7' ? '8' : '7';
    BOOST_CHECK_EXCEPTION(PublicKey::parse(wrong), Error, has_code(Errc::usage));
  }
  BOOST_CHECK_EXCEPTION(PublicKey::parse(""), Error, has_code(Errc::usage));
  BOOST_TEST((PublicKey::parse(text + "\n") == PublicKey::parse(text)));
}

BOOST_AUTO_TEST_CASE(a_private_key_is_kept_in_a_file_that_is_never_overwritten_nor_read_when_open_to_others) {
  const test::TemporaryFolder folder;
  const auto file = folder.path / "safe.key";
  const auto key = PrivateKey::make("the safe");
  write_new_private_file(file, key.file_text(Instant{}));
  BOOST_CHECK_EXCEPTION(write_new_private_file(file, Secret{std::string_view{"x"}}), Error, has_code(Errc::conflict));
  const auto again = PrivateKey::read(file);
  BOOST_TEST(again.name() == "the safe");
  BOOST_TEST((again.public_key() == key.public_key()));
  BOOST_TEST(again.open(key.public_key().seal(Secret{std::string_view{"probe"}}))->reveal() == "probe");
  BOOST_REQUIRE(chmod(file.c_str(), 0640) == 0);
  BOOST_CHECK_EXCEPTION(PrivateKey::read(file), Error, has_code(Errc::denied));
  BOOST_CHECK_EXCEPTION(PrivateKey::read(folder.path / "none"), Error, has_code(Errc::usage));
  BOOST_CHECK_EXCEPTION(PrivateKey::parse("vbk-secret-00"), Error, has_code(Errc::usage));
}

BOOST_AUTO_TEST_CASE(a_signing_key_is_made_once_and_stays) {
  const test::TemporaryFolder folder;
  const auto file = folder.path / "backup-signing.key";
  const auto first = SigningKey::open_or_create(file);
  const auto second = SigningKey::open_or_create(file);
  BOOST_TEST(first.public_text() == second.public_text());
  BOOST_TEST(signature_holds(first.public_text(), "text", second.sign("text")));
  BOOST_TEST(!signature_holds(first.public_text(), "test", second.sign("text")));
  BOOST_TEST(!signature_holds("vbs-00", "text", "00"));
  auto loud = second.sign("text");
  for (auto& digit : loud)
    if (digit >= 'a') digit = static_cast<char>(digit - 'a' + 'A');
  BOOST_TEST(!signature_holds(first.public_text(), "text", loud));
  BOOST_REQUIRE(chmod(file.c_str(), 0644) == 0);
  BOOST_CHECK_EXCEPTION(SigningKey::open_or_create(file), Error, has_code(Errc::config));
}

BOOST_AUTO_TEST_SUITE_END()
