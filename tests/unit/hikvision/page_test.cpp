#include "hikvision/page.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "core/error.hpp"
#include "payloads.hpp"
#include "support/has_code.hpp"

namespace visitor::hikvision {
namespace {

std::string as_list(int count, int first_serial = 1) {
  std::string list = "[";
  for (int i = 0; i < count; ++i) list += (i ? ", " : "") + face_pass(first_serial + i);
  return list + "]";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(page)

BOOST_AUTO_TEST_CASE(a_page_keeps_the_order_and_the_claims_of_the_answer) {
  const auto page = decode_page(page_of(as_list(3, 7), "MORE", 277));
  BOOST_TEST(page.search_id.value() == "s1");
  BOOST_TEST((page.status == PageStatus::more));
  BOOST_TEST(page.status_text == "MORE");
  BOOST_TEST(page.total_matches.value() == 277);
  BOOST_TEST(page.arrived() == 3U);
  BOOST_TEST(page.events.front().serial.value() == 7U);
  BOOST_TEST(page.events.back().serial.value() == 9U);
}

BOOST_AUTO_TEST_CASE(an_empty_page_has_many_shapes) {
  for (const std::string_view body :
       {R"({"AcsEvent":{"responseStatusStrg":"OK","numOfMatches":0}})",
        R"({"AcsEvent":{"responseStatusStrg":"NO MATCH","numOfMatches":0,"totalMatches":0,"InfoList":null}})",
        R"({"AcsEvent":{"responseStatusStrg":"NO_MATCHES","InfoList":[]}})",
        R"({"AcsEvent":{"responseStatusStrg":"NO MORE MATCHES"}})", R"({"AcsEvent":{}})",
        R"({"responseStatusStrg":"OK"})"})
    BOOST_TEST_CONTEXT(body) BOOST_TEST(decode_page(body).arrived() == 0U);
  BOOST_TEST((decode_page(R"({"AcsEvent":{"responseStatusStrg":"NO MATCH"}})").status == PageStatus::no_match));
  BOOST_TEST((decode_page(R"({"AcsEvent":{"responseStatusStrg":"no_matches"}})").status == PageStatus::no_match));
  BOOST_TEST((decode_page(R"({"AcsEvent":{"responseStatusStrg":"DONE"}})").status == PageStatus::other));
}

BOOST_AUTO_TEST_CASE(a_single_object_stands_for_a_list_of_one) {
  const auto page = decode_page(page_of(face_pass(5)));
  BOOST_TEST(page.events.size() == 1U);
  BOOST_TEST(page.events.at(0).serial.value() == 5U);
}

BOOST_AUTO_TEST_CASE(entries_that_are_no_objects_count_for_the_position_only) {
  const auto page = decode_page(page_of("[1, " + face_pass(5) + ", null, \"x\"]", "OK", 4));
  BOOST_TEST(page.events.size() == 1U);
  BOOST_TEST(page.unreadable == 3U);
  BOOST_TEST(page.arrived() == 4U);
}

BOOST_AUTO_TEST_CASE(one_bad_byte_does_not_cost_the_page) {
  auto body = page_of(as_list(3));
  const auto name = body.find("Айгуль");
  body.replace(name, 2, "\xD5\x5C");
  const auto page = decode_page(body);
  BOOST_TEST(page.events.size() == 3U);
  BOOST_TEST(page.events.at(2).serial.value() == 3U);
}

BOOST_AUTO_TEST_CASE(pictures_that_nobody_asked_for_are_skipped) {
  const std::string body = "--MIME_boundary\r\nContent-Type: application/json\r\n\r\n" + page_of(as_list(2), "OK", 2) +
                           "\r\n--MIME_boundary\r\nContent-Type: image/jpeg\r\nContent-Length: 5\r\n\r\n\xFF\xD8{}\n" +
                           "\r\n--MIME_boundary--\r\n";
  const auto page = decode_page(body);
  BOOST_TEST(page.events.size() == 2U);
  BOOST_TEST(page.picture_parts == 1U);
}

BOOST_AUTO_TEST_CASE(an_error_body_is_told_apart_from_a_page) {
  constexpr std::string_view kBusy = R"({"statusCode":2,"statusString":"Device Busy","subStatusCode":"deviceBusy"})";
  const auto answer = decode_page_or_status(kBusy);
  BOOST_TEST((classify(std::get<ResponseStatus>(answer)) == Verdict::busy));
  BOOST_CHECK_EXCEPTION(decode_page(kBusy), Error, [](const Error& error) {
    return error.code() == Errc::terminal && error.message().find("deviceBusy") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(bodies_that_are_no_page_are_refused) {
  const auto whole = page_of(as_list(2));
  for (const std::string& body :
       {std::string{}, std::string{"{}"}, std::string{"[]"}, std::string{"<html><body>Login</body></html>"},
        std::string{R"({"AcsEvent":{"AcsEventCond":{}}})"}, whole.substr(0, whole.size() - 20),
        std::string{"--b\r\nContent-Type: image/jpeg\r\n\r\nxyz\r\n--b--\r\n"}})
    BOOST_TEST_CONTEXT(body) BOOST_CHECK_EXCEPTION(decode_page(body), Error, test::has_code(Errc::terminal));
}

BOOST_AUTO_TEST_CASE(five_thousand_events_fit_and_the_rest_is_left_for_the_next_request) {
  std::string list = "[";
  for (int i = 1; i <= 5003; ++i)
    list += fmt::format(R"({}{{"major":5,"minor":75,"serialNo":{}}})", i > 1 ? "," : "", i);
  const auto page = decode_page(page_of(list + "]", "OK", 5003));
  BOOST_TEST(page.events.size() == kMaxPageEvents);
  BOOST_TEST(page.over_limit == 3U);
  BOOST_TEST(page.arrived() == kMaxPageEvents);
  BOOST_TEST(page.events.back().serial.value() == 5000U);
}

BOOST_AUTO_TEST_CASE(a_body_over_the_limit_is_refused_unread) {
  BOOST_CHECK_EXCEPTION(decode_page(std::string(kMaxPageBytes + 1, '[')), Error, test::has_code(Errc::terminal));
}

BOOST_AUTO_TEST_CASE(xml_pages_are_read_too) {
  const auto page = decode_page(
      "<AcsEvent><responseStatusStrg>OK</responseStatusStrg><numOfMatches>2</numOfMatches>"
      "<InfoList><major>5</major><minor>75</minor><serialNo>1</serialNo></InfoList>"
      "<InfoList><major>5</major><minor>76</minor><serialNo>2</serialNo></InfoList></AcsEvent>");
  BOOST_TEST(page.events.size() == 2U);
  BOOST_TEST(page.events.at(1).code().name == "face_failed");
}

BOOST_AUTO_TEST_CASE(the_number_of_events_is_read) {
  BOOST_TEST(decode_event_total(R"({"AcsEventTotalNum":{"totalNum":68}})").total == 68);
  BOOST_TEST(decode_event_total(R"({"AcsEventTotalNum":{"totalNum":"5","existedEventNum":3}})").existing.value() == 3);
  BOOST_CHECK_EXCEPTION(decode_event_total(R"({"statusCode":4})"), Error, test::has_code(Errc::terminal));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::hikvision
