#include "store/alerts.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "db/error.hpp"
#include "store/deliveries.hpp"
#include "support/database.hpp"
#include "support/has_code.hpp"
#include "support/house.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::AttemptOutcome;
using domain::Channel;
using domain::DeliveryState;

namespace {

using std::chrono::seconds;

domain::Alert alert(Instant at) {
  domain::Alert alert;
  alert.severity = domain::Severity::high;
  alert.summary = "left without having come";
  alert.created_at = at;
  return alert;
}

const std::vector<store::Address> kLog{{Channel::log, "a"}};

struct AlertsFixture : RolledBack {
  store::Alerts alerts{tx, domain::Scope::everything()};
  store::Deliveries log{tx, Channel::log, "here:1:a"};

  std::vector<store::Candidate> due(std::string_view clock) { return log.candidates(today_at(clock), {100, 100, 100}); }

  /// Claimed by \p by, which takes the channel for it.
  std::optional<store::Claim> claim(DeliveryId id, std::string_view clock, const std::string& by = "here:1:a") {
    store::Deliveries theirs{tx, Channel::log, by};
    tx.exec("DELETE FROM channel_lease");
    theirs.hold(today_at(clock), seconds{10});
    return theirs.claim(id, today_at(clock), seconds{60});
  }
  DeliveryId given_delivery(std::string_view clock = "08:00", const std::vector<store::Address>& to = kLog) {
    const auto id = alerts.queue(alert(today_at(clock)), to);
    return alerts.find(id)->deliveries.at(0).id;
  }
  void settle(const store::Claim& claim, AttemptOutcome outcome, std::string_view clock, const std::string& said,
              std::string_view next = "08:00", bool give_up = false) {
    store::Settlement settlement;
    settlement.delivery = claim.due.delivery.id;
    settlement.attempt = claim.attempt;
    settlement.outcome = outcome;
    (outcome == AttemptOutcome::sent ? settlement.provider_id : settlement.reason) = said;
    settlement.next_attempt_at = today_at(next);
    settlement.give_up = give_up;
    log.settle(settlement, today_at(clock));
  }
  domain::Delivery stored(DeliveryId id) {
    const auto of = tx.row("SELECT alert_id FROM delivery WHERE id = $1", id).get<AlertId>("alert_id");
    const auto ledger = alerts.find(of);
    for (const auto& delivery : ledger->deliveries)
      if (delivery.id == id) return delivery;
    throw std::logic_error("no such delivery");
  }
  std::vector<domain::Attempt> attempts(DeliveryId id) { return alerts.find(stored(id).alert)->attempts; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(alerts_store, AlertsFixture)

BOOST_AUTO_TEST_CASE(an_alert_is_due_at_once_on_each_address_once) {
  const std::vector<store::Address> addresses{
      {Channel::log, "a", domain::Language::russian, {}, "route all"}, {Channel::log, "b"}, {Channel::log, "a"}};
  const auto id = alerts.queue(alert(today_at("08:00")), addresses);

  BOOST_TEST(due("07:59").empty());
  BOOST_TEST(due("08:00").size() == 2U);
  const auto ledger = alerts.find(id);
  BOOST_REQUIRE(ledger->deliveries.size() == 2U);
  BOOST_TEST(ledger->alert.summary == "left without having come");
  BOOST_TEST((ledger->alert.severity == domain::Severity::high));
  const auto& first = ledger->deliveries[0];
  BOOST_TEST(first.recipient == "a");
  BOOST_TEST((first.language == domain::Language::russian));
  BOOST_TEST(first.reason == "route all");
  BOOST_TEST(first.attempts == 0);
  BOOST_TEST(first.due_at == today_at("08:00"));
}

BOOST_AUTO_TEST_CASE(what_is_withheld_is_on_record_and_never_due) {
  const std::vector<store::Address> addresses{{Channel::log, "a", {}, {}, "", "silence 3"},
                                              {Channel::log, "b", {}, today_at("09:00"), "quiet hours"}};
  alerts.queue(alert(today_at("08:00")), addresses);
  BOOST_TEST(due("08:59").empty());
  const auto later = due("09:00");
  BOOST_REQUIRE(later.size() == 1U);
  BOOST_TEST(later[0].recipient == "b");
  BOOST_TEST(!alerts.outbox(today_at("08:59")).oldest);
  BOOST_TEST(*alerts.outbox(today_at("09:00")).oldest == today_at("09:00"));
  BOOST_TEST(alerts.withhold(later[0].id, "told by the summary"));
  BOOST_TEST(!alerts.withhold(later[0].id, "again"));
  BOOST_TEST(stored(later[0].id).withheld_reason == "told by the summary");
  BOOST_TEST(due("10:00").empty());
}

BOOST_AUTO_TEST_CASE(a_claim_begins_an_attempt_and_a_delivery_can_be_claimed_once) {
  const auto id = given_delivery();
  const auto mine = claim(id, "08:00");
  BOOST_REQUIRE(mine);
  BOOST_TEST(mine->attempt == 1);
  BOOST_TEST(!mine->due.possibly_repeated);
  BOOST_TEST((stored(id).state == DeliveryState::sending));
  BOOST_TEST(!claim(id, "08:00", "there:2:b"));
  const auto begun = attempts(id);
  BOOST_REQUIRE(begun.size() == 1U);
  BOOST_TEST((begun[0].outcome == AttemptOutcome::unknown));
  BOOST_TEST(!begun[0].ended_at);
}

BOOST_AUTO_TEST_CASE(nobody_claims_without_the_lease_of_the_channel_or_before_it_is_due) {
  const auto id = given_delivery();
  BOOST_TEST(!log.claim(id, today_at("08:00"), seconds{60}));
  BOOST_TEST(log.hold(today_at("07:59"), seconds{10}));
  BOOST_TEST(!log.claim(id, today_at("07:59"), seconds{60}));
  BOOST_TEST(!log.claim(id, today_at("08:00"), seconds{60}));  // by then it has run out
  store::Deliveries theirs{tx, Channel::log, "there:2:b"};
  BOOST_TEST(theirs.hold(today_at("08:00"), seconds{10}));
  BOOST_TEST(!log.hold(today_at("08:00"), seconds{10}));
  BOOST_TEST(*log.holder(today_at("08:00")) == "there:2:b");
  const std::vector<std::string> dead{"there:2:b"};
  BOOST_TEST(log.hold(today_at("08:00"), seconds{10}, dead));
  BOOST_TEST(log.claim(id, today_at("08:00"), seconds{60}).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_deferred_waits_and_its_attempts_are_on_record) {
  const auto id = given_delivery();
  settle(*claim(id, "08:00"), AttemptOutcome::later, "08:01", "busy", "08:05");

  BOOST_TEST(due("08:04").empty());
  BOOST_TEST(*log.next_due(today_at("08:04")) == today_at("08:05"));
  BOOST_TEST(due("08:05").size() == 1U);
  BOOST_TEST(stored(id).last_error == "busy");
  settle(*claim(id, "08:05"), AttemptOutcome::sent, "08:06", "m-1");
  const auto all = attempts(id);
  BOOST_REQUIRE(all.size() == 2U);
  BOOST_TEST((all[0].outcome == AttemptOutcome::later));
  BOOST_TEST(all[0].reason == "busy");
  BOOST_TEST((all[1].outcome == AttemptOutcome::sent));
  BOOST_TEST(all[1].provider_id == "m-1");
  BOOST_TEST(stored(id).provider_id == "m-1");
  BOOST_TEST(*stored(id).sent_at == today_at("08:06"));
}

BOOST_AUTO_TEST_CASE(what_was_sent_is_final_and_what_was_given_up_goes_again_only_by_a_retry) {
  const auto sent = given_delivery();
  const auto failed = given_delivery("08:01");
  settle(*claim(sent, "08:02"), AttemptOutcome::sent, "08:02", "m-1");
  settle(*claim(failed, "08:02"), AttemptOutcome::refused, "08:02", "no such recipient", "08:00", true);

  BOOST_TEST(due("23:59").empty());
  BOOST_CHECK_THROW(tx.savepoint([&] { tx.exec("UPDATE delivery SET state = 'waiting' WHERE id = $1", sent); }),
                    db::DatabaseError);
  BOOST_CHECK_THROW(tx.savepoint([&] { tx.exec("UPDATE delivery SET provider_id = '' WHERE id = $1", sent); }),
                    db::DatabaseError);
  BOOST_CHECK_THROW(tx.savepoint([&] {
    tx.exec("UPDATE delivery SET state = 'sending', claimed_by = 'x', claimed_until = now() WHERE id = $1", failed);
  }),
                    db::DatabaseError);
  const std::vector<DeliveryId> both{sent, failed};
  const auto again = alerts.retry(both, today_at("09:00"));
  BOOST_REQUIRE(again.size() == 1U);
  BOOST_TEST(again[0].id.value == failed.value);
  BOOST_TEST(again[0].due_at == today_at("09:00"));
  BOOST_TEST(claim(failed, "09:00")->attempt == 2);
}

BOOST_AUTO_TEST_CASE(of_a_sender_that_was_cut_off_the_attempt_stays_unknown_and_the_next_says_so) {
  const auto id = given_delivery();
  BOOST_REQUIRE(claim(id, "08:00", "there:2:b"));
  log.take_up(today_at("08:00:59"), {}, {});
  BOOST_TEST((stored(id).state == DeliveryState::sending));
  log.take_up(today_at("08:01"), {}, {});
  const auto mine = claim(id, "08:01");
  BOOST_REQUIRE(mine);
  BOOST_TEST(mine->attempt == 2);
  BOOST_TEST(mine->due.possibly_repeated);
  BOOST_TEST((attempts(id)[0].outcome == AttemptOutcome::unknown));
}

BOOST_AUTO_TEST_CASE(of_a_sender_that_is_known_to_be_gone_nobody_waits_for_the_lease) {
  const auto id = given_delivery();
  BOOST_REQUIRE(claim(id, "08:00", "there:2:b"));
  BOOST_TEST((log.claimants() == std::vector<std::string>{"there:2:b"}));
  const std::vector<std::string> dead{"there:2:b"};
  log.take_up(today_at("08:00:01"), dead, {});
  BOOST_TEST(claim(id, "08:00:01")->due.possibly_repeated);
}

BOOST_AUTO_TEST_CASE(what_one_claimed_oneself_and_has_not_in_hand_was_never_sent) {
  const auto id = given_delivery();
  BOOST_REQUIRE(claim(id, "08:00"));
  log.take_up(today_at("08:00"), {}, std::vector{id});
  BOOST_TEST(attempts(id).size() == 1U);
  log.take_up(today_at("08:00"), {}, {});
  BOOST_TEST(attempts(id).empty());
  const auto again = claim(id, "08:00");
  BOOST_TEST(again->attempt == 1);
  BOOST_TEST(!again->due.possibly_repeated);
}

BOOST_AUTO_TEST_CASE(an_answer_that_comes_after_another_took_the_delivery_up_counts_as_far_as_it_can) {
  const auto id = given_delivery();
  const auto slow = claim(id, "08:00", "there:2:b");
  log.take_up(today_at("08:01"), {}, {});
  const auto mine = claim(id, "08:01");
  // "Later" from the slow one does not take it out of our hands.
  settle(*slow, AttemptOutcome::sent, "08:02", "m-slow");
  BOOST_TEST((stored(id).state == DeliveryState::sent));
  settle(*mine, AttemptOutcome::later, "08:03", "busy", "08:05");
  BOOST_TEST((stored(id).state == DeliveryState::sent));
  BOOST_TEST(stored(id).provider_id == "m-slow");
  const auto all = attempts(id);
  BOOST_TEST((all[0].outcome == AttemptOutcome::sent));
  BOOST_TEST((all[1].outcome == AttemptOutcome::later));
}

BOOST_AUTO_TEST_CASE(of_each_recipient_the_oldest_few_are_candidates_and_paused_ones_are_not) {
  for (int i = 0; i < 3; ++i)
    alerts.queue(alert(today_at("08:00") + seconds{i}),
                 std::vector<store::Address>{{Channel::log, "a"}, {Channel::log, "b"}, {Channel::email, "b"}});
  const auto found = log.candidates(today_at("09:00"), {2, 100, 100});
  BOOST_REQUIRE(found.size() == 4U);
  BOOST_TEST(found[0].next_attempt_at == today_at("08:00"));
  BOOST_TEST(found[3].next_attempt_at == today_at("08:00:01"));
  for (const auto& candidate : found) BOOST_TEST(candidate.of_recipient == 3U);
  for (const auto& candidate : log.candidates(today_at("09:00"), {1, 100, 2})) BOOST_TEST(candidate.of_recipient == 2U);
  BOOST_TEST(log.candidates(today_at("09:00"), {2, 3, 100}).size() == 3U);

  log.pause("a", today_at("09:10"), "slow down");
  for (const auto& candidate : due("09:00")) BOOST_TEST(candidate.recipient == "b");
  BOOST_TEST(*log.next_due(today_at("09:00")) == today_at("09:10"));
  log.pause("", today_at("09:20"), "slow down all");
  BOOST_TEST(due("09:15").empty());
  BOOST_TEST(*log.next_due(today_at("09:15")) == today_at("09:20"));
  BOOST_TEST(due("09:20").size() == 6U);
  BOOST_TEST((store::Deliveries{tx, Channel::email, "x"}.candidates(today_at("09:00"), {}).size()) == 3U);
}

BOOST_AUTO_TEST_CASE(who_has_moved_is_written_to_where_he_is_and_once) {
  const auto waiting = given_delivery();
  const auto both = given_delivery("08:01", {{Channel::log, "a"}, {Channel::log, "b"}});
  log.move("a", "b", today_at("08:02"));
  BOOST_TEST(stored(waiting).recipient == "b");
  BOOST_TEST((stored(both).state == DeliveryState::withheld));
  log.move("b", "c", today_at("08:03"));
  BOOST_TEST(stored(waiting).recipient == "c");
  const auto next = given_delivery("08:04", {{Channel::log, "a"}, {Channel::log, "b"}, {Channel::log, "c"}});
  BOOST_TEST(stored(next).recipient == "c");
  BOOST_TEST(alerts.find(stored(next).alert)->deliveries.size() == 1U);
  log.move("c", "a", today_at("08:05"));
  BOOST_TEST(stored(given_delivery("08:06")).recipient == "a");
  BOOST_TEST(stored(given_delivery("08:06", {{Channel::log, "c"}})).recipient == "a");
}

BOOST_AUTO_TEST_CASE(the_outbox_knows_per_channel_how_long_its_oldest_has_waited) {
  BOOST_TEST(!alerts.outbox(today_at("08:00")).oldest);
  const auto later = given_delivery("08:10");
  const auto first = given_delivery("08:00");
  given_delivery("08:05", {{Channel::email, "x"}});
  settle(*claim(first, "08:00"), AttemptOutcome::later, "08:00", "busy", "09:00");
  auto outbox = alerts.outbox(today_at("08:30"));
  BOOST_TEST(outbox.waiting == 3);
  BOOST_TEST(*outbox.oldest == today_at("08:00"));
  BOOST_TEST(outbox.channels.size() == domain::names<Channel>().size());
  BOOST_TEST(*outbox.channels[static_cast<std::size_t>(Channel::email)].oldest == today_at("08:05"));

  // What is being sent has not arrived yet.
  const auto sending = claim(later, "08:30");
  settle(*claim(first, "09:00"), AttemptOutcome::refused, "09:00", "gone", "09:00", true);
  outbox = alerts.outbox(today_at("09:00"));
  BOOST_TEST(outbox.waiting == 2);
  BOOST_TEST(outbox.failed == 1);
  BOOST_TEST(*outbox.oldest == today_at("08:05"));
  BOOST_TEST(*outbox.channels[0].oldest == today_at("08:10"));
}

BOOST_AUTO_TEST_CASE(what_should_not_be_is_found_and_nothing_else) {
  tx.exec("DELETE FROM delivery");
  tx.exec("DELETE FROM alert");
  tx.exec("DELETE FROM incident");
  const auto overdue = given_delivery("08:00");
  const auto stuck = given_delivery("08:01");
  const auto fine = given_delivery("08:59:30");
  given_delivery("08:00", {{Channel::log, "q", {}, today_at("18:00")}});
  const auto bare = alerts.queue(alert(today_at("08:02")), {});
  BOOST_REQUIRE(claim(stuck, "08:58"));
  const auto lost = alerts.lost(today_at("09:00"), seconds{60}, 10);
  BOOST_REQUIRE(lost.size() == 3U);
  BOOST_TEST((lost[0].what == store::Lost::What::overdue));
  BOOST_TEST(lost[0].delivery->value == overdue.value);
  BOOST_TEST((lost[1].what == store::Lost::What::alert_unaddressed));
  BOOST_TEST(lost[1].alert->value == bare.value);
  BOOST_TEST((lost[2].what == store::Lost::What::stuck));
  BOOST_TEST(alerts.lost(today_at("09:00"), seconds{60}, 2).size() == 2U);
  for (const auto id : {overdue, stuck, fine}) {
    if (id != stuck) BOOST_REQUIRE(claim(id, "09:00"));
    tx.exec(
        "UPDATE delivery SET state = 'sent', sent_at = now(), claimed_by = NULL, claimed_until = NULL WHERE id = $1",
        id);
  }
  tx.exec("DELETE FROM alert WHERE id = $1", bare);
  BOOST_TEST(alerts.lost(today_at("09:00"), seconds{60}, 10).empty());
}

BOOST_AUTO_TEST_CASE(the_list_is_newest_first_and_shows_of_each_alert_what_matches) {
  tx.exec("DELETE FROM delivery");
  tx.exec("DELETE FROM alert");
  const auto first =
      alerts.queue(alert(today_at("08:00")), std::vector<store::Address>{{Channel::log, "a"}, {Channel::email, "b"}});
  const auto second = alerts.queue(alert(today_at("08:01")), kLog);
  const auto bare = alerts.queue(alert(today_at("08:02")), {});
  auto all = alerts.list({});
  BOOST_REQUIRE(all.size() == 3U);
  BOOST_TEST(all[0].alert.id.value == bare.value);
  BOOST_TEST(all[2].alert.id.value == first.value);
  BOOST_TEST(all[2].deliveries.size() == 2U);
  store::AlertFilter filter;
  filter.channels = {Channel::email};
  all = alerts.list(filter);
  BOOST_REQUIRE(all.size() == 1U);
  BOOST_TEST(all[0].deliveries.size() == 1U);
  filter.states = {DeliveryState::sent};
  BOOST_TEST(alerts.list(filter).empty());
  filter = {};
  filter.since = today_at("08:01");
  filter.until = today_at("08:02");
  all = alerts.list(filter);
  BOOST_REQUIRE(all.size() == 1U);
  BOOST_TEST(all[0].alert.id.value == second.value);
  filter = {};
  filter.limit = 2;
  BOOST_TEST(alerts.list(filter).size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(what_another_transaction_holds_is_skipped_without_waiting, Database) {
  DeliveryId id;
  {
    db::Transaction tx{pool};
    store::Alerts alerts{tx, domain::Scope::everything()};
    id = alerts.find(alerts.queue(alert(today_at("08:00")), kLog))->deliveries.at(0).id;
    store::Deliveries{tx, Channel::log, "one"}.hold(today_at("09:00"), seconds{10});
    tx.commit();
  }
  db::Transaction first{pool};
  db::Transaction second{pool};
  const auto claim = [&](db::Transaction& tx) {
    return store::Deliveries{tx, Channel::log, "one"}.claim(id, today_at("09:00"), seconds{60});
  };
  BOOST_TEST(claim(first).has_value());
  BOOST_TEST(!claim(second).has_value());
  first.commit();
  second.commit();
  db::Transaction tidy{pool};
  tidy.exec("DELETE FROM delivery WHERE id = $1", id);
  tidy.exec("DELETE FROM channel_lease");
  tidy.commit();
}
