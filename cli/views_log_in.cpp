#include "cli/views_log_in.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/views.hpp"

namespace visitor::cli {
namespace {

void write_account(JsonWriter& json, std::string_view key, AccountId id, std::string_view login) {
  json.key(key).begin_object().member("id", id).member("login", login).end();
}

void write_codes(JsonWriter& json, const std::vector<Secret>& codes) {
  json.key("recovery_codes").begin_array();
  for (const auto& code : codes) json.value(code.reveal());
  json.end();
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& text : texts) all += (all.empty() ? "" : " ") + text;
  return all;
}

std::string names_of(const std::vector<domain::Permission>& permissions) {
  std::vector<std::string> names;
  for (const auto permission : permissions) names.emplace_back(domain::name(permission));
  return joined(names);
}

Cell session_state(const domain::Session& session, Instant now) {
  if (session.live(now)) return Cell{"live", Tone::good};
  return Cell{session.ended_how ? std::string{domain::name(*session.ended_how)} : "expired", Tone::faint};
}

Cell key_state(const domain::ApiKey& key, Instant now) {
  if (key.live(now)) return Cell{"live", Tone::good};
  return Cell{key.revoked_at ? "revoked" : "expired", Tone::faint};
}

/// "90 s ahead".
std::string drift_text(std::int64_t steps) {
  if (steps == 0) return "on time";
  return fmt::format("{} s {}", std::abs(steps) * auth::kTotpPeriod.count(), steps > 0 ? "ahead" : "behind");
}

}  // namespace

void write(JsonWriter& json, const RecoveryCodesShown& shown) {
  json.begin_object().member("login", std::string_view{shown.login});
  write_codes(json, shown.recovery_codes);
  json.end();
}

void write(JsonWriter& json, const app::ClockDrift& drift) {
  json.begin_object()
      .member("login", std::string_view{drift.login})
      .member("drift_seconds", drift.steps * auth::kTotpPeriod.count())
      .member("taken", drift.good)
      .end();
}

void write(JsonWriter& json, const app::BreakGlass& opened) {
  json.begin_object().member("id", opened.id);
  write_account(json, "account", opened.account, opened.login);
  json.member("first", std::string_view{opened.first_by})
      .member("second", std::string_view{opened.second_by})
      .member("reason", std::string_view{opened.reason})
      .member("opened_at", opened.opened_at)
      .member("ends_at", opened.ends_at)
      .member("closed_at", opened.closed_at)
      .text_member("closed_by", opened.closed_by)
      .end();
}

Table session_table(const std::vector<domain::Session>& rows, Instant now, const std::string& time_zone) {
  Table table{{{"Id", Column::Align::right},
               {"Account"},
               {"State"},
               {"Second factor"},
               {"Since"},
               {"Last used"},
               {"Ends"},
               {"From", {}, Column::Fit::give},
               {"Program", {}, Column::Fit::give}}};
  for (const auto& one : rows)
    table.add({one.id, one.login, session_state(one, now), std::string{domain::name(one.second_factor)},
               time_cell(one.created_at, time_zone), time_cell(one.last_used_at, time_zone),
               time_cell(one.ends_at(), time_zone), one.address, one.agent});
  return table;
}

Table api_key_table(const std::vector<domain::ApiKey>& rows, Instant now, const std::string& time_zone) {
  Table table{{{"Id", Column::Align::right},
               {"Account"},
               {"Name", {}, Column::Fit::give},
               {"State"},
               {"Expires"},
               {"Last used"},
               {"From", {}, Column::Fit::give},
               {"Networks", {}, Column::Fit::give},
               {"Permissions", {}, Column::Fit::give}}};
  for (const auto& key : rows)
    table.add({key.id, key.login, key.name, key_state(key, now), time_cell(key.expires_at, time_zone),
               time_cell(key.last_used_at, time_zone), key.last_used_from, joined(key.networks),
               names_of(key.permissions)});
  return table;
}

Table api_key_use_table(const app::ApiKeyAudit& audit, const std::string& time_zone) {
  Table table{{{"Permission"}, {"First used"}, {"Last used"}}};
  for (const auto permission : audit.key.permissions) {
    const auto use = std::ranges::find(audit.uses, permission, &auth::ApiKeyUse::permission);
    const std::string name{domain::name(permission)};
    if (use == audit.uses.end())
      table.add({name, Cell{"never", Tone::warning}, ""});
    else
      table.add({name, time_cell(use->first_used_at, time_zone), time_cell(use->last_used_at, time_zone)});
  }
  return table;
}

Table break_glass_table(const std::vector<app::BreakGlass>& rows, Instant now, const std::string& time_zone) {
  Table table{{{"Id", Column::Align::right},
               {"Account"},
               {"State"},
               {"Opened"},
               {"Ends"},
               {"First"},
               {"Second"},
               {"Reason", {}, Column::Fit::give}}};
  for (const auto& one : rows)
    table.add({one.id, one.login, one.open(now) ? Cell{"open", Tone::warning} : Cell{"over", Tone::faint},
               time_cell(one.opened_at, time_zone), time_cell(one.closed_at.value_or(one.ends_at), time_zone),
               one.first_by, one.second_by, one.reason});
  return table;
}

Card card_of(const app::SecondFactorStatus& status, const std::string& time_zone) {
  Card card;
  card.add("Account", status.login);
  card.add("Authenticator", status.device ? fmt::format("{}, {} digits", domain::label(status.device->algorithm, {}),
                                                        status.device->digits)
                                          : std::string{"none"});
  card.add("Required", std::string{status.required ? "yes" : "no"});
  if (status.device) {
    card.add("Since", time_cell(status.device->confirmed_at, time_zone));
    card.add("Last used", time_cell(status.device->last_used_at, time_zone));
    card.add("Clock then", drift_text(status.device->last_drift));
    card.add("Recovery codes", std::to_string(status.recovery_codes));
  }
  if (status.pending) card.add("Waiting", std::string{"a new authenticator, for its first code"});
  return card;
}

Card card_of(const app::ClockDrift& drift) {
  Card card;
  card.add("Account", drift.login);
  card.add("Clock", drift_text(drift.steps));
  card.add("Codes are taken", std::string{drift.good ? "yes" : "no"});
  return card;
}

std::string recovery_text(const std::vector<Secret>& codes) {
  std::string text;
  for (const auto& code : codes) text += fmt::format("{}\n", code.reveal());
  return text;
}

}  // namespace visitor::cli
