#!/usr/bin/env bats
# visitorctl on a small building with its own embedded database, made once for the file.

bats_require_minimum_version 1.5.0
load common

setup_file() {
  new_office
  ctl --quiet department add Admissions --director 'Aigerim Saparova'
  ctl --quiet host add 'Daniyar Omarov' --department Admissions --email d.omarov@example.org --phone '8 701 123 45 67'
  ctl --quiet guest add 'Елена Петрова' --company 'Nomad LLP' --employee-no 1017 --card 0012345678
  ctl --quiet visit create --guest 1 --host 'Daniyar Omarov' --purpose interview
  ctl --quiet terminal add 'Main entrance' http://127.0.0.1:9 --password-file "$place/password" --disabled
  ctl --quiet door set 'Main entrance' 1 entry --name 'Turnstile 1'
}
teardown_file() { leave_place; }

# What a command prints on a terminal of 80 columns.
on_terminal() { TERM=xterm script -qec "stty cols ${columns:-80}; $VISITORCTL --config $config $*" /dev/null </dev/null; }

@test "init may be run again and again, and says what comes next" {
  run ctl init --site 'Head office' --time-zone Asia/Almaty
  [ "$status" -eq 0 ]
  [[ "$output" == *"Everything is there"*"Next:"* ]]
  run ctl init
  [ "$status" -eq 0 ]
  [ "$(ctl --json site list | jq '.sites | length')" -eq 1 ]
  [ -z "$(ctl --quiet init)" ]
  ctl --json init | jq -e '.made == [] and (.sites[0].name == "Head office") and (.next | length > 0)'
}

@test "every command that shows something gives valid JSON with --json" {
  shows() { ctl --json "$@" | jq -e "$filter" >/dev/null; }
  filter='.visits | has("inside")' shows status
  filter='.checks.database.status == "ok"' ctl --json health >"$place/health" || true
  jq -e '.checks.database.status == "ok"' "$place/health"
  filter='.inside == []' shows inside
  filter='.sites[0] | .time_zone == "Asia/Almaty" and .days_off == [6, 7]' shows site list
  filter='.id == 1' shows site show 'head office'
  filter='.departments[0].site.name == "Head office"' shows department list
  filter='.director == "Aigerim Saparova"' shows department show 1
  filter='.hosts[0].phone == "+77011234567"' shows host list
  filter='.department.name == "Admissions"' shows host show 'Daniyar Omarov'
  filter='.guests[0].name == "Елена Петрова"' shows guest list
  filter='[.credentials[].value] == ["1017", "0012345678"]' shows guest show 1
  filter='.visits[0].status == "AWAITING"' shows visit list
  filter='.guest.company == "Nomad LLP" and .purpose == "INTERVIEW"' shows visit show 1
  filter='.terminals[0] | .enabled == false and .state == "new"' shows terminal list
  filter='.base_url == "http://127.0.0.1:9"' shows terminal show 1
  filter='.doors[0] | .direction == "entry" and .terminal.name == "Main entrance"' shows door list
  filter='.events == []' shows event list
  filter='.incidents == []' shows incident list
  filter='.config.status == "ok"' shows config check
  filter='[.options[].key] | index("polling.interval") != null' shows config show
  filter='.options | length > 10' shows config options
  filter='.kind == "embedded" and .state == "running" and .schema_version == .latest_schema_version and .size_bytes > 0' \
    shows db status
  [ -z "$(ctl --json event tail)" ]
}

@test "every command that changes something gives the changed thing with --json, and nothing with --quiet" {
  id=$(ctl --json guest add 'JSON Guest' | jq -e .id)
  ctl --json guest credential add "$id" card "C-$id" | jq -e ".guest_id == $id"
  visit=$(ctl --json visit create --guest "$id" --department Admissions | jq -e .id)
  ctl --json visit checkin "$visit" | jq -e '.status == "CHECKED_IN" and .checked_in_how == "person"'
  ctl --json visit checkout "$visit" | jq -e '.status == "CHECKED_OUT"'
  ctl --json terminal enable 1 | jq -e .enabled
  ctl --json terminal disable 1 | jq -e '.enabled == false'
  ctl --json door set 1 2 none | jq -e '.door_no == 2'
  ctl --json db start | jq -e '.state == "running"'
  ctl --json db migrate | jq -e '.applied == []'
  [ -z "$(ctl --quiet department add Quiet 2>&1)" ]
}

@test "a dry run does the work and leaves nothing" {
  before=$(ctl --json visit list | jq '.visits | length')
  run ctl visit create --new-guest Nobody --employee-no 555 --department Admissions --dry-run
  [ "$status" -eq 0 ]
  [[ "$output" == *"nothing was stored"* ]]
  [ "$(ctl --json visit list | jq '.visits | length')" -eq "$before" ]
  [ -z "$(ctl guest list Nobody)" ]
  ctl visit checkin 1 -n
  [ "$(ctl --json visit show 1 | jq -r .status)" = AWAITING ]
  ctl site add Elsewhere --time-zone UTC -n
  [ "$(ctl site list | wc -l)" -eq 1 ]
  fails 10 visit checkin 4711 -n
}

@test "lists are tab-separated without a header when piped" {
  ctl guest list Петрова >"$place/guests"
  [ "$(wc -l <"$place/guests")" -eq 1 ]
  [ "$(cut -f 2 "$place/guests")" = 'Елена Петрова' ]
  [[ "$(ctl visit list Петрова | cut -f 6)" == *"+05:00" ]]
  [[ "$(ctl visit show 1 | sed -n 's/^expected_from\t//p')" == *"+05:00" ]]
}

@test "what does not exist exits 10, and names a near one where there is one" {
  fails 10 visit show 4711
  fails 10 visit list --site Nowhere
  fails 10 guest show 'Nobody at all'
  fails 10 host list --department Nowhere
  fails 10 terminal show Nowhere
  fails 10 incident show 4711
  fails 10 event show 4711
  fails 10 door list Nowhere
  run ctl terminal show 'Main entrnce'
  [[ "$output" == *"Main entrance"* ]]
}

@test "what is not possible now exits 11 and says why" {
  fails 11 site add 'HEAD OFFICE' --time-zone UTC
  fails 11 guest credential add 1 employee_no 1017
  [[ "$stderr" == *"Елена"* ]]
  fails 11 visit checkout 1
  fails 11 terminal add 'main entrance' http://192.0.2.1 --password-file "$place/password"
}

@test "an error is one JSON object on standard error with --json" {
  run --separate-stderr ctl --json visit show 4711
  [ "$status" -eq 10 ]
  [ -z "$output" ]
  jq -e '.error.code == "not_found"' <<<"$stderr"
}

@test "what cannot be undone needs --yes where nobody can be asked" {
  id=$(ctl --json visit create --guest 1 --site 'Head office' | jq .id)
  run --separate-stderr ctl visit cancel "$id" </dev/null
  [ "$status" -eq 2 ]
  [[ "$stderr" == *"--yes"* ]]
  ctl visit cancel "$id" --yes --reason 'meeting moved'
  [ "$(ctl --json visit show "$id" | jq -r .cancelled_reason)" = 'meeting moved' ]
}

@test "what cannot be undone asks on a terminal, and no is no" {
  id=$(ctl --json visit create --guest 1 --site 'Head office' | jq .id)
  run bash -c "printf 'n\n' | script -qec '$VISITORCTL --config $config visit cancel $id' /dev/null"
  [[ "$output" == *"[y/N]"* ]]
  [ "$(ctl --json visit show "$id" | jq -r .status)" = AWAITING ]
  run bash -c "printf 'y\n' | script -qec '$VISITORCTL --config $config visit cancel $id' /dev/null"
  [ "$(ctl --json visit show "$id" | jq -r .status)" = CANCELLED ]
}

@test "a password is never asked for where nobody can answer" {
  fails 2 terminal add Other http://192.0.2.2
  [[ "$stderr" == *"--password-file"* ]]
}

@test "a password typed on a terminal is not shown" {
  run bash -c "(sleep 1; printf 'opensesame\n'; sleep 1) |
    script -qec '$VISITORCTL --config $config terminal add Typed http://192.0.2.3' /dev/null"
  [[ "$output" == *"Password of admin"*"Added terminal"* ]]
  [[ "$output" != *opensesame* ]]
}

@test "Ctrl-C at the password ends with 130 and adds nothing" {
  run bash -c "(sleep 1; printf 'open\\003'; sleep 1) |
    script -qec '$VISITORCTL --config $config terminal add Interrupted http://192.0.2.5' /dev/null"
  [ "$status" -eq 130 ]
  [[ "$output" == *"was not answered"* ]]
  [ -z "$(ctl terminal list | grep Interrupted)" ]
}

@test "a password from standard input is taken, and is nowhere to be seen afterwards" {
  printf 'verysecret\n' | ctl --verbose terminal add Piped http://192.0.2.4 --password-file - >"$place/out" 2>&1
  ! grep -q verysecret "$place/out"
  ! ctl --json terminal show Piped | grep -q verysecret
}

@test "a list that was cut says so on standard error" {
  ctl --quiet guest add 'Another Guest'
  run --separate-stderr ctl guest list --limit 1
  [ "$status" -eq 0 ]
  [ "$(wc -l <<<"$output")" -eq 1 ]
  [[ "$stderr" == *"--limit"* ]]
}

@test "the period of a list is local time of the site, and must not be empty" {
  fails 2 visit list --since tomorrow --until yesterday
  [ -n "$(ctl visit list --since yesterday --until +2d)" ]
  [ -z "$(ctl visit list --until '1999-12-31 23:59')" ]
}

@test "a hostile name reaches neither the terminal nor the next field" {
  ctl --quiet guest add "$(printf 'Evil\xc2\x9b2J')" || true
  ctl --quiet guest add 'Back\slash'
  ctl guest list slash | grep -qF 'Back\\slash'
  run on_terminal guest list Evil
  ! LC_ALL=C grep -qP '\xc2\x9b' <<<"$output"
}

@test "on a terminal lists have a header, fit the width, and have colour unless NO_COLOR says no" {
  run on_terminal visit list
  [[ "$output" == *"Guest"*"Host"* ]]
  [[ "$output" == *$'\e['* ]]
  export LC_ALL=C.UTF-8
  while IFS= read -r line; do
    line=$(sed 's/\x1b\[[0-9;]*m//g; s/\r//' <<<"$line")
    [ "${#line}" -le 80 ]
  done <<<"$output"
  run env TERM=xterm NO_COLOR=1 script -qec "$VISITORCTL --config $config visit list" /dev/null </dev/null
  [[ "$output" != *$'\e['* ]]
  run on_terminal --no-color visit list
  [[ "$output" != *$'\e['* ]]
}

@test "names survive a C locale" {
  LC_ALL=C ctl guest list Петрова | grep -q 'Елена Петрова'
}

@test "a closed or full standard output exits 1 with a message, and what was done stays done" {
  run bash -c "'$VISITORCTL' --config '$config' visit list 2>&1 >&-"
  [ "$status" -eq 1 ]
  [[ "$output" == *"cannot write to standard output"* ]]
  run bash -c "'$VISITORCTL' --config '$config' guest add Kept 2>&1 >/dev/full"
  [ "$status" -eq 1 ]
  [[ "$output" == *"No space left on device"* ]]
  [ "$(ctl guest list Kept | wc -l)" -eq 1 ]
}

@test "without a home and without --config an ordinary user is told what to set" {
  [ "$(id -u)" -eq 0 ] || user=()
  [ "$(id -u)" -ne 0 ] || user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  cp "$VISITORCTL" "$place/visitorctl"
  chmod 755 "$place/visitorctl"
  run --separate-stderr env -i "${user[@]}" "$place/visitorctl" visit list
  [ "$status" -eq 13 ]
  [[ "$stderr" == *HOME* ]]
}

@test "a configuration with problems names each of them with its line" {
  printf '[polling]\ninterval = "soon"\n[htpp]\nport = 1\n' >"$place/bad.toml"
  run --separate-stderr "$VISITORCTL" --config "$place/bad.toml" config check
  [ "$status" -eq 2 ]
  [[ "$output" == "CONFIG CRITICAL - "* ]]
  [[ "$output" == *"bad.toml:2: polling.interval"* ]]
  run --separate-stderr "$VISITORCTL" --config "$place/bad.toml" visit list
  [ "$status" -eq 13 ]
  [[ "$stderr" == *"bad.toml:2: polling.interval"* ]]
  run --separate-stderr "$VISITORCTL" --config "$place/missing.toml" visit list
  [ "$status" -eq 13 ]
}

@test "a site can have rules of its own, within the bounds of visitor.toml" {
  [ "$(ctl --json rules list | jq '.rules | length')" -eq 16 ]
  ctl rules set long_stay 6h --site 'Head office'
  ctl --quiet rules set off tamper,door_held
  [ "$(ctl --json rules show long_stay | jq -r '.overrides[0] | .site.name + " " + .value')" = 'Head office 6h' ]
  [ "$(ctl --json rules show tamper | jq -r '.overrides[0].key')" = off ]
  ctl --quiet rules set off none
  [ "$(ctl --json rules show tamper | jq '.overrides | length')" -eq 0 ]
  run ctl rules show overstay
  [[ "$output" == *'Overstay'*'Превышено время визита'*'overstay = 30m (default)'* ]]

  fails 2 rules set long_stay 10s
  fails 2 rules set long_stey 6h
  fails 10 rules set long_stay 6h --site nowhere
  fails 10 rules show other
  ctl --quiet rules unset long_stay --dry-run
  ctl --quiet rules unset long_stay
  fails 10 rules unset long_stay
}

@test "who is blocked cannot be registered, and the attempt is an incident" {
  ctl --quiet guest add 'Blocked Guest' --employee-no 666
  ctl --quiet guest block 'Blocked Guest' 'stole a chair'
  fails 11 visit create --guest 'Blocked Guest' --dry-run
  [ "$(ctl --json incident list --type blocked_guest | jq '.incidents | length')" -eq 0 ]
  fails 11 visit create --guest 'Blocked Guest'
  fails 11 visit create --guest 'Blocked Guest'
  [ "$(ctl --json incident list --type blocked_guest | jq -c '[.incidents[] | .seen_count, .severity]')" = '[2,"critical"]' ]
}

@test "health is one line in the form of the monitoring plugins" {
  run ctl health
  [ "$status" -le 2 ]
  [[ "$output" =~ ^VISITOR\ (OK|WARNING|CRITICAL)\ -\ .*\ \|\  ]]
  run "$VISITORCTL" --config "$place/missing.toml" health
  [ "$status" -eq 3 ]
  [[ "$output" == "VISITOR UNKNOWN - "* ]]
}

@test "the database can be stopped and looked at, and is started again by whoever needs it" {
  ctl db stop
  [ "$(ctl --json db status | jq -r .state)" = stopped ]
  ctl db stop
  [ -n "$(ctl visit list)" ]
  [ "$(ctl --json db status | jq -r .state)" = running ]
}

@test "the shell is psql on this database" {
  [ "$(ctl db shell -- -X -At -c 'SELECT count(*) FROM site')" -eq 1 ]
}
