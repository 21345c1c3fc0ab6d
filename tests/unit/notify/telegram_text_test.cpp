#include <boost/test/unit_test.hpp>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "notify/telegram_text.hpp"
#include "support/telegram_fake/html.hpp"

using namespace visitor;
using namespace visitor::notify;
using telegram_fake::HtmlError;
using telegram_fake::ParsedHtml;

namespace {

/// What the fake's strict reader makes of a part.
ParsedHtml read(const std::string& part) {
  const auto parsed = telegram_fake::parse_html(part);
  if (const auto* error = std::get_if<HtmlError>(&parsed)) {
    BOOST_FAIL(error->description + " in " + part.substr(0, 200));
  }
  return std::get<ParsedHtml>(parsed);
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += read(part).text;
  return text;
}

std::string text_of(const std::vector<TelegramRun>& runs) {
  std::string text;
  for (const auto& run : runs) text += run.text;
  return text;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  while (times-- > 0) out += text;
  return out;
}

/// Text out of what breaks senders: markup, entities, controls, directions, joined emoji, marks, blanks, long words.
class Nasty {
 public:
  explicit Nasty(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>{0, limit - 1}(random_); }

  std::string text(std::size_t pieces) {
    static const std::vector<std::string> kPieces{"<b>&\"",   "</b>",       "<",        ">",
                                                  "&",        "&lt;",       "&#39;",    "\"",
                                                  "'",        "\x01",       "\x1b[31m", "\x7f",
                                                  "\r\n",     "\r",         "\n",       "\n\n",
                                                  "\t",       " ",          "     ",    "Анна",
                                                  "Петрова",  "عمر",        "שלום",     "\u202E",
                                                  "\u2066",   "\u2069",     "\u200F",   "👨‍👩‍👧‍👦",
                                                  "👍🏽", "🇰🇿",         "🇷🇺",       "❤️",
                                                  "e\u0301",  "ก็",          "각",       "\u1112\u1161\u11ab",
                                                  "𝒳",        "\U0010FFFF", "\uFFFD",   "\uFEFF",
                                                  "\u2028",   "\u00A0",     "\u3000",   "x",
                                                  "Aigerim",  "script>",    "<a href=", "<!--",
                                                  "\uFFFF",   "\u0300",     "\u0488",   "\U000E0067"};
    std::string out;
    for (std::size_t i = 0; i < pieces; ++i) {
      const auto& piece = kPieces[below(kPieces.size())];
      const auto kind = below(12);
      if (kind == 0)
        out += repeated(piece, 1 + below(300));
      else if (kind == 1)
        out += any_points(1 + below(255));
      else
        out += piece;
    }
    return out;
  }

 private:
  std::string any_points(std::size_t count) {
    std::string out;
    while (count-- > 0) {
      auto point = static_cast<unsigned>(1 + below(0x10FFFF));
      if (point >= 0xD800 && point <= 0xDFFF) point = 0x20AC;
      if (point < 0x80) {
        out += static_cast<char>(point);
      } else if (point < 0x800) {
        out += static_cast<char>(0xC0 + point / 64);
        out += static_cast<char>(0x80 + point % 64);
      } else if (point < 0x10000) {
        out += static_cast<char>(0xE0 + point / 4096);
        out += static_cast<char>(0x80 + point / 64 % 64);
        out += static_cast<char>(0x80 + point % 64);
      } else {
        out += static_cast<char>(0xF0 + point / 262144);
        out += static_cast<char>(0x80 + point / 4096 % 64);
        out += static_cast<char>(0x80 + point / 64 % 64);
        out += static_cast<char>(0x80 + point % 64);
      }
    }
    return out;
  }

  std::mt19937 random_;
};

void check_property(const std::vector<TelegramRun>& runs, std::size_t first, std::size_t rest) {
  const auto parts = split_telegram(runs, first, rest);
  BOOST_TEST_REQUIRE(!parts.empty());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto parsed = read(parts[i]);
    if (parsed.units > (i == 0 ? first : rest)) BOOST_FAIL("part " << i << " has " << parsed.units << " units");
    if (parsed.units == 0 && !text_of(runs).empty()) BOOST_FAIL("part " << i << " is empty");
    // More bytes than this the Bot API does not read.
    if (parts[i].size() > 32'768) BOOST_FAIL("part " << i << " has " << parts[i].size() << " bytes");
  }
  BOOST_TEST_REQUIRE((joined(parts) == text_of(runs)));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(telegram_text)

BOOST_AUTO_TEST_CASE(any_text_comes_out_as_valid_parts_within_the_limit_that_join_to_it) {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    Nasty nasty{seed};
    std::vector<TelegramRun> runs;
    for (std::size_t i = 0, count = 1 + nasty.below(4); i < count; ++i)
      runs.push_back({nasty.text(nasty.below(120)), nasty.below(2) == 1});
    BOOST_TEST_CONTEXT("seed " << seed) {
      check_property(runs, kTelegramText, kTelegramText);
    }
    BOOST_TEST_CONTEXT("caption, seed " << seed) {
      check_property(runs, kTelegramCaption, kTelegramText);
    }
    BOOST_TEST_CONTEXT("tiny parts, seed " << seed) {
      check_property(runs, 2 + nasty.below(40), 2 + nasty.below(40));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_limit_counts_units_after_entities_have_been_read) {
  const std::vector<TelegramRun> full{{repeated("&", 4096), true}};
  BOOST_TEST(split_telegram(full).size() == 1U);
  const std::vector<TelegramRun> emoji{{repeated("😀", 2048), false}};
  BOOST_TEST(split_telegram(emoji).size() == 1U);
  const std::vector<TelegramRun> one_more{{repeated("😀", 2048) + "x", false}};
  BOOST_TEST(split_telegram(one_more).size() == 2U);
}

BOOST_AUTO_TEST_CASE(long_text_is_cut_after_a_line) {
  const auto line = repeated("x", 99) + "\n";
  const auto parts = split_telegram(std::vector<TelegramRun>{{repeated(line, 50), false}});
  BOOST_REQUIRE_EQUAL(parts.size(), 2U);
  BOOST_TEST(parts[0] == repeated(line, 40));
}

BOOST_AUTO_TEST_CASE(a_long_line_is_cut_after_a_blank) {
  const auto parts = split_telegram(std::vector<TelegramRun>{{repeated("security ", 600), false}});
  BOOST_REQUIRE_EQUAL(parts.size(), 2U);
  BOOST_TEST(parts[0] == repeated("security ", 455));
}

BOOST_AUTO_TEST_CASE(bold_that_does_not_fit_begins_the_next_part) {
  const auto parts = split_telegram(std::vector<TelegramRun>{{repeated("x", 4000), false}, {repeated("y", 200), true}});
  BOOST_REQUIRE_EQUAL(parts.size(), 2U);
  BOOST_TEST(parts[1] == "<b>" + repeated("y", 200) + "</b>");
}

BOOST_AUTO_TEST_CASE(bold_over_a_cut_is_closed_and_opened_again) {
  const auto parts = split_telegram(std::vector<TelegramRun>{{repeated("y", 5000), true}});
  BOOST_REQUIRE_EQUAL(parts.size(), 2U);
  BOOST_TEST(parts[0] == "<b>" + repeated("y", 4096) + "</b>");
  BOOST_TEST(parts[1] == "<b>" + repeated("y", 904) + "</b>");
}

BOOST_AUTO_TEST_CASE(no_cut_goes_through_what_a_reader_sees_as_one_character) {
  for (const std::string_view one : {"👨‍👩‍👧‍👦", "🇰🇿", "👍🏽", "e\u0301", "각",
                                     "\u1112\u1161\u11ab", "❤️", "1\uFE0F\u20E3", "नि"}) {
    const auto units = telegram_fake::utf16_length(one);
    for (const auto limit : {units + 1, 2 * units + 1, std::size_t{97}})
      for (const auto& part : split_telegram(std::vector<TelegramRun>{{repeated(one, 60), false}}, limit, limit)) {
        BOOST_TEST_CONTEXT(one << " in parts of " << limit) {
          BOOST_TEST(part.size() % one.size() == 0U);
        }
      }
  }
}

BOOST_AUTO_TEST_CASE(a_character_longer_than_a_part_is_cut_all_the_same) {
  check_property({{"a" + repeated("\u0301", 9000), false}}, kTelegramText, kTelegramText);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_become_replacement_characters) {
  const auto parts = split_telegram(std::vector<TelegramRun>{{"a\xFF\xC3<", false}});
  BOOST_TEST(joined(parts) == "a\uFFFD\uFFFD<");
  BOOST_TEST(escape_telegram("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");
}

BOOST_AUTO_TEST_CASE(no_text_is_one_empty_part) {
  BOOST_TEST(split_telegram({}).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_message_has_its_subject_in_bold_then_facts_text_and_link) {
  Message message;
  message.subject = "Security Alert: <Long stay>";
  message.facts = {{"Guest", "Anna <b>&\" Petrova"}, {"Since", "08:00"}};
  message.text = "In the building for 9 h.";
  message.link = "https://visitor.example/incidents/42?a=1&b=2";
  BOOST_TEST(split_telegram(telegram_runs(message)).at(0) ==
             "<b>Security Alert: &lt;Long stay&gt;</b>\n\n"
             "Guest: Anna &lt;b&gt;&amp;\" Petrova\nSince: 08:00\n\n"
             "In the building for 9 h.\n\n"
             "https://visitor.example/incidents/42?a=1&amp;b=2");
}

BOOST_AUTO_TEST_CASE(a_message_that_may_have_come_before_says_so_in_its_language) {
  Message message;
  message.subject = "Опоздание";
  message.possibly_repeated = true;
  message.language = domain::Language::russian;
  BOOST_TEST(split_telegram(telegram_runs(message)).at(0) ==
             "<b>Опоздание</b>\n\nЭто сообщение, возможно, уже приходило.");
  message.language = domain::Language::english;
  BOOST_TEST(split_telegram(telegram_runs(message)).at(0).ends_with("This message may have come before."));
}

BOOST_AUTO_TEST_CASE(a_part_of_blanks_shows_nothing) {
  for (const char* blank : {"", " \n\t", "\u00A0\u3000", "\u200B\u2060", "<b>  </b>", "\r\n\x01"})
    BOOST_TEST(!shows_something(blank));
  for (const char* seen : {"x", "  .  ", "&lt;", "<b>&amp;</b>", "😀", "ж"}) BOOST_TEST(shows_something(seen));
}

BOOST_AUTO_TEST_CASE(plain_text_of_a_part_has_no_markup) {
  BOOST_TEST(plain_telegram("<b>1 &lt; 2</b> &amp;lt; \"3\"") == "1 < 2 &lt; \"3\"");
}

BOOST_AUTO_TEST_CASE(units_are_counted_as_utf16) {
  BOOST_TEST(utf16_units("aж€😀") == 5U);
  BOOST_TEST(utf16_units("\xFF") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(strict_html)

BOOST_AUTO_TEST_CASE(the_checker_refuses_what_telegram_refuses) {
  for (const char* bad : {"<b>x", "x</b>", "<b><i>x</b></i>", "<q>x</q>", "a < b", "a & b", "&nbsp;", "<b",
                          "<b class=\"x\">x</b>", "\xFF", "<B>x</B>"})
    BOOST_TEST_CONTEXT(bad) {
      BOOST_TEST(std::holds_alternative<HtmlError>(telegram_fake::parse_html(bad)));
    }
}

BOOST_AUTO_TEST_CASE(the_checker_reads_tags_and_entities) {
  const auto parsed = read("<b>a&lt;😀</b> <a href=\"x\">b</a>");
  BOOST_TEST(parsed.text == "a<😀 b");
  BOOST_TEST(parsed.units == 6U);
  BOOST_REQUIRE_EQUAL(parsed.entities.size(), 2U);
  BOOST_TEST(parsed.entities[0].length == 4U);
}

BOOST_AUTO_TEST_SUITE_END()
