#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "report_support.hpp"

using namespace visitor;
using namespace visitor::report;
using namespace visitor::test;

namespace {

const MakeWriter kPdf = [](Sink sink) { return pdf_writer(std::move(sink)); };

Section people() {
  return {"people",
          {"People", "Люди"},
          {{.key = "id", .kind = Kind::integer, .label = {"ID", "ID"}, .width = 6},
           {.key = "name", .kind = Kind::text, .label = {"Name", "Имя"}, .width = 30},
           {.key = "note", .kind = Kind::text, .label = {"Note", "Заметка"}, .width = 40}}};
}

/// A PDF on disk, and what others say of it.
struct Read : TemporaryFolder {
  explicit Read(const WrittenFile& file) { std::ofstream{name(), std::ios::binary} << file.bytes; }

  std::string name() const { return (path / "file.pdf").string(); }
  std::string run(std::vector<std::string> words) const {
    ProcessOptions options;
    options.argv = std::move(words);
    options.output_limit = std::size_t{16} << 20;
    const auto result = run_process(options);
    BOOST_TEST(result.status == 0, options.argv.front() << ": " << result.err << result.out);
    return result.out;
  }
  std::string text() const { return run({"pdftotext", "-layout", name(), "-"}); }
  std::string info() const { return run({"pdfinfo", name()}); }
  void check() const { run({"qpdf", "--check", name()}); }
  bool says(std::string_view wanted) const { return text().find(wanted) != std::string::npos; }
};

std::size_t count_of(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + what.size())) ++count;
  return count;
}

Chart given_chart(ChartKind kind) {
  return {fmt::format("chart{}", static_cast<int>(kind)),
          fmt::format("Chart {}", static_cast<int>(kind)),
          kind,
          {"08", "09", "10"},
          {{"In", {1, 12, 3}}, {"Out", {0, 2, 7.5}}}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pdf_writers)

BOOST_AUTO_TEST_CASE(texts_of_every_script_are_read_back_as_they_were_and_every_font_is_embedded) {
  const std::vector<std::string> names{
      "Елена Петрова",  "Әлия Қуанышқызы Ңұғыманова", "Şükrü Öztürk İnan ığ", "محمد عبد الرحمن", "王小明",
      "Zoë 🙂 Smith"};
  Rows rows;
  for (std::size_t i = 0; i < names.size(); ++i)
    rows.push_back({static_cast<std::int64_t>(i) + 1, std::string_view{names[i]}, std::monostate{}});
  const auto file = file_of({people()}, {rows}, kPdf);
  const Read read{file};
  read.check();
  for (const auto& name : names) BOOST_TEST(read.says(name), name << " is not in " << read.text());
  BOOST_TEST(lost(file.written, Loss::missing_glyphs) == 0);

  std::istringstream fonts{read.run({"pdffonts", read.name()})};
  int count = 0;
  for (std::string line; std::getline(fonts, line);) {
    if (line.starts_with("name") || line.starts_with("---")) continue;
    ++count;
    // A subset has six letters and a plus in front of its name.
    BOOST_TEST(line.substr(6, 1) == "+", line);
    BOOST_TEST(line.find(" yes yes yes ") != std::string::npos, line);
  }
  BOOST_TEST(count >= 3);
}

BOOST_AUTO_TEST_CASE(cells_of_every_kind_are_written_for_people) {
  const Read read{file_of({every_kind()}, {{every_value()}}, kPdf)};
  for (const auto* wanted : {"text", "-42", "2.5", "2026-09-01 13:40:00", "1:05:09", "R&D <1>", "Made by: anna"})
    BOOST_TEST(read.says(wanted), wanted << " is not in " << read.text());
}

BOOST_AUTO_TEST_CASE(every_page_has_its_number_of_all_and_the_heads_of_the_table) {
  Rows rows;
  for (int i = 0; i < 200; ++i) rows.push_back({std::int64_t{i}, std::string_view{"Somebody"}, std::monostate{}});
  const Read read{file_of({people()}, {rows}, kPdf)};
  read.check();
  const auto text = read.text();
  const auto pages = count_of(text, "\f");
  BOOST_TEST(pages > 2U);
  for (std::size_t page = 1; page <= pages; ++page)
    BOOST_TEST(count_of(text, fmt::format("page {} of {}\n", page, pages)) == 1U);
  BOOST_TEST(count_of(text, "Note") == pages);
  BOOST_TEST(count_of(text, "Somebody") == 200U);
  BOOST_TEST(count_of(text, "Rows: 200") == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_wider_than_its_column_wraps_and_what_is_higher_than_a_page_goes_on) {
  std::string words, letters(32'000, 'W');
  for (int i = 0; i < 4'000; ++i) words += fmt::format("w{} ", i);
  words += "the end";
  const auto file =
      file_of({people()}, {{{std::int64_t{1}, std::string_view{words}, std::string_view{letters}}}}, kPdf);
  const Read read{file};
  read.check();
  const auto text = read.run({"pdftotext", read.name(), "-"});
  BOOST_TEST(count_of(text, "W") == letters.size());
  for (int i = 0; i < 4'000; i += 111) BOOST_TEST(count_of(text, fmt::format("w{}", i)) >= 1U, i);
  BOOST_TEST(text.find("end") != std::string::npos);
  BOOST_TEST(file.written.total() == 1);
}

BOOST_AUTO_TEST_CASE(wide_tables_lie_and_narrow_ones_stand) {
  BOOST_TEST(Read{file_of({people()}, {{}}, kPdf)}.info().find("595.276 x 841.89") != std::string::npos);
  Section wide{"wide", {"Wide", "Широкий"}, {}};
  for (int i = 0; i < 21; ++i) wide.columns.push_back({.key = "c", .kind = Kind::text, .label = {"Column", "Столбец"}});
  const std::vector<Cell> row(21, Cell{std::string_view{"value"}});
  const Read read{file_of({wide}, {{row}}, kPdf)};
  BOOST_TEST(read.info().find("841.89 x 595.276") != std::string::npos);
  // Each is a page of its own size in one file, too.
  const Read both{file_of({people(), wide}, {{}, {row}}, kPdf)};
  both.check();
  BOOST_TEST(both.info().find("Pages:           2") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(charts_of_every_kind_are_drawn_with_their_titles_and_values) {
  std::vector<Chart> charts;
  for (const auto kind : {ChartKind::columns, ChartKind::bars, ChartKind::line, ChartKind::pie})
    charts.push_back(given_chart(kind));
  const Read read{file_of({people()}, {{}}, kPdf, given_cover(), charts)};
  read.check();
  for (const auto* wanted : {"Chart 0", "Chart 1", "Chart 2", "Chart 3", "In", "Out", "09: 12 (75 %)"})
    BOOST_TEST(read.says(wanted), wanted << " is not in " << read.text());
  // Lines and areas, no pictures.
  BOOST_TEST(count_of(read.run({"pdfimages", "-list", read.name()}), "image") == 0U);
}

BOOST_AUTO_TEST_CASE(more_bars_than_can_be_told_apart_leave_the_largest_and_one_of_all_others) {
  Chart chart{"by_department", "By department", ChartKind::bars, {}, {{"Expected", {}}, {"Came", {}}}};
  double all = 0;
  for (int i = 0; i < 24; ++i) {
    chart.categories.push_back(fmt::format("Department {:02}", i));
    chart.series[0].values.push_back(i == 5 ? 900 : i);
    chart.series[1].values.push_back(0);
    all += chart.series[0].values.back();
  }
  const Read read{file_of({people()}, {{}}, kPdf, given_cover(), {chart})};
  const auto text = read.text();
  BOOST_TEST(count_of(text, "Department ") >= 8U);
  BOOST_TEST(count_of(text, "Department ") <= 14U);
  BOOST_TEST(read.says("Department 05"));
  BOOST_TEST(read.says("Department 23"));
  BOOST_TEST(!read.says("Department 00"));
  const auto others = 24 - count_of(text, "Department ");
  BOOST_TEST(read.says(fmt::format("Others ({})", others)));
  auto russian = given_cover();
  russian.language = domain::Language::russian;
  BOOST_TEST(Read(file_of({people()}, {{}}, kPdf, russian, {chart})).says("Прочие ("));

  // Nothing is lost: what is shown adds up to what there was.
  double shown = 0;
  for (int i = 0; i < 24; ++i)
    if (read.says(fmt::format("Department {:02}", i))) shown += chart.series[0].values[static_cast<std::size_t>(i)];
  BOOST_TEST(read.says(fmt::format("{:g}", all - shown)));
}

BOOST_AUTO_TEST_CASE(names_of_many_columns_stand_apart) {
  Chart chart{"by_day", "By day", ChartKind::columns, {}, {{"Came", {}}}};
  for (int day = 1; day <= 30; ++day) {
    chart.categories.push_back(fmt::format("2026-09-{:02}", day));
    chart.series[0].values.push_back(day);
  }
  const Read read{file_of({people()}, {{}}, kPdf, given_cover(), {chart})};
  // A word is what has a gap on both sides.
  const auto boxes = read.run({"pdftotext", "-bbox", read.name(), "-"});
  const auto whole = count_of(boxes, ">2026-09-");
  BOOST_TEST(whole >= 4U);
  BOOST_TEST(whole <= 15U);
  BOOST_TEST(read.says("2026-09-01"));
}

BOOST_AUTO_TEST_CASE(charts_of_nothing_and_of_what_is_no_number_do_no_harm) {
  const auto nan = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();
  for (const auto kind : {ChartKind::columns, ChartKind::bars, ChartKind::line, ChartKind::pie}) {
    auto odd = given_chart(kind);
    odd.series[0].values = {nan, infinite, -3};
    odd.series[1].values = {};
    const Chart nothing{"none", "None", kind, {}, {}};
    Read{file_of({people()}, {{}}, kPdf, given_cover(), {odd, nothing})}.check();
  }
}

BOOST_AUTO_TEST_CASE(control_characters_and_broken_bytes_are_replaced_and_counted) {
  const auto file = file_of({people()},
                            {{{std::int64_t{1}, std::string_view{"a\x01z"}, std::string_view{"b\xFFy"}},
                              {std::int64_t{2}, std::string_view{"line\nfeed"}, std::string_view{"good"}}}},
                            kPdf);
  BOOST_TEST(lost(file.written, Loss::control_characters) == 1);
  BOOST_TEST(lost(file.written, Loss::broken_text) == 1);
  const Read read{file};
  read.check();
  BOOST_TEST(read.says("a\uFFFDz"));
  BOOST_TEST(read.says("Control characters were replaced in 1 cells"));
}

BOOST_AUTO_TEST_CASE(the_document_says_what_it_is_and_has_an_outline_and_structure) {
  auto cover = given_cover();
  cover.title = "История визитов";
  cover.language = domain::Language::russian;
  cover.withheld = {"Номера документов скрыты."};
  const Read read{file_of({people()}, {{{std::int64_t{1}, std::string_view{"Елена"}, std::monostate{}}}}, kPdf, cover)};
  const auto info = read.info();
  for (const auto* wanted : {"Title:           История визитов", "Author:          anna", "Creator:         visitor "})
    BOOST_TEST(info.find(wanted) != std::string::npos, info);
  BOOST_TEST(read.says("Номера документов скрыты."));
  BOOST_TEST(read.says("стр. 1 из 1"));
  const auto structure = read.run({"pdfinfo", "-struct", read.name()});
  for (const auto* element : {"H1", "Table", "TR", "TH", "TD"})
    BOOST_TEST(structure.find(element) != std::string::npos, structure);
  const auto plain = read.run({"qpdf", "--qdf", "--object-streams=disable", read.name(), "-"});
  BOOST_TEST(plain.find("/Type /Outlines") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_same_calls_give_the_same_bytes) {
  const Rows rows{{std::int64_t{1}, std::string_view{"Елена"}, std::string_view{"🙂 中文"}}};
  const auto make = [&] {
    return file_of({people()}, {rows}, kPdf, given_cover(), {given_chart(ChartKind::pie)}).bytes;
  };
  BOOST_TEST((make() == make()));
}

BOOST_AUTO_TEST_CASE(a_report_without_rows_says_so) {
  const Read read{file_of({people()}, {{}}, kPdf)};
  read.check();
  BOOST_TEST(read.says("Nothing."));
  BOOST_TEST(read.says("Rows: 0"));
}

BOOST_AUTO_TEST_CASE(what_the_sink_throws_comes_out) {
  struct Full {};
  const auto writer = pdf_writer([](std::string_view) { throw Full{}; });
  const auto cover = given_cover();
  const std::vector<Section> sections{people()};
  writer->begin(cover, sections);
  writer->section(0);
  BOOST_CHECK_THROW(writer->finish(), Full);
}

BOOST_AUTO_TEST_SUITE_END()
