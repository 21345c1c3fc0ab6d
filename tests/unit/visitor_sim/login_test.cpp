#include <boost/test/unit_test.hpp>

#include "sim_client.hpp"

namespace visitor::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kChallenge = R"x(Digest qop="auth", realm="IP Camera(C2183)", nonce=)x";
constexpr std::string_view kStale = R"(stale="true")";

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// RFC 7616, section 3.9.1: the tests' own digest, which the terminal must agree with below.
BOOST_AUTO_TEST_CASE(the_tests_compute_the_digest_of_the_rfc) {
  Login login{.user = "Mufasa",
              .password = "Circle of Life",
              .realm = "http-auth@example.org",
              .nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
              .cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"};
  BOOST_TEST(digest_response(login, "GET", "/dir/index.html") == "8ca523f5e9506fed4657c9700eebdbec");
  login.algorithm = "SHA-256";
  BOOST_TEST(digest_response(login, "GET", "/dir/index.html") ==
             "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
}

BOOST_FIXTURE_TEST_CASE(every_profile_admits_the_client_of_cpp_httplib, SimFixture) {
  for (const auto& each : profiles()) {
    start(each);
    BOOST_TEST_CONTEXT(each.name) {
      BOOST_TEST(call("GET", kUserCheck).status == 200);
      BOOST_TEST(terminal->counters().authenticated == 1U);
      BOOST_TEST(terminal->counters().failed_logins == 0U);
    }
  }
}

BOOST_FIXTURE_TEST_CASE(a_request_without_authorization_is_challenged_and_not_counted, SimFixture) {
  start("K1T342MWX");
  for (int i = 0; i < 10; ++i) {
    const auto reply = send("GET", "/ISAPI/System/deviceInfo");
    BOOST_TEST(reply.status == 401);
    BOOST_TEST(contains(reply.header("www-authenticate"), kChallenge));
  }
  BOOST_TEST(terminal->counters().unauthenticated == 10U);
  BOOST_TEST(terminal->counters().failed_logins == 0U);
  BOOST_TEST(!terminal->locked());
}

BOOST_FIXTURE_TEST_CASE(a_wrong_password_is_answered_with_the_tries_that_are_left, SimFixture) {
  start("K1T342MWX");
  for (const int left : {4, 3, 2, 1}) {
    const auto reply = check({.password = "other", .nonce = fresh_nonce()});
    BOOST_TEST(reply.status == 401);
    BOOST_TEST(contains(reply.body, "<lockStatus>unlock</lockStatus>"));
    BOOST_TEST(contains(reply.body, "<retryLoginTime>" + std::to_string(left) + "</retryLoginTime>"));
  }
  BOOST_TEST(!terminal->locked());
}

BOOST_FIXTURE_TEST_CASE(the_fifth_wrong_password_locks_and_each_attempt_starts_the_lock_again, SimFixture) {
  start("K1T342MWX");
  for (int i = 0; i < 5; ++i) check({.password = "other", .nonce = fresh_nonce()});
  BOOST_TEST(terminal->locked());

  clock.advance(1799s);
  const auto reply = check({.nonce = fresh_nonce()});
  BOOST_TEST(reply.status == 401);
  BOOST_TEST(contains(reply.body, "<lockStatus>lock</lockStatus>"));
  BOOST_TEST(contains(reply.body, "<unlockTime>1800</unlockTime>"));
  BOOST_TEST(terminal->counters().attempts_while_locked == 1U);

  clock.advance(1799s);
  BOOST_TEST(terminal->locked());
  clock.advance(2s);
  BOOST_TEST(check({.nonce = fresh_nonce()}).status == 200);
}

BOOST_FIXTURE_TEST_CASE(a_success_clears_the_failures_except_on_the_804, SimFixture) {
  for (const bool clears : {true, false}) {
    start(clears ? "K1T342MWX" : "K1T804AMF");
    for (int i = 0; i < 4; ++i) check({.password = "other", .nonce = fresh_nonce()});
    BOOST_TEST(check({.nonce = fresh_nonce()}).status == 200);
    check({.password = "other", .nonce = fresh_nonce()});
    BOOST_TEST(terminal->locked() == !clears);
  }
}

BOOST_FIXTURE_TEST_CASE(the_uri_must_be_the_target_with_its_query, SimFixture) {
  start("K1T342MWX");
  const Login login{.nonce = fresh_nonce()};
  const auto without_query = authorization(login, "POST", "/ISAPI/AccessControl/AcsEvent");
  BOOST_TEST(send("POST", kSearch, without_query, condition()).status == 401);
  BOOST_TEST(terminal->counters().failed_logins == 1U);
}

BOOST_FIXTURE_TEST_CASE(the_method_user_and_realm_are_part_of_the_log_in, SimFixture) {
  start("K1T342MWX");
  BOOST_TEST(send("GET", kUserCheck, authorization({.nonce = fresh_nonce()}, "POST", kUserCheck)).status == 401);
  BOOST_TEST(check({.user = "root", .nonce = fresh_nonce()}).status == 401);
  BOOST_TEST(check({.realm = "IP CAMERA(C2183)", .nonce = fresh_nonce()}).status == 401);
  BOOST_TEST(terminal->counters().failed_logins == 3U);
}

BOOST_FIXTURE_TEST_CASE(a_header_that_cannot_be_read_is_refused_without_being_counted, SimFixture) {
  start("K1T342MWX");
  const auto nonce = fresh_nonce();
  const auto good = authorization({.nonce = nonce}, "GET", kUserCheck);
  const auto without = [&](std::string text) {
    auto changed = good;
    changed.erase(changed.find(text), text.size());
    return changed;
  };
  for (const auto& bad :
       {std::string{"Basic YWRtaW46c2ltdWxhdGVkLTE="}, std::string{"Digest"}, std::string{"Digest x"},
        without(", qop=auth"), without(", nc=00000001"), without(", cnonce=\"0a4f113b\""), good + ", nc=00000001",
        good + ", algorithm=SHA-512", authorization({.nonce = nonce, .count = "1"}, "GET", kUserCheck),
        authorization({.nonce = nonce, .count = "00000000"}, "GET", kUserCheck)}) {
    BOOST_TEST_CONTEXT(bad) {
      BOOST_TEST(send("GET", kUserCheck, bad).status == 400);
    }
  }
  BOOST_TEST(terminal->counters().malformed == 10U);
  BOOST_TEST(terminal->counters().failed_logins == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_nonce_may_be_used_again_with_a_higher_count_only, SimFixture) {
  start("K1T321MFWX");
  const auto nonce = fresh_nonce();
  BOOST_TEST(check({.nonce = nonce}).status == 200);
  BOOST_TEST(check({.nonce = nonce, .count = "00000002"}).status == 200);
  BOOST_TEST(check({.nonce = nonce, .count = "00000002"}).status == 401);
  BOOST_TEST(check({.nonce = nonce, .count = "00000001"}).status == 401);
  BOOST_TEST(terminal->counters().stale == 2U);
  BOOST_TEST(terminal->counters().failed_logins == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_nonce_dies_after_its_life, SimFixture) {
  start("K1T321MFWX");
  const auto nonce = fresh_nonce();
  clock.advance(2500ms);
  BOOST_TEST(check({.nonce = nonce}).status == 200);
  clock.advance(1ms);
  BOOST_TEST(check({.nonce = nonce, .count = "00000002"}).status == 401);
}

BOOST_FIXTURE_TEST_CASE(a_stale_nonce_gets_a_new_challenge_on_the_321, SimFixture) {
  start("K1T321MFWX");
  const auto nonce = fresh_nonce();
  clock.advance(10s);
  const auto reply = check({.nonce = nonce});
  BOOST_TEST(reply.status == 401);
  BOOST_TEST(contains(reply.header("www-authenticate"), kStale));
}

BOOST_FIXTURE_TEST_CASE(a_stale_nonce_gets_no_challenge_on_the_323, SimFixture) {
  start("K1T323MBWX");
  const auto nonce = fresh_nonce();
  clock.advance(3001ms);
  const auto reply = check({.nonce = nonce});
  BOOST_TEST(reply.status == 401);
  BOOST_TEST(reply.header("www-authenticate") == "");
  BOOST_TEST(reply.sub_status() == "invalidOperation");
  BOOST_TEST(terminal->counters().failed_logins == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_stale_nonce_is_counted_as_a_failed_log_in_on_the_804, SimFixture) {
  start("K1T804AMF");
  const auto nonce = fresh_nonce();
  clock.advance(3501ms);
  const auto reply = check({.nonce = nonce});
  BOOST_TEST(reply.status == 401);
  BOOST_TEST(contains(reply.body, "<retryLoginTime>4</retryLoginTime>"));
  BOOST_TEST(terminal->counters().stale == 1U);
  BOOST_TEST(terminal->counters().failed_logins == 1U);
}

BOOST_FIXTURE_TEST_CASE(the_third_use_of_a_nonce_is_a_failed_log_in_on_v4_48_40, SimFixture) {
  start("V4.48.40");
  const auto nonce = fresh_nonce();
  Login login{.nonce = nonce, .algorithm = "SHA-256"};
  BOOST_TEST(check(login).status == 200);
  login.count = "00000002";
  BOOST_TEST(check(login).status == 200);
  login.count = "00000003";
  const auto reply = check(login);
  BOOST_TEST(reply.status == 401);
  BOOST_TEST(reply.header("www-authenticate") == "");
  BOOST_TEST(reply.sub_status() == "illegalLogin");
}

BOOST_FIXTURE_TEST_CASE(new_firmware_offers_both_hashes_and_takes_either, SimFixture) {
  start("V4.48.40");
  BOOST_TEST(send("GET", kUserCheck).headers.count("www-authenticate") == 2U);
  for (const char* algorithm : {"MD5", "SHA-256", ""}) {
    BOOST_TEST_CONTEXT(algorithm) {
      BOOST_TEST(check({.nonce = fresh_nonce(), .algorithm = algorithm}).status == 200);
    }
  }
}

BOOST_FIXTURE_TEST_CASE(a_device_with_sha_256_alone_refuses_md5, SimFixture) {
  start("sha256-only");
  BOOST_TEST(check({.nonce = fresh_nonce(), .algorithm = "MD5"}).status == 400);
  BOOST_TEST(check({.nonce = fresh_nonce(), .algorithm = "SHA-256"}).status == 200);
}

BOOST_FIXTURE_TEST_CASE(the_log_in_comes_before_anything_else, SimFixture) {
  start("K1T342MWX");
  BOOST_TEST(send("GET", "/nothing").status == 401);
  BOOST_TEST(send("DELETE", kUserCheck).status == 401);
}

}  // namespace
}  // namespace visitor::sim
