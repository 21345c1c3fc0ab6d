#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/instance.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/record.hpp"
#include "db/migrator.hpp"

namespace visitor::cli {
namespace {

struct Options {
  bool dry_run = false;
};

struct Migrated {
  int before = 0;
  int after = 0;
  std::vector<int> applied;
};

void write(JsonWriter& json, const Migrated& migrated) {
  json.begin_object().member("before", migrated.before).member("after", migrated.after);
  json.key("applied").begin_array();
  for (const auto version : migrated.applied) json.value(version);
  json.end().end();
}

void run(const Options& options, Session& session) {
  auto& instance = session.instance();
  if (!instance.initialised())
    throw Error(Errc::config, "this database has no installation yet", "Run 'visitorctl init' to make it.");
  auto connection = instance.pool_of_any_schema().acquire();
  db::Migrator migrator{*connection, db::embedded_migrations()};
  const auto status = migrator.status();
  Migrated migrated{status.current, status.current, {}};
  if (options.dry_run) {
    // DDL of several steps, each in its own transaction: there is nothing that could be undone as a whole.
    for (const auto& step : status.pending) migrated.applied.push_back(step.version);
    if (!migrated.applied.empty()) migrated.after = migrated.applied.back();
  } else {
    migrated.applied = migrator.migrate();
    migrated.after = migrator.status().current;
    if (!migrated.applied.empty())
      put_on_record(session, instance.pool_of_any_schema(),
                    {domain::AuditAction::update, "database", 0,
                     app::Details{}
                         .add("schema_from", std::int64_t{migrated.before})
                         .add("schema_to", std::int64_t{migrated.after})});
  }
  session.done(migrated,
               migrated.applied.empty()
                   ? fmt::format("The schema is version {} already.", migrated.after)
                   : fmt::format("Brought the schema from version {} to {}.", migrated.before, migrated.after),
               options.dry_run);
}

}  // namespace

void add_db_migrate(Command& db) {
  auto options = std::make_shared<Options>();
  db.add("migrate", "Bring the schema of the database forward to this version; there is no way back")
      .flag("-n,--dry-run", options->dry_run, "Only say which steps would be taken")
      .uses_database()
      .example("visitorctl db migrate --dry-run")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
