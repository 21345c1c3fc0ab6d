#include <boost/test/unit_test.hpp>
#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "notify/telegram_pacer.hpp"

using namespace visitor;
using namespace visitor::notify;
using namespace std::chrono_literals;

namespace {

const Instant kStart{1'700'000'000s};

/// Sends \p count messages to each chat as early as allowed, and answers when each went.
std::vector<Instant> send_all(TelegramPacer& pacer, const std::vector<std::string>& chats, int count) {
  std::vector<Instant> times;
  auto now = kStart;
  std::map<std::string, int> left;
  for (const auto& chat : chats) left[chat] = count;
  while (!left.empty()) {
    // The one that may go first, and of these the one with the most to come.
    auto next = left.begin();
    const auto rank = [&](const auto& chat) { return std::pair{pacer.ready_at(chat.first, now), -chat.second}; };
    for (auto it = left.begin(); it != left.end(); ++it)
      if (rank(*it) < rank(*next)) next = it;
    now = pacer.ready_at(next->first, now);
    pacer.answered(next->first, now);
    times.push_back(now);
    if (--next->second == 0) left.erase(next);
  }
  return times;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(telegram_pacer)

BOOST_AUTO_TEST_CASE(the_first_message_goes_at_once) {
  BOOST_TEST(TelegramPacer{}.ready_at("42", kStart) == kStart);
}

BOOST_AUTO_TEST_CASE(a_chat_gets_one_message_a_second) {
  TelegramPacer pacer;
  pacer.answered("42", kStart);
  BOOST_TEST(pacer.ready_at("42", kStart) == kStart + 1s);
  BOOST_TEST(pacer.ready_at("42", kStart + 400ms) == kStart + 1s);
  BOOST_TEST(pacer.ready_at("42", kStart + 1s) == kStart + 1s);
  BOOST_TEST(pacer.ready_at("43", kStart) == kStart);
}

BOOST_AUTO_TEST_CASE(a_group_gets_twenty_a_minute_and_a_person_sixty) {
  for (const auto* const chat : {"-42", "@house"}) {
    TelegramPacer pacer;
    const auto times = send_all(pacer, {chat}, 41);
    BOOST_TEST(times[19] == kStart + 19s);
    BOOST_TEST(times[20] == kStart + 60s);
    BOOST_TEST(times[40] == kStart + 120s);
  }
  TelegramPacer pacer;
  BOOST_TEST(send_all(pacer, {"42"}, 41)[40] == kStart + 40s);
}

BOOST_AUTO_TEST_CASE(the_bot_sends_thirty_a_second_and_never_one_more_in_any_second) {
  std::vector<std::string> chats;
  for (int i = 1; i <= 100; ++i) chats.push_back(std::to_string(i));
  TelegramPacer pacer;
  const auto times = send_all(pacer, chats, 3);
  BOOST_REQUIRE_EQUAL(times.size(), 300U);
  BOOST_TEST(times[29] == kStart);
  BOOST_TEST(times.back() == kStart + 9s);
  for (std::size_t i = 30; i < times.size(); ++i) BOOST_TEST_REQUIRE((times[i] - times[i - 30] >= 1s));
}

BOOST_AUTO_TEST_CASE(what_is_under_way_counts_until_a_window_after_its_answer) {
  TelegramPacer pacer;
  for (int i = 0; i < 30; ++i) pacer.begun(std::to_string(i));
  BOOST_TEST((pacer.ready_at("99", kStart) > kStart));
  BOOST_TEST((pacer.ready_at("99", kStart + 900ms) > kStart + 900ms));
  for (int i = 0; i < 30; ++i) pacer.answered(std::to_string(i), kStart + 950ms);
  BOOST_TEST(pacer.ready_at("99", kStart + 1s) == kStart + 1950ms);
  BOOST_TEST(pacer.ready_at("0", kStart + 1s) == kStart + 1950ms);
}

BOOST_AUTO_TEST_CASE(what_is_under_way_to_a_chat_holds_up_that_chat_alone) {
  TelegramPacer pacer;
  pacer.begun("42");
  BOOST_TEST((pacer.ready_at("42", kStart) > kStart));
  BOOST_TEST(pacer.ready_at("43", kStart) == kStart);
  pacer.dropped("42");
  BOOST_TEST(pacer.ready_at("42", kStart) == kStart);
}

BOOST_AUTO_TEST_CASE(the_last_of_a_backlog_goes_when_sending_it_shows) {
  for (const auto* const chat : {"42", "-42"})
    for (const int before : {0, 7, 20})
      for (const int count : {1, 13, 20, 21, 40, 41}) {
        TelegramPacer pacer;
        auto now = kStart;
        for (int i = 0; i < before; ++i) pacer.answered(chat, now = std::max(now, pacer.ready_at(chat, now)));
        const auto expected = pacer.last_at(chat, static_cast<std::size_t>(count), now);
        for (int i = 0; i < count; ++i) pacer.answered(chat, now = std::max(now, pacer.ready_at(chat, now)));
        BOOST_TEST(expected == now, chat << " " << before << " " << count << ": " << (now - expected).count());
      }
  BOOST_TEST(TelegramPacer{}.last_at("", 0, kStart) == kStart);
  BOOST_TEST(TelegramPacer{}.last_at("", 30, kStart) == kStart);
  BOOST_TEST(TelegramPacer{}.last_at("", 301, kStart) == kStart + 10s);
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_set_back_delays_by_one_window_at_most) {
  TelegramPacer pacer;
  for (int i = 0; i < 20; ++i) pacer.answered("-42", kStart + std::chrono::seconds{i});
  BOOST_TEST(pacer.ready_at("-42", kStart - 24h) == kStart - 24h + 60s);
  BOOST_TEST(pacer.ready_at("7", kStart - 24h) == kStart - 24h);
}

BOOST_AUTO_TEST_CASE(chats_that_were_quiet_for_a_minute_are_forgotten) {
  TelegramPacer pacer;
  for (int i = 0; i < 1000; ++i) pacer.answered(std::to_string(i), kStart);
  BOOST_TEST(pacer.chats() == 1000U);
  pacer.answered("-42", kStart + 61s);
  BOOST_TEST(pacer.chats() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
