#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hikvision/document.hpp"

namespace visitor::hikvision {

/// What an error body means for a client.
enum class Verdict : std::uint8_t {
  ok,                 ///< done; status codes 0 and 1 both mean it
  busy,               ///< try later, with back-off
  device_error,       ///< try a few times, then report
  not_supported,      ///< this model does not have it; do not retry
  bad_request,        ///< our request is malformed
  low_privilege,      ///< the account may not
  bad_parameters,     ///< a value is refused, such as a maxResults over the limit
  missing_parameter,  ///< error_msg names it
  not_found,          ///< an id or object that the device does not have
  already_exists,     ///< the person or card is there already
  not_activated,      ///< the device has no password yet
  locked,             ///< wait unlock_time; every attempt starts it again
  wrong_password,     ///< stop; see retry_login_time
  stale_nonce,        ///< ask for a new challenge, once
  reboot_required,    ///< accepted; takes effect after a restart
  unknown,
};

std::string_view to_string(Verdict value);

/// ResponseStatus and userCheck in any of their shapes. Absent members are absent; texts are as sent.
struct ResponseStatus {
  std::optional<std::int64_t> status_code;  ///< statusCode, or statusValue of userCheck (an HTTP status)
  std::optional<std::string> status_string;
  std::optional<std::string> sub_status_code;
  std::optional<std::int64_t> error_code;
  std::optional<std::string> error_msg;  ///< for missing_parameter the member's name
  std::optional<std::string> request_url, description, id, manufacturer_error, device_error_text;

  bool user_check = false;                       ///< it came as userCheck
  std::optional<std::int64_t> retry_login_time;  ///< tries left before the lock
  std::optional<std::string> lock_status;        ///< lock, locked, unlock
  std::optional<std::chrono::seconds> unlock_time;
  std::optional<bool> is_activated, is_default_password, is_risk_password, is_illegal_login;

  /// The device refuses every log-in for now.
  bool is_locked() const;
  /// "notSupport (Invalid Operation)", "MessageParametersLack: major (Invalid Content)": for messages.
  std::string summary() const;
};

/// What \p status means. subStatusCode decides, then errorCode, then statusCode: they can disagree, and the HTTP status
/// says little. \p http_status matters for 401 only: there invalidOperation is a used-up nonce.
/// Source: HIKVISION.md sections 1 and 8.
Verdict classify(const ResponseStatus& status, int http_status = 0);

/// The error body in \p body, or nothing if it is something else or cannot be read (an HTML page, an empty body).
std::optional<ResponseStatus> decode_response_status(std::string_view body);
std::optional<ResponseStatus> find_response_status(const Node& root);

}  // namespace visitor::hikvision
