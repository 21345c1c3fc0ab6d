#pragma once

#include <string>
#include <vector>

#include "app/accounts.hpp"
#include "app/api_keys.hpp"
#include "app/json_writer.hpp"
#include "app/roles.hpp"
#include "app/second_factors.hpp"
#include "domain/audit.hpp"

/// How accounts, roles, sessions, API keys and what they did look in JSON, for the commands and the API alike.
namespace visitor::app {

/// An account with what it has and belongs to.
struct AccountShown {
  domain::Account account;
  std::vector<domain::Grant> grants;
  std::vector<std::string> groups;
};

/// A role with everybody who has it.
struct RoleShown {
  domain::Role role;
  std::vector<domain::Grant> grants;
};

void write(JsonWriter& json, const domain::Account& account);
void write(JsonWriter& json, const AccountShown& shown);
void write(JsonWriter& json, const domain::Role& role);
void write(JsonWriter& json, const RoleShown& shown);
void write(JsonWriter& json, const domain::Grant& grant);
void write(JsonWriter& json, const GroupListed& listed);

void write(JsonWriter& json, const domain::AuditRecord& record);

void write(JsonWriter& json, const domain::Session& session);
void write(JsonWriter& json, const domain::ApiKey& key);
/// With the text of the key.
void write(JsonWriter& json, const ApiKeyCreated& created);
void write(JsonWriter& json, const ApiKeyAudit& audit);

/// With the key.
void write(JsonWriter& json, const TotpEnrolment& enrolment);
/// With the recovery codes.
void write(JsonWriter& json, const TotpConfirmed& confirmed);
void write(JsonWriter& json, const SecondFactorStatus& status);

}  // namespace visitor::app
