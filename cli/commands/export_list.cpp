#include <fmt/format.h>

#include "app/reports.hpp"
#include "cli/export_commands.hpp"
#include "cli/session.hpp"

namespace visitor::cli {
namespace {

std::string_view name_of(report::Kind kind) {
  constexpr std::string_view kNames[] = {"text", "word", "integer", "real", "yes_no", "moment", "date", "span"};
  return kNames[static_cast<std::size_t>(kind)];
}

void write_label(JsonWriter& json, std::string_view name, const report::Label& label) {
  json.key(name).begin_object().member("en", label.english).member("ru", label.russian).end();
}

struct Listed {
  const app::Report* report;
};

void write(JsonWriter& json, const Listed& listed) {
  const auto* report = listed.report;
  json.begin_object().member("name", report->name);
  write_label(json, "title", report->title);
  json.member("about", report->about).member("permission", domain::name(report->needs));
  json.text_member("usual_period", report->usual_period);
  json.key("statuses").begin_array();
  for (const auto status : report->statuses) json.value(status);
  json.end().key("sections").begin_array();
  for (const auto& section : report->sections) {
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
  for (const auto& chart : report->charts) json.value(chart.key);
  json.end().end();
}

void run(Session& session) {
  std::vector<Listed> all;
  Table table{{{"Report"}, {"Section"}, {"About"}, {"Columns"}}};
  for (const auto* report : app::reports()) {
    all.push_back({report});
    bool first = true;
    for (const auto& section : report->sections) {
      std::string columns;
      for (const auto& [column, make, usual] : section.columns)
        columns += fmt::format("{}{}{}{}", columns.empty() ? "" : " ", usual ? "" : "[", column.key, usual ? "" : "]");
      table.add({std::string{report->name}, std::string{section.key},
                 first ? std::string{report->about} : std::string{section.title.english}, std::move(columns)});
      first = false;
    }
  }
  session.list("reports", all, table);
}

}  // namespace

void add_export_list(Command& group) {
  group.add("list", "List the reports that there are, with their columns")
      .details("Columns in brackets are there only where --columns names them.")
      .example("visitorctl export list")
      .example("visitorctl export list --json | jq -r '.reports[].sections[].columns[].key'")
      .runs([](Session& session) { run(session); });
}

}  // namespace visitor::cli
