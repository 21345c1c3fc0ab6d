#include "report/xlsx_writer.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <limits>

#include "report_support.hpp"

using namespace visitor;
using namespace visitor::report;
using namespace visitor::test;
namespace json = boost::json;

namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;
using std::chrono::year_month_day;

MakeWriter xlsx(std::int64_t rows_a_sheet = 1'048'576) {
  return [=](Sink sink) { return xlsx_writer(std::move(sink), {.rows_a_sheet = rows_a_sheet}); };
}

std::string text(const json::value& value) {
  return json::value_to<std::string>(value);
}

const json::value& cell(const json::value& sheet, std::size_t row, std::size_t column) {
  return sheet.at("rows").at(row).at(column);
}

Section one_column(Kind kind) {
  return {"s", {"Sheet", "Лист"}, {{.key = "x", .kind = kind, .label = {"X", "X"}}}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(spreadsheets)

BOOST_AUTO_TEST_CASE(another_program_reads_every_cell_with_its_type) {
  const auto book = read_spreadsheet(file_of({every_kind()}, {{every_value()}}, xlsx()));
  BOOST_REQUIRE(book.at("sheets").as_array().size() == 2U);
  const auto& sheet = book.at("sheets").at(1);
  BOOST_TEST(text(sheet.at("name")) == "Kinds");
  BOOST_TEST(text(sheet.at("frozen")) == "A2");
  BOOST_TEST(text(sheet.at("filter")) == "A1:I2");
  BOOST_TEST(text(cell(sheet, 0, 3).at("value")) == "Real (ms)");
  BOOST_TEST(text(cell(sheet, 1, 0).at("value")) == "text");
  BOOST_TEST(text(cell(sheet, 1, 1).at("value")) == "Awaiting arrival");
  BOOST_TEST(cell(sheet, 1, 2).at("value").to_number<double>() == -42.0);
  BOOST_TEST(cell(sheet, 1, 3).at("value").to_number<double>() == 2.5);
  BOOST_TEST(cell(sheet, 1, 4).at("value").as_bool());
  BOOST_TEST(text(cell(sheet, 1, 5).at("type")) == "d");
  BOOST_TEST(text(cell(sheet, 1, 5).at("value")) == "2026-09-01 13:40:00");
  BOOST_TEST(text(cell(sheet, 1, 6).at("value")).starts_with("2026-09-01"));
  BOOST_TEST(text(cell(sheet, 1, 7).at("format")) == "[h]:mm:ss");
  BOOST_TEST(cell(sheet, 1, 8).at("value").is_null());
}

BOOST_AUTO_TEST_CASE(the_cover_says_who_when_what_and_how_many) {
  auto cover = given_cover();
  cover.withheld = {"Of document numbers the last four characters are shown."};
  const auto book = read_spreadsheet(file_of({every_kind()}, {{every_value(), every_value()}}, xlsx(), cover));
  const auto& sheet = book.at("sheets").at(0);
  const auto all = json::serialize(sheet);
  BOOST_TEST(text(cell(sheet, 0, 0).at("value")) == "Visits");
  for (const std::string part : {"anna", "Asia/Almaty", "R&D <1>", "00000003-0000001B-1", "Rows: Kinds",
                                 "2026-09-01 13:40:00", "last four characters"})
    BOOST_TEST((all.find(part) != std::string::npos), part);
  BOOST_TEST(text(book.at("title")) == "Visits");
  BOOST_TEST(text(book.at("creator")) == "anna");
}

BOOST_AUTO_TEST_CASE(texts_are_texts_whatever_they_look_like) {
  const std::vector<std::string> given{"=1+1",
                                       "007",
                                       "1e5",
                                       "+77011234567",
                                       "2026-09-01",
                                       "TRUE",
                                       "@x",
                                       "http://a.b",
                                       "Әлия Жұмабаева",
                                       "中文",
                                       "مرحبا",
                                       "🙂👩‍👩‍👧",
                                       " blank ",
                                       "a < b && \"c\" > 'd'",
                                       "&amp;",
                                       "]]></t>",
                                       "two\nlines"};
  Rows rows;
  for (const auto& one : given) rows.push_back({std::string_view{one}});
  const auto book = read_spreadsheet(file_of({one_column(Kind::text)}, {rows}, xlsx()));
  const auto& sheet = book.at("sheets").at(1);
  for (std::size_t i = 0; i < given.size(); ++i) {
    BOOST_TEST(text(cell(sheet, i + 1, 0).at("value")) == given[i]);
    BOOST_TEST(text(cell(sheet, i + 1, 0).at("type")) == "s");
  }
}

BOOST_AUTO_TEST_CASE(cells_keep_their_places_beyond_column_z_and_below_rows_without_a_value) {
  Section wide{"s", {"Sheet", "Лист"}, {}};
  for (int i = 0; i < 60; ++i) wide.columns.push_back({.key = "x", .kind = Kind::integer, .label = {"X", "X"}});
  std::vector<Cell> empty(60), last(60), first(60);
  last.back() = std::int64_t{60};
  first.front() = std::int64_t{1};
  const auto file = file_of({wide}, {{empty, last, empty, first, empty}}, xlsx());
  const auto book = read_spreadsheet(file);
  const auto& sheet = book.at("sheets").at(1);
  BOOST_TEST(text(sheet.at("filter")) == "A1:BH6");
  BOOST_TEST(cell(sheet, 1, 0).at("value").is_null());
  BOOST_TEST(cell(sheet, 2, 59).at("value").to_number<double>() == 60.0);
  BOOST_TEST(cell(sheet, 4, 0).at("value").to_number<double>() == 1.0);
  BOOST_TEST(file.written.total() == 5);
}

BOOST_AUTO_TEST_CASE(real_numbers_of_every_size_are_read_as_they_were) {
  const std::vector<double> given{0, 0.1, -2.5e-7, 1e300, 1e-300, 123456789012345.6, -1, 4096};
  Rows rows;
  for (const auto number : given) rows.push_back({number});
  const auto book = read_spreadsheet(file_of({one_column(Kind::real)}, {rows}, xlsx()));
  for (std::size_t i = 0; i < given.size(); ++i)
    BOOST_TEST(cell(book.at("sheets").at(1), i + 1, 0).at("value").to_number<double>() == given[i]);
}

BOOST_AUTO_TEST_CASE(dates_at_the_ends_of_the_calendar_are_dates_and_beyond_are_counted_texts) {
  const auto on = [](int y, unsigned m, unsigned d) { return year_month_day{year{y}, month{m}, day{d}}; };
  const Rows rows{{on(1900, 3, 1)}, {on(9999, 12, 31)}, {on(1899, 12, 31)}, {on(10000, 1, 1)}, {on(-5, 1, 1)}};
  const auto file = file_of({one_column(Kind::date)}, {rows}, xlsx());
  const auto book = read_spreadsheet(file);
  const auto& sheet = book.at("sheets").at(1);
  BOOST_TEST(text(cell(sheet, 1, 0).at("value")).starts_with("1900-03-01"));
  BOOST_TEST(text(cell(sheet, 2, 0).at("value")).starts_with("9999-12-31"));
  BOOST_TEST(text(cell(sheet, 3, 0).at("value")) == "1899-12-31");
  BOOST_TEST(text(cell(sheet, 3, 0).at("type")) == "s");
  BOOST_TEST(lost(file.written, Loss::date_as_text) == 3);
}

BOOST_AUTO_TEST_CASE(numbers_that_excel_would_round_are_counted_texts) {
  const Rows rows{{std::int64_t{1} << 53}, {std::numeric_limits<std::int64_t>::max()}};
  const auto file = file_of({one_column(Kind::integer)}, {rows}, xlsx());
  const auto book = read_spreadsheet(file);
  BOOST_TEST(cell(book.at("sheets").at(1), 1, 0).at("value").to_number<double>() == 9007199254740992.0);
  BOOST_TEST(text(cell(book.at("sheets").at(1), 2, 0).at("value")) == "9223372036854775807");
  BOOST_TEST(lost(file.written, Loss::number_as_text) == 1);
}

BOOST_AUTO_TEST_CASE(texts_are_cut_at_what_a_cell_holds_and_never_within_a_character) {
  const std::string fits(32'767, 'x');
  std::string wide;
  for (int i = 0; i < 20'000; ++i) wide += "🙂";  // two units each
  const Rows rows{{std::string_view{fits}}, {std::string_view{wide}}};
  const auto file = file_of({one_column(Kind::text)}, {rows}, xlsx());
  const auto book = read_spreadsheet(file);
  BOOST_TEST((text(cell(book.at("sheets").at(1), 1, 0).at("value")) == fits));
  BOOST_TEST((text(cell(book.at("sheets").at(1), 2, 0).at("value")) == wide.substr(0, 16'383 * 4)));
  BOOST_TEST(lost(file.written, Loss::long_text) == 1);
}

BOOST_AUTO_TEST_CASE(a_long_section_goes_on_on_the_next_sheet_below_the_same_heading) {
  Rows rows;
  for (std::int64_t i = 0; i < 7; ++i) rows.push_back({i});
  const auto file = file_of({one_column(Kind::integer)}, {rows}, xlsx(4));
  const auto book = read_spreadsheet(file);
  BOOST_REQUIRE(book.at("sheets").as_array().size() == 4U);
  BOOST_TEST(text(book.at("sheets").at(2).at("name")) == "Sheet (2)");
  BOOST_TEST(text(cell(book.at("sheets").at(2), 0, 0).at("value")) == "X");
  BOOST_TEST(cell(book.at("sheets").at(3), 1, 0).at("value").to_number<double>() == 6.0);
  BOOST_TEST(file.written.total() == 7);
}

BOOST_AUTO_TEST_CASE(charts_are_real_ones_on_a_sheet_of_their_own) {
  const Chart bars{"by_hour", "By hour", ChartKind::columns, {"08:00", "09:00"}, {{"In", {1, 2}}, {"Out", {0, 3}}}};
  const Chart pie{"types", "Types", ChartKind::pie, {"a"}, {{"n", {1}}}};
  const Chart empty{"none", "None", ChartKind::pie, {}, {{"n", {}}}};
  const auto book = read_spreadsheet(file_of({every_kind()}, {{}}, xlsx(), given_cover(), {bars, pie, empty}));
  const auto& sheet = book.at("sheets").at(1);
  BOOST_TEST(text(sheet.at("name")) == "Charts");
  BOOST_TEST(sheet.at("charts").as_int64() == 2);
  BOOST_TEST(cell(sheet, 2, 2).at("value").to_number<double>() == 3.0);
}

BOOST_AUTO_TEST_CASE(the_same_rows_give_the_same_bytes) {
  const auto once = file_of({every_kind()}, {{every_value()}}, xlsx());
  BOOST_TEST((once.bytes == file_of({every_kind()}, {{every_value()}}, xlsx()).bytes));
}

BOOST_AUTO_TEST_CASE(a_writer_that_is_dropped_in_the_middle_hands_over_nothing) {
  std::string bytes;
  const auto cover = given_cover();
  const std::vector<Section> sections{every_kind()};
  {
    const auto writer = xlsx()([&](std::string_view part) { bytes += part; });
    writer->begin(cover, sections);
    writer->section(0);
    writer->row(every_value());
  }
  BOOST_TEST(bytes.empty());
}

BOOST_AUTO_TEST_SUITE_END()
