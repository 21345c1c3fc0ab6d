#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <map>
#include <thread>

#include "app/metrics.hpp"
#include "app/work.hpp"
#include "daemon/loops/alert_loop.hpp"
#include "db/migrator.hpp"
#include "notify/exec_channel.hpp"
#include "notify/telegram_channel.hpp"
#include "store/alerts.hpp"
#include "support/database.hpp"
#include "support/house.hpp"
#include "support/telegram_fake/server.hpp"

using namespace visitor;
using namespace visitor::test;
using namespace std::chrono_literals;
using domain::Channel;
using domain::DeliveryState;

namespace {

constexpr std::chrono::seconds kPatience{120};

/// A house of its own with an outbox, a Bot API server that minds no pace, and a program that takes alerts. All threads
/// of the senders are at work here: four hands of Telegram, that of the program, the ear, and whoever ticks.
struct Senders {
  db::PoolOptions options = [] {
    auto options = TestDatabase::instance().pool().options();
    options.connection.conninfo = TestDatabase::instance().make_empty_database("senders");
    return options;
  }();
  db::Pool pool{options};
  config::Settings settings;
  SystemClock clock;
  Vault vault = test_vault();
  app::Actor actor;
  app::Registry registry;
  app::Metrics metrics{registry};
  std::atomic<bool> answers{true};
  std::string holder = "here:1:a";
  daemon::Context context{settings, pool, vault, actor, clock, metrics, answers, holder};
  telegram_fake::Server fake{{.any_chat = true, .now = {}}};
  int queued = 0;

  Senders() {
    db::Connection connection{options.connection};
    db::Migrator{connection, db::embedded_migrations()}.migrate();
    db::Transaction tx{pool};
    actor = app::ensure_actor(tx, "system", domain::ActionHow::automatic, clock.now());
    tx.commit();
  }

  std::unique_ptr<daemon::AlertLoop> loop() {
    std::vector<std::unique_ptr<notify::Channel>> channels;
    channels.push_back(std::make_unique<notify::TelegramChannel>(
        notify::TelegramApiOptions{.base_url = fake.url(), .token = Secret{fake.token()}}, clock));
    channels.push_back(
        std::make_unique<notify::ExecChannel>(std::vector<notify::Program>{{"siren", "/bin/true", {}, 30s}}));
    return std::make_unique<daemon::AlertLoop>(context, std::move(channels));
  }

  /// Alerts to as many chats, each of which the program is told, too.
  void queue(int count) {
    db::Transaction tx{pool};
    for (int i = 0; i < count; ++i) {
      domain::Alert alert;
      alert.kind = domain::AlertKind::test;
      alert.severity = domain::Severity::low;
      alert.summary = fmt::format("alert {}", ++queued);
      alert.created_at = clock.now();
      const std::vector<store::Address> to{{Channel::telegram, fmt::format("{}", 1000 + queued)},
                                           {Channel::exec, "siren"}};
      store::Alerts{tx, domain::Scope::everything()}.queue(alert, to);
    }
    tx.commit();
  }

  std::int64_t deliveries(DeliveryState state) {
    db::Transaction tx{pool};
    return tx.row("SELECT count(*) AS n FROM delivery WHERE state = $1", domain::name(state)).get<std::int64_t>("n");
  }
  bool all_sent() { return deliveries(DeliveryState::sent) == 2 * queued; }

  /// Ticks until then, as the daemon's thread does.
  template <class Done>
  bool tick_until(daemon::AlertLoop& loop, Done&& done) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (!done()) {
      if (std::chrono::steady_clock::now() > end) return false;
      loop.tick(clock.now(), {});
      std::this_thread::sleep_for(20ms);
    }
    return true;
  }

  /// Of each chat, how often it was told something.
  std::map<std::string, int> told() const {
    std::map<std::string, int> counts;
    for (const auto& call : fake.calls())
      if (call.code == 200) ++counts[call.chat];
    return counts;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(senders_of_alerts, Senders)

BOOST_AUTO_TEST_CASE(all_hands_at_once_tell_everybody_once_while_more_comes_in) {
  queue(20);
  const auto sending = loop();
  std::jthread more{[this] {
    for (int i = 0; i < 5; ++i) queue(4);
  }};
  BOOST_TEST_REQUIRE(tick_until(*sending, [&] { return deliveries(DeliveryState::sent) >= 20; }));
  more.join();
  // A message is marked before it is counted.
  BOOST_TEST_REQUIRE(tick_until(*sending, [&] { return all_sent() && metrics.alerts_sent.value() >= 80; }));
  const auto counts = told();
  BOOST_TEST(counts.size() == 40U);
  for (const auto& [chat, times] : counts) BOOST_TEST(times == 1, chat << " was told " << times << " times");
  BOOST_TEST(metrics.alerts_sent.value() == 80U);
  BOOST_TEST(metrics.alerts_failed.value() == 0U);
}

BOOST_AUTO_TEST_CASE(a_loop_that_ends_in_the_middle_leaves_the_rest_to_the_next_one) {
  for (int generation = 0; generation < 4; ++generation) {
    queue(10);
    holder = fmt::format("here:1:{}", generation);
    const auto sending = loop();
    const auto before = deliveries(DeliveryState::sent);
    BOOST_TEST_REQUIRE(tick_until(*sending, [&] { return deliveries(DeliveryState::sent) > before; }));
  }
  const auto last = loop();
  BOOST_TEST_REQUIRE(tick_until(*last, [&] { return all_sent(); }));
  BOOST_TEST(told().size() == 40U);
}

BOOST_AUTO_TEST_SUITE_END()
