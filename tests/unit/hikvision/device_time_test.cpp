#include "hikvision/device_time.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "hikvision/device_zone.hpp"

namespace visitor::hikvision {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

/// The point in UTC as text, or "none".
std::string instant_of(std::string_view text) {
  const auto instant = parse_device_time(text).instant();
  return instant ? to_iso(*instant) : "none";
}

std::string local_of(std::string_view text) {
  const auto time = parse_device_time(text);
  return time.local ? to_iso(Instant{time.local->time_since_epoch()}) : "none";
}

LocalTime local(std::string_view text) {
  return parse_device_time(text).local.value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(device_time)

BOOST_AUTO_TEST_CASE(every_published_form_is_read) {
  BOOST_TEST(instant_of("2026-09-01T17:27:53-04:00") == "2026-09-01T21:27:53Z");
  BOOST_TEST(instant_of("2026-09-01T17:27:53Z") == "2026-09-01T17:27:53Z");
  BOOST_TEST(instant_of("2009-11-14T15:27+08:00") == "2009-11-14T07:27:00Z");
  BOOST_TEST(instant_of("2019-02-28T10:50:44+8:30") == "2019-02-28T02:20:44Z");
  BOOST_TEST(instant_of("2026-09-01T17:27:53+0500") == "2026-09-01T12:27:53Z");
  BOOST_TEST(instant_of("2026-09-01T17:27:53+830") == "2026-09-01T08:57:53Z");
  BOOST_TEST(instant_of("2026-09-01T17:27:53+05") == "2026-09-01T12:27:53Z");
  BOOST_TEST(instant_of("2026-07-13 19:03:51+03:00") == "2026-07-13T16:03:51Z");
  BOOST_TEST(instant_of("2026-07-13 19:03:51 +03:00") == "2026-07-13T16:03:51Z");
  BOOST_TEST(instant_of("1970-01-01T00:00:00+00:00") == "1970-01-01T00:00:00Z");
}

BOOST_AUTO_TEST_CASE(fractions_are_kept_to_the_microsecond_and_cut_beyond) {
  BOOST_TEST(instant_of("2026-09-01T00:00:00.5Z") == "2026-09-01T00:00:00.5Z");
  BOOST_TEST(instant_of("2026-09-01T00:00:00.123Z") == "2026-09-01T00:00:00.123Z");
  BOOST_TEST(instant_of("2026-09-01T00:00:00,123456999+00:00") == "2026-09-01T00:00:00.123456Z");
}

BOOST_AUTO_TEST_CASE(without_an_offset_there_is_a_clock_face_but_no_instant) {
  const auto time = parse_device_time("2026-07-13 19:03:51");
  BOOST_TEST((time.zone == DeviceTime::Zone::none));
  BOOST_TEST(!time.instant());
  BOOST_TEST(local_of("2026-07-13 19:03:51") == "2026-07-13T19:03:51Z");
  BOOST_TEST(to_iso(time.instant_with(hours{5}).value()) == "2026-07-13T14:03:51Z");
}

BOOST_AUTO_TEST_CASE(an_offset_of_the_caller_never_overrides_the_text) {
  const auto time = parse_device_time("2026-07-13T19:03:51+03:00");
  BOOST_TEST(to_iso(time.instant_with(hours{9}).value()) == "2026-07-13T16:03:51Z");
}

BOOST_AUTO_TEST_CASE(z_with_a_time_difference_is_utc_and_tells_the_devices_offset) {
  const auto time = parse_device_time("2026-09-01T09:00:00Z", "+08:00");
  BOOST_TEST((time.zone == DeviceTime::Zone::utc));
  BOOST_TEST(to_iso(time.instant().value()) == "2026-09-01T09:00:00Z");
  BOOST_TEST(time.offset.value().count() == 8 * 3600);
  BOOST_TEST(!parse_device_time("2026-09-01T09:00:00Z").offset);
}

BOOST_AUTO_TEST_CASE(the_text_is_kept_as_it_came) {
  BOOST_TEST(parse_device_time("2026-09-01T17:27:53-04:00").text == "2026-09-01T17:27:53-04:00");
  BOOST_TEST(parse_device_time("yesterday").text == "yesterday");
  BOOST_TEST(parse_device_time(std::string(1000, 'x')).text.size() == kMaxTimeText);
}

BOOST_AUTO_TEST_CASE(the_edges_of_the_calendar_and_of_the_day_hold) {
  BOOST_TEST(instant_of("2024-02-29T23:59:59Z") == "2024-02-29T23:59:59Z");
  BOOST_TEST(instant_of("2025-12-31T23:59:60Z") == "2026-01-01T00:00:00Z");
  BOOST_TEST(instant_of("2025-12-31T24:00:00Z") == "2026-01-01T00:00:00Z");
  BOOST_TEST(instant_of("2026-01-01T00:30:00+05:00") == "2025-12-31T19:30:00Z");
  BOOST_TEST(instant_of("2026-9-1T7:05:00Z") == "2026-09-01T07:05:00Z");
}

BOOST_AUTO_TEST_CASE(what_is_no_time_has_no_clock_face) {
  for (const std::string_view text : {"",
                                      " ",
                                      "0",
                                      "2026",
                                      "2026-09-01",
                                      "2026-09-01T",
                                      "2026-13-01T00:00:00Z",
                                      "2026-02-30T00:00:00Z",
                                      "2025-02-29T00:00:00Z",
                                      "2026-09-01T25:00:00Z",
                                      "2026-09-01T24:00:01Z",
                                      "2026-09-01T12:60:00Z",
                                      "2026-09-01T12:00:61Z",
                                      "1969-12-31T23:59:59Z",
                                      "9999-01-01T00:00:00Z",
                                      "2026-09-01T12:00:00+99:00",
                                      "2026-09-01T12:00:00+",
                                      "2026-09-01T12:00:00 CST",
                                      "2026-09-01X12:00:00",
                                      "2026-09-01T12:00:00Zjunk",
                                      "T",
                                      "-"})
    BOOST_TEST_CONTEXT("'" << text << "'") {
      BOOST_TEST(!parse_device_time(text).local);
      BOOST_TEST(!parse_device_time(text).instant());
      BOOST_TEST(!parse_device_time(text).instant_with(hours{3}));
    }
}

BOOST_AUTO_TEST_CASE(offsets_are_read_in_all_their_spellings) {
  BOOST_TEST(parse_utc_offset("+08:00").value().count() == 28800);
  BOOST_TEST(parse_utc_offset("-0430").value().count() == -(4 * 3600 + 1800));
  BOOST_TEST(parse_utc_offset("+8").value().count() == 28800);
  BOOST_TEST(parse_utc_offset("+05:30:00").value().count() == 19800);
  BOOST_TEST(parse_utc_offset("Z").value().count() == 0);
  for (const std::string_view text : {"", "8", "+", "+19", "+08:60", "+08:00x", "CST-3"})
    BOOST_TEST_CONTEXT(text) BOOST_TEST(!parse_utc_offset(text));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(device_zone)

BOOST_AUTO_TEST_CASE(the_sign_is_inverted_and_the_letters_mean_nothing) {
  BOOST_TEST(parse_device_zone("CST-3:00:00").value().standard.count() == 3 * 3600);
  BOOST_TEST(parse_device_zone("CST+4:00:00").value().standard.count() == -4 * 3600);
  BOOST_TEST(parse_device_zone("CST-5:30:00").value().standard.count() == 5 * 3600 + 1800);
  BOOST_TEST(parse_device_zone("UTC0").value().standard.count() == 0);
  BOOST_TEST(!parse_device_zone("CST-3:00:00").value().dst);
}

BOOST_AUTO_TEST_CASE(summer_time_counts_between_its_two_sundays) {
  const auto zone = parse_device_zone("CST-8:00:00DST00:30:00,M4.1.0/02:00:00,M10.5.0/02:00:00").value();
  const auto winter = seconds{hours{8}};
  const auto summer = winter + minutes{30};
  BOOST_TEST(zone.standard.count() == winter.count());
  BOOST_TEST((zone.offset_at(local("2026-04-05T01:59:59")) == winter));  // the first Sunday of April
  BOOST_TEST((zone.offset_at(local("2026-04-05T02:00:00")) == summer));
  BOOST_TEST((zone.offset_at(local("2026-10-25T01:59:59")) == summer));  // the last Sunday of October
  BOOST_TEST((zone.offset_at(local("2026-10-25T02:00:00")) == winter));
}

BOOST_AUTO_TEST_CASE(south_of_the_equator_summer_spans_the_new_year) {
  const auto zone = parse_device_zone("CST+3:00:00DST01:00:00,M10.3.0/00:00:00,M2.3.0/00:00:00").value();
  BOOST_TEST((zone.offset_at(local("2026-01-10T12:00:00")) == -seconds{hours{2}}));
  BOOST_TEST((zone.offset_at(local("2026-06-10T12:00:00")) == -seconds{hours{3}}));
  BOOST_TEST((zone.offset_at(local("2026-12-10T12:00:00")) == -seconds{hours{2}}));
}

BOOST_AUTO_TEST_CASE(a_suffix_that_cannot_be_read_leaves_the_standard_offset) {
  for (const std::string_view suffix : {"DST", "DST99:00:00,M4.1.0,M10.5.0", "DST01:00:00,M13.1.0,M10.5.0",
                                        "DST01:00:00,M4.1.0", "DST01:00:00,M4.1.0,M10.5.0junk"}) {
    const auto zone = parse_device_zone("CST-8:00:00" + std::string{suffix});
    BOOST_TEST_CONTEXT(suffix) {
      BOOST_TEST(zone.value().standard.count() == 8 * 3600);
      BOOST_TEST(!zone->dst);
    }
  }
}

BOOST_AUTO_TEST_CASE(other_texts_are_no_zone) {
  for (const std::string_view text : {"", "CST", "CST-", "CST-25", "CST-19:00:00", "CST-3:99:00", "Asia/Almaty"})
    BOOST_TEST_CONTEXT(text) BOOST_TEST(!parse_device_zone(text));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::hikvision
