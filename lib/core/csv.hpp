#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace visitor {

struct CsvRow {
  int line = 0;  ///< that the row begins in, from 1
  std::vector<std::string> fields;
};

struct CsvLimits {
  std::size_t rows = 10'000;
  std::size_t fields = 64;  ///< of a row
  std::size_t field_bytes = 4096;
};

/// The rows of a table as spreadsheets write it: fields between commas, semicolons or tabs (whichever the first line
/// has most of), where need be in quotes that are doubled inside; lines end with LF or CRLF. A byte order mark is
/// dropped, and so are rows in which nothing stands. Bytes stay as they are: whether they are UTF-8 is for the caller
/// to see. \throws Error usage  a quote is never closed or something follows it, a limit is passed, or this is UTF-16;
/// the message
///                      begins with "line 3: "
/// Source: RFC 4180.
std::vector<CsvRow> parse_csv(std::string_view text, const CsvLimits& limits = {});

}  // namespace visitor
