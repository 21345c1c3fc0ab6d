#include "daemon/api/values.hpp"

#include <boost/test/unit_test.hpp>

#include "daemon/api/etag.hpp"
#include "daemon/api/listing.hpp"
#include "daemon/api/refusal.hpp"
#include "support/manual_clock.hpp"

using namespace visitor;
using api::Problem;

namespace {

const std::vector<api::Field> kFields{api::text("name", "", 5, 1),
                                      api::id("guest", ""),
                                      api::yes_or_no("all", ""),
                                      api::moment("since", ""),
                                      api::many(api::word("status", "", {"open", "closed"})),
                                      api::or_null(api::number("count", "", 0, 9))};

const Instant kNow = test::at("2026-09-01T08:00:00Z");

api::Values query(std::string_view text) {
  return api::read_query(text, kFields, kNow);
}

api::Values body(std::string_view text) {
  return api::read_body(text, kFields, kNow);
}

/// The refusal of \p read, as "problem: where detail; …".
template <class Read>
std::string refusal(Read&& read) {
  try {
    read();
  } catch (const api::Refusal& refusal) {
    auto text = std::string{app::info(refusal.problem()).name} + ":";
    for (const auto& fault : refusal.faults()) text += " " + fault.parameter + fault.pointer + " " + fault.detail + ";";
    return text;
  }
  return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(api_values)

BOOST_AUTO_TEST_CASE(a_query_is_read_as_forms_write_it) {
  const auto values = query("name=%D0%90+b&guest=7&all=1&since=24h&status=open,closed&&count=0");
  BOOST_TEST(*values.text("name") == "А b");
  BOOST_TEST(values.id<GuestTag>("guest")->value == 7);
  BOOST_TEST(values.yes("all"));
  BOOST_TEST(*values.moment("since") == test::at("2026-08-31T08:00:00Z"));
  BOOST_TEST(values.texts("status").size() == 2U);
  BOOST_TEST(query("status=open&status=closed").texts("status").size() == 2U);
  BOOST_TEST(!query("").has("name"));
}

BOOST_AUTO_TEST_CASE(an_unknown_parameter_is_named_with_the_nearest_one) {
  BOOST_TEST(refusal([] { query("gest=7"); }) == "unknown_parameter: gest is unknown;");
  try {
    query("gest=7");
  } catch (const api::Refusal& refused) {
    BOOST_TEST(refused.detail() == "there is no parameter 'gest' here; is 'guest' meant?");
  }
}

BOOST_AUTO_TEST_CASE(every_wrong_value_of_a_query_is_named) {
  BOOST_TEST(refusal([] { query("guest=x&all=maybe&status=ajar&since=never&name=&count=10"); }) ==
             "invalid_value: guest is not a number; all is none of 1, true, 0, false; status is none of open, closed; "
             "since is not a time; use 2026-09-01T08:00:00Z, 2026-09-01, or a span before now such as 7d; name is "
             "empty; count is not a number from 0 to 9;");
  BOOST_TEST(refusal([] { query("guest=1&guest=2"); }) == "invalid_value: guest is given more than once;");
  BOOST_TEST(refusal([] { query("guest=0"); }) == "invalid_value: guest is not a number from 1 on;");
  BOOST_TEST(refusal([] { query("name=123456"); }) == "invalid_value: name is too long: 5 characters at most;");
  for (const auto* text : {"name=%ff", "name=a%00b"})
    BOOST_TEST(refusal([&] { query(text); }) == "invalid_value: name is not UTF-8 text;", text);
  for (const auto* text : {"name=%", "name=%4", "name=%zz"})
    BOOST_TEST(refusal([&] { query(text); }) == "invalid_value: name is not percent-encoded;", text);
}

BOOST_AUTO_TEST_CASE(a_body_is_read_member_by_member) {
  const auto values = body(R"({"name": "Ann", "guest": 7, "all": false, "status": ["open"], "count": null})");
  BOOST_TEST(*values.text("name") == "Ann");
  BOOST_TEST(*values.number("guest") == 7);
  BOOST_TEST(values.has("all"));
  BOOST_TEST(!values.yes("all"));
  BOOST_TEST(values.is_null("count"));
  BOOST_TEST(!values.has("since"));
  BOOST_TEST(!body("").has("name"));
}

BOOST_AUTO_TEST_CASE(every_wrong_member_of_a_body_has_a_pointer) {
  BOOST_TEST(refusal([] { body(R"({"nam": 1, "guest": "7", "name": 5, "status": "open", "a/b~": 0})"); }) ==
             "invalid_value: /nam is unknown; is 'name' meant?; /guest is not a whole number; /name is not a text; "
             "/status is not a list; /a~1b~0 is unknown;");
  BOOST_TEST(refusal([] { body(R"({"guest": null})"); }) == "invalid_value: /guest is null;");
  BOOST_TEST(refusal([] { body(R"({"guest": 1.5})"); }) == "invalid_value: /guest is not a whole number;");
  BOOST_TEST(refusal([] { body(R"({"status": [1]})"); }) ==
             "invalid_value: /status has an element that is not a text;");
  const std::vector<api::Field> needed{api::required(api::text("reason", ""))};
  BOOST_TEST(refusal([&] { api::read_body("{}", needed, kNow); }) == "invalid_value: /reason is missing;");
}

BOOST_AUTO_TEST_CASE(what_has_no_name_or_an_odd_one_is_refused_in_words) {
  for (const auto* text : {"=1", "name=a&=", "=%zz"})
    BOOST_TEST(refusal([&] { query(text); }) == "invalid_value:", text);
  BOOST_TEST(refusal([] { body(R"({"a\u0000b/~": 1})"); }) == "invalid_value: /ab~1~0 is unknown;");
}

BOOST_AUTO_TEST_CASE(what_is_no_object_is_malformed) {
  for (const std::string text : {"[]", "1", "null", "{", "{}x", "\"a\"", "{\"a\":}", "\xff"})
    BOOST_TEST(refusal([&] { body(text); }) == "malformed_body:", text);
  BOOST_TEST(refusal([] { body("{\"name\":" + std::string(20, '[') + std::string(20, ']') + "}"); }) ==
             "malformed_body:");
}

BOOST_AUTO_TEST_CASE(a_cursor_is_only_what_was_handed_out) {
  const api::Position position{kNow, 42};
  const auto text = api::to_cursor(position);
  BOOST_TEST(api::parse_cursor(text)->id == 42);
  BOOST_TEST(api::parse_cursor(text)->at == kNow);
  for (const auto* wrong :
       {"", ".", "1.", ".1", "1.2.3", "01.2", "1.02", "+1.2", "1.-2", "1 .2", "x.y", "9223372036854775807.1",
        "-9223372036854775808.1", "-62135596800000001.1", "253402300800000000.1", "1.9223372036854775807"})
    BOOST_TEST(!api::parse_cursor(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(an_etag_is_strong_and_names_the_version) {
  const auto etag = api::etag_of("{}", 3);
  BOOST_TEST((etag.starts_with("\"3-") && etag.ends_with('"')), etag);
  BOOST_TEST(etag != api::etag_of("{ }", 3));
  BOOST_TEST(api::names_etag("\"a\", " + etag, etag, false));
  BOOST_TEST(api::names_etag("*", etag, false));
  BOOST_TEST(api::names_etag("W/" + etag, etag, true));
  BOOST_TEST(!api::names_etag("W/" + etag, etag, false));
  BOOST_TEST(!api::names_etag("\"3-\"", etag, true));
}

BOOST_AUTO_TEST_SUITE_END()
