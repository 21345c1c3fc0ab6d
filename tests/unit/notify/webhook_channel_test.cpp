#include "notify/webhook_channel.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

#include "channel_bench.hpp"
#include "core/text.hpp"
#include "notify/alert_json.hpp"
#include "support/manual_clock.hpp"
#include "support/raw_server.hpp"

using namespace visitor;
using namespace visitor::notify;
using namespace std::chrono_literals;
using Scope = RetryAfter::Scope;
using test::full_message;
using test::RawPeer;
using test::RawServer;

namespace {

const Instant kNow{1'788'264'000s};

/// Answers every request with \p answer and keeps what came.
struct Server {
  std::string answer;
  std::vector<std::string> requests;
  RawServer raw{[this](RawPeer& peer) {
    auto request = peer.read_head();
    requests.push_back(request);
    peer.send(answer);
    peer.hang();
  }};

  explicit Server(std::string given) : answer(std::move(given)) {}
};

Webhook webhook_at(int port) {
  Webhook webhook;
  webhook.name = "ops";
  webhook.url = "http://127.0.0.1:" + std::to_string(port) + "/hook?x=1";
  webhook.allowed = {*net::Network::parse("127.0.0.1")};
  webhook.timeout = 2s;
  return webhook;
}

Outcome outcome_of(int status, std::vector<net::HttpHeader> headers = {}) {
  net::HttpResponse response;
  response.status = status;
  response.headers = std::move(headers);
  return webhook_outcome(response, "hooks.example.org", kNow);
}

std::chrono::milliseconds wait_of(const Outcome& outcome) {
  BOOST_REQUIRE(std::holds_alternative<RetryAfter>(outcome));
  return std::get<RetryAfter>(outcome).wait;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(webhook_channel)

BOOST_AUTO_TEST_CASE(what_goes_out_has_the_members_of_the_schema) {
  auto message = full_message("ops");
  message.replaces = "1-2-3";
  const auto parsed = boost::json::parse(alert_json(message));
  const auto expected = boost::json::parse(R"({
    "version": 1, "event_id": "17-23-1788264000000000", "kind": "incident_opened", "severity": "high",
    "created_at": "2026-09-01T12:00:00Z", "alert": 17, "incident": 42, "visit": 7, "incident_type": "long_stay",
    "late": false, "possibly_repeated": false, "thread": "incident-42", "replaces": "1-2-3", "language": "en",
    "subject": "Security Alert: Long stay",
    "facts": [{"label": "Guest", "value": "Anna Petrova"}, {"label": "Host", "value": "Dana"}],
    "text": "In the building for more than 8 h.\nStill there.", "link": "https://visitor.example.org/incidents/42",
    "summary": "a guest has been inside for more than 8 h"})");
  BOOST_TEST((parsed == expected), parsed);

  Message bare;
  bare.kind = domain::AlertKind::test;
  const auto object = boost::json::parse(alert_json(bare)).as_object();
  for (const auto* key : {"incident", "visit", "incident_type", "thread", "replaces", "link"})
    BOOST_TEST(object.at(key).is_null(), key);
  BOOST_TEST(object.size() == expected.as_object().size());
}

BOOST_AUTO_TEST_CASE(the_signature_is_what_a_receiver_computes) {
  // printf '1788264000.{"a":1}' | openssl dgst -sha256 -hmac geheim
  BOOST_TEST(webhook_signature(Secret{std::string_view{"geheim"}}, "1788264000", "{\"a\":1}") ==
             "sha256=2df0195f4886596370841e56c194e41950e3a209956fc6351fa518df478a0393");
}

BOOST_AUTO_TEST_CASE(a_request_has_the_event_the_time_and_the_signature) {
  Server server{"HTTP/1.1 204 No Content\r\n\r\n"};
  auto webhook = webhook_at(server.raw.port());
  webhook.secret = Secret{std::string_view{"geheim"}};
  const test::ManualClock clock{kNow};
  WebhookChannel channel{{webhook}, clock};
  const auto message = full_message("ops");
  const auto outcome = channel.send(message, {});
  BOOST_REQUIRE(std::holds_alternative<Delivered>(outcome));
  BOOST_TEST(std::get<Delivered>(outcome).provider_id == "17-23-1788264000000000");
  BOOST_REQUIRE_EQUAL(server.requests.size(), 1U);
  const auto& head = server.requests.front();
  BOOST_TEST(head.starts_with("POST /hook?x=1 HTTP/1.1\r\n"));
  BOOST_TEST(head.find("\r\nContent-Type: application/json\r\n") != std::string::npos);
  BOOST_TEST(head.find("\r\nVisitor-Event-Id: 17-23-1788264000000000\r\n") != std::string::npos);
  BOOST_TEST(head.find("\r\nVisitor-Timestamp: 1788264000\r\n") != std::string::npos);
  BOOST_TEST(
      head.find("\r\nVisitor-Signature: " + webhook_signature(webhook.secret, "1788264000", alert_json(message)) +
                "\r\n") != std::string::npos);
  BOOST_TEST(head.find("geheim") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_a_secret_nothing_is_signed) {
  Server server{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"};
  const test::ManualClock clock{kNow};
  WebhookChannel channel{{webhook_at(server.raw.port())}, clock};
  BOOST_TEST(std::holds_alternative<Delivered>(channel.send(full_message("ops"), {})));
  BOOST_TEST(server.requests.front().find("Visitor-Signature") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_status_has_its_outcome) {
  for (const int good : {200, 201, 202, 204, 299})
    BOOST_TEST(std::holds_alternative<Delivered>(outcome_of(good)), good);
  for (const int later : {301, 302, 303, 307, 308, 408, 425, 429, 500, 502, 503, 504, 599}) {
    const auto outcome = outcome_of(later);
    BOOST_REQUIRE_MESSAGE(std::holds_alternative<RetryAfter>(outcome), later);
    BOOST_TEST((std::get<RetryAfter>(outcome).scope == Scope::recipient));
    BOOST_TEST(std::get<RetryAfter>(outcome).reason.starts_with("hooks.example.org answers " + std::to_string(later)));
  }
  for (const int never : {400, 401, 403, 404, 405, 409, 410, 413, 418, 422})
    BOOST_TEST(std::holds_alternative<Refused>(outcome_of(never)), never);
}

BOOST_AUTO_TEST_CASE(a_wait_that_the_other_side_names_is_kept_within_reason) {
  BOOST_TEST((wait_of(outcome_of(503)) == 0ms));
  BOOST_TEST((wait_of(outcome_of(429, {{"retry-after", "120"}})) == 120s));
  BOOST_TEST((wait_of(outcome_of(503, {{"Retry-After", "Tue, 01 Sep 2026 12:01:30 GMT"}})) == 90s));
  BOOST_TEST((wait_of(outcome_of(503, {{"Retry-After", "Tue, 01 Sep 2026 11:00:00 GMT"}})) == 0ms));
  BOOST_TEST((wait_of(outcome_of(503, {{"Retry-After", "9223372036854775807"}})) == 6h));
  BOOST_TEST((wait_of(outcome_of(503, {{"Retry-After", "Tue, 01 Sep 2099 12:00:00 GMT"}})) == 6h));
  for (const auto* odd : {"", "soon", "-5", "1e9", "Tue, 99 Sep 2026 12:01:30 GMT", "99999999999999999999"})
    BOOST_TEST((wait_of(outcome_of(503, {{"Retry-After", odd}})) == 0ms), odd);
}

BOOST_AUTO_TEST_CASE(a_redirect_is_not_followed) {
  Server elsewhere{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"};
  Server server{"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:" +
                std::to_string(elsewhere.raw.port()) + "/\r\nContent-Length: 0\r\n\r\n"};
  const test::ManualClock clock{kNow};
  WebhookChannel channel{{webhook_at(server.raw.port())}, clock};
  const auto outcome = channel.send(full_message("ops"), {});
  BOOST_REQUIRE(std::holds_alternative<RetryAfter>(outcome));
  BOOST_TEST(std::get<RetryAfter>(outcome).reason ==
             "127.0.0.1 answers 307, and a redirect is not followed: its target belongs into webhook.url");
  BOOST_TEST(elsewhere.raw.connections() == 0);
}

BOOST_AUTO_TEST_CASE(an_address_of_our_own_network_is_called_only_where_the_webhook_says_so) {
  Server server{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"};
  const test::ManualClock clock{kNow};
  auto webhook = webhook_at(server.raw.port());
  webhook.allowed.clear();
  auto by_name = webhook;
  by_name.name = "by-name";
  by_name.url = "http://localhost:" + std::to_string(server.raw.port()) + "/";
  auto other = webhook;
  other.name = "other";
  other.allowed = {*net::Network::parse("10.0.0.0/8")};
  WebhookChannel channel{{webhook, by_name, other}, clock};
  for (const auto* name : {"ops", "by-name", "other"}) {
    const auto outcome = channel.send(full_message(name), {});
    BOOST_REQUIRE(std::holds_alternative<RetryAfter>(outcome));
    BOOST_TEST(std::get<RetryAfter>(outcome).reason.ends_with("is not a public address"));
    BOOST_TEST(!std::get<RetryAfter>(outcome).in_doubt);
  }
  BOOST_TEST(server.raw.connections() == 0);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_cut_off_leaves_doubt) {
  const RawServer cut{[](RawPeer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 20");
  }};
  const test::ManualClock clock{kNow};
  WebhookChannel channel{{webhook_at(cut.port())}, clock};
  const auto outcome = channel.send(full_message("ops"), {});
  BOOST_REQUIRE(std::holds_alternative<RetryAfter>(outcome));
  BOOST_TEST(std::get<RetryAfter>(outcome).in_doubt);
}

BOOST_AUTO_TEST_CASE(a_webhook_that_is_gone_from_the_settings_is_refused) {
  const test::ManualClock clock{kNow};
  WebhookChannel channel{{webhook_at(9)}, clock};
  const auto outcome = channel.send(full_message("former"), {});
  BOOST_REQUIRE(std::holds_alternative<Refused>(outcome));
  BOOST_TEST(std::get<Refused>(outcome).reason == "there is no [[webhook]] \"former\"");
}

BOOST_AUTO_TEST_CASE(a_ca_file_that_cannot_be_read_means_later) {
  const test::ManualClock clock{kNow};
  auto webhook = webhook_at(9);
  webhook.ca_file = "/nowhere/ca.pem";
  WebhookChannel channel{{webhook}, clock};
  BOOST_TEST(std::holds_alternative<RetryAfter>(channel.send(full_message("ops"), {})));
}

BOOST_AUTO_TEST_SUITE_END()
