#include "support/visitor_sim_condition.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <cstdio>

namespace visitor::sim {
namespace {

namespace json = boost::json;

constexpr std::int64_t kMaxSerial = 3'000'000'000;
constexpr std::size_t kMaxTimeText = 32;

/// A refusal on its way up to parse_condition.
struct Refused {
  Refusal refusal;
  std::string message;
};

[[noreturn]] void bad(std::string_view member) {
  throw Refused{Refusal::bad_parameters, std::string{member}};
}

std::int64_t to_number(const json::value& value, std::string_view member, std::int64_t least, std::int64_t most) {
  if (!value.is_int64() && !value.is_uint64()) bad(member);
  json::error_code error;
  const auto number = value.to_number<std::int64_t>(error);
  if (error || number < least || number > most) bad(member);
  return number;
}

std::string to_text(const json::value& value, std::string_view member, std::size_t least, std::size_t most) {
  const auto* text = value.if_string();
  if (text == nullptr || text->size() < least || text->size() > most) bad(member);
  return {text->data(), text->size()};
}

bool to_bool(const json::value& value, std::string_view member) {
  if (!value.is_bool()) bad(member);
  return value.as_bool();
}

/// YYYY-MM-DDThh:mm:ss, then nothing (the device's local time), Z, or +hh:mm.
Instant to_time(const json::value& value, std::string_view member, std::chrono::minutes local, TimeForm form) {
  const auto text = to_text(value, member, 1, kMaxTimeText);
  const auto digits = [&](std::size_t at, std::size_t count) {
    int number = 0;
    for (std::size_t i = at; i < at + count; ++i) {
      if (text[i] < '0' || text[i] > '9') bad(member);
      number = number * 10 + (text[i] - '0');
    }
    return number;
  };
  if (text.size() < 19 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') {
    bad(member);
  }
  const std::chrono::year_month_day day{std::chrono::year{digits(0, 4)},
                                        std::chrono::month{static_cast<unsigned>(digits(5, 2))},
                                        std::chrono::day{static_cast<unsigned>(digits(8, 2))}};
  const auto hour = digits(11, 2);
  const auto minute = digits(14, 2);
  const auto second = digits(17, 2);
  if (!day.ok() || hour > 23 || minute > 59 || second > 59) bad(member);
  auto offset = local;
  if (text.size() == 20 && text[19] == 'Z') {
    offset = std::chrono::minutes{0};
  } else if (text.size() == 25 && (text[19] == '+' || text[19] == '-') && text[22] == ':') {
    offset = std::chrono::minutes{digits(20, 2) * 60 + digits(23, 2)} * (text[19] == '-' ? -1 : 1);
  } else if (text.size() != 19) {
    bad(member);
  }
  // A device that prints +00:00 beside its local time knows no offsets.
  if (form == TimeForm::zero_but_local) offset = local;
  return std::chrono::sys_days{day} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second} - offset;
}

bool looks_like_uuid(std::string_view text) {
  return text.size() == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-';
}

void read_search_member(const Profile& profile, std::string_view name, const json::value& value, Condition& into) {
  if (name == "searchID") {
    into.search_id = to_text(value, name, 1, 64);
    if (!profile.uuid_search_id && looks_like_uuid(into.search_id)) bad(name);
  } else if (name == "searchResultPosition") {
    into.position = to_number(value, name, 0, INT64_MAX);
    if (into.position > profile.max_position) throw Refused{Refusal::beyond_range, std::string{name}};
  } else if (name == "maxResults") {
    into.max_results = to_number(value, name, 1, INT64_MAX);
    if (into.max_results > profile.max_results) {
      if (profile.over_limit == OverLimit::refuse) bad(name);
      into.max_results = profile.max_results;
    }
  } else if (name == "timeReverseOrder" && profile.lists_time_reverse_order) {
    into.reverse = to_bool(value, name) && profile.honours_time_reverse_order;
  } else if (name == "isAttendanceInfo" && profile.lists_attendance_info) {
    into.attendance_only = to_bool(value, name);
  } else {
    bad(name);
  }
}

void read_member(const Core& core, ConditionRoot root, std::string_view name, const json::value& value,
                 Condition& into) {
  const auto& profile = core.options.profile;
  if (name == "major") {
    into.major = to_number(value, name, 0, 5);
    if (into.major == 4) bad(name);
  } else if (name == "minor") {
    into.minor = to_number(value, name, 0, 0xFFFF);
  } else if (name == "startTime" || name == "endTime") {
    if (!profile.accepts_window) throw Refused{Refusal::bad_json_content, std::string{name}};
    (name == "startTime" ? into.start : into.end) = to_time(value, name, core.options.utc_offset, profile.time_form);
  } else if (name == "cardNo") {
    into.card_no = to_text(value, name, profile.zero_filled ? 0 : 1, 32);
  } else if (name == "name") {
    into.name = to_text(value, name, profile.zero_filled ? 0 : 1, 128);
  } else if (name == "employeeNoString") {
    into.employee_no = to_text(value, name, profile.zero_filled ? 0 : 1, 32);
  } else if (name == "beginSerialNo") {
    into.begin_serial = to_number(value, name, 1, kMaxSerial);
  } else if (name == "endSerialNo") {
    into.end_serial = to_number(value, name, 1, kMaxSerial);
  } else if (name == "picEnable" && profile.lists_pic_enable) {
    into.pictures = to_bool(value, name);
  } else if (root == ConditionRoot::search) {
    read_search_member(profile, name, value, into);
  } else {
    bad(name);
  }
}

Condition read(const Core& core, const HttpRequest& request, ConditionRoot root) {
  const std::string_view root_name = root == ConditionRoot::search ? "AcsEventCond" : "AcsEventTotalNumCond";
  json::error_code error;
  json::parse_options limits;
  limits.max_depth = 8;
  const auto body = json::parse(request.body, error, {}, limits);
  if (error || !body.is_object()) throw Refused{Refusal::bad_json_format, "badJsonFormat"};
  const auto* condition = body.as_object().if_contains(root_name);
  if (condition == nullptr) throw Refused{Refusal::parameters_lack, std::string{root_name}};
  if (body.as_object().size() != 1) {
    for (const auto& member : body.as_object()) {
      if (member.key() != root_name) bad(std::string_view{member.key().data(), member.key().size()});
    }
  }
  if (!condition->is_object()) bad(root_name);
  const auto& members = condition->as_object();

  Condition read;
  read.pictures = core.options.profile.lists_pic_enable;
  for (const auto& member : members) {
    read_member(core, root, {member.key().data(), member.key().size()}, member.value(), read);
  }
  constexpr std::array<std::string_view, 5> kRequired{"searchID", "searchResultPosition", "maxResults", "major",
                                                      "minor"};
  for (const auto name : kRequired) {
    const bool asked = root == ConditionRoot::search || name == "major" || name == "minor";
    if (asked && !members.contains(name)) throw Refused{Refusal::parameters_lack, std::string{name}};
  }
  if (read.start && read.end && *read.end < *read.start) bad("endTime");
  if (read.begin_serial && read.end_serial && *read.end_serial < *read.begin_serial) bad("endSerialNo");
  return read;
}

}  // namespace

bool Condition::matches(const Event& event) const {
  const auto serial = static_cast<std::int64_t>(event.serial);
  return (major == 0 || event.major == major) && (minor == 0 || event.minor == minor) &&
         (!start || event.time >= *start) && (!end || event.time <= *end) && (!card_no || event.card_no == *card_no) &&
         (!name || event.name == *name) && (!employee_no || event.employee_no == *employee_no) &&
         (!begin_serial || serial >= *begin_serial) && (!end_serial || serial <= *end_serial);
}

std::string Condition::key() const {
  const auto number = [](const auto& value) { return value ? std::to_string(*value) : std::string{"-"}; };
  const auto time = [](const auto& value) { return value ? to_iso(*value) : std::string{"-"}; };
  return fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", major, minor, time(start), time(end), card_no.value_or("-"),
                     name.value_or("-"), employee_no.value_or("-"), number(begin_serial), number(end_serial), reverse);
}

std::variant<Condition, Answer> parse_condition(const Core& core, const HttpRequest& request, ConditionRoot root) {
  try {
    return read(core, request, root);
  } catch (const Refused& refused) {
    return refuse(core, request, refused.refusal, refused.message);
  }
}

}  // namespace visitor::sim
