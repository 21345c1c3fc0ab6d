#include "cli/views_reports.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/views.hpp"
#include "config/values.hpp"

namespace visitor::cli {
namespace {

Tone tone_of_state(std::string_view state) {
  return state == "done" || state == "sent" ? Tone::good : state == "failed" ? Tone::bad : Tone::warning;
}

void write_texts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
  json.key(name).begin_array();
  for (const auto& text : texts) json.value(std::string_view{text});
  json.end();
}

void write_run(JsonWriter& json, const store::ReportRun& run) {
  json.begin_object().member("id", run.id).member("how", std::string_view{run.how}).member("due_at", run.due_at);
  json.member("started_at", run.started_at).member("ended_at", run.ended_at);
  json.member("state", std::string_view{run.state}).member("attempts", run.attempts);
  json.member("next_try_at", run.ended_at ? std::nullopt : std::optional{run.next_try_at});
  json.text_member("message", run.message).text_member("file", run.file).member("rows", run.rows);
  json.member("bytes", run.bytes).text_member("sha256", run.sha256);
}

}  // namespace

std::string when_text(const config::Settings::Report& report) {
  const auto clock = config::clock_text(report.when);
  return report.days.empty() ? clock : fmt::format("{} on {}", clock, fmt::join(report.days, ", "));
}

Tone tone_of(const app::ScheduledReport& report) {
  return report.state == "ok" ? Tone::good : app::is_in_order(report) ? Tone::plain : Tone::bad;
}

void write(JsonWriter& json, const app::ScheduledReport& listed) {
  const auto& report = listed.report;
  json.begin_object().member("name", std::string_view{report.name}).member("report", std::string_view{report.report});
  json.member("format", std::string_view{report.format}).member("as", std::string_view{report.as});
  json.member("when", std::string_view{config::clock_text(report.when)});
  write_texts(json, "days", report.days);
  json.member("time_zone", std::string_view{listed.zone.name()}).member("next_at", listed.next);
  write_texts(json, "recipients", report.recipients);
  write_texts(json, "targets", report.targets);
  json.member("state", std::string_view{listed.state}).text_member("problem", listed.problem).key("last");
  if (listed.last) {
    write_run(json, *listed.last);
    json.end();
  } else {
    json.null();
  }
  json.end();
}

Table report_table(const std::vector<app::ScheduledReport>& reports, Instant now) {
  Table table{
      {{"Name"}, {"Report"}, {"Format"}, {"When"}, {"Next"}, {"Last"}, {"State"}, {"Remark", {}, Column::Fit::give}}};
  for (const auto& one : reports)
    table.add({one.report.name,
               one.report.report,
               one.report.format,
               when_text(one.report),
               time_cell(one.next, one.zone.name()),
               one.last ? short_time_cell(one.last->started_at, now, one.zone.name()) : Cell{""},
               {one.state, tone_of(one)},
               one.problem});
  return table;
}

void write(JsonWriter& json, const app::ReportRunShown& shown) {
  write_run(json, shown.run);
  json.key("deliveries").begin_array();
  for (const auto& one : shown.deliveries) {
    json.begin_object().member("place", std::string_view{one.place}).member("state", std::string_view{one.state});
    json.member("attempts", one.attempts).member("in_doubt", one.in_doubt).member("ended_at", one.ended_at);
    json.text_member("message", one.message).end();
  }
  json.end().end();
}

Table run_table(const std::vector<app::ReportRunShown>& runs, Instant now, const Zone& zone) {
  Table table{{{"Run", Column::Align::right},
               {"Due"},
               {"Made"},
               {"Rows", Column::Align::right},
               {"Where", {}, Column::Fit::give},
               {"State"},
               {"Said", {}, Column::Fit::give}}};
  for (const auto& [run, deliveries] : runs) {
    const auto add = [&, &run = run](const std::string& place, const std::string& state, const std::string& said) {
      table.add({fmt::to_string(run.id.value),
                 time_cell(run.due_at, zone.name()),
                 short_time_cell(run.started_at, now, zone.name()),
                 run.file.empty() ? "" : fmt::to_string(run.rows),
                 place,
                 {state, tone_of_state(state)},
                 said});
    };
    if (deliveries.empty()) add("", run.state, run.message);
    for (const auto& one : deliveries) add(one.place, one.state, one.message);
  }
  return table;
}

}  // namespace visitor::cli
