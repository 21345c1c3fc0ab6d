#include "app/json_views.hpp"

namespace visitor::app {
namespace {

template <class E>
std::optional<std::string_view> name_of(const std::optional<E>& value) {
  if (!value) return std::nullopt;
  return domain::name(*value);
}

}  // namespace

void write_members(JsonWriter& json, const VisitListed& listed) {
  const auto& visit = listed.visit;
  const auto& state = visit.state;
  json.member("id", visit.id).member("type", domain::name(visit.kind)).member("status", domain::name(state.status));
  json.key("guest").begin_object().member("id", visit.guest).text_member("name", listed.guest_name);
  json.text_member("company", listed.guest_company).end();
  write_named(json, "host", visit.host, listed.host_name);
  write_named(json, "department", visit.department, listed.department_name);
  write_named(json, "site", visit.site, listed.site_name);
  json.member("purpose", domain::name(visit.purpose)).text_member("purpose_text", visit.purpose_text);
  json.text_member("contact_phone", visit.contact_phone).member("consent_at", visit.consent_at);
  json.member("expected_from", visit.expected_from).member("expected_until", visit.expected_until);
  json.member("checked_in_at", state.checked_in_at).member("checked_in_how", name_of(state.checked_in_how));
  json.member("checked_out_at", state.checked_out_at).member("checked_out_how", name_of(state.checked_out_how));
  json.member("ended_at", state.ended_at);
  json.member("entry_count", state.entry_count).member("exit_count", state.exit_count);
  json.text_member("cancelled_reason", visit.cancelled_reason);
  json.member("registered_at", visit.registered_at).member("version", visit.version);
}

void write(JsonWriter& json, const VisitListed& listed) {
  json.begin_object();
  write_members(json, listed);
  json.end();
}

void write(JsonWriter& json, const VisitShown& shown) {
  json.begin_object();
  write_members(json, shown.listed);
  json.key("actions").begin_array();
  for (const auto& recorded : shown.history.actions) {
    json.begin_object().member("kind", domain::name(recorded.action.kind));
    json.member("how", domain::name(recorded.action.how)).member("happened_at", recorded.action.happened_at);
    json.text_member("reason", recorded.reason).text_member("login", recorded.login).end();
  }
  json.end().key("audit").begin_array();
  for (const auto& record : shown.history.audit) {
    json.begin_object().member("at", record.at).member("action", domain::name(record.action));
    json.text_member("login", record.login).key("details").raw(record.details).end();
  }
  json.end().end();
}

void write(JsonWriter& json, const Present& present) {
  const auto& proof = present.proof;
  json.begin_object();
  write_members(json, present.listed);
  json.text_member("terminal_name", proof.terminal_name).text_member("door_name", proof.door_name);
  json.key("proof").begin_object().member("how", domain::name(proof.how)).member("at", proof.at);
  json.member("event_id", proof.event).member("entered_at", proof.entered_at);
  json.text_member("terminal_name", proof.terminal_name).text_member("door_name", proof.door_name);
  json.member("door_no", proof.door_no).member("reader_no", proof.reader_no).text_member("login", proof.login).end();
  json.end();
}

void write(JsonWriter& json, const VisitStep& step) {
  json.begin_object()
      .member("at", step.at)
      .member("kind", std::string_view{step.kind})
      .member("text", std::string_view{step.text});
  json.member("how", std::string_view{step.how}).text_member("login", step.login).text_member("reason", step.reason);
  json.member("recorded_at", step.recorded_at).member("refused", step.refused).key("event");
  if (step.event) {
    const auto& event = step.event->event;
    json.begin_object().member("id", event.id).member("serial", event.key.serial);
    write_named(json, "terminal", event.key.terminal, step.event->terminal_name);
    json.text_member("door", door_text(step.event->door_name, event.door_no, event.reader_no)).end();
  } else {
    json.null();
  }
  json.key("changed");
  if (step.changed.empty())
    json.null();
  else
    json.raw(step.changed);
  json.end();
}

}  // namespace visitor::app
