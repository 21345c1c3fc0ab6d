#include <fmt/format.h>

#include "cli/views.hpp"

namespace visitor::cli {
namespace {

void write_chain(JsonWriter& json, const std::vector<app::Link>& chain) {
  json.key("chain").begin_array();
  for (const auto& link : chain) {
    json.begin_object().member("at", link.at).member("learned_at", link.learned);
    json.member("kind", domain::name(link.kind)).member("what", std::string_view{link.what});
    json.text_member("source", link.source).text_member("effect", link.effect).text_member("login", link.login);
    json.member("incident_id", link.incident).member("alert_id", link.alert).member("delivery_id", link.delivery);
    json.key("event");
    if (link.event) {
      const auto& [event, terminal_name, door_name, guest_name, time_zone] = *link.event;
      json.begin_object().member("id", event.id);
      write_named(json, "terminal", event.key.terminal, terminal_name);
      json.text_member("door_name", door_name).member("door_no", event.door_no).member("reader_no", event.reader_no);
      json.member("serial", event.key.serial).member("epoch", event.key.epoch);
      json.member("major", event.key.major).member("minor", event.key.minor);
      json.member("time_text", std::string_view{event.time_text}).end();
    } else {
      json.null();
    }
    json.end();
  }
  json.end();
}

Table chain_table(const std::vector<app::Link>& chain, const std::string& time_zone) {
  Table table{{{"When"}, {"What", {}, Column::Fit::give}, {"Source", {}, Column::Fit::give}, {"Learned"}, {"So"}}};
  for (const auto& link : chain)
    table.add({precise_time_cell(link.at, time_zone), link.what, link.source,
               link.learned ? short_precise_time_cell(link.learned, link.at, time_zone) : Cell{""}, link.effect});
  return table;
}

}  // namespace

void write(JsonWriter& json, const app::WhyVisit& why) {
  json.begin_object().key("visit").begin_object();
  write_members(json, why.visit);
  json.end();
  write_chain(json, why.chain);
  json.member("agrees", why.agrees()).member("folded_status", domain::name(why.folded.status)).end();
}

void write(JsonWriter& json, const app::WhyIncident& why) {
  json.begin_object().key("incident");
  write(json, why.incident);
  write_chain(json, why.chain);
  json.end();
}

Table why_table(const app::WhyVisit& why) {
  return chain_table(why.chain, why.visit.time_zone);
}

Table why_table(const app::WhyIncident& why) {
  return chain_table(why.chain, why.incident.time_zone);
}

}  // namespace visitor::cli
