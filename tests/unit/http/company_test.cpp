#include "daemon/http/company.hpp"

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "served.hpp"

using namespace visitor;
using namespace visitor::test;

namespace {

/// Fixture: below /shared/ those who come together are answered together, but who asks for something special.
struct Fixture : Served {
  std::atomic<std::size_t> companies{0};  // that were answered
  std::atomic<std::size_t> largest_company{0};

  http::Router shared() {
    auto routes = router();
    const auto alone = [](const http::Request& request) {
      http::Response response;
      response.body = "alone " + request.query + "\n";
      return response;
    };
    routes.add_below("/shared/", http::Where::worker, alone, [this](std::span<const http::Request* const> requests) {
      if (requests.front()->query == "first") gate.pass();
      ++companies;
      largest_company = std::max(largest_company.load(), requests.size());
      std::vector<std::optional<http::Response>> responses;
      for (const auto* request : requests) {
        auto& response = responses.emplace_back();
        if (request->query != "special") response.emplace().body = "together " + request->query + "\n";
      }
      return responses;
    });
    return routes;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(http_company, Fixture)

BOOST_AUTO_TEST_CASE(gets_that_wait_at_the_same_time_are_answered_together) {
  auto small = options();
  small.workers = 2;  // one of them for these
  const http::Server server{std::move(small), shared(), registry};
  Client first{server.port()}, post{server.port()};
  first.send(get("/shared/?first"));
  gate.await(1);
  std::vector<std::unique_ptr<Client>> others;
  for (const auto* query : {"a", "b", "special", "c"}) {
    others.push_back(std::make_unique<Client>(server.port()));
    others.back()->send(get(fmt::format("/shared/?{}", query)));
  }
  // What is no GET does not wait for them, nor does what is at another address.
  post.send("POST /shared/?d HTTP/1.1\r\nHost: test\r\n\r\n");
  BOOST_TEST(post.answer().ends_with("\r\nalone d\n"));
  post.send(get("/worker"));
  BOOST_TEST(post.answer().ends_with("\r\nhello\n"));
  const auto until = SteadyClock::now() + 10s;
  while (server.stats().workers_waiting < others.size() && SteadyClock::now() < until) std::this_thread::sleep_for(1ms);

  gate.open();
  BOOST_TEST(first.answer().ends_with("\r\ntogether first\n"));
  BOOST_TEST(others[0]->answer().ends_with("\r\ntogether a\n"));
  BOOST_TEST(others[1]->answer().ends_with("\r\ntogether b\n"));
  BOOST_TEST(others[2]->answer().ends_with("\r\nalone special\n"));
  BOOST_TEST(others[3]->answer().ends_with("\r\ntogether c\n"));
  BOOST_TEST(companies == 2U);
  BOOST_TEST(largest_company == others.size());
}

BOOST_AUTO_TEST_CASE(too_many_that_wait_to_be_answered_together_are_told_503) {
  auto small = options();
  small.workers = 1;
  small.worker_queue = 1;
  const http::Server server{std::move(small), shared(), registry};
  Client runs{server.port()}, waits{server.port()}, refused{server.port()};
  runs.send(get("/shared/?first"));
  gate.await(1);
  waits.send(get("/shared/?waits"));
  const auto until = SteadyClock::now() + 10s;
  while (server.stats().workers_waiting == 0 && SteadyClock::now() < until) std::this_thread::sleep_for(1ms);

  refused.send(get("/shared/?refused"));
  const auto answer = refused.answer();
  BOOST_TEST(answer.starts_with("HTTP/1.1 503 "), answer);
  BOOST_TEST(answer.find("Retry-After: 1\r\n") != std::string::npos);

  gate.open();
  BOOST_TEST(runs.answer().ends_with("\r\ntogether first\n"));
  BOOST_TEST(waits.answer().ends_with("\r\ntogether waits\n"));
}

BOOST_AUTO_TEST_CASE(the_only_worker_also_gets_to_what_does_not_come_together) {
  auto small = options();
  small.workers = 1;
  const http::Server server{std::move(small), shared(), registry};
  Client runs{server.port()}, shares{server.port()}, other{server.port()};
  runs.send(get("/shared/?first"));
  gate.await(1);
  shares.send(get("/shared/?shares"));
  other.send(get("/worker"));
  const auto until = SteadyClock::now() + 10s;
  while (server.stats().workers_waiting < 2 && SteadyClock::now() < until) std::this_thread::sleep_for(1ms);
  gate.open();
  BOOST_TEST(other.answer().ends_with("\r\nhello\n"));
  BOOST_TEST(shares.answer().ends_with("\r\ntogether shares\n"));
  BOOST_TEST(runs.answer().ends_with("\r\ntogether first\n"));
}

BOOST_AUTO_TEST_SUITE_END()
