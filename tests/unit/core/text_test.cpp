#include "core/text.hpp"

#include <boost/test/unit_test.hpp>

using namespace visitor;

BOOST_AUTO_TEST_CASE(json_quote_escapes_what_json_forbids_and_replaces_what_is_not_utf8) {
  BOOST_TEST(json_quote("a\"b\\c\n\t\x01") == R"("a\"b\\c\n\t\u0001")");
  BOOST_TEST(json_quote("Жанна") == "\"Жанна\"");
  BOOST_TEST(json_quote("a\xFF"
                        "b") ==
             "\"a\xEF\xBF\xBD"
             "b\"");
}

BOOST_AUTO_TEST_CASE(json_quote_finds_what_to_escape_wherever_it_stands) {
  for (std::size_t size = 1; size <= 20; ++size) {
    BOOST_TEST(json_quote(std::string(size, 'x')) == '"' + std::string(size, 'x') + '"');
    for (std::size_t at = 0; at < size; ++at) {
      const auto quoted = [&](std::string_view piece) {
        return json_quote(std::string(at, ' ') + std::string{piece} + std::string(size - at, '~'));
      };
      const auto around = [&](std::string_view piece) {
        return '"' + std::string(at, ' ') + std::string{piece} + std::string(size - at, '~') + '"';
      };
      BOOST_TEST(quoted("\"") == around("\\\""));
      BOOST_TEST(quoted("\\") == around("\\\\"));
      BOOST_TEST(quoted("\x1F") == around("\\u001f"));
      BOOST_TEST(quoted("\x7F") == around("\\u007f"));
      BOOST_TEST(quoted("\x80") == around("\xEF\xBF\xBD"));
      BOOST_TEST(quoted("ж") == around("ж"));
      BOOST_TEST(quoted("€\"€") == around("€\\\"€"));
    }
  }
}

BOOST_AUTO_TEST_CASE(clean_utf8_keeps_good_text_and_drops_only_bad_bytes) {
  BOOST_TEST(clean_utf8("Бекова Айгерим") == "Бекова Айгерим");
  BOOST_TEST(clean_utf8("x\xC0\xAF"
                        "y") == "x\xEF\xBF\xBD\xEF\xBF\xBDy");
  BOOST_TEST(clean_utf8(std::string("a\0b", 3)) == "ab");
  BOOST_TEST(clean_utf8("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // a surrogate
}

BOOST_AUTO_TEST_CASE(hexadecimal_goes_there_and_back_and_refuses_what_is_not) {
  const auto bytes = from_hex("00ff7A");
  BOOST_REQUIRE(bytes);
  BOOST_TEST(to_hex(*bytes) == "00ff7a");
  BOOST_TEST(!from_hex("abc"));
  BOOST_TEST(!from_hex("zz"));
  BOOST_TEST(!from_hex("+1"));
}

BOOST_AUTO_TEST_CASE(to_integer_takes_whole_numbers_only) {
  BOOST_TEST(*to_integer("-12") == -12);
  BOOST_TEST(!to_integer(""));
  BOOST_TEST(!to_integer("12x"));
  BOOST_TEST(!to_integer(" 12"));
  BOOST_TEST(!to_integer("99999999999999999999"));
}

BOOST_AUTO_TEST_CASE(nearest_names_what_was_probably_meant_and_nothing_far_off) {
  const std::vector<std::string> words{"visit", "guest", "terminal"};
  BOOST_TEST(*nearest("vist", words) == "visit");
  BOOST_TEST(*nearest("terminl", words) == "terminal");
  BOOST_TEST(!nearest("backup", words));
}

BOOST_AUTO_TEST_CASE(display_width_counts_columns_not_bytes) {
  BOOST_TEST(display_width("Айгерим") == 7U);
  BOOST_TEST(display_width("会議") == 4U);
  BOOST_TEST(display_width("e\xCC\x81") == 1U);
  BOOST_TEST(display_width("") == 0U);
}
