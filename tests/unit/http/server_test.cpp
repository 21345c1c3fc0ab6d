#include "daemon/http/server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/error.hpp"

using namespace visitor;
using namespace std::chrono_literals;

namespace {

using SteadyClock = std::chrono::steady_clock;

/// A client that says exactly what a test wants, byte by byte.
class Client {
 public:
  explicit Client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }

  bool connected() const { return connected_; }

  /// \returns false where the other side has gone
  bool send(std::string_view text) {
    while (!text.empty()) {
      const auto sent = ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// What arrives until \p enough of it is there, the connection ends, or five seconds have passed.
  template <class Enough>
  std::string receive(Enough&& enough) {
    const auto deadline = SteadyClock::now() + 5s;
    while (!enough(received_)) {
      pollfd wait{fd_.get(), POLLIN, 0};
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now()).count();
      if (left <= 0 || ::poll(&wait, 1, static_cast<int>(left)) <= 0) break;
      char buffer[4096];
      const auto got = ::recv(fd_.get(), buffer, sizeof buffer, 0);
      if (got <= 0) {
        ended_ = true;
        break;
      }
      received_.append(buffer, static_cast<std::size_t>(got));
    }
    return std::exchange(received_, {});
  }

  /// One whole answer; the rest is kept for the next call.
  std::string answer() {
    std::size_t size = 0;
    const auto text = receive([&](const std::string& so_far) {
      const auto head = so_far.find("\r\n\r\n");
      if (head == std::string::npos) return false;
      const auto length = so_far.find("Content-Length: ");
      size = head + 4 + (length < head ? std::stoul(so_far.substr(length + 16)) : 0);
      return so_far.size() >= size;
    });
    if (size == 0 || text.size() < size) return text;
    received_ = text.substr(size);
    return text.substr(0, size);
  }

  /// True if the other side closes within five seconds; what it says before is dropped.
  bool closed() {
    receive([](const std::string&) { return false; });
    return ended_;
  }

  void half_close() { ::shutdown(fd_.get(), SHUT_WR); }

 private:
  Fd fd_;
  bool connected_ = false;
  bool ended_ = false;
  std::string received_;
};

std::string get(std::string_view path, std::string_view more = {}) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: test\r\n{}\r\n", path, more);
}

/// Something that handlers wait at until a test opens it.
class Gate {
 public:
  void open() {
    const std::lock_guard lock{mutex_};
    open_ = true;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock{mutex_};
    ++waiting_;
    changed_.notify_all();
    changed_.wait_for(lock, 10s, [&] { return open_; });
  }
  void await(int count) {
    std::unique_lock lock{mutex_};
    BOOST_REQUIRE(changed_.wait_for(lock, 5s, [&] { return waiting_ >= count; }));
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  int waiting_ = 0;
};

struct Fixture {
  app::Registry registry;
  Gate gate;
  http::Request seen;

  http::Router router() {
    http::Router router;
    const auto hello = [this](const http::Request& request) {
      seen = request;
      http::Response response;
      response.body = "hello\n";
      return response;
    };
    router.add("GET", "/hello", http::Where::here, hello);
    router.add("GET", "/worker", http::Where::worker, hello);
    router.add("GET", "/quick", http::Where::worker, [](const http::Request&) { return http::Response{}; });
    router.add("POST", "/echo", http::Where::worker, [](const http::Request& request) {
      http::Response response;
      response.body = request.body;
      return response;
    });
    router.add("PUT", "/echo", http::Where::here, hello);
    router.add("GET", "/echo", http::Where::here, hello);
    router.add("GET", "/wait", http::Where::worker, [this](const http::Request&) {
      gate.pass();
      return http::Response{};
    });
    router.add("GET", "/own-headers", http::Where::here, [](const http::Request&) {
      http::Response response;
      response.headers = {{"cache-control", "private"}, {"Vary", "Origin"}, {"Vary", "Accept"}};
      response.headers.emplace_back("Location", "/hello\r\nSet-Cookie: stolen=1");
      return response;
    });
    router.add("GET", "/large", http::Where::here, [](const http::Request&) {
      http::Response response;
      response.body.assign(std::size_t{32} << 20, 'x');
      return response;
    });
    router.add("GET", "/conflict", http::Where::here, [](const http::Request&) -> http::Response {
      throw Error(Errc::conflict, "visit 42 has already ended");
    });
    router.add("GET", "/secret", http::Where::worker, [](const http::Request&) -> http::Response {
      throw Error(Errc::database, "cannot connect to db.internal as visitor");
    });
    router.add("GET", "/bug", http::Where::worker,
               [](const http::Request&) -> http::Response { throw std::runtime_error("vector::at in line 7"); });
    return router;
  }

  static http::ServerOptions options() {
    http::ServerOptions options;
    options.request_timeout = 5s;
    options.idle_timeout = 5s;
    options.body_limit = 1000;
    return options;
  }
  static http::ServerOptions hasty() {
    auto options = Fixture::options();
    options.request_timeout = 300ms;
    options.idle_timeout = 300ms;
    return options;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(http_server, Fixture)

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
