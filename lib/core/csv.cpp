#include "core/csv.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"

namespace visitor {
namespace {

[[noreturn]] void refuse(int line, const std::string& why) {
  throw Error(Errc::usage, fmt::format("line {}: {}", line, why), "Save the table as CSV in UTF-8.");
}

char separator_of(std::string_view text) {
  char best = ',';
  std::ptrdiff_t most = 0;
  const auto head = text.substr(0, text.find('\n'));
  for (const char candidate : {',', ';', '\t'}) {
    const auto count = std::count(head.begin(), head.end(), candidate);
    if (count > most) {
      most = count;
      best = candidate;
    }
  }
  return best;
}

class Parser {
 public:
  Parser(std::string_view text, const CsvLimits& limits)
      : rest_(text), limits_(limits), separator_(separator_of(text)) {}

  std::vector<CsvRow> run() {
    std::vector<CsvRow> rows;
    while (!rest_.empty()) {
      auto row = next();
      if (std::all_of(row.fields.begin(), row.fields.end(), [](const auto& field) { return field.empty(); })) continue;
      if (rows.size() == limits_.rows) refuse(row.line, fmt::format("there are more than {} rows", limits_.rows));
      rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  CsvRow next() {
    CsvRow row;
    row.line = line_;
    do {
      if (row.fields.size() == limits_.fields)
        refuse(line_, fmt::format("there are more than {} fields", limits_.fields));
      row.fields.push_back(!rest_.empty() && rest_.front() == '"' ? quoted() : plain());
    } while (take(separator_));
    take('\r');
    if (take('\n'))
      ++line_;
    else if (!rest_.empty())
      refuse(line_, "something follows a closing quote");
    return row;
  }

  std::string plain() {
    const char stops[] = {separator_, '\n'};
    const auto end = std::min(rest_.find_first_of(std::string_view{stops, sizeof stops}), rest_.size());
    auto field = rest_.substr(0, end);
    const bool ends_line = end == rest_.size() || rest_[end] == '\n';
    if (ends_line && field.ends_with('\r')) field.remove_suffix(1);
    rest_.remove_prefix(field.size());
    return bounded(std::string{field});
  }

  std::string quoted() {
    const int opened = line_;
    rest_.remove_prefix(1);
    std::string field;
    for (;;) {
      const auto end = rest_.find('"');
      if (end == std::string_view::npos) refuse(opened, "a quote is never closed");
      const auto part = rest_.substr(0, end);
      line_ += static_cast<int>(std::count(part.begin(), part.end(), '\n'));
      field += part;
      rest_.remove_prefix(end + 1);
      if (!take('"')) return bounded(std::move(field));
      field += '"';
    }
  }

  std::string bounded(std::string field) const {
    if (field.size() > limits_.field_bytes)
      refuse(line_, fmt::format("a field has more than {} bytes", limits_.field_bytes));
    return field;
  }

  bool take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view rest_;
  const CsvLimits& limits_;
  char separator_;
  int line_ = 1;
};

}  // namespace

std::vector<CsvRow> parse_csv(std::string_view text, const CsvLimits& limits) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) refuse(1, "this is UTF-16");
  return Parser{text, limits}.run();
}

}  // namespace visitor
