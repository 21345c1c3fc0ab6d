#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "app/alert_routing.hpp"
#include "app/alerts.hpp"
#include "app/dispatch.hpp"
#include "app/ledger.hpp"
#include "app/messages.hpp"
#include "db/migrator.hpp"
#include "notify/telegram_channel.hpp"
#include "store/incidents.hpp"
#include "support/database.hpp"
#include "support/manual_clock.hpp"
#include "support/telegram_fake/server.hpp"

using namespace visitor;
using namespace visitor::test;
using namespace std::chrono_literals;

namespace {

constexpr int kBatches = 20;
constexpr int kAtOnce = 500;

/// Three who are told of everything, in a database of their own. A strict Bot API server on the same clock counts what
/// each of them gets.
struct Burst {
  db::PoolOptions options = [] {
    auto options = TestDatabase::instance().pool().options();
    options.connection.conninfo = TestDatabase::instance().make_empty_database("burst");
    return options;
  }();
  db::Pool pool{options};
  config::Settings settings;
  ManualClock clock{at("2026-09-01T08:00:00Z")};
  app::Actor actor;
  telegram_fake::Server fake{{.now = [this] { return clock.now(); }}};
  notify::TelegramChannel channel{{.base_url = fake.url(), .token = Secret{fake.token()}}, clock, 0ms};
  app::Dispatch dispatch{pool, settings, actor, clock};
  std::string holder = "here:1:a";
  app::ChannelSender sender{dispatch, channel, app::compose, holder, 1};
  std::vector<std::string> chats{"42", "43", "-100"};

  Burst() {
    db::Connection connection{options.connection};
    db::Migrator{connection, db::embedded_migrations()}.migrate();
    settings.routes.resize(1);
    settings.routes[0].name = "all";
    for (const auto& chat : chats) {
      auto& recipient = settings.recipients.emplace_back();
      recipient.name = "r" + chat;
      recipient.telegram = chat;
      settings.routes[0].to.push_back(recipient.name);
      fake.with([&](telegram_fake::State& state) { state.add_chat(std::stoll(chat)); });
    }
    with([&](const app::Work& work) {
      actor = app::ensure_actor(work.tx, "system", domain::ActionHow::automatic, work.now);
    });
  }

  template <class Use>
  void with(Use&& use) {
    db::Transaction tx{pool};
    use(app::Work{tx, actor, clock.now(), settings, domain::Scope::everything()});
    tx.commit();
  }

  void open_incidents(int count) {
    with([&](const app::Work& work) {
      std::vector<store::Sighting> sightings;
      for (int i = 0; i < count; ++i) {
        auto& finding = sightings.emplace_back().finding;
        finding.type = domain::IncidentType::tamper;
        finding.severity = domain::Severity::critical;
        finding.subject = fmt::format("test:{}", ++opened);
        finding.summary = "a cover was opened";
        finding.occurred_at = work.now;
      }
      for (const auto& one : store::Incidents{work.tx, domain::Scope::everything()}.open_or_touch(sightings, work.now))
        app::queue_alert(work, one.incident);
    });
  }

  void route() {
    int routed = kAtOnce;
    while (routed == kAtOnce) with([&](const app::Work& work) { routed = app::route_alerts(work, kAtOnce); });
    sender.look_again();
  }

  /// Sends whatever may go until then, one message at a time.
  void send_until(Instant end) {
    while (clock.now() < end) {
      BOOST_REQUIRE(app::hold_channel(dispatch, channel.name(), holder));
      const auto step = sender.step();
      if (step.next > clock.now()) clock.set(std::min(step.next, end));
    }
  }

  std::map<std::string, int> accepted() const {
    std::map<std::string, int> counts;
    for (const auto& call : fake.calls()) {
      BOOST_TEST(call.code == 200);
      ++counts[call.chat];
    }
    return counts;
  }

  std::int64_t number(const std::string& sql) {
    std::int64_t number = 0;
    with([&](const app::Work& work) { number = work.tx.row(sql).get<std::int64_t>("count"); });
    return number;
  }

  int opened = 0;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(burst_of_incidents, Burst)

BOOST_AUTO_TEST_CASE(ten_thousand_are_twenty_messages_a_chat_in_the_first_minute_and_each_is_named_in_the_ledger) {
  const auto begin = clock.now();
  for (int batch = 1; batch <= kBatches; ++batch) {
    open_incidents(kAtOnce);
    route();
    send_until(begin + batch * 3s);
  }
  BOOST_TEST(opened == 10'000);
  auto counts = accepted();
  for (const auto& chat : chats) BOOST_TEST((counts[chat] > 10 && counts[chat] <= 20));

  route();
  send_until(begin + 10min);
  counts = accepted();
  for (const auto& chat : chats) BOOST_TEST(counts[chat] <= 30);

  BOOST_TEST(number("SELECT count(*) FROM incident") == 10'000);
  // Who was told: by a message of its own, or by the one that is named for it and has arrived.
  BOOST_TEST(number(R"sql(
      SELECT count(*)
        FROM incident i
        JOIN alert a ON a.incident_id = i.id AND a.kind = 'incident_opened'
        JOIN delivery d ON d.alert_id = a.id AND d.channel = 'telegram'
        LEFT JOIN delivery t ON t.alert_id = d.told_by AND t.channel = d.channel AND t.recipient = d.recipient
       WHERE d.state = 'sent' OR d.state = 'withheld' AND t.state = 'sent')sql") == 30'000);
  BOOST_TEST(number("SELECT count(*) FROM delivery WHERE state NOT IN ('sent', 'withheld')") == 0);
  BOOST_TEST(number("SELECT count(*) FROM delivery WHERE state = 'withheld' AND told_by IS NULL") == 0);
  with([&](const app::Work& work) { BOOST_TEST(app::lost_alerts(work, 0s, 10).empty()); });
}

BOOST_AUTO_TEST_SUITE_END()
