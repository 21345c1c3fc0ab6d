#!/usr/bin/env bats
# 'terminal test' against simulated terminals in good and bad states, and events as they arrive.

bats_require_minimum_version 1.5.0
load common

setup() {
  new_place
  ctl --quiet init --site Here --time-zone Asia/Almaty
}
teardown() { leave_place; }

step() { jq -r ".steps[] | select(.name == \"$1\").result" <<<"$output"; }

@test "a good terminal passes every step" {
  start_sim door --profile K1T342MWX --utc-offset +05:00
  ctl --quiet terminal add door "$(sim_url door)" --password-file "$place/password" --disabled
  run --separate-stderr ctl --json terminal test door
  echo "$output"
  [ "$status" -eq 0 ]
  jq -e '.ok and ([.steps[].name] == ["connect", "log_in", "identity", "clock", "capabilities", "page"])' <<<"$output"
  jq -e '[.steps[].result] | all(. == "ok" or . == "warning")' <<<"$output"
  run ctl terminal test door
  [ "$status" -eq 0 ]
  [ "${#lines[@]}" -eq 6 ]
}

@test "nobody at the address fails at the first step with status 15 and a hint" {
  ctl --quiet terminal add door http://127.0.0.1:9 --password-file "$place/password" --disabled
  run --separate-stderr ctl --json terminal test door
  [ "$status" -eq 15 ]
  [ "$(step connect)" = failed ]
  [ "$(step page)" = skipped ]
  jq -e '.error.code == "terminal" and (.error.hint | length > 0)' <<<"$stderr"
}

@test "a wrong password fails at the log-in, and the terminal is not locked by trying again" {
  start_sim door --profile K1T342MWX --utc-offset +05:00
  printf 'wrong\n' >"$place/wrong"
  chmod 600 "$place/wrong"
  ctl --quiet terminal add door "$(sim_url door)" --password-file "$place/wrong" --disabled
  run --separate-stderr ctl --json terminal test door
  echo "$output"
  [ "$status" -eq 15 ]
  [ "$(step connect)" = ok ]
  [ "$(step log_in)" = failed ]
  for _ in 1 2 3 4 5 6 7 8; do ctl terminal test door || true; done
  ctl --json terminal show door | jq -e '.state == "refused"'
  # With the right password the terminal lets another client in: it has not been locked.
  ctl --quiet terminal add good "$(sim_url door)" --password-file "$place/password" --disabled
  ctl terminal test good
}

@test "events are shown as they arrive, one document a line with --json" {
  start_sim door --profile K1T342MWX --utc-offset +05:00
  ctl --quiet terminal add door "$(sim_url door)" --password-file "$place/password"
  ctl --quiet door set door 1 entry
  ctl --quiet visit create --new-guest 'Aigerim Bekova' --employee-no 1001
  start_daemon
  ctl --json event tail -n 0 -f >"$place/tail" 3>&- &
  tail=$!
  pids+=("$tail")
  sleep 1
  sim door /walk '{"employee_no": "1001"}'
  wait_for 20 grep -q '"employee_no":"1001"' "$place/tail"
  jq -es 'length >= 1 and all(.[]; has("occurred_at"))' "$place/tail"
  kill "$tail"
  ctl event list --person 1001 | grep -q granted
  ctl --json event show "$(ctl --json event list --person 1001 | jq '.events[0].id')" | jq -e '.raw.major == 5'
}
