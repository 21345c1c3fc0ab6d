#include "net/http.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <thread>

#include "core/error.hpp"
#include "support/raw_server.hpp"

namespace visitor::net {
namespace {

using namespace std::chrono_literals;
using test::RawPeer;
using test::RawServer;

HttpOptions quick() {
  HttpOptions options;
  options.connect_timeout = 400ms;
  options.request_timeout = 400ms;
  options.max_body_bytes = 100'000;
  return options;
}

HttpResponse answered(const HttpResult& result) {
  if (const auto* failure = std::get_if<HttpFailure>(&result)) BOOST_FAIL(failure->message);
  return std::get<HttpResponse>(result);
}

HttpFailure failed(const HttpResult& result) {
  BOOST_REQUIRE_MESSAGE(std::holds_alternative<HttpFailure>(result), "an answer came");
  return std::get<HttpFailure>(result);
}

/// What a client says to a server that sends \p text after the request and hangs up.
HttpResult fetch(std::string_view text, HttpOptions options = quick()) {
  RawServer server{[&](RawPeer& peer) {
    peer.read_head();
    peer.send(text);
  }};
  HttpClient client{options};
  return client.send({.url = server.url()});
}

class Stopwatch {
 public:
  bool under(std::chrono::milliseconds most) const { return std::chrono::steady_clock::now() - begun_ < most; }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace

BOOST_AUTO_TEST_SUITE(http)

BOOST_AUTO_TEST_CASE(an_answer_with_a_length_arrives_whole) {
  const auto response = answered(fetch("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-One: 1\r\n\r\nhello"));
  BOOST_TEST(response.status == 200);
  BOOST_TEST(response.body == "hello");
  BOOST_TEST(*response.header("x-one") == "1");
  BOOST_TEST(!response.header("x-two").has_value());
  BOOST_TEST(response.local_address == "127.0.0.1");
  BOOST_TEST(response.local_port != 0);
  BOOST_TEST(!response.certificate.has_value());
}

BOOST_AUTO_TEST_CASE(a_chunked_answer_arrives_whole) {
  const auto response = answered(
      fetch("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n7;ext=1\r\n, world\r\n0\r\n\r\n"));
  BOOST_TEST(response.body == "hello, world");
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_length_ends_with_the_connection) {
  BOOST_TEST(answered(fetch("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it")).body == "all of it");
  BOOST_TEST(answered(fetch("HTTP/1.0 200 OK\r\n\r\nold")).body == "old");
}

BOOST_AUTO_TEST_CASE(an_empty_answer_and_an_error_answer_are_answers) {
  BOOST_TEST(answered(fetch("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")).body.empty());
  BOOST_TEST(answered(fetch("HTTP/1.1 204 No Content\r\n\r\n")).status == 204);
  const auto refused = answered(fetch("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"));
  BOOST_TEST(refused.status == 403);
  BOOST_TEST(refused.body == "no");
}

BOOST_AUTO_TEST_CASE(headers_of_one_name_stay_in_order) {
  const auto response =
      answered(fetch("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest nonce=1\r\nX: y\r\n"
                     "www-authenticate: Digest nonce=2\r\nContent-Length: 0\r\n\r\n"));
  const std::vector<std::string> expected{"Digest nonce=1", "Digest nonce=2"};
  BOOST_TEST(response.all("WWW-Authenticate") == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_redirection_is_reported_and_not_followed) {
  const auto response =
      answered(fetch("HTTP/1.1 301 Moved\r\nLocation: http://198.51.100.1/elsewhere\r\nContent-Length: 0\r\n\r\n"));
  BOOST_TEST(response.status == 301);
  BOOST_TEST(*response.header("Location") == "http://198.51.100.1/elsewhere");
}

BOOST_AUTO_TEST_CASE(the_request_goes_out_as_it_was_written) {
  std::string seen;
  RawServer server{[&](RawPeer& peer) {
    seen = peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  }};
  HttpClient client{quick()};
  answered(client.send({.method = "POST",
                        .url = server.url("/ISAPI/AccessControl/AcsEvent?format=json&x=%20"),
                        .headers = {{"X-Mine", "value"}},
                        .body = "{}",
                        .content_type = "application/json"}));
  BOOST_TEST(seen.starts_with("POST /ISAPI/AccessControl/AcsEvent?format=json&x=%20 HTTP/1.1\r\n"));
  BOOST_TEST(seen.find("Host: 127.0.0.1:" + std::to_string(server.port()) + "\r\n") != std::string::npos);
  BOOST_TEST(seen.find("X-Mine: value\r\n") != std::string::npos);
  BOOST_TEST(seen.find("Content-Type: application/json\r\n") != std::string::npos);
  BOOST_TEST(seen.find("Content-Length: 2\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_closed_port_is_refused_and_the_message_names_it) {
  int port = 0;
  {
    port = RawServer{[](RawPeer&) {}}.port();
  }
  HttpClient client{quick()};
  const auto failure = failed(client.send({.url = "http://127.0.0.1:" + std::to_string(port) + "/"}));
  BOOST_TEST((failure.kind == NetFailure::refused));
  BOOST_TEST(failure.message == "127.0.0.1 port " + std::to_string(port) + " refuses connections");
}

BOOST_AUTO_TEST_CASE(a_name_without_an_address_is_said_so) {
  HttpClient client{quick()};
  const auto failure = failed(client.send({.url = "http://nowhere.invalid/"}));
  BOOST_TEST((failure.kind == NetFailure::name_resolution));
  BOOST_TEST(failure.message.find("nowhere.invalid") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_name_with_several_addresses_is_tried_until_one_answers) {
  RawServer server{[](RawPeer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  }};
  HttpClient client{quick()};
  BOOST_TEST(answered(client.send({.url = "http://localhost:" + std::to_string(server.port()) + "/"})).status == 200);
}

BOOST_AUTO_TEST_CASE(a_server_that_hangs_is_left_at_the_deadline) {
  RawServer server{[](RawPeer& peer) { peer.hang(); }};
  HttpClient client{quick()};
  const Stopwatch watch;
  BOOST_TEST((failed(client.send({.url = server.url()})).kind == NetFailure::timeout));
  BOOST_TEST(watch.under(2s));
}

BOOST_AUTO_TEST_CASE(a_request_may_have_a_deadline_of_its_own) {
  RawServer server{[](RawPeer& peer) { peer.hang(); }};
  auto options = quick();
  options.request_timeout = 60s;
  HttpClient client{options};
  const Stopwatch watch;
  BOOST_TEST((failed(client.send({.url = server.url(), .timeout = 100ms})).kind == NetFailure::timeout));
  BOOST_TEST(watch.under(2s));
}

BOOST_AUTO_TEST_CASE(slow_bytes_in_the_body_do_not_stretch_the_deadline) {
  RawServer server{[](RawPeer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    while (peer.send("x")) std::this_thread::sleep_for(10ms);
  }};
  HttpClient client{quick()};
  const Stopwatch watch;
  BOOST_TEST((failed(client.send({.url = server.url()})).kind == NetFailure::timeout));
  BOOST_TEST(watch.under(2s));
}

BOOST_AUTO_TEST_CASE(slow_bytes_in_the_head_do_not_stretch_the_deadline) {
  RawServer server{[](RawPeer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\n");
    while (peer.send("A: b\r\n")) std::this_thread::sleep_for(10ms);
  }};
  HttpClient client{quick()};
  const Stopwatch watch;
  BOOST_TEST((failed(client.send({.url = server.url()})).kind == NetFailure::timeout));
  BOOST_TEST(watch.under(2s));
}

BOOST_AUTO_TEST_CASE(a_server_that_reads_nothing_does_not_hold_a_large_request_past_the_deadline) {
  RawServer server{[](RawPeer& peer) {
    while (!peer.stopping()) std::this_thread::sleep_for(10ms);
  }};
  HttpClient client{quick()};
  const Stopwatch watch;
  const auto failure =
      failed(client.send({.method = "POST", .url = server.url(), .body = std::string(16 * 1024 * 1024, 'x')}));
  BOOST_TEST((failure.kind == NetFailure::timeout));
  BOOST_TEST(watch.under(3s));
}

BOOST_AUTO_TEST_CASE(an_announced_body_over_the_limit_is_not_read) {
  BOOST_TEST((failed(fetch("HTTP/1.1 200 OK\r\nContent-Length: 100001\r\n\r\n")).kind == NetFailure::too_large));
  BOOST_TEST(
      (failed(fetch("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n")).kind == NetFailure::malformed));
}

BOOST_AUTO_TEST_CASE(a_length_that_is_none_or_two_is_no_http) {
  for (const std::string lengths :
       {"Content-Length: -1\r\n", "Content-Length: five\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"}) {
    BOOST_TEST_CONTEXT(lengths) {
      BOOST_TEST((failed(fetch("HTTP/1.1 200 OK\r\n" + lengths + "\r\nhello")).kind == NetFailure::malformed));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_status_line_may_end_with_its_number) {
  const auto response = answered(fetch("HTTP/1.1 204\r\n\r\n"));
  BOOST_TEST(response.status == 204);
}

BOOST_AUTO_TEST_CASE(what_comes_before_the_answer_is_not_the_answer) {
  const auto response =
      answered(fetch("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102\r\nX: 1\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello"));
  BOOST_TEST(response.status == 200);
  BOOST_TEST(response.headers.empty());
  BOOST_TEST(response.body == "hello");
}

BOOST_AUTO_TEST_CASE(the_length_of_a_body_that_only_would_come_has_no_limit) {
  RawServer server{[](RawPeer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n");
  }};
  HttpClient client{quick()};
  const auto response = answered(client.send({.method = "HEAD", .url = server.url()}));
  BOOST_TEST(*response.header("Content-Length") == "5000000000");
  BOOST_TEST(response.body.empty());
}

BOOST_AUTO_TEST_CASE(a_body_that_grows_over_the_limit_is_cut) {
  RawServer server{[](RawPeer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    const auto chunk = "1000\r\n" + std::string(0x1000, 'x') + "\r\n";
    while (peer.send(chunk)) {
    }
  }};
  HttpClient client{quick()};
  BOOST_TEST((failed(client.send({.url = server.url()})).kind == NetFailure::too_large));
}

BOOST_AUTO_TEST_CASE(a_head_without_end_is_cut) {
  for (const std::string endless : {"X-Many: y\r\n", "xxxxxxxxxxxxxxxx", "HTTP/1.1 100 Continue\r\n\r\n"}) {
    RawServer server{[&](RawPeer& peer) {
      peer.read_head();
      peer.send(endless.starts_with("HTTP") ? "" : "HTTP/1.1 200 OK\r\nX: ");
      while (peer.send(endless)) {
      }
    }};
    HttpClient client{quick()};
    BOOST_TEST((failed(client.send({.url = server.url()})).kind == NetFailure::too_large));
  }
}

BOOST_AUTO_TEST_CASE(a_status_line_without_end_is_no_http) {
  const auto failure = failed(fetch("HTTP/1.1 200 " + std::string(200'000, 'O')));
  BOOST_TEST((failure.kind == NetFailure::malformed));
}

BOOST_AUTO_TEST_CASE(another_protocol_on_the_port_is_no_http) {
  RawServer server{[](RawPeer& peer) {
    peer.send("SSH-2.0-OpenSSH_9.2\r\n");
    peer.hang();
  }};
  HttpClient client{quick()};
  BOOST_TEST((failed(client.send({.url = server.url()})).kind == NetFailure::malformed));
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_cut_short_is_not_taken_for_whole) {
  BOOST_TEST((failed(fetch("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")).kind == NetFailure::closed));
  BOOST_TEST(
      (failed(fetch("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf")).kind == NetFailure::closed));
  BOOST_TEST((failed(fetch("HTTP/1.1 200 OK\r\nContent-Le")).kind == NetFailure::closed));
  BOOST_TEST((failed(fetch("")).kind == NetFailure::closed));
}

BOOST_AUTO_TEST_CASE(a_stop_request_ends_a_hanging_request_at_once) {
  RawServer server{[](RawPeer& peer) { peer.hang(); }};
  auto options = quick();
  options.request_timeout = 60s;
  HttpClient client{options};
  std::stop_source source;
  const Stopwatch watch;
  std::jthread stopper{[&] {
    std::this_thread::sleep_for(50ms);
    source.request_stop();
  }};
  BOOST_TEST((failed(client.send({.url = server.url()}, source.get_token())).kind == NetFailure::interrupted));
  BOOST_TEST(watch.under(2s));
  BOOST_TEST((failed(client.send({.url = server.url()}, source.get_token())).kind == NetFailure::interrupted));
}

BOOST_AUTO_TEST_CASE(a_connection_is_kept_for_the_next_request_and_closed_when_told) {
  RawServer server{[](RawPeer& peer) {
    while (!peer.read_head().empty()) peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  }};
  HttpClient client{quick()};
  const auto first = answered(client.send({.url = server.url()}));
  const auto second = answered(client.send({.url = server.url()}));
  BOOST_TEST(first.local_port == second.local_port);
  BOOST_TEST(server.connections() == 1);
  client.close();
  BOOST_TEST(answered(client.send({.url = server.url()})).body == "ok");
  BOOST_TEST(server.connections() == 2);
}

BOOST_AUTO_TEST_CASE(a_server_that_says_close_gets_a_new_connection) {
  RawServer server{[](RawPeer& peer) {
    while (!peer.read_head().empty()) peer.send("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 2\r\n\r\nok");
  }};
  HttpClient client{quick()};
  answered(client.send({.url = server.url()}));
  answered(client.send({.url = server.url()}));
  BOOST_TEST(server.connections() == 2);
}

BOOST_AUTO_TEST_CASE(a_kept_connection_that_has_died_is_replaced_unnoticed) {
  std::atomic<int> served{0};
  RawServer server{[&](RawPeer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    if (served++ == 0) peer.read_head();  // takes the second request and hangs up on it
  }};
  HttpClient client{quick()};
  answered(client.send({.url = server.url()}));
  BOOST_TEST(answered(client.send({.url = server.url()})).body == "ok");
  BOOST_TEST(server.connections() == 2);
}

BOOST_AUTO_TEST_CASE(a_post_is_not_repeated_unless_the_caller_says_that_it_may_be) {
  const auto script = [](RawPeer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    peer.read_head();
  };
  for (const bool repeatable : {false, true}) {
    RawServer server{script};
    HttpClient client{quick()};
    answered(client.send({.url = server.url()}));
    const auto result = client.send({.method = "POST", .url = server.url(), .repeatable = repeatable});
    BOOST_TEST(std::holds_alternative<HttpResponse>(result) == repeatable);
  }
}

BOOST_AUTO_TEST_CASE(bytes_that_nobody_asked_for_are_not_taken_for_the_next_answer) {
  RawServer server{[](RawPeer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
    peer.hang();
  }};
  HttpClient client{quick()};
  answered(client.send({.url = server.url()}));
  BOOST_TEST(answered(client.send({.url = server.url()})).body == "ok");
}

BOOST_AUTO_TEST_CASE(what_http_does_not_allow_is_refused_before_anything_is_sent) {
  HttpClient client{quick()};
  const auto refuse = [&](HttpRequest request) {
    if (request.url.empty()) request.url = "http://127.0.0.1:1/";
    BOOST_CHECK_THROW(client.send(request), Error);
  };
  refuse({.method = "GET / HTTP/1.1\r\nX:"});
  refuse({.headers = {{"X-A", "1\r\nX-B: 2"}}});
  refuse({.headers = {{"X A", "1"}}});
  refuse({.body = "x", .content_type = "text/plain\r\nX: y"});
  refuse({.url = "http://127.0.0.1:1/a b"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::net
