#include "app/channels.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "config/load.hpp"
#include "core/file.hpp"
#include "support/mail_server.hpp"
#include "support/raw_server.hpp"
#include "support/temporary_folder.hpp"

using namespace visitor;
using namespace std::chrono_literals;

namespace {

struct Configured : test::TemporaryFolder {
  config::Settings settings(const std::string& text) const {
    write_file(path / "visitor.toml", text);
    return config::load(path / "visitor.toml");
  }
};

std::vector<std::string> names(const std::vector<std::unique_ptr<notify::Channel>>& channels) {
  std::vector<std::string> out;
  for (const auto& channel : channels) out.emplace_back(domain::name(channel->name()));
  return out;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(channels, Configured)

BOOST_AUTO_TEST_CASE(without_settings_there_is_the_log_alone) {
  const SystemClock clock;
  BOOST_TEST(names(app::make_channels({}, clock)) == std::vector<std::string>{"log"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_the_file_says_is_what_the_channels_do) {
  test::MailServer mail;
  std::string signature;
  const test::RawServer web{[&](test::RawPeer& peer) {
    signature = peer.read_head();
    peer.send("HTTP/1.1 204 No Content\r\n\r\n");
  }};
  write_file(path / "hook.secret", "geheim\n", 0600);
  write_file(path / "siren", "#!/bin/sh\nprintf %s \"$1\" >'" + (path / "heard").string() + "'\n", 0755);
  const auto settings = this->settings("[email]\nserver = \"127.0.0.1\"\nport = " + std::to_string(mail.port()) +
                                       "\ntls = \"none\"\nfrom = \"visitor@example.org\"\nfrom_name = \"Пост\"\n"
                                       "[[webhook]]\nname = \"ops\"\nurl = \"http://127.0.0.1:" +
                                       std::to_string(web.port()) +
                                       "/\"\nsecret_file = \"hook.secret\"\nallow = [\"127.0.0.1\"]\n"
                                       "[[exec]]\nname = \"siren\"\nprogram = \"" +
                                       (path / "siren").string() + "\"\narguments = [\"loud\"]\n");
  const SystemClock clock;
  const auto channels = app::make_channels(settings, clock);
  BOOST_TEST(names(channels) == (std::vector<std::string>{"log", "email", "webhook", "exec"}),
             boost::test_tools::per_element());
  const auto recipients = std::vector<std::string>{"", "anna@example.org", "ops", "siren"};
  for (std::size_t i = 0; i < channels.size(); ++i) {
    notify::Message message;
    message.recipient = recipients[i];
    message.subject = "Test";
    BOOST_TEST_CONTEXT(names(channels)[i])
    BOOST_TEST(std::holds_alternative<notify::Delivered>(channels[i]->send(message, {})));
  }
  const auto taken = mail.next();
  BOOST_REQUIRE(taken.has_value());
  BOOST_TEST(taken->headers.at("From") == "Пост <visitor@example.org>");
  BOOST_TEST(taken->headers.at("List-Id") == "Visitor alerts <visitor-alerts.example.org>");
  BOOST_TEST(signature.find("Visitor-Signature: sha256=") != std::string::npos);
  std::ifstream heard{path / "heard"};
  std::string word;
  heard >> word;
  BOOST_TEST(word == "loud");
}

BOOST_AUTO_TEST_SUITE_END()
