#include <thread>

#include "client_fixture.hpp"
#include "net/digest.hpp"

namespace visitor::hikvision {
namespace {

/// Whether the Authorization header is what RFC 7616 wants for the right password.
bool is_right(const Seen& seen) {
  const auto challenges = net::parse_digest_challenges(test::challenge(seen.digest("nonce")));
  const Secret password{kPassword};
  const auto cnonce = seen.digest("cnonce");
  const auto expected = net::digest_authorization(
      challenges.at(0), {"poller", password, seen.method, seen.target, cnonce,
                         static_cast<std::uint32_t>(std::stoul(seen.digest("nc"), nullptr, 16))});
  return expected == seen.authorization;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(client_login, ClientFixture)

BOOST_AUTO_TEST_CASE(a_challenge_is_fetched_without_a_body_and_then_answered) {
  TestTerminal terminal{test::logged_in([](const Seen&, int) { return one_event(); })};
  auto ours = client(terminal);
  const auto page = ours.search_events({});
  BOOST_REQUIRE(page);
  BOOST_TEST(page->events.size() == 1U);

  const auto seen = terminal.seen();
  BOOST_REQUIRE_EQUAL(seen.size(), 2U);
  BOOST_TEST(seen[0].method == "POST");
  BOOST_TEST(seen[0].authorization.empty());
  BOOST_TEST(seen[0].body.empty());
  BOOST_TEST(seen[1].target == "/ISAPI/AccessControl/AcsEvent?format=json");
  BOOST_TEST(seen[1].digest("uri") == "/ISAPI/AccessControl/AcsEvent?format=json");
  BOOST_TEST(seen[1].body == search_body({}));
  BOOST_TEST(is_right(seen[1]));
  BOOST_TEST(seen[1].authorization.find("qop=auth,") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_nonce_is_used_twice_within_a_second_and_never_a_third_time) {
  TestTerminal terminal{test::logged_in([](const Seen&, int) { return device_info(); })};
  auto ours = client(terminal);
  for (int i = 0; i < 3; ++i) BOOST_REQUIRE(ours.device_info());
  const auto seen = terminal.seen();
  BOOST_REQUIRE_EQUAL(seen.size(), 5U);
  BOOST_TEST(seen[1].digest("nonce") == "n1");
  BOOST_TEST(seen[1].digest("nc") == "00000001");
  BOOST_TEST(seen[2].digest("nonce") == "n1");
  BOOST_TEST(seen[2].digest("nc") == "00000002");
  BOOST_TEST(is_right(seen[2]));
  BOOST_TEST(seen[3].authorization.empty());
  BOOST_TEST(seen[4].digest("nonce") == "n2");
}

BOOST_AUTO_TEST_CASE(a_nonce_older_than_a_second_is_not_used_again) {
  TestTerminal terminal{test::logged_in([](const Seen&, int) { return device_info(); })};
  auto ours = client(terminal);
  BOOST_REQUIRE(ours.device_info());
  std::this_thread::sleep_for(1'050ms);
  BOOST_REQUIRE(ours.device_info());
  BOOST_TEST(terminal.seen().back().digest("nonce") == "n2");
}

BOOST_AUTO_TEST_CASE(a_stale_nonce_is_replaced_by_the_new_one_once) {
  TestTerminal terminal{test::logged_in([](const Seen&, int number) {
    if (number == 1) return Reply{.status = 401, .challenges = {test::challenge("fresh", "stale=\"TRUE\"")}};
    return device_info();
  })};
  auto ours = client(terminal);
  BOOST_REQUIRE(ours.device_info());
  BOOST_TEST(terminal.requests() == 3U);
  BOOST_TEST(terminal.seen().back().digest("nonce") == "fresh");
}

BOOST_AUTO_TEST_CASE(a_terminal_that_calls_every_nonce_stale_is_not_asked_for_ever) {
  TestTerminal terminal{test::logged_in([](const Seen&, int number) {
    return Reply{.status = 401, .challenges = {test::challenge("s" + std::to_string(number), "stale=true")}};
  })};
  auto ours = client(terminal);
  const auto outcome = ours.device_info();
  BOOST_REQUIRE(!outcome);
  BOOST_TEST((outcome.failure().kind == FailureKind::refused));
  BOOST_TEST(terminal.requests() == 3U);
}

BOOST_AUTO_TEST_CASE(invalid_operation_without_a_challenge_is_a_used_up_nonce) {
  TestTerminal terminal{test::logged_in([](const Seen&, int number) {
    return number == 1 ? status_xml(401, 4, "Invalid Operation", "invalidOperation") : device_info();
  })};
  auto ours = client(terminal);
  BOOST_REQUIRE(ours.device_info());
  const auto seen = terminal.seen();
  BOOST_REQUIRE_EQUAL(seen.size(), 4U);
  BOOST_TEST(seen[2].authorization.empty());
  BOOST_TEST(seen[3].digest("nonce") == "n2");
}

BOOST_AUTO_TEST_CASE(a_bare_401_is_a_used_up_nonce_once_and_a_wrong_password_then) {
  TestTerminal terminal{test::logged_in([](const Seen&, int) { return Reply{.status = 401}; })};
  auto ours = client(terminal);
  const auto outcome = ours.device_info();
  BOOST_REQUIRE(!outcome);
  BOOST_TEST((outcome.failure().kind == FailureKind::wrong_password));
  BOOST_TEST(terminal.requests() == 4U);
}

BOOST_AUTO_TEST_CASE(a_wrong_password_stops_and_the_next_try_waits) {
  TestTerminal terminal{test::logged_in([](const Seen&, int number) {
    auto reply = user_check("unlock", 0, 5 - number);
    reply.challenges = {test::challenge("again")};
    return reply;
  })};
  auto ours = client(terminal);
  const auto outcome = ours.user_check();
  BOOST_REQUIRE(!outcome);
  BOOST_TEST((outcome.failure().kind == FailureKind::wrong_password));
  BOOST_TEST(outcome.failure().retry_login_time.value() == 4);
  BOOST_TEST(outcome.failure().message ==
             "terminal " + terminal.url() + " refuses the password of user 'poller', 4 tries are left before it locks");
  BOOST_TEST(terminal.requests() == 2U);

  BOOST_REQUIRE(!ours.user_check());
  BOOST_TEST(terminal.requests() == 2U);
  clock.advance(Login::kRefusalPause);
  BOOST_REQUIRE(!ours.user_check());
  BOOST_TEST(terminal.requests() == 4U);
  BOOST_TEST(ours.login_state().tries_left.value() == 3);
}

BOOST_AUTO_TEST_CASE(with_one_try_left_nothing_is_tried_until_a_person_says_so) {
  std::atomic<bool> corrected{false};
  TestTerminal terminal{
      test::logged_in([&](const Seen&, int) { return corrected ? device_info() : user_check("unlock", 0, 1); })};
  auto ours = client(terminal);
  BOOST_TEST((ours.device_info().failure().kind == FailureKind::wrong_password));
  BOOST_TEST(ours.login_state().needs_person());
  const auto requests = terminal.requests();

  clock.advance(std::chrono::hours{24 * 30});
  const auto later = ours.device_info();
  BOOST_TEST((later.failure().kind == FailureKind::wrong_password));
  BOOST_TEST(!later.failure().hint.empty());
  BOOST_TEST(terminal.requests() == requests);

  corrected = true;
  ours.allow_login();
  BOOST_TEST(static_cast<bool>(ours.device_info()));
  BOOST_TEST((ours.login_state() == LoginState{}));
}

BOOST_AUTO_TEST_CASE(refusals_that_name_no_tries_are_counted_down_to_the_last_one) {
  TestTerminal terminal{test::logged_in([](const Seen&, int number) {
    return Reply{
        .status = 401, .body = "<html>no</html>", .challenges = {test::challenge("m" + std::to_string(number))}};
  })};
  auto ours = client(terminal);
  for (int i = 0; i < 10; ++i) {
    BOOST_TEST((ours.device_info().failure().kind == FailureKind::wrong_password));
    clock.advance(std::chrono::hours{1});
  }
  BOOST_TEST(ours.login_state().needs_person());
  BOOST_TEST(terminal.requests() == 6U);
}

BOOST_AUTO_TEST_CASE(a_lock_is_waited_out_without_a_single_request) {
  TestTerminal terminal{test::logged_in(
      [](const Seen&, int number) { return number == 1 ? user_check("lock", 1800, 0) : device_info(); })};
  auto ours = client(terminal);
  const auto outcome = ours.device_info();
  BOOST_REQUIRE(!outcome);
  BOOST_TEST((outcome.failure().kind == FailureKind::locked));
  BOOST_TEST(outcome.failure().locked_until.value() == test::at("2026-09-01T08:30:05Z"));
  BOOST_TEST(outcome.failure().message.find("2026-09-01T08:30:05Z") != std::string::npos);
  const auto requests = terminal.requests();

  clock.advance(1'804s);
  BOOST_TEST((ours.device_info().failure().kind == FailureKind::locked));
  BOOST_TEST(terminal.requests() == requests);
  clock.advance(1s);
  BOOST_TEST(static_cast<bool>(ours.device_info()));
  BOOST_TEST((ours.login_state() == LoginState{}));
}

BOOST_AUTO_TEST_CASE(a_lock_survives_a_restart_of_ours) {
  TestTerminal terminal{test::logged_in([](const Seen&, int) { return user_check("locked", 600, 0); })};
  auto first = client(terminal);
  BOOST_REQUIRE(!first.device_info());
  const auto requests = terminal.requests();
  auto second = client(terminal, first.login_state());
  BOOST_TEST((second.device_info().failure().kind == FailureKind::locked));
  BOOST_TEST(terminal.requests() == requests);
}

BOOST_AUTO_TEST_CASE(a_lock_that_names_no_time_is_waited_out_for_half_an_hour) {
  TestTerminal terminal{test::logged_in([](const Seen&, int) { return user_check("lock", 0, 0); })};
  auto ours = client(terminal);
  BOOST_TEST(ours.device_info().failure().locked_until.value() == test::at("2026-09-01T08:30:05Z"));
}

BOOST_AUTO_TEST_CASE(a_locked_terminal_that_does_not_even_challenge_is_understood) {
  TestTerminal terminal{[](const Seen&, int) { return user_check("lock", 60, 0); }};
  auto ours = client(terminal);
  BOOST_TEST((ours.device_info().failure().kind == FailureKind::locked));
  BOOST_TEST(terminal.requests() == 1U);
}

BOOST_AUTO_TEST_CASE(illegal_login_in_a_response_status_is_a_wrong_password) {
  for (const auto* sub : {"illegalLogin", "userFloor"}) {
    TestTerminal terminal{test::logged_in([&](const Seen&, int) {
      auto reply = status_xml(401, 4, "Invalid Operation", sub);
      reply.body.insert(reply.body.find("</ResponseStatus>"), "<retryLoginTime>3</retryLoginTime>");
      return reply;
    })};
    auto ours = client(terminal);
    const auto outcome = ours.device_info();
    BOOST_TEST((outcome.failure().kind == FailureKind::wrong_password));
    BOOST_TEST(outcome.failure().retry_login_time.value() == 3);
    BOOST_TEST(terminal.requests() == 2U);
  }
}

BOOST_AUTO_TEST_CASE(a_refused_second_use_of_a_nonce_is_tried_afresh_and_never_reused_again) {
  TestTerminal terminal{test::logged_in([](const Seen& seen, int) {
    return seen.digest("nc") == "00000002" ? user_check("unlock", 0, 4) : device_info();
  })};
  auto ours = client(terminal);
  for (int i = 0; i < 4; ++i) BOOST_TEST(static_cast<bool>(ours.device_info()));
  int reuses = 0;
  for (const auto& seen : terminal.seen()) reuses += seen.digest("nc") == "00000002" ? 1 : 0;
  BOOST_TEST(reuses == 1);
}

BOOST_AUTO_TEST_CASE(a_refused_second_use_is_not_tried_afresh_with_one_try_left) {
  TestTerminal terminal{test::logged_in([](const Seen& seen, int) {
    return seen.digest("nc") == "00000002" ? user_check("unlock", 0, 1) : device_info();
  })};
  auto ours = client(terminal);
  BOOST_REQUIRE(ours.device_info());
  BOOST_TEST((ours.device_info().failure().kind == FailureKind::wrong_password));
  BOOST_TEST(terminal.requests() == 3U);
}

BOOST_AUTO_TEST_CASE(sha_256_is_answered_where_it_is_offered_beside_md5) {
  TestTerminal terminal{[](const Seen& seen, int) {
    if (!seen.authorization.empty()) return device_info();
    return Reply{.status = 401,
                 .challenges = {test::challenge("m", "algorithm=MD5"), test::challenge("s", "algorithm=SHA-256")}};
  }};
  auto ours = client(terminal);
  BOOST_REQUIRE(ours.device_info());
  BOOST_TEST(terminal.seen().back().digest("algorithm") == "SHA-256");
  BOOST_TEST(terminal.seen().back().digest("nonce") == "s");
  BOOST_TEST(terminal.seen().back().digest("response").size() == 64U);
}

BOOST_AUTO_TEST_CASE(a_terminal_that_offers_no_digest_gets_no_password) {
  TestTerminal terminal{[](const Seen&, int) { return Reply{.status = 401, .challenges = {"Basic realm=\"x\""}}; }};
  auto ours = client(terminal);
  const auto outcome = ours.device_info();
  BOOST_TEST((outcome.failure().kind == FailureKind::bad_answer));
  BOOST_TEST(outcome.failure().hint.find("digest") != std::string::npos);
  BOOST_TEST(terminal.requests() == 1U);
}

BOOST_AUTO_TEST_CASE(a_terminal_that_wants_no_log_in_is_asked_plainly) {
  TestTerminal terminal{[](const Seen& seen, int) {
    return seen.method == "GET" ? device_info() : (seen.body.empty() ? Reply{.status = 400} : one_event());
  }};
  auto ours = client(terminal);
  BOOST_TEST(static_cast<bool>(ours.device_info()));
  BOOST_TEST(static_cast<bool>(ours.search_events({})));
}

BOOST_AUTO_TEST_CASE(a_terminal_that_is_not_activated_is_said_so) {
  TestTerminal terminal{test::logged_in([](const Seen&, int) { return status_xml(401, 4, "x", "notActivated"); })};
  auto ours = client(terminal);
  const auto outcome = ours.device_info();
  BOOST_TEST((outcome.failure().kind == FailureKind::refused));
  BOOST_TEST(outcome.failure().message.find("not been activated") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_missing_right_is_no_wrong_password) {
  TestTerminal terminal{test::logged_in([](const Seen&, int) { return status_xml(401, 4, "x", "lowPrivilege"); })};
  auto ours = client(terminal);
  BOOST_TEST((ours.device_info().failure().kind == FailureKind::refused));
  BOOST_TEST((ours.login_state() == LoginState{}));
}

BOOST_AUTO_TEST_CASE(the_password_is_in_no_message_and_on_no_wire) {
  TestTerminal terminal{test::logged_in([](const Seen&, int) { return user_check("unlock", 0, 4); })};
  auto ours = client(terminal);
  const auto failure = ours.device_info().failure();
  BOOST_TEST(failure.message.find(kPassword) == std::string::npos);
  BOOST_TEST(failure.hint.find(kPassword) == std::string::npos);
  for (const auto& seen : terminal.seen()) {
    BOOST_TEST((seen.authorization + seen.body + seen.target).find(kPassword) == std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::hikvision
