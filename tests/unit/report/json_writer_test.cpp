#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <limits>
#include <sstream>

#include "report_support.hpp"

using namespace visitor;
using namespace visitor::report;
using namespace visitor::test;
namespace json = boost::json;

namespace {

MakeWriter object() {
  return [](Sink sink) { return json_writer(std::move(sink)); };
}
MakeWriter lines() {
  return [](Sink sink) { return jsonl_writer(std::move(sink)); };
}

std::string text(const json::value& value) {
  return json::value_to<std::string>(value);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_files)

BOOST_AUTO_TEST_CASE(the_object_has_the_cover_the_columns_and_the_rows) {
  const auto file = file_of({every_kind()}, {{every_value(), every_value()}}, object());
  const auto root = json::parse(file.bytes);
  BOOST_TEST(text(root.at("report")) == "visits");
  BOOST_TEST(text(root.at("by")) == "anna");
  BOOST_TEST(text(root.at("made_at")) == "2026-09-01T08:40:00Z");
  BOOST_TEST(text(root.at("filter").at(0).at("value")) == "R&D <1>");
  const auto& section = root.at("sections").at(0);
  BOOST_TEST(section.at("columns").as_array().size() == 9U);
  BOOST_TEST(text(section.at("columns").at(3).at("label")) == "Real (ms)");
  BOOST_REQUIRE(section.at("rows").as_array().size() == 2U);
  const auto& row = section.at("rows").at(1);
  BOOST_TEST(text(row.at("word")) == "AWAITING");
  BOOST_TEST(row.at("integer").as_int64() == -42);
  BOOST_TEST(row.at("real").as_double() == 2.5);
  BOOST_TEST(row.at("yes_no").as_bool());
  BOOST_TEST(text(row.at("moment")) == "2026-09-01T08:40:00Z");
  BOOST_TEST(text(row.at("date")) == "2026-09-01");
  BOOST_TEST(row.at("span").as_int64() == 3909);
  BOOST_TEST(row.at("empty").is_null());
  BOOST_TEST(file.written.total() == 2);
}

BOOST_AUTO_TEST_CASE(sections_without_rows_are_empty_lists) {
  const auto file = file_of({every_kind(), every_kind()}, {{}, {}}, object());
  const auto root = json::parse(file.bytes);
  BOOST_TEST(root.at("sections").as_array().size() == 2U);
  BOOST_TEST(root.at("sections").at(1).at("rows").as_array().empty());
}

BOOST_AUTO_TEST_CASE(charts_are_there_as_data) {
  const Chart chart{"by_hour", "By hour", ChartKind::line, {"08", "09"}, {{"In", {1, 2.5}}, {"Out", {0, 3}}}};
  const auto root = json::parse(file_of({every_kind()}, {{}}, object(), given_cover(), {chart, chart}).bytes);
  BOOST_REQUIRE(root.at("charts").as_array().size() == 2U);
  const auto& read = root.at("charts").at(1);
  BOOST_TEST(text(read.at("kind")) == "line");
  BOOST_TEST(text(read.at("categories").at(1)) == "09");
  BOOST_TEST(text(read.at("series").at(1).at("name")) == "Out");
  BOOST_TEST(read.at("series").at(0).at("values").at(1).as_double() == 2.5);
}

BOOST_AUTO_TEST_CASE(lines_are_an_object_each) {
  const auto file = file_of({every_kind()}, {{every_value(), every_value()}}, lines());
  std::istringstream in{file.bytes};
  int count = 0;
  for (std::string line; std::getline(in, line); ++count) BOOST_TEST(text(json::parse(line).at("text")) == "text");
  BOOST_TEST(count == 2);
}

BOOST_AUTO_TEST_CASE(lines_name_their_section_where_there_are_several) {
  const auto file = file_of({every_kind(), every_kind()}, {{every_value()}, {}}, lines());
  BOOST_TEST(text(json::parse(file.bytes).at("section")) == "kinds");
}

BOOST_AUTO_TEST_CASE(whatever_a_text_holds_the_file_is_json) {
  const Section section{"s", {"S", "S"}, {{.key = "text", .label = {"T", "T"}}}};
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  const auto file = file_of({section}, {{{std::string_view{all}}, {std::string_view{"\xED\xA0\x80\"\\"}}}}, object());
  BOOST_CHECK_NO_THROW(json::parse(file.bytes));
  BOOST_TEST(lost(file.written, Loss::broken_text) == 2);
}

BOOST_AUTO_TEST_CASE(numbers_that_json_has_not_are_texts_and_counted) {
  const Section section{"s", {"S", "S"}, {{.key = "x", .kind = Kind::real, .label = {"X", "X"}}}};
  const auto file = file_of({section}, {{{std::numeric_limits<double>::infinity()}, {std::nan("")}, {1.0}}}, lines());
  BOOST_TEST(file.bytes.starts_with("{\"x\":\"inf\"}\n"));
  BOOST_TEST(lost(file.written, Loss::number_as_text) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
