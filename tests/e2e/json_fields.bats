#!/usr/bin/env bats
# Scripts live on the names and types of JSON fields: what is there stays. golden/json_fields.txt holds every field of
# every command as it was found on the house below; './dev docs' makes it anew.

bats_require_minimum_version 1.5.0
load common

golden=$VISITOR_SOURCE/tests/e2e/golden/json_fields.txt

# A line for each command: its words, and after the bar its arguments. What changes something is a dry run. $place and
# numbers that only the house knows ($event) are filled in.
runs='
init | --site Other --time-zone UTC --dry-run
status |
health |
inside |
muster |
doctor |
visit create | --guest 1 --host Dana --dry-run
visit list |
visit show | 1
visit checkin | 3 --dry-run
visit checkout | 1 --dry-run
visit cancel | 3 --reason moved --yes --dry-run
visit edit | 3 --purpose seminar_event --dry-run
visit reopen | 4 --dry-run
visit history | 1
guest add | Somebody --employee-no 99 --dry-run
guest list |
guest show | 1
guest document | 1
guest credential add | 1 card 77 --dry-run
guest edit | 1 --company Other --dry-run
guest remove | 3 --yes --dry-run
guest search | Nomad
guest block | 1 "took a projector home" --dry-run
guest unblock | 3 --dry-run
guest merge | 3 1 --dry-run
guest photo set | 1 $place/photo.png --dry-run
guest photo show | 1 --output $place/shown.jpg
guest photo remove | 1 --yes --dry-run
badge print | 3 --to $place/badge.pdf --dry-run
badge list | --visit 3
badge verify | "$(zbarimg --nodbus --quiet --raw $place/badge.png)"
badge key |
badge template |
host add | Another --department Admissions --dry-run
host list |
host show | Dana
host edit | Dana --email dana@example.org --dry-run
host remove | Spare --yes --dry-run
department add | Library --site Here --dry-run
department list |
department show | Admissions
department edit | Admissions --director Somebody --dry-run
department remove | Empty --yes --dry-run
site add | Elsewhere --time-zone UTC --dry-run
site list |
site show | Here
site edit | Here --country-code 49 --dry-run
site remove | Spare --yes --dry-run
terminal add | back http://127.0.0.1:9 --password-file $place/password --disabled --site Here --dry-run
terminal list |
terminal show | door
terminal test | door
terminal enable | door --dry-run
terminal disable | door --dry-run
terminal doors | door
terminal gaps | door
terminal clock | door
terminal backlog | door
terminal edit | door --name gate --dry-run
terminal remove | spare --yes --dry-run
terminal poll-now | door --no-wait
door list |
door set | door 1 entry --dry-run
event list |
event show | $event
event tail | -n 3
event decode | $place/page.json
incident list |
incident show | $incident
incident history | $incident
incident open | --severity high --summary "Badge handed over" --visit 1 --dry-run
incident reopen | $settled --dry-run
incident assign | $incident --dry-run
incident resolve | $incident --note seen --dry-run
incident false-alarm | $incident --note seen --dry-run
alert list |
alert show | 1
alert retry | --failed --dry-run
alert lost | --after 0s
alert test | log --timeout 0s
alert canary | --timeout 0s
alert explain | 1
alert route test | incident $incident
alert send-digest | daily --site Here --dry-run
alert silence add | --site Here --for 2h --reason fair --dry-run
alert silence list |
alert silence expire | 1 --dry-run
why visit | 1
why incident | $incident
event replay | --since 1d --dry-run
rules test | --since 1d
rules list |
rules show | long_stay
rules set | long_stay 6h --site Here --dry-run
rules unset | overstay --site Here --dry-run
job list |
audit list |
audit show | 1
audit verify | --full
audit checkpoint |
audit export |
export alerts | -o $place/alerts.csv
export audit | -o $place/audit.csv
export auto-checkin | -o $place/auto.csv
export departments | -o $place/departments.csv
export events | -o $place/events.csv
export hosts | -o $place/hosts.csv
export incidents | -o $place/incidents.csv
export inside | -o $place/inside.csv
export summary | -o $place/summary.csv
export terminals | -o $place/terminals.csv
export visits | -o $place/visits.csv
export list |
export verify | $place/visits.csv
report run | visits
report list |
report show | visits
job run | trim_changes
watch | --once --since 0
backup create |
backup list |
backup status |
backup can-i-survive |
backup prune | --dry-run
backup hold | $held --reason "case 4711" --dry-run
backup release | $held --dry-run
backup show |
backup verify | --level restore --key $place/safe.key
backup restore | --to embedded --replace --yes --key $place/safe.key
backup extract | --table site --key $place/safe.key
backup key create | other --out $place/other.key
backup key list |
backup key export | --key $place/safe.key
backup key check | --key $place/safe.key
backup key rotate | --key $place/safe.key --yes
resume | --dry-run
user add | zoe --dry-run
user list |
user show | anna
user edit | anna --position Clerk --dry-run
user passwd | anna --password-file $place/passphrase --dry-run
user disable | anna --dry-run
user enable | boris --dry-run
user unlock | anna --dry-run
user remove | boris --yes --dry-run
role list |
role show | reception
role permissions |
role create | foreman --allow visit.view --dry-run
role edit | reception --allow statistics.view --dry-run
role grant | anna manager --department Admissions --dry-run
role revoke | anna reception --site Here --dry-run
group add | day --dry-run
group list |
group show | night
group edit | night --description "At the gate" --dry-run
group remove | night --yes --dry-run
group member add | night boris --dry-run
group member remove | night anna --dry-run
user sessions |
user revoke | ada --dry-run
totp enroll | vera
totp confirm | oleg --code-file "$(code_file "$oleg")"
totp status | ada
totp doctor | ada --code-file "$(code_file "$ada")"
totp recovery | oleg --yes
totp disable | ada --dry-run
apikey create | ada --name other --permission inside.view --network 10.0.0.0/8 --expires 2099-01-01 --dry-run
apikey list |
apikey audit | 1
apikey revoke | 1 --dry-run
breakglass open | vera --first ada --second bela --reason fire --first-code-file "$place/ada.code" --second-code-file "$place/bela.code"
breakglass list |
breakglass close | 1 --dry-run
config check |
config show |
config options |
db status |
db start |
db stop |
db migrate | --dry-run
help | visit cancel
explain |
man |
'
# What answers in no JSON of its own: scripts of shells, another program, and the REST API.
without_json='api
completion bash
completion zsh
completion fish
db shell'

setup_file() {
  new_place
  export place config
  printf '\n[alerts]\ncanary_to = ["log"]\n' >>"$config"
  printf '\n[[exec]]\nname = "siren"\nprogram = "/bin/true"\n[[recipient]]\nname = "siren"\nexec = "siren"\n' >>"$config"
  mkdir "$place/backups" "$place/reports"
  printf '\n[backup]\ntargets = ["file://%s"]\nscheduled = false\nrecipients = ["%s"]\n' "$place/backups" \
    "$("$VISITORCTL" backup key create safe --out "$place/safe.key" 2>/dev/null)" >>"$config"
  # Which fields there are must not depend on the time of day.
  printf '\n[rules]\noff = ["suspicious_time"]\n' >>"$config"
  ctl --quiet init --site Here --time-zone Asia/Almaty --country-code 7
  ctl --quiet department add Admissions --director 'Aigerim Saparova'
  ctl --quiet host add Dana --department Admissions --email d@example.org --phone '8 701 123 45 67'
  start_sim door --profile K1T342MWX --utc-offset +05:00
  ctl --quiet terminal add door "$(sim_url door)" --password-file "$place/password"
  ctl --quiet terminal add spare http://127.0.0.1:9 --password-file "$place/password" --disabled
  ctl --quiet door set door 1 entry --name 'Turnstile in' --zone lobby
  ctl --quiet door set door 1 exit --reader 2
  ctl --quiet visit create --new-guest 'Елена Петрова' --employee-no 1001 --company Nomad --host Dana --purpose interview
  ctl --quiet visit create --new-guest 'Timur Akhmetov' --employee-no 1002 --host Dana
  ctl --quiet visit create --guest 1 --host Dana
  ctl --quiet guest add 'Spare Guest'
  ctl --quiet guest block 3 'took a projector home'
  ctl --quiet guest edit 1 --document-file - <<<850101300199
  ctl --quiet visit create --guest 1 --host Dana
  ctl --quiet visit cancel 4 --reason moved --yes
  ctl --quiet department add Empty
  ctl --quiet host add Spare --department Admissions
  ctl --quiet site add Spare --time-zone UTC
  ctl --quiet rules set overstay 1h --site Here
  echo 'kq7 zt2v lantern' >"$place/passphrase"
  ctl --quiet user add anna --name 'Anna Ivanova' --email anna@example.org --password-file "$place/passphrase"
  ctl --quiet user add boris
  ctl --quiet user disable boris
  ctl --quiet role grant anna reception --site Here
  ctl --quiet group add night --description 'Night guards'
  ctl --quiet group member add night anna
  base64 -d >"$place/photo.png" <<<'iVBORw0KGgoAAAANSUhEUgAAAEAAAABAAQAAAACCEkxzAAAAEklEQVR42mP4DwUMo4xRBukMAOPT/hAC2mzjAAAAAElFTkSuQmCC'
  ctl --quiet guest photo set 1 "$place/photo.png"
  ctl --quiet badge print 3 --to "$place/badge.png"
  start_daemon
  sim door /walk '{"employee_no": "1001"}'
  sim door /walk '{"employee_no": "1002", "reader": 2}'
  has() { [ "$(ctl --json "$1" list | jq ".$1s | length")" -ge "$2" ]; }
  wait_for 30 has event 2
  wait_for 30 has incident 1
  kill -TERM "$daemon"
  wait "$daemon" || true
  cat >"$place/page.json" <<'JSON'
{"AcsEvent": {"searchID": "1", "responseStatusStrg": "OK", "numOfMatches": 1, "totalMatches": 1, "InfoList": [
  {"major": 5, "minor": 75, "time": "2026-09-01T17:27:53+05:00", "serialNo": 17, "employeeNoString": "0042", "doorNo": 1}]}}
JSON
  event=$(ctl --json event list --person 1001 | jq '.events[0].id')
  incident=$(ctl --json incident list | jq '.incidents[0].id')
  settled=$(ctl --json incident open --severity low --summary 'Badge found' | jq .id)
  ctl --quiet incident resolve "$settled" --note 'given back'
  sql "UPDATE terminal SET lease_holder = 'somebody', lease_until = now() + interval '1 hour' WHERE name = 'door'"
  ctl --quiet alert silence add --type overstay --site Here --for 1h --reason fair
  given_accounts
  held=$(ctl --json backup create | jq -r .backup)
  ctl --quiet backup hold "$held" --reason 'case 4711'
  printf '\n[[report]]\nname = "visits"\nreport = "visits"\nas = "ada"\nwhen = "23:59"\ntargets = ["file://%s"]\n' \
    "$place/reports" >>"$config"
  export event incident settled held
  all_fields >"$place/fields"
}
teardown_file() { leave_place; }

# code_file KEY: the name of a file with the code that an authenticator with this key shows.
code_file() {
  oathtool --totp -b "$1" >"$place/code"
  echo "$place/code"
}

# Two administrators with authenticators and a recovery code each at hand, one who sets up his, and one without.
given_accounts() {
  local login
  for login in ada bela oleg vera; do
    sql "INSERT INTO account (login, kind, created_at) VALUES ('$login', 'person', now())"
  done
  sql "INSERT INTO role_grant (account_id, role_id, granted_at)
       SELECT a.id, r.id, now() FROM account a, role r
        WHERE a.login IN ('ada', 'bela') AND r.name = 'administrator'"
  for login in ada bela; do
    declare -g "$login=$(ctl --json totp enroll "$login" | jq -r .key)"
    ctl --json totp confirm "$login" --code-file "$(code_file "${!login}")" | jq -r '.recovery_codes[0]' >"$place/$login.code"
  done
  oleg=$(ctl --json totp enroll oleg | jq -r .key)
  ctl --quiet apikey create ada --name lobby --permission visit.view --permission inside.view >/dev/null
  sql "INSERT INTO api_key_use (api_key_id, permission, first_used_at, last_used_at) VALUES (1, 'visit.view', now(), now())"
  sql "INSERT INTO session (account_id, access_hash, access_until, refresh_hash, refresh_until, absolute_until,
         second_factor, created_at, last_used_at)
       SELECT id, sha256('a'), now() + interval '1 hour', sha256('r'), now() + interval '1 day',
         now() + interval '2 days', 'none', now(), now() FROM account WHERE login = 'ada'"
}

# Of the JSON documents on standard input each field once: a tab, its path, a tab and its type. null only where there is
# never another. What a terminal sent, and what a rule keeps for itself, is nobody's promise.
fields_of() {
  jq -rn '
    def name: map(if type == "number" then "[]" else "." + . end) | join("");
    [inputs | . as $doc | paths | {path: name, type: (. as $p | $doc | getpath($p) | type)}]
    | map(select(.path | test("[.](raw|details|decoded)[.\\[]") | not))
    | group_by(.path)[]
    | (map(.type) | unique) as $types
    | (if ($types | length) > 1 then $types - ["null"] else $types end) as $types
    | "\t\(.[0].path)\t\($types | join("|"))"'
}

all_fields() {
  local command arguments bad=0
  while IFS='|' read -r command arguments; do
    command=${command% }
    [ -n "$command" ] || continue
    eval "set -- $arguments"
    # shellcheck disable=SC2086
    ctl --json $command "$@" 2>"$place/err" </dev/null | fields_of | sed "s/^/$command/"
    [ ! -s "$place/err" ] || { echo "$command $arguments: $(cat "$place/err")" >&2; bad=1; }
  done <<<"$runs"
  [ "$bad" -eq 0 ]
  ctl --json visit show 4711 2>&1 | fields_of | sed 's/^/(an error)/'
  ctl --json --version | fields_of | sed 's/^/--version/'
}

@test "every command is tried here, or said to have no JSON" {
  "$VISITORCTL" help --json | jq -r '.. | objects | select(.commands == []).command | sub("^visitorctl "; "")' |
    sort >"$place/commands"
  { sed -n 's/ |.*//p' <<<"$runs"; echo "$without_json"; } | sort >"$place/tried"
  run diff "$place/commands" "$place/tried"
  echo "$output"
  echo "Give each command a line in 'runs' of tests/e2e/json_fields.bats."
  [ "$status" -eq 0 ]
}

@test "no field has gone, been renamed, or become another type" {
  if [ -n "${VISITOR_RENEW:-}" ]; then LC_ALL=C sort "$place/fields" >"$golden"; fi
  # A field that was only ever null may have become something.
  run awk -F '\t' '
    NR == FNR { type[$1 FS $2] = $3; next }
    !($1 FS $2 in type) { print $1 ": " $2 " has gone"; bad = 1; next }
    type[$1 FS $2] != $3 && $3 != "null" && type[$1 FS $2] != "null" {
      print $1 ": " $2 " was " $3 " and is " type[$1 FS $2]; bad = 1 }
    END { exit bad }' "$place/fields" "$golden"
  echo "$output"
  [ "$status" -eq 0 ]
}

@test "a new field is written down" {
  run comm -13 <(LC_ALL=C sort "$golden") <(LC_ALL=C sort "$place/fields")
  echo "$output"
  echo "Run './dev docs' and commit what it made, or: VISITOR_RENEW=1 bats tests/e2e/json_fields.bats"
  [ -z "$output" ]
}
