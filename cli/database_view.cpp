#include "cli/database_view.hpp"

#include <fmt/format.h>

#include "app/instance.hpp"
#include "db/migrator.hpp"
#include "db/transaction.hpp"

namespace visitor::cli {
namespace {

constexpr auto kServer = R"sql(
    SELECT current_setting('server_version')           AS version,
           current_database()                          AS name,
           pg_database_size(current_database())        AS size)sql";

std::string_view state_name(db::ClusterState state) {
  switch (state) {
    case db::ClusterState::absent:
      return "absent";
    case db::ClusterState::stopped:
      return "stopped";
    case db::ClusterState::starting:
      return "starting";
    case db::ClusterState::running:
      return "running";
  }
  return "";
}

std::string size_text(std::int64_t bytes) {
  constexpr double kMiB = 1024.0 * 1024.0;
  const auto mib = static_cast<double>(bytes) / kMiB;
  return mib < 1024 ? fmt::format("{:.1f} MiB", mib) : fmt::format("{:.1f} GiB", mib / 1024);
}

}  // namespace

DatabaseView look_at_database(app::Instance& instance) {
  DatabaseView view;
  view.embedded = instance.embedded();
  view.latest_schema = static_cast<int>(db::embedded_migrations().size());
  if (view.embedded) {
    const auto status = instance.cluster().status();
    view.state = state_name(status.state);
    view.directory = status.directory.string();
    view.socket_directory = status.socket_directory.string();
    view.owner = status.owner;
    view.pid = status.pid;
    if (status.state != db::ClusterState::running) return view;
  }
  auto connection = instance.pool_of_any_schema().acquire();
  view.state = "running";
  {
    db::Transaction tx{*connection, {.read_only = true}};
    const auto row = tx.row(kServer);
    view.server_version = row.get<std::string>("version");
    view.database = row.get<std::string>("name");
    view.size_bytes = row.get<std::int64_t>("size");
  }
  view.schema = db::Migrator{*connection, db::embedded_migrations()}.status().current;
  return view;
}

void write(JsonWriter& json, const DatabaseView& view) {
  json.begin_object().member("kind", view.embedded ? "embedded" : "external").member("state", view.state);
  json.text_member("directory", view.directory).text_member("socket_directory", view.socket_directory);
  json.text_member("owner", view.owner).member("pid", view.pid == 0 ? std::nullopt : std::optional{view.pid});
  json.member("server_version", view.server_version).member("database", view.database);
  json.member("schema_version", view.schema).member("latest_schema_version", view.latest_schema);
  json.member("size_bytes", view.size_bytes).end();
}

Card card_of(const DatabaseView& view) {
  Card card;
  card.add("Database", view.embedded ? "embedded" : "external");
  card.add("State", {view.state, view.state == "running" ? Tone::good : Tone::warning});
  card.add("Directory", view.directory);
  card.add("Socket", view.socket_directory);
  card.add("Runs as", view.owner);
  card.add("Process", view.pid == 0 ? "" : fmt::to_string(view.pid));
  card.add("PostgreSQL", view.server_version.value_or(""));
  card.add("Name", view.database.value_or(""));
  if (view.schema)
    card.add("Schema",
             *view.schema == view.latest_schema
                 ? Cell{fmt::to_string(*view.schema)}
                 : Cell{fmt::format("{}, this program needs {}", *view.schema, view.latest_schema), Tone::bad});
  if (view.size_bytes) card.add("Size", {size_text(*view.size_bytes), fmt::to_string(*view.size_bytes)});
  return card;
}

}  // namespace visitor::cli
