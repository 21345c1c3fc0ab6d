#include <fmt/format.h>

#include <boost/json.hpp>

#include "app/json_writer.hpp"
#include "app/report_jobs.hpp"

namespace visitor::app {
namespace {

void write_label(JsonWriter& json, std::string_view name, const report::Label& label) {
  json.key(name).begin_object().member("en", label.english).member("ru", label.russian).end();
}

}  // namespace

std::string_view name_of(report::Kind kind) {
  constexpr std::string_view kNames[] = {"text", "word", "integer", "real", "yes_no", "moment", "date", "span"};
  return kNames[static_cast<std::size_t>(kind)];
}

void write(JsonWriter& json, const Report& report) {
  json.begin_object().member("name", report.name);
  write_label(json, "title", report.title);
  json.member("about", report.about).member("permission", domain::name(report.needs));
  json.text_member("usual_period", report.usual_period);
  json.key("statuses").begin_array();
  for (const auto status : report.statuses) json.value(status);
  json.end().key("sections").begin_array();
  for (const auto& section : report.sections) {
    json.begin_object().member("key", section.key);
    write_label(json, "title", section.title);
    json.key("columns").begin_array();
    for (const auto& [column, make, usual] : section.columns) {
      json.begin_object().member("key", column.key).member("kind", name_of(column.kind));
      write_label(json, "label", column.label);
      json.text_member("unit", column.unit.english).member("masked", column.masked);
      json.member("usual", usual).end();
    }
    json.end().end();
  }
  json.end().key("charts").begin_array();
  for (const auto& chart : report.charts) json.value(chart.key);
  json.end().end();
}

void write(JsonWriter& json, const domain::ReportJob& job) {
  const bool done = job.state == domain::ReportJobState::done;
  json.begin_object().member("id", job.id).member("report", std::string_view{job.report});
  json.member("format", std::string_view{job.format}).member("file_name", std::string_view{job.file_name});
  json.member("state", domain::name(job.state)).member("asked_at", job.asked_at).member("started_at", job.started_at);
  json.member("ended_at", job.ended_at).member("expires_at", job.expires_at).member("rows", job.rows);
  json.member("expected", job.expected).member("bytes", job.bytes).text_member("sha256", job.sha256);
  if (done) {
    const auto outcome = boost::json::parse(job.outcome);
    for (const auto* name : {"sections", "withheld", "replaced"})
      json.key(name).raw(boost::json::serialize(outcome.at(name)));
    json.member("file", std::string_view{fmt::format("/api/v1/reports/jobs/{}/file/", job.id)});
    json.member("manifest", std::string_view{fmt::format("/api/v1/reports/jobs/{}/manifest/", job.id)});
  } else {
    json.key("sections").begin_array().end().key("withheld").begin_array().end();
    json.key("replaced").null().key("file").null().key("manifest").null();
  }
  json.text_member("error", job.problem).end();
}

}  // namespace visitor::app
