#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <random>
#include <sstream>

#include "report/xlsx_writer.hpp"
#include "report_support.hpp"

using namespace visitor;
using namespace visitor::report;
using namespace visitor::test;

namespace {

constexpr int kRows = 400;

/// Anything: characters of every script, control characters, surrogates as JSON's escapes leave them behind, bytes that
/// are nothing at all, formulas, markup, and now and then more than a cell holds.
class Hostile {
 public:
  std::string text() {
    static const std::vector<std::string> kParts{"abc",
                                                 "Привет",
                                                 "Әлия",
                                                 "İstanbul",
                                                 "مرحبا",
                                                 "中文",
                                                 "🙂",
                                                 std::string("\0", 1),
                                                 "\x01",
                                                 "\x1b[31m",
                                                 "\x7f",
                                                 "\r\n",
                                                 "\r",
                                                 "\t",
                                                 "\"",
                                                 "'",
                                                 ",",
                                                 ";",
                                                 "=1+1",
                                                 "+",
                                                 "-",
                                                 "@",
                                                 "＝",
                                                 "<script>",
                                                 "]]>",
                                                 "&amp;",
                                                 "_x0041_",
                                                 "\xED\xA0\x80",
                                                 "\xED\xBF\xBF",
                                                 "\xC0\x80",
                                                 "\xFF",
                                                 "\xF0\x9F",
                                                 "\xEF\xBF\xBE",
                                                 "\xEF\xBF\xBF",
                                                 "\u202E"};
    std::string all;
    for (auto left = number(0, 12); left > 0; --left) all += kParts[number(0, kParts.size() - 1)];
    if (number(0, 60) == 0) all += std::string(32'767 - std::min<std::size_t>(all.size(), 5), 'x');
    return all;
  }
  Instant moment() { return Instant{std::chrono::seconds{signed_number(-400'000'000'000, 400'000'000'000)}}; }
  std::chrono::seconds span() { return std::chrono::seconds{signed_number(-100'000, 400'000'000)}; }
  std::int64_t integer() { return signed_number(std::numeric_limits<std::int64_t>::min(), INT64_MAX) >> number(0, 60); }
  double real() {
    switch (number(0, 4)) {
      case 0:
        return std::numeric_limits<double>::infinity();
      case 1:
        return std::nan("");
      default:
        return static_cast<double>(integer()) / 7;
    }
  }

 private:
  std::size_t number(std::size_t least, std::size_t most) {
    return std::uniform_int_distribution<std::size_t>{least, most}(random_);
  }
  std::int64_t signed_number(std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>{least, most}(random_);
  }
  std::mt19937_64 random_{20'261'123};  // the same each time
};

struct HostileTable {
  std::vector<std::string> texts;
  Rows rows;
  Section section{"hostile",
                  {"Hostile", "Враждебное"},
                  {{.key = "text", .label = {"Text", "Текст"}},
                   {.key = "moment", .kind = Kind::moment, .label = {"Moment", "Момент"}},
                   {.key = "span", .kind = Kind::span, .label = {"Span", "Срок"}},
                   {.key = "integer", .kind = Kind::integer, .label = {"Integer", "Целое"}},
                   {.key = "real", .kind = Kind::real, .label = {"Real", "Дробное"}}}};

  HostileTable() {
    Hostile hostile;
    for (int i = 0; i < kRows; ++i) texts.push_back(hostile.text());
    for (const auto& text : texts)
      rows.push_back({std::string_view{text}, hostile.moment(), hostile.span(), hostile.integer(), hostile.real()});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hostile_cells, HostileTable)

BOOST_AUTO_TEST_CASE(every_format_takes_them_and_says_what_it_replaced) {
  const std::vector<std::pair<Format, MakeWriter>> writers{
      {Format::csv, csv()},
      {Format::pdf, [](Sink sink) { return pdf_writer(std::move(sink)); }},
      {Format::json, [](Sink sink) { return json_writer(std::move(sink)); }},
      {Format::jsonl, [](Sink sink) { return jsonl_writer(std::move(sink)); }},
      {Format::html, [](Sink sink) { return html_writer(std::move(sink)); }},
      {Format::xlsx, [](Sink sink) { return xlsx_writer(std::move(sink)); }}};
  for (const auto& [format, make] : writers) {
    BOOST_TEST_CONTEXT(domain::name(format)) {
      const auto file = file_of({section}, {rows}, make);
      BOOST_TEST(file.written.total() == kRows);
      BOOST_TEST(lost(file.written, Loss::broken_text) > 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(json_stays_json_and_html_has_no_markup_of_theirs) {
  const auto object = file_of({section}, {rows}, [](Sink sink) { return json_writer(std::move(sink)); });
  const auto root = boost::json::parse(object.bytes);
  BOOST_TEST(root.at("sections").at(0).at("rows").as_array().size() == static_cast<std::size_t>(kRows));
  const auto page = file_of({section}, {rows}, [](Sink sink) { return html_writer(std::move(sink)); });
  BOOST_TEST(page.bytes.find("<script") == std::string::npos);
  BOOST_TEST(page.bytes.find('\x1b') == std::string::npos);
  BOOST_TEST(page.bytes.ends_with("</html>\n"));
}

BOOST_AUTO_TEST_CASE(another_program_opens_the_spreadsheet_and_counts_the_rows) {
  const auto file = file_of({section}, {rows}, [](Sink sink) { return xlsx_writer(std::move(sink)); });
  BOOST_TEST(lost(file.written, Loss::control_characters) > 0);
  BOOST_TEST(lost(file.written, Loss::long_text) > 0);
  BOOST_TEST(lost(file.written, Loss::date_as_text) > 0);
  BOOST_TEST(lost(file.written, Loss::number_as_text) > 0);
  const auto book = read_spreadsheet(file);
  BOOST_TEST(book.at("sheets").at(1).at("rows").as_array().size() == static_cast<std::size_t>(kRows) + 1);
}

BOOST_AUTO_TEST_SUITE_END()
