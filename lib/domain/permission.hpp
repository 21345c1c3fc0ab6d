#pragma once

#include "domain/names.hpp"

namespace visitor::domain {

/// Everything that a right is needed for. Closed: roles choose from this list, and the database knows its names.
///
/// How it is used: whoever acts for a person holds a Principal (domain/scope.hpp) and asks it
/// scope_for(Permission::visit_check_in). Nothing means forbidden; a Scope is what the stores are made with, so that
/// what lies outside of it is absent. A new value is added here, in the names table, and to the CHECK of
/// role_permission by a migration.
enum class Permission {
  visit_view,
  visit_create,
  visit_edit,
  visit_check_in,
  visit_check_out,
  visit_cancel,
  visit_reopen,
  guest_view,
  guest_create,
  guest_edit,
  guest_merge,
  guest_block,
  guest_remove,
  guest_document_view,
  host_view,
  host_edit,
  department_view,
  department_edit,
  site_view,
  site_edit,
  terminal_view,
  terminal_edit,
  terminal_poll,
  event_view,
  incident_view,
  incident_open,
  incident_comment,
  incident_assign,
  incident_settle,
  incident_reopen,
  alert_view,
  alert_send,
  silence_view,
  silence_edit,
  rule_view,
  rule_edit,
  inside_view,
  statistics_view,
  report_export,
  account_view,
  account_edit,
  role_view,
  role_edit,
  role_grant,
  session_view,
  session_revoke,
  api_key_view,
  api_key_edit,
  audit_view,
  audit_export,
  change_view,
  job_view,
  job_run,
  lock_take_over,
};

/// The name is "visit.check_in"; the labels are a sentence each, which says what it allows.
template <>
std::span<const Name<Permission>> names();

}  // namespace visitor::domain
