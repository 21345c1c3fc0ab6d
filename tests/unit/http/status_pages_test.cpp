#include "daemon/status_pages.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "support/manual_clock.hpp"

using namespace visitor;

namespace {

struct FakeVitals final : daemon::Vitals {
  std::vector<app::LoopFact> facts{{"alerts", false, false, {}}, {"timed_rules", false, false, {}}};
  std::string reason;
  app::HealthInput input{test::at("2026-09-01T08:00:00Z"), app::HouseFacts{}, app::DiskFacts{50, 100}, {}};

  std::vector<app::LoopFact> loops() const override { return facts; }
  std::string not_ready() const override { return reason; }
  app::Health health() override { return app::assess(input); }
  std::string metrics() override { return "visitor_build_info 1\n"; }
};

struct Fixture {
  FakeVitals vitals;
  http::Router router;
  Fixture() {
    add_status_pages(router, vitals);
    vitals.input.house->jobs.push_back(
        {"timed_rules", vitals.input.now, vitals.input.now, true, "", vitals.input.now + std::chrono::seconds{5}, "a"});
  }

  http::Response get(const std::string& path) {
    const auto match = router.match("GET", path);
    BOOST_REQUIRE(match.route != nullptr);
    http::Request request;
    request.path = path;
    return match.route->handler(request);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(status_pages, Fixture)

BOOST_AUTO_TEST_CASE(livez_fails_only_when_a_loop_has_stalled) {
  BOOST_TEST(get("/livez").status == 200);
  vitals.input.house.reset();
  vitals.reason = "the database is not open yet";
  vitals.facts[0].failing = true;
  BOOST_TEST(get("/livez").status == 200);
  vitals.facts[1].stalled = true;
  BOOST_TEST(get("/livez").status == 503);
  BOOST_TEST(get("/livez").body == "timed_rules has stalled\n");
}

BOOST_AUTO_TEST_CASE(readyz_says_why_not) {
  BOOST_TEST(get("/readyz").status == 200);
  vitals.reason = "the database is not open yet";
  BOOST_TEST(get("/readyz").status == 503);
  BOOST_TEST(get("/readyz").body == "not ready: the database is not open yet\n");
}

BOOST_AUTO_TEST_CASE(health_is_json_with_200_also_when_degraded_and_503_when_unhealthy) {
  const auto good = get("/health/");
  BOOST_TEST(good.status == 200);
  BOOST_TEST(good.content_type == "application/json");
  const auto json = boost::json::parse(good.body);
  BOOST_TEST(json.at("status").as_string() == "healthy");
  BOOST_TEST(json.at("timestamp").as_string() == "2026-09-01T08:00:00Z");
  BOOST_TEST(json.at("checks").as_object().size() == 6U);
  BOOST_TEST(json.at("checks").at("backup").at("status").as_string() == "unknown");  // which counts for nothing

  vitals.input.disk = app::DiskFacts{8, 100};
  BOOST_TEST(get("/health").status == 200);
  BOOST_TEST(boost::json::parse(get("/health").body).at("status").as_string() == "degraded");

  vitals.input.house.reset();
  BOOST_TEST(get("/health").status == 503);
  BOOST_TEST(boost::json::parse(get("/health").body).at("status").as_string() == "unhealthy");
}

BOOST_AUTO_TEST_CASE(metrics_have_the_content_type_of_prometheus) {
  BOOST_TEST(get("/metrics").content_type == "text/plain; version=0.0.4; charset=utf-8");
}

BOOST_AUTO_TEST_CASE(front_page_names_the_others_and_loads_nothing) {
  const auto body = get("/").body;
  for (const auto* path : {"/health/", "/metrics", "/readyz", "/livez"})
    BOOST_TEST(body.find(path) != std::string::npos);
  BOOST_TEST(body.find("<script") == std::string::npos);
  BOOST_TEST(body.find("<style") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(pages_that_may_wait_run_on_workers_and_the_others_do_not) {
  BOOST_TEST((router.match("GET", "/livez").route->where == http::Where::here));
  BOOST_TEST((router.match("GET", "/readyz").route->where == http::Where::here));
  BOOST_TEST((router.match("GET", "/health/").route->where == http::Where::worker));
  BOOST_TEST((router.match("GET", "/metrics").route->where == http::Where::worker));
}

BOOST_AUTO_TEST_SUITE_END()
