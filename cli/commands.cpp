#include "cli/commands.hpp"

#include "cli/account_commands.hpp"
#include "cli/audit_commands.hpp"
#include "cli/backup_commands.hpp"
#include "cli/backup_watch_commands.hpp"
#include "cli/badge_commands.hpp"
#include "cli/export_commands.hpp"
#include "cli/log_in_commands.hpp"

namespace visitor::cli {

std::unique_ptr<Command> global_params(Globals& globals) {
  auto command = std::make_unique<Command>("visitorctl", "");
  command->option("-c,--config", "FILE", globals.config, "Configuration file instead of the default one")
      .takes_file()
      .option("--server", "URL", globals.server,
              "Work with the visitord at this address, such as https://visitor.example.org, instead of a database "
              "here; the variable VISITOR_SERVER does the same")
      .for_server()
      .option("--key-file", "FILE", globals.key_file, "API key for it, in a file of its own; the first line counts")
      .takes_file()
      .for_server()
      .option("--ca-file", "FILE", globals.ca_file, "PEM of an authority to believe besides the system's")
      .takes_file()
      .for_server()
      .flag("--json", globals.json, "Answer in JSON; an error is a JSON object on standard error")
      .flag("--no-color", globals.no_color, "No colour on a terminal; the variable NO_COLOR does the same")
      .flag("-q,--quiet", globals.quiet,
            "Print neither what was changed nor notes; errors and what was asked for remain")
      .flag("-v,--verbose", globals.verbose, "Tell on standard error what happens underneath")
      .flag("--version", globals.version, "Print the version")
      .flag("-h,--help", globals.help, "Print this text");
  return command;
}

std::unique_ptr<Command> command_tree() {
  auto root = std::make_unique<Command>("visitorctl", "Keep the visits of a building");
  root->details(
      "Lists are aligned on a terminal, and tab-separated values without a header line when piped; \\t, \\n, \\r and "
      "\\\\ stand for what is inside of a field. --json gives stable names and times in UTC. Times are shown, and "
      "read where they have no offset, in the time zone of the site.\n"
      "\n"
      "TIME is 2026-09-01, '2026-09-01 08:00', 2026-09-01T08:00:00+05:00, 08:30 (of today), 30m, 2h or 7d (ago), +2h "
      "(from now), now, today, yesterday or tomorrow.");

  add_init(*root);
  add_status(*root);
  add_health(*root);
  add_doctor(*root);
  add_inside(*root);
  add_muster(*root);
  add_watch(*root);

  auto& visit = root->add("visit", "Register visits, check guests in and out");
  add_visit_create(visit);
  add_visit_list(visit);
  add_visit_show(visit);
  add_visit_history(visit);
  add_visit_edit(visit);
  add_visit_checkin(visit);
  add_visit_checkout(visit);
  add_visit_cancel(visit);
  add_visit_reopen(visit);

  auto& guest = root->add("guest", "Keep guests, and what terminals know them by");
  add_guest_add(guest);
  add_guest_list(guest);
  add_guest_search(guest);
  add_guest_show(guest);
  add_guest_document(guest);
  add_guest_edit(guest);
  add_guest_block(guest);
  add_guest_unblock(guest);
  add_guest_merge(guest);
  add_guest_remove(guest);
  auto& photo = guest.add("photo", "Keep the photos of guests");
  add_guest_photo_set(photo);
  add_guest_photo_show(photo);
  add_guest_photo_remove(photo);
  add_guest_credential_add(guest.add("credential", "Keep the numbers that terminals know guests by"));

  auto& badge = root->add("badge", "Print badges, and see what they are worth");
  add_badge_print(badge);
  add_badge_list(badge);
  add_badge_verify(badge);
  add_badge_key(badge);
  add_badge_template(badge);

  auto& host = root->add("host", "Keep the employees who receive guests");
  add_host_add(host);
  add_host_list(host);
  add_host_show(host);
  add_host_edit(host);
  add_host_remove(host);

  auto& department = root->add("department", "Keep departments");
  add_department_add(department);
  add_department_list(department);
  add_department_show(department);
  add_department_edit(department);
  add_department_remove(department);

  auto& site = root->add("site", "Keep sites and their time zones");
  add_site_add(site);
  add_site_list(site);
  add_site_show(site);
  add_site_edit(site);
  add_site_remove(site);

  auto& terminal = root->add("terminal", "Keep and test terminals");
  add_terminal_add(terminal);
  add_terminal_list(terminal);
  add_terminal_show(terminal);
  add_terminal_test(terminal);
  add_terminal_doors(terminal);
  add_terminal_backlog(terminal);
  add_terminal_gaps(terminal);
  add_terminal_clock(terminal);
  add_terminal_poll_now(terminal);
  add_terminal_enable(terminal);
  add_terminal_disable(terminal);
  add_terminal_edit(terminal);
  add_terminal_remove(terminal);

  auto& door = root->add("door", "Say which way doors lead");
  add_door_list(door);
  add_door_set(door);

  auto& event = root->add("event", "See what terminals reported");
  add_event_list(event);
  add_event_show(event);
  add_event_tail(event);
  add_event_decode(event);
  add_event_replay(event);

  auto& incident = root->add("incident", "See and settle incidents");
  add_incident_list(incident);
  add_incident_show(incident);
  add_incident_history(incident);
  add_incident_open(incident);
  add_incident_assign(incident);
  add_incident_resolve(incident);
  add_incident_false_alarm(incident);
  add_incident_reopen(incident);

  auto& alert = root->add("alert", "See who was told what, and see to it that everybody is");
  add_alert_list(alert);
  add_alert_show(alert);
  add_alert_retry(alert);
  add_alert_lost(alert);
  add_alert_test(alert);
  add_alert_canary(alert);
  add_alert_explain(alert);
  add_alert_send_digest(alert);
  add_alert_route_test(alert.add("route", "See where alerts go"));
  auto& silence = alert.add("silence", "Hold alerts back for a while");
  add_alert_silence_add(silence);
  add_alert_silence_list(silence);
  add_alert_silence_expire(silence);

  auto& job = root->add("job", "See and run what visitord does by itself");
  add_job_list(job);
  add_job_run(job);

  auto& rules = root->add("rules", "See what becomes an incident, and say otherwise for one site");
  add_rules_list(rules);
  add_rules_show(rules);
  add_rules_set(rules);
  add_rules_unset(rules);
  add_rules_test(rules);

  auto& why = root->add("why", "Show why something is believed");
  add_why_visit(why);
  add_why_incident(why);

  auto& audit = root->add("audit", "See who did what, and whether the record of it is whole");
  add_audit_list(audit);
  add_audit_show(audit);
  add_audit_verify(audit);
  add_audit_checkpoint(audit);
  add_audit_export(audit);

  auto& exports = root->add("export", "Write reports as files: spreadsheets, PDF, CSV, JSON, web pages");
  add_export_report(exports);
  add_export_list(exports);
  add_export_verify(exports);

  auto& report = root->add("report", "Reports that are made by themselves and handed in");
  add_report_list(report);
  add_report_run(report);
  add_report_show(report);

  auto& backup = root->add("backup", "Make, check and restore backups");
  add_backup_create(backup);
  add_backup_list(backup);
  add_backup_show(backup);
  add_backup_status(backup);
  add_backup_can_i_survive(backup);
  add_backup_prune(backup);
  add_backup_hold(backup);
  add_backup_release(backup);
  add_backup_verify(backup);
  add_backup_restore(backup);
  add_backup_extract(backup);
  auto& key = backup.add("key", "Keep the keys that can read backups");
  add_backup_key_create(key);
  add_backup_key_list(key);
  add_backup_key_export(key);
  add_backup_key_check(key);
  add_backup_key_rotate(key);
  add_resume(*root);

  auto& user = root->add("user", "Keep the accounts of people");
  add_user_add(user);
  add_user_list(user);
  add_user_show(user);
  add_user_edit(user);
  add_user_passwd(user);
  add_user_disable(user);
  add_user_enable(user);
  add_user_unlock(user);
  add_user_sessions(user);
  add_user_revoke(user);
  add_user_remove(user);
  auto& role = root->add("role", "Say who may do what, and where");
  add_role_list(role);
  add_role_show(role);
  add_role_permissions(role);
  add_role_create(role);
  add_role_edit(role);
  add_role_grant(role);
  add_role_revoke(role);
  auto& group = root->add("group", "Keep groups of users, for routes of alerts to name");
  add_group_add(group);
  add_group_list(group);
  add_group_show(group);
  add_group_edit(group);
  add_group_remove(group);
  auto& member = group.add("member", "Say who is in a group");
  add_group_member(member);
  auto& totp = root->add("totp", "Keep the authenticators of accounts");
  add_totp_enroll(totp);
  add_totp_confirm(totp);
  add_totp_status(totp);
  add_totp_disable(totp);
  add_totp_recovery(totp);
  add_totp_doctor(totp);
  auto& apikey = root->add("apikey", "Keep the keys of scripts");
  add_apikey_create(apikey);
  add_apikey_list(apikey);
  add_apikey_audit(apikey);
  add_apikey_revoke(apikey);
  auto& breakglass = root->add("breakglass", "Make an administrator in an emergency");
  add_breakglass_open(breakglass);
  add_breakglass_list(breakglass);
  add_breakglass_close(breakglass);

  auto& config = root->add("config", "See and check the configuration");
  add_config_check(config);
  add_config_show(config);
  add_config_options(config);

  auto& db = root->add("db", "See and serve the database");
  add_db_status(db);
  add_db_start(db);
  add_db_stop(db);
  add_db_migrate(db);
  add_db_shell(db);

  add_api(*root);
  add_explain(*root);
  add_help(*root);
  add_man(*root);
  add_completion(*root);
  add_complete(*root);
  return root;
}

}  // namespace visitor::cli
