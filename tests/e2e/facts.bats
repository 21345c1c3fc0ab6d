#!/usr/bin/env bats
# The comparison that the tests under fire end with, tried on facts that do not agree.

load common
load facts

setup() { new_place; }
teardown() { leave_place; }

@test "a lost event, a doubled one, and a missing or false row of audit, feed or outbox are each found" {
  start_sim door --profile K1T342MWX --utc-offset +05:00
  ctl --quiet init --site Here --time-zone Asia/Almaty
  ctl --quiet terminal add door "$(sim_url door)" --password-file "$place/password"
  ctl --quiet door set door 1 entry
  ctl --quiet door set door 1 exit --reader 2
  ctl --quiet visit create --new-guest "Aigerim Bekova" --employee-no 1001
  ctl --quiet visit create --new-guest "Nurlan Ospanov" --employee-no 1002
  sim door /walk '{"employee_no": "1001"}'
  sim door /walk '{"employee_no": "1001", "reader": 2}'
  sim door /walk '{"employee_no": "1002", "reader": 2}'
  start_daemon
  wait_for 20 has_stored door "$(events_held door)"
  sleep 7 # the lock that closes by itself, and the alert
  wait_for 20 has_stored door "$(events_held door)"
  kill -TERM "$daemon"
  wait "$daemon"

  events_are_stored_once door
  rows_agree

  sql "ALTER TABLE access_event DISABLE TRIGGER ALL; ALTER TABLE audit DISABLE TRIGGER ALL"
  finds() { # finds SQL: after it facts do not agree; it is undone
    ctl db shell -- -X -q -At -v ON_ERROR_STOP=1 >"$place/found" <<SQL
BEGIN;
$1;
\i $VISITOR_SOURCE/tests/e2e/facts.sql
ROLLBACK;
SQL
    [ -s "$place/found" ] || { echo "not found: $1" >&2; return 1; }
  }
  finds "DELETE FROM access_event WHERE id = (SELECT max(id) FROM access_event)"
  finds "INSERT INTO access_event (terminal_id, epoch, serial, occurred_at, major, minor, received_at, time_text, time_source, class,
                                   direction, door_no, reader_no, raw)
         SELECT terminal_id, epoch + 1, serial, occurred_at, major, minor, received_at, time_text, time_source, class, direction,
                door_no, reader_no, raw FROM access_event LIMIT 1"
  finds "DELETE FROM change WHERE id = (SELECT max(id) FROM change WHERE topic = 'visit')"
  finds "DELETE FROM change WHERE id = (SELECT max(id) FROM change WHERE topic = 'event')"
  finds "INSERT INTO change (at, topic, entity_id, version) SELECT at, topic, entity_id, version FROM change WHERE topic = 'incident'"
  finds "DELETE FROM audit WHERE id = (SELECT max(id) FROM audit WHERE topic = 'visit')"
  finds "DELETE FROM audit WHERE topic = 'incident'"
  finds "UPDATE visit SET exit_count = exit_count + 1, version = version + 1 WHERE id = 1"
  finds "DELETE FROM delivery"
  finds "UPDATE terminal SET event_count = event_count + 1"
  finds "INSERT INTO serial_gap (terminal_id, epoch, first_serial, last_serial, found_at) VALUES (1, 1, 900, 901, now())"

  sql "DELETE FROM access_event WHERE id = (SELECT min(id) FROM access_event)"
  run events_are_stored_once door
  [ "$status" -ne 0 ]
  [[ "$output" == *"terminal door"*"differ"* ]]
}
