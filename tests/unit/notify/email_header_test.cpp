#include "notify/email_header.hpp"

#include <boost/test/unit_test.hpp>
#include <random>
#include <string>

using namespace visitor::notify;

namespace {

/// The lines of \p header without their CRLF; fails where a line end is none, or a line is too long.
std::vector<std::string> lines(const std::string& header) {
  std::vector<std::string> out;
  std::string_view rest = header;
  while (!rest.empty()) {
    const auto end = rest.find("\r\n");
    BOOST_REQUIRE(end != rest.npos);
    out.emplace_back(rest.substr(0, end));
    BOOST_TEST(out.back().size() <= 78U, out.back());
    for (const char c : out.back()) BOOST_TEST((c >= ' ' && c < 0x7f), "a byte that no header line may have");
    if (out.size() > 1) BOOST_TEST(out.back().front() == ' ', "a line that is no continuation: " << out.back());
    rest.remove_prefix(end + 2);
  }
  return out;
}

std::string unquoted(const std::string& encoded) {
  std::string out;
  for (std::size_t at = 0; at < encoded.size(); ++at) {
    if (encoded.compare(at, 3, "=\r\n") == 0) {
      at += 2;
    } else if (encoded.compare(at, 2, "\r\n") == 0) {
      out += '\n';
      ++at;
    } else if (encoded[at] == '=') {
      out += static_cast<char>(std::stoi(encoded.substr(at + 1, 2), nullptr, 16));
      at += 2;
    } else {
      out += encoded[at];
    }
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(email_header)

BOOST_AUTO_TEST_CASE(plain_text_stays_as_it_is) {
  BOOST_TEST(text_header("Subject", "Security Alert: Long stay") == "Subject: Security Alert: Long stay\r\n");
  BOOST_TEST(text_header("Subject", "") == "Subject:\r\n");
}

BOOST_AUTO_TEST_CASE(long_plain_text_is_folded_at_its_blanks) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "word" + std::to_string(i) + (i < 39 ? " " : "");
  const auto all = lines(text_header("Subject", text));
  BOOST_TEST(all.size() > 3U);
  std::string joined;
  for (const auto& line : all) joined += line;
  BOOST_TEST(joined == "Subject: " + text);
}

BOOST_AUTO_TEST_CASE(other_alphabets_become_encoded_words_that_end_between_characters) {
  BOOST_TEST(text_header("Subject", "Тревога") == "Subject: =?UTF-8?B?0KLRgNC10LLQvtCz0LA=?=\r\n");
  std::string long_text;
  for (int i = 0; i < 100; ++i) long_text += i % 3 == 0 ? "😀" : i % 3 == 1 ? "Ж" : "x";
  for (const auto& line : lines(text_header("Subject", long_text))) {
    const auto begin = line.find("=?UTF-8?B?");
    BOOST_REQUIRE(begin != line.npos);
    BOOST_TEST(line.size() - begin <= 75U);
  }
}

BOOST_AUTO_TEST_CASE(nothing_in_a_text_begins_another_header) {
  for (const std::string text : {"a\r\nBcc: x@example.org", "a\nBcc: x@example.org", "a\rBcc: x", "\r\n\r\nbody",
                                 "a\r\n b", "=?UTF-8?Q?=0D=0ABcc:_x?=",
                                 "a\xE2\x80\xA8"
                                 "Bcc: x",
                                 "\x7f\x1b[31m", "a\xff\xfe\r\nBcc: x"}) {
    const auto all = lines(text_header("Subject", text));
    BOOST_TEST(all.front().starts_with("Subject:"));
  }
  BOOST_TEST(text_header("Subject", "a\r\nBcc: x@example.org").find("\nBcc") == std::string::npos);
  BOOST_TEST(text_header("Subject", std::string("a\0b", 3)) == "Subject: ab\r\n");
  // What looks like an encoded word is not taken for one.
  BOOST_TEST(text_header("Subject", "=?UTF-8?Q?x?=").find("=?UTF-8?B?") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(whatever_the_bytes_are_the_lines_are_those_of_a_header) {
  std::mt19937 random{20260902};
  for (int round = 0; round < 500; ++round) {
    std::string text;
    const auto length = random() % 400;
    for (std::size_t i = 0; i < length; ++i)
      text += random() % 3 == 0 ? "\r\n =?:,<>\"\\"[random() % 10] : static_cast<char>(random() % 256);
    BOOST_TEST(lines(text_header("Subject", text)).front().starts_with("Subject:"));
    const auto from = lines(address_header("From", text, "v@example.org"));
    BOOST_TEST(from.front().starts_with("From:"));
    BOOST_TEST(from.back().ends_with(" <v@example.org>"));
  }
}

BOOST_AUTO_TEST_CASE(names_beside_addresses_are_quoted_where_they_must_be) {
  BOOST_TEST(address_header("From", "Visitor", "v@example.org") == "From: Visitor <v@example.org>\r\n");
  BOOST_TEST(address_header("From", "", "v@example.org") == "From: <v@example.org>\r\n");
  BOOST_TEST(address_header("From", "Gate, \"A\"", "v@example.org") == "From: \"Gate, \\\"A\\\"\" <v@example.org>\r\n");
  BOOST_TEST(address_header("From", "Пост", "v@example.org") == "From: =?UTF-8?B?0J/QvtGB0YI=?= <v@example.org>\r\n");
  BOOST_TEST(address_header("From", "x> <evil@example.org>\r\nBcc: y", "v@example.org").find("\nBcc") ==
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(quoted_printable_loses_no_byte) {
  std::mt19937 random{20260901};
  for (int round = 0; round < 500; ++round) {
    std::string text;
    const auto length = random() % 300;
    for (std::size_t i = 0; i < length; ++i)
      text += random() % 4 == 0 ? " .=F\n\t\r"[random() % 7] : static_cast<char>(random() % 256);
    const auto encoded = quoted_printable(text);
    BOOST_TEST(unquoted(encoded) == text);
    std::size_t line = 0;
    for (const char c : encoded) {
      line = c == '\n' ? 0 : line + 1;
      BOOST_TEST(line <= 77U);  // with the carriage return
    }
  }
}

BOOST_AUTO_TEST_CASE(quoted_printable_keeps_blanks_at_the_end_of_a_line_and_dots_at_its_beginning) {
  BOOST_TEST(quoted_printable("a \nb\t\n.c\nFrom d") == "a=20\r\nb=09\r\n=2Ec\r\n=46rom d");
  BOOST_TEST(quoted_printable("Гость") == "=D0=93=D0=BE=D1=81=D1=82=D1=8C");
}

BOOST_AUTO_TEST_CASE(base64_has_lines_of_76_characters) {
  BOOST_TEST(base64_lines("") == "");
  BOOST_TEST(base64_lines("f") == "Zg==\r\n");
  BOOST_TEST(base64_lines("fo") == "Zm8=\r\n");
  BOOST_TEST(base64_lines("foobar") == "Zm9vYmFy\r\n");
  const auto lines_of = base64_lines(std::string(58, '\xff'));
  BOOST_TEST(lines_of == std::string(76, '/') + "\r\n/w==\r\n");
}

BOOST_AUTO_TEST_SUITE_END()
