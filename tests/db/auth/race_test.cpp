#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <barrier>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "core/child.hpp"
#include "core/file.hpp"
#include "desk.hpp"
#include "support/temporary_folder.hpp"

using namespace visitor;
using namespace std::chrono_literals;

namespace {

constexpr int kThreads = 64;
const Instant kNow = test::today_at("08:30");

/// A pgbouncer before the test database, on a socket in a folder. Each of its clients has a session of the server for
/// as long as it is connected, which is what prepared statements and advisory locks need.
class Bouncer {
 public:
  Bouncer() {
    const auto server = socket_directory();
    struct stat status {};
    BOOST_REQUIRE(::stat(server.c_str(), &status) == 0);
    write_file(folder_.path / "pgbouncer.ini",
               fmt::format("[databases]\nvisitor = host={} port={} dbname=visitor user=visitor\n"
                           "[pgbouncer]\nlisten_addr =\nlisten_port = 6432\nunix_socket_dir = {}\nauth_type = any\n"
                           "pool_mode = session\ndefault_pool_size = {}\nmax_client_conn = 200\n",
                           server, port(), folder_.path.string(), kThreads));
    ProcessOptions options;
    options.argv = {"pgbouncer", "-q", (folder_.path / "pgbouncer.ini").string()};
    options.environment = {"PATH=/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"};
    if (::geteuid() == 0) {  // whose processes it refuses to be
      options.run_as = RunAs{status.st_uid, status.st_gid, "postgres"};
      BOOST_REQUIRE(::chown(folder_.path.c_str(), status.st_uid, status.st_gid) == 0);
      BOOST_REQUIRE(::chmod((folder_.path / "pgbouncer.ini").c_str(), 0644) == 0);
    }
    program_.emplace(options);
  }

  db::PoolOptions pool_options() {
    db::PoolOptions options;
    options.size = kThreads;
    const auto text = fmt::format("host={} port=6432 user=visitor dbname=visitor", folder_.path.string());
    options.connection.conninfo = Secret{std::string_view{text}};
    return options;
  }

  /// Until it answers.
  void wait() {
    for (int tries = 0;; ++tries) {
      try {
        const db::Connection connection{pool_options().connection};
        return;
      } catch (const Error&) {
        if (tries == 600) throw;
        std::this_thread::sleep_for(50ms);
      }
    }
  }

 private:
  static std::string value_of(const std::string& name) {
    db::Transaction tx{test::TestDatabase::instance().pool()};
    return tx.row("SELECT current_setting($1) AS value", name).get<std::string>("value");
  }
  static std::string socket_directory() {
    auto quoted = value_of("unix_socket_directories");
    std::erase(quoted, '"');
    return quoted;
  }
  static std::string port() { return value_of("port"); }

  test::TemporaryFolder folder_;
  std::optional<Child> program_;
};

struct Race : test::AtDesk {
  /// How many of the threads that show the same code at the same moment get through, for each of \p rounds codes.
  std::vector<int> winners(db::Pool& many, int rounds) {
    const auto login = given_account();
    const auto account = id_of(login);
    const auto authenticator = given_authenticator(login, kNow);
    std::vector<std::atomic<int>> good(static_cast<std::size_t>(rounds));
    std::atomic<int> failures{0};
    std::barrier start{kThreads};
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i)
      threads.emplace_back([&] {
        for (int round = 0; round < rounds; ++round) {
          const auto now = kNow + (round + 1) * auth::kTotpPeriod;
          const auto code = authenticator.code(now);
          start.arrive_and_wait();
          try {
            db::Transaction tx{many};
            const bool mine = auth::TotpDevices{tx, vault}.spend(account, code.reveal(), now);
            tx.commit();
            if (mine) ++good[static_cast<std::size_t>(round)];
          } catch (const std::exception&) {
            ++failures;
          }
        }
      });
    threads.clear();
    BOOST_TEST(failures == 0);
    return {good.begin(), good.end()};
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(race, Race)

BOOST_AUTO_TEST_CASE(of_64_who_show_one_code_at_once_exactly_one_gets_through_a_hundred_times) {
  auto options = pool.options();
  options.size = kThreads;
  options.wait_deadline = 2min;
  db::Pool many{options};
  BOOST_TEST(winners(many, 100) == std::vector<int>(100, 1), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(through_pgbouncer_too) {
  Bouncer bouncer;
  bouncer.wait();
  auto options = bouncer.pool_options();
  options.wait_deadline = 2min;
  options.connection.connect_deadline = 60s;
  db::Pool many{options};
  BOOST_TEST(winners(many, 20) == std::vector<int>(20, 1), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(of_64_log_ins_with_one_code_exactly_one_gets_in) {
  auto options = pool.options();
  options.size = kThreads;
  options.wait_deadline = 2min;
  db::Pool many{options};
  const app::LogInDesk busy{many, vault, settings, [](const auto&, const Secret&) { return true; }};
  const auto login = given_account();
  const auto authenticator = given_authenticator(login, kNow - 1h);
  const auto code = authenticator.code(kNow);
  std::vector<std::string> addresses;
  for (int i = 0; i < kThreads; ++i) addresses.push_back(given_address());
  std::atomic<int> good{0};
  std::atomic<int> failures{0};
  {
    std::barrier start{kThreads};
    std::vector<std::jthread> threads;
    for (const auto& address : addresses)
      threads.emplace_back([&] {
        start.arrive_and_wait();
        try {
          const auto result = app::log_in(busy, {login, test::secret("right"), code, {}, address, ""}, kNow);
          if (result.verdict == app::LogInVerdict::welcome) ++good;
        } catch (const std::exception&) {
          ++failures;
        }
      });
  }
  BOOST_TEST(good == 1);
  BOOST_TEST(failures == 0);
}

BOOST_AUTO_TEST_SUITE_END()
