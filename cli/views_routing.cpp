#include "cli/views_routing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/json_silences.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

/// What becomes of one who is chosen: a stable word and a sentence.
struct Fate {
  std::string_view word;
  std::string why;
  std::optional<Instant> at;
};

Fate fate_of(const app::RouteTest& test, const domain::Decision& decision) {
  if (!decision.withheld.empty()) return {"withheld", decision.withheld, {}};
  if (decision.gathering) {
    const auto& gathering = test.gatherings[*decision.gathering];
    return {"together", fmt::format("{}: {}", decision.chosen.reason, domain::label(gathering.why, {})), gathering.due};
  }
  if (decision.not_before) return {"later", decision.chosen.reason, decision.not_before};
  return {"now", decision.chosen.reason, {}};
}

void write_facts(JsonWriter& json, const domain::AlertFacts& facts) {
  json.begin_object().member("kind", domain::name(facts.kind)).key("type");
  if (facts.type)
    json.value(domain::name(*facts.type));
  else
    json.null();
  json.member("severity", domain::name(facts.severity)).member("late", facts.late);
  json.member("incident_id", facts.incident);
  write_named(json, "site", facts.site, facts.site_name);
  write_named(json, "department", facts.department, facts.department_name);
  json.end();
}

void write_test(JsonWriter& json, const app::RouteTest& test) {
  json.key("alert");
  write_facts(json, test.facts);
  json.key("routes").begin_array();
  for (const auto& look : test.choice.looks)
    json.begin_object()
        .member("route", std::string_view{look.route})
        .member("matches", look.matches)
        .member("why", std::string_view{look.why})
        .end();
  json.end().key("told").begin_array();
  for (const auto& decision : test.decisions) {
    const auto fate = fate_of(test, decision);
    const auto& chosen = decision.chosen;
    json.begin_object().member("recipient", std::string_view{chosen.recipient});
    json.member("channel", domain::name(chosen.place.channel)).text_member("address", chosen.place.address);
    json.member("language", domain::name(chosen.language)).text_member("route", chosen.route);
    json.member("outcome", fate.word).member("not_before", fate.at).member("why", std::string_view{fate.why}).end();
  }
  json.end().key("not_told").begin_array();
  for (const auto& [recipient, why] : test.others)
    json.begin_object().member("recipient", std::string_view{recipient}).member("why", std::string_view{why}).end();
  json.end().member("waits_for_incident_id", test.waits_for);
}

void add_others(Table& table, const app::RouteTest& test) {
  for (const auto& [recipient, why] : test.others) table.add({recipient, "", "", Cell{"not told", Tone::faint}, why});
}

Table table_of_five() {
  return Table{{{"Who"}, {"Channel"}, {"Address", {}, Column::Fit::give}, {"What"}, {"Why", {}, Column::Fit::give}}};
}

std::string name_of(const app::RouteTest& test, const domain::Place& place) {
  const auto found =
      std::ranges::find_if(test.decisions, [&](const auto& decision) { return decision.chosen.place == place; });
  return found == test.decisions.end() ? "" : found->chosen.recipient;
}

}  // namespace

void write(JsonWriter& json, const app::RouteTest& test) {
  json.begin_object();
  write_test(json, test);
  json.end();
}

void write(JsonWriter& json, const AlertExplained& explained) {
  const auto& [alert, deliveries, attempts] = explained.ledger;
  json.begin_object().member("id", alert.id).member("kind", domain::name(alert.kind));
  json.member("created_at", alert.created_at).member("incident_id", alert.incident).member("visit_id", alert.visit);
  json.member("summary", std::string_view{alert.summary}).key("deliveries").begin_array();
  for (const auto& one : deliveries) {
    json.begin_object().member("id", one.id).member("channel", domain::name(one.channel));
    json.text_member("address", one.recipient).member("state", domain::name(one.state));
    json.text_member("reason", one.reason).text_member("withheld_reason", one.withheld_reason).end();
  }
  json.end().key("routing_now").begin_object();
  write_test(json, explained.test);
  json.end().end();
}

void write(JsonWriter& json, const SilenceShown& shown) {
  json.begin_object();
  write_members(json, shown.listed);
  json.key("would_have_silenced");
  write(json, shown.preview);
  json.end();
}

void write(JsonWriter& json, const app::DigestSent& sent) {
  json.begin_object().member("kind", domain::name(sent.kind)).member("alert_id", sent.alert);
  write_named(json, "site", sent.site.id, sent.site.name);
  json.member("subject", std::string_view{sent.message.subject}).member("text", std::string_view{sent.message.text});
  json.key("to").begin_array();
  for (const auto& one : sent.to)
    json.begin_object()
        .member("recipient", std::string_view{one.recipient})
        .member("channel", domain::name(one.place.channel))
        .text_member("address", one.place.address)
        .end();
  json.end().end();
}

Table route_table(const app::RouteTest& test) {
  auto table = table_of_five();
  for (const auto& look : test.choice.looks)
    table.add(
        {"route " + look.route, "", "", look.matches ? Cell{"matches", Tone::good} : Cell{"does not match"}, look.why});
  for (const auto& decision : test.decisions) {
    const auto fate = fate_of(test, decision);
    const auto& place = decision.chosen.place;
    auto what = std::string{fate.word};
    if (fate.at) what += " at " + time_cell(fate.at, test.facts.zone.name()).text;
    table.add({decision.chosen.recipient, std::string{domain::name(place.channel)}, place.address, what, fate.why});
  }
  add_others(table, test);
  return table;
}

Table explain_table(const AlertExplained& explained) {
  auto table = table_of_five();
  for (const auto& one : explained.ledger.deliveries) {
    const auto withheld = one.state == domain::DeliveryState::withheld;
    auto why = withheld ? one.withheld_reason : one.reason;
    if (one.state == domain::DeliveryState::failed && !one.last_error.empty()) why += ": " + one.last_error;
    table.add({name_of(explained.test, {one.channel, one.recipient}), std::string{domain::name(one.channel)},
               one.recipient, std::string{domain::name(one.state)}, why});
  }
  add_others(table, explained.test);
  return table;
}

Table silence_table(const std::vector<app::SilenceListed>& rows, Instant now, const std::string& time_zone) {
  Table table{{{"ID", Column::Align::right},
               {"Until"},
               {"What", {}, Column::Fit::give},
               {"Reason", {}, Column::Fit::give},
               {"By", {}, Column::Fit::give},
               {"State"}}};
  for (const auto& row : rows) {
    const auto& silence = row.silence;
    const auto state = silence.ends_at <= now    ? Cell{"over", Tone::faint}
                       : silence.starts_at > now ? Cell{"not yet"}
                                                 : Cell{"holds", Tone::warning};
    table.add(
        {silence.id, time_cell(silence.ends_at, time_zone), app::describe(row), silence.reason, row.login, state});
  }
  return table;
}

}  // namespace visitor::cli
