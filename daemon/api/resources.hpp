#pragma once

#include "daemon/api/route.hpp"

/// What there is: each adds the schemas and routes of some resources.
namespace visitor::api {

void add_house(Table& table);      ///< sites, departments, hosts
void add_guests(Table& table);     ///< guests
void add_visits(Table& table);     ///< visits, who is inside
void add_terminals(Table& table);  ///< terminals, doors, events
void add_incidents(Table& table);  ///< incidents
void add_alerts(Table& table);     ///< alerts, silences
void add_locks(Table& table);
void add_records(Table& table);  ///< audit, changes, jobs, figures

}  // namespace visitor::api
