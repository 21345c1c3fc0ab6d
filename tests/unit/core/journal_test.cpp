#include "core/journal.hpp"

#include <spdlog/logger.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <filesystem>
#include <memory>

namespace visitor::log {
namespace {

/// A journal that keeps what it gets.
struct FakeJournal {
  std::filesystem::path folder;
  std::filesystem::path path;
  Fd fd{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};

  FakeJournal() {
    std::string pattern = "/tmp/visitor-journal-XXXXXX";
    BOOST_REQUIRE(mkdtemp(pattern.data()) != nullptr);
    folder = pattern;
    path = folder / "socket";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    BOOST_REQUIRE(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  ~FakeJournal() { std::filesystem::remove_all(folder); }

  std::string next() const {
    std::string datagram(256 * 1024, '\0');
    const auto got = ::recv(fd.get(), datagram.data(), datagram.size(), MSG_DONTWAIT);
    datagram.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return datagram;
  }
};

spdlog::logger logger_into(const std::filesystem::path& socket) {
  return {"test", std::make_shared<JournalSink>("visitord", socket)};
}

BOOST_AUTO_TEST_SUITE(journal)

BOOST_FIXTURE_TEST_CASE(a_message_arrives_with_its_priority_and_line_ends, FakeJournal) {
  auto logger = logger_into(path);
  logger.warn("one\ntwo");
  const auto datagram = next();
  BOOST_TEST(datagram.find(std::string{"MESSAGE\n\x07\0\0\0\0\0\0\0one\ntwo\n", 24}) == 0U);
  BOOST_TEST(datagram.find("\nPRIORITY=4\n") != std::string::npos);
  BOOST_TEST(datagram.find(std::string{"SYSLOG_IDENTIFIER\n\x08\0\0\0\0\0\0\0visitord\n", 35}) != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_message_that_is_too_long_is_cut_rather_than_lost, FakeJournal) {
  auto logger = logger_into(path);
  logger.error("{}", std::string(1 << 20, 'x'));
  const auto datagram = next();
  BOOST_TEST(datagram.size() > 10'000U);
  BOOST_TEST(datagram.find("\nPRIORITY=3\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_a_journal_logging_goes_on) {
  auto logger = logger_into("/nonexistent/visitor/socket");
  BOOST_CHECK_NO_THROW(logger.info("to standard error"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace visitor::log
