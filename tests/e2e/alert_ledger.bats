#!/usr/bin/env bats
# The ledger of alerts by the command line, and polls on demand.

bats_require_minimum_version 1.5.0
load common
load alert_crash

setup_file() {
  new_office
  a_receiver
  cat >>"$config" <<'TOML'

[alerts]
canary_interval = "1h"
canary_to = ["webhook:hook"]
TOML
  printf '%s\n' "${pids[@]}" >"$place/pids"
}
teardown_file() {
  mapfile -t pids <"$place/pids"
  leave_place
}
setup() { pids=(); }
teardown() { stop_started; }

state_is() { [ "$(ctl --json alert show "$1" | jq -r '.deliveries[0].state')" = "$2" ]; }

@test "an alert leaves within a second of its incident, and the ledger shows its try" {
  start_daemon
  wait_for 20 grep -q 'channel log is ours' "$place/visitord.log"
  local id
  id=$(ctl --json incident open --severity high --summary 'Badge handed over' | jq .id)
  id=$(ctl --json alert list --incident "$id" --channel log | jq '.alerts[0].id')
  wait_for 2 state_is "$id" sent
  run ctl alert show "$id"
  [[ "$output" == *"log, sent"* ]]
  [[ "$output" == *"try_1"*"sent"* ]]
  [ "$(ctl --json alert list --state sent --channel log | jq '.alerts | length')" -eq 1 ]
  [ "$(ctl --json alert list --state failed | jq '.alerts | length')" -eq 0 ]
  run ctl alert lost
  [ "$status" -eq 0 ]
  [ -z "$output" ]
}

@test "what was sent is not sent again, and what was given up is, with its first tries on record" {
  receiver_is ok
  start_daemon
  incidents 1
  local id
  id=$(ctl --json alert list --channel webhook | jq '.alerts[0].id')
  wait_for 10 state_is "$id" sent
  fails 11 alert retry "$id"
  fails 10 alert retry 4711
  fails 2 alert retry
  sql "INSERT INTO delivery (alert_id, channel, recipient, due_at, next_attempt_at) VALUES ($id, 'webhook', 'nobody', now(), now());
       SELECT pg_notify('visitor_delivery', '')" >/dev/null
  given_up() { [ "$(ctl --json alert list --state failed | jq '.alerts | length')" -eq 1 ]; }
  wait_for 10 given_up
  [ "$(ctl --json alert retry --failed | jq '.alerts[0].deliveries | length')" -eq 1 ]
  tried_twice() { [ "$(ctl --json alert show "$id" | jq '.deliveries[1].tries | map(select(.ended_at)) | length')" -eq 2 ]; }
  wait_for 10 tried_twice
  [ "$(sql "SELECT count(*) FROM audit WHERE topic = 'alert' AND details ? 'retried'")" -eq 1 ]
}

@test "what nobody sends is lost, and the exit status says so" {
  incidents 1
  run ctl alert lost --after 0s
  [ "$status" -eq 16 ]
  [[ "$output" == *overdue* ]]
  sql "INSERT INTO incident (type, severity, status, dedupe_key, summary, occurred_at, detected_at, last_seen_at)
       VALUES ('other', 'low', 'new', 'untold', 'Untold', now(), now(), now())" >/dev/null
  run ctl --json alert lost
  [ "$status" -eq 16 ]
  [ "$(jq -r '.lost[].what' <<<"$output")" = incident_untold ]
  sql "DELETE FROM incident WHERE dedupe_key = 'untold'" >/dev/null
}

@test "a test message goes out with and without visitord, and says when it does not" {
  receiver_is ok
  ctl alert test webhook --to hook | grep -q 'webhook to hook, sent'
  run ctl alert test webhook --to nobody
  [ "$status" -eq 16 ]
  [[ "$output" == *"no [[webhook]]"* ]]
  start_daemon
  wait_for 20 grep -q 'channel webhook is ours' "$place/visitord.log"
  ctl alert test webhook --to hook | grep -q 'webhook to hook, sent'
  receiver_is down
  run ctl alert test webhook --to hook
  [ "$status" -eq 16 ]
  receiver_is ok
}

@test "a canary is taken, its age is a check, and one that is not taken is found" {
  receiver_is ok
  sql "DELETE FROM channel_pause" >/dev/null
  ctl --quiet alert canary webhook
  ctl --json health >"$place/health" || true
  [ "$(jq -r .checks.canary.status "$place/health")" = ok ]
  sql "ALTER TABLE delivery DISABLE TRIGGER delivery_guard;
       UPDATE delivery d SET sent_at = sent_at - interval '4 hours' FROM alert a WHERE a.id = d.alert_id AND a.kind = 'canary';
       ALTER TABLE delivery ENABLE TRIGGER delivery_guard" >/dev/null
  ctl --json health >"$place/health" || true
  [ "$(jq -r .checks.canary.status "$place/health")" = critical ]
}

@test "a terminal is polled at once when somebody asks, and not when nobody can" {
  sed -i 's/^interval = "500ms"/interval = "1h"/' "$config"
  start_sim door --profile K1T342MWX
  ctl --quiet terminal add door "$(sim_url door)" --password-file "$place/password"
  ctl --quiet door set door 1 entry
  fails 15 terminal poll-now door
  start_daemon
  polled() { [ "$(ctl --json terminal show door | jq -r .state)" = online ]; }
  wait_for 20 polled
  sim door /walk '{"employee_no": "1001"}' >/dev/null
  run ctl --json terminal poll-now
  [ "$status" -eq 0 ]
  [ "$(jq '.terminals[0].events' <<<"$output")" -ge 1 ]
  [ "$(events_stored door)" -ge 1 ]
  ctl terminal poll-now door --no-wait
  fails 10 terminal poll-now nowhere
  sed -i 's/^interval = "1h"/interval = "500ms"/' "$config"
}
