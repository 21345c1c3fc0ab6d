#include <boost/test/unit_test.hpp>

#include "core/csv.hpp"
#include "report/writer.hpp"
#include "report_support.hpp"

using namespace visitor;
using namespace visitor::report;
using namespace visitor::test;

namespace {

constexpr std::string_view kLanguageNeutral = "Name";

Section one_text_column() {
  return {"guests", {"Guests", "Гости"}, {{.key = "name", .label = {kLanguageNeutral, "Имя"}}}};
}

/// The line that a table of this one text has below its heading.
std::string line_of(std::string_view text, const CsvOptions& options = {}) {
  const auto file = file_of({one_text_column()}, {{{text}}}, [&](Sink sink) { return csv_writer(sink, options); });
  const auto begin = file.bytes.find("\r\n", options.excel ? 7 : 0) + 2;
  return file.bytes.substr(begin, file.bytes.size() - begin - 2);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_files)

BOOST_AUTO_TEST_CASE(a_table_has_a_heading_and_lines_that_end_with_both_line_ends) {
  const auto file = file_of({one_text_column()}, {{{"Ann"}, {"Боб"}}}, csv());
  BOOST_TEST(file.bytes == "Name\r\nAnn\r\nБоб\r\n");
  BOOST_TEST(file.written.total() == 2);
}

BOOST_AUTO_TEST_CASE(what_a_reader_would_misread_is_in_quotes) {
  BOOST_TEST(line_of("a,b") == "\"a,b\"");
  BOOST_TEST(line_of("say \"hi\"") == "\"say \"\"hi\"\"\"");
  BOOST_TEST(line_of("two\r\nlines") == "\"two\r\nlines\"");
  BOOST_TEST(line_of(" blank in front") == "\" blank in front\"");
  BOOST_TEST(line_of("a;b") == "a;b");
}

BOOST_AUTO_TEST_CASE(the_text_comes_back_from_our_own_reader) {
  const std::string hard = "one, \"two\"\nthree; \tfour '";
  const auto file = file_of({one_text_column()}, {{{hard}}}, csv());
  const auto rows = parse_csv(file.bytes);
  BOOST_REQUIRE(rows.size() == 2U);
  BOOST_TEST(rows[1].fields[0] == hard);
}

BOOST_AUTO_TEST_CASE(every_kind_reads_as_people_write_it_on_the_clock_of_the_zone) {
  const auto file = file_of({every_kind()}, {{every_value()}}, csv());
  const auto rows = parse_csv(file.bytes);
  BOOST_REQUIRE(rows.size() == 2U);
  const std::vector<std::string> expected{"text",       "Awaiting arrival", "-42", "2.5", "yes", "2026-09-01 13:40:00",
                                          "2026-09-01", "1:05:09",          ""};
  BOOST_TEST(rows[1].fields == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(in_russian_headings_and_words_are_russian) {
  auto cover = given_cover();
  cover.language = domain::Language::russian;
  const auto file = file_of({every_kind()}, {{every_value()}}, csv(), cover);
  BOOST_TEST(file.bytes.find("Слово") != std::string::npos);
  BOOST_TEST(file.bytes.find("Ожидает прибытия") != std::string::npos);
  BOOST_TEST(file.bytes.find(",да,") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(formulas_are_guarded_and_numbers_and_telephone_numbers_are_not) {
  for (const std::string text : {"=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "\r=1", "＝1+1", "＋1",
                                 "－x", "＠a", "=", "-", "+12", "+1-2", "--1", "-1-"}) {
    const bool plain = text == "+12";  // a number
    const auto line = line_of(text);
    BOOST_TEST((line == text || line == '"' + text + '"') == plain, text << " became " << line);
    BOOST_TEST((line.find("'" + text) != std::string::npos) == !plain, text << " became " << line);
  }
  for (const std::string text : {"-1", "+3.5", "-1e-9", "+77011234567", "+7 (701) 123-45-67", "+7 701 123 45 67",
                                 "-12.50", "a=b", "1-2", "e-mail@example.com"})
    BOOST_TEST(line_of(text) == text);
  BOOST_TEST(line_of("-1,25") == "\"-1,25\"");
}

BOOST_AUTO_TEST_CASE(what_was_guarded_is_counted_and_machines_can_have_it_as_it_is) {
  const auto file = file_of({one_text_column()}, {{{"=1"}, {"2"}, {"=3"}}}, csv());
  BOOST_TEST(lost(file.written, Loss::guarded) == 2);
  BOOST_TEST(line_of("=1+1", {.guard = false}) == "=1+1");
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_comes_on_request) {
  const auto file =
      file_of({one_text_column()}, {{{"Ann"}}}, [](Sink sink) { return csv_writer(std::move(sink), {.bom = true}); });
  BOOST_TEST(file.bytes.starts_with("\xEF\xBB\xBFName\r\n"));
}

BOOST_AUTO_TEST_CASE(for_excel_there_are_semicolons_and_windows_1251) {
  const auto excel = [](Sink sink) { return csv_writer(std::move(sink), {.excel = true}); };
  const auto file = file_of({every_kind()}, {{every_value()}}, excel);
  BOOST_TEST(file.bytes.starts_with("sep=;\r\n"));
  BOOST_TEST(file.bytes.find("-42;2,5;") != std::string::npos);
  BOOST_TEST(line_of("Ёж; №1", {.excel = true}) ==
             "\"\xA8\xE6; \xB9"
             "1\"");
}

BOOST_AUTO_TEST_CASE(characters_that_windows_1251_lacks_are_counted) {
  const auto excel = [](Sink sink) { return csv_writer(std::move(sink), {.excel = true}); };
  const auto file = file_of({one_text_column()}, {{{"Әлия"}, {"中文"}, {"Анна"}}}, excel);
  BOOST_TEST(file.bytes.find("?\xEB\xE8\xFF") != std::string::npos);
  BOOST_TEST(lost(file.written, Loss::code_page) == 2);
}

BOOST_AUTO_TEST_CASE(broken_text_is_mended_and_counted) {
  const auto file = file_of({one_text_column()}, {{{"a\xED\xA0\x80z"}, {"\xFF"}, {"ok"}}}, csv());
  BOOST_TEST(lost(file.written, Loss::broken_text) == 2);
  BOOST_TEST(file.bytes.find("\xEF\xBF\xBDz") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(sections_follow_each_other_with_their_titles) {
  auto other = one_text_column();
  other.key = "hosts";
  other.title = {"Hosts", "Сотрудники"};
  const auto file = file_of({one_text_column(), other}, {{{"Ann"}}, {{"Bob"}}}, csv());
  BOOST_TEST(file.bytes == "Guests\r\nName\r\nAnn\r\n\r\nHosts\r\nName\r\nBob\r\n");
}

BOOST_AUTO_TEST_CASE(a_masked_column_says_so_in_its_heading) {
  auto section = one_text_column();
  section.columns[0].masked = true;
  BOOST_TEST(file_of({section}, {{{"********1234"}}}, csv()).bytes == "Name (masked)\r\n********1234\r\n");
}

BOOST_AUTO_TEST_CASE(moments_are_right_on_both_sides_of_a_change_of_the_clock) {
  auto cover = given_cover();
  cover.zone = Zone::named("America/New_York");
  const Section section{"m", {"M", "M"}, {{.key = "at", .kind = Kind::moment, .label = {"At", "Когда"}}}};
  const auto file =
      file_of({section}, {{{at("2026-11-01T05:59:59Z")}, {at("2026-11-01T06:00:00Z")}, {at("2026-11-01T05:30:00Z")}}},
              csv(), cover);
  BOOST_TEST(file.bytes == "At\r\n2026-11-01 01:59:59\r\n2026-11-01 01:00:00\r\n2026-11-01 01:30:00\r\n");
}

BOOST_AUTO_TEST_SUITE_END()
