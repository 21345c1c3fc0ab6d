#pragma once

#include <memory>

#include "cli/command.hpp"
#include "cli/globals.hpp"

namespace visitor::cli {

/// Everything that visitorctl can do, as a tree: what runs, what is completed, and what manual pages are written from.
std::unique_ptr<Command> command_tree();

/// The options that every command has, bound to \p globals.
std::unique_ptr<Command> global_params(Globals& globals);

// One per file under cli/commands, which has the same name.
void add_init(Command& root);
void add_status(Command& root);
void add_health(Command& root);
void add_doctor(Command& root);
void add_inside(Command& root);
void add_muster(Command& root);
void add_rules_test(Command& rules);
void add_why_incident(Command& why);
void add_why_visit(Command& why);
void add_watch(Command& root);
void add_visit_cancel(Command& visit);
void add_visit_checkin(Command& visit);
void add_visit_checkout(Command& visit);
void add_visit_create(Command& visit);
void add_visit_edit(Command& visit);
void add_visit_history(Command& visit);
void add_visit_list(Command& visit);
void add_visit_reopen(Command& visit);
void add_visit_show(Command& visit);
void add_guest_add(Command& guest);
void add_guest_block(Command& guest);
void add_guest_credential_add(Command& credential);
void add_guest_document(Command& guest);
void add_guest_edit(Command& guest);
void add_guest_list(Command& guest);
void add_guest_merge(Command& guest);
void add_guest_photo_remove(Command& photo);
void add_guest_photo_set(Command& photo);
void add_guest_photo_show(Command& photo);
void add_guest_remove(Command& guest);
void add_guest_search(Command& guest);
void add_guest_show(Command& guest);
void add_guest_unblock(Command& guest);
void add_host_add(Command& host);
void add_host_edit(Command& host);
void add_host_list(Command& host);
void add_host_remove(Command& host);
void add_host_show(Command& host);
void add_department_add(Command& department);
void add_department_edit(Command& department);
void add_department_list(Command& department);
void add_department_remove(Command& department);
void add_department_show(Command& department);
void add_site_add(Command& site);
void add_site_edit(Command& site);
void add_site_list(Command& site);
void add_site_remove(Command& site);
void add_site_show(Command& site);
void add_terminal_add(Command& terminal);
void add_terminal_backlog(Command& terminal);
void add_terminal_clock(Command& terminal);
void add_terminal_disable(Command& terminal);
void add_terminal_doors(Command& terminal);
void add_terminal_edit(Command& terminal);
void add_terminal_enable(Command& terminal);
void add_terminal_gaps(Command& terminal);
void add_terminal_list(Command& terminal);
void add_terminal_poll_now(Command& terminal);
void add_terminal_remove(Command& terminal);
void add_terminal_show(Command& terminal);
void add_terminal_test(Command& terminal);
void add_door_list(Command& door);
void add_door_set(Command& door);
void add_event_decode(Command& event);
void add_event_list(Command& event);
void add_event_replay(Command& event);
void add_event_show(Command& event);
void add_event_tail(Command& event);
void add_alert_explain(Command& alert);
void add_alert_route_test(Command& route);
void add_alert_send_digest(Command& alert);
void add_alert_silence_add(Command& silence);
void add_alert_silence_expire(Command& silence);
void add_alert_silence_list(Command& silence);
void add_incident_assign(Command& incident);
void add_incident_false_alarm(Command& incident);
void add_incident_history(Command& incident);
void add_incident_list(Command& incident);
void add_incident_open(Command& incident);
void add_incident_reopen(Command& incident);
void add_incident_resolve(Command& incident);
void add_incident_show(Command& incident);
void add_alert_canary(Command& alert);
void add_alert_list(Command& alert);
void add_alert_lost(Command& alert);
void add_alert_retry(Command& alert);
void add_alert_show(Command& alert);
void add_alert_test(Command& alert);
void add_rules_list(Command& rules);
void add_rules_set(Command& rules);
void add_rules_show(Command& rules);
void add_rules_unset(Command& rules);
void add_job_list(Command& job);
void add_job_run(Command& job);
void add_config_check(Command& config);
void add_config_options(Command& config);
void add_config_show(Command& config);
void add_db_migrate(Command& db);
void add_db_shell(Command& db);
void add_db_start(Command& db);
void add_db_status(Command& db);
void add_db_stop(Command& db);
void add_help(Command& root);
void add_api(Command& root);
void add_explain(Command& root);
void add_man(Command& root);
void add_completion(Command& root);
void add_complete(Command& root);

}  // namespace visitor::cli
