// The published captures of what devices answer: errors, locks, and what they say about themselves.
#include <set>
#include <vector>

#include "core/text.hpp"
#include "fixtures.hpp"
#include "hikvision/capabilities.hpp"
#include "hikvision/decode.hpp"
#include "hikvision/device_info.hpp"
#include "hikvision/event_codes.hpp"
#include "hikvision/page.hpp"
#include "hikvision/response_status.hpp"
#include "hikvision/system_time.hpp"

namespace visitor::hikvision {

BOOST_AUTO_TEST_SUITE(published_answers, *only_with_fixtures())

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
      check_member("statusCode", status.status_code, row.code);
      check_member("statusString", status.status_string, row.text);
      check_member("subStatusCode", status.sub_status_code, row.sub);
      check_member("errorMsg", status.error_msg, row.message);
      check_member("requestURL", status.request_url, row.url);
      check_member("id", status.id, row.id);
      check_member("errorCode", status.error_code, row.error);
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
  for (const auto& entry : std::filesystem::directory_iterator{fixtures_folder() / "hikvision"}) {
    const auto extension = entry.path().extension();
    if (extension != ".json" && extension != ".xml") continue;
    for (const auto& thing : decode(read_fixture(entry.path())))
      BOOST_TEST_CONTEXT(entry.path().filename()) BOOST_TEST(thing.kind != "unreadable");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::hikvision
