#include "support/visitor_sim_acs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "support/visitor_sim_condition.hpp"
#include "support/visitor_sim_json.hpp"

namespace visitor::sim {
namespace {

namespace json = boost::json;

constexpr auto kJson = "application/json";
constexpr auto kBoundary = "MIME_boundary";

bool is_person_row(const Event& event) {
  return event.major == 5 && !event.employee_no.empty();
}

// Source: HIKVISION.md section 2, Pictures.
constexpr std::string_view kJpegBegin{"\xFF\xD8\xFF\xE0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00", 20};
constexpr std::string_view kJpegEnd{"\xFF\xD9", 2};

std::string picture_path(const Core& core, const Event& event) {
  const auto time = print_time(core, event.time);
  return fmt::format("{}{}{}_00/{}_{}{}{}_300{}_0.jpeg", kPictureFolder, time.substr(0, 4), time.substr(5, 2),
                     time.substr(8, 2), time.substr(11, 2), time.substr(14, 2), time.substr(17, 2), event.minor);
}

/// With an address that the device no longer has. The counter behind @WEB runs within a page.
std::string picture_url(const Core& core, const Event& event, std::size_t number) {
  return fmt::format("https://192.0.2.64{}@WEB{:012}", picture_path(core, event), number + 11);
}

/// Only what applies, in the order of k1t342mwx_acsevent_page_more.json.
json::object sparse_row(const Core& core, const Event& event, std::size_t number) {
  json::object row{{"major", event.major}, {"minor", event.minor}, {"time", print_time(core, event.time)}};
  if (core.options.profile.time_form == TimeForm::utc_and_diff) row["timeDiff"] = print_offset(core.options.utc_offset);
  if (event.major == 3 && !event.remote_host.empty()) {
    row["netUser"] = core.options.user;
    row["remoteHostAddr"] = event.remote_host;
  }
  if (!event.card_no.empty()) row["cardNo"] = event.card_no;
  if (is_person_row(event)) row["cardType"] = 1;
  if (!event.name.empty()) row["name"] = event.name;
  if (event.reader != 0) row["cardReaderNo"] = event.reader;
  if (event.door != 0) row["doorNo"] = event.door;
  if (!event.employee_no.empty()) row["employeeNoString"] = event.employee_no;
  row["serialNo"] = event.serial;
  if (is_person_row(event)) row["userType"] = "normal";
  row["currentVerifyMode"] = event.reader != 0 ? "cardOrFace" : "invalid";
  row["mask"] = is_person_row(event) ? "no" : "unknown";
  if (event.picture) {
    row["pictureURL"] = picture_url(core, event, number);
    row["FaceRect"] = json::object{{"height", 0.493}, {"width", 0.279}, {"x", 0.306}, {"y", 0.14}};
  }
  return row;
}

/// Every member, with 0 or "" where it does not apply. Source: k1a340fwx_acs-events_02.
json::object zero_filled_row(const Core& core, const Event& event) {
  return {{"major", event.major},
          {"minor", event.minor},
          {"time", print_time(core, event.time)},
          {"netUser", event.remote_host.empty() ? "" : core.options.user},
          {"remoteHostAddr", event.remote_host.empty() ? "0.0.0.0" : event.remote_host},
          {"cardNo", event.card_no},
          {"cardType", is_person_row(event) ? 1 : 0},
          {"name", event.name},
          {"reportChannel", 0},
          {"cardReaderKind", 0},
          {"cardReaderNo", event.reader},
          {"doorNo", event.door},
          {"verifyNo", 0},
          {"alarmInNo", 0},
          {"alarmOutNo", 0},
          {"caseSensorNo", 0},
          {"RS485No", 0},
          {"multiCardGroupNo", 0},
          {"deviceNo", 0},
          {"employeeNoString", event.employee_no},
          {"InternetAccess", 0},
          {"type", 0},
          {"MACAddr", ""},
          {"swipeCardType", 0},
          {"serialNo", event.serial},
          {"userType", "normal"},
          {"currentVerifyMode", "faceOrFpOrCardOrPw"},
          {"attendanceStatus", "undefined"},
          {"statusValue", 0}};
}

json::object attendance_row(const Core& core, const Event& event) {
  return {{"type", 0},
          {"employeeNoString", event.employee_no},
          {"name", event.name},
          {"time", print_time(core, event.time)},
          {"serialNo", event.serial}};
}

json::object print_row(const Core& core, const Condition& condition, const Event& event, std::size_t number) {
  if (condition.attendance_only) return attendance_row(core, event);
  return core.options.profile.zero_filled ? zero_filled_row(core, event) : sparse_row(core, event, number);
}

/// The rows of the whole search: from its first page where the device keeps them, else found anew.
const std::vector<Event>& find_rows(Core& core, const Condition& condition) {
  const auto& profile = core.options.profile;
  if (profile.caches_search && condition.position > 0 && core.search && core.search->search_id == condition.search_id) {
    return core.search->rows;
  }
  std::vector<Event> rows;
  for (const auto& event : core.log.events()) {
    if (condition.matches(event)) rows.push_back(event);
  }
  if (profile.newest_first != condition.reverse) std::reverse(rows.begin(), rows.end());
  core.search = CachedSearch{condition.search_id, condition.key(), std::move(rows)};
  return core.search->rows;
}

void write_login_row(Core& core, const HttpRequest& request, int minor) {
  Event event;
  event.major = 3;
  event.minor = minor;
  event.remote_host = request.remote_host;
  core.add({event});
}

std::string multipart(const std::string& page, std::size_t pictures) {
  auto body = fmt::format("--{}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}\r\n", kBoundary,
                          page.size(), page);
  const auto jpeg = fmt::format("{}{}", kJpegBegin, kJpegEnd);
  for (std::size_t i = 0; i < pictures; ++i) {
    body += fmt::format(
        "--{}\r\nContent-Disposition: form-data; name=\"Picture\"; filename=\"Picture.jpg\"\r\n"
        "Content-Type: image/jpeg\r\nContent-Length: {}\r\nContent-ID: pictureImage\r\n\r\n{}\r\n",
        kBoundary, jpeg.size(), jpeg);
  }
  return body + fmt::format("--{}--\r\n", kBoundary);
}

struct Page {
  std::string status;
  std::size_t matches = 0;
  std::size_t total = 0;
  std::vector<Event> rows;
};

Answer print_page(Core& core, const HttpRequest& request, const Condition& condition, Page page) {
  auto& faults = core.faults;
  const auto& target = request.target;
  if (faults.take(FaultKind::empty_ok, target)) {
    return {200, kJson, print_cjson(json::object{{"AcsEvent", {{"responseStatusStrg", "OK"}, {"numOfMatches", 0}}}})};
  }
  if (faults.take(FaultKind::duplicate_rows, target)) {
    std::vector<Event> twice;
    for (const auto& event : page.rows) twice.insert(twice.end(), 2, event);
    page.rows = std::move(twice);
    page.matches = page.rows.size();
  }
  if (faults.take(FaultKind::out_of_order_rows, target)) std::reverse(page.rows.begin(), page.rows.end());
  if (faults.take(FaultKind::wrong_count, target)) {
    ++page.matches;
    ++page.total;
  }
  if (faults.take(FaultKind::bad_utf8, target)) {
    for (auto& event : page.rows) event.name = "\xD5\xC5\xC8\xFD";  // a name in GBK
  }
  if (faults.take(FaultKind::lying_more, target)) page.status = "MORE";

  json::array list;
  for (std::size_t i = 0; i < page.rows.size(); ++i) list.push_back(print_row(core, condition, page.rows[i], i));
  json::object body{{"searchID", condition.search_id}};
  if (core.options.profile.total_before_status) body["totalMatches"] = page.total;
  body["responseStatusStrg"] = page.status;
  body["numOfMatches"] = page.matches;
  body["totalMatches"] = page.total;
  if (list.size() == 1 && faults.take(FaultKind::single_object, target)) {
    body["InfoList"] = list.front();
  } else if (!list.empty() || core.options.profile.prints_empty_list) {
    body["InfoList"] = list;
  }
  const auto text = print_cjson(json::object{{"AcsEvent", body}});
  const auto pictures =
      std::count_if(page.rows.begin(), page.rows.end(), [](const Event& event) { return event.picture; });
  if (!condition.pictures || pictures == 0) return {200, kJson, text};
  return {200, fmt::format("multipart/form-data; boundary={}", kBoundary),
          multipart(text, static_cast<std::size_t>(pictures))};
}

}  // namespace

Answer event_picture(const Core& core, const HttpRequest& request) {
  const auto path = request.target.substr(0, request.target.find("@WEB"));
  const auto& events = core.log.events();
  const bool there =
      core.options.picture_bytes > 0 && std::any_of(events.begin(), events.end(), [&](const Event& event) {
        return event.picture && picture_path(core, event) == path;
      });
  if (!there) return {404, "text/html", "<html><body>404 Not Found</body></html>"};
  const auto frame = kJpegBegin.size() + kJpegEnd.size();
  const auto filling = core.options.picture_bytes - std::min(core.options.picture_bytes, frame);
  return {200, "image/jpeg", fmt::format("{}{}{}", kJpegBegin, std::string(filling, '.'), kJpegEnd)};
}

Answer acs_capabilities(const Core& core) {
  const auto& profile = core.options.profile;
  const auto range = [](std::int64_t least, std::int64_t most) {
    return json::object{{"@min", least}, {"@max", most}};
  };
  const auto options = [](const char* list) { return json::object{{"@opt", list}}; };
  const auto least = profile.zero_filled ? 0 : 1;
  json::object condition{
      {"searchID", range(1, 64)},
      {"searchResultPosition", range(0, profile.max_position)},
      {"maxResults", range(1, profile.max_results)},
      {"major", options("0,1,2,3,5")},
      {"minorAlarm", options("1028,1029,1030,1031,1032,1033,1034,1035,1036")},
      {"minorException", options("39,1024,1031,1033,1034,1064,1065")},
      {"minorOperation", options("80,112,113,121,122,123,126,1024,1025,1026,1027,1028,1029,1030,1031")},
      {"minorEvent", options("1,6,7,8,9,10,21,22,23,24,25,26,27,28,38,39,49,75,76,80,104,151,152,153,154,155")}};
  if (profile.accepts_window) {
    condition["startTime"] = range(1, 32);
    condition["endTime"] = range(1, 32);
  }
  condition["cardNo"] = range(least, 32);
  condition["name"] = range(least, 128);
  if (profile.lists_pic_enable) condition["picEnable"] = "true,false";
  condition["beginSerialNo"] = range(1, 3'000'000'000);
  condition["endSerialNo"] = range(1, 3'000'000'000);
  condition["employeeNoString"] = range(least, 32);
  if (profile.lists_time_reverse_order) {
    // As text on one model and as a boolean on another.
    condition["timeReverseOrder"] = profile.zero_filled ? json::value(true) : json::value("true");
  }
  if (profile.lists_attendance_info) condition["isAttendanceInfo"] = "true,false";
  json::object list{{"maxSize", profile.max_results},
                    {"attendanceStatus", options("undefined,checkIn,checkOut,breakOut,breakIn,overtimeIn,overtimeOut")},
                    {"statusValue", range(0, 255)}};
  if (!profile.zero_filled) {
    list["mask"] = json::object{{"@opt", json::array{"unknown", "yes", "no"}}};
    list["serialNo"] = range(1, 3'000'000'000);
    list["doorNo"] = range(1, 1);
  }
  return {200, kJson, print_cjson(json::object{{"AcsEvent", {{"AcsEventCond", condition}, {"InfoList", list}}}})};
}

Answer acs_search(Core& core, const HttpRequest& request) {
  ++core.counters.searches;
  const auto parsed = parse_condition(core, request, ConditionRoot::search);
  if (const auto* refusal = std::get_if<Answer>(&parsed)) return *refusal;
  const auto& condition = std::get<Condition>(parsed);
  const auto& profile = core.options.profile;
  if (profile.caches_search && condition.position > 0 && core.search && core.search->search_id == condition.search_id &&
      core.search->conditions != condition.key()) {
    return refuse(core, request, Refusal::bad_parameters, "searchID");
  }

  const bool new_session = profile.login_noise && condition.search_id != core.last_search_id;
  core.last_search_id = condition.search_id;
  if (new_session) write_login_row(core, request, 112);
  const auto& found = find_rows(core, condition);
  if (new_session) write_login_row(core, request, 113);

  Page page;
  page.total = found.size();
  const auto position = static_cast<std::size_t>(condition.position);
  if (position < found.size()) {
    const auto count = std::min(static_cast<std::size_t>(condition.max_results), found.size() - position);
    const auto first = found.begin() + static_cast<std::ptrdiff_t>(position);
    page.rows.assign(first, first + static_cast<std::ptrdiff_t>(count));
    page.status = position + count < found.size() ? "MORE" : "OK";
  } else if (position > 0 && profile.past_end == PastEnd::bad_parameters) {
    return refuse(core, request, Refusal::bad_parameters, "searchResultPosition");
  } else {
    page.status = position > 0 && profile.past_end == PastEnd::empty_ok ? "OK" : "NO MATCH";
  }
  page.matches = page.rows.size();
  return print_page(core, request, condition, std::move(page));
}

Answer acs_total(Core& core, const HttpRequest& request) {
  const auto parsed = parse_condition(core, request, ConditionRoot::total);
  if (const auto* refusal = std::get_if<Answer>(&parsed)) return *refusal;
  const auto& condition = std::get<Condition>(parsed);
  const auto& events = core.log.events();
  const auto total =
      std::count_if(events.begin(), events.end(), [&](const Event& event) { return condition.matches(event); });
  return {200, kJson, print_cjson(json::object{{"AcsEventTotalNum", {{"totalNum", total}}}})};
}

}  // namespace visitor::sim
