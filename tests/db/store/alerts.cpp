#include "store/alerts.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "db/error.hpp"
#include "support/database.hpp"
#include "support/has_code.hpp"
#include "support/house.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::DeliveryState;

namespace {

domain::Alert alert(Instant at) {
  domain::Alert alert;
  alert.severity = domain::Severity::high;
  alert.summary = "left without having come";
  alert.created_at = at;
  return alert;
}

const std::vector<store::Address> kLog{{domain::Channel::log, "a"}};

struct AlertsFixture : RolledBack {
  store::Alerts alerts{tx};

  std::vector<store::DueDelivery> due(std::string_view clock) {
    auto all = alerts.claim_due(today_at(clock), 1'000'000);
    return all;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(alerts_store, AlertsFixture)

BOOST_AUTO_TEST_CASE(an_alert_is_due_at_once_on_each_address_once) {
  const std::vector<store::Address> addresses{
      {domain::Channel::log, "a"}, {domain::Channel::log, "b"}, {domain::Channel::log, "a"}};
  const auto id = alerts.queue(alert(today_at("08:00")), addresses);

  BOOST_TEST(due("07:59").empty());
  const auto found = due("08:00");
  BOOST_REQUIRE(found.size() == 2);
  BOOST_TEST(found[0].alert.id.value == id.value);
  BOOST_TEST(found[0].alert.summary == "left without having come");
  BOOST_TEST((found[0].alert.severity == domain::Severity::high));
  BOOST_TEST(found[0].delivery.recipient == "a");
  BOOST_TEST(found[0].delivery.attempts == 0);
}

BOOST_AUTO_TEST_CASE(what_is_deferred_waits_and_counts_its_attempts) {
  alerts.queue(alert(today_at("08:00")), kLog);
  const auto id = due("08:00")[0].delivery.id;
  alerts.mark_deferred(id, today_at("08:05"), "busy");

  BOOST_TEST(due("08:04").empty());
  const auto again = due("08:05");
  BOOST_REQUIRE(again.size() == 1);
  BOOST_TEST(again[0].delivery.attempts == 1);
  BOOST_TEST(again[0].delivery.last_error == "busy");
}

BOOST_AUTO_TEST_CASE(what_was_sent_or_given_up_is_final) {
  alerts.queue(alert(today_at("08:00")), kLog);
  alerts.queue(alert(today_at("08:01")), kLog);
  const auto found = due("08:01");
  BOOST_REQUIRE(found.size() == 2);
  alerts.mark_sent(found[0].delivery.id, today_at("08:02"), "m-1");
  alerts.mark_failed(found[1].delivery.id, "no such recipient");

  BOOST_TEST(due("23:59").empty());
  BOOST_CHECK_THROW(tx.savepoint([&] { alerts.mark_sent(found[1].delivery.id, today_at("08:03"), ""); }),
                    db::DatabaseError);
  BOOST_CHECK_THROW(tx.savepoint([&] { alerts.mark_failed(found[0].delivery.id, ""); }), db::DatabaseError);
}

BOOST_AUTO_TEST_CASE(the_outbox_knows_how_long_its_oldest_has_waited) {
  BOOST_TEST(!alerts.outbox().oldest);
  alerts.queue(alert(today_at("08:10")), kLog);
  alerts.queue(alert(today_at("08:00")), kLog);
  const auto first = due("08:00")[0].delivery.id;
  alerts.mark_deferred(first, today_at("09:00"), "busy");
  auto outbox = alerts.outbox();
  BOOST_TEST(outbox.waiting == 2);
  BOOST_TEST(*outbox.oldest == today_at("08:00"));

  alerts.mark_failed(first, "gone");
  outbox = alerts.outbox();
  BOOST_TEST(outbox.waiting == 1);
  BOOST_TEST(outbox.failed == 1);
  BOOST_TEST(*outbox.oldest == today_at("08:10"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(two_claimers_share_the_outbox_without_waiting, Database) {
  {
    db::Transaction tx{pool};
    for (int i = 0; i < 6; ++i) store::Alerts{tx}.queue(alert(today_at("08:00")), kLog);
    tx.commit();
  }
  db::Transaction first{pool};
  db::Transaction second{pool};
  const auto mine = store::Alerts{first}.claim_due(today_at("09:00"), 4);
  const auto theirs = store::Alerts{second}.claim_due(today_at("09:00"), 4);
  BOOST_TEST(mine.size() == 4);
  BOOST_TEST(theirs.size() == 2);
  for (const auto& one : mine) {
    store::Alerts{first}.mark_sent(one.delivery.id, today_at("09:00"), "");
    BOOST_TEST(std::none_of(theirs.begin(), theirs.end(),
                            [&](const auto& other) { return other.delivery.id == one.delivery.id; }));
  }
  for (const auto& one : theirs) store::Alerts{second}.mark_sent(one.delivery.id, today_at("09:00"), "");
  first.commit();
  second.commit();
}
