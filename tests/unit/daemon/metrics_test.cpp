#include "app/metrics.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <thread>
#include <vector>

using namespace visitor;

BOOST_AUTO_TEST_SUITE(metrics)

BOOST_AUTO_TEST_CASE(counter_is_made_once_per_name_and_labels) {
  app::Registry registry;
  auto& one = registry.counter("a_total", "A.", {{"kind", "x"}});
  auto& same = registry.counter("a_total", "A.", {{"kind", "x"}});
  auto& other = registry.counter("a_total", "A.", {{"kind", "y"}});
  BOOST_TEST(&one == &same);
  BOOST_TEST(&one != &other);
  one.add(2);
  BOOST_TEST(registry.text() ==
             "# HELP a_total A.\n# TYPE a_total counter\na_total{kind=\"x\"} 2\na_total{kind=\"y\"} 0\n");
}

BOOST_AUTO_TEST_CASE(histogram_text_is_cumulative_and_ends_with_infinity) {
  app::Registry registry;
  constexpr std::array<double, 2> bounds{0.5, 1};
  auto& histogram = registry.histogram("h", "H.", bounds);
  for (const double value : {0.25, 0.5, 0.75, 4.0}) histogram.observe(value);
  histogram.observe(std::nan(""));
  BOOST_TEST(registry.text() ==
             "# HELP h H.\n# TYPE h histogram\n"
             "h_bucket{le=\"0.5\"} 2\nh_bucket{le=\"1\"} 3\nh_bucket{le=\"+Inf\"} 4\nh_sum 5.5\nh_count 4\n");
}

BOOST_AUTO_TEST_CASE(label_values_and_help_are_escaped) {
  app::MetricsText text;
  text.family("m", "gauge", "line\nback\\slash");
  text.sample("m", {{"a", "quo\"te\n\\"}}, 1.5);
  BOOST_TEST(text.text() == "# HELP m line\\nback\\\\slash\n# TYPE m gauge\nm{a=\"quo\\\"te\\n\\\\\"} 1.5\n");
}

BOOST_AUTO_TEST_CASE(threads_that_count_at_once_lose_nothing) {
  app::Registry registry;
  auto& counter = registry.counter("c_total", "C.");
  auto& histogram = registry.histogram("h", "H.", app::duration_bounds());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int j = 0; j < 10'000; ++j) {
        counter.add();
        histogram.observe(0.5);
      }
    });
  for (auto& thread : threads) thread.join();
  BOOST_TEST(counter.value() == 40'000U);
  BOOST_TEST(histogram.snapshot().count == 40'000U);
  BOOST_TEST(histogram.snapshot().sum == 20'000.0);
}

BOOST_AUTO_TEST_CASE(every_poll_result_and_incident_type_has_its_counter_from_the_start) {
  app::Registry registry;
  app::Metrics metrics{registry};
  metrics.polls(domain::TerminalState::online).add();
  metrics.incidents_opened(domain::IncidentType::long_stay).add(3);
  const auto text = registry.text();
  for (const auto* line :
       {"visitor_polls_total{result=\"ok\"} 1\n", "visitor_polls_total{result=\"offline\"} 0\n",
        "visitor_incidents_opened_total{type=\"long_stay\"} 3\n", "visitor_incidents_opened_total{type=\"other\"} 0\n",
        "visitor_events_stored_total 0\n", "visitor_events_duplicate_total 0\n", "visitor_check_ins_total 0\n",
        "visitor_check_outs_total 0\n", "visitor_poll_lag_seconds_count 0\n", "visitor_event_lag_seconds_count 0\n"})
    BOOST_TEST(text.find(line) != std::string::npos, line << " is missing");
}

BOOST_AUTO_TEST_SUITE_END()
