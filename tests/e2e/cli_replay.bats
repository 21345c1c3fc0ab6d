#!/usr/bin/env bats
# visitorctl event replay and rules test on a morning at one door: guest 1001 comes and goes, guest 1002 leaves without
# having come, and a card is refused three times.

bats_require_minimum_version 1.5.0
load common

setup_file() {
  new_place
  export place config
  start_sim door --profile K1T342MWX --utc-offset +05:00
  ctl --quiet init --site Here --time-zone Asia/Almaty
  ctl --quiet terminal add door "$(sim_url door)" --password-file "$place/password"
  ctl --quiet door set door 1 entry
  ctl --quiet door set door 1 exit --reader 2
  ctl --quiet visit create --new-guest "Aigerim Bekova" --employee-no 1001
  ctl --quiet visit create --new-guest "Timur Akhmetov" --employee-no 1002
  start_daemon
  sim door /walk '{"employee_no": "1001"}'
  sim door /walk '{"employee_no": "1001", "reader": 2}'
  sim door /walk '{"employee_no": "1002", "reader": 2}'
  for _ in 1 2 3; do sim door /deny '{"card_no": "777"}'; done
  wait_for 30 refused
  kill "$daemon"
  wait "$daemon" || true
  kill "${pids[0]}"
}
refused() { [ "$(ctl --json incident list --type multiple_failed_access | jq '.incidents | length')" -eq 1 ]; }
teardown_file() { leave_place; }

replay() { ctl --json event replay --since 1d "$@"; }

@test "what the daemon stored follows from the events" {
  replay --dry-run | jq -e '.dry_run and .differences == 0 and .visits == 2 and .incidents >= 2 and .left_alone == {}'
  run --separate-stderr ctl event replay --since 1d --dry-run
  [ "$status" -eq 0 ]
  [ -z "$output" ]
  [[ "$stderr" == *"0 differences"* ]]
  ctl --quiet event replay --since 1d
  [ -z "$(ctl --quiet event replay --since 1d 2>&1)" ]
}

@test "an edited state is reported with status 17, mended with an audit row, and then there is nothing more to say" {
  sql 'UPDATE visit SET exit_count = 9, version = version + 1 WHERE id = 1'
  run replay --dry-run
  [ "$status" -eq 17 ]
  jq -e '.differences == 1 and .repaired == 0 and
         (.visit_differences[0] | .visit_id == 1 and .stored.exit_count == 9 and .facts.exit_count == 1)' <<<"$output"
  [[ "$(ctl event replay --since 1d --dry-run || true)" == visit$'\t'1$'\t'*"exits 9"$'\t'*"exits 1" ]]
  [ "$(ctl --json visit show 1 | jq .exit_count)" -eq 9 ]

  replay | jq -e '.repaired == 1'
  ctl --json visit show 1 | jq -e '.exit_count == 1 and (.audit[-1].details.why == "replay")'
  replay | jq -e '.differences == 0 and .repaired == 0'
}

@test "an incident that no fact supports ends as a false alarm, and a missing one is opened without an alert" {
  columns='type, severity, dedupe_key, site_id, summary, occurred_at, detected_at, last_seen_at'
  sql "INSERT INTO incident ($columns) VALUES ('tamper', 'critical', 'tamper/terminal:1', 1, 'x', now(), now(), now())"
  sql "INSERT INTO incident_history (incident_id, at, status, what) SELECT max(id), now(), 'new', 'opened' FROM incident"
  sql "UPDATE incident SET dedupe_key = 'x/y', type = 'other', version = version + 1 WHERE type = 'exit_without_entry'"
  alerts=$(ctl db shell -- -qXAtc 'SELECT count(*) FROM alert')
  run replay --dry-run
  [ "$status" -eq 17 ]
  jq -e '[.incident_differences[] | .kind + " " + .type] | sort == ["missing exit_without_entry", "unsupported tamper"]' \
    <<<"$output"
  jq -e '.left_alone == {"other": 1}' <<<"$output"
  replay | jq -e '.repaired == 2'
  ctl --json incident list --type tamper | jq -e '.incidents[0].status == "false_alarm"'
  ctl --json incident list --type exit_without_entry | jq -e '.incidents[0] | .late and .status == "new"'
  [ "$(ctl db shell -- -qXAtc 'SELECT count(*) FROM alert')" -eq "$alerts" ]
  replay | jq -e '.differences == 0'
}

@test "replay refuses periods that make no sense" {
  fails 2 event replay
  fails 2 event replay --since never
  fails 2 event replay --since +1d
  fails 2 event replay --since 1h --until 2h
  fails 2 event replay --since 1h --until 1h
}

@test "rules are tried on the past, and nothing changes" {
  before=$(ctl --json incident list | jq '.incidents | length')
  ctl --json rules test --since 1d --rule multiple_failed_access |
    jq -e '.rules == [{"type": "multiple_failed_access", "was": 1, "would": 1, "both": 1}]'
  ctl --json rules test --since 1d --rule multiple_failed_access --set failed_access_count=4 |
    jq -e '.rules[0] | .was == 1 and .would == 0'
  ctl --json rules test --since 1d --set failed_access_window.minutes=9 --set long_stay.hours=6 --set overstay=1h |
    jq -e '.incidents | length > 0'
  run --separate-stderr ctl rules test --since 1d --set off=multiple_failed_access --site here
  [ "$status" -eq 0 ]
  [[ "$output" == *multiple_failed_access$'\t'high$'\t'[0-9]*$'\t'no$'\t'* ]]
  [[ "$stderr" == *"Nothing was changed."* ]]
  [ "$(ctl --json incident list | jq '.incidents | length')" -eq "$before" ]
}

@test "a wrong proposal is refused" {
  fails 2 rules test --since 1d --set long_stay
  fails 2 rules test --since 1d --set =6h
  fails 2 rules test --since 1d --set long_sty=6h
  fails 2 rules test --since 1d --set long_stay=soon
  fails 2 rules test --since 1d --set long_stay.hours=six
  fails 2 rules test --since 1d --set long_stay.hours=99999999
  fails 2 rules test --since 1d --rule terminal_offline
  fails 2 rules test --since 1d --rule nonsense
  fails 2 rules test
  fails 10 rules test --since 1d --site Nowhere
}
