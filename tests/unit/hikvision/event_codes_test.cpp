#include "hikvision/event_codes.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <set>
#include <string>

namespace visitor::hikvision {

BOOST_AUTO_TEST_SUITE(event_codes_table)

BOOST_AUTO_TEST_CASE(the_same_minor_means_something_else_under_each_major) {
  BOOST_TEST(event_code(1, 1024).name == "zone_short_circuit");
  BOOST_TEST(event_code(2, 1024).name == "power_on");
  BOOST_TEST(event_code(3, 1024).name == "remote_open");
  BOOST_TEST(event_code(1, 1029).name == "device_tamper_restored");
  BOOST_TEST(event_code(2, 1029).name == "mains_lost");
  BOOST_TEST(event_code(3, 1029).name == "clock_set_by_ntp");
}

BOOST_AUTO_TEST_CASE(a_pair_that_no_row_covers_is_unknown_and_never_a_neighbour) {
  for (const auto& [major, minor] : std::map<int, int>{{0, 0}, {4, 1}, {5, 106}, {6, 1}, {-1, -1}}) {
    BOOST_TEST(event_code(major, minor).name == "unknown");
    BOOST_TEST(to_string(event_code(major, minor).code_class) == "unknown");
  }
  BOOST_TEST(event_code(5, 1279).name == "unknown");
  BOOST_TEST(event_code(5, 1280).name == "custom_event");
  BOOST_TEST(event_code(5, 1343).name == "custom_event");
  BOOST_TEST(event_code(5, 1344).name == "unknown");
  BOOST_TEST(event_code(1, 2367).name == "custom_alarm");
}

BOOST_AUTO_TEST_CASE(passes_are_granted_and_everything_that_looks_like_one_is_not) {
  const std::set<int> granted = {1,  2,  16, 34, 38, 40, 43,  46,  54,  57,  60,
                                 63, 66, 69, 72, 75, 77, 101, 105, 153, 179, 181};
  for (int minor = 0; minor <= 1400; ++minor) {
    BOOST_TEST_CONTEXT("5/" << minor) {
      BOOST_TEST((event_code(5, minor).code_class == CodeClass::granted) == (granted.count(minor) == 1));
    }
  }
  for (const int major : {0, 1, 2, 3, 4})
    for (int minor = 0; minor <= 2400; ++minor)
      BOOST_REQUIRE(event_code(major, minor).code_class != CodeClass::granted);
}

BOOST_AUTO_TEST_CASE(the_traps_of_public_clients_are_not_copied) {
  BOOST_TEST(to_string(event_code(5, 38).credential) == "fingerprint");
  BOOST_TEST(to_string(event_code(5, 39).code_class) == "denied");
  BOOST_TEST(to_string(event_code(5, 79).code_class) == "denied");
  BOOST_TEST(to_string(event_code(5, 15).code_class) == "denied");
  BOOST_TEST(event_code(5, 22).name == "lock_locked");
  BOOST_TEST(event_code(5, 23).name == "exit_button_pressed");
  BOOST_TEST(event_code(5, 25).name == "contact_opened");
}

BOOST_AUTO_TEST_CASE(denials_are_denials) {
  for (const int minor : {3,   4,   5,   6,   7,   8,   9,   10,  11,  12,  13,  14,  36,  39,  41,  42,
                          49,  55,  56,  70,  76,  78,  79,  80,  94,  102, 104, 112, 113, 117, 118, 119,
                          130, 132, 139, 151, 152, 154, 155, 162, 163, 164, 168, 169, 170, 171, 180})
    BOOST_TEST_CONTEXT("5/" << minor) BOOST_TEST(to_string(event_code(5, minor).code_class) == "denied");
}

BOOST_AUTO_TEST_CASE(own_noise_is_remote_log_in_and_the_event_stream_and_nothing_else) {
  std::set<int> noise;
  for (const auto& row : event_codes()) {
    if (row.code_class != CodeClass::own_noise) continue;
    BOOST_TEST(row.major == 3);
    noise.insert(row.minor);
  }
  BOOST_TEST((noise == std::set<int>{112, 113, 121, 122}));
}

BOOST_AUTO_TEST_CASE(alarms_say_of_what_kind_they_are) {
  BOOST_TEST(to_string(event_code(1, 1034).alarm) == "duress");
  for (const int minor : {1028, 1030, 1039, 1054, 1058}) BOOST_TEST(to_string(event_code(1, minor).alarm) == "tamper");
  BOOST_TEST(to_string(event_code(5, 27).alarm) == "door_forced");
  BOOST_TEST(to_string(event_code(5, 28).alarm) == "door_held");
  BOOST_TEST(to_string(event_code(1, 1036).alarm) == "too_many_failures");
  BOOST_TEST(to_string(event_code(1, 1052).alarm) == "panic");
  BOOST_TEST(to_string(event_code(5, 136).alarm) == "passage");
  BOOST_TEST(to_string(event_code(5, 87).alarm) == "fault");
  for (const auto& row : event_codes()) BOOST_TEST_CONTEXT(row.name)
  BOOST_TEST((row.alarm != Alarm::none) == (row.code_class == CodeClass::alarm));
}

BOOST_AUTO_TEST_CASE(the_credential_follows_from_the_minor) {
  BOOST_TEST(to_string(event_code(5, 1).credential) == "card");
  BOOST_TEST(to_string(event_code(5, 9).credential) == "card");
  BOOST_TEST(to_string(event_code(5, 60).credential) == "combination");
  BOOST_TEST(to_string(event_code(5, 75).credential) == "face");
  BOOST_TEST(to_string(event_code(5, 151).credential) == "password");
  BOOST_TEST(to_string(event_code(5, 21).credential) == "none");
}

BOOST_AUTO_TEST_CASE(rows_are_in_order_do_not_overlap_and_have_names_of_their_own) {
  std::set<std::string_view> names;
  const EventCode* before = nullptr;
  for (const auto& row : event_codes()) {
    BOOST_TEST_CONTEXT(row.major << "/" << row.minor) {
      BOOST_TEST(names.insert(row.name).second);
      BOOST_TEST(row.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos);
      BOOST_TEST(!row.text.empty());
      BOOST_TEST(row.minor <= row.minor_last);
      if (before && before->major == row.major) BOOST_TEST(before->minor_last < row.minor);
      if (before) BOOST_TEST(before->major <= row.major);
      BOOST_TEST(&event_code(row.major, row.minor_last) == &row);
    }
    before = &row;
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::hikvision
