#!/usr/bin/env bats
# visitord as systemd and an operator meet it.

load common

setup() { new_place; }
teardown() { leave_place; }

answers() { curl -fsS -o /dev/null "$1" 2>/dev/null; }
holders() { ctl --json terminal list | jq -r '[.terminals[].lease_holder | select(. != null and . != "")] | unique | length'; }
one_holder_of() { [ "$(holders)" = "$1" ]; }

# A building with one terminal, door 1 being the entry, and one guest, number 1001.
a_building() {
  start_sim door --profile K1T342MWX --utc-offset +05:00
  ctl --quiet init --site Here --time-zone Asia/Almaty
  ctl --quiet terminal add door "$(sim_url door)" --password-file "$place/password"
  ctl --quiet door set door 1 entry
  ctl --quiet door set door 1 exit --reader 2
  ctl --quiet visit create --new-guest "Aigerim Bekova" --employee-no 1001
}

visit_status() { [ "$(ctl --json visit show 1 | jq -r .status)" = "$1" ]; }

@test "on an empty machine it makes what it needs, is ready, and ends within five seconds of SIGTERM" {
  start_daemon
  url=$(daemon_url)
  wait_for 20 answers "$url/readyz"
  answers "$url/livez"
  answers "$url/health/"
  curl -fsS "$url/metrics" | grep -q '^visitor_'

  started=$SECONDS
  kill -TERM "$daemon"
  wait "$daemon"
  [ $((SECONDS - started)) -le 5 ]
}

@test "a face at the door checks the guest in, and a face at the exit out, at the terminal's time" {
  a_building
  start_daemon
  sim door /walk '{"employee_no": "1001"}'
  wait_for 20 visit_status CHECKED_IN
  sim door /walk '{"employee_no": "1001", "reader": 2}'
  wait_for 20 visit_status CHECKED_OUT

  ctl --json visit show 1 >"$place/visit.json"
  [ "$(jq -r .checked_in_how "$place/visit.json")" = door ]
  in=$(jq -r '.checked_in_at | sub("\\.[0-9]+"; "") | fromdateiso8601' "$place/visit.json")
  walked=$(sim door /state | jq -r '[.events[] | select(.minor == 75)][0].time | fromdateiso8601')
  [ "$in" -eq "$walked" ]
}

@test "a guest who leaves without having come is an incident at once, and the alert is sent" {
  a_building
  start_daemon
  sim door /walk '{"employee_no": "1001", "reader": 2}'
  opened() { [ "$(ctl --json incident list --type exit_without_entry | jq '.incidents | length')" -eq 1 ]; }
  wait_for 20 opened
  visit_status AWAITING
  wait_for 20 grep -q 'alert .* left without having come in' "$place/visitord.log"
}

@test "SIGHUP takes new settings, and keeps the old ones and says why when the new are wrong" {
  start_daemon
  wait_for 20 answers "$(daemon_url)/readyz"
  printf '\n[rules]\nlong_stay = "nonsense"\n' >>"$config"
  kill -HUP "$daemon"
  wait_for 10 grep -q 'long_stay' "$place/visitord.log"
  kill -0 "$daemon"

  sed -i 's/nonsense/2h/' "$config"
  lines=$(wc -l <"$place/visitord.log")
  kill -HUP "$daemon"
  newer() { tail -n "+$((lines + 1))" "$place/visitord.log" | grep -qi 'reload'; }
  wait_for 10 newer
  answers "$(daemon_url)/readyz"
}

@test "--check-config reports every problem with file and line, and touches nothing" {
  printf '\n[rules]\nlong_stay = "nonsense"\nday_begin = "06:00"\n' >>"$config"
  run "$VISITORD" --config "$config" --check-config
  [ "$status" -eq 13 ]
  [[ "$output" == *"visitor.toml:"*"rules.long_stay"* ]]
  [[ "$output" == *"rules.day_begin"*"day_begins"* ]]
  [ ! -e "$place/state" ]
}

@test "of two daemons one polls a terminal, and the other takes over within ten seconds when it is killed" {
  a_building
  start_daemon one
  first=$daemon
  wait_for 20 one_holder_of 1
  start_daemon two
  wait_for 20 answers "$(daemon_url two)/readyz"
  kill -KILL "$first"
  wait "$first" || true

  sim door /walk '{"employee_no": "1001"}'
  wait_for 10 visit_status CHECKED_IN
  [ "$(ctl --json visit show 1 | jq .entry_count)" -eq 1 ]
}

@test "while the database is down it stays alive, says that it is not healthy, and loses nothing" {
  a_building
  start_daemon
  url=$(daemon_url)
  wait_for 20 answers "$url/readyz"
  ctl --quiet db stop
  sim door /walk '{"employee_no": "1001"}'
  answers "$url/livez"
  wait_for 30 visit_status CHECKED_IN # reading starts the embedded server again
  wait_for 20 answers "$url/health/"
}
