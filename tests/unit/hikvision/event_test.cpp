#include "hikvision/event.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "hikvision/document.hpp"
#include "payloads.hpp"

namespace visitor::hikvision {
namespace {

AcsEvent event_of(std::string_view json) {
  return decode_event(Document::parse(json, "item").root()).value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(event_item)

BOOST_AUTO_TEST_CASE(a_face_pass_is_read_whole) {
  const auto event = event_of(face_pass(19354));
  BOOST_TEST(event.code().name == "face_passed");
  BOOST_TEST(event.serial.value() == 19354U);
  BOOST_TEST(event.time.text == "2026-03-02T08:15:04+05:00");
  BOOST_TEST(to_iso(event.time.instant().value()) == "2026-03-02T03:15:04Z");
  BOOST_TEST(event.employee_no.value() == "00042");
  BOOST_TEST(event.name.value() == "Айгуль Test");
  BOOST_TEST(event.door_no.value() == 1);
  BOOST_TEST(event.reader_no.value() == 1);
  BOOST_TEST(event.card_type.value() == 1);
  BOOST_TEST(event.mask.value() == "no");
  BOOST_TEST((event.face == FaceRect{.x = 0.306, .y = 0.14, .width = 0.279, .height = 0.493}));
  BOOST_TEST(!event.card_no);
  BOOST_TEST(!event.is_duress());
  BOOST_TEST(event.raw.find("\"height\":0.493,\"width\":0.279") != std::string::npos);
  BOOST_TEST(event.raw.find_first_of("\t\n") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(zeros_and_empty_texts_are_absent) {
  const auto event = event_of(kZeroFilled);
  BOOST_TEST(event.serial.value() == 9U);
  for (const auto& absent : {event.employee_no, event.card_no, event.name, event.net_user, event.remote_host,
                             event.mac_address, event.label, event.picture_url})
    BOOST_TEST(!absent);
  for (const auto& absent :
       {event.door_no, event.reader_no, event.reader_kind, event.card_type, event.report_channel, event.verify_no,
        event.alarm_input, event.alarm_output, event.case_sensor, event.rs485_no, event.multi_card_group,
        event.device_no, event.internet_access, event.type, event.swipe_card_type, event.status_value})
    BOOST_TEST(!absent);
  BOOST_TEST(event.user_type.value() == "normal");
  BOOST_TEST(event.raw.find("\"doorNo\":0") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_member_of_the_manual_has_its_place) {
  const auto event = event_of(kFullItem);
  BOOST_TEST(event.serial.value() == 3'000'000'000U);
  BOOST_TEST(event.front_serial.value() == 2'999'999'999U);
  BOOST_TEST(event.current_event.value());
  BOOST_TEST(event.type.value() == 3);
  BOOST_TEST(event.net_user.value() == "admin");
  BOOST_TEST(event.remote_host.value() == "192.0.2.9");
  BOOST_TEST(event.card_no.value() == "00A7f");
  BOOST_TEST(card_type_name(event.card_type.value()) == "visitor");
  BOOST_TEST(event.white_list_no.value() == 2);
  BOOST_TEST(event.report_channel.value() == 4);
  BOOST_TEST(event.reader_kind.value() == 3);
  BOOST_TEST(event.reader_no.value() == 2);
  BOOST_TEST(event.door_no.value() == 1);
  BOOST_TEST(event.verify_no.value() == 128);
  BOOST_TEST(event.alarm_input.value() == 5);
  BOOST_TEST(event.alarm_output.value() == 6);
  BOOST_TEST(event.case_sensor.value() == 7);
  BOOST_TEST(event.rs485_no.value() == 8);
  BOOST_TEST(event.multi_card_group.value() == 9);
  BOOST_TEST(event.access_channel.value() == 10);
  BOOST_TEST(event.device_no.value() == 11);
  BOOST_TEST(event.elevator_controller.value() == 12);
  BOOST_TEST(event.employee_no.value() == "0077");
  BOOST_TEST(event.local_controller.value() == 13);
  BOOST_TEST(event.internet_access.value() == 14);
  BOOST_TEST(event.mac_address.value() == "02:00:00:00:00:0A");
  BOOST_TEST(event.swipe_card_type.value() == 1);
  BOOST_TEST(event.channel_controller.value() == 15);
  BOOST_TEST(event.channel_controller_lamp.value() == 16);
  BOOST_TEST(event.channel_controller_ir_adaptor.value() == 17);
  BOOST_TEST(event.channel_controller_ir_emitter.value() == 18);
  BOOST_TEST(event.is_visitor());
  BOOST_TEST(event.verify_mode.value() == "faceAndCard");
  BOOST_TEST(event.qr_code.value() == "qr-1");
  BOOST_TEST(event.temperature_unit.value() == "celsius");
  BOOST_TEST(event.temperature.value() == 36.6);
  BOOST_TEST(!event.abnormal_temperature.value());
  BOOST_TEST((event.temperature_region == RegionPoint{0.25, 0.5}));
  BOOST_TEST(event.mask.value() == "yes");
  BOOST_TEST(event.helmet.value() == "no");
  BOOST_TEST(event.picture_url.value() == "http://192.0.2.7/p.jpeg");
  BOOST_TEST(event.visible_light_picture_url.value() == "http://192.0.2.7/v");
  BOOST_TEST(event.thermal_picture_url.value() == "http://192.0.2.7/t");
  BOOST_TEST(event.file_name.value() == "p.jpeg");
  BOOST_TEST(event.picture_count.value() == 3);
  BOOST_TEST(event.attendance_status.value() == "checkIn");
  BOOST_TEST(event.label.value() == "Вход");
  BOOST_TEST(event.status_value.value() == 19);
  BOOST_TEST(event.app_type.value() == "attendance");
  BOOST_TEST((event.health == HealthInfo{1, 2, 3, 4, 5, "none"}));
  BOOST_TEST(event.meeting_id.value() == "m-1");
  BOOST_TEST(
      (event.person_extensions == std::vector<std::pair<std::string, std::string>>{{"1", "floor 3"}, {"2", "blue"}}));
  BOOST_TEST(event.name.value() == "Test Person");
  BOOST_TEST(
      (event.record == RecordInfo{"2026-03-02T08:15:00+05:00", "2026-03-02T08:15:10+05:00", "rtsp://192.0.2.7/r"}));
  BOOST_TEST(event.current_passes.value() == 2);
  BOOST_TEST(event.allowed_passes.value() == 5);
  BOOST_TEST(event.pure_password.value());
  BOOST_TEST(event.video_channel.value() == 1);
  BOOST_TEST(event.has_record.value());
  BOOST_TEST(event.device_name.value() == "Front door");
  BOOST_TEST(event.raw.find(R"("somethingNew":{"deep":[1,2,3]})") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(only_what_the_manual_does_not_know_is_untyped) {
  const auto document = Document::parse(kFullItem, "item");
  for (const Node* member = document.root().first_child; member; member = member->next)
    BOOST_TEST_CONTEXT(member->name) BOOST_TEST(is_typed_member(member->name) == (member->name != "somethingNew"));
}

BOOST_AUTO_TEST_CASE(numbers_as_texts_and_texts_as_numbers_are_taken) {
  const auto event =
      event_of(R"({"major":"5","minor":"1","serialNo":"12","cardNo":123456789012,"employeeNoString":7,"doorNo":"1",)"
               R"("currentEvent":"true","name":99,"currTemperature":"36.5","time":"2026-03-02T08:15:04+05:00"})");
  BOOST_TEST(event.code().name == "card_passed");
  BOOST_TEST(event.serial.value() == 12U);
  BOOST_TEST(event.card_no.value() == "123456789012");
  BOOST_TEST(event.employee_no.value() == "7");
  BOOST_TEST(event.door_no.value() == 1);
  BOOST_TEST(event.current_event.value());
  BOOST_TEST(event.name.value() == "99");
  BOOST_TEST(event.temperature.value() == 36.5);
}

BOOST_AUTO_TEST_CASE(members_of_impossible_types_are_absent_and_stay_in_raw) {
  const auto event =
      event_of(R"({"major":[5],"minor":{"x":1},"serialNo":-3,"doorNo":99999999999,"name":{"first":"A"},"FaceRect":7,)"
               R"("PersonInfoExtends":"x","HealthInfo":[],"time":null,"employeeNo":null})");
  BOOST_TEST(event.major == 0);
  BOOST_TEST(event.minor == 0);
  BOOST_TEST(!event.serial);
  BOOST_TEST(!event.door_no);
  BOOST_TEST(!event.name);
  BOOST_TEST(!event.face);
  BOOST_TEST(!event.health);
  BOOST_TEST(event.time.text.empty());
  BOOST_TEST(event.raw.find("\"doorNo\":99999999999") != std::string::npos);
  BOOST_TEST(event.raw.find("{\"first\":\"A\"}") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_number_of_the_person_is_the_text_and_else_the_number) {
  BOOST_TEST(event_of(R"({"employeeNo":77,"employeeNoString":"0077"})").employee_no.value() == "0077");
  BOOST_TEST(event_of(R"({"employeeNoString":"0077","employeeNo":77})").employee_no.value() == "0077");
  BOOST_TEST(event_of(R"({"employeeNoString":"","employeeNo":77})").employee_no.value() == "77");
  BOOST_TEST(!event_of(R"({"employeeNoString":"0","employeeNo":0})").employee_no);
}

BOOST_AUTO_TEST_CASE(a_duress_card_is_duress_whatever_the_code) {
  BOOST_TEST(event_of(R"({"major":5,"minor":1,"cardType":5})").is_duress());
  BOOST_TEST(event_of(R"({"major":1,"minor":1034})").is_duress());
  BOOST_TEST(!event_of(R"({"major":5,"minor":1,"cardType":1})").is_duress());
}

BOOST_AUTO_TEST_CASE(z_is_completed_by_the_time_difference) {
  const auto event = event_of(R"({"time":"2026-03-02T03:15:04Z","timeDiff":"+05:00"})");
  BOOST_TEST(to_iso(event.time.instant().value()) == "2026-03-02T03:15:04Z");
  BOOST_TEST(event.time.offset.value().count() == 5 * 3600);
}

BOOST_AUTO_TEST_CASE(an_item_that_is_too_large_is_kept_in_short) {
  const auto event =
      event_of(R"({"major":5,"minor":75,"serialNo":4,"label":")" + std::string(40'000, 'x') + R"(","mask":"no"})");
  BOOST_TEST(event.raw_shortened);
  BOOST_TEST(event.raw.size() <= kMaxRawEvent);
  BOOST_TEST(event.raw ==
             R"({"major":5,"minor":75,"serialNo":4,"label":")" + std::string(256, 'x') + R"(","mask":"no"})");
}

BOOST_AUTO_TEST_CASE(what_is_no_object_is_no_event) {
  for (const std::string_view body : {"[]", "[1]"}) BOOST_TEST(!decode_event(Document::parse(body, "item").root()));
}

BOOST_AUTO_TEST_CASE(json_of_an_event_names_its_code_and_leaves_out_what_is_absent) {
  const auto json = to_json(event_of(R"({"major":5,"minor":75,"serialNo":4,"time":"2026-03-02T08:15:04+05:00"})"));
  BOOST_TEST(json ==
             R"({"major":5,"minor":75,"code":{"name":"face_passed","text":"Face accepted","class":"granted",)"
             R"("credential":"face","alarm":"none"},"time":{"text":"2026-03-02T08:15:04+05:00",)"
             R"("instant":"2026-03-02T03:15:04Z","local":"2026-03-02T08:15:04","offset_seconds":18000},"serial":4,)"
             R"("raw":{"major":5,"minor":75,"serialNo":4,"time":"2026-03-02T08:15:04+05:00"}})");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::hikvision
