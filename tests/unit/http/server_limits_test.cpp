#include "daemon/http/server.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "served.hpp"

using namespace visitor;
using namespace visitor::test;

BOOST_FIXTURE_TEST_SUITE(http_server_limits, Served)

BOOST_AUTO_TEST_CASE(what_is_not_http_is_400_and_closed) {
  const http::Server server{options(), router(), registry};
  for (const auto* text :
       {"\x16\x03\x01\x02\x01\x01\xfc\r\n\r\n", "GET /hello HTTP/9.9\r\n\r\n", "GET /hello HTTP/1.1\r\n\r\n",
        "GET hello HTTP/1.1\r\nHost: a\r\n\r\n", "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"}) {
    Client client{server.port()};
    client.send(text);
    const auto answer = client.answer();
    BOOST_TEST(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), text << " gave " << answer);
    BOOST_TEST(client.closed());
  }
}

BOOST_AUTO_TEST_CASE(a_second_request_is_not_smuggled_in_the_body_of_the_first) {
  const http::Server server{options(), router(), registry};
  const auto inner = get("/conflict");
  // What is a body is one.
  Client honest{server.port()};
  honest.send(fmt::format("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{}", inner.size(), inner));
  BOOST_TEST(honest.answer().ends_with("\r\n\r\n" + inner));
  honest.send(get("/hello"));
  BOOST_TEST(honest.answer().ends_with("hello\n"));
  // What could be read in two ways is answered once, and nothing behind it.
  for (const std::string header :
       {"Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: 0\r\nContent-Length: 5", "Content-Length: 5\r\nTransfer-Encoding: xchunked",
        "Transfer-Encoding: chunked, identity", "Transfer-Encoding:\r\n chunked", "Content-Length : 5",
        "X: a\nContent-Length: 5", "X: a\rContent-Length: 5"}) {
    Client client{server.port()};
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\n" + header + "\r\n\r\n0\r\n\r\n" + inner);
    const auto all = client.receive([](const std::string&) { return false; });
    BOOST_TEST(all.starts_with("HTTP/1.1 400 "), header << " gave " << all);
    BOOST_TEST(all.find("HTTP/1.1", 1) == std::string::npos, header << " gave " << all);
    BOOST_TEST(client.closed());
  }
  // Nor behind the back of whoever looks at headers only.
  Client trailing{server.port()};
  trailing.send("PUT /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Odd: 1\r\n\r\n");
  trailing.answer();
  BOOST_TEST(seen.header("Transfer-Encoding") == "chunked");
  BOOST_TEST(seen.header("X-Odd") == "");
}

BOOST_AUTO_TEST_CASE(header_above_the_limit_is_431) {
  const http::Server server{options(), router(), registry};
  Client client{server.port()};
  client.send(get("/hello", "X-Long: " + std::string(20'000, 'x') + "\r\n"));
  BOOST_TEST(client.answer().starts_with("HTTP/1.1 431 Request Header Fields Too Large\r\n"));
  BOOST_TEST(client.closed());

  Client below{server.port()};
  below.send(get("/hello", "X-Long: " + std::string(10'000, 'x') + "\r\n"));
  BOOST_TEST(below.answer().starts_with("HTTP/1.1 200 "));
}

BOOST_AUTO_TEST_CASE(header_without_an_end_is_431_and_not_collected) {
  const http::Server server{options(), router(), registry};
  Client client{server.port()};
  client.send("GET /hello HTTP/1.1\r\n");
  const std::string line = "X-More: " + std::string(1'000, 'y') + "\r\n";
  for (int i = 0; i < 100 && client.send(line); ++i) {
  }
  BOOST_TEST(client.answer().starts_with("HTTP/1.1 431 "));
  BOOST_TEST(client.closed());
}

BOOST_AUTO_TEST_CASE(body_within_the_limit_arrives_whole_also_in_chunks) {
  const http::Server server{options(), router(), registry};
  Client client{server.port()};
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'b'));
  BOOST_TEST(client.answer().ends_with("\r\n\r\n" + std::string(1000, 'b')));
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  BOOST_TEST(client.answer().ends_with("\r\n\r\nabcde"));
}

BOOST_AUTO_TEST_CASE(client_that_asks_first_is_told_to_go_on) {
  const http::Server server{options(), router(), registry};
  Client client{server.port()};
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  BOOST_TEST(client.answer().starts_with("HTTP/1.1 100 Continue\r\n"));
  client.send("abc");
  BOOST_TEST(client.answer().ends_with("\r\n\r\nabc"));
}

BOOST_AUTO_TEST_CASE(body_above_the_limit_is_413_before_and_while_it_arrives) {
  const http::Server server{options(), router(), registry};
  Client announced{server.port()};
  announced.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n");
  BOOST_TEST(announced.answer().starts_with("HTTP/1.1 413 Payload Too Large\r\n"));
  BOOST_TEST(announced.closed());

  Client chunked{server.port()};
  chunked.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 20 && chunked.send("64\r\n" + std::string(100, 'c') + "\r\n"); ++i) {
  }
  BOOST_TEST(chunked.answer().starts_with("HTTP/1.1 413 "));
  BOOST_TEST(chunked.closed());
}

BOOST_AUTO_TEST_CASE(client_that_sends_byte_by_byte_is_cut_in_the_header_and_in_the_body) {
  const http::Server server{hasty(), router(), registry};
  const std::string start = "POST /echo HTTP/1.1\r\nHost: a\r\n";
  for (const auto& said :
       {start + "X-Slow: ", start + "Content-Length: 999\r\n\r\n", start + "Transfer-Encoding: chunked\r\n\r\n3;x="}) {
    Client client{server.port()};
    const auto begin = SteadyClock::now();
    bool taken = client.send(said);
    while (taken && SteadyClock::now() - begin < 10s) {
      taken = client.send("s");
      std::this_thread::sleep_for(5ms);
    }
    BOOST_TEST(!taken, said);
  }
}

BOOST_AUTO_TEST_CASE(client_that_says_nothing_is_cut_at_first_and_between_requests) {
  const http::Server server{hasty(), router(), registry};
  Client silent{server.port()};
  BOOST_TEST(silent.closed());
  Client once{server.port()};
  once.send(get("/hello"));
  once.answer();
  BOOST_TEST(once.closed());
}

BOOST_AUTO_TEST_CASE(client_that_stops_in_the_middle_of_a_body_is_cut) {
  const http::Server server{hasty(), router(), registry};
  Client client{server.port()};
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc");
  BOOST_TEST(client.closed());
}

BOOST_AUTO_TEST_CASE(connections_above_the_limit_are_told_503_where_all_are_at_work) {
  auto limited = options();
  limited.max_connections = 2;
  const http::Server server{std::move(limited), router(), registry};
  Client one{server.port()}, two{server.port()};
  one.send(get("/wait"));
  two.send(get("/wait"));
  gate.await(2);

  Client three{server.port()};
  const auto answer = three.answer();
  BOOST_TEST(answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), answer);
  BOOST_TEST(answer.find("Retry-After: 1\r\n") != std::string::npos);
  BOOST_TEST(three.closed());

  gate.open();
  BOOST_TEST(one.answer().starts_with("HTTP/1.1 200 "));
  BOOST_TEST(two.answer().starts_with("HTTP/1.1 200 "));
}

BOOST_AUTO_TEST_CASE(who_has_waited_longest_makes_room_for_a_new_connection) {
  auto limited = options();
  limited.max_connections = 2;
  const http::Server server{std::move(limited), router(), registry};
  Client one{server.port()}, two{server.port()};
  for (auto* client : {&one, &two}) {
    client->send(get("/hello"));
    client->answer();
  }
  one.send(get("/hello"));
  one.answer();

  Client three{server.port()};
  three.send(get("/hello"));
  BOOST_TEST(three.answer().starts_with("HTTP/1.1 200 "));
  BOOST_TEST(two.closed());
  one.send(get("/hello"));
  BOOST_TEST(one.answer().starts_with("HTTP/1.1 200 "));
  BOOST_TEST(registry.text().find("visitor_http_connections_evicted_total 1\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(any_number_of_clients_that_say_nothing_or_little_lock_nobody_out) {
  auto limited = options();
  limited.max_connections = 8;
  const http::Server server{std::move(limited), router(), registry};
  Client busy{server.port()};
  busy.send(get("/wait"));
  gate.await(1);
  std::vector<Client> idle;
  for (const auto* said : {"", "GET /hel", "GET /hello HTTP/1.1\r\nHost: a\r\nX-",
                           "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"})
    for (int i = 0; i < 25; ++i) {
      idle.emplace_back(server.port());
      idle.back().send(said);
      if (i != 12) continue;
      Client good{server.port()};
      good.send(get("/hello"));
      BOOST_TEST(good.answer().starts_with("HTTP/1.1 200 "), "after clients that say '" << said << "'");
    }
  gate.open();
  BOOST_TEST(busy.answer().starts_with("HTTP/1.1 200 "));
}

BOOST_AUTO_TEST_CASE(client_that_never_reads_the_answer_is_cut) {
  const http::Server server{hasty(), router(), registry};
  Client client{server.port()};
  client.send(get("/large"));
  const auto until = SteadyClock::now() + 10s;
  bool begun = false;
  while ((!begun || server.stats().connections > 0) && SteadyClock::now() < until) {
    begun = begun || server.stats().connections > 0;
    std::this_thread::sleep_for(1ms);
  }
  BOOST_TEST(begun);
  BOOST_TEST(server.stats().connections == 0U);
}

BOOST_AUTO_TEST_CASE(full_worker_queue_is_503_and_others_are_served_meanwhile) {
  auto small = options();
  small.workers = 1;
  small.worker_queue = 1;
  const http::Server server{std::move(small), router(), registry};
  Client runs{server.port()}, waits{server.port()}, refused{server.port()};
  runs.send(get("/wait"));
  gate.await(1);
  waits.send(get("/wait"));
  const auto until = SteadyClock::now() + 5s;
  while (server.stats().workers_waiting == 0 && SteadyClock::now() < until) std::this_thread::sleep_for(1ms);

  refused.send(get("/worker"));
  const auto answer = refused.answer();
  BOOST_TEST(answer.starts_with("HTTP/1.1 503 "), answer);
  refused.send(get("/hello"));
  BOOST_TEST(refused.answer().starts_with("HTTP/1.1 200 "));

  gate.open();
  BOOST_TEST(runs.answer().starts_with("HTTP/1.1 200 "));
  BOOST_TEST(waits.answer().starts_with("HTTP/1.1 200 "));
}

BOOST_AUTO_TEST_SUITE_END()
