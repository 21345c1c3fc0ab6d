#include "db/listener.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>

#include "support/database.hpp"
#include "support/has_code.hpp"

using namespace visitor;
using namespace std::chrono_literals;

namespace {

struct Channels : test::Database {
  db::Listener listener{pool.options().connection, {"visitor_change", "Odd \"name\""}};

  void notify(const std::string& channel, const std::string& payload) {
    db::Transaction tx{pool};
    tx.exec("SELECT pg_notify($1, $2)", channel, payload);
    tx.commit();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(listeners, Channels)

BOOST_AUTO_TEST_CASE(the_first_wait_connects_and_says_so) {
  const auto heard = listener.wait(5s);
  BOOST_TEST(heard.reconnected);
  BOOST_TEST(heard.connected);
  BOOST_TEST(heard.notifications.empty());
  BOOST_TEST(!listener.wait(10ms).reconnected);
}

BOOST_AUTO_TEST_CASE(notifications_come_in_the_order_of_commit_from_every_channel) {
  listener.wait(5s);
  notify("visitor_change", "1");
  notify("Odd \"name\"", "");
  notify("somebody_else", "x");
  notify("visitor_change", "2");

  std::vector<db::Notification> all;
  while (all.size() < 3) {
    auto heard = listener.wait(5s);
    BOOST_REQUIRE(!heard.notifications.empty());
    for (auto& one : heard.notifications) all.push_back(std::move(one));
  }
  BOOST_TEST(all.size() == 3U);
  BOOST_TEST(all[0].payload == "1");
  BOOST_TEST(all[1].channel == "Odd \"name\"");
  BOOST_TEST(all[1].payload == "");
  BOOST_TEST(all[2].payload == "2");
}

BOOST_AUTO_TEST_CASE(a_notification_wakes_the_one_who_waits) {
  listener.wait(5s);
  std::thread other{[this] {
    std::this_thread::sleep_for(100ms);
    notify("visitor_change", "now");
  }};
  const auto start = std::chrono::steady_clock::now();
  const auto heard = listener.wait(30s);
  other.join();
  BOOST_TEST(heard.notifications.size() == 1U);
  BOOST_TEST((std::chrono::steady_clock::now() - start < 10s));
}

BOOST_AUTO_TEST_CASE(a_stop_ends_the_wait) {
  listener.wait(5s);
  std::stop_source source;
  std::thread other{[&source] {
    std::this_thread::sleep_for(50ms);
    source.request_stop();
  }};
  const auto start = std::chrono::steady_clock::now();
  listener.wait(30s, source.get_token());
  other.join();
  BOOST_TEST((std::chrono::steady_clock::now() - start < 10s));
}

BOOST_AUTO_TEST_CASE(after_a_lost_connection_it_listens_again_and_says_so) {
  listener.wait(5s);
  {
    db::Transaction tx{pool};
    tx.exec("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'");
  }
  bool reconnected = false;
  for (int i = 0; i < 10 && !reconnected; ++i) reconnected = listener.wait(2s).reconnected;
  BOOST_TEST(reconnected);
  notify("visitor_change", "again");
  BOOST_TEST(listener.wait(5s).notifications.size() == 1U);
}

BOOST_AUTO_TEST_CASE(while_the_server_is_away_it_says_why_and_does_not_throw) {
  auto options = pool.options().connection;
  options.conninfo = Secret{std::string_view{"host=/nonexistent user=u dbname=d"}};
  db::Listener deaf{options, {"visitor_change"}};
  const auto heard = deaf.wait(300ms);
  BOOST_TEST(!heard.connected);
  BOOST_TEST(!heard.reconnected);
  BOOST_TEST(heard.problem.find("cannot connect") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
