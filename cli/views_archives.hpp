#pragma once

#include <string>
#include <vector>

#include "app/backup_plan.hpp"
#include "app/backups.hpp"
#include "app/restore.hpp"
#include "cli/json_writer.hpp"
#include "cli/table.hpp"

/// How backups look; the rest stands in cli/views.hpp.
namespace visitor::cli {

void write(JsonWriter& json, const app::BackupListed& listed);
void write(JsonWriter& json, const archive::BackupMade& made);
void write(JsonWriter& json, const archive::Manifest& manifest);
void write(JsonWriter& json, const app::BackupVerified& verified);
void write(JsonWriter& json, const app::Restored& restored);
void write(JsonWriter& json, const app::BackupPlan& plan);

Table backup_table(const std::vector<app::BackupListed>& rows, const std::string& time_zone);
Table verified_table(const std::vector<app::BackupVerified>& rows);
Card card_of(const archive::Manifest& manifest, const std::string& time_zone);
Card card_of(const app::BackupPlan& plan);

}  // namespace visitor::cli
