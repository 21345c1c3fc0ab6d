#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "hikvision/document.hpp"

namespace visitor::hikvision {

/// What GET /ISAPI/AccessControl/AcsEvent/capabilities says about searching the log. Whatever a terminal does not say
/// is absent or false; old firmware refuses members that it does not list.
struct EventCapabilities {
  std::optional<std::int64_t> max_results;
  std::optional<std::int64_t> max_position;
  std::optional<std::int64_t> max_search_id;                           ///< characters
  std::optional<std::int64_t> max_card_no, max_name, max_employee_no;  ///< bytes
  std::optional<std::int64_t> max_serial;
  bool pic_enable = false;          ///< the member may be sent, and must be: true is the device's default
  bool time_reverse_order = false;  ///< may be sent; not every device heeds it
  bool begin_serial_no = false;
  bool attendance_info = false;         ///< isAttendanceInfo
  std::set<int> majors;                 ///< 0 stands for "all"
  std::map<int, std::set<int>> minors;  ///< by major: every event that the model can produce
};

/// \throws Error terminal  \p body is not such an answer
EventCapabilities decode_event_capabilities(std::string_view body);
std::optional<EventCapabilities> find_event_capabilities(const Node& root);

}  // namespace visitor::hikvision
