#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/instant.hpp"
#include "core/zone.hpp"
#include "domain/language.hpp"

/// What a report consists of, for writers of every format: a cover, sections of rows below one heading, and charts.
namespace visitor::report {

/// A name in both languages.
struct Label {
  std::string_view english;
  std::string_view russian;

  std::string_view in(domain::Language language) const {
    return language == domain::Language::russian ? russian : english;
  }
  bool empty() const { return english.empty(); }
};

/// What a column's cells hold.
enum class Kind {
  text,     ///< std::string_view; a text whatever it looks like
  word,     ///< std::string_view, one of a closed list: programs get it as it is, people get its label
  integer,  ///< std::int64_t
  real,     ///< double
  yes_no,   ///< bool
  moment,   ///< Instant; shown in the zone of the cover
  date,     ///< std::chrono::year_month_day
  span      ///< std::chrono::seconds
};

/// One value, or std::monostate where there is none. Texts are views that need only last for the call they are handed
/// to; they may hold any bytes.
using Cell = std::variant<std::monostate, std::string_view, std::int64_t, double, bool, Instant,
                          std::chrono::year_month_day, std::chrono::seconds>;

/// The label of a word; of one that is not known, the word.
using Words = std::string_view (*)(std::string_view word, domain::Language language);

template <class E>
std::string_view label_of(std::string_view word, domain::Language language) {
  const auto value = domain::find_named<E>(word);
  return value ? domain::label(*value, language) : word;
}

struct Column {
  std::string_view key;  ///< stable snake_case, with its unit where it has one: "stay_seconds"
  Kind kind = Kind::text;
  Label label;
  int width = 12;         ///< characters that a usual value takes
  Label unit = {};        ///< "persons", "ms"; shown beside the label
  Words words = nullptr;  ///< of Kind::word
  bool masked = false;    ///< what is in it is not all that is known; the label says so
};

/// The heading of \p column for people: its label, with the unit and that it is masked in brackets.
std::string heading(const Column& column, domain::Language language);

/// Rows below one heading: a sheet of a spreadsheet.
struct Section {
  std::string_view key;  ///< "check_ins"; may name a sheet: 31 characters at most
  Label title;
  std::vector<Column> columns;
};

/// Who made the file of what.
struct Cover {
  std::string report;  ///< "visits"
  std::string title;   ///< in the language of the file
  std::string who;     ///< login of who asked
  Instant made_at;     ///< also the file's own time of making; SOURCE_DATE_EPOCH sets it
  Zone zone = Zone::utc();
  domain::Language language = domain::Language::english;
  /// The filter in words, in the language of the file: {"Department", "Sales"}.
  std::vector<std::pair<std::string, std::string>> filter;
  std::string snapshot;               ///< which moment of the database, as the server names it
  std::vector<std::string> withheld;  ///< what was left out or masked, a sentence each, in the language of the file
};

enum class ChartKind { columns, bars, line, pie };

struct Series {
  std::string name;
  std::vector<double> values;  ///< one for each category
};

/// A chart as data. A pie has one series.
struct Chart {
  std::string key;  ///< "by_hour"
  std::string title;
  ChartKind kind = ChartKind::columns;
  std::vector<std::string> categories;
  std::vector<Series> series;
};

}  // namespace visitor::report
