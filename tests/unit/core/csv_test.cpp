#include "core/csv.hpp"

#include <boost/test/unit_test.hpp>

#include "core/error.hpp"

using namespace visitor;

namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows rows(std::string_view text) {
  Rows fields;
  for (auto& row : parse_csv(text)) fields.push_back(std::move(row.fields));
  return fields;
}

auto because(const std::string& why) {
  return [why](const Error& error) {
    BOOST_TEST(error.message().find(why) != std::string::npos, error.message());
    return error.code() == Errc::usage;
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv)

BOOST_AUTO_TEST_CASE(commas_semicolons_and_tabs_separate_whichever_the_first_line_has_most_of) {
  const Rows expected{{"name", "phone"}, {"Ann", "1"}};
  BOOST_TEST((rows("name,phone\nAnn,1\n") == expected));
  BOOST_TEST((rows("name;phone\nAnn;1") == expected));
  BOOST_TEST((rows("name\tphone\r\nAnn\t1\r\n") == expected));
  BOOST_TEST((rows("a;b;c\n1,5;2;3\n") == Rows{{"a", "b", "c"}, {"1,5", "2", "3"}}));
  BOOST_TEST((rows("name\nAnn, the first\n") == Rows{{"name"}, {"Ann", " the first"}}));
}

BOOST_AUTO_TEST_CASE(quotes_hold_separators_line_ends_and_quotes) {
  BOOST_TEST((rows("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n") == Rows{{"a", "b"}, {"x,y", "say \"hi\""}}));
  BOOST_TEST((rows("a,b\n\"two\nlines\",\"\"\n") == Rows{{"a", "b"}, {"two\nlines", ""}}));
  BOOST_TEST((rows("a,b\nx \"y\",z\n") == Rows{{"a", "b"}, {"x \"y\"", "z"}}));
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_and_empty_rows_are_dropped_and_lines_counted_all_the_same) {
  const auto parsed = parse_csv("\xEF\xBB\xBF\r\na,b\r\n\r\n,\r\n\"x\r\ny\",1\r\nlast,2");
  BOOST_REQUIRE(parsed.size() == 3);
  BOOST_TEST(parsed[0].line == 2);
  BOOST_TEST(parsed[1].line == 5);
  BOOST_TEST(parsed[1].fields[0] == "x\r\ny");
  BOOST_TEST(parsed[2].line == 7);
  BOOST_TEST(parse_csv("").empty());
  BOOST_TEST(parse_csv("\n\n").empty());
}

BOOST_AUTO_TEST_CASE(bytes_stay_as_they_are) {
  BOOST_TEST((rows(std::string_view{"a\xff,b\0c\n", 7}) == Rows{{"a\xff", std::string{"b\0c", 3}}}));
  BOOST_TEST((rows("a,b\rc\n") == Rows{{"a", "b\rc"}}));
  BOOST_TEST((rows("a,b\r") == Rows{{"a", "b"}}));
}

BOOST_AUTO_TEST_CASE(what_is_broken_is_refused_with_its_line) {
  BOOST_CHECK_EXCEPTION(parse_csv("a,b\nx,\"never\nclosed"), Error, because("line 2: a quote is never closed"));
  BOOST_CHECK_EXCEPTION(parse_csv("a,b\n\"x\"y,z\n"), Error, because("line 2: something follows"));
  BOOST_CHECK_EXCEPTION(parse_csv("\xFF\xFE"
                                  "a"),
                        Error, because("UTF-16"));
}

BOOST_AUTO_TEST_CASE(limits_hold_exactly) {
  const CsvLimits limits{2, 3, 4};
  BOOST_CHECK_NO_THROW(parse_csv("1,2,3\n4444\n\n", limits));
  BOOST_CHECK_EXCEPTION(parse_csv("1\n2\n3\n", limits), Error, because("line 3: there are more than 2 rows"));
  BOOST_CHECK_EXCEPTION(parse_csv("1,2,3,4\n", limits), Error, because("line 1: there are more than 3 fields"));
  BOOST_CHECK_EXCEPTION(parse_csv("1\n55555\n", limits), Error, because("line 2: a field has more than 4 bytes"));
  BOOST_CHECK_EXCEPTION(parse_csv("1\n\"55555\"\n", limits), Error, because("more than 4 bytes"));
}

BOOST_AUTO_TEST_SUITE_END()
