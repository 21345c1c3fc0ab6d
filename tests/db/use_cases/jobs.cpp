#include "app/jobs.hpp"

#include <boost/test/unit_test.hpp>

#include "work.hpp"

using namespace visitor;
using namespace visitor::test;

namespace {

struct JobsFixture : Database {
  config::Settings settings;
  ManualClock clock{today_at("08:30")};
  app::Actor actor;
  std::string here = "here";
  std::string there = "there";
  int runs = 0;
  app::Job job{"test_job_" + std::to_string(unique_number()), std::chrono::minutes{10}, "For a test.",
               [this](const app::Work&) { return "run " + std::to_string(++runs); }};

  JobsFixture() {
    db::Transaction tx{pool};
    actor = app::ensure_actor(tx, "system", domain::ActionHow::automatic, today_at("06:00"));
    tx.commit();
  }

  app::JobRunner runner(const std::string& holder) { return {pool, settings, actor, clock, holder}; }
  std::optional<std::string> tick(const std::string& holder) {
    return app::run_job_if_due(runner(holder), job, std::chrono::minutes{10});
  }
  store::JobRun stored() {
    db::Transaction tx{pool};
    for (const auto& run : store::Jobs{tx}.list())
      if (run.job == job.name) return run;
    throw std::logic_error("the job has never run");
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(jobs_use_cases, JobsFixture)

BOOST_AUTO_TEST_CASE(a_job_runs_once_per_period_whoever_asks) {
  BOOST_TEST(*tick(here) == "run 1");
  BOOST_TEST(!tick(there));
  clock.set(today_at("08:39:59"));
  BOOST_TEST(!tick(here));
  clock.set(today_at("08:40:00"));
  BOOST_TEST(*tick(there) == "run 2");
  BOOST_TEST(stored().holder == "there");
  BOOST_TEST(*stored().ok);
  BOOST_TEST(stored().message == "run 2");
}

BOOST_AUTO_TEST_CASE(a_person_runs_it_though_it_is_not_due_and_puts_the_next_run_off) {
  tick(here);
  clock.set(today_at("08:35"));
  BOOST_TEST(app::run_job(runner(there), job) == "run 2");
  BOOST_TEST(stored().next_run_at == today_at("08:45"));
  clock.set(today_at("08:40"));
  BOOST_TEST(!tick(here));
}

BOOST_AUTO_TEST_CASE(while_somebody_is_at_it_others_are_refused_and_told_who) {
  job.run = [&](const app::Work&) -> std::string {
    app::Job same = job;
    same.run = [&](const app::Work&) -> std::string { throw std::logic_error("ran twice at once"); };
    BOOST_CHECK_EXCEPTION(app::run_job(runner(there), same), Error, says(Errc::conflict, "here"));
    clock.set(today_at("09:30"));  // due again, and yet not taken
    BOOST_TEST(!app::run_job_if_due(runner(there), same, std::chrono::minutes{10}));
    ++runs;
    return "";
  };
  tick(here);
  BOOST_TEST(runs == 1);
  BOOST_TEST(stored().holder == "here");
  BOOST_TEST(*stored().ok);
}

BOOST_AUTO_TEST_CASE(what_fails_leaves_nothing_but_its_message) {
  job.run = [&](const app::Work& work) -> std::string {
    app::ensure_actor(work.tx, "made by " + job.name, domain::ActionHow::person, work.now);
    throw Error(Errc::conflict, "the cupboard is locked");
  };
  BOOST_CHECK_EXCEPTION(app::run_job(runner(here), job), Error, says(Errc::failed, "the cupboard is locked"));
  BOOST_TEST(!*stored().ok);
  BOOST_TEST(stored().message == "the cupboard is locked");
  db::Transaction tx{pool};
  BOOST_TEST(tx.row("SELECT count(*) AS n FROM account WHERE login = $1", "made by " + job.name).get<int>("n") == 0);
}

BOOST_AUTO_TEST_CASE(every_job_runs_and_is_listed) {
  for (const auto& each : app::jobs(settings))
    BOOST_TEST_CONTEXT(each.name) BOOST_CHECK_NO_THROW(app::run_job(runner(here), each));
  db::Transaction tx{pool};
  const auto listed = app::list_jobs({tx, actor, clock.now(), settings, domain::Scope::everything()});
  BOOST_TEST(listed.size() == app::jobs(settings).size());
  for (const auto& one : listed) {
    BOOST_TEST_CONTEXT(one.job.name) {
      BOOST_TEST(!one.job.sentence.empty());
      BOOST_REQUIRE(one.last);
      BOOST_TEST(*one.last->ok);
      BOOST_TEST(!one.running);
    }
  }
  BOOST_CHECK_EXCEPTION(app::get_job(settings, "trim_change"), Error, has_code(Errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_job_that_runs_is_listed_as_running) {
  auto real = app::get_job(settings, "trim_changes");
  app::run_job(runner(here), real);
  real.run = [&](const app::Work&) -> std::string {
    db::Transaction tx{pool};
    for (const auto& one : app::list_jobs({tx, actor, clock.now(), settings, domain::Scope::everything()}))
      BOOST_TEST(one.running == (one.job.name == "trim_changes"));
    return "";
  };
  app::run_job(runner(here), real);
}

BOOST_AUTO_TEST_SUITE_END()
