#pragma once

#include <filesystem>
#include <memory>

#include "report/writer.hpp"

namespace visitor::report {

struct XlsxOptions {
  /// Where the sheets lie until the file is put together; they take about ten times its size.
  std::filesystem::path folder = std::filesystem::temp_directory_path();
  std::int64_t rows_a_sheet = 1'048'576;  ///< heading included; Excel holds no more
};

/// A cover sheet; a sheet with the charts and what they are drawn from, where there are any; then a sheet for each
/// section, which continues on further sheets where it is long. The heading stays when scrolling, and has filters.
///
/// Cells are of the type of their column: dates and moments are dates on the clock of the cover's zone (to the second),
/// spans are times, texts are texts whatever they look like. What Excel cannot hold is written as text or replaced, and
/// counted.
/// \throws Error config  libxlsxwriter is not installed; failed  the file cannot be written
std::unique_ptr<Writer> xlsx_writer(Sink sink, XlsxOptions options = {});

}  // namespace visitor::report
