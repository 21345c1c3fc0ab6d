#include "hikvision/response_status.hpp"

#include <algorithm>
#include <array>

#include "core/error.hpp"
#include "core/text.hpp"

namespace visitor::hikvision {
namespace {

constexpr std::size_t kMaxStatusBytes = 256U << 10;  // an error body is small; anything larger is something else

constexpr std::array<std::string_view, 16> kVerdictNames = {"ok",
                                                            "busy",
                                                            "device_error",
                                                            "not_supported",
                                                            "bad_request",
                                                            "low_privilege",
                                                            "bad_parameters",
                                                            "missing_parameter",
                                                            "not_found",
                                                            "already_exists",
                                                            "not_activated",
                                                            "locked",
                                                            "wrong_password",
                                                            "stale_nonce",
                                                            "reboot_required",
                                                            "unknown"};

struct SubStatus {
  std::string_view text;  ///< lower case
  Verdict verdict;
};

constexpr auto kSubStatuses = std::to_array<SubStatus>({
    {"ok", Verdict::ok},
    {"devicebusy", Verdict::busy},
    {"serviceunavailable", Verdict::busy},
    {"nomemory", Verdict::busy},
    {"deviceerror", Verdict::device_error},
    {"notsupport", Verdict::not_supported},
    {"methodnotallowed", Verdict::not_supported},
    {"eventnotsupport", Verdict::not_supported},
    {"invalidoperation", Verdict::not_supported},
    {"lowprivilege", Verdict::low_privilege},
    {"notactivated", Verdict::not_activated},
    {"invalidid", Verdict::not_found},
    {"nofiles", Verdict::not_found},
    {"badxmlformat", Verdict::bad_request},
    {"badjsonformat", Verdict::bad_request},
    {"badurlformat", Verdict::bad_request},
    {"badparameters", Verdict::bad_parameters},
    {"badxmlcontent", Verdict::bad_parameters},
    {"badjsoncontent", Verdict::bad_parameters},
    {"beyondargsrangelimit", Verdict::bad_parameters},
    {"messageparameterslack", Verdict::missing_parameter},
    {"employeenoalreadyexist", Verdict::already_exists},
    {"employeenoalreadyuserexist", Verdict::already_exists},
    {"deviceuseralreadyexist", Verdict::already_exists},
    {"deviceuseralreadyexistface", Verdict::already_exists},
    {"cardnoalreadyexist", Verdict::already_exists},
    {"loginpassworderror", Verdict::wrong_password},
    {"userfloor", Verdict::wrong_password},
    {"illegallogin", Verdict::wrong_password},
    {"rebootrequired", Verdict::reboot_required},
});

struct ErrorCode {
  std::int64_t code;
  Verdict verdict;
};

constexpr auto kErrorCodes = std::to_array<ErrorCode>({
    {0x20000001, Verdict::busy},
    {0x20000002, Verdict::busy},
    {0x20000004, Verdict::busy},
    {0x40000001, Verdict::not_supported},
    {0x40000002, Verdict::low_privilege},
    {0x40000004, Verdict::not_supported},
    {0x40000006, Verdict::not_supported},
    {0x40000007, Verdict::not_activated},
    {0x4000000C, Verdict::wrong_password},
    {0x40001011, Verdict::not_found},
    {1073745928, Verdict::not_found},
    {0x50000001, Verdict::bad_request},
    {0x50000002, Verdict::bad_request},
    {0x50000003, Verdict::bad_request},
    {0x60000001, Verdict::bad_parameters},
    {0x60000019, Verdict::missing_parameter},
    {0x60000025, Verdict::bad_parameters},
    {0x60001024, Verdict::not_supported},
});

// By statusCode, 0 to 7.
constexpr std::array kStatusVerdicts = {Verdict::ok,
                                        Verdict::ok,
                                        Verdict::busy,
                                        Verdict::device_error,
                                        Verdict::not_supported,
                                        Verdict::bad_request,
                                        Verdict::bad_parameters,
                                        Verdict::reboot_required};

Verdict classify_user_check(const ResponseStatus& status) {
  if (status.is_locked()) return Verdict::locked;
  if (status.status_code == 200) return Verdict::ok;
  return status.is_activated == false ? Verdict::not_activated : Verdict::wrong_password;
}

}  // namespace

std::string_view to_string(Verdict value) {
  return kVerdictNames.at(static_cast<std::size_t>(value));
}

bool ResponseStatus::is_locked() const {
  if (lock_status) return equal_ignoring_case(*lock_status, "lock") || equal_ignoring_case(*lock_status, "locked");
  return false;
}

std::string ResponseStatus::summary() const {
  std::string text = sub_status_code.value_or("");
  if (error_msg && error_msg != sub_status_code) text += (text.empty() ? "" : ": ") + *error_msg;
  if (status_string) text += text.empty() ? *status_string : " (" + *status_string + ")";
  if (text.empty()) text = status_code ? "status " + std::to_string(*status_code) : "no reason given";
  if (retry_login_time) text += ", tries left: " + std::to_string(*retry_login_time);
  if (is_locked() && unlock_time) text += ", locked for " + std::to_string(unlock_time->count()) + " s";
  return text;
}

Verdict classify(const ResponseStatus& status, int http_status) {
  constexpr int kUnauthorized = 401;
  if (status.user_check) return classify_user_check(status);
  if (status.is_locked()) return Verdict::locked;
  if (status.retry_login_time) return Verdict::wrong_password;
  if (status.sub_status_code) {
    const auto word = lower(trim(*status.sub_status_code));
    if (http_status == kUnauthorized && word == "invalidoperation") return Verdict::stale_nonce;
    for (const auto& row : kSubStatuses)
      if (row.text == word) return row.verdict;
  }
  if (status.error_code)
    for (const auto& row : kErrorCodes)
      if (row.code == *status.error_code) return row.verdict;
  if (!status.status_code) return Verdict::unknown;
  const auto code = *status.status_code;
  if (http_status == kUnauthorized && code == 4) return Verdict::stale_nonce;
  return code >= 0 && code < static_cast<std::int64_t>(kStatusVerdicts.size())
             ? kStatusVerdicts[static_cast<std::size_t>(code)]
             : Verdict::unknown;
}

std::optional<ResponseStatus> find_response_status(const Node& root) {
  const Node* check = root.find_any_case("userCheck");
  const bool user_check = check && check->kind == Node::Kind::object;
  const Node& body = user_check ? *check : unwrap(root, "ResponseStatus");

  ResponseStatus status;
  status.user_check = user_check;
  status.status_code = child_integer(body, "statusCode");
  if (!status.status_code && user_check) status.status_code = child_integer(body, "statusValue");
  status.status_string = child_text(body, "statusString");
  status.sub_status_code = child_text(body, "subStatusCode");
  status.retry_login_time = child_integer(body, "retryLoginTime");
  status.lock_status = child_text(body, "lockStatus");
  if (!status.status_code && !status.sub_status_code && !status.retry_login_time && !status.lock_status)
    return std::nullopt;

  status.error_code = child_integer(body, "errorCode");
  status.error_msg = child_text(body, "errorMsg");
  status.request_url = child_text(body, "requestURL");
  status.description = child_text(body, "description");
  status.id = child_text(body, "id");
  status.manufacturer_error = child_text(body, "MErrCode");
  status.device_error_text = child_text(body, "MErrDevSelfEx");
  if (const auto seconds = child_integer(body, "unlockTime"); seconds && *seconds >= 0 && *seconds <= 31'536'000)
    status.unlock_time = std::chrono::seconds{*seconds};
  status.is_activated = child_boolean(body, "isActivated");
  status.is_default_password = child_boolean(body, "isDefaultPassword");
  status.is_risk_password = child_boolean(body, "isRiskPassword");
  status.is_illegal_login = child_boolean(body, "isIllegalLogin");
  return status;
}

std::optional<ResponseStatus> decode_response_status(std::string_view body) {
  try {
    const auto document = Document::parse(body, "answer", {.bytes = kMaxStatusBytes, .depth = 16, .nodes = 1000});
    return find_response_status(document.root());
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace visitor::hikvision
