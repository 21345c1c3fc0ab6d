#include "cli/support_bundle.hpp"

#include <sys/utsname.h>

#include <algorithm>

#include "cli/json_writer.hpp"
#include "config/options.hpp"
#include "db/migrations.hpp"

namespace visitor::cli {
namespace {

constexpr auto kServer = R"sql(
    SELECT current_setting('server_version_num') AS version,
           pg_database_size(current_database())  AS size,
           (SELECT max(version) FROM schema_migration) AS schema)sql";

constexpr auto kRelations = R"sql(
    SELECT c.relname AS name, greatest(c.reltuples, 0)::bigint AS rows, pg_total_relation_size(c.oid) AS bytes
      FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
     ORDER BY c.relname)sql";

/// Letters, digits and what stands between them in versions: model and firmware are words of the terminal.
std::string plain(const std::string& text) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  constexpr std::size_t kLongest = 40;
  return text.size() <= kLongest && std::all_of(text.begin(), text.end(), good) ? text : "(left out)";
}

bool tells_nobody(config::Kind kind) {
  using config::Kind;
  switch (kind) {
    case Kind::integer:
    case Kind::size:
    case Kind::span:
    case Kind::clock_time:
    case Kind::choice:
    case Kind::choices:
    case Kind::flag:
      return true;
    case Kind::text:
    case Kind::address:
    case Kind::path:
    case Kind::secret:
    case Kind::texts:
    case Kind::secret_file:
      break;
  }
  return false;
}

void write_versions(JsonWriter& json, const SupportFacts& facts) {
  json.key("versions").begin_object().member("visitor", VISITOR_VERSION);
  json.member("latest_schema", db::embedded_migrations().size());
  utsname system{};
  if (::uname(&system) == 0)
    json.member("system", system.sysname).member("release", system.release).member("machine", system.machine);
  if (facts.database)
    json.member("postgresql", facts.database->server_version).member("schema", facts.database->schema);
  json.end();
}

void write_settings(JsonWriter& json, const std::optional<config::Settings>& settings) {
  json.key("config");
  if (!settings) {
    json.null();
    return;
  }
  json.begin_object();
  const config::Settings defaults;
  for (const auto& option : config::options()) {
    const auto value = config::value_text(option, *settings);
    if (tells_nobody(option.kind))
      json.member(option.key, value);
    else
      json.member(option.key, value == config::value_text(option, defaults) ? "default" : "set");
  }
  for (const auto& list : config::lists()) json.member(list.name, list.size(*settings));
  json.end();
}

void write_diagnoses(JsonWriter& json, const std::vector<app::Diagnosis>& diagnoses) {
  json.key("findings").begin_array();
  for (const auto& one : diagnoses) {
    json.begin_object().member("area", one.area).member("status", app::name(one.status)).member("code", one.code);
    json.member("terminal_id", one.terminal).end();
  }
  json.end();
}

void write_health(JsonWriter& json, const std::optional<app::Health>& health) {
  json.key("health");
  if (!health) {
    json.null();
    return;
  }
  json.begin_object().member("status", app::name(health->status)).key("checks").begin_array();
  for (const auto& check : health->checks) {
    json.begin_object().member("name", check.name).member("status", app::name(check.status));
    json.member("value", check.value ? std::optional{static_cast<std::int64_t>(*check.value)} : std::nullopt);
    json.member("unit", check.unit).end();
  }
  json.end().end();
}

void write_database(JsonWriter& json, const std::optional<SupportFacts::Database>& database) {
  json.key("database");
  if (!database) {
    json.null();
    return;
  }
  json.begin_object().member("embedded", database->embedded).member("size_bytes", database->size_bytes);
  json.key("tables").begin_array();
  for (const auto& [name, rows, bytes] : database->relations)
    json.begin_object().member("name", name).member("rows", rows).member("bytes", bytes).end();
  json.end().end();
}

void write_terminals(JsonWriter& json, const SupportFacts& facts) {
  json.key("terminals").begin_array();
  for (const auto& [listed, read, done_in] : facts.terminals) {
    const auto& terminal = listed.terminal;
    json.begin_object().member("id", terminal.id).member("enabled", terminal.enabled);
    json.member("state", domain::name(terminal.state)).member("state_since", terminal.state_since);
    json.member("failures", terminal.failures).member("last_answer_at", terminal.last_answer_at);
    json.member("model", plain(terminal.model)).member("firmware", plain(terminal.firmware));
    json.member("https", terminal.base_url.starts_with("https:"));
    json.member("pinned", terminal.certificate_sha256.has_value());
    json.member("poll_interval_ms", static_cast<std::int64_t>(terminal.poll_interval.count()));
    json.key("clock_offset_ms");
    if (terminal.clock_offset)
      json.value(static_cast<std::int64_t>(terminal.clock_offset->count()));
    else
      json.null();
    json.member("backlog", terminal.backlog).member("read_in_5_minutes", read);
    json.member("cursor_at", terminal.cursor_at).member("last_event_at", terminal.last_event_at);
    json.member("epoch", terminal.epoch).member("last_serial", terminal.last_serial);
    json.member("event_count", terminal.event_count).member("noise_count", terminal.noise_count);
    const auto gap = std::find_if(facts.gaps.begin(), facts.gaps.end(),
                                  [&](const auto& one) { return one.terminal == terminal.id; });
    json.member("serials_open", gap == facts.gaps.end() ? 0 : gap->open);
    json.member("serials_missing", gap == facts.gaps.end() ? 0 : gap->missing).end();
  }
  json.end();
}

void write_jobs(JsonWriter& json, const std::vector<app::JobListed>& jobs) {
  json.key("jobs").begin_array();
  for (const auto& [job, last, running] : jobs) {
    json.begin_object().member("name", job.name).member("running", running);
    json.member("started_at", last ? std::optional{last->started_at} : std::nullopt);
    json.member("ended_at", last ? last->ended_at : std::nullopt);
    json.member("ok", last ? last->ok : std::nullopt);
    json.member("next_run_at", last ? std::optional{last->next_run_at} : std::nullopt).end();
  }
  json.end();
}

}  // namespace

SupportFacts::Database read_database(const app::Work& work, bool embedded) {
  SupportFacts::Database database;
  database.embedded = embedded;
  const auto row = work.tx.row(kServer);
  database.server_version = row.get<std::string>("version");
  database.size_bytes = row.get<std::int64_t>("size");
  database.schema = row.get<int>("schema");
  for (const auto& one : work.tx.rows(kRelations))
    database.relations.push_back(
        {one.get<std::string>("name"), one.get<std::int64_t>("rows"), one.get<std::int64_t>("bytes")});
  return database;
}

std::string support_bundle(const SupportFacts& facts) {
  JsonWriter json;
  json.begin_object().member("kind", "visitor support bundle").member("made_at", facts.made_at);
  write_versions(json, facts);
  write_diagnoses(json, facts.diagnoses);
  write_health(json, facts.health);
  write_settings(json, facts.settings);
  write_database(json, facts.database);
  write_terminals(json, facts);
  write_jobs(json, facts.jobs);
  return json.end().take();
}

}  // namespace visitor::cli
