#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "cli/json_writer.hpp"

namespace visitor::cli {
namespace {

BOOST_AUTO_TEST_SUITE(json_writer)

BOOST_AUTO_TEST_CASE(writes_members_in_the_order_of_the_calls) {
  JsonWriter writer;
  writer.begin_object().member("b", 2).member("a", std::string{"x"}).key("list").begin_array();
  writer.value(true).null().value(VisitId{7}).end().end();

  BOOST_TEST(writer.take() == "{\n  \"b\": 2,\n  \"a\": \"x\",\n  \"list\": [\n    true,\n    null,\n    7\n  ]\n}\n");
}

BOOST_AUTO_TEST_CASE(a_line_layout_has_no_line_feed_but_the_last) {
  JsonWriter writer{JsonWriter::Layout::line};
  writer.begin_object().member("a", 1).key("b").begin_array().value(1).value(2).end().end();

  BOOST_TEST(writer.take() == "{\"a\":1,\"b\":[1,2]}\n");
}

BOOST_AUTO_TEST_CASE(empty_containers_stay_on_one_line) {
  JsonWriter writer;
  writer.begin_object().key("none").begin_array().end().end();

  BOOST_TEST(writer.take() == "{\n  \"none\": []\n}\n");
}

BOOST_AUTO_TEST_CASE(hostile_text_comes_back_as_it_was_except_for_what_is_not_utf8) {
  const std::string hostile = "\"\\\n\t\x01</script> \xD0\x96 \xFF";
  JsonWriter writer;
  writer.begin_object().member("text", hostile).end();

  const auto parsed = boost::json::parse(writer.take());
  BOOST_TEST(std::string{parsed.at("text").as_string()} == "\"\\\n\t\x01</script> \xD0\x96 \xEF\xBF\xBD");
}

BOOST_AUTO_TEST_CASE(absent_values_are_null_and_instants_are_utc) {
  JsonWriter writer{JsonWriter::Layout::line};
  writer.begin_object().member("none", std::optional<Instant>{}).text_member("empty", "").member("no_id", GuestId{});
  writer.member("at", Instant{std::chrono::seconds{1'000'000'000}}).end();

  BOOST_TEST(writer.take() == R"({"none":null,"empty":null,"no_id":null,"at":"2001-09-09T01:46:40Z"})"
                              "\n");
}

BOOST_AUTO_TEST_CASE(calls_that_do_not_balance_are_a_defect) {
  JsonWriter open;
  open.begin_object();
  BOOST_CHECK_THROW(open.take(), std::logic_error);
  BOOST_CHECK_THROW(open.value(1), std::logic_error);
  BOOST_CHECK_THROW(JsonWriter{}.key("name"), std::logic_error);
  BOOST_CHECK_THROW(JsonWriter{}.end(), std::logic_error);
  BOOST_CHECK_THROW(JsonWriter{}.take(), std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace visitor::cli
