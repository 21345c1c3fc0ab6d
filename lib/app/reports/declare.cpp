#include "app/reports/declare.hpp"

#include "app/document_label.hpp"
#include "domain/incident.hpp"
#include "domain/people.hpp"
#include "domain/rules.hpp"

namespace visitor::app::declare {

ReportColumn document() {
  auto made = text("document", "Document", "Документ", 14);
  made.column.masked = true;
  made.make = [](const db::Row& row, CellContext& context) -> report::Cell {
    const auto sealed = row.get<std::optional<std::vector<std::byte>>>("document_sealed");
    if (context.documents && sealed)
      context.buffer = context.documents->unseal(kDocumentLabel, *sealed).reveal();
    else
      context.buffer = domain::mask_document(row.cell("document_tail").bytes);
    return std::string_view{context.buffer};
  };
  return made;
}

ReportColumn incident_sentence() {
  auto made = text("summary", "Description", "Описание", 60);
  made.make = [](const db::Row& row, CellContext& context) -> report::Cell {
    const auto type = domain::find_named<domain::IncidentType>(row.cell("type").bytes);
    context.buffer = context.language == domain::Language::english || !type
                         ? row.get<std::string>("summary")
                         : domain::summary(*type, row.get<db::Json>("details").text, context.language);
    return std::string_view{context.buffer};
  };
  return made;
}

}  // namespace visitor::app::declare
