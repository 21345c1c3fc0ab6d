#include "hikvision/event.hpp"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <unordered_map>
#include <variant>

#include "core/text.hpp"
#include "hikvision/json_writer.hpp"

namespace visitor::hikvision {
namespace {

using Text = std::optional<std::string> AcsEvent::*;
using Number = std::optional<int> AcsEvent::*;
using Serial = std::optional<std::uint64_t> AcsEvent::*;
using Flag = std::optional<bool> AcsEvent::*;
using Decimal = std::optional<double> AcsEvent::*;
using Code = int AcsEvent::*;
/// Members with a shape of their own.
using Special = void (*)(AcsEvent&, const Node&);

struct Member {
  std::string_view wire;  ///< as the terminal writes it
  std::string_view name;  ///< in our JSON; empty where to_json writes it by hand
  std::variant<Text, Number, Serial, Flag, Decimal, Code, Special> place;
};

double decimal_of(const Node& parent, std::string_view name) {
  const Node* child = parent.find(name);
  return child ? child->as_decimal().value_or(0) : 0;
}

void read_face(AcsEvent& event, const Node& node) {
  if (node.kind != Node::Kind::object) return;
  const FaceRect face{decimal_of(node, "x"), decimal_of(node, "y"), decimal_of(node, "width"),
                      decimal_of(node, "height")};
  if (face != FaceRect{}) event.face = face;
}

void read_region(AcsEvent& event, const Node& node) {
  if (node.kind != Node::Kind::object) return;
  const RegionPoint point{decimal_of(node, "positionX"), decimal_of(node, "positionY")};
  if (point != RegionPoint{}) event.temperature_region = point;
}

void read_health(AcsEvent& event, const Node& node) {
  if (node.kind != Node::Kind::object) return;
  event.health = HealthInfo{child_integer(node, "healthCode"), child_integer(node, "NADCode"),
                            child_integer(node, "travelCode"), child_integer(node, "vaccineStatus"),
                            child_integer(node, "vaccineNum"), child_text(node, "travelInfo")};
}

void read_record(AcsEvent& event, const Node& node) {
  if (node.kind != Node::Kind::object) return;
  event.record =
      RecordInfo{child_text(node, "startTime"), child_text(node, "endTime"), child_text(node, "playbackURL")};
}

void read_extension(AcsEvent& event, const Node& entry) {
  const auto id = child_text(entry, "id");
  const auto value = child_text(entry, "value");
  if (id && value) event.person_extensions.emplace_back(*id, *value);
}

void read_extensions(AcsEvent& event, const Node& node) {
  if (node.kind != Node::Kind::list) return read_extension(event, node);
  for (const Node* entry = node.first_child; entry; entry = entry->next) read_extension(event, *entry);
}

/// "0" and "" are how zero-filling models say "no number".
std::optional<std::string> number_text(const Node& node) {
  const auto text = node.as_text();
  if (!text || *text == "0") return std::nullopt;
  return std::string{*text};
}

void read_card(AcsEvent& event, const Node& node) {
  event.card_no = number_text(node);
}

void read_employee_string(AcsEvent& event, const Node& node) {
  if (auto number = number_text(node)) event.employee_no = std::move(number);
}

void read_employee_number(AcsEvent& event, const Node& node) {
  if (!event.employee_no) event.employee_no = number_text(node);
}

void read_host(AcsEvent& event, const Node& node) {
  const auto text = node.as_text();
  if (text && *text != "0.0.0.0" && *text != "::") event.remote_host = std::string{*text};
}

void read_time(AcsEvent& event, const Node& node) {
  event.time = parse_device_time(node.as_text().value_or(""));
}

void read_nothing(AcsEvent&, const Node&) {}  // read together with the time

// In the order of to_json's answer.
const std::array kMembers = std::to_array<Member>({
    {"major", "", &AcsEvent::major},
    {"majorEventType", "", &AcsEvent::major},
    {"minor", "", &AcsEvent::minor},
    {"subEventType", "", &AcsEvent::minor},
    {"serialNo", "serial", &AcsEvent::serial},
    {"frontSerialNo", "front_serial", &AcsEvent::front_serial},
    {"time", "", &read_time},
    {"dateTime", "", &read_time},
    {"timeDiff", "", &read_nothing},
    {"currentEvent", "current_event", &AcsEvent::current_event},
    {"employeeNoString", "", &read_employee_string},
    {"employeeNo", "", &read_employee_number},
    {"name", "name", &AcsEvent::name},
    {"userType", "user_type", &AcsEvent::user_type},
    {"cardNo", "", &read_card},
    {"cardType", "card_type", &AcsEvent::card_type},
    {"doorNo", "door_no", &AcsEvent::door_no},
    {"cardReaderNo", "reader_no", &AcsEvent::reader_no},
    {"cardReaderKind", "reader_kind", &AcsEvent::reader_kind},
    {"reportChannel", "report_channel", &AcsEvent::report_channel},
    {"accessChannel", "access_channel", &AcsEvent::access_channel},
    {"verifyNo", "verify_no", &AcsEvent::verify_no},
    {"localControllerID", "local_controller", &AcsEvent::local_controller},
    {"InternetAccess", "internet_access", &AcsEvent::internet_access},
    {"deviceNo", "device_no", &AcsEvent::device_no},
    {"alarmInNo", "alarm_input", &AcsEvent::alarm_input},
    {"alarmOutNo", "alarm_output", &AcsEvent::alarm_output},
    {"caseSensorNo", "case_sensor", &AcsEvent::case_sensor},
    {"RS485No", "rs485_no", &AcsEvent::rs485_no},
    {"multiCardGroupNo", "multi_card_group", &AcsEvent::multi_card_group},
    {"distractControlNo", "elevator_controller", &AcsEvent::elevator_controller},
    {"channelControllerID", "channel_controller", &AcsEvent::channel_controller},
    {"channelControllerLampID", "channel_controller_lamp", &AcsEvent::channel_controller_lamp},
    {"channelControllerIRAdaptorID", "channel_controller_ir_adaptor", &AcsEvent::channel_controller_ir_adaptor},
    {"channelControllerIREmitterID", "channel_controller_ir_emitter", &AcsEvent::channel_controller_ir_emitter},
    {"whiteListNo", "white_list_no", &AcsEvent::white_list_no},
    {"swipeCardType", "swipe_card_type", &AcsEvent::swipe_card_type},
    {"type", "type", &AcsEvent::type},
    {"videoChannel", "video_channel", &AcsEvent::video_channel},
    {"currentVerifyMode", "verify_mode", &AcsEvent::verify_mode},
    {"mask", "mask", &AcsEvent::mask},
    {"helmet", "helmet", &AcsEvent::helmet},
    {"attendanceStatus", "attendance_status", &AcsEvent::attendance_status},
    {"label", "label", &AcsEvent::label},
    {"statusValue", "status_value", &AcsEvent::status_value},
    {"currentAuthenticationTimes", "current_passes", &AcsEvent::current_passes},
    {"allowAuthenticationTimes", "allowed_passes", &AcsEvent::allowed_passes},
    {"purePwdVerifyEnable", "pure_password", &AcsEvent::pure_password},
    {"QRCodeInfo", "qr_code", &AcsEvent::qr_code},
    {"currTemperature", "temperature", &AcsEvent::temperature},
    {"thermometryUnit", "temperature_unit", &AcsEvent::temperature_unit},
    {"isAbnomalTemperature", "abnormal_temperature", &AcsEvent::abnormal_temperature},
    {"RegionCoordinates", "", &read_region},
    {"HealthInfo", "", &read_health},
    {"remoteHostAddr", "", &read_host},
    {"netUser", "net_user", &AcsEvent::net_user},
    {"MACAddr", "mac_address", &AcsEvent::mac_address},
    {"deviceName", "device_name", &AcsEvent::device_name},
    {"appType", "app_type", &AcsEvent::app_type},
    {"meetingID", "meeting_id", &AcsEvent::meeting_id},
    {"pictureURL", "picture_url", &AcsEvent::picture_url},
    {"visibleLightPicUrl", "visible_light_picture_url", &AcsEvent::visible_light_picture_url},
    {"thermalPicUrl", "thermal_picture_url", &AcsEvent::thermal_picture_url},
    {"filename", "file_name", &AcsEvent::file_name},
    {"picturesNumber", "picture_count", &AcsEvent::picture_count},
    {"hasRecord", "has_record", &AcsEvent::has_record},
    {"FaceRect", "", &read_face},
    {"RecordInfo", "", &read_record},
    {"PersonInfoExtends", "", &read_extensions},
});

struct NameHash {
  std::size_t operator()(std::string_view name) const {
    const auto at = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(name[i])); };
    return name.empty() ? 0 : name.size() + 31 * at(0) + 1009 * at(name.size() / 2) + 30011 * at(name.size() - 1);
  }
};

const Member* find_member(std::string_view wire) {
  static const auto index = [] {
    std::unordered_map<std::string_view, const Member*, NameHash> map;
    for (const auto& member : kMembers) map.emplace(member.wire, &member);
    return map;
  }();
  const auto found = index.find(wire);
  return found == index.end() ? nullptr : found->second;
}

/// Stores one member where it belongs; what cannot be read stays absent.
struct Reader {
  AcsEvent& event;
  const Node& node;

  void operator()(Text place) const {
    if (const auto text = node.as_text()) event.*place = std::string{*text};
  }
  void operator()(Number place) const {
    const auto number = node.as_integer();
    if (number && *number != 0 && *number >= std::numeric_limits<int>::min() &&
        *number <= std::numeric_limits<int>::max())
      event.*place = static_cast<int>(*number);
  }
  void operator()(Serial place) const {
    const auto number = node.as_integer();
    // Serial numbers start at 1; only "the one before" can be 0, and that means that there is none.
    if (number && *number > 0) event.*place = static_cast<std::uint64_t>(*number);
  }
  void operator()(Flag place) const { event.*place = node.as_boolean(); }
  void operator()(Decimal place) const {
    const auto value = node.as_decimal();
    if (value && *value != 0) event.*place = *value;
  }
  void operator()(Code place) const {
    const auto number = node.as_integer();
    if (number && *number > 0 && *number <= std::numeric_limits<int>::max()) event.*place = static_cast<int>(*number);
  }
  void operator()(Special read) const { read(event, node); }
};

constexpr std::size_t kShortText = 256;

/// The scalars of \p item, long texts cut, as many as fit.
std::string shortened(const Node& item) {
  std::string out = "{";
  for (const Node* child = item.first_child; child; child = child->next) {
    if (!child->is_scalar() && child->kind != Node::Kind::null) continue;
    Node cut = *child;
    const auto text = clean_utf8(std::string{child->text.substr(0, kShortText)});
    if (child->text.size() > kShortText) {
      cut.kind = Node::Kind::text;
      cut.text = text;
      cut.plain_text = false;
    }
    std::string member = out.size() > 1 ? "," : "";
    member += json_quote(child->name.substr(0, kShortText)) + ':';
    append_json(member, cut);
    if (out.size() + member.size() + 1 > kMaxRawEvent) break;
    out += member;
  }
  return out + '}';
}

void write_code(JsonWriter& out, const EventCode& code) {
  out.open("code");
  out.text("name", code.name);
  out.text("text", code.text);
  out.text("class", to_string(code.code_class));
  out.text("credential", to_string(code.credential));
  out.text("alarm", to_string(code.alarm));
  out.close();
}

/// Writes one member if it is there.
struct Writer {
  JsonWriter& out;
  const AcsEvent& event;
  std::string_view name;

  void operator()(Text place) const {
    if (event.*place) out.text(name, *(event.*place));
  }
  void operator()(Number place) const {
    if (event.*place) out.number(name, *(event.*place));
  }
  void operator()(Serial place) const {
    if (event.*place) out.number(name, *(event.*place));
  }
  void operator()(Flag place) const {
    if (event.*place) out.boolean(name, *(event.*place));
  }
  void operator()(Decimal place) const {
    if (event.*place) out.number(name, *(event.*place));
  }
  void operator()(Code) const {}
  void operator()(Special) const {}
};

}  // namespace

bool AcsEvent::is_duress() const {
  constexpr int kDuressCard = 5;
  return code().alarm == Alarm::duress || card_type == kDuressCard;
}

bool AcsEvent::is_visitor() const {
  return user_type && equal_ignoring_case(*user_type, "visitor");
}

std::string_view card_type_name(int card_type) {
  constexpr std::array<std::string_view, 9> kNames = {"unknown", "normal", "disability", "block_list", "patrol",
                                                      "duress",  "super",  "visitor",    "dismiss"};
  return kNames[card_type >= 1 && card_type <= 8 ? static_cast<std::size_t>(card_type) : 0];
}

std::optional<AcsEvent> decode_event(const Node& item) {
  return decode_event(item, item);
}

std::optional<AcsEvent> decode_event(const Node& item, const Node& whole) {
  if (item.kind != Node::Kind::object) return std::nullopt;
  AcsEvent event;
  for (const Node* child = item.first_child; child; child = child->next)
    if (const auto* member = find_member(child->name)) std::visit(Reader{event, *child}, member->place);
  if (const auto difference = child_text(item, "timeDiff"))
    event.time = parse_device_time(event.time.text, *difference);

  event.raw.reserve(1024);
  append_json(event.raw, whole);
  if (event.raw.size() > kMaxRawEvent) {
    event.raw = shortened(item);
    event.raw_shortened = true;
  }
  return event;
}

bool is_typed_member(std::string_view name) {
  return find_member(name) != nullptr;
}

std::string to_json(const AcsEvent& event) {
  JsonWriter out;
  out.open();
  out.number("major", event.major);
  out.number("minor", event.minor);
  write_code(out, event.code());
  write(out, "time", event.time);
  if (event.employee_no) out.text("employee_no", *event.employee_no);
  if (event.card_no) out.text("card_no", *event.card_no);
  for (const auto& member : kMembers) std::visit(Writer{out, event, member.name}, member.place);
  if (event.remote_host) out.text("remote_host", *event.remote_host);
  if (const auto& face = event.face) {
    out.open("face");
    out.number("x", face->x);
    out.number("y", face->y);
    out.number("width", face->width);
    out.number("height", face->height);
    out.close();
  }
  if (const auto& region = event.temperature_region) {
    out.open("temperature_region");
    out.number("x", region->x);
    out.number("y", region->y);
    out.close();
  }
  if (event.is_duress()) out.boolean("duress", true);
  if (event.raw_shortened) out.boolean("raw_shortened", true);
  out.json("raw", event.raw);
  out.close();
  return out.take();
}

}  // namespace visitor::hikvision
