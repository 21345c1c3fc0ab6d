#include "config/remote.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "core/error.hpp"
#include "core/file.hpp"
#include "support/temporary_folder.hpp"

using namespace visitor;
using config::find_remote;
using config::parse_remote;

namespace {

const std::string kGood =
    "server = \"https://visitor.example.org\"\nkey_file = \"key\"\nca_file = \"/etc/visitor/authority.pem\"\n";

std::string problems(const std::string& text) {
  try {
    parse_remote(text, "/etc/visitor/remote.toml");
  } catch (const Error& error) {
    BOOST_TEST((error.code() == Errc::config));
    return error.message();
  }
  return "";
}

/// A folder that is where the configuration lies.
struct Folder : test::TemporaryFolder {
  Folder() { ::setenv("CONFIGURATION_DIRECTORY", path.c_str(), 1); }
  ~Folder() { ::unsetenv("CONFIGURATION_DIRECTORY"); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(remote)

BOOST_AUTO_TEST_CASE(a_server_a_key_and_an_authority_are_read) {
  const auto remote = parse_remote(kGood, "/home/anna/.config/visitor/remote.toml");
  BOOST_TEST(remote.server == "https://visitor.example.org");
  BOOST_TEST(remote.key_file == "/home/anna/.config/visitor/key");
  BOOST_TEST(remote.ca_file == "/etc/visitor/authority.pem");
  BOOST_TEST(parse_remote("server = \"https://x\"", "remote.toml").key_file.empty());
}

BOOST_AUTO_TEST_CASE(every_problem_is_told_with_its_line) {
  BOOST_TEST(problems("server = 7\nkeyfile = \"x\"\n") ==
             "/etc/visitor/remote.toml:2: keyfile: unknown key; did you mean 'key_file'?\n"
             "/etc/visitor/remote.toml:1: server: must be text in quotes");
  BOOST_TEST(problems("key_file = \"x\"") == "/etc/visitor/remote.toml: server: is missing");
  BOOST_TEST(problems("server = \"\"") == "/etc/visitor/remote.toml:1: server: must be text in quotes");
  BOOST_TEST((problems("server = ").find("/etc/visitor/remote.toml:1: not valid TOML") == 0U));
}

BOOST_FIXTURE_TEST_CASE(a_machine_with_a_house_of_its_own_works_with_that, Folder) {
  BOOST_TEST(!find_remote({}));
  write_file(path / "remote.toml", kGood);
  write_file(path / "key", "vak_x\n", 0600);
  BOOST_TEST_REQUIRE(find_remote({}).has_value());
  BOOST_TEST(find_remote({})->key_file == path / "key");
  BOOST_TEST(!find_remote(path / "other.toml"));
  write_file(path / "visitor.toml", "");
  BOOST_TEST(!find_remote({}));
}

BOOST_FIXTURE_TEST_CASE(a_key_that_others_may_read_is_refused, Folder) {
  write_file(path / "remote.toml", kGood);
  write_file(path / "key", "vak_x\n", 0600);
  for (const ::mode_t mode : {0640, 0604, 0666}) {
    BOOST_TEST_REQUIRE(::chmod((path / "key").c_str(), mode) == 0);
    BOOST_CHECK_EXCEPTION(find_remote({}), Error, [](const Error& error) {
      return error.code() == Errc::config && error.message().find("others may read") != std::string::npos;
    });
  }
  BOOST_TEST_REQUIRE(::chmod((path / "key").c_str(), 0400) == 0);
  BOOST_TEST(find_remote({}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
