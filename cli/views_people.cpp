#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/views.hpp"

namespace visitor::cli {
namespace {

std::string list_of(const std::vector<domain::Credential>& credentials, domain::CredentialKind kind) {
  std::vector<std::string> values;
  for (const auto& credential : credentials)
    if (credential.kind == kind) values.push_back(credential.value);
  return fmt::format("{}", fmt::join(values, ", "));
}

}  // namespace

Table site_table(const std::vector<domain::Site>& rows) {
  Table table{
      {{"ID", Column::Align::right}, {"Name", {}, Column::Fit::give}, {"Time zone"}, {"Country"}, {"Days off"}}};
  for (const auto& site : rows)
    table.add(
        {site.id, site.name, site.time_zone, site.country_code, fmt::format("{}", fmt::join(site.days_off, ","))});
  return table;
}

Table department_table(const std::vector<app::DepartmentListed>& rows) {
  Table table{{{"ID", Column::Align::right},
               {"Name", {}, Column::Fit::give},
               {"Director", {}, Column::Fit::give},
               {"Site", {}, Column::Fit::give}}};
  for (const auto& [department, site_name] : rows)
    table.add({department.id, department.name, department.director, site_name});
  return table;
}

Table host_table(const std::vector<app::HostListed>& rows) {
  Table table{{{"ID", Column::Align::right},
               {"Name", {}, Column::Fit::give},
               {"Department", {}, Column::Fit::give},
               {"Site", {}, Column::Fit::give},
               {"E-mail", {}, Column::Fit::give},
               {"Phone"}}};
  for (const auto& row : rows)
    table.add({row.host.id, row.host.name, row.department_name, row.site_name, row.host.email, row.host.phone});
  return table;
}

Table guest_table(const std::vector<domain::Guest>& rows) {
  Table table{{{"ID", Column::Align::right},
               {"Name", {}, Column::Fit::give},
               {"Company", {}, Column::Fit::give},
               {"E-mail", {}, Column::Fit::give},
               {"Phone"},
               {"Document"},
               {"Blocked", {}, Column::Fit::give}}};
  for (const auto& guest : rows)
    table.add({guest.id,
               guest.name,
               guest.company,
               guest.email,
               guest.phone,
               guest.document_tail.empty() ? "" : domain::mask_document(guest.document_tail),
               {guest.blocked_reason.value_or(""), Tone::bad}});
  return table;
}

Card card_of(const domain::Site& site) {
  Card card;
  card.add("Site", site.id);
  card.add("Name", site.name);
  card.add("Time zone", site.time_zone);
  card.add("Country code", site.country_code);
  card.add("Days off", fmt::format("{}", fmt::join(site.days_off, ",")));
  card.add("Version", fmt::to_string(site.version));
  return card;
}

Card card_of(const app::DepartmentListed& listed) {
  Card card;
  card.add("Department", listed.department.id);
  card.add("Name", listed.department.name);
  card.add("Director", listed.department.director);
  card.add("Site", listed.site_name);
  card.add("Version", fmt::to_string(listed.department.version));
  return card;
}

Card card_of(const app::HostListed& listed) {
  Card card;
  card.add("Host", listed.host.id);
  card.add("Name", listed.host.name);
  card.add("Department", listed.department_name);
  card.add("Site", listed.site_name);
  card.add("E-mail", listed.host.email);
  card.add("Phone", listed.host.phone);
  card.add("Chat", listed.host.chat_id);
  card.add("Version", fmt::to_string(listed.host.version));
  return card;
}

Card card_of(const app::GuestDetails& details, const std::string& time_zone) {
  const auto& guest = details.guest;
  Card card;
  card.add("Guest", guest.id);
  card.add("Name", guest.name);
  card.add("Company", guest.company);
  card.add("E-mail", guest.email);
  card.add("Phone", guest.phone);
  card.add("Document", guest.document_tail.empty() ? "" : domain::mask_document(guest.document_tail));
  card.add("Blocked", {guest.blocked_reason.value_or(""), Tone::bad});
  card.add("Employee number", list_of(details.credentials, domain::CredentialKind::employee_no));
  card.add("Card", list_of(details.credentials, domain::CredentialKind::card));
  if (details.photo) card.add("Photo", photo_text(*details.photo));
  card.add("Registered", time_cell(guest.created_at, time_zone));
  card.add("Also known as", fmt::format("{}", fmt::join(details.merged, ", ")));
  if (guest.merged_into) card.add("Merged into", *guest.merged_into);
  card.add("Version", fmt::to_string(guest.version));
  return card;
}

std::string photo_text(const store::PhotoListed& photo) {
  return fmt::format("{}, {} x {} pixels, {} KiB{}", domain::label(photo.info.format, domain::Language::english),
                     photo.info.width, photo.info.height, (photo.info.bytes + 1023) / 1024,
                     domain::suits_terminals(photo.info) ? "" : "; face terminals want a JPEG of 200 KiB or less");
}

Card card_of(const store::PhotoListed& photo, const std::string& time_zone) {
  Card card;
  card.add("Guest", photo.guest);
  card.add("Photo", photo_text(photo));
  card.add("Stored by", photo.login);
  card.add("Stored at", time_cell(photo.stored_at, time_zone));
  return card;
}

}  // namespace visitor::cli
