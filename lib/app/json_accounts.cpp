#include "app/json_accounts.hpp"

#include "app/json_views.hpp"
#include "domain/language.hpp"

namespace visitor::app {
namespace {

void write_members(JsonWriter& json, const domain::Account& account) {
  json.member("id", account.id).member("login", std::string_view{account.login});
  json.text_member("name", account.name).text_member("company", account.company);
  json.text_member("department", account.department).text_member("position", account.position);
  json.text_member("email", account.email).text_member("phone", account.phone);
  json.member("language", domain::name(account.language)).text_member("time_zone", account.time_zone);
  json.text_member("chat_id", account.chat_id).member("has_password", account.has_password);
  json.member("password_changed_at", account.password_changed_at).member("disabled_at", account.disabled_at);
  json.member("created_at", account.created_at).member("version", account.version);
}

void write_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  json.key(key).begin_array();
  for (const auto& text : texts) json.value(std::string_view{text});
  json.end();
}

void write_permissions(JsonWriter& json, std::string_view key, const std::vector<domain::Permission>& permissions) {
  json.key(key).begin_array();
  for (const auto permission : permissions) json.value(domain::name(permission));
  json.end();
}

void write_members(JsonWriter& json, const domain::Role& role) {
  json.member("id", role.id).member("name", std::string_view{role.name});
  json.text_member("description", role.description).member("requires_second_factor", role.requires_second_factor);
  write_permissions(json, "permissions", role.permissions);
  json.member("version", role.version);
}

void write_grants(JsonWriter& json, const std::vector<domain::Grant>& grants) {
  json.key("grants").begin_array();
  for (const auto& grant : grants) write(json, grant);
  json.end();
}

void write_account(JsonWriter& json, AccountId id, const std::string& login) {
  json.key("account").begin_object().member("id", id).member("login", std::string_view{login}).end();
}

void write_members(JsonWriter& json, const domain::ApiKey& key) {
  json.member("id", key.id);
  write_account(json, key.account, key.login);
  json.member("name", std::string_view{key.name});
  write_permissions(json, "permissions", key.permissions);
  write_texts(json, "networks", key.networks);
  json.member("created_at", key.created_at).member("expires_at", key.expires_at).member("revoked_at", key.revoked_at);
  json.member("last_used_at", key.last_used_at).text_member("last_used_from", key.last_used_from);
}

void write_device(JsonWriter& json, const std::optional<domain::TotpDevice>& device) {
  json.key("authenticator");
  if (!device) {
    json.null();
    return;
  }
  json.begin_object()
      .member("algorithm", domain::name(device->algorithm))
      .member("digits", device->digits)
      .member("confirmed_at", device->confirmed_at)
      .member("last_used_at", device->last_used_at)
      .member("last_drift_seconds", static_cast<int>(device->last_drift * auth::kTotpPeriod.count()))
      .end();
}

}  // namespace

void write(JsonWriter& json, const domain::Account& account) {
  json.begin_object();
  write_members(json, account);
  write_texts(json, "roles", account.roles);
  json.end();
}

void write(JsonWriter& json, const AccountShown& shown) {
  json.begin_object();
  write_members(json, shown.account);
  write_texts(json, "roles", shown.account.roles);
  write_grants(json, shown.grants);
  write_texts(json, "groups", shown.groups);
  json.end();
}

void write(JsonWriter& json, const domain::Role& role) {
  json.begin_object();
  write_members(json, role);
  json.end();
}

void write(JsonWriter& json, const RoleShown& shown) {
  json.begin_object();
  write_members(json, shown.role);
  write_grants(json, shown.grants);
  json.end();
}

void write(JsonWriter& json, const GroupListed& listed) {
  json.begin_object().member("id", listed.group.id).member("name", std::string_view{listed.group.name});
  json.text_member("description", listed.group.description);
  write_texts(json, "members", listed.members);
  json.member("version", listed.group.version).end();
}

void write(JsonWriter& json, const domain::Grant& grant) {
  json.begin_object().member("id", grant.id);
  json.member("login", std::string_view{grant.login}).member("role", std::string_view{grant.role_name});
  write_named(json, "site", grant.site, grant.place);
  write_named(json, "department", grant.department, grant.place);
  write_named(json, "host", grant.host, grant.place);
  json.member("granted_at", grant.granted_at).end();
}

void write(JsonWriter& json, const domain::AuditRecord& record) {
  json.begin_object().member("id", record.id).member("at", record.at).key("account");
  if (record.account)
    json.begin_object().member("id", *record.account).text_member("login", record.login).end();
  else
    json.null();
  json.member("action", domain::name(record.action)).member("topic", std::string_view{record.topic});
  json.member("entity_id", record.entity).key("details").raw(record.details);
  json.text_member("source", record.origin.source).text_member("request_id", record.origin.request);
  json.member("position", record.position).text_member("previous_hash", record.previous_hash);
  json.text_member("hash", record.hash).end();
}

void write(JsonWriter& json, const domain::Session& session) {
  json.begin_object().member("id", session.id);
  write_account(json, session.account, session.login);
  json.member("second_factor", domain::name(session.second_factor)).member("stepped_up_at", session.stepped_up_at);
  json.member("created_at", session.created_at).member("last_used_at", session.last_used_at);
  json.member("ends_at", session.ends_at()).text_member("address", session.address);
  json.text_member("agent", session.agent).member("ended_at", session.ended_at).key("ended_how");
  if (session.ended_how)
    json.value(domain::name(*session.ended_how));
  else
    json.null();
  json.end();
}

void write(JsonWriter& json, const domain::ApiKey& key) {
  json.begin_object();
  write_members(json, key);
  json.end();
}

void write(JsonWriter& json, const ApiKeyCreated& created) {
  json.begin_object();
  write_members(json, created.key);
  json.member("key", created.text.reveal()).end();
}

void write(JsonWriter& json, const ApiKeyAudit& audit) {
  json.begin_object();
  write_members(json, audit.key);
  json.key("used").begin_array();
  for (const auto& use : audit.uses) {
    json.begin_object().member("permission", domain::name(use.permission));
    json.member("first_used_at", use.first_used_at).member("last_used_at", use.last_used_at).end();
  }
  json.end();
  write_permissions(json, "unused", audit.unused);
  json.end();
}

void write(JsonWriter& json, const TotpEnrolment& enrolment) {
  const auto& [device, login, uri, key] = enrolment;
  json.begin_object();
  write_account(json, device.account, login);
  json.member("uri", uri.reveal())
      .member("key", key.reveal())
      .member("algorithm", domain::name(device.algorithm))
      .member("digits", device.digits)
      .end();
}

void write(JsonWriter& json, const TotpConfirmed& confirmed) {
  json.begin_object();
  write_account(json, confirmed.device.account, confirmed.login);
  write_device(json, confirmed.device);
  json.key("recovery_codes").begin_array();
  for (const auto& code : confirmed.recovery_codes) json.value(code.reveal());
  json.end();
  json.end();
}

void write(JsonWriter& json, const SecondFactorStatus& status) {
  json.begin_object();
  write_account(json, status.account, status.login);
  write_device(json, status.device);
  json.member("pending", status.pending)
      .member("required", status.required)
      .member("recovery_codes_left", status.recovery_codes)
      .end();
}

}  // namespace visitor::app
