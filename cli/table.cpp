#include "cli/table.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/text.hpp"

namespace visitor::cli {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kLeastColumn = 8;
constexpr std::size_t kNarrow = 40;  // columns of a terminal that is no place for a table

std::string_view escape_of(Tone tone) {
  switch (tone) {
    case Tone::good:
      return "\x1b[32m";
    case Tone::warning:
      return "\x1b[33m";
    case Tone::bad:
      return "\x1b[31m";
    case Tone::faint:
      return "\x1b[2m";
    case Tone::plain:
      break;
  }
  return {};
}

void drop_blanks_at_the_end(std::string& text) {
  text.erase(text.find_last_not_of(' ') + 1);
}

/// A paragraph of lines "Title: text" for each row.
std::string as_paragraphs(const std::vector<Column>& columns, const std::vector<std::vector<Cell>>& rows,
                          const std::vector<std::vector<std::string>>& texts, bool colour) {
  std::string out;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (r > 0) out += '\n';
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (!texts[r][i].empty()) out += columns[i].title + ": " + toned(texts[r][i], rows[r][i].tone, colour) + "\n";
  }
  return out;
}

}  // namespace

std::string tsv_field(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : clean_utf8(std::string{text})) {
    switch (c) {
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\\':
        out += "\\\\";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string toned(std::string_view text, Tone tone, bool colour) {
  const auto escape = escape_of(tone);
  if (!colour || escape.empty() || text.empty()) return std::string{text};
  return std::string{escape} + std::string{text} + "\x1b[0m";
}

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

void Table::add(std::vector<Cell> cells) {
  if (cells.size() != columns_.size()) throw std::logic_error("Table: a row with the wrong number of cells");
  rows_.push_back(std::move(cells));
}

std::string Table::aligned(std::size_t width, bool colour) const {
  if (rows_.empty()) return {};
  std::vector<std::vector<std::string>> texts;
  texts.reserve(rows_.size());
  std::vector<std::size_t> widths;
  for (const auto& column : columns_) widths.push_back(display_width(column.title));
  for (const auto& row : rows_) {
    auto& line = texts.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      line.push_back(printable(row[i].text));
      widths[i] = std::max(widths[i], display_width(line.back()));
    }
  }

  std::vector<bool> shown(columns_.size(), true);
  if (width > 0) {
    std::size_t total = kGap * (columns_.size() - 1);
    for (const auto one : widths) total += one;
    for (std::size_t i = 1; i < columns_.size() && total > width; ++i) {
      const auto is_empty = [&](const auto& line) { return line[i].empty(); };
      if (columns_[i].fit == Column::Fit::whole || !std::all_of(texts.begin(), texts.end(), is_empty)) continue;
      shown[i] = false;
      total -= widths[i] + kGap;
    }
    // The widest column that may give way gives one place at a time, so that short ones stay whole.
    while (total > width) {
      std::size_t* widest = nullptr;
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (!shown[i] || columns_[i].fit == Column::Fit::whole || widths[i] <= kLeastColumn) continue;
        if (!widest || widths[i] > *widest) widest = &widths[i];
      }
      if (!widest && width < kNarrow) return as_paragraphs(columns_, rows_, texts, colour);
      if (!widest) break;
      --*widest;
      --total;
    }
  }

  std::string out;
  const auto put = [&](std::string& line, std::size_t i, const std::string& text, Tone tone) {
    if (!shown[i]) return;
    const auto fitted = shortened(text, widths[i]);
    const std::string blanks(widths[i] - std::min(widths[i], display_width(fitted)), ' ');
    if (i > 0) line.append(kGap, ' ');
    if (columns_[i].align == Column::Align::right) line += blanks;
    line += toned(fitted, tone, colour);
    if (columns_[i].align == Column::Align::left) line += blanks;
  };
  std::string header;
  for (std::size_t i = 0; i < columns_.size(); ++i) put(header, i, columns_[i].title, Tone::plain);
  drop_blanks_at_the_end(header);
  out += colour ? "\x1b[1m" + header + "\x1b[0m" : header;
  out += '\n';
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) put(line, i, texts[r][i], rows_[r][i].tone);
    drop_blanks_at_the_end(line);
    out += line;
    out += '\n';
  }
  return out;
}

std::string Table::tsv() const {
  std::string out;
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += '\t';
      out += tsv_field(row[i].for_programs());
    }
    out += '\n';
  }
  return out;
}

void Card::add(std::string name, Cell value) {
  lines_.emplace_back(std::move(name), std::move(value));
}

std::string Card::aligned(bool colour) const {
  std::size_t widest = 0;
  for (const auto& [name, value] : lines_)
    if (!value.text.empty()) widest = std::max(widest, display_width(name));
  std::string out;
  for (const auto& [name, value] : lines_) {
    if (value.text.empty()) continue;
    out += name + ":" + std::string(widest - display_width(name) + kGap, ' ') +
           toned(printable(value.text), value.tone, colour) + "\n";
  }
  return out;
}

std::string Card::tsv() const {
  std::string out;
  for (const auto& [name, value] : lines_) {
    auto key = lower(name);
    std::replace(key.begin(), key.end(), ' ', '_');
    std::erase(key, '\'');
    out += tsv_field(key) + "\t" + tsv_field(value.for_programs()) + "\n";
  }
  return out;
}

}  // namespace visitor::cli
