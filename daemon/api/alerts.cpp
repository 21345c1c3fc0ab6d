#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "app/acknowledge.hpp"
#include "app/json_silences.hpp"
#include "app/silences.hpp"
#include "daemon/api/listing.hpp"
#include "daemon/api/resources.hpp"

namespace visitor::api {
namespace {

using domain::AlertKind;
using domain::Channel;
using domain::DeliveryState;
using domain::IncidentType;
using domain::Permission;
using domain::Severity;

constexpr int kMost = 1'000;
constexpr std::chrono::hours kPreview{7 * 24};

std::vector<Field> alert_fields(const std::string& delivery) {
  return {id("id", "Number"),
          named<AlertKind>("kind", "What people are told"),
          named<Severity>("severity", "How grave"),
          or_null(id("incident_id", "Incident")),
          or_null(id("visit_id", "Visit")),
          text("summary", "In a sentence"),
          moment("created_at", "When it was made"),
          many(object("deliveries", "To whom, and what became of it", delivery))};
}

std::vector<Field> delivery_fields() {
  return {id("id", "Number"),
          named<Channel>("channel", "By which way"),
          or_null(text("recipient", "Address or chat")),
          named<DeliveryState>("state", "Where it stands"),
          word("language", "Language", {"en", "ru"}),
          or_null(text("reason", "Why it goes there")),
          or_null(text("withheld_reason", "Why it does not")),
          number("attempts", "Tries so far"),
          moment("due_at", "Not before"),
          or_null(moment("next_attempt_at", "Next try")),
          or_null(moment("sent_at", "When the other side took it")),
          or_null(text("provider_id", "What the other side calls it")),
          or_null(text("last_error", "What went wrong last")),
          or_null(moment("acknowledged_at", "When somebody took note of it")),
          or_null(text("acknowledged_by", "Who"))};
}

Answer get_alert(const Call& call) {
  return one(call, app::get_alert(call.work, call.id<AlertTag>()));
}

Answer list_alerts(const Call& call) {
  const auto& query = call.query;
  const auto what = wanted(call);
  app::AlertFilter filter;
  filter.states = query.all_named<DeliveryState>("state");
  filter.channels = query.all_named<Channel>("channel");
  filter.incident = query.id<IncidentTag>("incident");
  filter.since = query.moment("created_after");
  filter.until = query.moment("created_before");
  if (const auto period = query.moment("period")) filter.since = period;
  if (what.after) filter.before = AlertId{what.after->id};
  filter.limit = what.limit();
  return rows_of(call, what, app::list_alerts(call.work, filter), {}, [](const app::AlertSent& row) {
    return Position{row.alert.created_at, row.alert.id.value};
  });
}

Answer acknowledge(const Call& call) {
  return one(call, app::acknowledge_alert(call.work, call.id<AlertTag>()));
}

Answer retry_alert(const Call& call) {
  const std::array ids{call.id<AlertTag>()};
  app::retry_alerts(call.work, ids);
  return get_alert(call);
}

Answer list_silences(const Call& call) {
  return page_of(call, app::list_silences(call.work, call.query.yes("all"), kMost));
}

app::SilenceListed find_silence(const Call& call) {
  const auto id = call.id<SilenceTag>();
  auto rows = app::list_silences(call.work, true, kMost);
  const auto found = std::ranges::find_if(rows, [&](const auto& one) { return one.silence.id == id; });
  if (found == rows.end()) throw Error(Errc::not_found, fmt::format("there is no silence {}", id));
  return std::move(*found);
}

Answer get_silence(const Call& call) {
  const auto listed = find_silence(call);
  return one(call, listed, listed.version);
}

/// What a silence is about, as a body or an address says it.
domain::Silence silence_of(const Values& said) {
  domain::Silence silence;
  silence.types = said.all_named<IncidentType>("types");
  silence.at_most = said.named<Severity>("at_most");
  silence.site = said.id<SiteTag>("site");
  silence.department = said.id<DepartmentTag>("department");
  silence.guest = said.id<GuestTag>("guest");
  silence.terminal = said.id<TerminalTag>("terminal");
  silence.incident = said.id<IncidentTag>("incident");
  silence.recipient = said.text_or("recipient");
  return silence;
}

std::vector<Field> silence_subject() {
  return {many(named<IncidentType>("types", "Of these types; none: all")),
          named<Severity>("at_most", "No graver than this"),
          id("site", "At this site"),
          id("department", "Of this department"),
          id("guest", "About this guest"),
          id("terminal", "At this terminal"),
          id("incident", "Of this incident"),
          text("recipient", "To this recipient", 100)};
}

Answer preview_silence(const Call& call) {
  const auto since = call.query.moment("since").value_or(call.work.now - kPreview);
  return one(call, app::preview_silence(call.work, silence_of(call.query), since));
}

Answer add_silence(const Call& call) {
  const auto& body = call.body;
  auto silence = silence_of(body);
  silence.reason = body.text_or("reason");
  silence.starts_at = body.moment("starts_at").value_or(call.work.now);
  silence.ends_at = *body.moment("ends_at");
  const auto listed = app::add_silence(call.work, silence);
  auto answer = one(call, listed, listed.version);
  answer.status = 201;
  answer.headers.emplace_back("Location", fmt::format("/api/v1/silences/{}/", listed.silence.id));
  return answer;
}

Answer expire_silence(const Call& call) {
  const auto listed = app::expire_silence(call.work, call.id<SilenceTag>());
  return one(call, listed, listed.version);
}

}  // namespace

void add_alerts(Table& table) {
  table.add({"Delivery", delivery_fields()});
  table.add({"Attempt",
             {number("number", "Which try", 1), named<domain::AttemptOutcome>("outcome", "How it ended"),
              moment("started_at", "When it began"), or_null(moment("ended_at", "When it ended")),
              or_null(text("provider_id", "What the other side calls it")), or_null(text("reason", "What it said")),
              text("holder", "Which process made it")}});
  auto tried = delivery_fields();
  tried.push_back(many(object("tries", "Every try", "Attempt")));
  table.add({"DeliveryTried", std::move(tried)});
  table.add({"Alert", alert_fields("Delivery")});
  table.add({"AlertDetails", alert_fields("DeliveryTried")});
  table.add(
      {"Silence",
       {id("id", "Number"), text("what", "What it means, in words"),
        many(named<IncidentType>("types", "Of these types; none: all")),
        or_null(named<Severity>("at_most", "No graver than this")), or_null(object("site", "At this site", "Named")),
        or_null(object("department", "Of this department", "Named")),
        or_null(object("guest", "About this guest", "Named")), or_null(object("terminal", "At this terminal", "Named")),
        or_null(id("incident_id", "Of this incident")), or_null(text("recipient", "To this recipient")),
        text("reason", "Why"), text("author", "Who made it"), moment("created_at", "When it was made"),
        moment("starts_at", "From then on"), moment("ends_at", "Until then"),
        or_null(text("expired_by", "Who ended it early")), number("version", "Counts changes", 1)}});

  table.add({"AlertHeldBack",
             {id("id", "Number"), moment("created_at", "When it was made"), or_null(id("incident_id", "Incident")),
              named<IncidentType>("type", "Of this type"), named<Severity>("severity", "How grave")}});
  table.add({"SilencePreview",
             {number("total", "How many"), many(object("alerts", "The newest of them, 20 at most", "AlertHeldBack"))}});

  table.add({.path = "/alerts/",
             .name = "list_alerts",
             .summary = "Alerts and their deliveries, newest first",
             .command = "visitorctl alert list",
             .permission = Permission::alert_view,
             .query = {many(named<DeliveryState>("state", "With a delivery in any of these states")),
                       many(named<Channel>("channel", "With a delivery by any of these ways")),
                       id("incident", "Of this incident"), moment("created_after", "Made from then on"),
                       moment("created_before", "Made before then"),
                       moment("period", "Made within this span before now: 24h, 7d, 30d, or today")},
             .answer = "Alert",
             .paging = Paging::cursor,
             .run = list_alerts});
  table.add({.path = "/alerts/{id}/",
             .name = "get_alert",
             .summary = "An alert and every try to deliver it",
             .command = "visitorctl alert show",
             .permission = Permission::alert_view,
             .answer = "AlertDetails",
             .run = get_alert});
  table.add({.method = "POST",
             .path = "/alerts/{id}/retry/",
             .name = "retry_alert",
             .summary = "Send again what was given up",
             .command = "visitorctl alert retry",
             .permission = Permission::alert_send,
             .answer = "AlertDetails",
             .if_match = IfMatch::may,
             .conflicts = true,
             .current = get_alert,
             .run = retry_alert});
  table.add({.method = "POST",
             .path = "/alerts/{id}/acknowledge/",
             .name = "acknowledge_alert",
             .summary = "Say that what was sent of an alert has been seen, and take up its incident where nobody has, "
                        "which ends its escalation",
             .permission = Permission::incident_assign,
             .answer = "AlertDetails",
             .if_match = IfMatch::may,
             .conflicts = true,
             .current = get_alert,
             .run = acknowledge});
  table.add({.path = "/silences/",
             .name = "list_silences",
             .summary = "What is switched off, the last to end first",
             .command = "visitorctl alert silence list",
             .permission = Permission::silence_view,
             .query = {yes_or_no("all", "Also those that are over")},
             .answer = "Silence",
             .paging = Paging::pages,
             .run = list_silences});
  table.add({.path = "/silences/{id}/",
             .name = "get_silence",
             .summary = "A silence",
             .command = "visitorctl alert silence list",
             .permission = Permission::silence_view,
             .answer = "Silence",
             .run = get_silence});
  auto known = silence_subject();
  known.push_back(with_default(moment("since", "Alerts made from then on"), "7d"));
  table.add({.path = "/silences/preview/",
             .name = "preview_silence",
             .summary = "Which alerts such a silence would have held back: how many, and the newest of them",
             .command = "visitorctl alert silence add --dry-run",
             .permission = Permission::silence_view,
             .query = std::move(known),
             .answer = "SilencePreview",
             .run = preview_silence});
  auto wanted = silence_subject();
  wanted.push_back(required(text("reason", "Why", 500, 1)));
  wanted.push_back(with_default(moment("starts_at", "From then on"), "now"));
  wanted.push_back(required(moment("ends_at", "Until then: a time, or a span from now such as +2h")));
  table.add({.method = "POST",
             .path = "/silences/",
             .name = "create_silence",
             .summary = "Switch alerts off for a while",
             .command = "visitorctl alert silence add",
             .permission = Permission::silence_edit,
             .body = std::move(wanted),
             .answer = "Silence",
             .status = 201,
             .run = add_silence});
  table.add({.method = "POST",
             .path = "/silences/{id}/expire/",
             .name = "expire_silence",
             .summary = "End a silence now",
             .command = "visitorctl alert silence expire",
             .permission = Permission::silence_edit,
             .answer = "Silence",
             .if_match = IfMatch::may,
             .conflicts = true,
             .current = get_silence,
             .run = expire_silence});
}

}  // namespace visitor::api
