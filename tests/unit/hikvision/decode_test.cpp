#include "hikvision/decode.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "hikvision/document.hpp"
#include "payloads.hpp"

namespace visitor::hikvision {
namespace {

std::string kinds_of(std::string_view bytes) {
  const auto things = decode(bytes);
  std::string kinds;
  for (const auto& thing : things) kinds += (kinds.empty() ? "" : " ") + thing.kind;
  // Whatever went in, JSON comes out.
  const auto document = Document::parse(to_json(things), "own output");
  BOOST_TEST(document.root().find("decoded") != nullptr);
  return kinds;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(decode_capture)

BOOST_AUTO_TEST_CASE(every_kind_of_answer_is_recognised) {
  BOOST_TEST(kinds_of(page_of(face_pass(1))) == "page");
  BOOST_TEST(kinds_of(face_pass(1)) == "event");
  BOOST_TEST(kinds_of("[" + face_pass(1) + "," + face_pass(2) + "]") == "event event");
  BOOST_TEST(kinds_of(R"({"majorEventType":5,"subEventType":75})") == "event");
  BOOST_TEST(kinds_of(R"({"eventType":"videoloss","eventState":"inactive"})") == "notification");
  BOOST_TEST(kinds_of(R"({"statusCode":4,"statusString":"Invalid Operation"})") == "status");
  BOOST_TEST(kinds_of(R"({"AcsEventTotalNum":{"totalNum":3}})") == "event_total");
  BOOST_TEST(kinds_of(R"({"AcsEvent":{"AcsEventCond":{"maxResults":{"@max":30}}}})") == "event_capabilities");
  BOOST_TEST(kinds_of("<DeviceInfo><model>M</model><serialNumber>M123456789</serialNumber></DeviceInfo>") ==
             "device_info");
  BOOST_TEST(kinds_of("<Time><localTime>2026-07-13T19:14:08+03:00</localTime></Time>") == "system_time");
  BOOST_TEST(kinds_of(R"({"UserInfoCount":{"userNumber":7}})") == "other");
  BOOST_TEST(kinds_of("hello") == "unreadable");
  BOOST_TEST(kinds_of("") == "unreadable");
  BOOST_TEST(kinds_of(R"({"AcsEvent":{"InfoList":[)") == "unreadable");
}

BOOST_AUTO_TEST_CASE(a_dump_of_the_stream_gives_each_part_and_survives_a_bad_one) {
  BOOST_TEST(
      kinds_of("--B\nContent-Type: application/json\n\n{\"eventType\":\"videoloss\",\"eventState\":\"inactive\"}\n"
               "--B\nContent-Type: application/json\n\n{\"broken\"\n--B\nContent-Type: image/jpeg\n\nxyz\n"
               "--B\nContent-Type: application/xml\n\n<ResponseStatus><statusCode>1</statusCode></ResponseStatus>\n") ==
      "notification unreadable picture status");
}

BOOST_AUTO_TEST_CASE(headers_above_the_body_are_taken_off) {
  BOOST_TEST(kinds_of("HTTP/1.1 200 OK\r\nServer: webs\r\nContent-Type: application/xml\r\n\r\n" +
                      page_of(face_pass(1))) == "page");
  BOOST_TEST(kinds_of("POST /x HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=X\r\n\r\n--X\r\n"
                      "Content-Disposition: form-data; name=\"event_log\"\r\n\r\n{\"eventType\":\"heartBeat\","
                      "\"eventState\":\"active\"}\r\n--X--\r\n") == "notification");
  BOOST_TEST(kinds_of("Content-Type: image/jpeg\r\nContent-ID: pictureImage\r\n\r\n") == "unreadable");
}

BOOST_AUTO_TEST_CASE(what_was_sent_stands_beside_what_was_understood) {
  const auto things = decode(R"({"statusCode":2,"subStatusCode":"deviceBusy","newMember":[1.50]})");
  BOOST_TEST(things.at(0).json ==
             R"({"kind":"status","verdict":"busy","user_check":false,"status_code":2,"sub_status_code":"deviceBusy",)"
             R"("raw":{"statusCode":2,"subStatusCode":"deviceBusy","newMember":[1.50]}})");
  BOOST_TEST(things.at(0).summary == "busy: deviceBusy");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::hikvision
