#pragma once

#include <string>
#include <vector>

#include "app/break_glass.hpp"
#include "app/json_accounts.hpp"
#include "app/second_factors.hpp"
#include "cli/json_writer.hpp"
#include "cli/table.hpp"

/// How second factors, sessions and API keys look; the rest stands in cli/views.hpp, and the JSON that the API shows,
/// too, in app/json_accounts.hpp.
namespace visitor::cli {

struct RecoveryCodesShown {
  std::string login;
  std::vector<Secret> recovery_codes;
};

void write(JsonWriter& json, const RecoveryCodesShown& shown);
void write(JsonWriter& json, const app::ClockDrift& drift);
void write(JsonWriter& json, const app::BreakGlass& opened);

Table session_table(const std::vector<domain::Session>& rows, Instant now, const std::string& time_zone);
Table api_key_table(const std::vector<domain::ApiKey>& rows, Instant now, const std::string& time_zone);
Table break_glass_table(const std::vector<app::BreakGlass>& rows, Instant now, const std::string& time_zone);
/// Every permission of the key, with when it was needed.
Table api_key_use_table(const app::ApiKeyAudit& audit, const std::string& time_zone);
Card card_of(const app::SecondFactorStatus& status, const std::string& time_zone);
Card card_of(const app::ClockDrift& drift);

/// The codes, a line each.
std::string recovery_text(const std::vector<Secret>& codes);

}  // namespace visitor::cli
