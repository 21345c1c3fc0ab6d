#include "cli/views_backups.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/views.hpp"
#include "core/zone.hpp"

namespace visitor::cli {
namespace {

std::string state_of(const store::BackupCopy& copy) {
  if (!copy.problem.empty()) return copy.problem;
  return copy.held_reason.empty() ? "" : "on hold: " + copy.held_reason;
}

std::string_view fate_of(const app::PruneItem& item, bool planned) {
  if (item.verdict.keep) return "keep";
  if (!item.failure.empty()) return "failed";
  return planned ? "remove" : "removed";
}

std::string reasons(const archive::Verdict& verdict) {
  return fmt::format("{}", fmt::join(verdict.reasons, ", "));
}

void write_reasons(JsonWriter& json, const archive::Verdict& verdict) {
  json.key("reasons").begin_array();
  for (const auto& reason : verdict.reasons) json.value(std::string_view{reason});
  json.end();
}

}  // namespace

Cell bytes_cell(std::int64_t bytes) {
  const auto mib = static_cast<double>(bytes) / (1 << 20);
  return {mib >= 1024 ? fmt::format("{:.1f} GiB", mib / 1024) : fmt::format("{:.1f} MiB", mib), std::to_string(bytes)};
}

void write(JsonWriter& json, const CopyRow& row) {
  const auto& copy = row.copy;
  json.begin_object().member("backup", std::string_view{copy.backup}).member("target", std::string_view{copy.target});
  json.member("started_at", copy.started_at).member("ended_at", copy.ended_at).member("bytes", copy.bytes);
  json.member("age_seconds", static_cast<std::int64_t>(
                                 std::chrono::duration_cast<std::chrono::seconds>(row.now - copy.started_at).count()));
  json.member("verified_at", copy.verified_at).text_member("verified_level", copy.verified_level);
  json.member("restored_at", copy.restored_at).member("restore_seconds", copy.restore_seconds);
  json.text_member("problem", copy.problem).text_member("held_reason", copy.held_reason).end();
}

Table copy_table(const std::vector<CopyRow>& rows, const std::string& time_zone) {
  Table table{{{"Backup"},
               {"Age", Column::Align::right},
               {"Where", {}, Column::Fit::give},
               {"Size", Column::Align::right},
               {"Verified"},
               {"Restored"},
               {"Remark", {}, Column::Fit::give}}};
  for (const auto& [copy, now] : rows)
    table.add({copy.backup,
               span_cell(std::chrono::duration_cast<std::chrono::seconds>(now - copy.started_at)),
               copy.target,
               bytes_cell(copy.bytes),
               copy.verified_at ? time_cell(copy.verified_at, time_zone) : Cell{"never", Tone::warning},
               copy.restored_at ? time_cell(copy.restored_at, time_zone) : Cell{"never", Tone::faint},
               {state_of(copy), copy.problem.empty() ? Tone::plain : Tone::bad}});
  return table;
}

void write(JsonWriter& json, const app::PruneItem& item) {
  const auto& copy = item.copy;
  json.begin_object().member("backup", std::string_view{copy.backup}).member("target", std::string_view{copy.target});
  json.member("started_at", copy.started_at).member("bytes", copy.bytes).member("verified_at", copy.verified_at);
  json.member("keep", item.verdict.keep);
  write_reasons(json, item.verdict);
  json.text_member("failure", item.failure).end();
}

Table prune_table(const std::vector<app::PruneItem>& items, bool planned, const std::string& time_zone) {
  Table table{{{"Backup"},
               {"Begun"},
               {"Where", {}, Column::Fit::give},
               {"Size", Column::Align::right},
               {"What"},
               {"Why", {}, Column::Fit::give}}};
  for (const auto& item : items) {
    const auto fate = fate_of(item, planned);
    table.add({item.copy.backup, time_cell(item.copy.started_at, time_zone), item.copy.target,
               bytes_cell(item.copy.bytes),
               Cell{std::string{fate}, fate == "keep"     ? Tone::good
                                       : fate == "failed" ? Tone::bad
                                                          : Tone::faint},
               item.failure.empty() ? reasons(item.verdict) : item.failure});
  }
  return table;
}

void write(JsonWriter& json, const FutureCopy& row) {
  json.begin_object().member("target", std::string_view{row.copy.target});
  json.member("started_at", row.copy.started_at).member("exists", !row.copy.backup.empty());
  write_reasons(json, row.verdict);
  json.end();
}

Table future_table(const std::vector<FutureCopy>& rows, const std::string& time_zone) {
  Table table{{{"Begun"}, {"Where", {}, Column::Fit::give}, {"Backup"}, {"Why", {}, Column::Fit::give}}};
  for (const auto& [copy, verdict] : rows)
    table.add({time_cell(copy.started_at, time_zone), copy.target,
               copy.backup.empty() ? Cell{"to come", Tone::faint} : Cell{copy.backup}, reasons(verdict)});
  return table;
}

}  // namespace visitor::cli
