#!/usr/bin/env bats
# A terminal that was left alone for long, and everything going wrong while it is read.

load common
load facts

setup() { new_place; }
teardown() { leave_place; }

stored_more_than() { [ "$(events_stored door)" -gt "$1" ]; }

@test "19,000 events are stored exactly once through a database restart and two kills of the daemon" {
  start_sim door --profile K1T342MWX --utc-offset +05:00
  sim door /backlog '{"count": 19000, "hours": 48}'
  ctl --quiet init --site Here --time-zone Asia/Almaty
  ctl --quiet terminal add door "$(sim_url door)" --password-file "$place/password"

  start_daemon
  wait_for 60 stored_more_than 3000
  kill -KILL "$daemon"
  wait "$daemon" || true

  start_daemon
  wait_for 60 stored_more_than 7000
  ctl --quiet db stop
  ctl --quiet db start
  wait_for 60 stored_more_than 11000
  kill -KILL "$daemon"
  wait "$daemon" || true
  [ "$(events_stored door)" -lt 19000 ] # or nothing was left to lose

  start_daemon
  wait_for 120 has_stored door 19000
  sleep 3
  kill -TERM "$daemon"
  wait "$daemon"

  [ "$(events_held door)" -eq 19000 ]
  events_are_stored_once door
  rows_agree
}
