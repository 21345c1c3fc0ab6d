#include <fmt/format.h>

#include <boost/json.hpp>

#include "support/visitor_sim_bodies.hpp"
#include "support/visitor_sim_json.hpp"
#include "support/visitor_sim_server.hpp"

namespace visitor::sim {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr auto kPollTime = 20ms;
constexpr std::size_t kPartsAtOnce = 100;

std::string part(const json::object& body) {
  const auto text = print_cjson(body);
  return fmt::format(
      "--MIME_boundary\r\nContent-Type: application/json; charset=\"UTF-8\"\r\nContent-Length: {}\r\n\r\n"
      "{}\r\n",
      text.size(), text);
}

json::object envelope(const Core& core, Instant time, std::string_view type, std::string_view state,
                      std::string_view description) {
  const bool tls = core.options.profile.tls == Tls::on;
  return {{"ipAddress", "192.0.0.64"},
          {"portNo", tls ? 443 : 80},
          {"protocol", tls ? "HTTPS" : "HTTP"},
          {"macAddress", mac_address(core.options)},
          {"channelID", 1},
          {"dateTime", print_time(core, time)},
          {"activePostCount", 1},
          {"eventType", type},
          {"eventState", state},
          {"eventDescription", description}};
}

std::string heartbeat(const Core& core) {
  return part(envelope(core, core.device_now(), "videoloss", "inactive", "videoloss alarm"));
}

std::string event_part(const Core& core, const Event& event, bool current) {
  auto body = envelope(core, event.time, "AccessControllerEvent", "active", "Access Controller Event");
  json::object inner{
      {"deviceName", core.options.device_name}, {"majorEventType", event.major}, {"subEventType", event.minor}};
  if (!event.remote_host.empty()) inner["remoteHostAddr"] = event.remote_host;
  if (!event.name.empty()) inner["name"] = event.name;
  if (!event.card_no.empty()) inner["cardNo"] = event.card_no;
  if (event.reader != 0) inner["cardReaderNo"] = event.reader;
  if (event.door != 0) inner["doorNo"] = event.door;
  if (!event.employee_no.empty()) inner["employeeNoString"] = event.employee_no;
  inner["serialNo"] = event.serial;
  inner["currentVerifyMode"] = event.reader != 0 ? "cardOrFace" : "invalid";
  inner["currentEvent"] = current;
  inner["frontSerialNo"] = event.serial - 1;
  inner["attendanceStatus"] = "undefined";
  inner["label"] = "";
  inner["statusValue"] = 0;
  inner["mask"] = "unknown";
  inner["picturesNumber"] = 0;
  inner["purePwdVerifyEnable"] = true;
  body["AccessControllerEvent"] = std::move(inner);
  return part(body);
}

void add_arming_row(Core& core, const HttpRequest& request, int minor) {
  Event event;
  event.major = 3;
  event.minor = minor;
  event.remote_host = request.remote_host;
  core.add({event});
}

}  // namespace

void serve_stream(Core& core, const HttpRequest& request, Wire& wire) {
  wire.close_after();
  std::uint64_t position = 0;
  std::uint64_t live_from = 0;
  {
    const std::lock_guard lock{core.mutex};
    core.settle();
    live_from = core.log.end_position();
    if (!core.options.profile.stream_replays) position = live_from;
    add_arming_row(core, request, 121);
  }
  auto last_sent = SteadyClock::now();
  bool open = wire.send(
      "HTTP/1.1 200 OK\r\nServer: webs\r\nContent-Type: multipart/mixed; boundary=MIME_boundary\r\n"
      "Connection: close\r\n\r\n");
  while (open) {
    std::string parts;
    {
      const std::lock_guard lock{core.mutex};
      core.settle();
      for (const auto& [at, event] : core.log.from_position(position, kPartsAtOnce)) {
        parts += event_part(core, event, at >= live_from);
        position = at + 1;
      }
      if (parts.empty() && SteadyClock::now() - last_sent >= core.options.profile.heartbeat) parts = heartbeat(core);
    }
    if (!parts.empty()) {
      open = wire.send(parts);
      last_sent = SteadyClock::now();
    } else {
      open = wire.wait(kPollTime);
    }
  }
  const std::lock_guard lock{core.mutex};
  core.stream_taken = false;
  if (!wire.closed_cleanly()) core.stream_free_at = core.now() + core.options.profile.slot_hold;
  add_arming_row(core, request, 122);
}

}  // namespace visitor::sim
