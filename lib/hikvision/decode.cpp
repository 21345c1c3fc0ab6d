#include "hikvision/decode.hpp"

#include <fmt/format.h>

#include <optional>

#include "core/error.hpp"
#include "core/text.hpp"
#include "hikvision/capabilities.hpp"
#include "hikvision/device_info.hpp"
#include "hikvision/document.hpp"
#include "hikvision/json_writer.hpp"
#include "hikvision/multipart.hpp"
#include "hikvision/notification.hpp"
#include "hikvision/page.hpp"
#include "hikvision/response_status.hpp"
#include "hikvision/system_time.hpp"

namespace visitor::hikvision {
namespace {

constexpr std::size_t kMaxCaptureBytes = 64U << 20;

JsonWriter open_thing(std::string_view kind) {
  JsonWriter out;
  out.open();
  out.text("kind", kind);
  return out;
}

Decoded close_thing(std::string_view kind, std::string summary, JsonWriter& out) {
  out.close();
  return {std::string{kind}, std::move(summary), out.take()};
}

Decoded describe_unreadable(const std::string& reason) {
  auto out = open_thing("unreadable");
  out.text("reason", reason);
  return close_thing("unreadable", reason, out);
}

std::string summarize(const AcsEvent& event) {
  auto text = fmt::format("{} {}/{} {}", event.time.text.empty() ? "(no time)" : event.time.text, event.major,
                          event.minor, event.code().text);
  if (event.serial) text += fmt::format(", serial {}", *event.serial);
  if (event.employee_no) text += fmt::format(", person {}", *event.employee_no);
  if (event.card_no) text += fmt::format(", card {}", *event.card_no);
  if (event.door_no) text += fmt::format(", door {}", *event.door_no);
  if (event.reader_no) text += fmt::format(", reader {}", *event.reader_no);
  return text;
}

Decoded describe(const AcsEvent& event) {
  auto out = open_thing("event");
  out.json("event", to_json(event));
  return close_thing("event", summarize(event), out);
}

Decoded describe(const Page& page) {
  auto out = open_thing("page");
  out.text("search_id", page.search_id);
  out.text("status", to_string(page.status));
  out.text("status_text", page.status_text);
  out.number("num_of_matches", page.num_of_matches);
  out.number("total_matches", page.total_matches);
  out.number("unreadable", page.unreadable);
  out.number("over_limit", page.over_limit);
  out.open_list("events");
  for (const auto& event : page.events) out.json({}, to_json(event));
  out.close_list();
  auto summary = fmt::format("search page, {}: {} events", to_string(page.status), page.events.size());
  if (page.total_matches) summary += fmt::format(" of {}", *page.total_matches);
  for (const auto& event : page.events) summary += "\n  " + summarize(event);
  return close_thing("page", std::move(summary), out);
}

Decoded describe(const Notification& alert) {
  auto out = open_thing("notification");
  out.text("notification", to_string(alert.kind));
  out.text("event_type", alert.event_type);
  out.text("event_state", alert.event_state);
  out.text("description", alert.description);
  write(out, "time", alert.time);
  out.text("ip_address", alert.ip_address);
  out.text("ipv6_address", alert.ipv6_address);
  out.number("port", alert.port);
  out.text("protocol", alert.protocol);
  out.text("mac_address", alert.mac_address);
  out.number("channel", alert.channel);
  out.number("active_post_count", alert.active_post_count);
  out.text("device_id", alert.device_id);
  out.text("short_serial_number", alert.short_serial_number);
  if (alert.event) out.json("event", to_json(*alert.event));
  auto summary = alert.event ? "notification: " + summarize(*alert.event)
                             : fmt::format("{}: {} {}", to_string(alert.kind), alert.event_type.value_or("(no type)"),
                                           alert.event_state.value_or(""));
  return close_thing("notification", std::move(summary), out);
}

Decoded describe(const ResponseStatus& status) {
  auto out = open_thing("status");
  out.text("verdict", to_string(classify(status)));
  out.boolean("user_check", status.user_check);
  out.number("status_code", status.status_code);
  out.text("status_string", status.status_string);
  out.text("sub_status_code", status.sub_status_code);
  out.number("error_code", status.error_code);
  out.text("error_msg", status.error_msg);
  out.text("request_url", status.request_url);
  out.text("description", status.description);
  out.text("id", status.id);
  out.text("manufacturer_error", status.manufacturer_error);
  out.text("device_error_text", status.device_error_text);
  out.number("retry_login_time", status.retry_login_time);
  out.text("lock_status", status.lock_status);
  if (status.unlock_time) out.number("unlock_seconds", status.unlock_time->count());
  if (status.is_activated) out.boolean("is_activated", *status.is_activated);
  if (status.is_default_password) out.boolean("is_default_password", *status.is_default_password);
  if (status.is_risk_password) out.boolean("is_risk_password", *status.is_risk_password);
  if (status.is_illegal_login) out.boolean("is_illegal_login", *status.is_illegal_login);
  return close_thing("status", fmt::format("{}: {}", to_string(classify(status)), status.summary()), out);
}

Decoded describe(const EventTotal& total) {
  auto out = open_thing("event_total");
  out.number("total", total.total);
  out.number("existing", total.existing);
  return close_thing("event_total", fmt::format("{} events in the log", total.total), out);
}

Decoded describe(const EventCapabilities& found) {
  auto out = open_thing("event_capabilities");
  out.number("max_results", found.max_results);
  out.number("max_position", found.max_position);
  out.number("max_search_id", found.max_search_id);
  out.number("max_card_no", found.max_card_no);
  out.number("max_name", found.max_name);
  out.number("max_employee_no", found.max_employee_no);
  out.number("max_serial", found.max_serial);
  out.boolean("pic_enable", found.pic_enable);
  out.boolean("time_reverse_order", found.time_reverse_order);
  out.boolean("begin_serial_no", found.begin_serial_no);
  out.boolean("attendance_info", found.attendance_info);
  out.open_list("majors");
  for (const int major : found.majors) out.number({}, major);
  out.close_list();
  out.open("minors");
  for (const auto& [major, minors] : found.minors) {
    out.open_list(std::to_string(major));
    for (const int minor : minors) out.number({}, minor);
    out.close_list();
  }
  out.close();
  return close_thing("event_capabilities",
                     found.max_results ? fmt::format("event search: up to {} results a page", *found.max_results)
                                       : "event search: no page size given",
                     out);
}

Decoded describe(const DeviceInfo& info) {
  auto out = open_thing("device_info");
  out.text("device_name", info.device_name);
  out.text("device_id", info.device_id);
  out.text("model", info.model);
  out.text("serial_number", info.serial_number);
  out.text("unit_number", info.unit_number());
  out.text("mac_address", info.mac_address);
  out.text("stable_mac", info.stable_mac());
  out.text("firmware_version", info.firmware_version);
  out.text("firmware_released", info.firmware_released);
  out.text("device_type", info.device_type);
  out.text("sub_device_type", info.sub_device_type);
  out.text("sub_serial_number", info.sub_serial_number);
  out.open("others");
  for (const auto& [name, text] : info.others) out.text(name, text);
  out.close();
  return close_thing("device_info",
                     fmt::format("{} {}, serial number {}", info.model.value_or("unnamed model"),
                                 info.firmware_version.value_or(""), info.serial_number.value_or("not given")),
                     out);
}

Decoded describe(const SystemTime& time) {
  auto out = open_thing("system_time");
  write(out, "local_time", time.local_time);
  out.text("mode", time.mode);
  out.text("time_zone", time.time_zone);
  if (time.zone) out.number("standard_offset_seconds", time.zone->standard.count());
  if (const auto offset = time.offset()) out.number("offset_seconds", offset->count());
  if (const auto instant = time.instant()) out.text("instant", to_iso(*instant));
  return close_thing("system_time",
                     fmt::format("clock {} ({}), zone {}", time.local_time.text, time.mode.value_or("mode not given"),
                                 time.time_zone.value_or("not given")),
                     out);
}

bool is_event_item(const Node& node) {
  return node.kind == Node::Kind::object &&
         (node.find("majorEventType") || node.find("major") || (node.find("time") && node.find("serialNo")));
}

/// Adds the whole answer, for what has no member of its own.
Decoded with_raw(Decoded thing, const Node& root) {
  thing.json.pop_back();
  thing.json += ",\"raw\":";
  append_json(thing.json, root);
  thing.json += '}';
  return thing;
}

Decoded describe_other(const Node& root) {
  constexpr int kShown = 8;
  std::string names;
  int count = 0;
  for (const Node* child = root.first_child; child && count < kShown; child = child->next, ++count)
    names += (names.empty() ? "" : ", ") + std::string{child->name.substr(0, 64)};
  auto out = open_thing("other");
  return with_raw(close_thing("other", "another answer, with: " + (names.empty() ? "no members" : names), out), root);
}

void decode_tree(const Node& root, std::vector<Decoded>& out) {
  if (root.kind == Node::Kind::list && root.first_child) {
    for (const Node* entry = root.first_child; entry; entry = entry->next) decode_tree(*entry, out);
  } else if (const auto alert = find_notification(root)) {
    out.push_back(describe(*alert));
  } else if (const auto capabilities = find_event_capabilities(root)) {
    out.push_back(with_raw(describe(*capabilities), root));
  } else if (const auto page = find_page(root)) {
    out.push_back(describe(*page));
  } else if (const auto total = find_event_total(root)) {
    out.push_back(with_raw(describe(*total), root));
  } else if (const auto status = find_response_status(root)) {
    out.push_back(with_raw(describe(*status), root));
  } else if (is_event_item(root)) {
    out.push_back(describe(*decode_event(root)));
  } else if (const auto info = find_device_info(root)) {
    out.push_back(with_raw(describe(*info), root));
  } else if (const auto time = find_system_time(root)) {
    out.push_back(with_raw(describe(*time), root));
  } else {
    out.push_back(describe_other(root));
  }
}

void decode_document(std::string_view body, std::vector<Decoded>& out) {
  try {
    decode_tree(Document::parse(body, "capture").root(), out);
  } catch (const Error& error) {
    out.push_back(describe_unreadable(error.message()));
  }
}

Decoded describe_picture(const Part& part) {
  auto out = open_thing("picture");
  out.text("content_type", part.content_type);
  out.text("name", part.name);
  out.text("file_name", part.file_name);
  out.text("content_id", part.content_id);
  out.number("bytes", part.body.size());
  return close_thing("picture", fmt::format("{} of {} bytes", part.content_type, part.body.size()), out);
}

void decode_parts(std::string_view body, const std::string& boundary, std::vector<Decoded>& out) {
  const auto take = [&](Part&& part) {
    if (part.is_text())
      decode_document(part.body, out);
    else if (part.content_type.substr(0, 6) == "image/")
      out.push_back(describe_picture(part));
    else
      out.push_back(
          describe_unreadable(fmt::format("a part of {} bytes is neither JSON, XML nor a picture", part.body.size())));
  };
  MultipartSplitter splitter{boundary, {.text_part = kMaxPageBytes, .other_part = kMaxCaptureBytes}};
  splitter.feed(body, take);
  splitter.finish(take);
  if (splitter.skipped() > 0)
    out.push_back(describe_unreadable(fmt::format("{} parts are too large", splitter.skipped())));
}

bool is_header_line(std::string_view line) {
  const auto starts = [&](std::string_view prefix) { return line.substr(0, prefix.size()) == prefix; };
  if (starts("HTTP/1.") || starts("GET /") || starts("POST /") || starts("PUT /")) return true;
  const auto colon = line.find(':');
  return colon != std::string_view::npos && colon > 0 &&
         line.substr(0, colon).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") ==
             std::string_view::npos;
}

/// Takes the HTTP headers off the front of \p capture. \returns the boundary that they name
std::optional<std::string> take_headers(std::string_view& capture) {
  std::optional<std::string> boundary;
  while (true) {
    const auto line = trim(capture.substr(0, capture.find('\n')));
    if (!is_header_line(line)) return boundary;
    while (!capture.empty()) {
      const auto end = std::min(capture.find('\n'), capture.size() - 1);
      const auto header = trim(capture.substr(0, end + 1));
      capture.remove_prefix(end + 1);
      if (header.empty()) break;
      const auto colon = header.find(':');
      if (colon != std::string_view::npos && equal_ignoring_case(header.substr(0, colon), "content-type"))
        boundary = boundary_of(header.substr(colon + 1));
    }
  }
}

}  // namespace

std::vector<Decoded> decode(std::string_view bytes) {
  if (bytes.size() > kMaxCaptureBytes)
    throw Error(Errc::usage,
                fmt::format("the capture has {} bytes, more than the {} that are read", bytes.size(), kMaxCaptureBytes),
                "Cut out the part that matters.");
  std::vector<Decoded> found;
  auto body = bytes;
  auto boundary = take_headers(body);
  const auto guessed = guess_boundary(body);
  if (!boundary || !guessed) boundary = guessed;
  if (boundary)
    decode_parts(body, *boundary, found);
  else if (trim(body).empty() && !trim(bytes).empty())
    found.push_back(describe_unreadable("there are only HTTP headers"));
  else
    decode_document(body, found);
  if (found.empty()) found.push_back(describe_unreadable("a multipart capture without a part"));
  return found;
}

std::string to_json(const std::vector<Decoded>& things) {
  JsonWriter out;
  out.open();
  out.open_list("decoded");
  for (const auto& thing : things) out.json({}, thing.json);
  out.close_list();
  out.close();
  return out.take();
}

}  // namespace visitor::hikvision
