// The published captures of events: the table of codes, pages, pushes and streams.
#include <fstream>
#include <set>
#include <vector>

#include "fixtures.hpp"
#include "hikvision/decode.hpp"
#include "hikvision/document.hpp"
#include "hikvision/multipart.hpp"
#include "hikvision/notification.hpp"
#include "hikvision/page.hpp"

namespace visitor::hikvision {
namespace {

/// A row of expectations: what must be there, and by leaving out, what must not.
struct Expected {
  int major = 0, minor = 0;
  std::optional<std::uint64_t> serial = {}, front_serial = {};
  std::string time = {};
  std::optional<bool> current = {};
  std::optional<std::string> employee = {}, name = {}, user_type = {}, verify_mode = {}, mask = {}, helmet = {},
                             attendance = {}, label = {}, picture = {}, host = {};
  std::optional<int> card_type = {}, door = {}, reader = {}, reader_kind = {}, verify_no = {}, channel = {},
                     pictures = {};
  std::optional<FaceRect> face = {};
  std::optional<bool> pure_password = {};
  std::optional<std::string> device_name = {};
};
void check(const AcsEvent& event, const Expected& expected) {
  BOOST_TEST_CONTEXT("serial " << expected.serial.value_or(0)) {
    BOOST_TEST(event.major == expected.major);
    BOOST_TEST(event.minor == expected.minor);
    BOOST_TEST(event.time.text == expected.time);
    BOOST_TEST(event.time.instant().has_value());
    check_member("serial", event.serial, expected.serial);
    check_member("front serial", event.front_serial, expected.front_serial);
    check_member("current", event.current_event, expected.current);
    check_member("employee", event.employee_no, expected.employee);
    check_member("name", event.name, expected.name);
    check_member("user type", event.user_type, expected.user_type);
    check_member("verify mode", event.verify_mode, expected.verify_mode);
    check_member("mask", event.mask, expected.mask);
    check_member("helmet", event.helmet, expected.helmet);
    check_member("attendance", event.attendance_status, expected.attendance);
    check_member("label", event.label, expected.label);
    check_member("picture", event.picture_url, expected.picture);
    check_member("host", event.remote_host, expected.host);
    check_member("card type", event.card_type, expected.card_type);
    check_member("door", event.door_no, expected.door);
    check_member("reader", event.reader_no, expected.reader);
    check_member("reader kind", event.reader_kind, expected.reader_kind);
    check_member("verify number", event.verify_no, expected.verify_no);
    check_member("report channel", event.report_channel, expected.channel);
    check_member("pictures", event.picture_count, expected.pictures);
    check_member("face", event.face, expected.face);
    check_member("pure password", event.pure_password, expected.pure_password);
    check_member("device name", event.device_name, expected.device_name);
    BOOST_TEST(!event.card_no);
    BOOST_TEST(!event.raw_shortened);
  }
}

/// The events of a stream dump, a push, a page or an item.
std::vector<AcsEvent> events_in(std::string_view name) {
  std::vector<AcsEvent> events;
  const auto add = [&](std::string_view text) {
    const auto document = Document::parse(text, name);
    if (auto page = find_page(document.root())) {
      for (auto& event : page->events) events.push_back(std::move(event));
    } else if (auto alert = find_notification(document.root())) {
      if (alert->event) events.push_back(std::move(*alert->event));
    } else {
      events.push_back(decode_event(document.root()).value());
    }
  };
  const auto body = capture(name);
  const auto first_dashes = body.find("--MIME_boundary");
  if (first_dashes == std::string::npos) {
    add(body);
    return events;
  }
  const auto take = [&](Part&& part) {
    if (part.is_text()) add(part.body);
  };
  MultipartSplitter splitter{"MIME_boundary"};
  splitter.feed(body, take);
  splitter.finish(take);
  BOOST_TEST(splitter.skipped() == 0U);
  return events;
}

Expected door_event(int minor, std::uint64_t serial, std::string time) {
  return {.major = 5,
          .minor = minor,
          .serial = serial,
          .time = std::move(time),
          .verify_mode = "invalid",
          .mask = "unknown",
          .door = 1};
}

Expected face_event(std::uint64_t serial, std::string time, std::string_view picture, FaceRect face) {
  return {.major = 5,
          .minor = 75,
          .serial = serial,
          .time = std::move(time),
          .employee = "REDACTED_EMP",
          .name = "REDACTED_NAME",
          .user_type = "normal",
          .verify_mode = "cardOrFace",
          .mask = "no",
          .picture = "https://DEVICE_HOST/LOCALS/pic/acsLinkCap/202609_00/" + std::string{picture},
          .card_type = 1,
          .door = 1,
          .reader = 1,
          .face = face};
}

/// What every event of the K1T342MWX's replay has.
Expected replayed(int major, int minor, std::uint64_t serial, std::string_view time) {
  Expected row{.major = major,
               .minor = minor,
               .serial = serial,
               .time = std::string{time} + "-04:00",
               .current = false,
               .verify_mode = "invalid",
               .mask = "unknown",
               .attendance = "undefined",
               .pure_password = true,
               .device_name = "LEITOR FUNDOS"};
  if (serial > 1) row.front_serial = serial - 1;
  return row;
}

Expected replayed_door(int minor, std::uint64_t serial, std::string_view time) {
  auto row = replayed(5, minor, serial, time);
  row.door = 1;
  row.reader_kind = 1;
  return row;
}

Expected replayed_other(int major, int minor, std::uint64_t serial, std::string_view time, int verify_no) {
  auto row = replayed(major, minor, serial, time);
  row.verify_no = verify_no;
  return row;
}

Expected replayed_login(int minor, std::uint64_t serial, std::string_view time, int verify_no) {
  auto row = replayed_other(3, minor, serial, time, verify_no);
  row.host = "192.0.2.100";
  return row;
}

Expected replayed_face(std::uint64_t serial, std::string_view time, int verify_no, FaceRect face) {
  auto row = replayed_other(5, 75, serial, time, verify_no);
  row.employee = "REDACTED_EMP";
  row.name = "REDACTED_NAME";
  row.user_type = "normal";
  row.verify_mode = "cardOrFace";
  row.mask = "no";
  row.reader = 1;
  row.reader_kind = 1;
  row.face = face;
  return row;
}

void check_all(std::string_view file, const std::vector<Expected>& expected) {
  BOOST_TEST_CONTEXT(file) {
    const auto events = events_in(file);
    BOOST_REQUIRE(events.size() == expected.size());
    for (std::size_t i = 0; i < events.size(); ++i) check(events[i], expected[i]);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(published_events, *only_with_fixtures())

BOOST_AUTO_TEST_CASE(every_code_of_the_published_table_is_covered_by_one_row_of_ours) {
  std::ifstream in{fixtures_folder() / "hikvision-event-codes.tsv"};
  std::string line;
  std::getline(in, line);
  int rows = 0;
  while (std::getline(in, line)) {
    int major = 0, minor = 0, last = 0;
    BOOST_REQUIRE(std::sscanf(line.c_str(), "%d\t%d\t%d", &major, &minor, &last) == 3);
    const auto& row = event_code(major, minor);
    BOOST_TEST_CONTEXT(line) {
      BOOST_TEST(row.name != "unknown");
      BOOST_TEST(row.minor == minor);
      BOOST_TEST(row.minor_last == last);
      const bool published = line.find("capability-only") == std::string::npos;
      BOOST_TEST((row.name.substr(0, 11) == "unpublished") == !published);
    }
    ++rows;
  }
  BOOST_TEST(rows == 326);
}

BOOST_AUTO_TEST_CASE(the_page_of_the_k1t342mwx_is_read_field_by_field) {
  const auto page = decode_page(capture("k1t342mwx_acsevent_page_more.json"));
  BOOST_TEST(page.search_id.value() == "bb94da74-7d80-4fc4-8dad-d0776397716d");
  BOOST_TEST((page.status == PageStatus::more));
  BOOST_TEST(page.num_of_matches.value() == 20);
  BOOST_TEST(page.total_matches.value() == 277);
  check_all("k1t342mwx_acsevent_page_more.json",
            {door_event(21, 19353, "2026-09-01T17:27:53-04:00"),
             face_event(19354, "2026-09-01T17:27:53-04:00", "01_172753_30075_0.jpeg@WEB000000000011",
                        {.x = 0.306, .y = 0.14, .width = 0.279, .height = 0.493}),
             door_event(22, 19355, "2026-09-01T17:27:58-04:00"),
             door_event(24, 19356, "2026-09-01T17:28:17-04:00"),
             door_event(23, 19357, "2026-09-01T17:28:17-04:00"),
             door_event(21, 19358, "2026-09-01T17:28:17-04:00"),
             door_event(22, 19359, "2026-09-01T17:28:22-04:00"),
             door_event(21, 19360, "2026-09-01T17:32:01-04:00"),
             face_event(19361, "2026-09-01T17:32:01-04:00", "01_173201_30075_0.jpeg@WEB000000000012",
                        {.x = 0.466, .y = 0.088, .width = 0.168, .height = 0.297}),
             door_event(22, 19362, "2026-09-01T17:32:06-04:00"),
             door_event(21, 19363, "2026-09-01T17:40:23-04:00"),
             face_event(19364, "2026-09-01T17:40:23-04:00", "01_174023_30075_0.jpeg@WEB000000000013",
                        {.x = 0.456, .y = 0.101, .width = 0.177, .height = 0.313}),
             door_event(22, 19365, "2026-09-01T17:40:28-04:00"),
             {.major = 3,
              .minor = 1029,
              .serial = 19366,
              .time = "2026-09-01T20:28:21-04:00",
              .verify_mode = "invalid",
              .mask = "unknown"},
             door_event(21, 19367, "2026-09-02T06:52:14-04:00"),
             face_event(19368, "2026-09-02T06:52:15-04:00", "02_065215_30075_0.jpeg@WEB000000000014",
                        {.x = 0.409, .y = 0.232, .width = 0.198, .height = 0.349}),
             door_event(22, 19369, "2026-09-02T06:52:19-04:00"),
             door_event(24, 19370, "2026-09-02T10:55:34-04:00"),
             door_event(23, 19371, "2026-09-02T10:55:35-04:00"),
             door_event(21, 19372, "2026-09-02T10:55:35-04:00")});
}

BOOST_AUTO_TEST_CASE(the_zero_filled_page_of_the_k1a340fwx_says_only_what_it_knows) {
  const auto page = decode_page(capture("k1a340fwx_acs-events_02_event-search_observed-response.json"));
  BOOST_TEST(page.search_id.value() == "doc-event-1");
  BOOST_TEST((page.status == PageStatus::more));
  BOOST_TEST(page.num_of_matches.value() == 1);
  BOOST_TEST(page.total_matches.value() == 68);
  check_all("k1a340fwx_acs-events_02_event-search_observed-response.json", {{.major = 2,
                                                                             .minor = 1024,
                                                                             .serial = 1,
                                                                             .time = "2026-07-06T00:33:53+03:00",
                                                                             .user_type = "normal",
                                                                             .verify_mode = "faceOrFpOrCardOrPw",
                                                                             .attendance = "undefined"}});
}

BOOST_AUTO_TEST_CASE(other_pages_and_items_are_read_field_by_field) {
  check_all("k1a340fwx_acs-events_03_event-with-picture-url.json",
            {{.major = 5,
              .minor = 75,
              .time = "2026-07-06T00:38:32+03:00",
              .employee = "[redacted]",
              .name = "[redacted]",
              .user_type = "normal",
              .verify_mode = "faceOrFpOrCardOrPw",
              .attendance = "undefined",
              .picture = "http://192.168.1.200/LOCALS/pic/acsLinkCap/[redacted].jpeg@[redacted]",
              .card_type = 1,
              .door = 1,
              .reader = 1,
              .pictures = 1}});
  check_all("testsuite_acsevent_page_claims_more_with_total_1.json",
            {{.serial = 1234, .time = "2026-04-10T09:20:00+05:00", .employee = "EMP001", .label = "Check In"}});
  check_all("testsuite_acsevent_single_face_ok.json", {{.major = 5,
                                                        .minor = 75,
                                                        .serial = 575,
                                                        .time = "2026-09-01T08:02:11-06:00",
                                                        .employee = "7",
                                                        .name = "EXAMPLE PERSON B",
                                                        .verify_mode = "face",
                                                        .attendance = "checkIn"}});
  const auto empty = decode_page(capture("testsuite_acsevent_empty_ok_without_infolist.json"));
  BOOST_TEST((empty.status == PageStatus::ok));
  BOOST_TEST(empty.num_of_matches.value() == 0);
  BOOST_TEST(!empty.total_matches);
  BOOST_TEST(empty.arrived() == 0U);
}

BOOST_AUTO_TEST_CASE(streams_and_pushes_are_read_field_by_field) {
  check_all("k1a340fwx_events_06_alert-stream_observed-response.txt",
            {{.major = 2,
              .minor = 1024,
              .serial = 1,
              .time = "2026-07-06T00:33:53+03:00",
              .current = false,
              .attendance = "undefined",
              .channel = 3,
              .device_name = "Time and Attendance Terminal"}});
  check_all("k1t342mfwx_alertstream_remote_arm_operation.json", {{.major = 3,
                                                                  .minor = 121,
                                                                  .serial = 59091,
                                                                  .front_serial = 59090,
                                                                  .time = "2026-09-18T10:05:16+03:00",
                                                                  .current = false,
                                                                  .host = "192.168.7.110",
                                                                  .pure_password = true,
                                                                  .device_name = "Access Controller"}});
  check_all("push_lock_close_after_clockout.json", {{.major = 5,
                                                     .minor = 22,
                                                     .serial = 159,
                                                     .front_serial = 158,
                                                     .time = "2025-10-22T13:55:52+08:00",
                                                     .verify_mode = "invalid",
                                                     .mask = "unknown",
                                                     .attendance = "undefined",
                                                     .door = 1,
                                                     .reader_kind = 1,
                                                     .pure_password = true,
                                                     .device_name = "Access Controller"}});
  check_all("k1t673dx_push_face_granted_template.json",
            {{.major = 5,
              .minor = 75,
              .serial = 25523,
              .front_serial = 25522,
              .time = "1970-01-01T00:00:00+00:00",
              .user_type = "normal",
              .verify_mode = "faceOrFpOrCardOrPw",
              .mask = "no",
              .helmet = "unknown",
              .reader = 1,
              .pictures = 1,
              .face = FaceRect{.x = 0.012, .y = 0.511, .width = 0.092, .height = 0.051},
              .pure_password = true,
              .device_name = "DS-K1T673DX-Example"}});
  check_all("k1t342mfwx-e1_push_multipart_event_plus_picture.txt",
            {{.major = 5,
              .minor = 75,
              .serial = 179,
              .front_serial = 178,
              .time = "2026-09-02T13:32:56+08:00",
              .current = true,
              .employee = "2",
              .name = "test1",
              .user_type = "normal",
              .verify_mode = "faceOrFpOrCardOrPw",
              .mask = "no",
              .door = 1,
              .reader = 1,
              .pictures = 1,
              .face = FaceRect{.x = 0.471, .y = 0.492, .width = 0.183, .height = 0.322},
              .pure_password = true,
              .device_name = "Access Controller"}});
}

BOOST_AUTO_TEST_CASE(the_replayed_backlog_of_the_k1t342mwx_is_read_in_its_order_with_the_clock_put_right_at_16) {
  check_all("k1t342mwx_alertstream_backlog_dump.txt",
            {replayed_other(2, 1024, 1, "2025-06-22T10:26:22", 128),
             replayed_door(23, 2, "2025-06-22T10:26:24"),
             replayed_door(21, 3, "2025-06-22T10:26:24"),
             replayed_door(22, 4, "2025-06-22T10:26:29"),
             replayed_other(2, 39, 5, "2025-06-22T10:26:29", 136),
             replayed_other(3, 240, 6, "2025-06-22T10:29:41", 138),
             replayed_other(2, 1031, 7, "2025-06-22T10:30:40", 140),
             replayed_other(2, 39, 8, "2025-06-22T10:31:02", 142),
             replayed_other(2, 1031, 9, "2025-06-22T10:31:02", 144),
             replayed_login(112, 10, "2025-06-22T10:34:16", 146),
             replayed_login(112, 11, "2025-06-22T10:35:03", 148),
             replayed_login(113, 12, "2025-06-22T10:35:03", 150),
             replayed_login(112, 13, "2025-06-22T10:35:03", 152),
             replayed_login(113, 14, "2025-06-22T10:35:04", 154),
             replayed_other(3, 1078, 15, "2025-06-22T10:35:23", 156),
             replayed_other(3, 1029, 16, "2025-06-21T22:35:56", 158),
             replayed_door(21, 17, "2025-06-22T10:37:34"),
             replayed_face(18, "2025-06-22T10:37:34", 162, {.x = 0.5, .y = 0.049, .width = 0.111, .height = 0.196}),
             replayed_door(22, 19, "2025-06-22T10:37:39"),
             replayed_login(112, 20, "2025-06-22T10:39:14", 166),
             replayed_door(21, 21, "2025-06-22T10:44:23")});
}

BOOST_AUTO_TEST_CASE(every_member_of_every_item_is_typed_and_all_of_them_stay_in_raw) {
  int items = 0;
  std::set<std::string> untyped;
  for (const auto& entry : std::filesystem::directory_iterator{fixtures_folder() / "hikvision"}) {
    const auto text = read_fixture(entry.path());
    const bool has_events = text.find("\"InfoList\"") != std::string::npos ||
                            text.find("\"AccessControllerEvent\"") != std::string::npos ||
                            text.find("\"minor\"") != std::string::npos;
    const auto extension = entry.path().extension();
    if (!has_events || (extension != ".json" && extension != ".txt") || text.find("AcsEventCond") != std::string::npos)
      continue;
    for (const auto& event : events_in(entry.path().filename().string())) {
      ++items;
      const auto document = Document::parse(event.raw, "raw");
      const Node* inner = document.root().find("AccessControllerEvent");
      for (const Node* member = (inner ? *inner : document.root()).first_child; member; member = member->next)
        if (!is_typed_member(member->name)) untyped.insert(std::string{member->name});
      // Minified by another hand, the text must hold the raw item letter by letter.
      std::string flat;
      bool in_string = false;
      for (const char c : text) {
        if (c == '"') in_string = !in_string;
        if (in_string || !std::isspace(static_cast<unsigned char>(c))) flat += c;
      }
      BOOST_TEST_CONTEXT(entry.path().filename()) BOOST_TEST(flat.find(event.raw) != std::string::npos);
    }
  }
  BOOST_TEST(untyped.empty(), "not typed: " << *untyped.begin());
  BOOST_TEST(items == 50);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::hikvision
