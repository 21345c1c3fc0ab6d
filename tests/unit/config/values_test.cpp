#include <boost/test/unit_test.hpp>

#include "config/values.hpp"

using namespace visitor::config;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(config_values)

BOOST_AUTO_TEST_CASE(span_needs_a_number_and_a_unit) {
  BOOST_TEST((parse_duration("500ms") == 500ms));
  BOOST_TEST((parse_duration("0s") == 0ms));
  BOOST_TEST((parse_duration("15m") == 15min));
  BOOST_TEST((parse_duration("7d") == 168h));
  for (const auto* text : {"", "15", "m", "ms", "-1s", "1.5h", "1 h", " 1h", "1h ", "99999999999999999999d", "+1s"})
    BOOST_TEST(!parse_duration(text), text);
}

BOOST_AUTO_TEST_CASE(span_text_is_read_back_as_the_same_span) {
  for (const auto span :
       std::initializer_list<std::chrono::milliseconds>{0ms, 1ms, 1500ms, 1s, 60s, 90s, 1h, 24h, 48h, 25h})
    BOOST_TEST((parse_duration(span_text(span)) == span));
  BOOST_TEST(span_text(15min) == "15m");
  BOOST_TEST(span_text(24h) == "24h");
  BOOST_TEST(span_text(7 * 24h) == "7d");
}

BOOST_AUTO_TEST_CASE(clock_time_is_two_digits_colon_two_digits) {
  BOOST_TEST((parse_clock_time("06:00") == 6h));
  BOOST_TEST((parse_clock_time("24:00") == 24h));
  BOOST_TEST(clock_text(6h + 5min) == "06:05");
  for (const auto* text : {"", "6:00", "06:0", "24:01", "06:60", "-1:00", "06-00", "06:-1", "06:00:00"})
    BOOST_TEST(!parse_clock_time(text), text);
}

BOOST_AUTO_TEST_CASE(size_has_binary_units_or_none) {
  BOOST_TEST(*parse_size("512") == 512U);
  BOOST_TEST(*parse_size("64KiB") == 65536U);
  BOOST_TEST(*parse_size("1GiB") == 1073741824U);
  BOOST_TEST(size_text(65536) == "64KiB");
  BOOST_TEST(size_text(1000) == "1000");
  for (const auto* text : {"", "KiB", "-1", "1kb", "1.5MiB", "9999999999999GiB"}) BOOST_TEST(!parse_size(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
