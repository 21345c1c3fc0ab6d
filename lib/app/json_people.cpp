#include "app/json_views.hpp"

namespace visitor::app {
namespace {

void write_members(JsonWriter& json, const domain::Guest& guest) {
  json.member("id", guest.id).member("name", guest.name).text_member("company", guest.company);
  json.text_member("email", guest.email).text_member("phone", guest.phone);
  json.text_member("document", guest.document_tail.empty() ? "" : domain::mask_document(guest.document_tail));
  json.member("blocked_reason", guest.blocked_reason).member("created_at", guest.created_at);
  json.member("merged_into", guest.merged_into).member("version", guest.version);
}

}  // namespace

void write(JsonWriter& json, const domain::Site& site) {
  json.begin_object().member("id", site.id).member("name", site.name).member("time_zone", site.time_zone);
  json.text_member("country_code", site.country_code).key("days_off").begin_array();
  for (const auto day : site.days_off) json.value(static_cast<std::int64_t>(day));
  json.end().member("version", site.version).end();
}

void write(JsonWriter& json, const DepartmentListed& listed) {
  const auto& department = listed.department;
  json.begin_object().member("id", department.id).member("name", department.name);
  json.text_member("director", department.director);
  write_named(json, "site", department.site, listed.site_name);
  json.member("version", department.version).end();
}

void write(JsonWriter& json, const HostListed& listed) {
  const auto& host = listed.host;
  json.begin_object().member("id", host.id).member("name", host.name).text_member("email", host.email);
  json.text_member("phone", host.phone).text_member("chat_id", host.chat_id);
  write_named(json, "department", host.department, listed.department_name);
  write_named(json, "site", listed.site, listed.site_name);
  json.member("version", host.version).end();
}

void write(JsonWriter& json, const domain::Guest& guest) {
  json.begin_object();
  write_members(json, guest);
  json.end();
}

void write(JsonWriter& json, const GuestDetails& details) {
  json.begin_object();
  write_members(json, details.guest);
  json.key("credentials").begin_array();
  for (const auto& credential : details.credentials) write(json, credential);
  json.end().key("photo");
  if (details.photo)
    write(json, *details.photo);
  else
    json.null();
  json.key("merged").begin_array();
  for (const auto id : details.merged) json.value(id);
  json.end().end();
}

void write(JsonWriter& json, const store::PhotoListed& photo) {
  json.begin_object().member("guest_id", photo.guest).member("format", domain::name(photo.info.format));
  json.member("width", photo.info.width).member("height", photo.info.height).member("bytes", photo.info.bytes);
  json.member("suits_terminals", domain::suits_terminals(photo.info));
  json.text_member("login", photo.login).member("stored_at", photo.stored_at).end();
}

void write(JsonWriter& json, const GuestMerge& merge) {
  json.begin_object().key("guest");
  write(json, merge.guest);
  json.member("from", merge.from).key("visits").begin_array();
  for (const auto id : merge.visits) json.value(id);
  json.end().member("incidents", merge.incidents).member("credentials", merge.credentials).end();
}

void write(JsonWriter& json, const domain::Credential& credential) {
  json.begin_object().member("id", credential.id).member("guest_id", credential.guest);
  json.member("kind", domain::name(credential.kind)).member("value", credential.value).end();
}

}  // namespace visitor::app
