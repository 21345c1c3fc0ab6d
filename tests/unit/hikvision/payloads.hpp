#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace visitor::hikvision {

/// A face pass as a terminal that leaves out what does not apply writes it, tabs and all.
inline std::string face_pass(int serial, std::string_view time = "2026-03-02T08:15:04+05:00") {
  return fmt::format(
      "{{\n\t\t\"major\":\t5,\n\t\t\"minor\":\t75,\n\t\t\"time\":\t\"{}\",\n\t\t\"cardType\":\t1,\n\t\t\"name\":"
      "\t\"Айгуль "
      "Test\",\n\t\t\"cardReaderNo\":\t1,\n\t\t\"doorNo\":\t1,\n\t\t\"employeeNoString\":\t\"00042\","
      "\n\t\t\"serialNo\":"
      "\t{},\n\t\t\"userType\":\t\"normal\",\n\t\t\"currentVerifyMode\":\t\"cardOrFace\",\n\t\t\"mask\":\t\"no\",\n\t\t"
      "\"pictureURL\":\t\"https://192.0.2.7/LOCALS/pic/acsLinkCap/202603_00/"
      "02_081504_30075_0.jpeg@WEB000000000001\",\n\t\t\"FaceRect\":\t{{\n\t\t\t\"height\":\t0.493,\n\t\t\t\"width\":"
      "\t0."
      "279,\n\t\t\t\"x\":\t0.306,\n\t\t\t\"y\":\t0.14\n\t\t}}\n\t}}",
      time, serial);
}

/// A lock event as a model that prints every member writes it.
inline constexpr std::string_view kZeroFilled = R"({
  "major": 5, "minor": 21, "time": "2026-03-02T08:15:04+05:00", "netUser": "", "remoteHostAddr": "0.0.0.0",
  "cardNo": "", "cardType": 0, "name": "", "reportChannel": 0, "cardReaderKind": 0, "cardReaderNo": 0, "doorNo": 0,
  "verifyNo": 0, "alarmInNo": 0, "alarmOutNo": 0, "caseSensorNo": 0, "RS485No": 0, "multiCardGroupNo": 0,
  "deviceNo": 0, "employeeNo": 0, "employeeNoString": "", "InternetAccess": 0, "type": 0, "MACAddr": "",
  "swipeCardType": 0, "serialNo": 9, "userType": "normal", "currentVerifyMode": "faceOrFpOrCardOrPw",
  "attendanceStatus": "undefined", "statusValue": 0, "label": ""})";

/// Every member that the manual knows, with a value in each.
inline constexpr std::string_view kFullItem = R"({
  "major": 5, "minor": 60, "time": "2026-03-02T08:15:04+05:00", "serialNo": 3000000000, "frontSerialNo": 2999999999,
  "currentEvent": true, "type": 3, "netUser": "admin", "remoteHostAddr": "192.0.2.9", "cardNo": "00A7f", "cardType": 7,
  "whiteListNo": 2, "reportChannel": 4, "cardReaderKind": 3, "cardReaderNo": 2, "doorNo": 1, "verifyNo": 128,
  "alarmInNo": 5, "alarmOutNo": 6, "caseSensorNo": 7, "RS485No": 8, "multiCardGroupNo": 9, "accessChannel": 10,
  "deviceNo": 11, "distractControlNo": 12, "employeeNo": 77, "employeeNoString": "0077", "localControllerID": 13,
  "InternetAccess": 14, "MACAddr": "02:00:00:00:00:0A", "swipeCardType": 1, "channelControllerID": 15,
  "channelControllerLampID": 16, "channelControllerIRAdaptorID": 17, "channelControllerIREmitterID": 18,
  "userType": "visitor", "currentVerifyMode": "faceAndCard", "QRCodeInfo": "qr-1", "thermometryUnit": "celsius",
  "currTemperature": 36.6, "isAbnomalTemperature": false, "RegionCoordinates": {"positionX": 0.25, "positionY": 0.5},
  "mask": "yes", "helmet": "no", "pictureURL": "http://192.0.2.7/p.jpeg", "visibleLightPicUrl": "http://192.0.2.7/v",
  "thermalPicUrl": "http://192.0.2.7/t", "filename": "p.jpeg", "picturesNumber": 3, "attendanceStatus": "checkIn",
  "label": "Вход", "statusValue": 19, "appType": "attendance",
  "HealthInfo": {"healthCode": 1, "NADCode": 2, "travelCode": 3, "travelInfo": "none", "vaccineStatus": 4,
                 "vaccineNum": 5},
  "meetingID": "m-1", "PersonInfoExtends": [{"id": 1, "value": "floor 3"}, {"id": 2, "value": "blue"}],
  "name": "Test Person", "FaceRect": {"height": 0.322, "width": 0.183, "x": 0.471, "y": 0.492},
  "RecordInfo": {"startTime": "2026-03-02T08:15:00+05:00", "endTime": "2026-03-02T08:15:10+05:00",
                 "playbackURL": "rtsp://192.0.2.7/r"},
  "currentAuthenticationTimes": 2, "allowAuthenticationTimes": 5, "purePwdVerifyEnable": true, "videoChannel": 1,
  "hasRecord": true, "deviceName": "Front door", "somethingNew": {"deep": [1, 2, 3]}})";

inline std::string page_of(std::string_view items, std::string_view status = "OK", int total = 1) {
  return fmt::format(
      R"({{"AcsEvent":{{"searchID":"s1","totalMatches":{},"responseStatusStrg":"{}","numOfMatches":{},"InfoList":{}}}}})",
      total, status, total, items);
}

}  // namespace visitor::hikvision
