#include "core/vault.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/text.hpp"
#include "support/temporary_folder.hpp"

using namespace visitor;

namespace {

auto config_error(std::string_view part) {
  return [part](const Error& error) {
    return error.code() == Errc::config && error.message().find(part) != std::string::npos;
  };
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_new_key_is_made_once_and_only_its_owner_may_read_it, test::TemporaryFolder) {
  const auto file = path / "master.key";
  const auto first = Vault::open_or_create(file).fingerprint();
  const auto second = Vault::open_or_create(file).fingerprint();

  struct stat status {};
  BOOST_REQUIRE(stat(file.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 07777) == 0600U);
  BOOST_TEST(to_hex(first) == to_hex(second));
}

BOOST_FIXTURE_TEST_CASE(what_is_sealed_opens_with_the_same_key_and_label_only, test::TemporaryFolder) {
  const auto vault = Vault::open_or_create(path / "a.key");
  const auto other = Vault::open_or_create(path / "b.key");
  const auto sealed = vault.seal("terminal.password", Secret{"s3cret"});

  BOOST_TEST(vault.unseal("terminal.password", sealed).reveal() == "s3cret");
  BOOST_CHECK_EXCEPTION(vault.unseal("guest.document", sealed), Error, config_error("does not open"));
  BOOST_CHECK_EXCEPTION(other.unseal("terminal.password", sealed), Error, config_error("does not open"));
  auto broken = sealed;
  broken.back() ^= std::byte{1};
  BOOST_CHECK_EXCEPTION(vault.unseal("terminal.password", broken), Error, config_error("does not open"));
  BOOST_CHECK_EXCEPTION(vault.unseal("terminal.password", {}), Error, config_error("does not open"));
}

BOOST_FIXTURE_TEST_CASE(sealing_twice_gives_different_bytes_and_hashing_twice_the_same, test::TemporaryFolder) {
  const auto vault = Vault::open_or_create(path / "a.key");
  BOOST_TEST(to_hex(vault.seal("x", Secret{"1"})) != to_hex(vault.seal("x", Secret{"1"})));
  BOOST_TEST(to_hex(vault.lookup_hash("document", "900101300123")) ==
             to_hex(vault.lookup_hash("document", "900101300123")));
  BOOST_TEST(to_hex(vault.lookup_hash("document", "900101300123")) !=
             to_hex(vault.lookup_hash("document", "900101300124")));
}

BOOST_FIXTURE_TEST_CASE(a_missing_an_open_and_a_broken_key_each_say_what_is_wrong, test::TemporaryFolder) {
  const auto file = path / "master.key";
  BOOST_CHECK_EXCEPTION(Vault::open(file), Error, config_error("does not exist"));

  write_file(file, "not a key\n", 0600);
  BOOST_CHECK_EXCEPTION(Vault::open(file), Error, config_error("is not a master key"));

  write_file(file, std::string(64, 'a') + "\n", 0644);
  BOOST_CHECK_EXCEPTION(Vault::open(file), Error, config_error("open to others"));
}

BOOST_AUTO_TEST_CASE(a_secret_prints_as_stars) {
  BOOST_TEST(fmt::format("{}", Secret{"hunter2"}) == "***");
}
