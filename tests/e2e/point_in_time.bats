#!/usr/bin/env bats
# Point in time: the log of the embedded database is archived, and any moment comes back.

bats_require_minimum_version 1.5.0
load common

setup() {
  new_place
  mkdir "$place/archive"
  safe=$("$VISITORCTL" backup key create safe --out "$place/safe.key" 2>/dev/null)
  cat >>"$config" <<TOML

[backup]
recipients = ["$safe"]

[backup.wal]
directory = "$place/archive"
max_loss = "1s"
TOML
  ctl --quiet init --site 'Head office' --time-zone Asia/Almaty --country-code 7
}
teardown() { leave_place; }

# archived WHAT: whether that moment of the archive is known, and later than $at.
archived() { [ "$(sql "SELECT $1 > '${at:-1970-01-01}' FROM wal_archive")" = t ]; }
past() { [ "$(sql "SELECT clock_timestamp() > '$1'")" = t ]; }
guests() { ctl --json guest list | jq -r '[.guests[].name] | sort | join(" ")'; }
restore() { ctl backup restore --to embedded --key "$place/safe.key" --yes "$@"; }

@test "a lost database comes back as it was at a moment, though its daemon was killed" {
  run ctl backup status
  [[ "$output" == *"Point in time: nothing is archived yet"* ]]
  start_daemon
  wait_for 300 archived base_at
  ctl --quiet guest add Before
  kill -KILL "$daemon"
  wait "$daemon" || true
  # Whole seconds, as people say them.
  at=$(sql "SELECT to_char((clock_timestamp() + '1 s') AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
  wait_for 60 past "$at"
  ctl --quiet guest add After
  start_daemon again
  wait_for 300 archived reaches
  ctl backup status | grep 'Point in time: from'
  ctl --json backup status | jq -e '.wal.configured and .wal.failing_since == null and .wal.bytes > 0'
  run ctl backup can-i-survive
  [ "$status" -eq 1 ]
  [[ "$output" == *"archived; with --at no more than "* ]]
  kill -TERM "$daemon"
  wait "$daemon"
  ! grep -rqa Before "$place/archive"

  # Nothing changes where it cannot be done.
  fails 2 backup restore --to embedded --key "$place/safe.key" --yes --at 'the other day'
  fails 10 backup restore --to embedded --key "$place/safe.key" --yes --replace --at 2020-01-01
  [[ "$stderr" == *"the archive holds moments from 20"* ]]
  fails 10 backup restore --to embedded --key "$place/safe.key" --yes --replace --at +1h
  fails 11 backup restore --to embedded --key "$place/safe.key" --yes --at "$at"
  [ "$(guests)" = 'After Before' ]
  # Nor for whom a role asks for a second factor.
  sql "INSERT INTO role_grant (account_id, role_id, granted_at)
       SELECT a.id, r.id, now() FROM account a, role r WHERE a.login <> 'system' AND r.name = 'security'"
  ends 12 backup restore --to embedded --key "$place/safe.key" --yes --replace --at "$at"
  [[ "$stderr" == *'totp enroll'* ]]

  ctl --quiet db stop
  rm "$place/state/postgres/data/global/pg_control"
  fails 11 backup restore --to embedded --key "$place/safe.key" --yes --at "$at"
  restore --replace --at "$at" | grep -q "^Restored the moment .* until 'visitorctl resume'"
  [ "$(guests)" = Before ]
  [ "$(sql 'SELECT may_act()')" = f ]
  ctl --quiet resume
  [ "$(sql 'SELECT may_act()')" = t ]
}
