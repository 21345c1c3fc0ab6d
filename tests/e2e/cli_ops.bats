#!/usr/bin/env bats
# Incidents, terminals, jobs and the doctor from the command line, on one building made once for the file.

bats_require_minimum_version 1.5.0
load common

setup_file() {
  new_office
  ctl --quiet department add Admissions
  ctl --quiet host add 'Plantedhost Omarov' --department Admissions --email planted.host@example.org \
    --phone '8 701 123 45 67'
  printf '850101300199\n' >"$place/document"
  ctl --quiet guest add 'Plantedguest Petrova' --company 'Plantedfirm LLP' --employee-no 991017 \
    --document-file "$place/document"
  ctl --quiet visit create --guest 1 --host 'Plantedhost Omarov'
  ctl --quiet terminal add 'Plantedgate' http://192.0.2.77 --user planteduser --password-file "$place/password" \
    --disabled
  ctl --quiet door set Plantedgate 1 entry --name 'Turnstile 1' --zone Lobby
}
teardown_file() { leave_place; }
teardown() { stop_started; }

report() { ctl --json incident open --severity "${2:-low}" --summary "$1" | jq -e .id; }
status_of() { ctl --json incident show "$1" | jq -r .status; }

# Typed on a terminal.
answering() {
  local answer=$1
  shift
  bash -c "printf '$answer\n' | script -qec '$VISITORCTL --config $config $*' /dev/null"
}

@test "a person opens an incident, which is told of, settled, taken up again, and has a history" {
  id=$(ctl --json incident open --severity high --summary 'Badge handed over' --visit 1 | jq -e .id)
  ctl --json incident show "$id" | jq -e '.type == "other" and .severity == "high" and .visit_id == 1 and
    .guest.name == "Plantedguest Petrova" and .site.name == "Head office"'
  [ "$(sql "SELECT count(*) FROM alert WHERE incident_id = $id")" = 1 ]
  ctl --quiet incident resolve "$id" --note 'talked to both'
  ctl --quiet incident reopen "$id" --note 'again'
  ctl --quiet incident assign "$id"
  ctl --json incident history "$id" | jq -e '[.history[].what] == ["opened", "resolved", "reopened", "assigned"] and
    (.history | all(.login != null)) and .history[1].note == "talked to both"'
  [ "$(ctl incident history "$id" | wc -l)" -eq 4 ]
}

@test "what a rule finds is not opened by a person, and a report says what happened" {
  fails 2 incident open --severity low --summary x --type long_stay
  fails 2 incident open --severity low
  fails 2 incident open --severity low --summary 'x' --at +1h
  fails 10 incident open --severity low --summary x --visit 4711
  fails 10 incident open --severity low --summary x --terminal Nowhere
}

@test "several incidents are settled at once, or none, and each that refuses is named" {
  a=$(report one)
  b=$(report two)
  ctl --quiet incident resolve "$a"
  run --separate-stderr ctl incident false-alarm "$a" "$b" 4711
  [ "$status" -eq 11 ]
  [[ "$stderr" == *"2 of 3"*"incident $a has already ended"*"4711 does not exist"* ]]
  [ "$(status_of "$b")" = new ]
  ctl --json incident false-alarm "$b" "$(report three)" | jq -e '.incidents | length == 2 and all(.status == "false_alarm")'
  ctl --json incident reopen "$b" | jq -e ".id == $b and .status == \"new\""
  fails 10 incident resolve 4711
  fails 2 incident resolve
}

@test "all that match are counted before they are changed" {
  for word in a b c; do report "matching $word" critical; done
  open() { ctl --json incident list --open --severity critical | jq '.incidents | length'; }
  [ "$(open)" -eq 3 ]
  run --separate-stderr ctl incident resolve --all-matching --severity critical </dev/null
  [ "$status" -eq 2 ]
  [[ "$stderr" == *"3 incidents match"*"--yes"* ]]
  run answering n incident resolve --all-matching --severity critical
  [[ "$output" == *"Resolve 3 incidents?"* ]]
  [ "$(open)" -eq 3 ]
  run ctl incident resolve --all-matching --severity critical --dry-run
  [[ "$output" == "Resolved 3 incidents."*"nothing was stored"* ]]
  [ "$(open)" -eq 3 ]
  run answering y incident resolve --all-matching --severity critical
  [ "$(open)" -eq 0 ]
  # What cannot be resolved does not match.
  run ctl incident resolve --all-matching --severity critical --yes
  [ "$status" -eq 0 ]
  [ "$output" = "Resolved 0 incidents." ]
  ctl --json incident reopen --all-matching --severity critical --yes | jq -e '.incidents | length == 3'
  fails 2 incident resolve 1 --all-matching --yes
  fails 2 incident resolve 1 --severity critical
}

@test "a terminal shows its doors, its gaps and what it holds" {
  ctl terminal doors Plantedgate | grep -q 'Turnstile 1'
  ctl --json terminal doors Plantedgate | jq -e '.doors[0].zone == "Lobby" and .capabilities == null'
  sql "INSERT INTO serial_gap (terminal_id, epoch, first_serial, last_serial, found_at, asked_at, state) VALUES
    (1, 1, 10, 12, now(), now(), 'missing'), (1, 1, 20, 20, now(), NULL, 'filled')"
  ctl --json terminal gaps | jq -e '.gaps | length == 1 and .[0].count == 3 and .[0].state == "missing"'
  [ "$(ctl terminal gaps Plantedgate --all | wc -l)" -eq 2 ]
  ctl --json terminal backlog Plantedgate | jq -e '.terminals[0] | .backlog == null and .read_in_5_minutes == 0'
  fails 10 terminal doors Nowhere
  fails 10 terminal gaps Nowhere
  fails 10 terminal backlog Nowhere
}

@test "an event is shown exactly as it is stored" {
  sql "SELECT access_event_partition(now())"
  sql "INSERT INTO access_event (terminal_id, epoch, serial, occurred_at, major, minor, received_at, time_text,
      time_source, class, direction, door_no, reader_no, raw)
    VALUES (1, 1, 1, now(), 5, 75, now(), 'now', 'offset', 'granted', 'none', 1, 1, '{\"major\": 5, \"odd\": [1, null]}')"
  id=$(sql 'SELECT max(id) FROM access_event')
  [ "$(ctl event show "$id" --raw)" = "$(sql "SELECT raw FROM access_event WHERE id = $id")" ]
  ctl event show "$id" --raw | jq -e '.odd == [1, null]'
  fails 10 event show 4711000 --raw
}

@test "the clock of a terminal is shown, and set only by whoever means it" {
  start_sim clock --profile K1T342MWX --utc-offset +05:00
  ctl --quiet terminal add clock "$(sim_url clock)" --password-file "$place/password" --disabled
  sim clock /clock '{"offset_seconds": -7200}' >/dev/null
  ctl --json terminal clock clock | jq -e '.clock | .ahead_ms < -7190000 and .time_zone == "CST-5:00:00" and .mode == "NTP"'
  fails 2 terminal clock clock --set </dev/null
  run ctl terminal clock clock --set --yes
  echo "$output"
  [ "$status" -eq 0 ]
  [[ "$output" =~ "it was -7"(19|20)[0-9] ]]
  ctl --json terminal clock clock | jq -e '.clock | .ahead_ms > -3000 and .ahead_ms < 3000 and .mode == "manual"'
  [ "$(sql "SELECT count(*) FROM audit WHERE topic = 'terminal' AND details ? 'clock_set'")" = 1 ]
  fails 15 terminal clock Plantedgate
  fails 10 terminal clock Nowhere
}

@test "a job runs when a person says so, and says nothing" {
  run --separate-stderr ctl job run trim_changes
  [ "$status" -eq 0 ]
  [ -z "$output$stderr" ]
  ctl --json job list | jq -e '.jobs[] | select(.name == "trim_changes") | .ok and .state == "ok"'
  ctl --json job list | jq -e '.jobs[] | select(.name == "mark_no_shows") | .state == "never ran"'
  fails 10 job run trim_change
  [[ "$stderr" == *"trim_changes"* ]]
}

@test "a job that somebody is at is refused with who it is" {
  ctl --quiet job run partitions
  mkfifo "$place/hold"
  ctl db shell -- -XqAt <"$place/hold" >"$place/held" 3>&- &
  pids+=($!)
  exec 4>"$place/hold"
  echo "BEGIN; SELECT pg_advisory_xact_lock(hashtext('visitor_job_run'), hashtext('partitions')); SELECT 'held';" >&4
  wait_for 10 grep -q held "$place/held"
  run --separate-stderr ctl job run partitions
  [ "$status" -eq 11 ]
  [[ "$stderr" == *"is being run by"*"visitorctl"* ]]
  ctl --json job list | jq -e '.jobs[] | select(.name == "partitions") | .state == "running"'
  exec 4>&-
}

@test "a job that fails ends with 1 and says why, also in the list" {
  sql "ALTER TABLE change_horizon RENAME TO elsewhere"
  run --separate-stderr ctl job run trim_changes
  sql "ALTER TABLE elsewhere RENAME TO change_horizon"
  echo "$status $stderr"
  [ "$status" -eq 1 ]
  [[ "$stderr" == "visitorctl: job trim_changes failed: "*"change_horizon"* ]]
  ctl --json job list | jq -e '.jobs[] | select(.name == "trim_changes") | .ok == false and .state == "failed"'
  run ctl --json doctor
  jq -e '[.findings[].mend] | index("visitorctl job run trim_changes")' <<<"$output"
  ctl --quiet job run trim_changes
}

@test "the doctor says what is wrong, why, and what mends it" {
  run --separate-stderr ctl --json doctor
  echo "$output"
  [ "$status" -eq 2 ]
  jq -e '.status == "critical" and (.findings | map(.area) | contains(["config", "state", "master_key", "database",
    "disk", "daemon", "outbox", "terminals", "clocks", "gaps", "backlog", "doors", "time_zones"]))' <<<"$output"
  jq -e '.findings[] | select(.area == "daemon") | .code == "daemon_silent" and (.mend | contains("systemctl"))' \
    <<<"$output"
  jq -e '.findings | all(.status == "ok" or (.why != null and .mend != null))' <<<"$output"
  [ "$(ctl doctor | awk -F '\t' 'NF != 5' | wc -l)" -eq 0 ]
}

@test "the doctor names a terminal that refuses, and the command for it" {
  sql "UPDATE terminal SET enabled = true, state = 'refused', last_error = 'HTTP 401', clock_offset_ms = 90000 WHERE id = 1"
  run ctl --json doctor
  sql "UPDATE terminal SET enabled = false, state = 'new', last_error = '' WHERE id = 1"
  jq -e '.findings[] | select(.code == "terminal_refused") | .terminal_id == 1 and
    .mend == "visitorctl terminal enable 1 --password-file FILE" and (.why | contains("HTTP 401"))' <<<"$output"
  jq -e '.findings[] | select(.code == "clock_drift") | .mend | contains("terminal clock 1 --set")' <<<"$output"
}

@test "the doctor gets by where hardly anything is there" {
  printf '[polling]\nintervall = "1s"\n' >"$place/broken.toml"
  run "$VISITORCTL" --config "$place/broken.toml" --json doctor
  [ "$status" -eq 2 ]
  jq -e '.findings[0] | .code == "config_wrong" and .mend != null' <<<"$output"

  printf '[state]\ndirectory = "%s"\n' "$place/empty" >"$place/fresh.toml"
  run "$VISITORCTL" --config "$place/fresh.toml" --json doctor
  [ "$status" -eq 2 ]
  jq -e '[.findings[].code] | contains(["state_missing", "key_unusable", "database_absent"])' <<<"$output"
  [ ! -e "$place/empty" ]

  chmod 644 "$place/state/master.key"
  run ctl --json doctor
  chmod 600 "$place/state/master.key"
  jq -e '.findings[] | select(.code == "key_unusable")' <<<"$output"
}

@test "the support file tells nothing of persons, places and secrets" {
  report 'Plantedsummary of Plantedguest'
  sql "UPDATE terminal SET last_error = 'terminal http://192.0.2.77: Plantederror', model = 'Planted model (x)',
    serial_number = 'PLANTEDSERIAL', mac_address = '00:11:22:33:44:55' WHERE id = 1"
  ctl --quiet job run trim_changes
  run ctl doctor --bundle "$place/support.json"
  [ "$status" -eq 2 ]
  [ "$(stat -c %a "$place/support.json")" = 600 ]
  jq -e '.versions.visitor and .versions.schema == .versions.latest_schema and (.database.tables | length > 10) and
    (.terminals | length >= 1) and .config["polling.interval"] == "500ms" and .config["state.directory"] == "set" and
    (.findings | length > 10) and (.jobs | length > 3)' "$place/support.json"
  for secret in -i:planted opensesame 850101300199 850101 991017 192.0.2.77 127.0.0.1 00:11:22 77011234567 \
    example.org 'Head office' Admissions "$place" "$(hostname)" "$(id -un)@"; do
    case $secret in -i:*) flags=-iF word=${secret#-i:} ;; *) flags=-F word=$secret ;; esac
    if grep -n $flags -- "$word" "$place/support.json"; then
      echo "the bundle holds '$word'" >&2
      return 1
    fi
  done
  ! grep -q "$(cat "$place/state/master.key")" "$place/support.json"
  # Nothing is overwritten.
  run ctl doctor --bundle "$place/support.json"
  [ "$status" -eq 3 ]
}

@test "a terminal is edited, and a race that was lost says who changed what" {
  ctl --quiet terminal add edited http://192.0.2.20 --password-file "$place/password" --disabled
  ctl --json terminal edit edited --url http://192.0.2.21 --user poller --poll-interval-ms 700 |
    jq -e '.base_url == "http://192.0.2.21" and .username == "poller" and .poll_interval_ms == 700 and .version == 2'
  fails 11 terminal edit edited --name late --if-version 1
  [[ "$stderr" == *"$(id -un)"*"poller"* ]]
  printf 'newsecret\n' | ctl --quiet terminal edit edited --password-file - --if-version 2
  ctl --json terminal show edited | jq -e '.version == 3'
  ! sql "SELECT details FROM audit" | grep -q newsecret
  ctl --quiet terminal edit edited --name renamed -n
  fails 2 terminal edit edited
  fails 2 terminal edit edited --url http://192.0.2.21/path
  fails 11 terminal edit edited --name PLANTEDGATE
  fails 10 terminal edit Nowhere --name x
}

@test "another address asks before it forgets the pinned certificate" {
  ctl --quiet terminal add pinned https://192.0.2.22 --password-file "$place/password" --disabled
  sql "UPDATE terminal SET certificate_sha256 = decode(repeat('ab', 32), 'hex') WHERE name = 'pinned'"
  run --separate-stderr ctl terminal edit pinned --url https://192.0.2.23 </dev/null
  [ "$status" -eq 2 ]
  run answering n terminal edit pinned --url https://192.0.2.23
  [[ "$output" == *"is pinned. Forget it"* ]]
  ctl --json terminal show pinned | jq -e '.certificate_sha256 != null and .base_url == "https://192.0.2.22"'
  ctl --quiet terminal edit pinned --user other
  ctl --json terminal show pinned | jq -e '.certificate_sha256 != null'
  ctl --quiet terminal edit pinned --url https://192.0.2.23 --yes
  ctl --json terminal show pinned | jq -e '.certificate_sha256 == null'
}

@test "only a terminal that never reported anything is removed, and the others are to be disabled" {
  ctl --quiet terminal add unused http://192.0.2.24 --password-file "$place/password" --disabled
  ctl --quiet door set unused 1 entry
  fails 2 terminal remove unused </dev/null
  ctl --quiet terminal remove unused --yes --dry-run
  ctl --json terminal remove unused --yes | jq -e '.name == "unused"'
  fails 10 terminal show unused
  sql "INSERT INTO serial_gap (terminal_id, epoch, first_serial, last_serial, found_at, state)
    VALUES (1, 1, 30, 31, now(), 'missing')"
  fails 11 terminal remove Plantedgate --yes
  [[ "$stderr" == *"gap"*"terminal disable 1"* ]]
}
