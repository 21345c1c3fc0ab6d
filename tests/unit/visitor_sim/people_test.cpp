#include "support/visitor_sim_people.hpp"

#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "core/error.hpp"

namespace visitor::sim {
namespace {

using namespace std::chrono_literals;
using Kind = Step::Kind;

BOOST_AUTO_TEST_CASE(everybody_but_the_last_enters_and_leaves_in_turn) {
  for (const std::size_t count : {2U, 3U, 5U, 12U, 40U}) {
    const auto people = invent_people(count);
    for (std::uint32_t seed = 1; seed < 20; ++seed) {
      std::map<std::string, bool> inside;
      int denials = 0;
      for (const auto& step : plan_visits(people, seed)) {
        const auto& number = step.person.employee_no;
        if (step.kind == Kind::deny) {
          ++denials;
        } else if (number == people.back().employee_no) {
          BOOST_TEST((step.kind == Kind::leave));
        } else {
          BOOST_TEST(inside[number] == (step.kind == Kind::leave));
          inside[number] = step.kind == Kind::enter;
        }
      }
      BOOST_TEST(denials == 3);
      BOOST_TEST(inside.size() == count - 1);
      for (const auto& [number, still] : inside) BOOST_TEST(!still);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_first_steps_show_an_entry_an_exit_a_ghost_and_a_stranger) {
  const auto steps = plan_visits(invent_people(12), 1);
  const std::vector<Kind> expected{Kind::enter, Kind::enter, Kind::leave, Kind::leave,
                                   Kind::deny,  Kind::deny,  Kind::deny};
  BOOST_REQUIRE(steps.size() > expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) BOOST_TEST((steps[i].kind == expected[i]));
  BOOST_TEST(steps[2].person.employee_no == "1012");
}

BOOST_AUTO_TEST_CASE(a_seed_always_gives_the_same_day) {
  const auto people = invent_people(12);
  BOOST_TEST((plan_visits(people, 7) == plan_visits(people, 7)));
  BOOST_TEST((plan_visits(people, 7) != plan_visits(people, 8)));
}

BOOST_AUTO_TEST_CASE(a_scenario_plays_until_it_is_stopped) {
  std::atomic<int> entered{0};
  std::atomic<int> left{0};
  std::atomic<int> denied{0};
  Scenario::Setup setup;
  setup.people = invent_people(2);
  setup.pace = 1ms;
  setup.enter = [&](const Person&) { ++entered; };
  setup.leave = [&](const Person&) { ++left; };
  setup.deny = [&](const Person&) { ++denied; };
  {
    const Scenario scenario{std::move(setup)};
    for (int i = 0; i < 500 && (entered < 2 || left < 3 || denied < 6); ++i) std::this_thread::sleep_for(10ms);
  }
  BOOST_TEST(entered >= 2);
  BOOST_TEST(left >= 3);
  BOOST_TEST(denied >= 6);
}

BOOST_AUTO_TEST_CASE(a_file_of_people_is_read_or_refused) {
  const auto file = std::filesystem::temp_directory_path() / ("visitor_sim_people_" + std::to_string(::getpid()));
  const auto read = [&](const char* text) {
    std::ofstream{file} << text;
    return read_people(file);
  };
  const auto people = read(R"([{"employee_no":"1001","name":"Ann","card_no":"77"},{"employee_no":"1002"}])");
  BOOST_REQUIRE_EQUAL(people.size(), 2U);
  BOOST_TEST(people[0].card_no == "77");
  for (const char* text :
       {"", "{}", "[]", "[5]", R"([{"name":"Ann"}])", R"([{"employee_no":5}])", R"([{"employee_no":"1","x":"y"}])"}) {
    BOOST_TEST_CONTEXT(text) {
      BOOST_CHECK_THROW(read(text), Error);
    }
  }
  std::filesystem::remove(file);
  BOOST_CHECK_THROW(read_people(file), Error);
}

}  // namespace
}  // namespace visitor::sim
