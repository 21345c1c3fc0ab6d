#include "cli/views_badges.hpp"

#include <fmt/format.h>

#include "cli/views.hpp"

namespace visitor::cli {
namespace {

using domain::BadgeState;
using domain::BadgeVerdict;
using domain::Language;

Cell badge_state_cell(const domain::Badge& badge) {
  const auto tone = badge.state == BadgeState::failed      ? Tone::bad
                    : badge.state == BadgeState::completed ? Tone::good
                                                           : Tone::plain;
  return {std::string{domain::name(badge.state)}, tone};
}

}  // namespace

Table badge_table(const std::vector<app::BadgeListed>& rows) {
  Table table{{{"ID", Column::Align::right},
               {"Visit", Column::Align::right},
               {"Guest", {}, Column::Fit::give},
               {"Print", Column::Align::right},
               {"Format"},
               {"Printer"},
               {"Printed"},
               {"Valid until"},
               {"State"},
               {"Problem", {}, Column::Fit::give}}};
  for (const auto& [badge, visit] : rows)
    table.add({badge.id, badge.visit, visit.guest_name, fmt::to_string(badge.print),
               std::string{domain::name(badge.format)}, badge.printer, time_cell(badge.printed_at, visit.time_zone),
               time_cell(badge.expires_at, visit.time_zone), badge_state_cell(badge), badge.problem});
  return table;
}

Card card_of(const app::BadgeCheck& check, const std::string& time_zone) {
  const bool valid = check.verdict == BadgeVerdict::valid;
  Card card;
  card.add("Badge", {std::string{domain::name(check.verdict)}, valid ? Tone::good : Tone::bad});
  card.add("Issued", time_cell(check.issued_at, time_zone));
  card.add("Valid until", time_cell(check.expires_at, time_zone));
  if (!check.listed) return card;
  const auto& visit = check.listed->visit;
  card.add("Guest", visit.guest_name);
  card.add("Company", visit.guest_company);
  card.add("Host", visit.host_name);
  card.add("Department", visit.department_name);
  card.add("Visit", visit.visit.id);
  card.add("Status", status_cell(visit.visit.state.status));
  card.add("Print", fmt::to_string(check.listed->badge.print));
  return card;
}

}  // namespace visitor::cli
