#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

#include "core/error.hpp"
#include "hikvision/capabilities.hpp"
#include "hikvision/device_info.hpp"
#include "hikvision/system_time.hpp"
#include "support/has_code.hpp"

namespace visitor::hikvision {

BOOST_AUTO_TEST_SUITE(device_info)

BOOST_AUTO_TEST_CASE(xml_and_json_with_and_without_root_name_the_same_device) {
  for (const std::string_view body :
       {"<DeviceInfo version=\"2.0\" xmlns=\"urn:x\"><deviceName>Door</deviceName><deviceID>255</deviceID>"
        "<model>DS-K1T999</model><serialNumber>DS-K1T99920260101V030100ENAB0000007</serialNumber>"
        "<macAddress>02-00-00-00-00-0A</macAddress><firmwareVersion>V3.1.0</firmwareVersion>"
        "<firmwareReleasedDate>build 260101</firmwareReleasedDate><deviceType>ACS</deviceType>"
        "<customizedInfo></customizedInfo><RS485Num>1</RS485Num></DeviceInfo>",
        R"({"DeviceInfo":{"@version":"2.0","deviceName":"Door","deviceID":"255","model":"DS-K1T999",)"
        R"("serialNumber":"DS-K1T99920260101V030100ENAB0000007","macAddress":"02:00:00:00:00:0a",)"
        R"("firmwareVersion":"V3.1.0","firmwareReleasedDate":"build 260101","deviceType":"ACS","customizedInfo":null,)"
        R"("RS485Num":1}})",
        R"({"deviceName":"Door","deviceID":255,"model":"DS-K1T999",)"
        R"("serialNumber":"DS-K1T99920260101V030100ENAB0000007","macAddress":"02000000000A",)"
        R"("firmwareVersion":"V3.1.0","firmwareReleasedDate":"build 260101","deviceType":"ACS","RS485Num":"1"})"}) {
    const auto info = decode_device_info(body);
    BOOST_TEST(info.device_name.value() == "Door");
    BOOST_TEST(info.device_id.value() == "255");
    BOOST_TEST(info.model.value() == "DS-K1T999");
    BOOST_TEST(info.firmware_version.value() == "V3.1.0");
    BOOST_TEST(info.firmware_released.value() == "build 260101");
    BOOST_TEST(info.device_type.value() == "ACS");
    BOOST_TEST(info.stable_mac().value() == "02:00:00:00:00:0a");
    BOOST_TEST(info.unit_number().value() == "AB0000007");
    BOOST_TEST(info.others.at("RS485Num") == "1");
    BOOST_TEST(info.others.size() == 1U);
  }
}

BOOST_AUTO_TEST_CASE(an_upgrade_does_not_make_another_device) {
  DeviceInfo before;
  before.serial_number = "DS-K1T99920260101V030100ENAB0000007";
  before.mac_address = "02:00:00:00:00:0A";
  auto after = before;
  after.serial_number = "DS-K1T99920260101V040000ENAB0000007";
  BOOST_TEST(is_same_device(before, after));
  after.mac_address.reset();
  BOOST_TEST(is_same_device(before, after));
  after.serial_number = "DS-K1T99920260101V040000ENAB0000008";
  BOOST_TEST(!is_same_device(before, after));
  after = before;
  after.mac_address = "02:00:00:00:00:0B";
  BOOST_TEST(!is_same_device(before, after));
  BOOST_TEST(!is_same_device(DeviceInfo{}, DeviceInfo{}));
}

BOOST_AUTO_TEST_CASE(useless_addresses_and_short_numbers_identify_nothing) {
  DeviceInfo info;
  for (const auto* mac : {"", "00:00:00:00:00:00", "02:00:00:00:00", "zz:00:00:00:00:01", "02:00:00:00:00:01:02"}) {
    info.mac_address = mac;
    BOOST_TEST_CONTEXT(mac) BOOST_TEST(!info.stable_mac());
  }
  info.serial_number = "12345678";
  BOOST_TEST(!info.unit_number());
}

BOOST_AUTO_TEST_CASE(another_answer_is_no_device_info) {
  for (const std::string_view body : {R"({"statusCode":4})", "<Time><localTime>x</localTime></Time>", "{}"})
    BOOST_CHECK_EXCEPTION(decode_device_info(body), Error, test::has_code(Errc::terminal));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(system_time)

BOOST_AUTO_TEST_CASE(the_clock_is_a_point_in_time_when_it_says_its_offset) {
  const auto time = decode_system_time(
      "<Time><timeMode>NTP</timeMode><localTime>2026-07-13T19:14:08+03:00</localTime><timeZone>CST-3:00:00</timeZone></"
      "Time>");
  BOOST_TEST(time.mode.value() == "NTP");
  BOOST_TEST(time.time_zone.value() == "CST-3:00:00");
  BOOST_TEST(time.local_time.text == "2026-07-13T19:14:08+03:00");
  BOOST_TEST(time.offset().value().count() == 3 * 3600);
  BOOST_TEST(to_iso(time.instant().value()) == "2026-07-13T16:14:08Z");
}

BOOST_AUTO_TEST_CASE(without_an_offset_the_time_zone_tells_it) {
  const auto time = decode_system_time(
      R"({"Time":{"timeMode":"manual","localTime":"2026-07-13T19:14:08","timeZone":"CST-5:00:00DST01:00:00,M4.1.0/02:00:00,M10.5.0/02:00:00"}})");
  BOOST_TEST(to_iso(time.instant().value()) == "2026-07-13T13:14:08Z");
}

BOOST_AUTO_TEST_CASE(without_either_the_clock_is_a_clock_face_only) {
  const auto time = decode_system_time(R"({"localTime":"2026-07-13T19:14:08"})");
  BOOST_TEST(!time.offset());
  BOOST_TEST(!time.instant());
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_readable_clock_is_refused) {
  for (const std::string_view body :
       {"<Time><localTime min=\"0\" max=\"256\"/></Time>", R"({"localTime":"soon"})", "{}"})
    BOOST_CHECK_EXCEPTION(decode_system_time(body), Error, test::has_code(Errc::terminal));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(event_capabilities)

BOOST_AUTO_TEST_CASE(limits_members_and_codes_are_read) {
  const auto found = decode_event_capabilities(
      R"({"AcsEvent":{"AcsEventCond":{"searchID":{"@min":1,"@max":64},"searchResultPosition":{"@min":0,"@max":150000},)"
      R"("maxResults":{"@min":1,"@max":30},"major":{"@opt":"0,1,2,3,5"},"minorAlarm":{"@opt":"1028, 1029"},)"
      R"("minorEvent":{"@opt":["1",75,"76"]},"minorOperation":{"@opt":""},"cardNo":{"@min":1,"@max":20},)"
      R"("picEnable":"true,false","beginSerialNo":{"@min":1,"@max":3000000000},"timeReverseOrder":true,)"
      R"("name":{"@max":"128"}}}})");
  BOOST_TEST(found.max_results.value() == 30);
  BOOST_TEST(found.max_position.value() == 150000);
  BOOST_TEST(found.max_search_id.value() == 64);
  BOOST_TEST(found.max_card_no.value() == 20);
  BOOST_TEST(found.max_name.value() == 128);
  BOOST_TEST(found.max_serial.value() == 3'000'000'000);
  BOOST_TEST(!found.max_employee_no);
  BOOST_TEST(found.pic_enable);
  BOOST_TEST(found.time_reverse_order);
  BOOST_TEST(found.begin_serial_no);
  BOOST_TEST(!found.attendance_info);
  BOOST_TEST((found.majors == std::set<int>{0, 1, 2, 3, 5}));
  BOOST_TEST((found.minors == std::map<int, std::set<int>>{{1, {1028, 1029}}, {5, {1, 75, 76}}}));
}

BOOST_AUTO_TEST_CASE(what_is_not_listed_may_not_be_sent) {
  const auto found = decode_event_capabilities(R"({"AcsEvent":{"AcsEventCond":{"maxResults":{"@min":1}}}})");
  BOOST_TEST(!found.max_results);
  BOOST_TEST(!found.pic_enable);
  BOOST_TEST(!found.time_reverse_order);
  BOOST_TEST(found.majors.empty());
}

BOOST_AUTO_TEST_CASE(other_answers_are_refused) {
  for (const std::string_view body : {R"({"AcsEvent":{"responseStatusStrg":"OK"}})", R"({"statusCode":4})"})
    BOOST_CHECK_EXCEPTION(decode_event_capabilities(body), Error, test::has_code(Errc::terminal));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::hikvision
