#include "hikvision/document.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "core/error.hpp"
#include "support/has_code.hpp"

namespace visitor::hikvision {
namespace {

std::string json_of(std::string_view body) {
  const auto document = Document::parse(body, "test");
  std::string out;
  append_json(out, document.root());
  return out;
}

/// The text of the member "a" of the object in \p body.
std::string a_of(std::string_view body) {
  const auto document = Document::parse(body, "test");
  return child_text(document.root(), "a").value_or("(absent)");
}

bool is_refused(std::string_view body, const DocumentLimits& limits = {}) {
  try {
    Document::parse(body, "test", limits);
    return false;
  } catch (const Error& error) {
    return error.code() == Errc::terminal;
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(document)

BOOST_AUTO_TEST_CASE(json_comes_out_as_it_went_in_without_its_blanks) {
  BOOST_TEST(json_of("{\n\t\"a\":\t[1, -2.50, 1e3, true, false, null, {}],\r\n \"b\": \"x\\\"\\\\\\n\\u0041\" }") ==
             R"({"a":[1,-2.50,1e3,true,false,null,{}],"b":"x\"\\\u000aA"})");
  BOOST_TEST(json_of("[0.493,18446744073709551615,12345678901234567890123]") ==
             "[0.493,18446744073709551615,12345678901234567890123]");
}

BOOST_AUTO_TEST_CASE(a_number_that_jsonb_cannot_hold_becomes_a_text) {
  BOOST_TEST(json_of(R"({"a":1e9999,"b":1E+100})") == R"({"a":"1e9999","b":1E+100})");
  const std::string digits(60, '7');
  BOOST_TEST(json_of("[" + digits + "]") == "[\"" + digits + "\"]");
}

BOOST_AUTO_TEST_CASE(byte_order_mark_blanks_and_nul_around_the_body_do_no_harm) {
  BOOST_TEST(a_of("\xEF\xBB\xBF \r\n{\"a\":\"x\"}\r\n") == "x");
  BOOST_TEST(a_of(std::string{"{\"a\":\"x\"}"} + std::string(3, '\0')) == "x");
}

BOOST_AUTO_TEST_CASE(latin_1_costs_the_letter_and_not_the_page) {
  BOOST_TEST(a_of("{\"a\":\"Jos\xE9\"}") == "Jos\xEF\xBF\xBD");
  BOOST_TEST(a_of("{\"a\":\"Jos\xE9\\\"s\"}") == "Jos\xEF\xBF\xBD\"s");
}

BOOST_AUTO_TEST_CASE(gbk_with_a_backslash_as_second_byte_does_not_end_the_string) {
  // The character D5 5C: read byte by byte, the quote behind it looks escaped.
  BOOST_TEST(a_of("{\"a\":\"\xD5\x5C\",\"b\":1}") == "\xEF\xBF\xBD");
  BOOST_TEST(a_of("{\"a\":\"\xC0\xEE\xC3\xF7\",\"b\":1}").find("\xEF\xBF\xBD") == 0U);
}

BOOST_AUTO_TEST_CASE(control_characters_lone_surrogates_and_false_escapes_are_put_right) {
  BOOST_TEST(a_of("{\"a\":\"x\ty\"}") == "x\ty");
  BOOST_TEST(a_of(R"({"a":"x\u0000y"})") == "xy");
  BOOST_TEST(a_of(R"({"a":"x\ud800y"})") == "x\xEF\xBF\xBDy");
  BOOST_TEST(a_of(R"({"a":"x\udc00y"})") == "x\xEF\xBF\xBDy");
  BOOST_TEST(a_of(R"({"a":"\ud83d\ude00 \x"})") == "\xF0\x9F\x98\x80 \\x");
}

BOOST_AUTO_TEST_CASE(xml_reads_like_json_whatever_its_namespace) {
  const auto document = Document::parse(
      "<?xml version=\"1.0\" encoding=\"GBK\"?>\n<p:Time \n xmlns:p=\"urn:x\"><p:mode opt=\"NTP,manual\"/>"
      "<p:n max='3'> 7 </p:n><item>a</item><item>b</item><n2>&#xD800;&amp;</n2></p:Time>",
      "test");
  BOOST_TEST((document.format() == Document::Format::xml));
  const auto& time = unwrap(document.root(), "time");
  BOOST_TEST(child_text(*time.find("mode"), "@opt").value() == "NTP,manual");
  BOOST_TEST(child_integer(time, "n").value() == 7);
  std::string items;
  each_child(time, "item", [&](const Node& item) { items += item.text; });
  BOOST_TEST(items == "ab");
  std::string json;
  append_json(json, time);
  BOOST_TEST(json ==
             "{\"@p\":\"urn:x\",\"mode\":{\"@opt\":\"NTP,manual\"},\"n\":{\"@max\":\"3\",\"#text\":\"7\"},"
             "\"item\":\"a\",\"item\":\"b\",\"n2\":\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD&\"}");
}

BOOST_AUTO_TEST_CASE(scalars_are_read_whatever_their_type) {
  const auto document = Document::parse(
      R"({"n":"7","m":7.0,"k":" 7 ","t":12,"y":"TRUE","z":0,"e":"","o":{},"l":[1],"u":null,"f":7.5,"h":1e300})",
      "test");
  const auto& root = document.root();
  for (const auto* name : {"n", "m", "k"}) BOOST_TEST(child_integer(root, name).value() == 7);
  BOOST_TEST(child_text(root, "t").value() == "12");
  BOOST_TEST(child_boolean(root, "y").value());
  BOOST_TEST(!child_boolean(root, "z").value());
  for (const auto* name : {"e", "o", "l", "u", "absent"}) {
    BOOST_TEST_CONTEXT(name) {
      BOOST_TEST(!child_text(root, name));
      BOOST_TEST(!child_integer(root, name));
    }
  }
  BOOST_TEST(!child_integer(root, "f"));
  BOOST_TEST(!child_integer(root, "h"));
}

BOOST_AUTO_TEST_CASE(broken_bodies_are_refused_with_the_place) {
  for (const std::string_view body : {"", "  \r\n", "OK", "<html", "<!-- nothing -->", "{\"a\":1", "{\"a\":1,}",
                                      "{\"a\":1}{", "{'a':1}", "{\"a\":NaN}", "[1,2", "{\"a\":\"x", "\xFF\xFE{\x00}"})
    BOOST_TEST_CONTEXT(body) BOOST_TEST(is_refused(body));
  BOOST_CHECK_EXCEPTION(Document::parse("{\"a\":1,}", "AcsEvent page"), Error, [](const Error& error) {
    return error.message().find("AcsEvent page") != std::string::npos &&
           error.message().find("byte 7") != std::string::npos && !error.hint().empty();
  });
}

BOOST_AUTO_TEST_CASE(size_depth_and_number_of_members_are_bounded) {
  BOOST_TEST(is_refused(std::string(1001, ' '), {.bytes = 1000}));
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  BOOST_TEST(!is_refused(nested(32)));
  BOOST_TEST(is_refused(nested(33)));
  BOOST_TEST(is_refused(nested(1'000'000)));

  std::string elements, closing;
  for (int i = 0; i < 100'000; ++i) {
    elements += "<a>";
    closing += "</a>";
  }
  BOOST_TEST(is_refused(elements + closing));

  std::string many = "[0";
  for (int i = 0; i < 2000; ++i) many += ",0";
  BOOST_TEST(is_refused(many + "]", {.nodes = 1000}));
  BOOST_TEST(!is_refused(many + "]", {.nodes = 3000}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::hikvision
