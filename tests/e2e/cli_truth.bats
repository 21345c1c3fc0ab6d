#!/usr/bin/env bats
# Who was inside, the roll call with and without the database, why something is believed.

bats_require_minimum_version 1.5.0
load common

setup_file() {
  new_office
  ctl --quiet department add Admissions
  ctl --quiet host add 'Daniyar Omarov' --department Admissions --phone '8 701 123 45 67'
  ctl --quiet guest add 'Елена Петрова' --company 'Nomad LLP' --employee-no 1017 --phone '8 702 000 00 00'
  ctl --quiet visit create --guest 1 --host 'Daniyar Omarov'
  ctl --quiet visit checkin 1
}
teardown_file() { leave_place; }
teardown() { stop_started; }

# without_database COMMAND…: with the same state directory, and a database that nobody serves.
without_database() {
  sed "s|^\[http\]|[database]\nurl = \"postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=2\"\n\n[http]|" "$config" \
    >"$place/down.toml"
  config=$place/down.toml "$@"
}

# fails_without_database STATUS WORDS…: with a message, after the one that says so.
fails_without_database() {
  without_database ends "$@"
  [[ "$stderr" == *"gives no roll call"*$'\n'"visitorctl: "* ]]
}

snapshot() { ls "$place"/state/muster/*.snapshot; }

@test "inside names the person who checked the guest in, and the fold of any moment since says the same" {
  me=$(ctl --json visit show 1 | jq -r '.actions[0].login')
  ctl --json inside | jq -e --arg me "$me" '.inside | length == 1 and .[0].proof.how == "person" and .[0].proof.login == $me'
  ctl --json inside --at now | jq -e '.inside[0].id == 1 and .presumed_left == []'
  ctl --json inside --at 2h | jq -e '.inside == []'
  [ "$(ctl inside | cut -f 1)" = 1 ]
  [[ "$(ctl inside)" == *"(check-in by hand)"* ]]
}

@test "inside refuses a moment that has not come, and words that are no moment" {
  fails 2 inside --at +2h
  fails 2 inside --at yesterweek
  fails 2 inside --at ''
  fails 10 inside --site Nowhere
}

@test "muster groups by department and host with telephone numbers, on paper and in JSON" {
  run --separate-stderr ctl muster
  [ "$status" -eq 0 ]
  [[ "$output" == *"EVACUATION ROLL CALL"*"Inside: 1"*Admissions*"Daniyar Omarov"*"+77011234567"*"[ ] Елена Петрова"*"+77020000000"* ]]
  [ -z "$stderr" ]
  ctl --json muster | jq -e '.source == "database" and .age_seconds == 0 and .snapshot == null and
    (.sites[0] | .inside == 1 and .departments[0].department == "Admissions" and
     .departments[0].hosts[0].phone == "+77011234567" and
     .departments[0].hosts[0].guests[0].guest.phone == "+77020000000" and .presumed_left == [])'
  [[ "$(ctl muster --language ru --pages | head -n 1)" == "ПЕРЕКЛИЧКА ПРИ ЭВАКУАЦИИ"*"стр. 1 из 1" ]]
  fails 2 muster --language klingon
  fails 10 muster --site Nowhere
}

@test "without a database and without a snapshot muster says both" {
  fails_without_database 14 muster
  [[ "$stderr" == *"there is no snapshot"* ]]
}

@test "the daemon writes a snapshot, and muster reads it while the database is away, with its age" {
  start_daemon
  wait_for 30 test -e "$place/state/muster"
  wait_for 30 snapshot
  kill "$daemon"
  wait "$daemon" || true
  [ "$(stat -c %a "$(snapshot)")" = 640 ]

  run --separate-stderr without_database ctl muster
  [ "$status" -eq 0 ]
  [[ "$output" == *"From a snapshot"*"old"*"[ ] Елена Петрова"* ]]
  [[ "$stderr" == *"gives no roll call"*"From the snapshot"*"old"* ]]
  without_database ctl --json muster --site 'head office' 2>/dev/null |
    jq -e '.source == "snapshot" and .age_seconds >= 0 and .snapshot.written_by != null and .sites[0].inside == 1'
  ctl --json muster --snapshot | jq -e '.source == "snapshot"'
  fails_without_database 10 muster --site Nowhere
}

@test "a snapshot that was changed or cut off is refused, and a master key that cannot be used is said" {
  cp "$(snapshot)" "$place/good"
  sed -i 's/Nomad/Momad/' "$(snapshot)"
  fails_without_database 17 muster
  [[ "$stderr" == *"was changed"* ]]
  head -c 200 "$place/good" >"$(snapshot)"
  fails_without_database 17 muster
  [[ "$stderr" == *"was cut off"* ]]
  : >"$(snapshot)"
  fails_without_database 17 muster
  [[ "$stderr" == *"is empty"* ]]
  cp "$place/good" "$(snapshot)"

  chmod 644 "$place/state/master.key"
  fails_without_database 13 muster
  [[ "$stderr" == *"master key"* ]]
  chmod 600 "$place/state/master.key"
  mv "$place/state/master.key" "$place/key"
  fails_without_database 13 muster
  [[ "$stderr" == *"master key"*"does not exist"* ]]
  mv "$place/key" "$place/state/master.key"
  without_database ctl --quiet muster | grep -q 'Елена Петрова'
}

@test "why shows what a visit's state follows from" {
  ctl --json why visit 1 | jq -e '.agrees and ([.chain[].kind] == ["registered", "action"]) and
    .chain[1].effect == "CHECKED_IN" and (.chain[1].source | endswith("(visitorctl visit checkin)"))'
  [ "$(ctl why visit 1 | wc -l)" -eq 2 ]
  fails 10 why visit 4711
  fails 10 why incident 4711
  fails 2 why visit x
  fails 2 why
}
