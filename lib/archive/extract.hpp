#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "archive/bytes.hpp"
#include "archive/dump_reader.hpp"

namespace visitor::archive {

/// Which rows of a dump are wanted.
struct Selection {
  /// Of the schema public; "access_event" means its partitions, too. Empty: any that has the column of a condition.
  std::string table;
  /// Column and value, all of which must hold; an empty value also means NULL.
  std::vector<std::pair<std::string, std::string>> where;
};

/// A row: its columns in the order of the table, NULL as nothing.
using ExtractedRow = std::vector<std::optional<std::string>>;

/// Hands out the rows of a dump that one of \p selections wants, table by table, in their order in the dump.
/// \throws Error not_found  a table that was named is not there, or has no such column
/// \throws Error integrity  the dump is damaged; every row handed out before that is as it was written
void extract_rows(Source& dump, std::span<const Selection> selections,
                  const std::function<void(const DumpedTable&, const ExtractedRow&)>& use);

}  // namespace visitor::archive
