#include <sys/stat.h>
#include <boost/test/unit_test.hpp>
#include <string>

#include "config/options.hpp"
#include "config/values.hpp"
#include "config_folder.hpp"
#include "core/file.hpp"
#include "core/mail_address.hpp"

using namespace visitor;
using namespace std::chrono_literals;

namespace {

const std::string kTwo =
    "[[webhook]]\nname = \"ops\"\nurl = \"https://ops.example.org/\"\n"
    "[[webhook]]\nname = \"wall\"\nurl = \"http://wall.example.org/\"\ntimeout = \"2s\"\nallow = [\"10.0.0.0/8\"]\n";

const config::Shown& shown(const std::vector<config::Shown>& all, const std::string& key) {
  return *std::ranges::find(all, key, &config::Shown::key);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(config_lists, test::ConfigFolder)

BOOST_AUTO_TEST_CASE(every_entry_of_a_list_is_read_in_the_order_of_the_file) {
  const auto reading =
      read(kTwo + "[[exec]]\nname = \"siren\"\nprogram = \"/bin/true\"\narguments = [\"-a\", \"-a\"]\n");
  BOOST_TEST(reading.problems.empty());
  const auto& s = reading.settings;
  BOOST_REQUIRE_EQUAL(s.webhooks.size(), 2U);
  BOOST_TEST(s.webhooks[0].name == "ops");
  BOOST_TEST(s.webhooks[0].url == "https://ops.example.org/");
  BOOST_TEST((s.webhooks[0].timeout == 10s));
  BOOST_TEST(s.webhooks[1].name == "wall");
  BOOST_TEST((s.webhooks[1].timeout == 2s));
  BOOST_TEST(s.webhooks[1].allow == std::vector<std::string>{"10.0.0.0/8"}, boost::test_tools::per_element());
  BOOST_REQUIRE_EQUAL(s.programs.size(), 1U);
  BOOST_TEST(s.programs[0].path == "/bin/true");
  // Arguments may be equal, unlike words of a choice.
  BOOST_TEST(s.programs[0].arguments.size() == 2U);
}

BOOST_AUTO_TEST_CASE(defaults_of_an_entry_are_those_of_the_table_of_options) {
  for (const auto& list : config::lists()) {
    config::Settings settings;
    list.resize(settings, 1);
    for (const auto& option : list.options) {
      if (option.required) continue;  // has none
      BOOST_TEST_CONTEXT(option.key) {
        const auto text = config::value_text(option, settings);
        if (option.kind == config::Kind::span && !option.fallback.empty())
          BOOST_TEST((config::parse_duration(text) == config::parse_duration(option.fallback)));
        else
          BOOST_TEST(text == option.fallback);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(problems_of_entries_name_the_entry_and_the_line) {
  const auto all = problems(
      "[[webhook]]\n"
      "name = \"ops\"\n"
      "ulr = \"https://ops.example.org/\"\n"
      "timeout = \"1ms\"\n"
      "[[webhook]]\n"
      "url = \"ftp://wall.example.org/\"\n"
      "[[webhook]]\n"
      "name = \"ops\"\n"
      "url = \"https://user:geheim@ops.example.org/\"\n"
      "allow = [\"10.0.0.0/33\"]\n"
      "[[webhook]]\n"
      "name = \"a b\"\n"
      "url = 1\n");
  const std::vector<std::string> expected{
      "1: webhook.ops.url: each [[webhook]] must have one",
      "3: webhook.ops.ulr: unknown option; did you mean url?",
      "4: webhook.ops.timeout: must be from 100ms to 50s, not 1ms",
      "5: webhook.name: each [[webhook]] must have one",
      "6: webhook.url: must be a web address such as \"https://example.org/hook\", not \"ftp://wall.example.org/\"",
      "7: webhook.ops: the [[webhook]] of line 1 has this name, too",
      "9: webhook.ops.url: must not hold a name or a password",
      "10: webhook.ops.allow: must be an address or a network such as \"10.0.0.0/8\", not \"10.0.0.0/33\"",
      "12: webhook.name: must be 1 to 64 letters, digits, \"-\" and \"_\", not \"a b\"",
      "13: webhook.url: must be text in quotes, not a number",
  };
  BOOST_TEST(all == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(list_that_is_written_as_something_else_says_how) {
  BOOST_TEST(problem("[webhook]\nname = \"ops\"\n") == "1: webhook: must be written as [[webhook]], once for each");
  BOOST_TEST(problem("webhook = [1]\n") == "1: webhook: must be written as [[webhook]], once for each");
  BOOST_TEST(problem("[[webhok]]\nname = \"ops\"\n") == "1: webhok: unknown table; did you mean [[webhook]]?");
  BOOST_TEST(problem("[[http]]\nport = 1\n") == "1: http: must be a table: write [http] and its options below it");
  BOOST_TEST(problem("[[exec]]\nname = \"a\"\nprogram = \"siren\"\n") ==
             "3: exec.a.program: must begin with a slash, not \"siren\"");
  BOOST_TEST(problem("[[exec]]\nname = \"a\"\nprogram = \"/siren\"\narguments = \"-x\"\n") ==
             "4: exec.a.arguments: must be a list of texts in quotes such as [\"--floor=2\"], not text");
  BOOST_TEST(problem("[[exec]]\nname = \"a\"\nprogram = \"/siren\"\narguments = [\"a\\u0000b\"]\n") ==
             "4: exec.a.arguments: must not hold a NUL character");
}

BOOST_AUTO_TEST_CASE(secret_of_an_entry_comes_from_a_file_that_only_its_owner_may_read) {
  const std::string text =
      "[[webhook]]\nname = \"ops\"\nurl = \"https://ops.example.org/\"\nsecret_file = \"hook.secret\"\n";
  write_file(path / "hook.secret", "geheim\n", 0600);
  const auto reading = read(text);
  BOOST_TEST(reading.problems.empty());
  BOOST_TEST(reading.settings.webhooks[0].secret.content.reveal() == "geheim");
  BOOST_TEST(reading.settings.webhooks[0].secret.path == path / "hook.secret");
  for (const auto& row : config::show(reading.settings)) BOOST_TEST(row.value.find("geheim") == std::string::npos);

  chmod((path / "hook.secret").c_str(), 0644);
  BOOST_TEST(problem(text).starts_with("4: webhook.ops.secret_file: " + (path / "hook.secret").string() +
                                       " is open to others (mode 0644)"));
}

BOOST_AUTO_TEST_CASE(show_has_every_entry_with_its_name) {
  const auto all = config::show(read(kTwo).settings);
  BOOST_TEST(shown(all, "webhook.wall.url").value == "\"http://wall.example.org/\"");
  BOOST_TEST(shown(all, "webhook.wall.timeout").origin == "file");
  BOOST_TEST(shown(all, "webhook.ops.timeout").value == "\"10s\"");
  BOOST_TEST(shown(all, "webhook.ops.timeout").origin == "default");
  BOOST_TEST(shown(all, "webhook.wall.allow").value == "[\"10.0.0.0/8\"]");
}

BOOST_AUTO_TEST_CASE(reload_names_the_entries_that_came_went_and_changed) {
  const auto before = read(kTwo).settings;
  const auto changed = [&](const std::string& text) { return config::reload(before, read(text).settings).changed; };
  const auto is = [&](const std::string& text, const std::vector<std::string>& keys) {
    BOOST_TEST(changed(text) == keys, boost::test_tools::per_element());
  };
  is(kTwo, {});
  is("[[webhook]]\nname = \"wall\"\nurl = \"http://wall.example.org/\"\ntimeout = \"3s\"\nallow = [\"10.0.0.0/8\"]\n"
     "[[webhook]]\nname = \"new\"\nurl = \"https://new.example.org/\"\n",
     {"webhook.wall.timeout", "webhook.new", "webhook.ops"});
  is("[[webhook]]\nname = \"wall\"\nurl = \"http://wall.example.org/\"\ntimeout = \"2s\"\nallow = [\"10.0.0.0/8\"]\n"
     "[[webhook]]\nname = \"ops\"\nurl = \"https://ops.example.org/\"\n",
     {"webhook"});
}

BOOST_AUTO_TEST_CASE(reload_brings_in_a_secret_that_changed_in_the_same_file) {
  const std::string text =
      "[[webhook]]\nname = \"ops\"\nurl = \"https://ops.example.org/\"\nsecret_file = \"hook.secret\"\n";
  write_file(path / "hook.secret", "first\n", 0600);
  const auto before = read(text).settings;
  write_file(path / "hook.secret", "second\n", 0600);
  const auto reload = config::reload(before, read(text).settings);
  BOOST_TEST(reload.changed == std::vector<std::string>{"webhook.ops.secret_file"}, boost::test_tools::per_element());
  BOOST_TEST(reload.settings.webhooks[0].secret.content.reveal() == "second");
}

BOOST_AUTO_TEST_CASE(email_needs_what_belongs_together) {
  write_file(path / "pw", "geheim\n", 0600);
  BOOST_TEST(problem("[email]\nserver = \"smtp.example.org\"\n") == "2: email.server: needs email.from beside it");
  BOOST_TEST(problem("[email]\nuser = \"v\"\n") == "2: email.user: needs email.password_file beside it");
  BOOST_TEST(problem("[email]\npassword_file = \"pw\"\n") == "2: email.password_file: needs email.user beside it");
  BOOST_TEST(problem("[email]\nuser = \"v\"\npassword_file = \"pw\"\ntls = \"none\"\n") ==
             "4: email.tls: must not be none beside email.user: the password would be readable on its way");
  BOOST_TEST(problem("[email]\nfrom = \"v@example.org\\r\\nBcc: x@example.org\"\n")
                 .starts_with("2: email.from: must be an address such as \"visitor@example.org\", not "));
  BOOST_TEST(
      problem("[email]\nserver = \"smtp.example.org/x\"\n").starts_with("2: email.server: must be the name of a host"));
}

BOOST_AUTO_TEST_CASE(mail_addresses_are_those_that_can_stand_in_a_command_as_they_are) {
  const std::string local(64, 'a');
  for (const auto* good :
       {"a@b", "anna.petrova+gate@mail.example.org", "o'neil@example.org", "x@xn--e1afmkfd.xn--p1ai"})
    BOOST_TEST(is_mail_address(good), good);
  BOOST_TEST(is_mail_address(local + "@example.org"));
  BOOST_TEST(!is_mail_address(local + "a@example.org"));
  BOOST_TEST(!is_mail_address("a@" + std::string(64, 'b') + ".org"));
  for (const auto* bad : {"",
                          "@",
                          "a",
                          "a@",
                          "@b",
                          "a@b@c",
                          "a b@c",
                          "a@b c",
                          "a@b\r\nRCPT TO:<x@y>",
                          "<a@b>",
                          "a@b>",
                          ".a@b",
                          "a.@b",
                          "a..c@b",
                          "a@.b",
                          "a@b.",
                          "a@-b",
                          "a@b_c",
                          "\"a b\"@c",
                          "a@[127.0.0.1]",
                          "анна@example.org",
                          "a@пример.рф",
                          "a,b@c",
                          "a@b,c@d",
                          "a@b\n"})
    BOOST_TEST(!is_mail_address(bad), bad);
  BOOST_TEST(!is_mail_address(std::string{"a\0@b", 4}));
}

BOOST_AUTO_TEST_SUITE_END()
