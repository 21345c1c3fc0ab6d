#!/usr/bin/env bats
# Who is told: routes, silences, escalations and digests, with a database of their own and a program that writes down
# what it is told.

bats_require_minimum_version 1.5.0
load common

setup_file() {
  new_office
  cat >"$place/notify" <<SH
#!/bin/sh
cat >>"$place/told"; echo >>"$place/told"
SH
  chmod 755 "$place/notify"
  cat >>"$config" <<TOML

[[exec]]
name = "notify"
program = "$place/notify"

[[recipient]]
name = "duty"
language = "ru"
exec = "notify"

[[recipient]]
name = "chief"
exec = "notify"
quiet_from = "00:00"
quiet_until = "00:00"

[[group]]
name = "security"
members = ["duty", "chief"]

[[route]]
name = "grave"
severity = "high"
to = ["duty"]

[[route]]
name = "summaries"
kinds = ["daily_summary"]
to = ["security"]
TOML
}
teardown_file() { leave_place; }

an_incident() { ctl --json incident open --severity "$1" --summary "$2" | jq -e .id; }

@test "a route is tried on an incident that is there and on one that is not, and nothing is stored" {
  id=$(an_incident high 'A pane is broken')
  run --separate-stderr ctl alert route test incident "$id"
  [ "$status" -eq 0 ]
  [[ "$output" == *$'route grave\t\t\tmatches\tseverity high or above'* ]]
  [[ "$output" == *$'duty\texec\tnotify\tnow\troute grave: severity high or above'* ]]
  [[ "$output" == *$'chief\t\t\tnot told\troute summaries'* ]]
  ctl --json alert route test --severity low |
    jq -e '.told == [] and .routes[0].matches == false and .routes[0].why == "is low, not high or above"'
  ctl --json alert route test --type duress --severity critical | jq -e '.told[0].outcome == "now"'
  fails 10 alert route test incident 4711
  fails 2 alert route test terminal 1
  fails 2 alert route test incident "$id" --severity low
}

@test "a silence needs a reason and an end, shows what it would have held back, and ends when told so" {
  fails 2 alert silence add --type other --for 1h
  fails 2 alert silence add --type other --reason fair
  fails 2 alert silence add --for 1h --reason everything
  fails 10 alert silence add --recipient nobody --for 1h --reason fair
  run --separate-stderr ctl alert silence add --type other --for 1h --reason fair --dry-run
  [[ "$output" == *"would have held back "*"alert"*"(Dry run: nothing was stored.)" ]]
  [ -z "$(ctl alert silence list)" ]
  silence=$(ctl --json alert silence add --type other --for 1h --reason fair | jq -e .id)
  ctl --json alert silence list | jq -e '.silences[0].reason == "fair" and .silences[0].types == ["other"]'
  ctl --json alert route test --type other --severity high |
    jq -e '.told[0].outcome == "withheld" and (.told[0].why | endswith(": fair"))'
  run ctl alert silence expire "$silence"
  [[ "$output" == "Ended silence $silence: type other." ]]
  fails 11 alert silence expire "$silence"
  fails 10 alert silence expire 4711
  [ -z "$(ctl alert silence list)" ]
  ctl --json alert silence list --all | jq -e '.silences | length == 1'
}

@test "a digest is printed in both languages, and queued for those whom a route or the command names" {
  run --separate-stderr ctl alert send-digest daily --dry-run
  [[ "$output" == "Daily summary: "*"Incidents: "* ]]
  run --separate-stderr ctl alert send-digest weekly --dry-run --language ru
  [[ "$output" == "Отчет об инцидентах за неделю: "* ]]
  ctl --json alert send-digest daily | jq -e '.alert_id > 0 and (.to | length) == 1'
  ctl --json alert send-digest weekly --to chief | jq -e '.to[0].recipient == "chief"'
  fails 2 alert send-digest weekly
  fails 10 alert send-digest daily --to nobody
}

@test "visitord tells whom the route names, and explains why the others were not told" {
  start_daemon
  id=$(an_incident critical 'Somebody <b>climbed</b> & ran')
  told() { [ "$(ctl --json why incident "$id" | jq '[.chain[] | select(.kind == "delivery")] | length')" -ge 1 ]; }
  wait_for 10 told
  alert=$(ctl --json why incident "$id" | jq 'first(.chain[] | select(.kind == "alert") | .alert_id)')
  run --separate-stderr ctl alert explain "$alert"
  [ "$status" -eq 0 ]
  [[ "$output" == *"route grave: severity high or above"* ]]
  [[ "$output" == *$'chief\t\t\tnot told'* ]]
  low=$(an_incident low 'Badge found')
  withheld() { ctl --json why incident "$low" | jq -e 'any(.chain[]; .kind == "delivery" and (.what | test("no route matches|withheld")))'; }
  wait_for 10 withheld
  fails 10 alert explain 4711
  kill -TERM "$daemon"
  wait "$daemon"
}

@test "whoever does not exist is named with file and line" {
  printf '[state]\ndirectory = "%s"\n[[route]]\nname = "all"\nto = ["dutty"]\n' "$place/state" >"$place/wrong.toml"
  run "$VISITORCTL" --config "$place/wrong.toml" config check
  [ "$status" -ne 0 ]
  [[ "$output" == *'wrong.toml:5: route.all.to: there is no [[recipient]] or [[group]] "dutty"'* ]]
}
