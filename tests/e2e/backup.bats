#!/usr/bin/env bats
# Backups from the making to another machine, as an operator would.

bats_require_minimum_version 1.5.0
load common

# new_machine NAME: a configuration of its own in $other, which knows the same places and keys, and nothing else.
new_machine() {
  other=$place/$1.toml
  sed "s|^directory = .*|directory = \"$place/$1\"|" "$config" >"$other"
}
there() { "$VISITORCTL" --config "$other" "$@"; }

setup_file() {
  new_place
  export place config
  mkdir "$place/near" "$place/far"
  safe=$("$VISITORCTL" backup key create safe --out "$place/safe.key" 2>/dev/null)
  boss=$("$VISITORCTL" backup key create boss --out "$place/boss.key" 2>/dev/null)
  "$VISITORCTL" backup key create stranger --out "$place/stranger.key" >/dev/null 2>&1
  cat >>"$config" <<TOML

[backup]
targets = ["file://$place/near", "file://$place/far"]
recipients = ["$safe", "$boss"]
TOML
  ctl --quiet init --site 'Head office' --time-zone Asia/Almaty --country-code 7
  ctl --quiet department add Admissions
  ctl --quiet host add Dana --department Admissions
  printf '850101300199\n' >"$place/document"
  ctl --quiet guest add 'Elena Petrova' --company 'Nomad, "LLP"' --employee-no 1001 --document-file "$place/document"
  ctl --quiet visit create --guest 1 --host Dana
  ctl --quiet visit checkin 1
  base64 -d >"$place/photo.png" <<<'iVBORw0KGgoAAAANSUhEUgAAAEAAAABAAQAAAACCEkxzAAAAEklEQVR42mP4DwUMo4xRBukMAOPT/hAC2mzjAAAAAElFTkSuQmCC'
  ctl --quiet guest photo set 1 "$place/photo.png"
  ctl --quiet terminal add gate http://192.0.2.77 --password-file "$place/password" --disabled
  ctl --json backup create --note 'the first' >"$place/first.json"
}
teardown_file() { leave_place; }

id() { jq -r .backup "$place/first.json"; }

@test "a backup is at every place, whole, signed, readable by nobody without a key" {
  jq -e '.rows > 5 and (.copies | length == 2 and all(.good))' "$place/first.json"
  ctl --json backup list | jq -e --arg id "$(id)" '.backups | length == 2 and
    all(.backup == $id and .state == "whole" and .note == "the first" and .signed_here and .rows > 5)'
  [ "$(ctl backup list | wc -l)" -eq 2 ]
  ctl --json backup show | jq -e '(.recipients | length == 2) and
    (.tables[] | select(.name == "public.guest")).rows == 1 and (.tables[] | select(.name == "public.visit")).rows == 1'
  ! grep -rqa Petrova "$place/near"
  [ "$(sql "SELECT state FROM backup_run")" = done ]
  [ "$(sql "SELECT count(*) FROM backup_copy WHERE removed_at IS NULL")" = 2 ]
  cmp "$place/near/$(id)/data" "$place/far/$(id)/data"
}

@test "each level of a check finds a good backup good, and a flipped bit" {
  ctl --json backup verify | jq -e '.checks | length == 2 and all(.good and .level == "quick")'
  ctl --json backup verify --level full --key "$place/boss.key" | jq -e '.checks | all(.good and .rows > 5)'
  [ "$(sql "SELECT count(*) FROM backup_copy WHERE verified_level = 'full'")" = 2 ]
  [ "$(sql "SELECT count(*) FROM backup_key WHERE proven_at IS NOT NULL")" = 1 ]
  for level in quick full; do
    run --separate-stderr ctl backup verify --level "$level" --key "$place/safe.key" --sabotage
    echo "$status $output $stderr"
    [ "$status" -eq 17 ]
    [[ "$stderr" == *"is not good at file://$place/near, file://$place/far"* ]]
  done
  [ "$(sql "SELECT count(*) FROM backup_copy WHERE problem = ''")" = 2 ]
  fails 2 backup verify --level full
  fails 12 backup verify --level full --key "$place/stranger.key"
}

@test "a drill restores the backup beside the state, measures it, and leaves nothing" {
  ctl --json backup verify --level restore --key "$place/safe.key" --from "file://$place/near" |
    jq -e '.checks | length == 1 and all(.good and .restored_in_ms > 0)'
  [ -z "$(find "$place/state" -maxdepth 1 -name 'drill-*')" ]
  ctl --json backup list | jq -e '[.backups[] | select(.restored_at != null and .verified_level == "restore")] | length == 1'
  run --separate-stderr ctl backup verify --level restore --key "$place/safe.key" --from "file://$place/near" --sabotage
  [ "$status" -eq 17 ]
  [ -z "$(find "$place/state" -maxdepth 1 -name 'drill-*')" ]
  ! pgrep -f "$place/state/drill-" >/dev/null
}

@test "on a new machine a backup is restored with its photos and secrets, and does nothing until it is told to" {
  new_machine second
  there backup list | grep -q "$(id)"
  fails 2 backup restore --to embedded --yes
  run --separate-stderr there backup restore --to embedded --key "$place/stranger.key" --yes
  [ "$status" -eq 12 ]
  there --json backup restore --to embedded --key "$place/safe.key" --yes |
    jq -e '.key_written and .resealed == 0 and .put_aside == null and .schema_after == .schema_before'
  cmp "$place/state/master.key" "$place/second/master.key"
  [ "$(stat -c %a "$place/second/master.key")" = 600 ]
  there --json guest show 1 | jq -e '.name == "Elena Petrova"'
  there --quiet guest photo show 1 --output "$place/back.png"
  cmp "$place/photo.png" "$place/back.png"
  there --json guest search --document-file "$place/document" | jq -e '.guests | length == 1'
  there db shell -- -XqAtc "SELECT held_since IS NOT NULL FROM installation" | grep -qx t
  run --separate-stderr there job run trim_changes
  [ "$status" -eq 11 ]
  there --json status | jq -e '.held_since != null'
  { there --json health || true; } | jq -e '.checks.scheduler.message | contains("visitorctl resume")'
  there --json resume | jq -e --arg id "$(id)" '.held_why | contains($id)'
  there --quiet job run trim_changes
  run --separate-stderr there resume
  [ "$status" -eq 11 ]
  there --quiet db stop
}

@test "a database that is not empty is put aside, and secrets are sealed with the master key of the machine" {
  new_machine third
  there --quiet init --site Elsewhere --time-zone UTC
  run --separate-stderr there backup restore --to embedded --key "$place/safe.key" --yes
  [ "$status" -eq 11 ]
  [[ "$stderr" == *"--replace"* ]]
  there --json backup restore --to embedded --replace --key "$place/safe.key" --yes >"$place/replaced.json"
  jq -e '(.put_aside | startswith("visitor_before_")) and .resealed == 2 and (.key_written | not) and
    (.differences | any(startswith("public.guest: 1 rows instead of 0")))' "$place/replaced.json"
  there --json guest search --document-file "$place/document" | jq -e '.guests | length == 1'
  there db shell -- -XqAtd "$(jq -r .put_aside "$place/replaced.json")" -c 'SELECT name FROM site' | grep -qx Elsewhere
  there --quiet db stop
}

@test "a table and a visit come out of a backup without restoring it" {
  ctl --quiet backup extract --table guest --key "$place/safe.key" >"$place/guest.csv"
  [ "$(wc -l <"$place/guest.csv")" -eq 2 ]
  grep -q '"Nomad, ""LLP"""' "$place/guest.csv"
  [ "$(ctl --quiet backup extract --table guest --where name=Nobody --key "$place/safe.key" | wc -l)" -eq 0 ]
  ctl --quiet backup extract --visit 1 --key "$place/safe.key" |
    jq -se '(map(.table) | contains(["visit", "visit_action"])) and
      (map(select(.table == "visit")) | length == 1 and .[0].row.status == "CHECKED_IN")'
  fails 10 backup extract --visit 4711 --key "$place/safe.key"
  fails 10 backup extract --table nothing --key "$place/safe.key"
  fails 10 backup extract --table guest --where nothing=1 --key "$place/safe.key"
  fails 2 backup extract --key "$place/safe.key"
}

@test "keys are listed, proven and changed, and private halves are never overwritten" {
  ctl --quiet backup key check --key "$place/safe.key"
  fails 12 backup key check --key "$place/stranger.key"
  ctl --json backup key list | jq -e '.keys | length == 2 and all(.in_use) and any(.name == "safe" and .proven_at != null)'
  fails 11 backup key create safe --out "$place/safe.key"
  [ "$(stat -c %a "$place/safe.key")" = 600 ]
  public=$(ctl --json backup key export --key "$place/stranger.key" | jq -r .public_key)
  sed "s|^recipients = .*|recipients = [\"$public\"]|" "$config" >"$place/rotated.toml"
  cp -r "$place/near" "$place/rotated"
  from=(--from "file://$place/rotated")
  "$VISITORCTL" --config "$place/rotated.toml" --json backup key rotate --key "$place/boss.key" "${from[@]}" --yes |
    jq -e '.copies == 1'
  ctl --json backup verify --level full --key "$place/stranger.key" "${from[@]}" | jq -e '.checks | all(.good)'
  fails 12 backup verify --level full --key "$place/safe.key" "${from[@]}"
}

@test "what is damaged, cut off or half gone is named, and never restored" {
  cp -r "$place/near" "$place/bad"
  bad=(--from "file://$place/bad")
  data=$place/bad/$(id)/data
  printf 'X' | dd of="$data" bs=1 seek=5000 conv=notrunc status=none
  ctl --json backup list "${bad[@]}" | jq -e '.backups[0].state == "whole"'
  run --separate-stderr ctl --json backup verify "${bad[@]}"
  [ "$status" -eq 17 ]
  jq -e '.checks[0].problem | contains("not those that were written")' <<<"$output"
  ctl --json backup list "${bad[@]}" | jq -e '.backups[0].state == "damaged"'
  new_machine fourth
  run --separate-stderr there backup restore --to embedded --key "$place/safe.key" "${bad[@]}" --yes
  [ "$status" -eq 17 ]
  [ "$(there db shell -- -XqAtc "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")" = 0 ]
  there --quiet db stop

  truncate -s -1 "$data"
  ctl --json backup list "${bad[@]}" | jq -e '.backups[0] | .state == "damaged" and (.problem | contains("bytes instead of"))'
  fails 17 backup extract "$(id)" --table guest --key "$place/safe.key" "${bad[@]}"
  rm "$data"
  ctl --json backup list "${bad[@]}" | jq -e '.backups[0].problem == "its data are gone"'
  cp "$place/near/$(id)/data" "$data"
  sed -i 's/"note":"the first"/"note":"the other"/' "$place/bad/$(id)/manifest.json"
  ctl --json backup list "${bad[@]}" | jq -e '.backups[0].problem == "the manifest was changed after it was signed"'
  rm "$place/bad/$(id)/manifest.json"
  ctl --json backup list "${bad[@]}" | jq -e '.backups[0].state == "incomplete"'
  fails 10 backup verify "${bad[@]}"
}

@test "a place that fails is named, the others have the backup, and where none is left nothing looks made" {
  fails 10 backup create --to "file://$place/nowhere"
  before=$(ls "$place/near" | wc -l)
  sed "s|^targets = .*|targets = []|" "$config" >"$place/none.toml"
  run --separate-stderr "$VISITORCTL" --config "$place/none.toml" backup create
  [ "$status" -eq 2 ]
  sed "s|^recipients = .*|recipients = []|" "$config" >"$place/nobody.toml"
  run --separate-stderr "$VISITORCTL" --config "$place/nobody.toml" backup create
  [ "$status" -eq 2 ]
  [[ "$stderr" == *"backup key create"* ]]
  [ "$(ls "$place/near" | wc -l)" -eq "$before" ]
}

@test "whether one survives is also answered on the day on which the database, the machine or the places are gone" {
  # After the drill: a record of it is kept beside the state, and goes into the next manifest.
  ctl --quiet backup create --note 'the second'
  run ctl --json backup can-i-survive
  jq -e '.answer == "perhaps" and .known_from == "database" and .known_at == null and .lost.events == 0 and
    (.doubts | all(contains("database") | not))' <<<"$output"

  # The database does not answer any more, and the state is there.
  cp "$config" "$place/away.toml"
  printf '\n[database]\nurl = "host=%s/nowhere dbname=visitor connect_timeout=1"\n' "$place" >>"$place/away.toml"
  run --separate-stderr "$VISITORCTL" --config "$place/away.toml" --json backup can-i-survive
  echo "$output $stderr"
  [ "$status" -eq 1 ]
  jq -e '.known_from == "record" and .known_at != null and .lost.events == null and .restore_seconds > 0 and
    (.copies | length == 2) and (.keys | any(.name == "safe" and .proven_at != null)) and
    (.doubts | any(startswith("there is no database to ask")))' <<<"$output"

  # A machine that has only the configuration.
  new_machine bare
  run --separate-stderr there --json backup can-i-survive
  [ "$status" -eq 1 ]
  jq -e '.known_from == "record" and .restore_seconds > 0 and (.copies | length == 2)' <<<"$output"
  [ ! -e "$place/bare/postgres" ]

  # And a place that is gone is named, and so are all.
  sed "s|file://$place/far|file://$place/gone|" "$other" >"$place/half.toml"
  run "$VISITORCTL" --config "$place/half.toml" --json backup can-i-survive
  [ "$status" -eq 1 ]
  jq -e --arg gone "file://$place/gone" '.doubts | any(contains($gone))' <<<"$output"
  sed "s|file://$place/near|file://$place/lost|" "$place/half.toml" >"$place/none.toml"
  run "$VISITORCTL" --config "$place/none.toml" --json backup can-i-survive
  [ "$status" -eq 2 ]
  jq -e '.answer == "no" and .known_from == "places" and .copies == []' <<<"$output"
}

@test "a dry run says what a making would meet, and makes nothing" {
  before=$(find "$place/near" "$place/far" | sort)
  runs=$(sql 'SELECT count(*) FROM backup_run')
  ctl --json backup create --dry-run | jq -e '.dry_run and .measured and .expected_bytes > 1000 and .problems == [] and
    (.recipients | length == 2) and (.places | length == 2 and all(.good and .free_bytes > 0))'
  ctl backup create --dry-run | grep -q "^would_go_to"
  run --separate-stderr ctl --json backup create --dry-run --to "file://$place/near" --to "file://$place/nowhere"
  [ "$status" -eq 3 ]
  jq -e '.places | map(.good) == [true, false]' <<<"$output"
  sed 's|^recipients = .*|recipients = []|' "$config" >"$place/nobody.toml"
  run --separate-stderr "$VISITORCTL" --config "$place/nobody.toml" --json backup create --dry-run
  [ "$status" -eq 1 ]
  jq -e '.problems | length == 1 and (.[0] | contains("recipients is empty"))' <<<"$output"
  [ "$(find "$place/near" "$place/far" | sort)" = "$before" ]
  [ "$(sql 'SELECT count(*) FROM backup_run')" = "$runs" ]
}
