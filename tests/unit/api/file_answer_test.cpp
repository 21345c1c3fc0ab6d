#include "daemon/api/file_answer.hpp"

#include <boost/test/unit_test.hpp>

using namespace visitor;

namespace {

std::string part(std::string_view range, std::uint64_t size) {
  const auto found = api::part_of(range, size);
  return found ? std::to_string(found->first) + "+" + std::to_string(found->second) : "all";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(api_file_answer)

BOOST_AUTO_TEST_CASE(a_name_of_plain_letters_stands_as_it_is) {
  BOOST_TEST(api::attachment("visits-2026.xlsx") ==
             "attachment; filename=\"visits-2026.xlsx\"; filename*=UTF-8''visits-2026.xlsx");
}

BOOST_AUTO_TEST_CASE(no_name_ends_the_header_or_begins_another_parameter) {
  BOOST_TEST(api::attachment("a\"; filename=b\r\nSet-Cookie: c\\%41;.csv") ==
             "attachment; filename=\"a__ filename=b__Set-Cookie_ c__41_.csv\"; "
             "filename*=UTF-8''a%22%3B%20filename%3Db%0D%0ASet-Cookie%3A%20c%5C%2541%3B.csv");
}

BOOST_AUTO_TEST_CASE(other_scripts_are_escaped_and_have_one_plain_sign_for_each_letter) {
  BOOST_TEST(api::attachment("Да.pdf") == "attachment; filename=\"__.pdf\"; filename*=UTF-8''%D0%94%D0%B0.pdf");
}

BOOST_AUTO_TEST_CASE(a_range_is_one_part_that_is_there_or_all_of_it) {
  BOOST_TEST(part("bytes=0-9", 100) == "0+10");
  BOOST_TEST(part("bytes=90-", 100) == "90+10");
  BOOST_TEST(part("bytes=90-1000", 100) == "90+10");
  BOOST_TEST(part("bytes=-10", 100) == "90+10");
  BOOST_TEST(part("bytes=-1000", 100) == "0+100");
  BOOST_TEST(part(" bytes=99-99 ", 100) == "99+1");
  for (const auto* range : {"", "bytes", "bytes=", "bytes=-", "bytes=-0", "bytes=100-", "bytes=5-4", "bytes=0-1,5-6",
                            "bytes=a-b", "bytes=+1-2", "items=0-1", "bytes=0-18446744073709551616", "bytes=1 -2"})
    BOOST_TEST(part(range, 100) == "all", range);
  BOOST_TEST(part("bytes=0-", 0) == "all");
  BOOST_TEST(part("bytes=-1", 0) == "all");
}

BOOST_AUTO_TEST_CASE(every_format_has_a_type_of_its_own) {
  BOOST_TEST(api::content_type_of(report::Format::csv, false) == "text/csv; charset=utf-8");
  BOOST_TEST(api::content_type_of(report::Format::csv, true) == "text/csv; charset=windows-1251");
  BOOST_TEST(api::content_type_of(report::Format::pdf, false) == "application/pdf");
}

BOOST_AUTO_TEST_SUITE_END()
