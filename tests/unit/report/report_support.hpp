#pragma once

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "core/process.hpp"
#include "domain/visit.hpp"
#include "report/writer.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

namespace visitor::test {

/// A file as a writer left it.
struct WrittenFile {
  std::string bytes;
  report::Written written;
};

using MakeWriter = std::function<std::unique_ptr<report::Writer>(report::Sink)>;
using Rows = std::vector<std::vector<report::Cell>>;

inline report::Cover given_cover() {
  report::Cover cover;
  cover.report = "visits";
  cover.title = "Visits";
  cover.who = "anna";
  cover.made_at = at("2026-09-01T08:40:00Z");
  cover.zone = Zone::named("Asia/Almaty");
  cover.filter = {{"Department", "R&D <1>"}};
  cover.snapshot = "00000003-0000001B-1";
  return cover;
}

/// \param rows  of each section
inline WrittenFile file_of(const std::vector<report::Section>& sections, const std::vector<Rows>& rows,
                           const MakeWriter& make, const report::Cover& cover = given_cover(),
                           const std::vector<report::Chart>& charts = {}) {
  WrittenFile file;
  const auto writer = make([&](std::string_view bytes) { file.bytes += bytes; });
  writer->begin(cover, sections);
  for (const auto& chart : charts) writer->chart(chart);
  for (std::size_t i = 0; i < sections.size(); ++i) {
    writer->section(i);
    for (const auto& row : rows[i]) writer->row(row);
  }
  file.written = writer->finish();
  return file;
}

inline MakeWriter csv() {
  return [](report::Sink sink) { return report::csv_writer(std::move(sink)); };
}

inline std::int64_t lost(const report::Written& written, report::Loss loss) {
  return written.losses[static_cast<std::size_t>(loss)];
}

/// What openpyxl reads out of a spreadsheet, as tests/support/read_xlsx.py prints it.
inline boost::json::value read_spreadsheet(const WrittenFile& file) {
  const TemporaryFolder folder;
  const auto path = folder.path / "file.xlsx";
  std::ofstream{path, std::ios::binary} << file.bytes;
  ProcessOptions reader;
  reader.argv = {"/usr/bin/python3", VISITOR_SOURCE_DIR "/tests/support/read_xlsx.py", path.string()};
  reader.output_limit = std::size_t{64} << 20;
  const auto read = run_process(reader);
  BOOST_REQUIRE_MESSAGE(read.status == 0, read.err);
  return boost::json::parse(read.out);
}

/// A column of each kind, and one that is empty.
inline report::Section every_kind() {
  using report::Kind;
  return {
      "kinds",
      {"Kinds", "Виды"},
      {{.key = "text", .kind = Kind::text, .label = {"Text", "Текст"}},
       {.key = "word", .kind = Kind::word, .label = {"Word", "Слово"}, .words = report::label_of<domain::VisitStatus>},
       {.key = "integer", .kind = Kind::integer, .label = {"Integer", "Целое"}},
       {.key = "real", .kind = Kind::real, .label = {"Real", "Дробное"}, .unit = {"ms", "мс"}},
       {.key = "yes_no", .kind = Kind::yes_no, .label = {"Truth", "Истина"}},
       {.key = "moment", .kind = Kind::moment, .label = {"Moment", "Момент"}},
       {.key = "date", .kind = Kind::date, .label = {"Date", "Дата"}},
       {.key = "span", .kind = Kind::span, .label = {"Span", "Длительность"}},
       {.key = "empty", .kind = Kind::text, .label = {"Empty", "Пусто"}}}};
}

inline std::vector<report::Cell> every_value() {
  using namespace std::chrono_literals;
  return {std::string_view{"text"},
          std::string_view{"AWAITING"},
          std::int64_t{-42},
          2.5,
          true,
          at("2026-09-01T08:40:00Z"),
          std::chrono::year_month_day{std::chrono::year{2026}, std::chrono::month{9}, std::chrono::day{1}},
          std::chrono::seconds{1h + 5min + 9s},
          std::monostate{}};
}

}  // namespace visitor::test
