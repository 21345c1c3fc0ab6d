#include "hikvision/capabilities.hpp"

#include <limits>

#include "core/error.hpp"
#include "core/text.hpp"

namespace visitor::hikvision {
namespace {

/// {"@min":…, "@max":…} of the member \p name.
std::optional<std::int64_t> max_of(const Node& condition, std::string_view name) {
  const Node* member = condition.find(name);
  if (!member) return std::nullopt;
  const auto max = child_integer(*member, "@max");
  return max ? max : child_integer(*member, "@maximum");
}

void add_number(std::set<int>& numbers, std::string_view text) {
  const auto number = to_integer(trim(text));
  if (number && *number >= 0 && *number <= std::numeric_limits<int>::max()) numbers.insert(static_cast<int>(*number));
}

/// The numbers of "@opt" (or "@opt" spelled "opt"): "0,1,2", an array of numbers or of texts.
std::set<int> options_of(const Node& condition, std::string_view name) {
  std::set<int> numbers;
  const Node* member = condition.find(name);
  if (!member) return numbers;
  for (const std::string_view key : {"@opt", "opt"}) {
    each_child(*member, key, [&](const Node& entry) {
      auto text = entry.as_text().value_or("");
      while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        add_number(numbers, text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
      }
    });
  }
  return numbers;
}

}  // namespace

std::optional<EventCapabilities> find_event_capabilities(const Node& root) {
  const Node* condition = unwrap(root, "AcsEvent").find("AcsEventCond");
  if (!condition || condition->kind != Node::Kind::object) return std::nullopt;

  EventCapabilities found;
  found.max_results = max_of(*condition, "maxResults");
  found.max_position = max_of(*condition, "searchResultPosition");
  found.max_search_id = max_of(*condition, "searchID");
  found.max_card_no = max_of(*condition, "cardNo");
  found.max_name = max_of(*condition, "name");
  found.max_employee_no = max_of(*condition, "employeeNoString");
  found.max_serial = max_of(*condition, "beginSerialNo");
  // Being listed is what counts: the value is "true", true, "true,false" or an object.
  found.pic_enable = condition->find("picEnable") != nullptr;
  found.time_reverse_order = condition->find("timeReverseOrder") != nullptr;
  found.begin_serial_no = condition->find("beginSerialNo") != nullptr;
  found.attendance_info = condition->find("isAttendanceInfo") != nullptr;
  found.majors = options_of(*condition, "major");
  constexpr std::pair<int, std::string_view> kMinors[] = {
      {1, "minorAlarm"}, {2, "minorException"}, {3, "minorOperation"}, {5, "minorEvent"}};
  for (const auto& [major, name] : kMinors)
    if (auto minors = options_of(*condition, name); !minors.empty()) found.minors.emplace(major, std::move(minors));
  return found;
}

EventCapabilities decode_event_capabilities(std::string_view body) {
  const auto document = Document::parse(body, "AcsEvent capabilities", {.bytes = 1U << 20});
  if (auto found = find_event_capabilities(document.root())) return std::move(*found);
  throw Error(Errc::terminal, "the AcsEvent capabilities hold no AcsEventCond");
}

}  // namespace visitor::hikvision
