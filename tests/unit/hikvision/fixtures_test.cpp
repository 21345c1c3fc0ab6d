// Captures that other people published, read where they are and never copied. Without them these tests say that they
// are skipped; payloads of the same shapes stand in the other files.
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/text.hpp"
#include "hikvision/capabilities.hpp"
#include "hikvision/decode.hpp"
#include "hikvision/device_info.hpp"
#include "hikvision/document.hpp"
#include "hikvision/multipart.hpp"
#include "hikvision/notification.hpp"
#include "hikvision/page.hpp"
#include "hikvision/system_time.hpp"

namespace visitor::hikvision {
namespace {

const std::filesystem::path kShared = std::filesystem::path{VISITOR_SOURCE_DIR} / "../shared/fixtures";

struct FixturesAreThere {
  boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const {
    if (std::filesystem::is_directory(kShared / "hikvision")) return true;
    boost::test_tools::assertion_result missing{false};
    missing.message() << "the published captures are not at " << kShared.string();
    return missing;
  }
};

std::string read(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  BOOST_REQUIRE_MESSAGE(in, file.string() << " cannot be opened");
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::string capture(std::string_view name) {
  return read(kShared / "hikvision" / name);
}

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

template <class T>
void check(std::string_view member, const std::optional<T>& found, const std::optional<T>& expected) {
  BOOST_TEST_CONTEXT("member " << member) {
    BOOST_TEST(found.has_value() == expected.has_value());
    if (found && expected) BOOST_TEST((*found == *expected));
  }
}

void check(const AcsEvent& event, const Expected& expected) {
  BOOST_TEST_CONTEXT("serial " << expected.serial.value_or(0)) {
    BOOST_TEST(event.major == expected.major);
    BOOST_TEST(event.minor == expected.minor);
    BOOST_TEST(event.time.text == expected.time);
    BOOST_TEST(event.time.instant().has_value());
    check("serial", event.serial, expected.serial);
    check("front serial", event.front_serial, expected.front_serial);
    check("current", event.current_event, expected.current);
    check("employee", event.employee_no, expected.employee);
    check("name", event.name, expected.name);
    check("user type", event.user_type, expected.user_type);
    check("verify mode", event.verify_mode, expected.verify_mode);
    check("mask", event.mask, expected.mask);
    check("helmet", event.helmet, expected.helmet);
    check("attendance", event.attendance_status, expected.attendance);
    check("label", event.label, expected.label);
    check("picture", event.picture_url, expected.picture);
    check("host", event.remote_host, expected.host);
    check("card type", event.card_type, expected.card_type);
    check("door", event.door_no, expected.door);
    check("reader", event.reader_no, expected.reader);
    check("reader kind", event.reader_kind, expected.reader_kind);
    check("verify number", event.verify_no, expected.verify_no);
    check("report channel", event.report_channel, expected.channel);
    check("pictures", event.picture_count, expected.pictures);
    check("face", event.face, expected.face);
    check("pure password", event.pure_password, expected.pure_password);
    check("device name", event.device_name, expected.device_name);
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

BOOST_AUTO_TEST_SUITE(published_captures, *boost::unit_test::precondition(FixturesAreThere{}))

BOOST_AUTO_TEST_CASE(every_code_of_the_published_table_is_covered_by_one_row_of_ours) {
  std::ifstream in{kShared / "hikvision-event-codes.tsv"};
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
  for (const auto& entry : std::filesystem::directory_iterator{kShared / "hikvision"}) {
    const auto text = read(entry.path());
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

BOOST_AUTO_TEST_CASE(error_bodies_are_read_field_by_field) {
  struct Row {
    std::string_view file;
    std::optional<std::int64_t> code;
    std::optional<std::string> text, sub, message, url, id;
    std::optional<std::int64_t> error;
    int http;
    std::string_view verdict;
  };
  const auto lack = [](std::string_view file, std::string message) {
    return Row{file,       6,   "Invalid Content",  "MessageParametersLack", std::move(message), {}, {},
               1610612761, 400, "missing_parameter"};
  };
  const std::vector<Row> rows = {
      lack("derived_error_400_acsevent_missing_major.json", "major"),
      lack("k1a340fwx_acs-write-operations_01_user-records_create-or-record.json", "UserInfo"),
      lack("k1a340fwx_acs-write-operations_02_user-records_modify-or-setup.json", "UserInfo"),
      lack("k1a340fwx_acs-write-operations_03_user-records_delete.json", "UserInfoDelCond"),
      lack("k1a340fwx_acs-write-operations_04_card-records_create-or-record.json", "CardInfo"),
      lack("k1a340fwx_acs-write-operations_05_card-records_delete.json", "CardInfoDelCond"),
      {"error_400_fdlib_picture_notsupport.xml",
       4,
       "Invalid Operation",
       "notSupport",
       "notSupport",
       {},
       {},
       1073741825,
       400,
       "not_supported"},
      {"error_400_invalid_format_no_substatus.xml", 5, "Invalid Format", {}, {}, {}, {}, {}, 400, "bad_request"},
      {"error_userinfo_employeeno_already_exist.json",
       6,
       "Invalid Operation",
       "employeeNoAlreadyExist",
       {},
       {},
       {},
       {},
       400,
       "already_exists"},
      {"hnext_error_badxmlcontent_v1.xml",
       6,
       "Invalid XML Content",
       "badXmlContent",
       {},
       "/ISAPI/Streaming/channels/101/picture",
       {},
       {},
       400,
       "bad_parameters"},
      {"hnext_error_deviceerror.xml", 3, "Device Error", "deviceError", {}, {}, {}, {}, 500, "device_error"},
      {"k1a340fwx_acs-users-cards-biometrics_06_face-and-fingerprint-search-_observed-face-search-r.json",
       4,
       "Invalid Operation",
       "notSupport",
       "notSupport",
       {},
       {},
       1073741825,
       400,
       "not_supported"},
      {"k1a340fwx_acs-users-cards-biometrics_07_face-and-fingerprint-search-_observed-fingerprint-s.json",
       4,
       "Invalid Operation",
       "notSupport",
       "notSupport",
       {},
       {},
       1073741825,
       400,
       "not_supported"},
      {"k1a340fwx_events_03_http-notification-host_write-and-delivery-tes.xml",
       1,
       "OK",
       "ok",
       {},
       {},
       {},
       {},
       200,
       "ok"},
      {"k1a340fwx_tested-unsupported-endpoints_01_local-attendance-wrong-path-.json",
       4,
       "Invalid Operation",
       "invalidID",
       "invalidID",
       {},
       "-1",
       1073745928,
       400,
       "not_found"},
      {"vendor_error_403_json_notsupport.json",
       4,
       "Invalid Operation",
       "notSupport",
       "notSupport",
       "/ISAPI/Event/triggers/notifications/channels/whiteLightAlarm",
       {},
       1073741825,
       403,
       "not_supported"},
  };
  for (const auto& row : rows) {
    BOOST_TEST_CONTEXT(row.file) {
      const auto status = decode_response_status(capture(row.file)).value();
      check("statusCode", status.status_code, row.code);
      check("statusString", status.status_string, row.text);
      check("subStatusCode", status.sub_status_code, row.sub);
      check("errorMsg", status.error_msg, row.message);
      check("requestURL", status.request_url, row.url);
      check("id", status.id, row.id);
      check("errorCode", status.error_code, row.error);
      BOOST_TEST(!status.user_check);
      BOOST_TEST(to_string(classify(status, row.http)) == row.verdict);
    }
  }
}

BOOST_AUTO_TEST_CASE(user_checks_are_read_field_by_field) {
  const auto locked = decode_response_status(capture("usercheck_401_locked_1800s.xml")).value();
  BOOST_TEST(locked.user_check);
  BOOST_TEST(locked.status_code.value() == 401);
  BOOST_TEST(locked.status_string.value() == "Unauthorized");
  BOOST_TEST(locked.is_activated.value());
  BOOST_TEST(locked.lock_status.value() == "lock");
  BOOST_TEST(locked.unlock_time.value().count() == 1800);
  BOOST_TEST(locked.retry_login_time.value() == 0);
  BOOST_TEST(to_string(classify(locked, 401)) == "locked");

  const auto wrong = decode_response_status(capture("usercheck_401_unlock_retry4.xml")).value();
  BOOST_TEST(wrong.lock_status.value() == "unlock");
  BOOST_TEST(wrong.unlock_time.value().count() == 0);
  BOOST_TEST(wrong.retry_login_time.value() == 4);
  BOOST_TEST(to_string(classify(wrong, 401)) == "wrong_password");

  const auto fine = decode_response_status(capture("k1a340fwx_security_07_user-check_observed-response.xml")).value();
  BOOST_TEST(fine.status_code.value() == 200);
  BOOST_TEST(!fine.is_default_password.value());
  BOOST_TEST(!fine.is_risk_password.value());
  BOOST_TEST(fine.is_activated.value());
  BOOST_TEST(!fine.retry_login_time);
  BOOST_TEST(to_string(classify(fine, 200)) == "ok");
}

BOOST_AUTO_TEST_CASE(device_infos_are_read_field_by_field) {
  struct Row {
    std::string_view file, name, id, model, serial, mac, firmware, released, type, sub_type, unit;
    std::size_t others;
    std::string_view other_name, other_text;
  };
  for (const Row& row : {
           Row{"k1a340fwx_system-device-info_01_observed-response.xml", "Time and Attendance Terminal", "255",
               "DS-K1A340FWX", "DS-K1A340FWX20240102V010207ENJ00000001", "02:00:00:00:00:01", "V1.2.7", "build 240102",
               "ACS", "", "J00000001", 14, "bspVersion", "1.1.1.654629 build 2023-12-29,13:56:15"},
           Row{"k1t341cmfw_deviceinfo_v3.3.15.xml", "Access Controller", "255", "DS-K1T341CMFW",
               "DS-K1T341CMFW20230901V030315ENFH0000001", "02:00:00:00:00:07", "V3.3.15", "build 230901", "ACS",
               "accessControlTerminal", "FH0000001", 13, "electroLockNum", "1"},
           Row{"hnext_ipc_deviceinfo.xml", "yard", "6aff4000-1f90-00b0-0000-000c00000000", "DS-2CD2386G2-IU",
               "DS-2CD2386G2-IU00000000AAWRJ00000000", "a6:63:9e:f8:01:09", "V5.7.18", "build 240826", "IPCamera", "",
               "J00000000", 14, "firmwareVersionInfo", "B-R-G5-0"},
           Row{"kv8213-wme1_deviceinfo_v2.2.77_xmltodict.json", "OUTDOOR STATION",
               "00000000-0000-0000-0000-000000000001", "DS-KV8213-WME1(C)", "DS-KV8213-WME1(C)0120230508RRAB0000001",
               "02:00:00:00:00:08", "V2.2.77", "build 240515", "VIS", "villaDoorStation", "AB0000001", 14,
               "supportBeep", "true"},
       }) {
    BOOST_TEST_CONTEXT(row.file) {
      const auto info = decode_device_info(capture(row.file));
      BOOST_TEST(info.device_name.value() == row.name);
      BOOST_TEST(info.device_id.value() == row.id);
      BOOST_TEST(info.model.value() == row.model);
      BOOST_TEST(info.serial_number.value() == row.serial);
      BOOST_TEST(info.stable_mac().value() == row.mac);
      BOOST_TEST(info.firmware_version.value() == row.firmware);
      BOOST_TEST(info.firmware_released.value() == row.released);
      BOOST_TEST(info.device_type.value() == row.type);
      BOOST_TEST(info.sub_device_type.value_or("") == row.sub_type);
      BOOST_TEST(info.unit_number().value() == row.unit);
      BOOST_TEST(info.others.size() == row.others);
      BOOST_TEST(info.others.find(row.other_name)->second == row.other_text);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_clock_of_the_k1a340fwx_is_read) {
  const auto time = decode_system_time(capture("k1a340fwx_system-time_01_observed-response-current-ti.xml"));
  BOOST_TEST(time.mode.value() == "NTP");
  BOOST_TEST(time.local_time.text == "2026-07-13T19:14:08+03:00");
  BOOST_TEST(time.time_zone.value() == "CST-3:00:00");
  BOOST_TEST(time.zone.value().standard.count() == 3 * 3600);
  BOOST_TEST(to_iso(time.instant().value()) == "2026-07-13T16:14:08Z");
}

BOOST_AUTO_TEST_CASE(capabilities_are_read_field_by_field) {
  const auto k342 = decode_event_capabilities(capture("k1t342mwx_acsevent_capabilities.json"));
  BOOST_TEST(k342.max_results.value() == 30);
  BOOST_TEST(k342.max_position.value() == 150000);
  BOOST_TEST(k342.max_search_id.value() == 64);
  BOOST_TEST(k342.max_card_no.value() == 20);
  BOOST_TEST(k342.max_name.value() == 128);
  BOOST_TEST(k342.max_employee_no.value() == 32);
  BOOST_TEST(k342.max_serial.value() == 3'000'000'000);
  BOOST_TEST(k342.pic_enable);
  BOOST_TEST(k342.time_reverse_order);
  BOOST_TEST(k342.begin_serial_no);
  BOOST_TEST(!k342.attendance_info);
  BOOST_TEST((k342.majors == std::set<int>{0, 1, 2, 3, 5}));
  BOOST_TEST(k342.minors.at(1).size() == 11U);
  BOOST_TEST(k342.minors.at(2).size() == 13U);
  BOOST_TEST(k342.minors.at(3).size() == 43U);
  BOOST_TEST(k342.minors.at(5).size() == 91U);

  const auto k340 =
      decode_event_capabilities(capture("k1a340fwx_acs-events_01_event-search-capabilities_observed-response.json"));
  BOOST_TEST(k340.max_results.value() == 30);
  BOOST_TEST(k340.max_position.value() == 300000);
  BOOST_TEST(k340.max_search_id.value() == 64);
  BOOST_TEST(k340.max_card_no.value() == 32);
  BOOST_TEST(k340.max_name.value() == 128);
  BOOST_TEST(k340.max_employee_no.value() == 32);
  BOOST_TEST(k340.max_serial.value() == 3'000'000'000);
  BOOST_TEST(!k340.pic_enable);
  BOOST_TEST(k340.time_reverse_order);
  BOOST_TEST(k340.begin_serial_no);
  BOOST_TEST((k340.majors == std::set<int>{0, 1, 2, 3, 5}));
  BOOST_TEST((k340.minors.at(2) == std::set<int>{39, 1024, 1031, 1033, 1034, 1064, 1065}));
  BOOST_TEST(k340.minors.at(1).size() == 9U);
  BOOST_TEST(k340.minors.at(3).size() == 32U);
  BOOST_TEST(k340.minors.at(5).size() == 35U);
  for (const auto* found : {&k342, &k340})
    for (const auto& [major, minors] : found->minors)
      for (const int minor : minors)
        BOOST_TEST_CONTEXT(major << "/" << minor) BOOST_TEST(event_code(major, minor).name != "unknown");
}

BOOST_AUTO_TEST_CASE(the_number_of_events_is_read) {
  const auto total = decode_event_total(capture("k1a340fwx_acs-events_04_event-total-count_observed-response.json"));
  BOOST_TEST(total.total == 68);
  BOOST_TEST(!total.existing);
}

BOOST_AUTO_TEST_CASE(every_capture_that_is_json_or_xml_can_be_shown) {
  for (const auto& entry : std::filesystem::directory_iterator{kShared / "hikvision"}) {
    const auto extension = entry.path().extension();
    if (extension != ".json" && extension != ".xml") continue;
    for (const auto& thing : decode(read(entry.path())))
      BOOST_TEST_CONTEXT(entry.path().filename()) BOOST_TEST(thing.kind != "unreadable");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::hikvision
