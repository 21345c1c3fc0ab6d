#include <boost/test/unit_test.hpp>

#include "app/health.hpp"
#include "core/error.hpp"
#include "store/jobs.hpp"
#include "support/database.hpp"
#include "support/manual_clock.hpp"

using namespace visitor;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(health_look)

BOOST_FIXTURE_TEST_CASE(empty_house_is_read_and_has_no_job_yet, test::Database) {
  const test::ManualClock clock{test::at("2026-09-01T08:00:00Z")};
  const auto facts = app::look_at_house(pool, {}, clock);
  BOOST_TEST(facts.overview.terminals_enabled == 0);
  BOOST_TEST(facts.overview.inside == 0);
  BOOST_TEST(facts.jobs.empty());
  BOOST_TEST((facts.answered_in < 5s));
  BOOST_TEST(pool.stats().in_use == 0U);

  const auto health = app::assess({clock.now(), facts, app::DiskFacts{50, 100}, {}});
  BOOST_TEST(health.checks[0].name == "database");
  BOOST_TEST((health.checks[0].status == app::CheckStatus::ok));
  BOOST_TEST((health.checks[3].status == app::CheckStatus::critical));
}

BOOST_FIXTURE_TEST_CASE(job_that_ran_is_on_time_until_it_is_due_again, test::Database) {
  test::ManualClock clock{test::at("2026-09-01T08:00:00Z")};
  {
    db::Transaction tx{pool};
    store::Jobs jobs{tx};
    BOOST_REQUIRE(jobs.claim("health_test", "a:1", clock.now(), 10s));
    BOOST_REQUIRE(jobs.finish("health_test", "a:1", clock.now(), true, ""));
    tx.commit();
  }
  const auto scheduler = [&] {
    return app::assess({clock.now(), app::look_at_house(pool, {}, clock), app::DiskFacts{50, 100}, {}}).checks[3];
  };
  BOOST_TEST((scheduler().status == app::CheckStatus::ok));
  clock.advance(75s);
  BOOST_TEST((scheduler().status == app::CheckStatus::warning));
  BOOST_TEST(scheduler().value.value() == 65);
  db::Transaction tx{pool};
  tx.exec("DELETE FROM job_run WHERE job = 'health_test'");
  tx.commit();
}

BOOST_AUTO_TEST_CASE(database_that_is_away_throws_and_leaves_an_unhealthy_house) {
  db::PoolOptions options;
  options.connection.conninfo = Secret{std::string_view{"host=127.0.0.1 port=1 dbname=visitor connect_timeout=2"}};
  db::Pool pool{options};
  const test::ManualClock clock{test::at("2026-09-01T08:00:00Z")};
  BOOST_CHECK_THROW(app::look_at_house(pool, {}, clock), Error);
  const auto health = app::assess({clock.now(), std::nullopt, app::look_at_disk({}), {}});
  BOOST_TEST((health.status == app::HealthStatus::unhealthy));
  const auto json = app::to_json(health);
  BOOST_TEST(json.find("127.0.0.1") == std::string::npos);
  BOOST_TEST(json.find("port") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
