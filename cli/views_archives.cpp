#include "cli/views_archives.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/backup_options.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

using archive::Manifest;
using archive::Stored;

std::string_view word(Stored::State state) {
  switch (state) {
    case Stored::State::whole:
      return "whole";
    case Stored::State::incomplete:
      return "incomplete";
    case Stored::State::damaged:
      return "damaged";
  }
  return "";
}

std::int64_t number(std::uint64_t size) {
  return static_cast<std::int64_t>(size);
}

std::int64_t milliseconds(std::chrono::milliseconds span) {
  return static_cast<std::int64_t>(span.count());
}

std::string server_text(int version) {
  return fmt::format("{}.{}", version / 10000, version % 10000);
}

Cell state_cell(const app::BackupListed& listed) {
  const auto state = listed.stored.state;
  return {std::string{word(state)}, state == Stored::State::whole     ? Tone::good
                                    : state == Stored::State::damaged ? Tone::bad
                                                                      : Tone::warning};
}

std::string remark(const app::BackupListed& listed) {
  if (!listed.stored.problem.empty()) return listed.stored.problem;
  std::string text = listed.stored.manifest ? listed.stored.manifest->note : "";
  if (!listed.ours) text += fmt::format("{}signed by another installation", text.empty() ? "" : "; ");
  return text;
}

}  // namespace

void write(JsonWriter& json, const app::BackupListed& listed) {
  const auto& stored = listed.stored;
  const auto* manifest = stored.manifest ? &*stored.manifest : nullptr;
  json.begin_object().member("backup", std::string_view{stored.id}).member("target", std::string_view{stored.target});
  json.member("state", word(stored.state)).text_member("problem", stored.problem);
  json.member("bytes", number(stored.bytes)).member("started_at", archive::time_of_backup_id(stored.id));
  json.member("ended_at", manifest ? std::optional{manifest->ended} : std::nullopt);
  json.member("rows", manifest ? std::optional{manifest->rows()} : std::nullopt);
  json.text_member("host", manifest ? manifest->host : "").text_member("note", manifest ? manifest->note : "");
  json.member("signed_here", manifest != nullptr && listed.ours);
  json.member("verified_at", listed.verified_at).text_member("verified_level", listed.verified_level);
  json.member("restored_at", listed.restored_at).member("restore_seconds", listed.restore_seconds).end();
}

void write(JsonWriter& json, const archive::BackupMade& made) {
  const auto& manifest = made.manifest;
  json.begin_object().member("backup", std::string_view{manifest.id}).member("started_at", manifest.started);
  json.member("ended_at", manifest.ended).member("bytes", number(manifest.data().size));
  json.member("clear_bytes", number(manifest.data().clear_size)).member("rows", manifest.rows());
  json.key("copies").begin_array();
  for (const auto& copy : made.copies)
    json.begin_object()
        .member("target", std::string_view{copy.target})
        .member("good", !copy.failure)
        .text_member("problem", copy.failure ? copy.failure->message() : "")
        .end();
  json.end().end();
}

void write(JsonWriter& json, const Manifest& manifest) {
  json.begin_object().member("backup", std::string_view{manifest.id}).member("started_at", manifest.started);
  json.member("ended_at", manifest.ended).text_member("host", manifest.host).text_member("note", manifest.note);
  json.member("visitor", std::string_view{manifest.visitor}).member("schema", manifest.schema);
  json.member("server", manifest.server).member("database", std::string_view{manifest.database});
  json.member("audit_head", manifest.audit_head).text_member("audit_hash", manifest.audit_hash);
  json.member("signer", std::string_view{manifest.signer});
  json.member("bytes", number(manifest.data().size)).member("clear_bytes", number(manifest.data().clear_size));
  json.member("blake2b", std::string_view{manifest.data().blake2b}).key("recipients").begin_array();
  for (const auto& recipient : manifest.recipients) json.value(std::string_view{recipient.public_key});
  json.end().key("tables").begin_array();
  for (const auto& table : manifest.tables)
    json.begin_object()
        .member("name", std::string_view{table.name})
        .member("rows", table.rows)
        .member("sum", std::string_view{table.sum})
        .end();
  json.end().end();
}

void write(JsonWriter& json, const app::BackupVerified& verified) {
  json.begin_object()
      .member("backup", std::string_view{verified.id})
      .member("target", std::string_view{verified.target})
      .member("level", domain::name(verified.level))
      .member("good", verified.problem.empty())
      .text_member("problem", verified.problem)
      .member("bytes", number(verified.bytes))
      .member("tables", verified.tables)
      .member("rows", verified.rows)
      .member("took_ms", milliseconds(verified.took));
  json.key("restored_in_ms");
  if (verified.restored_in)
    json.value(milliseconds(*verified.restored_in));
  else
    json.null();
  json.end();
}

void write(JsonWriter& json, const app::Restored& restored) {
  json.begin_object().member("backup", std::string_view{restored.id});
  json.member("database", std::string_view{restored.database}).text_member("put_aside", restored.put_aside);
  json.member("schema_before", restored.schema_before).member("schema_after", restored.schema_after);
  json.member("rows", restored.rows).member("key_written", restored.key_written).member("resealed", restored.resealed);
  json.member("took_ms", milliseconds(restored.took)).key("differences").begin_array();
  for (const auto& line : restored.differences) json.value(std::string_view{line});
  json.end().end();
}

void write(JsonWriter& json, const app::BackupPlan& plan) {
  json.begin_object().member("dry_run", true).member("due", plan.due);
  json.member("expected_bytes", number(plan.expected_bytes)).member("measured", plan.measured);
  json.key("places").begin_array();
  for (const auto& place : plan.places)
    json.begin_object()
        .member("target", std::string_view{place.target})
        .member("good", place.problem.empty())
        .text_member("problem", place.problem)
        .member("free_bytes", place.room ? std::optional{number(*place.room)} : std::nullopt)
        .end();
  json.end().key("recipients").begin_array();
  for (const auto& recipient : plan.recipients) json.value(std::string_view{recipient});
  json.end().key("problems").begin_array();
  for (const auto& problem : plan.problems) json.value(std::string_view{problem});
  json.end().end();
}

Table backup_table(const std::vector<app::BackupListed>& rows, const std::string& time_zone) {
  Table table{{{"Backup"},
               {"Made"},
               {"State"},
               {"Size", Column::Align::right},
               {"Verified"},
               {"Restored"},
               {"Where", {}, Column::Fit::give},
               {"Remark", {}, Column::Fit::give}}};
  for (const auto& listed : rows) {
    const auto& stored = listed.stored;
    table.add({stored.id, time_cell(archive::time_of_backup_id(stored.id), time_zone), state_cell(listed),
               Cell{amount_text(stored.bytes), fmt::to_string(stored.bytes)}, time_cell(listed.verified_at, time_zone),
               time_cell(listed.restored_at, time_zone), stored.target, remark(listed)});
  }
  return table;
}

Table verified_table(const std::vector<app::BackupVerified>& rows) {
  Table table{{{"Backup"},
               {"Level"},
               {"Result"},
               {"Took", Column::Align::right},
               {"Where", {}, Column::Fit::give},
               {"What", {}, Column::Fit::give}}};
  for (const auto& one : rows) {
    auto what = one.problem;
    if (what.empty() && one.level == app::VerifyLevel::quick)
      what = fmt::format("{} as written", amount_text(one.bytes));
    if (what.empty() && one.level != app::VerifyLevel::quick)
      what = fmt::format("{} rows of {} tables as written", one.rows, one.tables);
    if (one.restored_in) what += fmt::format(", usable after {}", duration_text(*one.restored_in));
    table.add({one.id, std::string{domain::name(one.level)},
               one.problem.empty() ? Cell{"good", Tone::good} : Cell{"bad", Tone::bad},
               Cell{duration_text(one.took), fmt::to_string(one.took.count())}, one.target, what});
  }
  return table;
}

Card card_of(const Manifest& manifest, const std::string& time_zone) {
  Card card;
  const auto number_text = [](auto value) { return fmt::to_string(value); };
  card.add("Backup", manifest.id);
  card.add("Begun", precise_time_cell(manifest.started, time_zone));
  card.add("Ended", precise_time_cell(manifest.ended, time_zone));
  card.add("Host", manifest.host);
  card.add("Note", manifest.note);
  card.add("Visitor", manifest.visitor);
  card.add("Schema", number_text(manifest.schema));
  card.add("PostgreSQL", server_text(manifest.server));
  card.add("Database", manifest.database);
  card.add("Size", {amount_text(manifest.data().size), number_text(manifest.data().size)});
  card.add("Dump", {amount_text(manifest.data().clear_size), number_text(manifest.data().clear_size)});
  card.add("Rows", number_text(manifest.rows()));
  card.add("Audit", manifest.audit_hash.empty()
                        ? ""
                        : fmt::format("{} links, {}", number_text(manifest.audit_head), manifest.audit_hash));
  card.add("BLAKE2b", manifest.data().blake2b);
  for (const auto& recipient : manifest.recipients) card.add("Readable with", recipient.public_key);
  card.add("Signed by", manifest.signer);
  for (const auto& table : manifest.tables)
    if (table.rows > 0) card.add(table.name, number_text(table.rows));
  return card;
}

Card card_of(const app::BackupPlan& plan) {
  Card card;
  card.add("Due", plan.due ? "yes" : "no");
  card.add("Size", {fmt::format("{} {}", plan.measured ? "about" : "at most", amount_text(plan.expected_bytes)),
                    fmt::to_string(plan.expected_bytes)});
  for (const auto& place : plan.places) {
    if (!place.problem.empty())
      card.add("Would not go to", {fmt::format("{}: {}", place.target, place.problem), Tone::bad});
    else
      card.add("Would go to",
               {place.target + (place.room ? fmt::format(" ({} free)", amount_text(*place.room)) : ""), Tone::good});
  }
  for (const auto& recipient : plan.recipients) card.add("Readable with", recipient);
  for (const auto& problem : plan.problems) card.add("Problem", {problem, Tone::bad});
  return card;
}

}  // namespace visitor::cli
