#include <boost/test/unit_test.hpp>
#include <future>
#include <thread>

#include "sim_client.hpp"

namespace visitor::sim {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto kTime = "/ISAPI/System/time";

struct ThreeRows : SimFixture {
  ThreeRows() {
    start("K1T321MFWX");
    for (int i = 0; i < 3; ++i) terminal->power_on();
  }
  Reply page(int size = 10) const { return search({{"maxResults", size}, {"picEnable", false}}); }
};

BOOST_AUTO_TEST_CASE(every_fault_has_a_name_that_finds_it) {
  for (const auto name : fault_names()) BOOST_TEST(name_of(*find_fault(name)) == name);
  BOOST_TEST(!find_fault("drops"));
}

BOOST_AUTO_TEST_CASE(a_fault_is_taken_as_often_as_it_says) {
  Faults faults;
  faults.arm({.kind = FaultKind::drop, .times = 2, .target = "AcsEvent?"});
  BOOST_TEST(!faults.take(FaultKind::drop, "/ISAPI/System/time"));
  BOOST_TEST(!faults.take(FaultKind::busy, kSearch));
  BOOST_TEST(faults.take(FaultKind::drop, kSearch));
  BOOST_TEST(faults.take(FaultKind::drop, kSearch));
  BOOST_TEST(!faults.take(FaultKind::drop, kSearch));

  faults.arm({.kind = FaultKind::drop, .times = 0});
  for (int i = 0; i < 10; ++i) BOOST_TEST(faults.take(FaultKind::drop, kSearch));
  faults.clear();
  BOOST_TEST(!faults.take(FaultKind::drop, kSearch));
}

BOOST_FIXTURE_TEST_CASE(a_connection_is_refused_or_dropped_without_an_answer, ThreeRows) {
  for (const auto kind : {FaultKind::refuse, FaultKind::drop, FaultKind::drop_midway, FaultKind::no_http}) {
    BOOST_TEST_CONTEXT(name_of(kind)) {
      terminal->arm({.kind = kind});
      BOOST_TEST(call("GET", kTime).status == 0);
      BOOST_TEST(call("GET", kTime).status == 200);
    }
  }
  BOOST_TEST(terminal->exchanges().size() > 0U);
}

BOOST_FIXTURE_TEST_CASE(a_fault_spares_the_challenge, ThreeRows) {
  terminal->arm({.kind = FaultKind::drop});
  BOOST_TEST(send("GET", kTime).status == 401);
  BOOST_TEST(terminal->faults().size() == 1U);
  BOOST_TEST(call("GET", kTime).status == 0);
  BOOST_TEST(terminal->faults().empty());
}

BOOST_FIXTURE_TEST_CASE(a_hanging_device_says_nothing_until_the_caller_gives_up, ThreeRows) {
  terminal->arm({.kind = FaultKind::hang});
  const auto start_time = std::chrono::steady_clock::now();
  BOOST_TEST(call("GET", kTime).status == 0);
  BOOST_TEST((std::chrono::steady_clock::now() - start_time >= 1900ms));
}

BOOST_FIXTURE_TEST_CASE(stopping_does_not_wait_for_a_hanging_request, ThreeRows) {
  terminal->arm({.kind = FaultKind::hang});
  auto hanging = std::async(std::launch::async, [this] { return call("GET", kTime).status; });
  while (!terminal->faults().empty()) std::this_thread::sleep_for(5ms);
  const auto start_time = std::chrono::steady_clock::now();
  terminal->stop();
  BOOST_TEST((std::chrono::steady_clock::now() - start_time < 1s));
  BOOST_TEST(hanging.get() == 0);
}

BOOST_FIXTURE_TEST_CASE(a_slow_answer_is_whole_in_the_end, ThreeRows) {
  terminal->arm({.kind = FaultKind::slow, .pace = 1ms});
  const auto start_time = std::chrono::steady_clock::now();
  const auto reply = call("GET", kTime);
  BOOST_TEST(reply.status == 200);
  BOOST_TEST((std::chrono::steady_clock::now() - start_time >= 300ms));
  BOOST_TEST(reply.body.find("</Time>") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(busy_and_failing_devices_say_so, ThreeRows) {
  terminal->arm({.kind = FaultKind::busy});
  auto reply = page();
  BOOST_TEST(reply.status == 503);
  BOOST_TEST(reply.sub_status() == "deviceBusy");
  terminal->arm({.kind = FaultKind::device_error});
  reply = page();
  BOOST_TEST(reply.status == 500);
  BOOST_TEST(reply.sub_status() == "deviceError");
}

BOOST_FIXTURE_TEST_CASE(bodies_are_spoiled_on_command, ThreeRows) {
  const auto with = [this](FaultKind kind) {
    terminal->arm({.kind = kind});
    auto reply = page();
    BOOST_TEST(terminal->faults().empty());
    return reply;
  };
  const auto parses = [](const Reply& reply) {
    json::error_code error;
    json::parse(reply.body, error);
    return !error;
  };
  BOOST_TEST(parses(page()));
  BOOST_TEST(with(FaultKind::redirect).header("location") ==
             "https://127.0.0.1/ISAPI/AccessControl/AcsEvent?format=json");
  for (const auto kind : {FaultKind::garbage, FaultKind::truncated, FaultKind::deep, FaultKind::html}) {
    BOOST_TEST_CONTEXT(name_of(kind)) {
      const auto reply = with(kind);
      BOOST_TEST(reply.status == 200);
      BOOST_TEST(!reply.body.empty());
      BOOST_TEST(!parses(reply));
    }
  }
  BOOST_TEST(with(FaultKind::empty).body == "");
  BOOST_TEST(with(FaultKind::wrong_type).header("content-type") == "application/xml");
  BOOST_TEST(with(FaultKind::bad_utf8).body.find("\xD5\xC5\xC8\xFD") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(pages_lie_on_command, ThreeRows) {
  const auto with = [this](FaultKind kind, int size = 10) {
    terminal->arm({.kind = kind});
    return page(size).json().at("AcsEvent").as_object();
  };
  BOOST_TEST(with(FaultKind::single_object, 1).at("InfoList").is_object());
  BOOST_TEST(with(FaultKind::lying_more).at("responseStatusStrg").as_string() == "MORE");
  BOOST_TEST(with(FaultKind::empty_ok).size() == 2U);
  BOOST_TEST(with(FaultKind::wrong_count).at("numOfMatches").as_int64() == 4);
  const auto twice = with(FaultKind::duplicate_rows);
  BOOST_TEST(twice.at("InfoList").as_array().size() == 6U);
  BOOST_TEST(twice.at("numOfMatches").as_int64() == 6);
  const auto backwards = with(FaultKind::out_of_order_rows).at("InfoList").as_array();
  BOOST_TEST(backwards.at(0).at("serialNo").as_int64() == 3);
}

BOOST_FIXTURE_TEST_CASE(more_is_a_lie_behind_the_last_row_too, ThreeRows) {
  terminal->arm({.kind = FaultKind::lying_more, .times = 0});
  for (int position = 0; position < 30; position += 10) {
    const auto reply = search({{"searchResultPosition", position}});
    BOOST_TEST(reply.json().at("AcsEvent").at("responseStatusStrg").as_string() == "MORE");
    BOOST_TEST(rows(reply).size() == (position == 0 ? 3U : 0U));
  }
}

BOOST_FIXTURE_TEST_CASE(a_password_that_was_changed_is_counted, ThreeRows) {
  terminal->arm({.kind = FaultKind::wrong_password, .times = 0});
  // Not with cpp-httplib's own log-in: it tries a refused password five times.
  for (int i = 0; i < 5; ++i) BOOST_TEST(check({.nonce = fresh_nonce()}).status == 401);
  BOOST_TEST(terminal->locked());
  terminal->clear_faults();
  BOOST_TEST(check({.nonce = fresh_nonce()}).status == 401);
  terminal->unlock();
  BOOST_TEST(check({.nonce = fresh_nonce()}).status == 200);
  terminal->set_password("another-1");
  BOOST_TEST(check({.nonce = fresh_nonce()}).status == 401);
  BOOST_TEST(check({.password = "another-1", .nonce = fresh_nonce()}).status == 200);
}

BOOST_FIXTURE_TEST_CASE(a_second_request_at_a_time_finds_the_device_busy, SimFixture) {
  TerminalOptions options;
  options.service_time = 300ms;
  start(profile("K1T342MWX"), options);
  auto first = std::async(std::launch::async, [this] { return send("GET", kTime).status; });
  while (terminal->counters().requests == 0) std::this_thread::sleep_for(1ms);
  const auto second = send("GET", kTime);
  BOOST_TEST(second.status == 503);
  BOOST_TEST(second.sub_status() == "deviceBusy");
  BOOST_TEST(first.get() == 401);
  BOOST_TEST(terminal->counters().parallel == 1U);
}

BOOST_FIXTURE_TEST_CASE(the_804_leaves_a_second_request_hanging, SimFixture) {
  TerminalOptions options;
  options.service_time = 300ms;
  start(profile("K1T804AMF"), options);
  auto first = std::async(std::launch::async, [this] { return send("GET", kTime).status; });
  while (terminal->counters().requests == 0) std::this_thread::sleep_for(1ms);
  BOOST_TEST(send("GET", kTime).status == 0);
  BOOST_TEST(first.get() == 401);
}

BOOST_FIXTURE_TEST_CASE(requests_one_after_the_other_are_never_parallel, ThreeRows) {
  for (int i = 0; i < 50; ++i) BOOST_TEST(call("GET", kTime).status == 200);
  BOOST_TEST(terminal->counters().parallel == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_reboot_is_an_absence_with_a_power_on_and_no_old_nonce, ThreeRows) {
  const auto nonce = fresh_nonce();
  const auto port = terminal->port();
  terminal->reboot(300ms);
  BOOST_TEST(call("GET", kTime).status == 0);
  for (int i = 0; i < 200 && send("GET", kTime).status == 0; ++i) std::this_thread::sleep_for(10ms);
  BOOST_TEST(terminal->port() == port);
  BOOST_TEST(check({.nonce = nonce}).status == 401);
  BOOST_TEST(call("GET", kTime).status == 200);
  BOOST_TEST(terminal->events().back().minor == 1024);
}

BOOST_FIXTURE_TEST_CASE(tls_shows_a_certificate_that_can_be_replaced_or_no_handshake, SimFixture) {
  start("K1T323MBWX");
  const auto before = terminal->certificate_sha256();
  BOOST_TEST(before.size() == 64U);
  BOOST_TEST(call("GET", kTime).status == 200);
  terminal->replace_certificate();
  BOOST_TEST(terminal->certificate_sha256() != before);
  BOOST_TEST(call("GET", kTime).status == 200);

  auto broken = profile("K1A340FWX");
  broken.tls = Tls::broken;
  start(broken);
  BOOST_TEST(call("GET", kTime).status == 0);
}

BOOST_FIXTURE_TEST_CASE(exchanges_tell_what_was_asked, ThreeRows) {
  terminal->reset_counters();
  page();
  const auto exchanges = terminal->exchanges();
  BOOST_REQUIRE_EQUAL(exchanges.size(), 2U);
  BOOST_TEST(exchanges[0].status == 401);
  BOOST_TEST(!exchanges[0].authenticated);
  BOOST_TEST(exchanges[1].target == kSearch);
  BOOST_TEST(exchanges[1].authenticated);
  BOOST_TEST(exchanges[1].body.find("maxResults") != std::string::npos);
}

}  // namespace
}  // namespace visitor::sim
