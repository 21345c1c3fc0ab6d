#include "cli/views_alerts.hpp"

#include <fmt/format.h>

#include "cli/views.hpp"

namespace visitor::cli {
namespace {

using domain::AttemptOutcome;
using domain::DeliveryState;

/// What a line of the list says last: why it is not there yet, or why not at all.
std::string remark(const domain::Delivery& delivery) {
  return delivery.state == DeliveryState::withheld ? delivery.withheld_reason : delivery.last_error;
}

std::string outcome_text(const domain::Attempt& attempt) {
  switch (attempt.outcome) {
    case AttemptOutcome::sent:
      return attempt.provider_id.empty() ? "sent" : "sent as " + attempt.provider_id;
    case AttemptOutcome::later:
      return "put off: " + attempt.reason;
    case AttemptOutcome::refused:
      return "refused: " + attempt.reason;
    case AttemptOutcome::unknown:
      break;
  }
  return "no answer, it may have arrived" + (attempt.reason.empty() ? "" : ": " + attempt.reason);
}

}  // namespace

void write(JsonWriter& json, const app::Lost& lost) {
  json.begin_object().member("what", app::name(lost.what)).member("incident_id", lost.incident);
  json.member("alert_id", lost.alert).member("delivery_id", lost.delivery);
  json.text_member("channel", lost.channel ? domain::name(*lost.channel) : "");
  json.text_member("recipient", lost.recipient).member("since", lost.since);
  json.text_member("last_error", lost.last_error).end();
}

Table alert_table(const std::vector<app::AlertSent>& rows, Instant now, const std::string& time_zone) {
  Table table{{{"Alert", Column::Align::right},
               {"Made"},
               {"Kind", {}, Column::Fit::give},
               {"Severity"},
               {"Incident", Column::Align::right, Column::Fit::give},
               {"To", {}, Column::Fit::give},
               {"State"},
               {"Tries", Column::Align::right},
               {"Sent", {}, Column::Fit::give},
               {"Why", {}, Column::Fit::give}}};
  for (const auto& [alert, deliveries] : rows) {
    const auto add = [&, &alert = alert](const std::string& to, Cell state, const std::string& tries, Cell sent,
                                         const std::string& why) {
      table.add({alert.id, short_precise_time_cell(alert.created_at, now, time_zone),
                 std::string{domain::name(alert.kind)}, severity_cell(alert.severity),
                 alert.incident ? Cell{*alert.incident} : Cell{""}, to, std::move(state), tries, std::move(sent), why});
    };
    if (deliveries.empty()) add("", {"no delivery", Tone::bad}, "", "", "");
    for (const auto& delivery : deliveries)
      add(address_text(delivery.channel, delivery.recipient), state_cell(delivery.state),
          fmt::to_string(delivery.attempts), short_precise_time_cell(delivery.sent_at, now, time_zone),
          remark(delivery));
  }
  return table;
}

Table lost_table(const std::vector<app::Lost>& rows, Instant now, const std::string& time_zone) {
  Table table{{{"What"},
               {"Since"},
               {"Incident", Column::Align::right, Column::Fit::give},
               {"Alert", Column::Align::right, Column::Fit::give},
               {"To", {}, Column::Fit::give},
               {"Last answer", {}, Column::Fit::give}}};
  for (const auto& row : rows)
    table.add({{std::string{app::name(row.what)}, Tone::bad},
               short_precise_time_cell(row.since, now, time_zone),
               row.incident ? Cell{*row.incident} : Cell{""},
               row.alert ? Cell{*row.alert} : Cell{""},
               row.channel ? address_text(*row.channel, row.recipient) : "",
               row.last_error});
  return table;
}

Card card_of(const app::AlertLedger& ledger, const std::string& time_zone) {
  const auto& alert = ledger.alert;
  Card card;
  card.add("Alert", alert.id);
  card.add("Kind", std::string{domain::name(alert.kind)});
  card.add("Severity", severity_cell(alert.severity));
  card.add("Incident", alert.incident ? Cell{*alert.incident} : "");
  card.add("Visit", alert.visit ? Cell{*alert.visit} : "");
  card.add("Summary", alert.summary);
  card.add("Made", precise_time_cell(alert.created_at, time_zone));
  for (const auto& delivery : ledger.deliveries) {
    card.add(fmt::format("Delivery {}", delivery.id),
             {fmt::format("{}, {}", address_text(delivery.channel, delivery.recipient), domain::name(delivery.state)),
              state_cell(delivery.state).tone});
    card.add("Because", delivery.reason);
    card.add("Withheld", delivery.withheld_reason);
    if (delivery.due_at > alert.created_at) card.add("Not before", precise_time_cell(delivery.due_at, time_zone));
    for (const auto& attempt : ledger.attempts)
      if (attempt.delivery == delivery.id)
        card.add(fmt::format("Try {}", attempt.number),
                 fmt::format("{} {}", precise_time_cell(attempt.started_at, time_zone).text, outcome_text(attempt)));
    if (delivery.state == DeliveryState::waiting)
      card.add("Next try", precise_time_cell(delivery.next_attempt_at, time_zone));
    if (delivery.acknowledged_at)
      card.add("Acknowledged", fmt::format("{} by {}", precise_time_cell(delivery.acknowledged_at, time_zone).text,
                                           delivery.acknowledged_by));
  }
  return card;
}

Cell state_cell(DeliveryState state) {
  const auto tone = state == DeliveryState::failed ? Tone::bad
                    : state == DeliveryState::sent ? Tone::good
                                                   : Tone::plain;
  return {std::string{domain::name(state)}, tone};
}

std::string address_text(domain::Channel channel, const std::string& recipient) {
  return std::string{domain::name(channel)} + (recipient.empty() ? "" : " to " + recipient);
}

}  // namespace visitor::cli
