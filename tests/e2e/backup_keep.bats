#!/usr/bin/env bats
# Backups by the clock: one a night, told to a dead man's switch, watched and pruned.

bats_require_minimum_version 1.5.0
load common

setup_file() {
  new_place
  export place config
  mkdir "$place/near"
  safe=$("$VISITORCTL" backup key create safe --out "$place/safe.key" 2>/dev/null)
  python3 "$VISITOR_SOURCE/tests/support/ping_server.py" >"$place/pings" &
  echo $! >"$place/pinged.pid"
  wait_for 10 test -s "$place/pings"
  port=$(head -n 1 "$place/pings" | jq .port)
  printf 'http://127.0.0.1:%s/3f1e-secret/\n' "$port" >"$place/ping.url"
  chmod 600 "$place/ping.url"
  cat >>"$config" <<TOML

[backup]
targets = ["file://$place/near"]
recipients = ["$safe"]
ping_url_file = "ping.url"
scheduled = true
keep_last = 2
keep_daily = 0
keep_weekly = 0
keep_monthly = 0
TOML
  ctl --quiet init --site 'Head office' --time-zone Asia/Almaty --country-code 7
}
teardown_file() {
  kill "$(cat "$place/pinged.pid")"
  leave_place
}

pings() { tail -n +2 "$place/pings" | jq -r .path; }

@test "without targets health says so, and status is unknown" {
  new=$place/none.toml
  sed '/^\[backup\]/,$d' "$config" >"$new"
  run "$VISITORCTL" --config "$new" backup status
  [ "$status" -eq 3 ]
  [[ "$output" == "BACKUP UNKNOWN - no backups are made"* ]]
  "$VISITORCTL" --config "$new" --json health >"$place/health" || true
  jq -e '.checks.backup.status == "unknown" and .checks.database.status == "ok"' "$place/health"
  run ctl backup can-i-survive
  [ "$status" -eq 2 ]
}

@test "asked several times at once, one backup is made, and the switch hears of one" {
  for _ in 1 2 3 4; do ctl backup create --if-due >>"$place/asked" 2>&1 & asked+=($!); done
  for one in "${asked[@]}"; do wait "$one"; done
  ctl backup create --if-due 2>&1 | grep -qx 'No backup is due.'
  [ "$(sql 'SELECT count(*) FROM backup_run')" = 1 ]
  [ "$(sql 'SELECT how FROM backup_run')" = schedule ]
  pings | diff - <(printf '/3f1e-secret/start\n/3f1e-secret\n')
  tail -n +2 "$place/pings" | jq -se '.[0].query == .[1].query and (.[0].query | test("^rid=[0-9a-f-]{36}$"))
    and (.[1].body | test("^exit_status=0 duration_seconds=[0-9.]+\n$"))'
}

@test "status is what the monitoring wants, and knows how the copy is" {
  run ctl backup status
  echo "$output"
  [ "$status" -eq 0 ]
  [[ "${lines[0]}" =~ ^"BACKUP OK - the newest backup is ".*" | age="[0-9]+"s;;93600"$ ]]
  [[ "${lines[1]}" == "3-2-1: 2 copies (the database and 1 of the newest backup), 1 kind of storage (file), 0 elsewhere" ]]
  ctl --json health >"$place/health" || true
  jq -e '.checks.backup.status == "ok"' "$place/health"
  run ctl backup can-i-survive
  echo "$output"
  [ "$status" -eq 1 ]
  [[ "$output" == *"never verified"* ]]
}

@test "a failure is told with its status, and a deaf switch fails nothing and is not named" {
  chmod 000 "$place/near" && mv "$place/near" "$place/gone"
  run --separate-stderr ctl backup create
  [ "$status" -ne 0 ]
  [ "$(pings | tail -n 1)" = "/3f1e-secret/$status" ]
  chmod 700 "$place/gone" && mv "$place/gone" "$place/near"
  run ctl backup status
  [ "$status" -eq 1 ]
  [[ "${lines[0]}" == "BACKUP WARNING - the last backup failed"* ]]

  port=$(head -n 1 "$place/pings" | jq .port)
  printf 'http://127.0.0.1:%s/deaf-secret\n' "$port" >"$place/ping.url"
  run --separate-stderr ctl backup create
  [ "$status" -eq 0 ]
  [[ "$stderr" == *"the ping (start) was answered with 503"* ]]
  printf 'no-address-secret\n' >"$place/ping.url"
  run --separate-stderr ctl backup create
  [ "$status" -eq 0 ]
  [[ "$stderr" != *secret* ]]
}

@test "prune says why of each copy, keeps what is on hold, and then does what it said" {
  first=$(sql "SELECT min(backup) FROM backup_copy")
  ctl --json backup prune --dry-run | jq -e '.copies | length == 3 and ([.[] | select(.keep)] | length == 2)
    and all(.reasons | length > 0)'
  ctl --quiet backup hold "$first" --reason 'case 4711'
  ctl --json backup prune --dry-run | jq -e '.copies | all(.keep)'
  ctl --quiet backup release "$first"
  fails 2 backup prune
  fails 13 backup prune --keep-last 1 --min-verified 0 --yes
  [ -e "$place/near/$first/manifest.json" ]
  ctl --json backup prune --yes | jq -e '[.copies[] | select(.keep | not)] | length == 1 and all(.failure == null)'
  [ ! -e "$place/near/$first/manifest.json" ]
  [ "$(ctl --json backup status | jq '.copies | length')" -eq 2 ]
}

@test "the set of any future date is shown, and what could leave nothing is refused" {
  ctl --json backup prune --simulate 3y --keep-daily 7 --keep-last 9 2>/dev/null |
    jq -e '.copies | length == 9 and all(.reasons | length > 0)'
  run --separate-stderr ctl backup prune --simulate 1y --keep-last 3 --min-verified 0
  [ "$status" -eq 13 ]
  [[ "$stderr" == *"this policy leaves no verified copy on "* ]]
}

@test "visitord makes the backup that is due" {
  sql 'UPDATE backup_run SET started_at = started_at - interval $$2 days$$, ended_at = ended_at - interval $$2 days$$' \
    >/dev/null
  start_daemon
  made() { [ "$(sql 'SELECT count(*) FROM backup_run WHERE started_at > now() - interval $$1 hour$$')" = 1 ]; }
  wait_for 30 made
  done_() { [ "$(sql 'SELECT state FROM backup_run ORDER BY started_at DESC LIMIT 1')" = done ]; }
  wait_for 30 done_
  kill -TERM "$daemon"
  wait "$daemon" || true
  [ "$(sql 'SELECT how FROM backup_run ORDER BY started_at DESC LIMIT 1')" = schedule ]
}

# A table that pg_dump has to wait for, so that a backup lasts until it is given back.
hold_a_table() {
  mkfifo "$place/statements"
  ctl db shell -- -XqAt <"$place/statements" >"$place/answers" 3>&- &
  holder=$!
  exec 7>"$place/statements"
  echo "BEGIN; LOCK TABLE guest_photo; SELECT 'locked';" >&7
  wait_for 20 grep -q locked "$place/answers"
}
give_it_back() {
  exec 7>&-
  wait "$holder"
  rm "$place/statements"
}
state_is() { [ "$(sql 'SELECT state FROM backup_run ORDER BY started_at DESC, id DESC LIMIT 1')" = "$1" ]; }
dump_waits() {
  [ "$(sql "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'visitor-backup' AND wait_event_type = 'Lock'")" -gt 0 ]
}

@test "visitord that ends in the middle of a backup ends it in order, and the next one makes it again at once" {
  sql 'UPDATE backup_run SET started_at = started_at - interval $$2 days$$, ended_at = ended_at - interval $$2 days$$' \
    >/dev/null
  hold_a_table
  start_daemon
  wait_for 30 dump_waits
  state_is running
  kill -TERM "$daemon"
  wait "$daemon" || true
  # Where it was too slow to say so itself, the next one finds out.
  state_is interrupted || state_is running
  give_it_back
  start_daemon
  wait_for 30 state_is "done"
  kill -TERM "$daemon"
  wait "$daemon" || true
  [ "$(sql "SELECT count(*) FROM backup_run WHERE state = 'interrupted'")" = 1 ]
}

@test "a making that is told to end says so, and leaves nothing" {
  hold_a_table
  mkdir "$place/here"
  "$VISITORCTL" --config "$config" backup create --to "file://$place/here" 2>"$place/said" 3>&- 7>&- &
  making=$!
  wait_for 30 dump_waits
  kill -TERM "$making"
  status=0
  wait "$making" || status=$?
  give_it_back
  cat "$place/said"
  [ "$status" -eq 130 ]
  state_is interrupted
  [ -z "$(find "$place/here" -mindepth 1)" ]
}

@test "a backup with --prune removes afterwards what no rule keeps" {
  for _ in 1 2 3; do ctl --quiet backup create; done
  [ "$(sql 'SELECT count(*) FROM backup_copy WHERE removed_at IS NULL')" -gt 2 ]
  ctl backup create --prune 2>"$place/said"
  grep -q '^Pruned ' "$place/said"
  [ "$(sql 'SELECT count(*) FROM backup_copy WHERE removed_at IS NULL')" = 2 ]
  [ "$(find "$place/near" -name manifest.json | wc -l)" = 2 ]
}
