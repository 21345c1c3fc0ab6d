#pragma once

#include <boost/test/unit_test.hpp>
#include <string>

#include "hikvision/client.hpp"
#include "support/manual_clock.hpp"
#include "test_terminal.hpp"

namespace visitor::hikvision {

using namespace std::chrono_literals;
using test::TestTerminal;
using Reply = TestTerminal::Reply;
using Seen = TestTerminal::Seen;

constexpr std::string_view kPassword = "correct horse";

/// A client with short deadlines and a clock that stands at 2026-09-01 08:00 UTC.
struct ClientFixture {
  test::ManualClock clock{test::at("2026-09-01T08:00:00Z")};

  static ClientOptions options(const std::string& url) {
    return {.base_url = url,
            .username = "poller",
            .password = Secret{kPassword},
            .connect_timeout = 1s,
            .request_timeout = 1s,
            .busy_backoff = {.first = 2ms, .most = 5ms}};
  }
  Client client(const TestTerminal& terminal, const LoginState& login = {}) {
    auto given = options(terminal.url());
    given.login = login;
    return Client{std::move(given), clock};
  }
};

inline Reply user_check(std::string_view lock_status, int unlock_time, int retries) {
  return {.status = 401,
          .body =
              "<userCheck version=\"2.0\" xmlns=\"http://www.isapi.org/ver20/XMLSchema\"><statusValue>401"
              "</statusValue><statusString>Unauthorized</statusString><isActivated>true</isActivated><lockStatus>" +
              std::string{lock_status} + "</lockStatus><unlockTime>" + std::to_string(unlock_time) +
              "</unlockTime><retryLoginTime>" + std::to_string(retries) + "</retryLoginTime></userCheck>"};
}

inline Reply status_xml(int http, int code, std::string_view text, std::string_view sub) {
  return {.status = http,
          .body =
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ResponseStatus version=\"2.0\" "
              "xmlns=\"http://www.isapi.org/ver20/XMLSchema\"><statusCode>" +
              std::to_string(code) + "</statusCode><statusString>" + std::string{text} +
              "</statusString><subStatusCode>" + std::string{sub} + "</subStatusCode></ResponseStatus>"};
}

inline Reply status_json(int http, int code, std::string_view sub, std::string_view message) {
  return {.status = http,
          .body = "{\"statusCode\":" + std::to_string(code) + ",\"statusString\":\"x\",\"subStatusCode\":\"" +
                  std::string{sub} + "\",\"errorMsg\":\"" + std::string{message} + "\"}",
          .content_type = "application/json"};
}

inline Reply device_info() {
  return {.body =
              "<DeviceInfo><model>DS-K1T342MWX</model><serialNumber>DS-K1T342MWX20240102V031601ENJ00000001"
              "</serialNumber><macAddress>00:11:22:33:44:55</macAddress></DeviceInfo>"};
}

inline Reply one_event() {
  return {.body = R"({"AcsEvent":{"searchID":"1","responseStatusStrg":"OK","numOfMatches":1,"totalMatches":1,
            "InfoList":[{"major":5,"minor":75,"serialNo":7,"time":"2026-09-01T08:00:00+05:00"}]}})",
          .content_type = "application/json"};
}

}  // namespace visitor::hikvision
