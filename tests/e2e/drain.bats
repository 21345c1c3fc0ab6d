#!/usr/bin/env bats
# A terminal that was left alone for long, and everything going wrong while it is read.

load common

setup() { new_place; }
teardown() { leave_place; }

# What the simulated terminal holds, apart from the log-ins of its reader: serial, time, major, minor.
sim_events() {
  sim door /state | jq -r '.events[] | select(.major != 3 or (.minor != 112 and .minor != 113)) |
    [.serial, (.time | sub("T"; " ") | sub("Z"; "")), .major, .minor] | map(tostring) | join("|")' | sort -n
}

stored_events() {
  ctl db shell -- -X -At -c "SELECT serial, to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), major, minor FROM access_event ORDER BY serial"
}

stored_more_than() { [ "$(events_stored door)" -gt "$1" ]; }
all_stored() { [ "$(events_stored door)" -ge "$1" ]; }

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
  wait_for 120 all_stored 19000
  sleep 3
  kill -TERM "$daemon"
  wait "$daemon"

  sim_events >"$place/there"
  stored_events >"$place/here"
  [ "$(wc -l <"$place/there")" -eq 19000 ]
  diff "$place/there" "$place/here"
}
