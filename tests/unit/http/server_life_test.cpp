#include "daemon/http/server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/test/unit_test.hpp>
#include <string>
#include <thread>

#include "core/error.hpp"
#include "served.hpp"

using namespace visitor;
using namespace visitor::test;

BOOST_FIXTURE_TEST_SUITE(http_server_life, Served)

BOOST_AUTO_TEST_CASE(drain_lets_a_request_end_and_closes_what_is_idle) {
  http::Server server{options(), router(), registry};
  const auto port = server.port();
  Client busy{port}, idle{port};
  idle.send(get("/hello"));
  idle.answer();
  busy.send(get("/wait"));
  gate.await(1);

  bool drained = false;
  std::thread draining{[&] { drained = server.drain(5s); }};
  BOOST_TEST(idle.closed());
  BOOST_TEST(!Client{port}.connected());
  gate.open();
  const auto answer = busy.answer();
  BOOST_TEST(answer.starts_with("HTTP/1.1 200 "));
  BOOST_TEST(answer.find("Connection: close\r\n") != std::string::npos);
  busy.half_close();
  draining.join();
  BOOST_TEST(drained);
}

BOOST_AUTO_TEST_CASE(drain_gives_up_at_its_deadline) {
  http::Server server{options(), router(), registry};
  Client busy{server.port()};
  busy.send(get("/wait"));
  gate.await(1);
  BOOST_TEST(!server.drain(50ms));
  BOOST_TEST(busy.closed());
  gate.open();
}

BOOST_AUTO_TEST_CASE(server_ends_with_requests_waiting_and_running) {
  auto small = options();
  small.workers = 1;
  {
    const http::Server server{std::move(small), router(), registry};
    Client runs{server.port()}, waits{server.port()};
    runs.send(get("/wait"));
    gate.await(1);
    waits.send(get("/wait"));
    const auto until = SteadyClock::now() + 5s;
    while (server.stats().workers_waiting == 0 && SteadyClock::now() < until) std::this_thread::sleep_for(1ms);
    BOOST_TEST(server.stats().workers_waiting == 1U);
    gate.open();
  }
}

BOOST_AUTO_TEST_CASE(port_in_use_is_a_config_error_with_a_hint) {
  const http::Server first{options(), router(), registry};
  auto second = options();
  second.port = first.port();
  BOOST_CHECK_EXCEPTION((http::Server{std::move(second), router(), registry}), Error, [&](const Error& error) {
    return error.code() == Errc::config &&
           error.message() == fmt::format("cannot listen on 127.0.0.1 port {}: Address already in use", first.port()) &&
           error.hint().find("Another program") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(socket_that_was_handed_over_is_listened_on) {
  Fd listening{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  BOOST_REQUIRE(::bind(listening.get(), reinterpret_cast<sockaddr*>(&address), length) == 0);
  BOOST_REQUIRE(::listen(listening.get(), 16) == 0);
  ::getsockname(listening.get(), reinterpret_cast<sockaddr*>(&address), &length);
  auto given = options();
  given.listening = std::move(listening);
  const http::Server server{std::move(given), router(), registry};
  BOOST_TEST(server.port() == ntohs(address.sin_port));
  Client client{server.port()};
  client.send(get("/hello"));
  BOOST_TEST(client.answer().starts_with("HTTP/1.1 200 "));

  auto wrong = options();
  wrong.listening = Fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  BOOST_CHECK_THROW((http::Server{std::move(wrong), router(), registry}), Error);
}

BOOST_AUTO_TEST_SUITE_END()
