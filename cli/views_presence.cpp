#include <fmt/format.h>

#include "cli/views.hpp"

namespace visitor::cli {
namespace {

std::string place_of(const app::Proof& proof) {
  const auto door = door_text(proof.door_name, proof.door_no, proof.reader_no);
  if (!proof.door_name.empty() || proof.terminal_name.empty()) return door;
  return door.empty() ? proof.terminal_name : fmt::format("{}, {}", proof.terminal_name, door);
}

/// "Turnstile 1", "aida (check-in by hand)", "presumed left".
std::string proof_text(const app::Proof& proof) {
  switch (proof.how) {
    case domain::How::door:
      return place_of(proof);
    case domain::How::person:
      return proof.login + " (check-in by hand)";
    case domain::How::api:
      return "another system (check-in)";
    case domain::How::presumed:
      return proof.entered_at ? fmt::format("presumed left; came in at {}", place_of(proof)) : "presumed left";
  }
  return "";
}

}  // namespace

Table inside_table(const std::vector<app::Present>& rows, Instant at) {
  Table table{{{"Visit", Column::Align::right},
               {"Guest", {}, Column::Fit::give},
               {"Company", {}, Column::Fit::give},
               {"Host", {}, Column::Fit::give},
               {"Department", {}, Column::Fit::give},
               {"Since"},
               {"For", Column::Align::right},
               {"Proof", {}, Column::Fit::give},
               {"Of"}}};
  for (const auto& row : rows) {
    const auto& listed = row.listed;
    const auto since = listed.visit.state.checked_in_at.value_or(at);
    table.add({listed.visit.id, listed.guest_name, listed.guest_company, listed.host_name, listed.department_name,
               short_time_cell(since, at, listed.time_zone),
               span_cell(std::chrono::floor<std::chrono::seconds>(at - since)), proof_text(row.proof),
               short_time_cell(row.proof.at, at, listed.time_zone)});
  }
  return table;
}

}  // namespace visitor::cli
