#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "report/table.hpp"

namespace visitor::report {

enum class Format { xlsx, pdf, csv, json, jsonl, html };

/// What a format could not hold as it was, and was replaced. Counted in cells.
enum class Loss {
  broken_text,         ///< bytes that are no UTF-8 became U+FFFD
  control_characters,  ///< became U+FFFD
  long_text,           ///< cut at what a cell holds
  code_page,           ///< characters that the code page lacks became "?"
  guarded,             ///< a text that a spreadsheet would run as a formula got an apostrophe in front
  date_as_text,        ///< a date or moment outside of what the format calls a date
  number_as_text,      ///< a number that is none there: infinite, or too long
  missing_glyphs       ///< no installed font has the character
};
using Losses = std::array<std::int64_t, 8>;  ///< by Loss

/// What was written.
struct Written {
  std::vector<std::int64_t> rows;  ///< of each section
  Losses losses{};

  std::int64_t total() const;
};

/// Takes the bytes of the file as they come. What it throws ends the writing.
using Sink = std::function<void(std::string_view)>;

/// Writes one file in memory that does not grow with the rows.
///
/// Called in this order: begin(), each chart(), then for each section section() and its rows, finish(). Sections come
/// in the order of begin(), each once, also where they have no rows. Without finish() what the sink has got is no
/// whole file, and the writer can only be destroyed.
///
/// The same calls give the same bytes.
class Writer {
 public:
  Writer() = default;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  virtual ~Writer() = default;

  /// \param cover, sections  outlive the writer
  virtual void begin(const Cover& cover, std::span<const Section> sections) = 0;
  virtual void chart(const Chart& chart) = 0;
  virtual void section(std::size_t index) = 0;
  /// \param cells  one for each column of the section
  virtual void row(std::span<const Cell> cells) = 0;
  virtual Written finish() = 0;
};

struct CsvOptions {
  bool bom = false;    ///< a byte order mark in front
  bool excel = false;  ///< for Excel: "sep=;" in front, semicolons, decimal commas, Windows-1251
  bool guard = true;   ///< what a spreadsheet would run as a formula gets an apostrophe in front
};

// One file each. The sink outlives the writer.

/// RFC 4180: a line of headings, then the rows. Where there are several sections, each has its title in a line of its
/// own, with an empty line between them. Charts are left out.
std::unique_ptr<Writer> csv_writer(Sink sink, const CsvOptions& options = {});
/// One object: the cover, the columns and rows of each section, the charts. Moments are in UTC, spans in seconds, words
/// as programs know them.
std::unique_ptr<Writer> json_writer(Sink sink);
/// An object a line for each row; "section" is its first member where there are several. Charts are left out.
std::unique_ptr<Writer> jsonl_writer(Sink sink);
/// One page that needs nothing else and runs nothing: the cover, charts as bars, a table for each section.
std::unique_ptr<Writer> html_writer(Sink sink);
/// Pages of A4, upright or lying as the columns need it: the cover, charts, tables whose heads stand on every page, and
/// the number of each page of all. Cells wrap; a row that is higher than a page goes on on the next one. Fonts are
/// embedded; up to 20,000 cells are tagged, so that what reads aloud knows a table. Rows wait in a file without a name
/// in the folder for temporary files, until the number of pages is known.
std::unique_ptr<Writer> pdf_writer(Sink sink);

}  // namespace visitor::report

namespace visitor::domain {
template <>
std::span<const Name<report::Format>> names();
/// The labels say of how many cells it is: "{}" stands for their number.
template <>
std::span<const Name<report::Loss>> names();
}  // namespace visitor::domain
