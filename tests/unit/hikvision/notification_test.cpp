#include "hikvision/notification.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "core/error.hpp"
#include "support/has_code.hpp"

namespace visitor::hikvision {
namespace {

std::string kind_of(std::string_view body) {
  return std::string{to_string(decode_notification(body).kind)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(notification)

BOOST_AUTO_TEST_CASE(json_and_xml_carry_the_same_event) {
  for (const std::string_view body :
       {R"({"ipAddress":"192.0.0.64","portNo":80,"protocol":"HTTP","macAddress":"02:00:00:00:00:05","channelID":1,)"
        R"("dateTime":"2026-03-02T08:15:04+05:00","activePostCount":1,"eventType":"AccessControllerEvent",)"
        R"("eventState":"active","eventDescription":"Access Controller Event","shortSerialNumber":"AB0000007",)"
        R"("AccessControllerEvent":{"deviceName":"Door","majorEventType":5,"subEventType":75,"name":"A & B",)"
        R"("employeeNoString":"0042","serialNo":179,"frontSerialNo":178,"currentEvent":false,"doorNo":1}})",
        "<EventNotificationAlert version=\"2.0\"\nxmlns=\"http://www.hikvision.com/ver20/XMLSchema\">"
        "<ipAddress>192.0.0.64</ipAddress><portNo>80</portNo><protocol>HTTP</protocol>"
        "<macAddress>02:00:00:00:00:05</macAddress><channelID>1</channelID>"
        "<dateTime>2026-03-02T08:15:04+05:00</dateTime><activePostCount>1</activePostCount>"
        "<eventType>AccessControllerEvent</eventType><eventState>active</eventState>"
        "<eventDescription>Access Controller Event</eventDescription><shortSerialNumber>AB0000007</shortSerialNumber>"
        "<AccessControllerEvent><deviceName>Door</deviceName><majorEventType>5</majorEventType>"
        "<subEventType>75</subEventType><name>A &amp; B</name><employeeNoString>0042</employeeNoString>"
        "<serialNo>179</serialNo><frontSerialNo>178</frontSerialNo><currentEvent>false</currentEvent>"
        "<doorNo>1</doorNo></AccessControllerEvent></EventNotificationAlert>"}) {
    const auto alert = decode_notification(body);
    BOOST_TEST((alert.kind == Notification::Kind::event));
    BOOST_TEST(alert.ip_address.value() == "192.0.0.64");
    BOOST_TEST(alert.port.value() == 80);
    BOOST_TEST(alert.protocol.value() == "HTTP");
    BOOST_TEST(alert.mac_address.value() == "02:00:00:00:00:05");
    BOOST_TEST(alert.short_serial_number.value() == "AB0000007");
    BOOST_TEST(alert.channel.value() == 1);
    BOOST_TEST(alert.active_post_count.value() == 1);
    const auto& event = alert.event.value();
    BOOST_TEST(event.code().name == "face_passed");
    BOOST_TEST(event.time.text == "2026-03-02T08:15:04+05:00");
    BOOST_TEST(to_iso(event.time.instant().value()) == "2026-03-02T03:15:04Z");
    BOOST_TEST(event.name.value() == "A & B");
    BOOST_TEST(event.employee_no.value() == "0042");
    BOOST_TEST(event.serial.value() == 179U);
    BOOST_TEST(event.front_serial.value() == 178U);
    BOOST_TEST(!event.current_event.value());
    BOOST_TEST(event.door_no.value() == 1);
    BOOST_TEST(event.device_name.value() == "Door");
    BOOST_TEST(event.raw.find("2026-03-02T08:15:04+05:00") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(heartbeats_have_three_disguises) {
  BOOST_TEST(kind_of(R"({"eventType":"videoloss","eventState":"inactive"})") == "heartbeat");
  BOOST_TEST(kind_of(R"({"eventType":"heartBeat","eventState":"active"})") == "heartbeat");
  BOOST_TEST(
      kind_of("<EventNotificationAlert><eventType>other</eventType><eventDescription>Heartbeat</eventDescription>"
              "</EventNotificationAlert>") == "heartbeat");
  BOOST_TEST(kind_of(R"({"eventType":"videoloss","eventState":"active"})") == "other");
  BOOST_TEST(kind_of(R"({"eventType":"IO","eventState":"active"})") == "other");
}

BOOST_AUTO_TEST_CASE(a_time_inside_counts_where_the_envelope_has_none) {
  const auto alert = decode_notification(
      R"({"AccessControllerEvent":{"majorEventType":5,"subEventType":1,"time":"2026-03-02T08:15:04Z"}})");
  BOOST_TEST(alert.event.value().time.text == "2026-03-02T08:15:04Z");
}

BOOST_AUTO_TEST_CASE(other_bodies_are_refused) {
  for (const std::string_view body :
       {"{}", R"({"eventType":197151,"doorIndexCodes":["482"]})", R"({"AcsEvent":{}})", R"({"statusCode":1})"})
    BOOST_TEST_CONTEXT(body)
  BOOST_CHECK_EXCEPTION(decode_notification(body), Error, test::has_code(Errc::terminal));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::hikvision
