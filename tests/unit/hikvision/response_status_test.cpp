#include "hikvision/response_status.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

namespace visitor::hikvision {
namespace {

std::string verdict_of(std::string_view body, int http_status = 0) {
  const auto status = decode_response_status(body);
  return status ? std::string{to_string(classify(*status, http_status))} : "none";
}

std::string with_sub_status(std::string_view word) {
  return R"({"statusCode":6,"subStatusCode":")" + std::string{word} + "\"}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(response_status)

BOOST_AUTO_TEST_CASE(json_and_xml_with_and_without_root_say_the_same) {
  for (const std::string_view body :
       {R"({"requestURL":"/x","statusCode":6,"statusString":"Invalid Content","subStatusCode":"MessageParametersLack",)"
        R"("errorCode":1610612761,"errorMsg":"major"})",
        R"({"ResponseStatus":{"requestURL":"/x","statusCode":"6","statusString":"Invalid Content",)"
        R"("subStatusCode":"MessageParametersLack","errorCode":"1610612761","errorMsg":"major"}})",
        "<?xml version=\"1.0\"?><ResponseStatus version=\"2.0\" xmlns=\"urn:x\"><requestURL>/x</requestURL>"
        "<statusCode>6</statusCode><statusString>Invalid Content</statusString>"
        "<subStatusCode>MessageParametersLack</subStatusCode><errorCode>1610612761</errorCode>"
        "<errorMsg>major</errorMsg></ResponseStatus>"}) {
    const auto status = decode_response_status(body).value();
    BOOST_TEST(status.request_url.value() == "/x");
    BOOST_TEST(status.status_code.value() == 6);
    BOOST_TEST(status.status_string.value() == "Invalid Content");
    BOOST_TEST(status.sub_status_code.value() == "MessageParametersLack");
    BOOST_TEST(status.error_code.value() == 1610612761);
    BOOST_TEST(status.error_msg.value() == "major");
    BOOST_TEST(!status.user_check);
    BOOST_TEST(to_string(classify(status)) == "missing_parameter");
    BOOST_TEST(status.summary() == "MessageParametersLack: major (Invalid Content)");
  }
}

BOOST_AUTO_TEST_CASE(the_sub_status_decides_whatever_its_case_and_the_number_beside_it) {
  BOOST_TEST(verdict_of(with_sub_status("DEVICEBUSY")) == "busy");
  BOOST_TEST(verdict_of(with_sub_status("badParameters")) == "bad_parameters");
  BOOST_TEST(verdict_of(with_sub_status("badJsonFormat")) == "bad_request");
  BOOST_TEST(verdict_of(with_sub_status("badJsonContent")) == "bad_parameters");
  BOOST_TEST(verdict_of(with_sub_status("methodNotAllowed")) == "not_supported");
  BOOST_TEST(verdict_of(with_sub_status("lowPrivilege")) == "low_privilege");
  BOOST_TEST(verdict_of(with_sub_status("invalidID")) == "not_found");
  BOOST_TEST(verdict_of(with_sub_status("deviceUserAlreadyExist")) == "already_exists");
  BOOST_TEST(verdict_of(with_sub_status("notActivated")) == "not_activated");
  BOOST_TEST(verdict_of(R"({"statusCode":1,"subStatusCode":"notSupport"})") == "not_supported");
}

BOOST_AUTO_TEST_CASE(then_the_error_code_and_then_the_status_code) {
  BOOST_TEST(verdict_of(R"({"statusCode":4,"errorCode":536870916})") == "busy");
  BOOST_TEST(verdict_of(R"({"statusCode":4,"subStatusCode":"somethingNew","errorCode":1073741826})") ==
             "low_privilege");
  const char* const verdicts[] = {
      "ok",     "ok", "busy", "device_error", "not_supported", "bad_request", "bad_parameters", "reboot_required",
      "unknown"};
  for (int code = 0; code <= 8; ++code)
    BOOST_TEST(verdict_of("<ResponseStatus><statusCode>" + std::to_string(code) + "</statusCode></ResponseStatus>") ==
               verdicts[code]);
  BOOST_TEST(verdict_of(R"({"subStatusCode":"somethingNew"})") == "unknown");
}

BOOST_AUTO_TEST_CASE(a_wrong_password_says_how_many_tries_are_left) {
  constexpr std::string_view kBody =
      "<userCheck version=\"2.0\" xmlns=\"http://www.isapi.org/ver20/XMLSchema\"><statusValue>401</statusValue>"
      "<statusString>Unauthorized</statusString><isActivated>true</isActivated><lockStatus>unlock</lockStatus>"
      "<unlockTime>0</unlockTime><retryLoginTime>4</retryLoginTime></userCheck>";
  const auto status = decode_response_status(kBody).value();
  BOOST_TEST(status.user_check);
  BOOST_TEST(status.retry_login_time.value() == 4);
  BOOST_TEST(status.is_activated.value());
  BOOST_TEST(!status.is_locked());
  BOOST_TEST(to_string(classify(status, 401)) == "wrong_password");
  BOOST_TEST(verdict_of(R"({"statusCode":4,"subStatusCode":"userFloor","retryLoginTime":3})", 401) == "wrong_password");
  BOOST_TEST(verdict_of(R"({"statusCode":4,"subStatusCode":"invalidOperation","retryLoginTime":3})", 401) ==
             "wrong_password");
}

BOOST_AUTO_TEST_CASE(a_lock_says_how_long) {
  for (const std::string_view word : {"lock", "locked", "LOCK"}) {
    const auto status = decode_response_status(R"({"userCheck":{"statusValue":401,"lockStatus":")" + std::string{word} +
                                               R"(","unlockTime":1800,"retryLoginTime":0}})")
                            .value();
    BOOST_TEST(to_string(classify(status, 401)) == "locked");
    BOOST_TEST(status.unlock_time.value().count() == 1800);
    BOOST_TEST(status.summary().find("1800 s") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(an_invalid_operation_is_a_used_up_nonce_only_under_401) {
  constexpr std::string_view kBody =
      "<ResponseStatus><statusCode>4</statusCode><statusString>Invalid Operation</statusString>"
      "<subStatusCode>invalidOperation</subStatusCode></ResponseStatus>";
  BOOST_TEST(verdict_of(kBody, 401) == "stale_nonce");
  BOOST_TEST(verdict_of(kBody, 403) == "not_supported");
  BOOST_TEST(verdict_of(kBody) == "not_supported");
}

BOOST_AUTO_TEST_CASE(a_successful_user_check_is_ok) {
  BOOST_TEST(verdict_of("<userCheck><statusValue>200</statusValue><statusString>OK</statusString></userCheck>", 200) ==
             "ok");
}

BOOST_AUTO_TEST_CASE(other_bodies_are_no_error_body) {
  for (const std::string_view body : {"", "<html><body>404</body></html>", "not found", R"({"AcsEvent":{}})", "[]",
                                      R"({"major":5,"minor":75,"statusValue":0})"})
    BOOST_TEST_CONTEXT(body) BOOST_TEST(!decode_response_status(body));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::hikvision
