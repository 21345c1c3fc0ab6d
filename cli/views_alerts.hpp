#pragma once

#include <string>
#include <vector>

#include "app/json_views.hpp"
#include "app/ledger.hpp"
#include "cli/json_writer.hpp"
#include "cli/table.hpp"

/// How alerts and their deliveries look; the rest stands in cli/views.hpp.
namespace visitor::cli {

void write(JsonWriter& json, const app::Lost& lost);

/// A line for each delivery, and one for an alert that has none.
Table alert_table(const std::vector<app::AlertSent>& rows, Instant now, const std::string& time_zone);
Table lost_table(const std::vector<app::Lost>& rows, Instant now, const std::string& time_zone);

Card card_of(const app::AlertLedger& ledger, const std::string& time_zone);

Cell state_cell(domain::DeliveryState state);
/// "telegram to -100123", or "log".
std::string address_text(domain::Channel channel, const std::string& recipient);

}  // namespace visitor::cli
