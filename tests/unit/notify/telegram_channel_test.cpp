#include <boost/test/unit_test.hpp>
#include <chrono>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "core/error.hpp"
#include "notify/telegram_channel.hpp"
#include "notify/telegram_text.hpp"
#include "support/has_code.hpp"
#include "support/manual_clock.hpp"
#include "support/telegram_fake/server.hpp"

using namespace visitor;
using namespace visitor::notify;
using namespace std::chrono_literals;
using telegram_fake::Fault;
using test::has_code;
using test::ManualClock;

namespace {

using Scope = RetryAfter::Scope;

struct TelegramFixture {
  ManualClock clock{test::at("2026-09-01T08:00:00Z")};
  telegram_fake::Server fake{{.now = [this] { return clock.now(); }}};
  // No patience: where a message must wait, the test says how long.
  TelegramChannel channel{{.base_url = fake.url(), .token = Secret{fake.token()}}, clock, 0ms};

  TelegramFixture() {
    fake.with([](telegram_fake::State& state) {
      state.add_chat(42);
      state.add_chat(-100);
    });
  }

  static Message message(const std::string& recipient = "42") {
    Message message;
    message.alert = AlertId{1};
    message.delivery = DeliveryId{1};
    message.recipient = recipient;
    message.subject = "Security Alert: Long stay";
    message.facts = {{"Guest", "Anna <b>&\" Petrova"}};
    message.text = "In the building for 9 h.";
    return message;
  }
  static Message long_message(std::size_t parts) {
    auto long_one = message();
    for (std::size_t i = 1; i < parts; ++i) long_one.text += "\n" + std::string(4090, static_cast<char>('a' + i));
    return long_one;
  }
  static Photo photo() { return {"image/jpeg", "\xFF\xD8\xFF\xE0 the rest of it"}; }

  /// Sends as a dispatcher does: what is to be sent later is sent later.
  Outcome send_to_the_end(Message message) {
    for (int i = 0; i < 100; ++i) {
      clock.set(std::max(clock.now(), channel.ready_at(message.recipient, clock.now())));
      auto outcome = channel.send(message, {});
      const auto* later = std::get_if<RetryAfter>(&outcome);
      if (later == nullptr) return outcome;
      message.progress = later->progress;
      if (!later->moved_to.empty()) message.recipient = later->moved_to;
      clock.advance(later->wait);
    }
    BOOST_FAIL("the message never arrives");
    return Refused{};
  }
  void let_a_minute_pass() { clock.advance(61s); }

  std::string text(std::int64_t chat = 42) {
    std::string all;
    for (const auto& shown : fake.shown(chat)) all += (all.empty() ? "" : "|") + shown.text;
    return all;
  }
  static Fault error(int code, std::string description, int retry_after = 0) {
    Fault fault;
    fault.code = code;
    fault.description = std::move(description);
    fault.retry_after = retry_after;
    return fault;
  }
  static Fault breakdown(Fault::Kind kind, int code = 502) {
    Fault fault;
    fault.kind = kind;
    fault.code = code;
    return fault;
  }
};

const Delivered& delivered(const Outcome& outcome) {
  if (const auto* later = std::get_if<RetryAfter>(&outcome)) BOOST_FAIL("later: " + later->reason);
  if (const auto* refused = std::get_if<Refused>(&outcome)) BOOST_FAIL("refused: " + refused->reason);
  return std::get<Delivered>(outcome);
}

const RetryAfter& later(const Outcome& outcome) {
  BOOST_REQUIRE(std::holds_alternative<RetryAfter>(outcome));
  return std::get<RetryAfter>(outcome);
}

const Refused& refused(const Outcome& outcome) {
  BOOST_REQUIRE(std::holds_alternative<Refused>(outcome));
  return std::get<Refused>(outcome);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(telegram_channel, TelegramFixture)

BOOST_AUTO_TEST_CASE(a_message_arrives_and_its_place_is_handed_back) {
  auto with_buttons = message();
  with_buttons.buttons = {{{"Take", "take-1"}, {"Resolve", "resolve-1"}}, {{"False alarm", "false-1"}}};
  const auto outcome = channel.send(with_buttons, {});

  BOOST_TEST(delivered(outcome).provider_id == "42:1");
  BOOST_TEST(text() == "Security Alert: Long stay\n\nGuest: Anna <b>&\" Petrova\n\nIn the building for 9 h.");
  const auto shown = fake.shown(42).at(0);
  BOOST_TEST(shown.html.starts_with("<b>Security Alert: Long stay</b>\n"));
  BOOST_REQUIRE_EQUAL(shown.keyboard.size(), 2U);
  BOOST_TEST(shown.keyboard[0][1].text == "Resolve");
  BOOST_TEST(shown.keyboard[1][0].data == "false-1");
}

BOOST_AUTO_TEST_CASE(what_is_too_long_goes_in_parts_with_the_buttons_under_the_last) {
  auto message = long_message(4);
  message.buttons = {{{"Take", "take-1"}}};
  const auto outcome = send_to_the_end(message);

  BOOST_TEST(delivered(outcome).provider_id == "42:1,2,3,4");
  const auto shown = fake.shown(42);
  BOOST_REQUIRE_EQUAL(shown.size(), 4U);
  BOOST_TEST(shown[0].keyboard.empty());
  BOOST_TEST(!shown[3].keyboard.empty());
  BOOST_TEST(shown[1].reply_to == 1);
  BOOST_TEST(fake.calls_of("sendMessage") == 4);
}

BOOST_AUTO_TEST_CASE(a_part_that_went_out_does_not_go_out_twice) {
  const auto first = channel.send(long_message(3), {});
  BOOST_TEST(!later(first).progress.empty());
  BOOST_TEST((later(first).scope == Scope::recipient));
  BOOST_TEST(later(first).wait.count() == 1000);
  BOOST_TEST(fake.shown(42).size() == 1U);

  fake.fail(error(500, "Internal Server Error"));
  delivered(send_to_the_end([&] {
    auto again = long_message(3);
    again.progress = later(first).progress;
    return again;
  }()));
  BOOST_TEST(fake.shown(42).size() == 3U);
}

BOOST_AUTO_TEST_CASE(progress_of_other_words_counts_for_nothing) {
  auto other = long_message(2);
  other.progress = later(channel.send(long_message(3), {})).progress;
  let_a_minute_pass();
  delivered(send_to_the_end(other));
  BOOST_TEST(fake.shown(42).size() == 3U);

  for (const char* nonsense : {"x", "/", "42:", "0123456789abcdef/42:1,1,1,1,1,1", "::", "18446744073709551616/42:1"}) {
    auto message = TelegramFixture::message();
    message.progress = nonsense;
    let_a_minute_pass();
    delivered(channel.send(message, {}));
  }
}

BOOST_AUTO_TEST_CASE(blank_parts_are_left_out) {
  auto message = TelegramFixture::message();
  message.text = std::string(10'000, ' ') + "end";
  delivered(send_to_the_end(message));
  BOOST_TEST(text().ends_with("end"));
  for (const auto& call : fake.calls()) BOOST_TEST(call.code == 200);

  Message nothing;
  nothing.recipient = "42";
  BOOST_TEST(!refused(channel.send(nothing, {})).reason.empty());
}

BOOST_AUTO_TEST_CASE(the_limits_of_rate_are_kept_without_one_429) {
  std::vector<std::string> chats;
  fake.with([&](telegram_fake::State& state) {
    for (int i = 0; i < 50; ++i) {
      state.add_chat(i % 5 == 0 ? -1000 - i : 1000 + i);
      chats.push_back(std::to_string(i % 5 == 0 ? -1000 - i : 1000 + i));
    }
  });
  const auto begin = clock.now();
  for (int round = 0; round < 3; ++round)
    for (const auto& chat : chats) delivered(send_to_the_end(message(chat)));
  fake.with([](telegram_fake::State& state) { BOOST_TEST(state.floods() == 0); });
  BOOST_TEST((clock.now() - begin < 6s));
}

BOOST_AUTO_TEST_CASE(a_message_before_its_time_is_not_sent) {
  delivered(channel.send(message(), {}));
  BOOST_TEST(channel.ready_at("42", clock.now()) == clock.now() + 1s);
  BOOST_TEST((later(channel.send(message(), {})).scope == Scope::recipient));
  BOOST_TEST(fake.calls_of("sendMessage") == 1);
}

BOOST_AUTO_TEST_CASE(a_reserved_message_counts_before_it_is_sent_and_once) {
  channel.reserve("42");
  BOOST_TEST((channel.ready_at("42", clock.now()) > clock.now()));
  delivered(channel.send(message(), {}));
  BOOST_TEST(channel.ready_at("42", clock.now()) == clock.now() + 1s);
  // What shows nothing is never sent.
  channel.reserve("-100");
  Message nothing;
  nothing.recipient = "-100";
  refused(channel.send(nothing, {}));
  BOOST_TEST(channel.ready_at("-100", clock.now()) == clock.now());
}

BOOST_AUTO_TEST_CASE(as_many_as_it_has_hands_are_sent_at_once_each_on_a_connection_of_its_own) {
  const auto hands = channel.hands();
  BOOST_REQUIRE(hands > 1U);
  fake.with([&](telegram_fake::State& state) {
    for (std::size_t i = 0; i < hands; ++i) state.add_chat(static_cast<std::int64_t>(1 + i));
  });
  for (int round = 0; round < 5; ++round) {
    std::vector<Outcome> outcomes(hands, Refused{});
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < hands; ++i) {
      channel.reserve(std::to_string(1 + i));
      threads.emplace_back([&, i] { outcomes[i] = channel.send(message(std::to_string(1 + i)), {}); });
    }
    threads.clear();
    for (const auto& outcome : outcomes) delivered(outcome);
    clock.advance(1s);
  }
  fake.with([](telegram_fake::State& state) { BOOST_TEST(state.floods() == 0); });
  for (std::size_t i = 0; i < hands; ++i) BOOST_TEST(fake.shown(static_cast<std::int64_t>(1 + i)).size() == 5U);
}

BOOST_AUTO_TEST_CASE(a_flood_wait_is_of_the_chat_and_of_the_bot_where_another_chat_waits_too) {
  fake.fail(error(429, "Too Many Requests: retry after 7", 7));
  const auto chat = later(channel.send(message(), {}));
  BOOST_TEST((chat.wait == 7s));
  BOOST_TEST((chat.scope == Scope::recipient));

  fake.fail(error(429, "Too Many Requests: retry after 5", 5));
  const auto bot = later(channel.send(message("-100"), {}));
  BOOST_TEST((bot.wait == 5s));
  BOOST_TEST((bot.scope == Scope::channel));

  clock.advance(8s);
  fake.fail(error(429, "Too Many Requests: retry after 3", 3));
  BOOST_TEST((later(channel.send(message(), {})).scope == Scope::recipient));
}

BOOST_AUTO_TEST_CASE(who_blocked_the_bot_is_refused) {
  fake.with([](telegram_fake::State& state) { state.find_chat(42)->blocked = true; });
  BOOST_TEST(refused(channel.send(message(), {})).reason == "Forbidden: bot was blocked by the user");
}

BOOST_AUTO_TEST_CASE(a_chat_that_is_not_there_is_refused) {
  BOOST_TEST(refused(channel.send(message("4711"), {})).reason == "Bad Request: chat not found");
  let_a_minute_pass();
  refused(channel.send(message("@nobody"), {}));
  let_a_minute_pass();
  refused(channel.send(message(""), {}));
  BOOST_TEST(fake.calls_of("sendMessage") == 3);
}

BOOST_AUTO_TEST_CASE(a_group_that_became_a_supergroup_gets_its_message_there) {
  fake.with([](telegram_fake::State& state) {
    state.find_chat(-100)->moved_to = -1009;
    state.add_chat(-1009);
  });
  const auto outcome = channel.send(message("-100"), {});
  BOOST_TEST(delivered(outcome).provider_id == "-1009:1");
  BOOST_TEST(delivered(outcome).moved_to == "-1009");
  BOOST_TEST(fake.shown(-1009).size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_new_place_is_told_also_where_the_message_must_wait_there) {
  fake.with([](telegram_fake::State& state) {
    state.find_chat(-100)->moved_to = -1009;
    state.add_chat(-1009).blocked = false;
  });
  auto message = long_message(2);
  message.recipient = "-100";
  const auto outcome = channel.send(message, {});
  BOOST_TEST(later(outcome).moved_to == "-1009");
  message.recipient = "-1009";
  message.progress = later(outcome).progress;
  delivered(send_to_the_end(message));
  BOOST_TEST(fake.shown(-1009).size() == 2U);
}

BOOST_AUTO_TEST_CASE(two_groups_that_point_at_each_other_are_refused) {
  fake.with([](telegram_fake::State& state) {
    state.find_chat(-100)->moved_to = -200;
    state.add_chat(-200).moved_to = -100;
  });
  refused(channel.send(message("-100"), {}));
}

BOOST_AUTO_TEST_CASE(a_server_in_trouble_is_tried_again) {
  fake.fail(error(500, "Internal Server Error"));
  const auto outcome = channel.send(message(), {});
  BOOST_TEST((later(outcome).scope == Scope::message));
  BOOST_TEST(!later(outcome).in_doubt);
}

BOOST_AUTO_TEST_CASE(a_page_of_a_gateway_is_tried_again_and_the_message_may_have_arrived) {
  fake.fail(breakdown(Fault::Kind::html));
  const auto outcome = channel.send(message(), {});
  BOOST_TEST(later(outcome).in_doubt);
  BOOST_TEST(later(outcome).reason == "the answer with status 502 is not the Bot API's");
}

BOOST_AUTO_TEST_CASE(a_lost_answer_leaves_the_message_in_doubt) {
  fake.fail(breakdown(Fault::Kind::drop));
  const auto outcome = channel.send(message(), {});
  BOOST_TEST(later(outcome).in_doubt);
  BOOST_TEST((later(outcome).scope == Scope::channel));
  BOOST_TEST(fake.shown(42).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_server_that_is_not_there_leaves_no_doubt) {
  TelegramChannel dead{{.base_url = "http://127.0.0.1:1", .token = Secret{fake.token()}}, clock, 0ms};
  const auto outcome = dead.send(message(), {});
  BOOST_TEST(!later(outcome).in_doubt);
  BOOST_TEST((later(outcome).scope == Scope::channel));
  BOOST_TEST(later(outcome).reason == "127.0.0.1 port 1 refuses connections");
}

BOOST_AUTO_TEST_CASE(a_stop_ends_the_wait_for_a_server_that_hangs) {
  fake.fail(breakdown(Fault::Kind::hang));
  std::stop_source stop;
  std::jthread stopper{[&] {
    while (fake.calls_of("sendMessage") == 0) std::this_thread::sleep_for(1ms);
    stop.request_stop();
  }};
  BOOST_TEST(later(channel.send(message(), stop.get_token())).in_doubt);
}

BOOST_AUTO_TEST_CASE(a_bot_that_is_not_known_stops_the_channel_and_says_where_to_look) {
  for (const char* token : {"999:somebody_elses_token", "123456:AAE-wrong-wrong-wrong"}) {
    TelegramChannel stranger{{.base_url = fake.url(), .token = Secret{token}}, clock, 0ms};
    const auto outcome = stranger.send(message(), {});
    BOOST_TEST((later(outcome).scope == Scope::channel));
    BOOST_TEST((later(outcome).wait == 60s));
    BOOST_TEST(later(outcome).reason ==
               "Telegram does not know the bot (Unauthorized): see telegram.token_file and telegram.base_url");
  }
}

BOOST_AUTO_TEST_CASE(the_token_is_in_no_reason_whatever_the_other_side_says) {
  const auto secret = fake.token().substr(fake.token().find(':') + 1);
  for (const int code : {400, 401, 403, 404, 429, 500, 502}) {
    fake.fail(error(code, "https://api.telegram.org/bot" + fake.token() + "/sendMessage went wrong", 1));
    fake.fail(error(code, "bot" + fake.token(), 1));
    const auto outcome = channel.send(message(), {});
    const auto reason = std::visit(
        [](const auto& said) -> std::string {
          if constexpr (requires { said.reason; })
            return said.reason;
          else
            return said.provider_id;
        },
        outcome);
    BOOST_TEST_CONTEXT(code << ": " << reason) {
      BOOST_TEST(reason.find(secret) == std::string::npos);
    }
    let_a_minute_pass();
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_token_or_no_address_is_found_at_once_and_not_repeated) {
  for (const char* bad : {"", "123456", "123456:", "abc:defghijkl", "123456:short", "123456:AAE fake token",
                          "1:2/../../x", "123456:AAEfaketoken\n"})
    BOOST_CHECK_EXCEPTION((TelegramChannel{{.base_url = fake.url(), .token = Secret{bad}}, clock}), Error,
                          [&](const Error& error) {
                            return error.code() == Errc::config &&
                                   (std::string_view{bad}.size() < 8 || error.message().find(bad) == std::string::npos);
                          });
  for (const char* bad : {"", "api.telegram.org", "ftp://x", "https://", "https://x/?a=b"})
    BOOST_CHECK_THROW((TelegramChannel{{.base_url = bad, .token = Secret{fake.token()}}, clock}), Error);
}

BOOST_AUTO_TEST_CASE(words_that_telegram_does_not_want_go_out_plain) {
  fake.fail(error(400, "Bad Request: can't parse entities: Unsupported start tag"));
  auto with_buttons = message();
  with_buttons.buttons = {{{"Take", std::string(65, 'x')}}};
  delivered(send_to_the_end(with_buttons));
  BOOST_TEST(text() == "Security Alert: Long stay\n\nGuest: Anna <b>&\" Petrova\n\nIn the building for 9 h.");
}

BOOST_AUTO_TEST_CASE(what_telegram_does_not_want_even_plain_is_refused) {
  fake.fail(error(400, "Bad Request: something"));
  fake.fail(error(400, "Bad Request: something else"));
  BOOST_TEST(refused(send_to_the_end(message())).reason == "Bad Request: something else");
}

BOOST_AUTO_TEST_CASE(a_photo_carries_the_text_as_its_caption) {
  auto with_photo = message();
  with_photo.photo = photo();
  with_photo.buttons = {{{"Take", "take-1"}}};
  delivered(channel.send(with_photo, {}));
  const auto shown = fake.shown(42).at(0);
  BOOST_TEST(shown.photo);
  BOOST_TEST(shown.text.starts_with("Security Alert"));
  BOOST_TEST(shown.keyboard.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_a_caption_cannot_hold_follows_the_photo) {
  auto with_photo = message();
  with_photo.photo = photo();
  with_photo.text = std::string(2'000, 'x');
  delivered(send_to_the_end(with_photo));
  const auto shown = fake.shown(42);
  BOOST_REQUIRE_EQUAL(shown.size(), 2U);
  BOOST_TEST(shown[0].photo);
  BOOST_TEST(!shown[1].photo);
}

BOOST_AUTO_TEST_CASE(a_photo_that_telegram_does_not_want_is_left_out) {
  auto with_photo = message();
  with_photo.photo = Photo{"image/jpeg", "not a picture"};
  delivered(send_to_the_end(with_photo));
  const auto shown = fake.shown(42);
  BOOST_REQUIRE_EQUAL(shown.size(), 1U);
  BOOST_TEST(!shown[0].photo);
}

BOOST_AUTO_TEST_CASE(a_photo_for_a_chat_that_is_not_there_is_refused_once) {
  auto with_photo = message("4711");
  with_photo.photo = photo();
  refused(channel.send(with_photo, {}));
  BOOST_TEST(fake.calls().size() == 1U);
}

BOOST_AUTO_TEST_CASE(news_of_a_message_are_edited_into_it) {
  auto update = message();
  update.buttons = {{{"Take", "take-1"}}};
  update.replaces = delivered(channel.send(update, {})).provider_id;
  update.kind = domain::AlertKind::incident_ended;
  update.text = "Resolved by anna.";
  update.buttons.clear();
  BOOST_TEST(delivered(send_to_the_end(update)).provider_id == "42:1");
  const auto shown = fake.shown(42);
  BOOST_REQUIRE_EQUAL(shown.size(), 1U);
  BOOST_TEST(shown[0].edits == 1);
  BOOST_TEST(shown[0].keyboard.empty());
  BOOST_TEST(shown[0].text.ends_with("Resolved by anna."));
}

BOOST_AUTO_TEST_CASE(an_edit_that_changes_nothing_is_as_good_as_done) {
  auto update = message();
  update.replaces = delivered(channel.send(update, {})).provider_id;
  update.kind = domain::AlertKind::incident_updated;
  delivered(send_to_the_end(update));
  BOOST_TEST(fake.shown(42).at(0).edits == 0);
}

BOOST_AUTO_TEST_CASE(what_can_no_longer_be_edited_is_answered_to) {
  auto update = message();
  update.replaces = delivered(channel.send(update, {})).provider_id;
  update.kind = domain::AlertKind::incident_updated;
  update.text = "Seen again.";
  fake.with([](telegram_fake::State& state) { state.find_chat(42)->messages.at(0).frozen = true; });
  BOOST_TEST(delivered(send_to_the_end(update)).provider_id == "42:2");
  const auto shown = fake.shown(42);
  BOOST_REQUIRE_EQUAL(shown.size(), 2U);
  BOOST_TEST(shown[1].reply_to == 1);
}

BOOST_AUTO_TEST_CASE(what_was_deleted_meanwhile_is_sent_anew) {
  auto update = message();
  update.replaces = delivered(channel.send(update, {})).provider_id;
  update.kind = domain::AlertKind::incident_updated;
  fake.with([](telegram_fake::State& state) { state.find_chat(42)->messages.at(0).deleted = true; });
  delivered(send_to_the_end(update));
  BOOST_TEST(fake.shown(42).at(0).reply_to == 0);
}

BOOST_AUTO_TEST_CASE(an_escalation_must_be_heard_and_answers) {
  auto escalation = message();
  escalation.replaces = delivered(channel.send(escalation, {})).provider_id;
  escalation.kind = domain::AlertKind::incident_escalated;
  delivered(send_to_the_end(escalation));
  const auto shown = fake.shown(42);
  BOOST_REQUIRE_EQUAL(shown.size(), 2U);
  BOOST_TEST(shown[1].reply_to == 1);
}

BOOST_AUTO_TEST_CASE(the_caption_of_a_photo_is_edited) {
  auto update = message();
  update.photo = photo();
  update.replaces = delivered(channel.send(update, {})).provider_id;
  update.photo.reset();
  update.kind = domain::AlertKind::incident_ended;
  update.text = "Resolved.";
  delivered(send_to_the_end(update));
  const auto shown = fake.shown(42);
  BOOST_REQUIRE_EQUAL(shown.size(), 1U);
  BOOST_TEST(shown[0].photo);
  BOOST_TEST(shown[0].text.ends_with("Resolved."));
}

BOOST_AUTO_TEST_CASE(an_edit_may_need_more_parts_or_fewer_than_before) {
  auto update = message();
  update.replaces = delivered(channel.send(update, {})).provider_id;
  auto longer = long_message(3);
  longer.kind = domain::AlertKind::incident_updated;
  longer.replaces = update.replaces;
  const auto grown = delivered(send_to_the_end(longer)).provider_id;
  BOOST_TEST(grown == "42:1,2,3");
  BOOST_TEST(fake.shown(42).size() == 3U);

  update.kind = domain::AlertKind::incident_updated;
  update.replaces = grown;
  BOOST_TEST(delivered(send_to_the_end(update)).provider_id == "42:1");
  BOOST_TEST(fake.shown(42).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_place_that_is_none_or_of_another_chat_is_not_edited) {
  for (const char* place : {"", "x", "42", "42:", "42:x", "42:-1", "-100:1", "42:1,,2"}) {
    auto update = message();
    update.kind = domain::AlertKind::incident_updated;
    update.replaces = place;
    delivered(send_to_the_end(update));
  }
  BOOST_TEST(fake.calls_of("editMessageText") == 0);
}

BOOST_AUTO_TEST_CASE(a_message_of_several_parts_waits_for_its_next_second_by_itself) {
  const SystemClock system;
  telegram_fake::Server live;
  live.with([](telegram_fake::State& state) { state.add_chat(42); });
  TelegramChannel patient{{.base_url = live.url(), .token = Secret{live.token()}}, system};
  BOOST_TEST(delivered(patient.send(long_message(2), {})).provider_id == "42:1,2");
  live.with([](telegram_fake::State& state) { BOOST_TEST(state.floods() == 0); });
}

BOOST_AUTO_TEST_SUITE_END()
