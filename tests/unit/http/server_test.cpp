#include "daemon/http/server.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "served.hpp"

using namespace visitor;
using namespace visitor::test;

BOOST_FIXTURE_TEST_SUITE(http_server, Served)

BOOST_AUTO_TEST_CASE(handlers_answer_from_the_connections_thread_and_from_a_worker) {
  const http::Server server{options(), router(), registry};
  BOOST_TEST(server.port() != 0);
  for (const auto* path : {"/hello", "/worker"}) {
    Client client{server.port()};
    client.send(get(path));
    const auto answer = client.answer();
    BOOST_TEST(answer.starts_with("HTTP/1.1 200 OK\r\n"), answer);
    BOOST_TEST(answer.ends_with("\r\n\r\nhello\n"), answer);
  }
}

BOOST_AUTO_TEST_CASE(request_arrives_in_its_parts) {
  const http::Server server{options(), router(), registry};
  Client client{server.port()};
  client.send(get("/hello?since=30m&limit=5", "X-Odd: one\r\nX-Odd: two\r\n"));
  client.answer();
  BOOST_TEST(seen.method == "GET");
  BOOST_TEST(seen.path == "/hello");
  BOOST_TEST(seen.query == "since=30m&limit=5");
  BOOST_TEST(seen.header("x-odd") == "one");
  BOOST_TEST(seen.remote == "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(absolute_target_is_taken_as_its_path) {
  const http::Server server{options(), router(), registry};
  Client client{server.port()};
  client.send("GET http://test/hello HTTP/1.1\r\nHost: test\r\n\r\n");
  BOOST_TEST(client.answer().starts_with("HTTP/1.1 200 "));
}

BOOST_AUTO_TEST_CASE(every_answer_has_the_security_headers_and_a_date) {
  const http::Server server{options(), router(), registry};
  for (const auto* path : {"/hello", "/nowhere"}) {
    Client client{server.port()};
    client.send(get(path));
    const auto answer = client.answer();
    for (const auto* header : {"X-Content-Type-Options: nosniff\r\n", "X-Frame-Options: DENY\r\n",
                               "Content-Security-Policy: default-src 'none'", "Referrer-Policy: no-referrer\r\n",
                               "Cache-Control: no-store\r\n", "\r\nDate: "})
      BOOST_TEST(answer.find(header) != std::string::npos, header << " is missing in " << answer);
  }
}

BOOST_AUTO_TEST_CASE(headers_of_a_handler_replace_the_servers_own_and_no_value_begins_another_line) {
  const http::Server server{options(), router(), registry};
  Client client{server.port()};
  client.send(get("/own-headers"));
  const auto answer = client.answer();
  BOOST_TEST(answer.find("\r\ncache-control: private\r\n") != std::string::npos, answer);
  BOOST_TEST(answer.find("no-store") == std::string::npos, answer);
  BOOST_TEST(answer.find("\r\nVary: Accept\r\n") != std::string::npos, answer);
  BOOST_TEST(answer.find("Vary: Origin") == std::string::npos, answer);
  BOOST_TEST(answer.find("\r\nLocation: /hello  Set-Cookie: stolen=1\r\n") != std::string::npos, answer);
}

BOOST_AUTO_TEST_CASE(request_id_of_the_client_is_kept_if_it_is_sane) {
  const http::Server server{options(), router(), registry};
  Client client{server.port()};
  client.send(get("/hello", "X-Request-Id: abc-123\r\n"));
  BOOST_TEST(client.answer().find("X-Request-Id: abc-123\r\n") != std::string::npos);
  BOOST_TEST(seen.id == "abc-123");

  client.send(get("/hello", "X-Request-Id: <script>\r\n"));
  BOOST_TEST(client.answer().find("script") == std::string::npos);
  BOOST_TEST(seen.id.size() == 16U);
}

BOOST_AUTO_TEST_CASE(connection_serves_many_requests_also_when_they_come_at_once) {
  const http::Server server{options(), router(), registry};
  Client client{server.port()};
  for (int i = 0; i < 3; ++i) {
    client.send(get("/hello"));
    BOOST_TEST(client.answer().ends_with("hello\n"));
  }
  client.send(get("/hello") + get("/worker") + get("/nowhere"));
  BOOST_TEST(client.answer().starts_with("HTTP/1.1 200 "));
  BOOST_TEST(client.answer().starts_with("HTTP/1.1 200 "));
  BOOST_TEST(client.answer().starts_with("HTTP/1.1 404 "));
  BOOST_TEST(server.stats().connections == 1U);
}

BOOST_AUTO_TEST_CASE(connection_is_closed_where_the_client_asks_for_it) {
  const http::Server server{options(), router(), registry};
  Client one{server.port()};
  one.send(get("/hello", "Connection: close\r\n"));
  BOOST_TEST(one.answer().find("Connection: close\r\n") != std::string::npos);
  BOOST_TEST(one.closed());
  Client old{server.port()};
  old.send("GET /hello HTTP/1.0\r\n\r\n");
  BOOST_TEST(old.answer().find(" 200 ") != std::string::npos);
  BOOST_TEST(old.closed());
}

BOOST_AUTO_TEST_CASE(head_has_the_headers_of_get_and_no_body) {
  const http::Server server{options(), router(), registry};
  Client client{server.port()};
  client.send("HEAD /hello HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
  const auto answer = client.receive([](const std::string&) { return false; });
  BOOST_TEST(answer.find("Content-Length: 6\r\n") != std::string::npos);
  BOOST_TEST(answer.ends_with("\r\n\r\n"));
  BOOST_TEST(seen.method == "GET");
}

BOOST_AUTO_TEST_CASE(unknown_path_is_404_and_wrong_method_is_405_with_what_is_allowed) {
  const http::Server server{options(), router(), registry};
  Client client{server.port()};
  client.send(get("/nowhere"));
  BOOST_TEST(client.answer().starts_with("HTTP/1.1 404 Not Found\r\n"));
  client.send("DELETE /echo HTTP/1.1\r\nHost: test\r\n\r\n");
  const auto answer = client.answer();
  BOOST_TEST(answer.starts_with("HTTP/1.1 405 Method Not Allowed\r\n"));
  BOOST_TEST(answer.find("Allow: POST, PUT, GET, HEAD\r\n") != std::string::npos, answer);
}

BOOST_AUTO_TEST_CASE(error_of_a_handler_becomes_its_status_and_tells_strangers_nothing) {
  const http::Server server{options(), router(), registry};
  Client client{server.port()};
  client.send(get("/conflict"));
  const auto conflict = client.answer();
  BOOST_TEST(conflict.starts_with("HTTP/1.1 409 "));
  BOOST_TEST(conflict.find("visit 42 has already ended") != std::string::npos);
  client.send(get("/secret"));
  const auto secret = client.answer();
  BOOST_TEST(secret.starts_with("HTTP/1.1 503 "));
  BOOST_TEST(secret.find("db.internal") == std::string::npos);
  client.send(get("/bug"));
  const auto bug = client.answer();
  BOOST_TEST(bug.starts_with("HTTP/1.1 500 "));
  BOOST_TEST(bug.find("vector") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(requests_are_counted_by_route_and_class_of_status) {
  const http::Server server{options(), router(), registry};
  Client client{server.port()};
  for (const auto* path : {"/hello", "/hello", "/nowhere", "/nowhere/else", "/bug"}) {
    client.send(get(path));
    client.answer();
  }
  const auto text = registry.text();
  for (const auto* line :
       {"visitor_http_requests_total{route=\"/hello\",status=\"2xx\"} 2\n",
        "visitor_http_requests_total{route=\"other\",status=\"4xx\"} 2\n",
        "visitor_http_requests_total{route=\"/bug\",status=\"5xx\"} 1\n",
        "visitor_http_request_duration_seconds_count{route=\"/hello\"} 2\n", "visitor_http_connections_total 1\n"})
    BOOST_TEST(text.find(line) != std::string::npos, line << " is missing");
  BOOST_TEST(text.find("nowhere") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_hundred_clients_are_served_at_once) {
  const http::Server server{options(), router(), registry};
  std::vector<Client> clients;
  for (int i = 0; i < 100; ++i) clients.emplace_back(server.port());
  for (auto& client : clients) client.send(get("/quick"));
  int good = 0;
  for (auto& client : clients) good += client.answer().starts_with("HTTP/1.1 200 ") ? 1 : 0;
  // The queue takes 64 and there are four workers; the others hear "too busy" and lose nothing else.
  BOOST_TEST(good >= 64);
  for (auto& client : clients) client.send(get("/hello"));
  for (auto& client : clients) BOOST_TEST(client.answer().starts_with("HTTP/1.1 200 "));
}

BOOST_AUTO_TEST_SUITE_END()
