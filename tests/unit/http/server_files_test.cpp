#include <boost/test/unit_test.hpp>
#include <string>
#include <thread>

#include "daemon/http/server.hpp"
#include "served.hpp"

using namespace visitor;
using namespace visitor::test;

namespace {

/// Pieces of 100 KiB, each of another letter.
class Letters final : public http::Source {
 public:
  Letters(int pieces, int good) : pieces_(pieces), good_(good) {}
  static constexpr std::size_t kPiece = 100 * 1024;

  std::uint64_t size() const override { return kPiece * static_cast<std::uint64_t>(pieces_); }
  std::string next() override {
    if (given_ == good_) throw std::runtime_error("the database is gone");
    return std::string(kPiece, static_cast<char>('a' + given_++));
  }

 private:
  int pieces_;
  int good_;
  int given_ = 0;
};

struct Files : Served {
  http::Router with_files() {
    auto all = router();
    const auto letters = [](int good) {
      return [good](const http::Request&) {
        http::Response response;
        response.source = std::make_shared<Letters>(10, good);
        return response;
      };
    };
    all.add("GET", "/file", http::Where::worker, letters(10));
    all.add("GET", "/broken", http::Where::worker, letters(3));
    all.add("GET", "/long", http::Where::worker, [this](const http::Request&) {
      http::Response response;
      response.headers = {{"X-First", "1"}};
      response.rest = [this] {
        gate.pass();
        http::Response rest;
        rest.status = 202;
        rest.headers = {{"X-Rest", "1"}};
        return rest;
      };
      return response;
    });
    all.add("GET", "/long-bug", http::Where::worker, [](const http::Request&) {
      http::Response response;
      response.rest = []() -> http::Response { throw std::runtime_error("vector::at in line 7"); };
      return response;
    });
    return all;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(http_server_files, Files)

BOOST_AUTO_TEST_CASE(a_body_in_pieces_arrives_whole_and_the_connection_goes_on) {
  const http::Server server{options(), with_files(), registry};
  Client client{server.port()};
  client.send(get("/file"));
  const auto answer = client.answer();
  const auto body = answer.substr(answer.find("\r\n\r\n") + 4);
  BOOST_TEST(body.size() == 10 * Letters::kPiece);
  for (int i = 0; i < 10; ++i) BOOST_TEST(body[static_cast<std::size_t>(i) * Letters::kPiece] == 'a' + i);
  client.send(get("/hello"));
  BOOST_TEST(client.answer().ends_with("hello\n"));
  client.send("HEAD /file HTTP/1.1\r\nHost: test\r\n\r\n" + get("/hello"));
  const auto head = client.receive([](const std::string& text) { return text.ends_with("hello\n"); });
  BOOST_TEST((head.find(fmt::format("Content-Length: {}\r\n", 10 * Letters::kPiece)) != std::string::npos));
  BOOST_TEST(head.size() < 2'000U);
}

BOOST_AUTO_TEST_CASE(a_body_that_breaks_off_ends_the_connection_before_its_length) {
  const http::Server server{options(), with_files(), registry};
  Client client{server.port()};
  client.send(get("/broken"));
  const auto answer = client.receive([](const std::string&) { return false; });
  BOOST_TEST(answer.starts_with("HTTP/1.1 200 "));
  BOOST_TEST(answer.size() > 3 * Letters::kPiece);
  BOOST_TEST(answer.size() < 4 * Letters::kPiece);
  BOOST_TEST(client.closed());
}

BOOST_AUTO_TEST_CASE(only_so_many_files_are_handed_out_at_a_time) {
  auto few = hasty();
  few.max_streams = 0;
  const http::Server server{std::move(few), with_files(), registry};
  Client refused{server.port()};
  refused.send(get("/file"));
  const auto answer = refused.answer();
  BOOST_TEST(answer.starts_with("HTTP/1.1 503 "));
  BOOST_TEST((answer.find("Retry-After: 1\r\n") != std::string::npos));
  refused.send(get("/hello"));
  BOOST_TEST(refused.answer().starts_with("HTTP/1.1 200 "));
}

BOOST_AUTO_TEST_CASE(what_takes_long_keeps_nobody_waiting_and_too_much_of_it_is_503) {
  auto small = options();
  small.workers = 1;
  small.slow_workers = 1;
  small.slow_queue = 1;
  const http::Server server{std::move(small), with_files(), registry};
  Client runs{server.port()}, waits{server.port()}, other{server.port()};
  runs.send(get("/long"));
  gate.await(1);
  waits.send(get("/long"));
  const auto until = SteadyClock::now() + 10s;
  while (server.stats().slow_waiting == 0 && SteadyClock::now() < until) std::this_thread::sleep_for(1ms);
  other.send(get("/worker"));
  BOOST_TEST(other.answer().starts_with("HTTP/1.1 200 "));
  other.send(get("/long"));
  BOOST_TEST(other.answer().starts_with("HTTP/1.1 503 "));
  gate.open();
  const auto answer = runs.answer();
  BOOST_TEST(answer.starts_with("HTTP/1.1 202 "));
  BOOST_TEST((answer.find("X-First: 1\r\n") != std::string::npos));
  BOOST_TEST((answer.find("X-Rest: 1\r\n") != std::string::npos));
  BOOST_TEST(waits.answer().starts_with("HTTP/1.1 202 "));
  other.send(get("/long-bug"));
  const auto bug = other.answer();
  BOOST_TEST(bug.starts_with("HTTP/1.1 500 "));
  BOOST_TEST((bug.find("line 7") == std::string::npos));
}

BOOST_AUTO_TEST_SUITE_END()
