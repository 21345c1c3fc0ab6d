#include "cli/views_audit.hpp"

#include <fmt/format.h>

#include "cli/views.hpp"
#include "core/text.hpp"

namespace visitor::cli {
namespace {

std::string who(const domain::AuditRecord& record) {
  return record.login.empty() ? "nobody" : record.login;
}

std::string_view verdict(const app::AuditReport& report) {
  return report.whole() ? "whole" : "tampered with";
}

}  // namespace

Table audit_table(const std::vector<domain::AuditRecord>& records, const std::string& time_zone) {
  Table table{{{"Row", Column::Align::right},
               {"At"},
               {"Who"},
               {"Action"},
               {"Thing"},
               {"From", {}, Column::Fit::give},
               {"Details", {}, Column::Fit::give}}};
  for (const auto& record : records)
    table.add({fmt::to_string(record.id), time_cell(record.at, time_zone),
               record.login.empty() ? Cell{"nobody", Tone::faint} : Cell{record.login},
               Cell{std::string{domain::name(record.action)},
                    record.action == domain::AuditAction::refused || record.action == domain::AuditAction::login_failed
                        ? Tone::warning
                        : Tone::plain},
               fmt::format("{} {}", record.topic, record.entity), record.origin.source,
               record.details == "{}" ? "" : record.details});
  return table;
}

Card card_of(const domain::AuditRecord& record, const std::string& time_zone) {
  Card card;
  card.add("Row", fmt::to_string(record.id));
  card.add("At", precise_time_cell(record.at, time_zone));
  card.add("Who", who(record));
  card.add("Action", std::string{domain::name(record.action)});
  card.add("Thing", fmt::format("{} {}", record.topic, record.entity));
  card.add("From", record.origin.source);
  card.add("Request", record.origin.request);
  card.add("Details", record.details == "{}" ? "" : record.details);
  card.add("Link", record.position ? fmt::to_string(*record.position) : "not yet");
  card.add("Hash before", record.previous_hash);
  card.add("Hash", record.hash);
  return card;
}

void write(JsonWriter& json, const app::AuditReport& report) {
  json.begin_object().member("whole", report.whole()).member("full", report.full).member("after", report.from);
  json.member("position", report.head.position).member("hash", std::string_view{to_hex(report.head.hash)});
  json.member("links", report.rows).member("checkpoints", report.checkpoints).member("wrong", report.wrong);
  json.key("findings").begin_array();
  for (const auto& finding : report.findings) {
    json.begin_object().member("what", domain::name(finding.what));
    json.key("position");
    if (finding.position > 0)
      json.value(finding.position);
    else
      json.null();
    json.key("row");
    if (finding.row > 0)
      json.value(finding.row);
    else
      json.null();
    json.member("text", std::string_view{finding.text}).end();
  }
  json.end().key("unreachable").begin_array();
  for (const auto& place : report.unreachable) json.value(std::string_view{place});
  json.end().end();
}

Card card_of(const app::AuditReport& report) {
  Card card;
  card.add("Audit", Cell{std::string{verdict(report)}, report.whole() ? Tone::good : Tone::bad});
  card.add("Links looked at", report.rows == 0
                                  ? "none: there is nothing after link " + fmt::to_string(report.from)
                                  : fmt::format("{}, {} to {}", report.rows, report.from + 1, report.head.position));
  card.add("Checkpoints", fmt::to_string(report.checkpoints));
  card.add("Hash", to_hex(report.head.hash));
  for (const auto& finding : report.findings)
    card.add("Found", Cell{fmt::format("{}: {}", domain::name(finding.what), finding.text), Tone::bad});
  if (report.wrong > static_cast<std::int64_t>(report.findings.size()))
    card.add("Found", fmt::format("{} more", report.wrong - static_cast<std::int64_t>(report.findings.size())));
  for (const auto& place : report.unreachable) card.add("Not read", Cell{place, Tone::warning});
  return card;
}

void write(JsonWriter& json, const CheckpointShown& shown) {
  json.begin_object().member("position", shown.made.head.position);
  json.member("hash", std::string_view{to_hex(shown.made.head.hash)}).member("at", shown.made.at);
  json.member("new", shown.is_new).member("sent", shown.sent).key("public_keys").begin_array();
  for (const auto& key : shown.keys) json.value(std::string_view{key});
  json.end().member("document", std::string_view{shown.made.document}).end();
}

Card card_of(const CheckpointShown& shown, const std::string& time_zone) {
  Card card;
  card.add("Link", fmt::to_string(shown.made.head.position));
  card.add("Hash", to_hex(shown.made.head.hash));
  card.add("Signed at", time_cell(shown.made.at, time_zone));
  card.add("Copies sent", fmt::to_string(shown.sent));
  for (const auto& key : shown.keys) card.add("Public key", key);
  return card;
}

}  // namespace visitor::cli
