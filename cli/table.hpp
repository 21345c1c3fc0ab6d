#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ids.hpp"
#include "core/text.hpp"

namespace visitor::cli {

/// How a cell looks on a terminal with colour; elsewhere it makes no difference.
enum class Tone { plain, good, warning, bad, faint };

struct Cell {
  Cell(std::string text, Tone tone = Tone::plain) : text(std::move(text)), tone(tone) {}
  Cell(const char* text) : text(text) {}
  Cell(std::string text, std::string piped) : text(std::move(text)), piped(std::move(piped)) {}

  template <class Tag>
  Cell(Id<Tag> id) : text(std::to_string(id.value)) {}

  const std::string& for_programs() const { return piped ? *piped : text; }

  std::string text;
  std::optional<std::string> piped;  ///< for programs, where they want it exact: a time with its offset
  Tone tone = Tone::plain;
};

struct Column {
  enum class Align { left, right };
  enum class Fit {
    whole,  ///< never shortened
    give    ///< gives way, with "…", where the table is wider than the terminal, and goes where all of it is empty
  };
  std::string title;
  Align align = Align::left;
  Fit fit = Fit::whole;
};

/// What a list looks like: for people in aligned columns, for programs as tab-separated values.
class Table {
 public:
  explicit Table(std::vector<Column> columns);

  /// \param cells  one for each column
  void add(std::vector<Cell> cells);
  bool empty() const { return rows_.empty(); }
  std::size_t size() const { return rows_.size(); }

  /// Aligned below a header line; on a terminal too narrow for that, a paragraph a row. Nothing for an empty table.
  /// \param width   of the terminal in columns; 0: as wide as it gets
  /// \param colour  escape sequences may be used
  std::string aligned(std::size_t width, bool colour) const;

  /// A line for each row without a header, fields between tabs. Tab, line feed, carriage return and backslash inside of
  /// a field are written \t, \n, \r, \\.
  std::string tsv() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

/// Names and values of one thing: aligned as "Time zone:  value" for people, "time_zone<TAB>value" for programs.
class Card {
 public:
  /// Values that are empty are left out for people, and empty fields for programs.
  void add(std::string name, Cell value);

  std::string aligned(bool colour) const;
  std::string tsv() const;

 private:
  std::vector<std::pair<std::string, Cell>> lines_;
};

/// \p text as a field of tab-separated values.
std::string tsv_field(std::string_view text);

/// \p text between the escape sequences of \p tone, or as it is without \p colour.
std::string toned(std::string_view text, Tone tone, bool colour);

}  // namespace visitor::cli
