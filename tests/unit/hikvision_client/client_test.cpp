#include <thread>

#include "client_fixture.hpp"
#include "core/error.hpp"
#include "support/raw_server.hpp"

namespace visitor::hikvision {
namespace {

TestTerminal::Script always(const Reply& reply) {
  return test::logged_in([=](const Seen&, int) { return reply; });
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(client, ClientFixture)

BOOST_AUTO_TEST_CASE(device_info_is_read) {
  TestTerminal terminal{always(device_info())};
  auto ours = client(terminal);
  const auto info = ours.device_info();
  BOOST_REQUIRE(info);
  BOOST_TEST(info->model.value() == "DS-K1T342MWX");
  BOOST_TEST(terminal.seen().back().target == "/ISAPI/System/deviceInfo");
  BOOST_TEST(ours.local_address() == "127.0.0.1");
  BOOST_TEST(!ours.certificate().has_value());
}

BOOST_AUTO_TEST_CASE(the_clock_is_compared_with_ours_at_the_moment_of_the_answer) {
  TestTerminal terminal{always({.body = "<Time><timeMode>NTP</timeMode><localTime>2026-09-01T13:00:42+05:00"
                                        "</localTime><timeZone>CST-5:00:00</timeZone></Time>"})};
  auto ours = client(terminal);
  const auto reading = ours.system_time();
  BOOST_REQUIRE(reading);
  BOOST_TEST(reading->round_trip.count() > 0);
  BOOST_TEST((reading->at == clock.now() - reading->round_trip / 2));
  BOOST_TEST((reading->ahead().value() == 42s + reading->round_trip / 2));
}

BOOST_AUTO_TEST_CASE(a_clock_without_an_offset_is_not_compared) {
  TestTerminal terminal{always({.body = "<Time><localTime>2026-09-01T13:00:42</localTime></Time>"})};
  auto ours = client(terminal);
  const auto reading = ours.system_time();
  BOOST_REQUIRE(reading);
  BOOST_TEST(!reading->ahead().has_value());
}

BOOST_AUTO_TEST_CASE(capabilities_and_totals_are_read) {
  TestTerminal terminal{test::logged_in([](const Seen& seen, int) {
    if (seen.target == "/ISAPI/AccessControl/AcsEvent/capabilities?format=json") {
      return Reply{.body = R"({"AcsEvent":{"AcsEventCond":{"maxResults":{"@min":1,"@max":30}}}})"};
    }
    return Reply{.body = R"({"AcsEventTotalNum":{"totalNum":68}})"};
  })};
  auto ours = client(terminal);
  const auto capabilities = ours.event_capabilities();
  BOOST_REQUIRE(capabilities);
  BOOST_TEST(capabilities->max_results.value() == 30);
  const auto total = ours.total_events({.major = 5});
  BOOST_REQUIRE(total);
  BOOST_TEST(total->total == 68);
  BOOST_TEST(terminal.seen().back().target == "/ISAPI/AccessControl/AcsEventTotalNum?format=json");
  BOOST_TEST(terminal.seen().back().body == total_body({.major = 5}));
}

BOOST_AUTO_TEST_CASE(the_right_password_passes_the_user_check) {
  TestTerminal terminal{always({.body = "<userCheck><statusValue>200</statusValue><statusString>OK</statusString>"
                                        "<isDefaultPassword>true</isDefaultPassword></userCheck>"})};
  auto ours = client(terminal);
  const auto checked = ours.user_check();
  BOOST_REQUIRE(checked);
  BOOST_TEST(checked->is_default_password.value());
}

BOOST_AUTO_TEST_CASE(json_announced_as_xml_is_read_all_the_same) {
  auto reply = one_event();
  reply.content_type = "application/xml";
  TestTerminal terminal{always(reply)};
  auto ours = client(terminal);
  BOOST_TEST(static_cast<bool>(ours.search_events({})));
}

BOOST_AUTO_TEST_CASE(error_bodies_are_understood_whatever_the_http_status) {
  for (const int http : {200, 400, 403, 404}) {
    TestTerminal terminal{always(status_json(http, 4, "notSupport", "notSupport"))};
    auto ours = client(terminal);
    BOOST_TEST((ours.search_events({}).failure().kind == FailureKind::not_supported));
  }
  for (const int http : {200, 400}) {
    TestTerminal terminal{always(status_json(http, 6, "badParameters", "maxResults"))};
    auto ours = client(terminal);
    BOOST_TEST((ours.search_events({}).failure().kind == FailureKind::bad_parameters));
  }
}

BOOST_AUTO_TEST_CASE(a_missing_parameter_is_named) {
  TestTerminal terminal{always(status_json(400, 6, "MessageParametersLack", "major"))};
  auto ours = client(terminal);
  const auto outcome = ours.search_events({});
  BOOST_TEST((outcome.failure().kind == FailureKind::missing_parameter));
  BOOST_TEST(outcome.failure().parameter == "major");
  BOOST_TEST(outcome.failure().message.find("major") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(status_code_zero_is_success) {
  TestTerminal terminal{always(status_xml(200, 0, "OK", "ok"))};
  auto ours = client(terminal);
  BOOST_TEST(static_cast<bool>(ours.user_check()));
}

BOOST_AUTO_TEST_CASE(without_a_body_the_http_status_decides) {
  const std::pair<int, FailureKind> expected[] = {{403, FailureKind::refused},       {404, FailureKind::not_supported},
                                                  {405, FailureKind::not_supported}, {400, FailureKind::bad_parameters},
                                                  {500, FailureKind::device_error},  {418, FailureKind::bad_answer}};
  for (const auto& [http, kind] : expected) {
    TestTerminal terminal{always({.status = http})};
    auto ours = client(terminal);
    BOOST_TEST((ours.device_info().failure().kind == kind), "HTTP " << http);
  }
}

BOOST_AUTO_TEST_CASE(a_busy_terminal_is_asked_again_until_it_has_time) {
  TestTerminal terminal{test::logged_in([](const Seen&, int number) {
    return number < 3 ? status_xml(503, 2, "Device Busy", "deviceBusy") : device_info();
  })};
  auto ours = client(terminal);
  BOOST_TEST(static_cast<bool>(ours.device_info()));
}

BOOST_AUTO_TEST_CASE(a_terminal_that_stays_busy_is_asked_a_bounded_number_of_times) {
  std::atomic<int> asked{0};
  TestTerminal terminal{test::logged_in([&](const Seen&, int) {
    ++asked;
    return status_json(200, 2, "deviceBusy", "deviceBusy");
  })};
  auto ours = client(terminal);
  BOOST_TEST((ours.search_events({}).failure().kind == FailureKind::busy));
  BOOST_TEST(asked == 4);
}

BOOST_AUTO_TEST_CASE(a_stop_request_ends_the_wait_for_a_busy_terminal) {
  TestTerminal terminal{always(status_xml(503, 2, "Device Busy", "deviceBusy"))};
  auto given = options(terminal.url());
  given.busy_backoff = {.first = 60s, .most = 60s, .jitter = 0};
  Client ours{std::move(given), clock};
  std::stop_source source;
  std::jthread stopper{[&] {
    std::this_thread::sleep_for(50ms);
    source.request_stop();
  }};
  BOOST_TEST((ours.device_info(source.get_token()).failure().kind == FailureKind::interrupted));
}

BOOST_AUTO_TEST_CASE(a_device_error_is_tried_once_more) {
  std::atomic<int> asked{0};
  TestTerminal terminal{test::logged_in([&](const Seen&, int) {
    ++asked;
    return status_xml(200, 3, "Device Error", "deviceError");
  })};
  auto ours = client(terminal);
  BOOST_TEST((ours.device_info().failure().kind == FailureKind::device_error));
  BOOST_TEST(asked == 2);
}

BOOST_AUTO_TEST_CASE(a_redirection_to_https_says_what_to_change) {
  TestTerminal terminal{[](const Seen&, int) { return Reply{.status = 301, .location = "https://127.0.0.1/"}; }};
  auto ours = client(terminal);
  const auto outcome = ours.device_info();
  BOOST_TEST((outcome.failure().kind == FailureKind::refused));
  BOOST_TEST(outcome.failure().hint.find("https://") != std::string::npos);
  BOOST_TEST(terminal.requests() == 1U);
}

BOOST_AUTO_TEST_CASE(an_empty_200_is_no_capability_and_no_page) {
  TestTerminal terminal{always({})};
  auto ours = client(terminal);
  BOOST_TEST((ours.event_capabilities().failure().kind == FailureKind::not_supported));
  BOOST_TEST((ours.search_events({}).failure().kind == FailureKind::bad_answer));
}

BOOST_AUTO_TEST_CASE(pages_of_the_web_and_halves_of_json_are_bad_answers) {
  for (const auto* body :
       {"<!DOCTYPE html><html><body>Login</body></html>", "{\"AcsEvent\":{\"searchID\":", "\x01\x02"}) {
    TestTerminal terminal{always({.body = body})};
    auto ours = client(terminal);
    const auto outcome = ours.search_events({});
    BOOST_REQUIRE(!outcome);
    BOOST_TEST((outcome.failure().kind == FailureKind::bad_answer));
    BOOST_TEST(outcome.failure().message.find(terminal.url()) != std::string::npos);
    BOOST_TEST(!outcome.failure().hint.empty());
  }
}

BOOST_AUTO_TEST_CASE(an_answer_over_the_limit_is_a_bad_answer) {
  TestTerminal terminal{always({.body = std::string(20'000, ' ')})};
  auto given = options(terminal.url());
  given.max_answer_bytes = 10'000;
  Client ours{std::move(given), clock};
  BOOST_TEST((ours.search_events({}).failure().kind == FailureKind::bad_answer));
}

BOOST_AUTO_TEST_CASE(a_terminal_that_hangs_is_a_timeout_and_one_that_hangs_up_is_offline) {
  test::RawServer hanging{[](test::RawPeer& peer) { peer.hang(); }};
  auto given = options(hanging.url(""));
  given.request_timeout = 200ms;
  BOOST_TEST((Client(given, clock).device_info().failure().kind == FailureKind::timeout));
  test::RawServer gone{[](test::RawPeer& peer) { peer.read_head(); }};
  const auto failure = Client(options(gone.url("")), clock).device_info().failure();
  BOOST_TEST((failure.kind == FailureKind::offline));
  BOOST_TEST(!failure.hint.empty());
}

BOOST_AUTO_TEST_CASE(nobody_on_the_port_is_offline_and_the_log_in_is_not_blamed) {
  std::string url;
  {
    url = test::RawServer{[](test::RawPeer&) {}}.url("");
  }
  Client ours{options(url), clock};
  const auto failure = ours.device_info().failure();
  BOOST_TEST((failure.kind == FailureKind::offline));
  BOOST_TEST(failure.message.find("refuses connections") != std::string::npos);
  BOOST_TEST((ours.login_state() == LoginState{}));
}

BOOST_AUTO_TEST_CASE(many_callers_never_meet_at_the_terminal) {
  TestTerminal terminal{test::logged_in([](const Seen&, int) {
    std::this_thread::sleep_for(5ms);
    return device_info();
  })};
  auto ours = client(terminal);
  std::atomic<int> answered{0};
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 4; ++i) {
      callers.emplace_back([&] {
        for (int j = 0; j < 5; ++j) answered += ours.device_info() ? 1 : 0;
      });
    }
  }
  BOOST_TEST(answered == 20);
  BOOST_TEST(terminal.crowd() == 1);
}

BOOST_AUTO_TEST_CASE(an_address_with_a_path_or_a_user_is_refused) {
  for (const auto* url : {"http://192.0.2.10/doc", "http://admin@192.0.2.10", "192.0.2.10"}) {
    BOOST_CHECK_EXCEPTION(Client(options(url), clock), Error,
                          [](const Error& error) { return error.code() == Errc::usage; });
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::hikvision
