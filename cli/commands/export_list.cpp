#include <fmt/format.h>

#include "app/remote/reports.hpp"
#include "app/report_jobs.hpp"
#include "cli/export_commands.hpp"
#include "cli/session.hpp"

namespace visitor::cli {
namespace {

struct Listed {
  const app::Report* report;
};

void write(JsonWriter& json, const Listed& listed) {
  app::write(json, *listed.report);
}

struct ListedThere {
  const app::RemoteReport* report;
};

void write(JsonWriter& json, const ListedThere& listed) {
  json.raw(listed.report->json);
}

/// A line for each section; the first one says what the report is.
void add(Table& table, std::string_view report, std::string_view about, std::size_t index, std::string_view section,
         std::string_view title, const std::vector<app::RemoteReport::Column>& columns) {
  std::string all;
  for (const auto& [key, usual] : columns)
    all += fmt::format("{}{}{}{}", all.empty() ? "" : " ", usual ? "" : "[", key, usual ? "" : "]");
  table.add({std::string{report}, std::string{section}, std::string{index == 0 ? about : title}, std::move(all)});
}

void run(Session& session) {
  Table table{{{"Report"}, {"Section"}, {"About"}, {"Columns"}}};
  if (auto* house = session.remote()) {
    const auto reports = app::list_reports(*house);
    std::vector<ListedThere> all;
    for (const auto& report : reports) {
      all.push_back({&report});
      for (std::size_t i = 0; i < report.sections.size(); ++i)
        add(table, report.name, report.about, i, report.sections[i].key, report.sections[i].title,
            report.sections[i].columns);
    }
    return session.list("reports", all, table);
  }
  std::vector<Listed> all;
  for (const auto* report : app::reports()) {
    all.push_back({report});
    for (std::size_t i = 0; i < report->sections.size(); ++i) {
      const auto& section = report->sections[i];
      std::vector<app::RemoteReport::Column> columns;
      for (const auto& [column, make, usual] : section.columns) columns.push_back({std::string{column.key}, usual});
      add(table, report->name, report->about, i, section.key, section.title.english, columns);
    }
  }
  session.list("reports", all, table);
}

}  // namespace

void add_export_list(Command& group) {
  group.add("list", "List the reports that there are, with their columns")
      .details("Columns in brackets are there only where --columns names them.")
      .uses_server()
      .example("visitorctl export list")
      .example("visitorctl export list --json | jq -r '.reports[].sections[].columns[].key'")
      .runs([](Session& session) { run(session); });
}

}  // namespace visitor::cli
