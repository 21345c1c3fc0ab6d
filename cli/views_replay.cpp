#include "cli/views_replay.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/views.hpp"

namespace visitor::cli {
namespace {

template <class E>
std::optional<std::string_view> name_of(const std::optional<E>& value) {
  if (!value) return std::nullopt;
  return domain::name(*value);
}

void write_state(JsonWriter& json, const domain::VisitState& state) {
  json.begin_object().member("status", domain::name(state.status));
  json.member("checked_in_at", state.checked_in_at).member("checked_in_how", name_of(state.checked_in_how));
  json.member("checked_out_at", state.checked_out_at).member("checked_out_how", name_of(state.checked_out_how));
  json.member("ended_at", state.ended_at);
  json.member("entry_count", state.entry_count).member("exit_count", state.exit_count).end();
}

void write_finding(JsonWriter& json, const domain::Finding& finding) {
  json.member("type", domain::name(finding.type)).member("severity", domain::name(finding.severity));
  json.member("subject", std::string_view{finding.subject}).member("occurred_at", finding.occurred_at);
  json.member("site_id", finding.site).member("guest_id", finding.guest).member("visit_id", finding.visit);
  json.member("terminal_id", finding.terminal).member("summary", std::string_view{finding.summary});
}

void write_counts(JsonWriter& json, std::string_view key, const std::map<domain::IncidentType, int>& counts) {
  json.key(key).begin_object();
  for (const auto& [type, count] : counts) json.member(domain::name(type), count);
  json.end();
}

/// "CHECKED_OUT, in 08:05 (door), out 08:06 (person), entries 1, exits 0", in UTC: several zones may be in one list.
std::string state_text(const domain::VisitState& state) {
  std::string text{domain::name(state.status)};
  const auto add = [&](std::string_view what, const std::optional<Instant>& at, const std::optional<domain::How>& how) {
    if (!at) return;
    text += fmt::format(", {} {}", what, to_iso(*at));
    if (how) text += fmt::format(" ({})", domain::name(*how));
  };
  add("in", state.checked_in_at, state.checked_in_how);
  add("out", state.checked_out_at, state.checked_out_how);
  if (!state.checked_out_at) add("ended", state.ended_at, std::nullopt);
  return text + fmt::format(", entries {}, exits {}", state.entry_count, state.exit_count);
}

}  // namespace

void write(JsonWriter& json, const app::ReplayReport& report, bool dry_run) {
  json.begin_object().member("since", report.period.since).member("until", report.period.until);
  json.member("dry_run", dry_run).member("guests", report.guests).member("visits", report.visits);
  json.member("findings", report.findings).member("incidents", report.incidents);
  json.member("differences", report.differences()).member("repaired", report.repaired);
  json.key("visit_differences").begin_array();
  for (const auto& one : report.visit_differences) {
    json.begin_object().member("visit_id", one.stored.id).member("guest_id", one.stored.guest);
    json.key("stored");
    write_state(json, one.stored.state);
    json.key("facts");
    write_state(json, one.facts);
    json.end();
  }
  json.end().key("incident_differences").begin_array();
  for (const auto& one : report.incident_differences) {
    json.begin_object();
    json.member("kind", one.kind == app::IncidentDifference::Kind::missing ? "missing" : "unsupported");
    json.member("incident_id", one.incident ? one.incident->id : IncidentId{});
    write_finding(json, one.finding);
    json.end();
  }
  json.end();
  write_counts(json, "left_alone", report.not_replayable);
  json.member("switched_off", report.switched_off).member("handled_by_people", report.handled).end();
}

Table replay_table(const app::ReplayReport& report) {
  Table table{{{"What"},
               {"Number", Column::Align::right},
               {"Stored", {}, Column::Fit::give},
               {"By the facts", {}, Column::Fit::give}}};
  for (const auto& one : report.visit_differences)
    table.add({"visit", one.stored.id, state_text(one.stored.state), state_text(one.facts)});
  for (const auto& [kind, finding, incident] : report.incident_differences) {
    const auto text = fmt::format("{} of {} at {}: {}", domain::name(finding.type), finding.subject,
                                  to_iso(finding.occurred_at), finding.summary);
    const auto number = incident ? Cell{incident->id} : Cell{""};
    if (kind == app::IncidentDifference::Kind::missing)
      table.add({"incident", number, "none", text});
    else
      table.add({"incident", number, text, "none"});
  }
  return table;
}

void write(JsonWriter& json, const app::RuleTrial& trial) {
  struct Counts {
    int was = 0, would = 0, both = 0;
  };
  std::map<domain::IncidentType, Counts> counts;
  for (const auto& tried : trial.tried) {
    auto& of = counts[tried.finding.type];
    of.was += tried.was.has_value();
    of.would += tried.would;
    of.both += tried.was && tried.would;
  }
  json.begin_object().member("since", trial.period.since).member("until", trial.period.until);
  json.key("rules").begin_array();
  for (const auto& [type, of] : counts)
    json.begin_object()
        .member("type", domain::name(type))
        .member("was", of.was)
        .member("would", of.would)
        .member("both", of.both)
        .end();
  json.end().key("incidents").begin_array();
  for (const auto& tried : trial.tried) {
    json.begin_object();
    write_finding(json, tried.finding);
    json.member("was", tried.was ? tried.was->id : IncidentId{}).member("would", tried.would).end();
  }
  json.end();
  write_counts(json, "not_tried", trial.not_replayable);
  json.end();
}

Table trial_table(const app::RuleTrial& trial, std::span<const domain::SiteRules> sites, Instant now) {
  Table table{{{"When"},
               {"Type"},
               {"Severity"},
               {"Raised"},
               {"Would be"},
               {"About", {}, Column::Fit::give},
               {"Summary", {}, Column::Fit::give}}};
  for (const auto& [finding, was, would] : trial.tried) {
    const auto site =
        std::find_if(sites.begin(), sites.end(), [&](const domain::SiteRules& one) { return one.id == finding.site; });
    const std::string zone = site == sites.end() ? "UTC" : site->zone.name();
    table.add({short_time_cell(finding.occurred_at, now, zone), std::string{domain::name(finding.type)},
               severity_cell(finding.severity), was ? Cell{was->id} : Cell{"no"}, would ? Cell{"yes"} : Cell{"no"},
               finding.subject, finding.summary});
  }
  return table;
}

}  // namespace visitor::cli
