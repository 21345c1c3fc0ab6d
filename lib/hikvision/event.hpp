#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hikvision/device_time.hpp"
#include "hikvision/document.hpp"
#include "hikvision/event_codes.hpp"

namespace visitor::hikvision {

struct FaceRect {
  double x = 0, y = 0, width = 0, height = 0;  ///< shares of the picture, 0 to 1
  bool operator==(const FaceRect&) const = default;
};

struct RegionPoint {
  double x = 0, y = 0;
  bool operator==(const RegionPoint&) const = default;
};

struct HealthInfo {
  std::optional<std::int64_t> health_code, nad_code, travel_code, vaccine_status, vaccine_number;
  std::optional<std::string> travel_info;
  bool operator==(const HealthInfo&) const = default;
};

struct RecordInfo {
  std::optional<std::string> start_time, end_time, playback_url;
  bool operator==(const RecordInfo&) const = default;
};

/// One row of a terminal's log, the same whether it came from a search (AcsEvent), the event stream or a push.
///
/// 0, "" and the address 0.0.0.0 are absent: some models print every member whatever the event. Texts are as sent,
/// leading zeros and case included. A member of the wrong JSON type is taken if it can be read; if not it is absent
/// here and still in \c raw. Source: HIKVISION.md sections 2 to 4.
struct AcsEvent {
  // Identity: (device, serial, time, major, minor). A serial alone repeats after a reset.
  int major = 0;  ///< 1 alarm, 2 exception, 3 operation, 5 event; 0 if it was not sent
  int minor = 0;
  std::optional<std::uint64_t> serial;
  std::optional<std::uint64_t> front_serial;  ///< of the event before this one (stream and push)
  DeviceTime time;
  std::optional<bool> current_event;  ///< false: replayed from the device's storage (stream and push only)

  // Person
  std::optional<std::string> employee_no;  ///< employeeNoString, else employeeNo
  std::optional<std::string> name;
  std::optional<std::string> user_type;  ///< normal, visitor, blackList, administrators; "normal" proves nothing
  std::optional<std::string> card_no;    ///< the person's card, also when another credential was used
  std::optional<int> card_type;          ///< see card_type_name()

  // Door
  std::optional<int> door_no;
  std::optional<int> reader_no;    ///< cardReaderNo
  std::optional<int> reader_kind;  ///< cardReaderKind: 1 IC, 2 ID card, 3 QR, 4 fingerprint
  std::optional<int> report_channel, access_channel, verify_no, local_controller, internet_access, device_no;
  std::optional<int> alarm_input, alarm_output, case_sensor, rs485_no, multi_card_group, elevator_controller;
  std::optional<int> channel_controller, channel_controller_lamp, channel_controller_ir_adaptor,
      channel_controller_ir_emitter;
  std::optional<int> white_list_no, swipe_card_type, type, video_channel;

  // How it was verified
  std::optional<std::string> verify_mode;        ///< currentVerifyMode: what the reader is set to, not what was used
  std::optional<std::string> mask, helmet;       ///< yes, no, unknown
  std::optional<std::string> attendance_status;  ///< checkIn, checkOut, …; "undefined" is kept
  std::optional<std::string> label;              ///< free text of the attendance key, in the local language
  std::optional<int> status_value, current_passes, allowed_passes;
  std::optional<bool> pure_password;  ///< purePwdVerifyEnable
  std::optional<std::string> qr_code;
  std::optional<double> temperature;
  std::optional<std::string> temperature_unit;
  std::optional<bool> abnormal_temperature;
  std::optional<RegionPoint> temperature_region;
  std::optional<HealthInfo> health;

  // Where it came from, and pictures
  std::optional<std::string> remote_host, net_user, mac_address, device_name, app_type, meeting_id;
  std::optional<std::string> picture_url, visible_light_picture_url, thermal_picture_url, file_name;
  std::optional<int> picture_count;
  std::optional<bool> has_record;
  std::optional<FaceRect> face;
  std::optional<RecordInfo> record;
  std::vector<std::pair<std::string, std::string>> person_extensions;  ///< PersonInfoExtends: id and value

  std::string raw;             ///< the whole item as minified JSON, UTF-8, fit for jsonb; at most
                               ///< kMaxRawEvent bytes
  bool raw_shortened = false;  ///< the item was larger: long texts are cut and what did not fit is left out

  const EventCode& code() const { return event_code(major, minor); }
  /// A duress code, or a person with a duress card.
  bool is_duress() const;
  /// The terminal knows the person as a visitor.
  bool is_visitor() const;
};

inline constexpr std::size_t kMaxRawEvent = 32U << 10;

/// normal, disability, block_list, patrol, duress, super, visitor, dismiss for 1 to 8; "unknown" otherwise.
std::string_view card_type_name(int card_type);

/// An entry of AcsEvent's InfoList, or an AccessControllerEvent (majorEventType, subEventType) without its envelope.
/// Nothing if \p item is not an object.
std::optional<AcsEvent> decode_event(const Node& item);
/// The same with \p whole, an envelope around it, for the raw text.
std::optional<AcsEvent> decode_event(const Node& item, const Node& whole);

/// Whether decode_event() gives the member of that name a place of its own besides \c raw.
bool is_typed_member(std::string_view name);

/// \p event as JSON with stable snake_case members, absent ones left out; \c raw and the code's row included.
std::string to_json(const AcsEvent& event);

}  // namespace visitor::hikvision
