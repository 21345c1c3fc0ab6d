#pragma once

#include <string>
#include <string_view>

#include "domain/scope.hpp"

/// How a domain::Scope limits a statement. For the stores only.
///
/// Each returns "\n AND (…)" for a WHERE, with parameters from $first on: scope.sites(), scope.departments() and
/// scope.hosts() where it is said that there are three, scope.sites() alone where it is said that there is one. They
/// are NULL for Scope::everything(), and the planner drops the condition.
namespace visitor::store {

/// Three parameters. \param site, department, host  SQL: whom the thing belongs to, each may be NULL
std::string in_scope(std::string_view site, std::string_view department, std::string_view host, int first);

/// One parameter: of what belongs to a site only. \param site  SQL
std::string site_in_scope(std::string_view site, int first);

/// Three parameters: of what belongs to a site and, through a visit, to a department and a host.
/// \param visit  SQL: number of the visit, may be NULL
std::string visit_in_scope(std::string_view site, std::string_view visit, int first);

/// Three parameters: guests who have a visit in scope, and those who have none at all, so that whoever registers a
/// guest can go on. \param guest  SQL: number of the guest
std::string guest_in_scope(std::string_view guest, int first);

/// Three parameters: events of the site, and of guests while they are on a visit in scope there. Of the aliases
/// t (terminal), g (guest) and e (access_event).
std::string event_in_scope(int first);

/// Three parameters: alerts about a site, and about incidents and visits in scope. Of the alias a (alert).
std::string alert_in_scope(int first);

}  // namespace visitor::store
