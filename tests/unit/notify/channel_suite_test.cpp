#include <boost/test/unit_test.hpp>
#include <string>
#include <thread>

#include "channel_bench.hpp"
#include "core/text.hpp"
#include "nasty.hpp"

// What every channel has to pass. A new one adds a row to kCandidates.

using namespace visitor;
using namespace visitor::notify;
using namespace visitor::test;
using namespace std::chrono_literals;

namespace {

/// Runs \p body with a bench of every channel that can meet such a peer.
template <class Body>
void for_each_channel(Peer peer, Body body) {
  std::size_t count = 0;
  for (const auto& candidate : kCandidates) {
    BOOST_TEST_CONTEXT("channel " << domain::name(candidate.channel)) {
      const auto bench = candidate.make(peer);
      if (!bench) continue;
      ++count;
      BOOST_TEST((bench->channel().name() == candidate.channel));
      body(*bench);
    }
  }
  // The log alone has no peer that could be dead or hang.
  BOOST_TEST(count == std::size(kCandidates) - (peer == Peer::good ? 0 : 1));
}

std::string reason_of(const Outcome& outcome) {
  if (const auto* later = std::get_if<RetryAfter>(&outcome)) return later->reason;
  if (const auto* refused = std::get_if<Refused>(&outcome)) return refused->reason;
  return "";
}

/// Without what a format may fold, mend or mark: blanks, control characters, and what stands for them.
std::string essence(std::string text) {
  text = clean_utf8(std::move(text));
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (text.compare(at, 3, "\xEF\xBF\xBD") == 0)
      at += 2;
    else if (byte > 0x20 && byte != 0x7f)
      out += text[at];
  }
  return out;
}

/// A reason is one line that any terminal and log can show, and tells nothing that it must not.
void check_reason(ChannelBench& bench, const Outcome& outcome) {
  const auto reason = reason_of(outcome);
  if (std::holds_alternative<Delivered>(outcome)) return;
  BOOST_TEST(!reason.empty());
  BOOST_TEST(reason.size() <= 600U);
  BOOST_TEST(reason == printable(reason));
  BOOST_TEST(reason.find('\n') == std::string::npos);
  if (!bench.secret().empty()) BOOST_TEST(reason.find(bench.secret()) == std::string::npos);
}

/// Sends \p message, and its further parts where the channel wants to go on later.
Outcome send_all(ChannelBench& bench, Message message) {
  constexpr int kMostRounds = 20;
  bench.wait_for_turn(message.recipient, 0ms);
  for (int round = 0;; ++round) {
    auto outcome = bench.channel().send(message, {});
    check_reason(bench, outcome);
    const auto* later = std::get_if<RetryAfter>(&outcome);
    if (later == nullptr || later->progress.empty() || round == kMostRounds) return outcome;
    message.progress = later->progress;
    bench.wait_for_turn(message.recipient, later->wait);
  }
}

void check_told(ChannelBench& bench, const Message& message) {
  const auto got = bench.received();
  BOOST_REQUIRE_EQUAL(got.size(), 1U);
  const auto text = essence(got.front().text);
  for (const auto& told : bench.told(message))
    BOOST_TEST(text.find(essence(told)) != std::string::npos, "lost: " << json_quote(told));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(channel_suite)

BOOST_AUTO_TEST_CASE(a_message_arrives_whole_and_the_channel_says_so) {
  for_each_channel(Peer::good, [](ChannelBench& bench) {
    const auto message = full_message(bench.recipient());
    BOOST_TEST(std::holds_alternative<Delivered>(send_all(bench, message)));
    check_told(bench, message);
  });
}

BOOST_AUTO_TEST_CASE(nasty_names_lose_nothing_on_their_way) {
  for_each_channel(Peer::good, [](ChannelBench& bench) {
    auto message = full_message(bench.recipient());
    for (const auto& name : nasty_names()) {
      BOOST_TEST_CONTEXT(json_quote(name)) {
        ++message.delivery.value;
        message.subject = "Security Alert: " + name;
        message.facts = {{"Guest", name}, {"Host", name}};
        message.text = name + "\n" + name;
        message.summary = "a guest " + name;
        BOOST_TEST(!bench.channel().render(message).empty());
        BOOST_TEST(std::holds_alternative<Delivered>(send_all(bench, message)));
        check_told(bench, message);
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(texts_that_are_empty_broken_or_long_arrive) {
  for_each_channel(Peer::good, [](ChannelBench& bench) {
    auto message = full_message(bench.recipient());
    message.facts.clear();
    message.text.clear();
    message.link.clear();
    message.thread.clear();
    BOOST_TEST(std::holds_alternative<Delivered>(send_all(bench, message)));
    check_told(bench, message);

    message = full_message(bench.recipient());
    ++message.delivery.value;
    message.text = std::string("\xff\xfe\0 broken \xf0\x9f\x98", 15);
    BOOST_TEST(std::holds_alternative<Delivered>(send_all(bench, message)));
    check_told(bench, message);

    message = full_message(bench.recipient());
    ++message.delivery.value;
    message.text.clear();
    for (int line = 0; line < 120; ++line) message.text += "строка " + std::to_string(line) + " & <b>\n";
    BOOST_TEST(std::holds_alternative<Delivered>(send_all(bench, message)));
    check_told(bench, message);
  });
}

BOOST_AUTO_TEST_CASE(rendering_is_a_function_of_the_message) {
  for_each_channel(Peer::good, [](ChannelBench& bench) {
    const auto message = full_message(bench.recipient());
    const auto first = bench.channel().render(message);
    BOOST_TEST(!first.empty());
    BOOST_TEST(bench.channel().render(message) == first, boost::test_tools::per_element());
    BOOST_TEST(bench.received().empty());
  });
}

BOOST_AUTO_TEST_CASE(a_repetition_can_be_told) {
  for_each_channel(Peer::good, [](ChannelBench& bench) {
    auto message = full_message(bench.recipient());
    BOOST_TEST(std::holds_alternative<Delivered>(send_all(bench, message)));
    message.possibly_repeated = true;
    BOOST_TEST(std::holds_alternative<Delivered>(send_all(bench, message)));
    const auto got = bench.received();
    BOOST_REQUIRE_EQUAL(got.size(), 2U);
    const bool by_id = !got[0].id.empty() && got[0].id == got[1].id;
    const bool by_words = got[1].text.find("may have come before") != std::string::npos;
    BOOST_TEST((by_id || by_words));

    auto other = full_message(bench.recipient());
    ++other.alert.value;
    ++other.delivery.value;
    BOOST_TEST(std::holds_alternative<Delivered>(send_all(bench, other)));
    const auto third = bench.received();
    BOOST_REQUIRE_EQUAL(third.size(), 1U);
    if (by_id) BOOST_TEST(third[0].id != got[0].id);
  });
}

BOOST_AUTO_TEST_CASE(a_dead_peer_means_later) {
  for_each_channel(Peer::dead, [](ChannelBench& bench) {
    const auto begun = std::chrono::steady_clock::now();
    const auto outcome = bench.channel().send(full_message(bench.recipient()), {});
    BOOST_TEST((std::chrono::steady_clock::now() - begun < 10s));
    BOOST_TEST(std::holds_alternative<RetryAfter>(outcome));
    check_reason(bench, outcome);
    if (const auto* later = std::get_if<RetryAfter>(&outcome)) BOOST_TEST(!later->in_doubt);
  });
}

BOOST_AUTO_TEST_CASE(a_hanging_peer_means_later_by_the_deadline) {
  for_each_channel(Peer::hanging, [](ChannelBench& bench) {
    const auto begun = std::chrono::steady_clock::now();
    const auto outcome = bench.channel().send(full_message(bench.recipient()), {});
    BOOST_TEST((std::chrono::steady_clock::now() - begun < 5s));
    BOOST_TEST(std::holds_alternative<RetryAfter>(outcome));
    check_reason(bench, outcome);
  });
}

BOOST_AUTO_TEST_CASE(a_stop_ends_the_wait) {
  for_each_channel(Peer::hanging, [](ChannelBench& bench) {
    std::stop_source stop;
    stop.request_stop();
    const auto begun = std::chrono::steady_clock::now();
    const auto outcome = bench.channel().send(full_message(bench.recipient()), stop.get_token());
    BOOST_TEST((std::chrono::steady_clock::now() - begun < 2500ms));
    BOOST_TEST(std::holds_alternative<RetryAfter>(outcome));
    check_reason(bench, outcome);
  });
}

BOOST_AUTO_TEST_CASE(a_recipient_that_is_none_is_an_outcome) {
  for_each_channel(Peer::good, [](ChannelBench& bench) {
    if (bench.recipient().empty()) return;  // there is only one
    auto recipients = nasty_names();
    recipients.emplace_back();
    recipients.emplace_back("no\0body", 7);
    for (const auto& recipient : recipients) {
      BOOST_TEST_CONTEXT(json_quote(recipient)) {
        const auto outcome = bench.channel().send(full_message(recipient), {});
        BOOST_TEST(!std::holds_alternative<Delivered>(outcome));
        check_reason(bench, outcome);
      }
    }
    BOOST_TEST(bench.received().empty());
  });
}

BOOST_AUTO_TEST_CASE(asking_when_a_message_may_go_changes_nothing) {
  for_each_channel(Peer::good, [](ChannelBench& bench) {
    const auto now = full_message("").created_at;
    for (int i = 0; i < 100; ++i) BOOST_TEST((bench.channel().ready_at(bench.recipient(), now) <= now));
  });
}

BOOST_AUTO_TEST_SUITE_END()
