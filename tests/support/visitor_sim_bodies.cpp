#include "support/visitor_sim_bodies.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <boost/json.hpp>

#include "core/markup.hpp"
#include "core/text.hpp"
#include "support/visitor_sim_json.hpp"

namespace visitor::sim {
namespace {

namespace json = boost::json;
using std::chrono::minutes;

constexpr auto kJson = "application/json";
constexpr auto kXml = "application/xml";
constexpr auto kNamespace = R"(version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema")";
constexpr auto kDeclaration = R"(<?xml version="1.0" encoding="UTF-8"?>)";

struct RefusalRow {
  int http_status;
  int status_code;
  std::string_view status_string;
  std::string_view sub_status_code;
  std::uint32_t error_code;  // 0: not published, left out
};

// In the order of the enum. Source: HIKVISION.md section 1.
constexpr RefusalRow kRefusals[] = {
    {400, 6, "Invalid Content", "badParameters", 0x60000001},
    {400, 6, "Invalid Content", "MessageParametersLack", 0x60000019},
    {400, 6, "Invalid Content", "beyondARGSRangeLimit", 0x60000025},
    {400, 5, "Invalid Format", "badJsonFormat", 0x50000002},
    {400, 6, "Invalid Content", "badJsonContent", 0},
    {400, 5, "Invalid Format", "badURLFormat", 0x50000003},
    {404, 4, "Invalid Operation", "notSupport", 0x40000001},
    {403, 4, "Invalid Operation", "methodNotAllowed", 0x40000004},
    {401, 4, "Invalid Operation", "invalidOperation", 0x40000006},
    {400, 5, "Invalid XML Format", "badXmlFormat", 0x50000001},
    {400, 6, "Invalid XML Content", "badXmlContent", 0},
    {503, 2, "Device Busy", "deviceBusy", 0x20000004},
    {500, 3, "Device Error", "deviceError", 0},
};

std::string_view reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 301:
      return "Moved Permanently";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 500:
      return "Internal Server Error";
    default:
      return "Service Unavailable";
  }
}

std::string response_status(const RefusalRow& row, std::string_view url, std::string_view message) {
  auto body = fmt::format(
      "{}\n<ResponseStatus {}>\n<requestURL>{}</requestURL>\n<statusCode>{}</statusCode>\n"
      "<statusString>{}</statusString>\n<subStatusCode>{}</subStatusCode>\n",
      kDeclaration, kNamespace, escape_markup(url), row.status_code, row.status_string, row.sub_status_code);
  if (row.error_code != 0) body += fmt::format("<errorCode>{}</errorCode>\n", row.error_code);
  body += fmt::format("<errorMsg>{}</errorMsg>\n</ResponseStatus>\n", escape_markup(message));
  return body;
}

/// "V3.16.1" as it stands in a serial number: "V031601".
std::string firmware_digits(std::string_view firmware) {
  std::string digits = "V";
  int number = 0;
  int parts = 0;
  for (const char c : std::string{firmware.substr(1)} + "...") {
    if (c >= '0' && c <= '9') {
      number = number * 10 + (c - '0');
    } else if (parts < 3) {
      digits += fmt::format("{:02}", number % 100);
      number = 0;
      ++parts;
    }
  }
  return digits;
}

}  // namespace

Answer refuse(const Core& core, const HttpRequest& request, Refusal refusal, std::string_view message) {
  const auto& row = kRefusals[static_cast<std::size_t>(refusal)];
  const auto& profile = core.options.profile;
  const auto text = message.empty() ? row.sub_status_code : message;
  Answer answer;
  answer.refused = true;
  answer.status = refusal == Refusal::device_busy ? profile.busy_http_status : row.http_status;
  if (profile.errors_with_200) answer.status = 200;
  const auto format = request.query.find("format");
  if (format == request.query.end() || format->second != "json") {
    answer.content_type = kXml;
    answer.body = response_status(row, request.target, text);
    return answer;
  }
  json::object body;
  if (refusal == Refusal::not_support) body["requestURL"] = request.path;
  body["statusCode"] = row.status_code;
  body["statusString"] = row.status_string;
  body["subStatusCode"] = row.sub_status_code;
  if (row.error_code != 0) body["errorCode"] = row.error_code;
  body["errorMsg"] = text;
  answer.content_type = kJson;
  answer.body = print_cjson(body);
  return answer;
}

Answer refuse_login(const Core& core, const Admission& admission) {
  using Kind = Admission::Kind;
  Answer answer;
  answer.status = 401;
  for (const auto& value : admission.challenges) answer.headers.emplace_back("WWW-Authenticate", value);
  switch (admission.kind) {
    case Kind::malformed:
      answer.status = 400;
      [[fallthrough]];
    case Kind::stale:
      answer.content_type = kXml;
      answer.body =
          response_status(kRefusals[static_cast<std::size_t>(Refusal::invalid_operation)], "/", "invalidOperation");
      return answer;
    case Kind::granted:
    case Kind::challenged:
      answer.content_type = "text/html";
      answer.body =
          "<!DOCTYPE html>\r\n<html><head><title>Document Error: Unauthorized</title></head>\r\n"
          "<body><h2>Access Error: 401 -- Unauthorized</h2>\r\n<p>Authentication Error</p>\r\n</body>\r\n</html>\r\n";
      return answer;
    case Kind::failed:
    case Kind::locked:
      break;
  }
  const bool locked = admission.kind == Kind::locked;
  const auto rest = fmt::format(
      "  <isActivated>true</isActivated>\n  <lockStatus>{}</lockStatus>\n  <unlockTime>{}</unlockTime>\n"
      "  <retryLoginTime>{}</retryLoginTime>\n",
      locked ? "lock" : "unlock", admission.unlock_time.count(), admission.retries_left);
  answer.content_type = kXml;
  if (core.options.profile.login_body == LoginBody::user_check) {
    answer.body = fmt::format(
        "{}\n<userCheck {}>\n  <statusValue>401</statusValue>\n  <statusString>Unauthorized</statusString>\n{}"
        "</userCheck>\n",
        kDeclaration, kNamespace, rest);
  } else {
    answer.body = fmt::format(
        "{}\n<ResponseStatus {}>\n  <statusCode>4</statusCode>\n  <statusString>Invalid Operation</statusString>\n"
        "  <subStatusCode>{}</subStatusCode>\n{}</ResponseStatus>\n",
        kDeclaration, kNamespace, locked ? "userFloor" : "illegalLogin", rest);
  }
  return answer;
}

std::string mac_address(const TerminalOptions& options) {
  // Locally administered, from the digits of the unit number.
  std::string digits;
  for (const char c : options.unit_number) {
    if (c >= '0' && c <= '9') digits += c;
  }
  digits.insert(0, digits.size() < 10 ? 10 - digits.size() : 0, '0');
  digits = digits.substr(digits.size() - 10);
  std::string mac = "02";
  for (std::size_t at = 0; at < 10; at += 2) mac += ":" + digits.substr(at, 2);
  return mac;
}

Answer device_info(const Core& core, const HttpRequest& request) {
  const auto& options = core.options;
  const auto& profile = options.profile;
  const std::vector<std::pair<const char*, std::string>> members{
      {"deviceName", options.device_name},
      {"deviceID", "255"},
      {"deviceDescription", "ACS"},
      {"model", profile.model},
      {"serialNumber",
       fmt::format("{}20240102{}EN{}", profile.model, firmware_digits(profile.firmware), options.unit_number)},
      {"macAddress", mac_address(options)},
      {"firmwareVersion", profile.firmware},
      {"firmwareReleasedDate", "build 240102"},
      {"deviceType", "ACS"},
      {"subDeviceType", "accessControlTerminal"},
      {"electroLockNum", "1"},
      {"RS485Num", "1"},
      {"manufacturer", "hikvision"},
      {"OEMCode", "1"},
      {"marketType", "1"}};
  if (request.query.count("format") != 0) {
    if (!profile.json_device_info) return refuse(core, request, Refusal::not_support);
    json::object info;
    for (const auto& [name, value] : members) info[name] = value;
    return {200, kJson, print_cjson(json::object{{"DeviceInfo", info}})};
  }
  auto body = fmt::format("{}\n<DeviceInfo {}>\n", kDeclaration, kNamespace);
  for (const auto& [name, value] : members) body += fmt::format("<{0}>{1}</{0}>\n", name, escape_markup(value));
  return {200, kXml, body + "</DeviceInfo>\n"};
}

Answer device_time(const Core& core) {
  const auto offset = core.options.utc_offset;
  auto body = fmt::format("{}\n<Time {}>\n<timeMode>{}</timeMode>\n<localTime>{}</localTime>\n", kDeclaration,
                          kNamespace, core.time_mode, print_time(core, core.device_now()));
  // POSIX: the sign is inverted, and the letters are always CST.
  const auto length = std::chrono::abs(offset).count();
  body +=
      fmt::format("<timeZone>CST{}{}:{:02}:00</timeZone>\n", offset.count() < 0 ? '+' : '-', length / 60, length % 60);
  if (core.options.profile.time_form == TimeForm::utc_and_diff) {
    body += fmt::format("<timeDiff>{}</timeDiff>\n", print_offset(offset));
  }
  return {200, kXml, body + "</Time>\n"};
}

Answer done(const HttpRequest& request) {
  return {200, kXml, response_status({200, 1, "OK", "ok", 0}, request.path, "ok")};
}

Answer user_check() {
  return {200, kXml,
          fmt::format("{}\n<userCheck {}>\n<statusValue>200</statusValue>\n<statusString>OK</statusString>\n"
                      "<isDefaultPassword>false</isDefaultPassword>\n<isRiskPassword>false</isRiskPassword>\n"
                      "<isActivated>true</isActivated>\n</userCheck>\n",
                      kDeclaration, kNamespace)};
}

std::string print_offset(minutes offset) {
  const auto length = std::chrono::abs(offset).count();
  return fmt::format("{}{:02}:{:02}", offset.count() < 0 ? '-' : '+', length / 60, length % 60);
}

std::string print_time(const Core& core, Instant time) {
  const auto offset = core.options.utc_offset;
  const auto face = [](Instant instant) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(instant);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(seconds.time_since_epoch().count()));
  };
  const auto length = std::chrono::abs(offset).count();
  const char sign = offset.count() < 0 ? '-' : '+';
  switch (core.options.profile.time_form) {
    case TimeForm::offset_compact:
      return fmt::format("{}{}{:02}{:02}", face(time + offset), sign, length / 60, length % 60);
    case TimeForm::offset_short_hour:
      return fmt::format("{}{}{}:{:02}", face(time + offset), sign, length / 60, length % 60);
    case TimeForm::local:
      return face(time + offset);
    case TimeForm::utc_and_diff:
      return face(time) + "Z";
    case TimeForm::zero_but_local:
      return face(time + offset) + "+00:00";
    case TimeForm::offset:
      break;
  }
  return face(time + offset) + print_offset(offset);
}

std::string print_http(const Answer& answer, bool keep_alive) {
  auto out = fmt::format("HTTP/1.1 {} {}\r\nServer: webs\r\nX-Frame-Options: SAMEORIGIN\r\nCache-Control: no-store\r\n",
                         answer.status, reason(answer.status));
  for (const auto& [name, value] : answer.headers) out += fmt::format("{}: {}\r\n", name, value);
  if (!answer.content_type.empty()) out += fmt::format("Content-Type: {}\r\n", answer.content_type);
  out += fmt::format("Content-Length: {}\r\n", answer.body.size());
  out += keep_alive ? "Connection: keep-alive\r\nKeep-Alive: timeout=10, max=99\r\n\r\n" : "Connection: close\r\n\r\n";
  return out + answer.body;
}

}  // namespace visitor::sim
