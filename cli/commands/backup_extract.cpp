#include <fmt/format.h>

#include "archive/extract.hpp"
#include "cli/backup_commands.hpp"
#include "cli/backup_options.hpp"
#include "cli/record.hpp"
#include "cli/step_up.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string id;
  std::string table;
  std::vector<std::string> where;
  std::optional<VisitId> visit;
  std::vector<std::string> from;
  std::optional<std::filesystem::path> key;
  std::optional<std::filesystem::path> code_file;
};

std::vector<archive::Selection> selections(const Options& options) {
  if (options.visit) {
    if (!options.table.empty() || !options.where.empty())
      throw Error(Errc::usage, "--visit asks for everything of one visit, and goes with neither --table nor --where");
    const auto number = fmt::to_string(options.visit->value);
    return {{"visit", {{"id", number}}}, {"", {{"visit_id", number}}}};
  }
  if (options.table.empty())
    throw Error(Errc::usage, "say what to take out", "Name a table with --table, or a visit with --visit.");
  archive::Selection selection{options.table, {}};
  for (const auto& condition : options.where) {
    const auto equals = condition.find('=');
    if (equals == std::string::npos || equals == 0)
      throw Error(Errc::usage, fmt::format("'{}' is no condition", condition), "Write it as COLUMN=VALUE.");
    selection.where.emplace_back(condition.substr(0, equals), condition.substr(equals + 1));
  }
  return {selection};
}

/// Source: RFC 4180; NULL is an empty field, and an empty text two quotes.
std::string csv_line(const archive::ExtractedRow& row) {
  std::string line;
  for (std::size_t n = 0; n < row.size(); ++n) {
    if (n > 0) line += ',';
    if (!row[n]) continue;
    const auto& text = *row[n];
    if (!text.empty() && text.find_first_of(",\"\r\n") == std::string::npos) {
      line += text;
      continue;
    }
    line += '"';
    for (const char c : text) {
      if (c == '"') line += c;
      line += c;
    }
    line += '"';
  }
  return line + "\n";
}

std::string json_line(const archive::DumpedTable& table, const archive::ExtractedRow& row) {
  JsonWriter json{JsonWriter::Layout::line};
  json.begin_object().member("table", std::string_view{table.name}).key("row").begin_object();
  for (std::size_t n = 0; n < row.size() && n < table.columns.size(); ++n) json.member(table.columns[n], row[n]);
  json.end().end();
  return json.take();
}

void run(const Options& options, Session& session) {
  const SystemClock clock;
  const auto actor = backup_actor(session);
  const auto wanted = selections(options);
  const auto key = read_key(options.key);
  step_up_if_any(session, options.code_file);
  const auto desk = backup_desk(session, actor, clock);
  const auto targets = app::open_backup_targets(desk, options.from);
  const auto found = app::find_backup(targets, options.id);
  app::Details details;
  details.add("backup", std::string_view{found.manifest.id});
  if (options.visit)
    details.add("visit", *options.visit);
  else
    details.add("table", std::string_view{options.table});
  put_on_record_if_any(session, {domain::AuditAction::exported, "backup", 0, std::move(details)});
  archive::DumpOfBackup dump{*found.target, found.manifest, key};
  const bool as_json = session.json() || options.visit;
  std::vector<std::string> header;
  std::string waiting;
  std::int64_t rows = 0;
  archive::extract_rows(dump, wanted, [&](const archive::DumpedTable& table, const archive::ExtractedRow& row) {
    constexpr std::size_t kTogether = 65536;
    ++rows;
    if (as_json) {
      waiting += json_line(table, row);
    } else {
      if (header != table.columns) waiting += csv_line({table.columns.begin(), table.columns.end()});
      header = table.columns;
      waiting += csv_line(row);
    }
    if (waiting.size() < kTogether) return;
    session.print(waiting);
    waiting.clear();
  });
  if (!waiting.empty()) session.print(waiting);
  if (rows == 0 && options.visit)
    throw Error(Errc::not_found, fmt::format("backup {} has no visit {}", found.manifest.id, *options.visit));
  session.note(fmt::format("{} row{} of backup {}.", rows, rows == 1 ? "" : "s", found.manifest.id));
}

}  // namespace

void add_backup_extract(Command& backup) {
  auto options = std::make_shared<Options>();
  auto& command =
      backup.add("extract", "Take a table, or everything of one visit, out of a backup without restoring it")
          .details(
              "A table is written as CSV with a header line; an empty field is NULL, and \"\" an empty text. With "
              "--json, and for --visit, each row is a line {\"table\", \"row\"} with all values as text. The whole "
              "backup is read and checked on the way, so a damaged one is known by exit status 17. Where "
              "the database is there, this is a row of its audit. " +
              std::string{kStepUpDetails})
          .positional("BACKUP", options->id, "Its name, or as much of it as only one has; else the newest")
          .option("--table", "TABLE", options->table, "Name shown by 'backup show'")
          .option("--where", "COLUMN=VALUE", options->where, "Only rows with this value; all conditions must hold")
          .option("--visit", "VISIT", options->visit, "Number of a visit: its row, and all that names it");
  add_key(command, options->key);
  add_from(command, options->from);
  add_code_file(command, options->code_file);
  command.fails_with({Errc::not_found, Errc::denied, Errc::config, Errc::integrity})
      .example("visitorctl backup extract --visit 42 --key backup.key")
      .example("visitorctl backup extract 20261122T030000Z --table guest --where name='Elena Petrova' --key backup.key")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
