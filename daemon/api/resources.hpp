#pragma once

#include "daemon/api/route.hpp"

/// What there is: each adds the schemas and routes of some resources.
namespace visitor::api {

void add_house(Table& table);      ///< sites, departments, hosts
void add_guests(Table& table);     ///< guests
void add_visits(Table& table);     ///< visits, who is inside
void add_muster(Table& table);     ///< the roll call
void add_badges(Table& table);     ///< badges, what they are worth
void add_terminals(Table& table);  ///< terminals, doors, events
void add_incidents(Table& table);  ///< incidents
void add_rules(Table& table);      ///< what becomes an incident
void add_alerts(Table& table);     ///< alerts, silences
void add_locks(Table& table);      ///< who is editing what
void add_sessions(Table& table);   ///< log-in, sessions, API keys
void add_totp(Table& table);       ///< the caller's own second factor
void add_accounts(Table& table);   ///< users, and who has which role
void add_roles(Table& table);      ///< roles, groups of users
void add_audit(Table& table);      ///< who did what
void add_reports(Table& table);    ///< reports, jobs that make them, their files
void add_records(Table& table);    ///< changes, jobs, figures

}  // namespace visitor::api
