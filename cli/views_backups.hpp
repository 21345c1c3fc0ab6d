#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/backup_prune.hpp"
#include "app/backup_watch.hpp"
#include "cli/json_writer.hpp"
#include "cli/table.hpp"

/// How backups look that are kept and watched; the rest stands in cli/views.hpp.
namespace visitor::cli {

/// "12.3 MiB", or the number of bytes for programs.
Cell bytes_cell(std::int64_t bytes);

/// A line of 'backup status'.
struct CopyRow {
  const store::BackupCopy& copy;
  Instant now;
};
void write(JsonWriter& json, const CopyRow& row);
Table copy_table(const std::vector<CopyRow>& rows, const std::string& time_zone);

void write(JsonWriter& json, const app::PruneItem& item);
/// \param planned  nothing has been removed yet
Table prune_table(const std::vector<app::PruneItem>& items, bool planned, const std::string& time_zone);

/// What a simulation leaves.
struct FutureCopy {
  const archive::Copy& copy;
  const archive::Verdict& verdict;
};
void write(JsonWriter& json, const FutureCopy& row);
Table future_table(const std::vector<FutureCopy>& rows, const std::string& time_zone);

}  // namespace visitor::cli
