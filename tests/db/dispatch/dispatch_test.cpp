#include "app/dispatch.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <functional>
#include <set>

#include "store/alerts.hpp"
#include "support/database.hpp"
#include "support/manual_clock.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::AttemptOutcome;
using domain::Channel;
using domain::DeliveryState;
using notify::Delivered;
using notify::Outcome;
using notify::Refused;
using notify::RetryAfter;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

/// Answers what the script says, and "m-<n>" where it has ended.
class Scripted final : public notify::Channel {
 public:
  domain::Channel name() const override { return domain::Channel::telegram; }
  std::vector<std::string> render(const notify::Message& message) const override { return {message.subject}; }
  Outcome send(const notify::Message& message, std::stop_token) override {
    messages.push_back(message);
    if (during) during();
    if (script.empty()) return Delivered{"m-" + std::to_string(messages.size())};
    auto next = std::move(script.front());
    script.pop_front();
    return next();
  }
  std::size_t hands() const override { return hands_of; }
  Instant ready_at(const std::string& recipient, Instant now) const override {
    const auto found = ready.find(recipient);
    return found == ready.end() ? now : found->second;
  }
  Instant last_at(const std::string& recipient, std::size_t count, Instant now) const override {
    return count == 0 ? now : now + (recipient.empty() ? each : each_of_one) * static_cast<int>(count - 1);
  }

  Scripted& then(Outcome outcome) {
    script.push_back([outcome] { return outcome; });
    return *this;
  }
  std::vector<std::string> recipients() const {
    std::vector<std::string> all;
    for (const auto& message : messages) all.push_back(message.recipient);
    return all;
  }

  std::deque<std::function<Outcome()>> script;
  std::function<void()> during;
  std::map<std::string, Instant> ready;
  std::size_t hands_of = 1;
  milliseconds each{0}, each_of_one{0};  ///< as the limits stretch a backlog
  std::vector<notify::Message> messages;
};

/// An empty outbox, and a channel under a script.
struct Outbox : Database {
  config::Settings settings;
  ManualClock clock{at("2026-09-01T08:00:00Z")};
  app::Actor actor;
  Scripted channel;
  app::Dispatch dispatch{pool, settings, actor, clock};
  std::string holder = "here:1:a";
  app::ChannelSender sender = sender_of(holder);

  Outbox() {
    db::Transaction tx{pool};
    for (const auto* table : {"delivery", "alert", "channel_lease", "channel_pause", "channel_move"})
      tx.exec(std::string{"DELETE FROM "} + table);
    tx.commit();
  }

  app::ChannelSender sender_of(const std::string& name) {
    const auto compose = [](const app::Work&, const store::DueDelivery& due) {
      notify::Message message;
      message.subject = due.alert.summary;
      message.replaces = due.first_provider_id;
      return message;
    };
    return {dispatch, channel, compose, name, 1};
  }
  AlertId given_alert(const std::vector<std::string>& recipients, std::string_view summary = "seen") {
    db::Transaction tx{pool};
    domain::Alert alert;
    alert.summary = summary;
    alert.created_at = clock.now();
    std::vector<store::Address> addresses;
    for (const auto& recipient : recipients) addresses.push_back({Channel::telegram, recipient});
    const auto id = store::Alerts{tx, domain::Scope::everything()}.queue(alert, addresses);
    tx.commit();
    return id;
  }
  store::AlertLedger ledger(AlertId id) {
    db::Transaction tx{pool};
    return *store::Alerts{tx, domain::Scope::everything()}.find(id);
  }
  domain::Delivery only(AlertId id) {
    const auto all = ledger(id).deliveries;
    BOOST_REQUIRE(all.size() == 1U);
    return all[0];
  }
  std::vector<AttemptOutcome> outcomes(AlertId id) {
    std::vector<AttemptOutcome> all;
    for (const auto& attempt : ledger(id).attempts) all.push_back(attempt.outcome);
    return all;
  }
  /// Steps until the sender would rest. \returns until when
  Instant work_off(app::ChannelSender& with) {
    BOOST_REQUIRE(app::hold_channel(dispatch, Channel::telegram, holder));
    with.look_again();
    for (int i = 0; i < 1'000; ++i)
      if (const auto step = with.step(); step.next > clock.now()) return step.next;
    throw std::logic_error("it never rests");
  }
  Instant work_off() { return work_off(sender); }
  Instant work_off_at(std::string_view time) {
    clock.set(at(std::string{"2026-09-01T"} + std::string{time} + "Z"));
    return work_off();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(dispatch_of_alerts, Outbox)

BOOST_AUTO_TEST_CASE(a_delivery_is_sent_once_and_marked_with_what_the_channel_called_it) {
  const auto id = given_alert({"a"});
  work_off();
  work_off();
  BOOST_REQUIRE(channel.messages.size() == 1U);
  BOOST_TEST(channel.messages[0].subject == "seen");
  BOOST_TEST(channel.messages[0].alert.value == id.value);
  BOOST_TEST(!channel.messages[0].possibly_repeated);
  BOOST_TEST((only(id).state == DeliveryState::sent));
  BOOST_TEST(only(id).provider_id == "m-1");
  BOOST_TEST((outcomes(id) == std::vector{AttemptOutcome::sent}));
}

BOOST_AUTO_TEST_CASE(while_a_message_is_on_its_way_no_transaction_is_open_and_its_attempt_is_on_record) {
  const auto id = given_alert({"a"});
  channel.during = [&] {
    BOOST_TEST(pool.stats().in_use == 0U);
    BOOST_TEST((only(id).state == DeliveryState::sending));
    BOOST_TEST((outcomes(id) == std::vector{AttemptOutcome::unknown}));
  };
  work_off();
  BOOST_TEST(channel.messages.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_wait_that_the_channel_names_is_kept_to_and_its_reason_shown) {
  const auto id = given_alert({"a"});
  channel.then(RetryAfter{seconds{60}, "rate\nlimit", RetryAfter::Scope::message, "part 2"});
  BOOST_TEST(work_off() == at("2026-09-01T08:00:05Z"));  // as long as it ever rests
  work_off_at("08:00:59");
  BOOST_TEST(channel.messages.size() == 1U);
  BOOST_TEST(only(id).last_error.find('\n') == std::string::npos);
  work_off_at("08:01:00");
  BOOST_REQUIRE(channel.messages.size() == 2U);
  BOOST_TEST(channel.messages[1].progress == "part 2");
  BOOST_TEST(!channel.messages[1].possibly_repeated);
  BOOST_TEST((outcomes(id) == std::vector{AttemptOutcome::later, AttemptOutcome::sent}));
}

BOOST_AUTO_TEST_CASE(without_a_named_wait_the_pauses_grow_and_chance_takes_a_part_of_them) {
  const auto id = given_alert({"a"});
  std::set<Instant::duration> shares;
  auto full = seconds{5};
  for (int i = 0; i < 9; ++i) {
    channel.then(RetryAfter{milliseconds{0}, "down"});
    work_off();
    const auto pause = only(id).next_attempt_at - clock.now();
    BOOST_TEST((pause >= full / 2 && pause <= full));
    shares.insert(pause * 1'000 / full.count());
    full = std::min(full * 2, seconds{600});
    clock.set(only(id).next_attempt_at);
  }
  BOOST_TEST(shares.size() > 3U);
}

BOOST_AUTO_TEST_CASE(a_pause_of_one_recipient_holds_for_all_that_waits_for_him_also_for_the_next_process) {
  given_alert({"a", "b"});
  given_alert({"a", "b"});
  channel.then(RetryAfter{seconds{30}, "too many", RetryAfter::Scope::recipient});
  work_off();
  BOOST_TEST((channel.recipients() == std::vector<std::string>{"a", "b", "b"}));
  holder = "here:1:b";
  clock.advance(seconds{15});
  auto next = sender_of(holder);
  work_off(next);
  BOOST_TEST(channel.messages.size() == 3U);
  clock.advance(seconds{15});
  work_off(next);
  BOOST_TEST((channel.recipients() == std::vector<std::string>{"a", "b", "b", "a", "a"}));
}

BOOST_AUTO_TEST_CASE(a_pause_of_the_channel_holds_for_everybody) {
  given_alert({"a", "b", "c"});
  channel.then(RetryAfter{seconds{3}, "too many", RetryAfter::Scope::channel});
  BOOST_TEST(work_off() == clock.now() + seconds{3});
  BOOST_TEST(channel.messages.size() == 1U);
  clock.advance(seconds{3});
  work_off();
  BOOST_TEST(channel.messages.size() == 4U);
}

BOOST_AUTO_TEST_CASE(a_dead_channel_is_asked_ever_less_often_however_much_waits) {
  std::vector<std::string> many;
  for (int i = 0; i < 50; ++i) many.push_back("r" + std::to_string(i));
  given_alert(many);
  const auto end = clock.now() + minutes{60};
  while (clock.now() < end) {
    while (channel.script.size() < 100) channel.then(RetryAfter{milliseconds{0}, "down", RetryAfter::Scope::channel});
    clock.set(work_off());
  }
  BOOST_TEST(channel.messages.size() < 20U);
  channel.script.clear();
  clock.advance(minutes{10});
  const auto before = channel.messages.size();
  work_off();
  BOOST_TEST(channel.messages.size() - before == 50U);
}

BOOST_AUTO_TEST_CASE(pacing_puts_nobody_else_off_and_counts_no_attempt) {
  const auto slow = given_alert({"a"});
  given_alert({"b"});
  channel.ready["a"] = clock.now() + milliseconds{700};
  BOOST_TEST(work_off() <= channel.ready["a"]);
  BOOST_TEST((channel.recipients() == std::vector<std::string>{"b"}));
  BOOST_TEST(only(slow).attempts == 0);
  BOOST_TEST((only(slow).state == DeliveryState::waiting));
  clock.advance(milliseconds{700});
  work_off();
  BOOST_TEST(channel.messages.size() == 2U);
}

BOOST_AUTO_TEST_CASE(of_those_who_may_get_one_the_one_who_has_waited_longest_is_next) {
  given_alert({"b"}, "first");
  clock.advance(seconds{1});
  given_alert({"a", "b"}, "second");
  work_off();
  BOOST_REQUIRE(channel.messages.size() == 3U);
  BOOST_TEST(channel.messages[0].subject == "first");
}

BOOST_AUTO_TEST_CASE(before_him_goes_the_one_whose_backlog_takes_as_long_as_all_others_together_but_not_always) {
  for (int i = 0; i < 10; ++i) given_alert({"short" + std::to_string(i)});
  clock.advance(seconds{1});
  for (int i = 0; i < 30; ++i) given_alert({"long"});
  channel.each = milliseconds{100};
  channel.each_of_one = seconds{1};
  work_off();
  const auto order = channel.recipients();
  BOOST_REQUIRE(order.size() == 40U);
  BOOST_TEST(order[0] == "short0");
  BOOST_TEST(order[8] == "short1");
  for (const int i : {1, 2, 3, 4, 5, 6, 7, 9}) BOOST_TEST(order[static_cast<std::size_t>(i)] == "long");
}

BOOST_AUTO_TEST_CASE(several_hands_hold_messages_of_different_recipients_and_nobody_gets_his_out_of_order) {
  channel.hands_of = 3;
  app::ChannelSender several = sender_of(holder);
  BOOST_REQUIRE(several.hands() == 3U);
  given_alert({"a", "b"}, "first");
  clock.advance(seconds{1});
  given_alert({"a", "b"}, "second");
  BOOST_REQUIRE(app::hold_channel(dispatch, Channel::telegram, holder));
  BOOST_TEST(several.prepare(0).claimed);
  BOOST_TEST(several.prepare(1).claimed);
  const auto idle = several.prepare(2);
  BOOST_TEST(!idle.claimed);
  BOOST_TEST(idle.next > clock.now());
  // What is in a hand stays there when somebody looks again.
  several.look_again();
  clock.advance(seconds{1});
  BOOST_TEST(!several.prepare(2).claimed);

  several.send(1);
  BOOST_TEST(several.prepare(1).claimed);
  several.send(1);
  several.finish(1);
  several.send(0);
  work_off(several);
  std::map<std::string, std::vector<std::string>> got;
  for (const auto& message : channel.messages) {
    got[message.recipient].push_back(message.subject);
    BOOST_TEST(!message.possibly_repeated);
  }
  for (const auto* const recipient : {"a", "b"})
    BOOST_TEST(got[recipient] == (std::vector<std::string>{"first", "second"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_recipient_with_a_long_queue_does_not_hold_up_one_who_comes_new) {
  for (int i = 0; i < 40; ++i) given_alert({"a"});
  channel.during = [&] { channel.ready["a"] = clock.now() + seconds{1}; };
  work_off();
  given_alert({"b"});
  clock.advance(milliseconds{300});
  work_off();
  BOOST_TEST((channel.recipients() == std::vector<std::string>{"a", "b"}));
}

BOOST_AUTO_TEST_CASE(who_has_moved_gets_what_waits_at_his_new_address) {
  const auto first = given_alert({"a"});
  const auto second = given_alert({"a"});
  channel.then(RetryAfter{milliseconds{1}, "moved", RetryAfter::Scope::message, "", "z"});
  work_off();
  clock.advance(seconds{1});
  work_off();
  BOOST_TEST((channel.recipients() == std::vector<std::string>{"a", "z", "z"}));
  BOOST_TEST(only(first).recipient == "z");
  BOOST_TEST(only(given_alert({"a"})).recipient == "z");
  BOOST_TEST((only(second).state == DeliveryState::sent));
}

BOOST_AUTO_TEST_CASE(what_is_refused_is_given_up_with_its_reason) {
  const auto id = given_alert({"a"});
  channel.then(Refused{"chat not found"});
  work_off();
  clock.advance(minutes{60});
  work_off();
  BOOST_TEST(channel.messages.size() == 1U);
  BOOST_TEST((only(id).state == DeliveryState::failed));
  BOOST_TEST(only(id).last_error == "chat not found");
  BOOST_TEST((outcomes(id) == std::vector{AttemptOutcome::refused}));
}

BOOST_AUTO_TEST_CASE(what_is_never_taken_is_given_up_in_the_end_and_not_before_it_was_tried) {
  settings.alerts.give_up_after = minutes{30};
  const auto id = given_alert({"a"});
  clock.advance(minutes{60});  // nobody was there to send it
  work_off();
  BOOST_TEST((only(id).state == DeliveryState::sent));
  const auto doomed = given_alert({"a"});
  for (int i = 0; i < 200 && only(doomed).state == DeliveryState::waiting; ++i) {
    channel.then(RetryAfter{minutes{7}, "mailbox full"});
    work_off();
    clock.advance(minutes{7});
  }
  BOOST_TEST((only(doomed).state == DeliveryState::failed));
  BOOST_TEST(only(doomed).last_error == "given up after 35 min: mailbox full");
  BOOST_TEST(only(doomed).attempts == 6);
}

BOOST_AUTO_TEST_CASE(a_sender_that_is_cut_off_leaves_one_message_in_doubt_and_it_goes_out_marked) {
  for (int i = 0; i < 5; ++i) given_alert({"a"});
  BOOST_REQUIRE(app::hold_channel(dispatch, Channel::telegram, holder));
  for (int i = 0; i < 3; ++i) sender.step();  // the third is sent and never marked
  app::release_channel(dispatch, Channel::telegram, holder);
  holder = "here:1:b";
  auto next = sender_of(holder);
  clock.advance(seconds{91});
  work_off(next);
  BOOST_REQUIRE(channel.messages.size() == 6U);
  std::map<std::int64_t, int> times;
  int marked = 0;
  for (const auto& message : channel.messages) {
    ++times[message.delivery.value];
    if (message.possibly_repeated) {
      ++marked;
      BOOST_TEST(times[message.delivery.value] == 2);
    }
  }
  BOOST_TEST(times.size() == 5U);
  BOOST_TEST(marked == 1);
}

BOOST_AUTO_TEST_CASE(a_sender_that_ends_in_an_orderly_way_leaves_nothing_in_doubt) {
  const auto id = given_alert({"a"});
  BOOST_REQUIRE(app::hold_channel(dispatch, Channel::telegram, holder));
  sender.step();
  sender.finish();
  BOOST_TEST((only(id).state == DeliveryState::sent));
}

BOOST_AUTO_TEST_CASE(what_may_have_arrived_although_no_answer_came_goes_out_marked) {
  const auto id = given_alert({"a"});
  RetryAfter silent{seconds{1}, "no answer"};
  silent.in_doubt = true;
  channel.then(silent);
  channel.script.push_back([]() -> Outcome { throw std::runtime_error("out of sockets"); });
  work_off();
  clock.advance(seconds{1});
  work_off();
  clock.advance(minutes{1});
  work_off();
  BOOST_REQUIRE(channel.messages.size() == 3U);
  BOOST_TEST(!channel.messages[0].possibly_repeated);
  BOOST_TEST(channel.messages[1].possibly_repeated);
  BOOST_TEST(channel.messages[2].possibly_repeated);
  BOOST_TEST((outcomes(id) == std::vector{AttemptOutcome::unknown, AttemptOutcome::unknown, AttemptOutcome::sent}));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_put_into_words_waits_and_holds_nobody_up) {
  const auto broken = given_alert({"a"}, "broken");
  const auto fine = given_alert({"a"});
  const auto compose = [](const app::Work& work, const store::DueDelivery& due) {
    if (due.alert.summary == "broken") work.tx.exec("SELECT 1 / 0");
    return notify::Message{};
  };
  app::ChannelSender other{dispatch, channel, compose, holder, 1};
  work_off(other);
  BOOST_TEST((only(fine).state == DeliveryState::sent));
  BOOST_TEST((only(broken).state == DeliveryState::waiting));
  BOOST_TEST(only(broken).last_error.starts_with("cannot be put into words"));
  BOOST_TEST(only(broken).next_attempt_at > clock.now());
}

BOOST_AUTO_TEST_CASE(only_one_sender_works_on_a_channel) {
  const auto id = given_alert({"a"});
  BOOST_REQUIRE(app::hold_channel(dispatch, Channel::telegram, "there:9:z"));
  BOOST_TEST(!app::hold_channel(dispatch, Channel::telegram, holder));
  const auto step = sender.step();
  BOOST_TEST(channel.messages.empty());
  BOOST_TEST(step.next > clock.now());
  clock.advance(app::kChannelLease);
  BOOST_TEST(app::hold_channel(dispatch, Channel::telegram, holder));
  work_off();
  BOOST_TEST((only(id).state == DeliveryState::sent));
}

BOOST_AUTO_TEST_CASE(what_a_process_of_this_machine_held_is_taken_over_as_soon_as_it_is_gone) {
  char host[65] = "";
  gethostname(host, sizeof host - 1);
  const auto child = fork();
  if (child == 0) _exit(0);
  BOOST_REQUIRE(child > 0);
  int status = 0;
  waitpid(child, &status, 0);
  const auto dead = std::string{host} + ":" + std::to_string(child) + ":ab:cd";
  const auto alive = std::string{host} + ":" + std::to_string(getpid()) + ":ab:cd";
  const std::vector<std::string> holders{dead, alive, "elsewhere:" + std::to_string(child) + ":ab", host, ""};
  BOOST_TEST(app::gone(holders) == std::vector<std::string>{dead}, boost::test_tools::per_element());

  const auto id = given_alert({"a"});
  {
    BOOST_REQUIRE(app::hold_channel(dispatch, Channel::telegram, dead));
    auto theirs = sender_of(dead);
    theirs.step();
  }
  work_off();
  BOOST_REQUIRE(channel.messages.size() == 2U);
  BOOST_TEST(channel.messages[1].possibly_repeated);
  BOOST_TEST((outcomes(id) == std::vector{AttemptOutcome::unknown, AttemptOutcome::sent}));
}

BOOST_AUTO_TEST_CASE(a_follow_up_knows_what_the_first_message_to_the_same_recipient_was_called) {
  IncidentId incident;
  {
    db::Transaction tx{pool};
    incident =
        tx.row(
              "INSERT INTO incident (type, severity, status, dedupe_key, summary, occurred_at, detected_at, "
              "last_seen_at) VALUES ('other', 'low', 'new', 'dispatch ' || clock_timestamp(), 's', now(), now(), "
              "now()) RETURNING id")
            .get<IncidentId>("id");
    for (int i = 0; i < 2; ++i) {
      domain::Alert alert;
      alert.incident = incident;
      alert.created_at = clock.now() + seconds{i};
      const std::vector<store::Address> to{{Channel::telegram, "a"}, {Channel::telegram, i == 0 ? "b" : "c"}};
      store::Alerts{tx, domain::Scope::everything()}.queue(alert, to);
    }
    tx.commit();
  }
  clock.advance(seconds{1});
  work_off();
  BOOST_REQUIRE(channel.messages.size() == 4U);
  std::map<std::string, std::vector<std::string>> replaced;
  for (const auto& message : channel.messages) replaced[message.recipient].push_back(message.replaces);
  BOOST_TEST(replaced["a"][0].empty());
  BOOST_TEST(replaced["a"][1].starts_with("m-"));
  BOOST_TEST(replaced["c"][0].empty());
}

BOOST_AUTO_TEST_CASE(what_waits_for_a_channel_that_is_not_there_is_given_up_after_a_while) {
  const auto id = given_alert({"a"});
  clock.advance(minutes{9});
  BOOST_TEST(app::give_up_absent_channels(dispatch, {Channel::log}) == 0);
  clock.advance(minutes{2});
  BOOST_TEST(app::give_up_absent_channels(dispatch, {Channel::telegram}) == 0);
  BOOST_TEST(app::give_up_absent_channels(dispatch, {Channel::log}) == 1);
  BOOST_TEST((only(id).state == DeliveryState::failed));
}

BOOST_AUTO_TEST_SUITE_END()
