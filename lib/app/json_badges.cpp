#include "app/badges.hpp"
#include "app/json_views.hpp"

namespace visitor::app {
namespace {

void write_members(JsonWriter& json, const BadgeListed& listed) {
  const auto& [badge, visit] = listed;
  json.member("id", badge.id).key("visit").begin_object().member("id", badge.visit);
  json.member("status", domain::name(visit.visit.state.status)).end();
  json.key("guest").begin_object().member("id", visit.visit.guest).member("name", std::string_view{visit.guest_name});
  json.text_member("company", visit.guest_company).end();
  write_named(json, "host", visit.visit.host, visit.host_name);
  json.member("print", badge.print).member("reprints", badge.print - 1);
  json.member("format", domain::name(badge.format)).text_member("printer", badge.printer);
  json.member("printed_at", badge.printed_at).member("expires_at", badge.expires_at);
  json.member("state", domain::name(badge.state)).member("state_at", badge.state_at);
  json.text_member("queue_job", badge.queue_job).text_member("problem", badge.problem);
  json.text_member("login", badge.login);
}

}  // namespace

void write(JsonWriter& json, const BadgeListed& listed) {
  json.begin_object();
  write_members(json, listed);
  json.end();
}

void write(JsonWriter& json, const BadgePrinted& printed) {
  json.begin_object();
  write_members(json, printed.listed);
  json.key("cut").begin_array();
  for (const auto& what : printed.cut) json.value(std::string_view{what});
  json.end().end();
}

void write(JsonWriter& json, const BadgeCheck& check) {
  json.begin_object().member("valid", check.verdict == domain::BadgeVerdict::valid);
  json.member("verdict", domain::name(check.verdict));
  json.member("issued_at", check.issued_at).member("expires_at", check.expires_at).key("badge");
  if (check.listed)
    write(json, *check.listed);
  else
    json.null();
  json.end();
}

}  // namespace visitor::app
