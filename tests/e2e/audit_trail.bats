#!/usr/bin/env bats
# Whatever somebody does at the command line is in the audit: each command that changes or shows what is not for everybody
# leaves a row with who, from where and when. Those that leave none are named here, with why.

bats_require_minimum_version 1.5.0
load common

# A line for each command that leaves a row, in an order in which each has what it needs: its words, after the first bar
# the topic of the row, after the second its arguments. $place and the like are filled in.
acts='
visit create | visit | --new-guest Petrova --employee-no 1001 --host Dana
visit edit | visit | 1 --purpose seminar_event
visit checkin | visit | 1
visit checkout | visit | 1
visit reopen | visit | 1
visit create | visit | --guest 1 --host Dana --from 2099-01-01T08:00Z --until 2099-01-01T10:00Z
visit cancel | visit | 2 --reason moved --yes
badge print | visit | 1 --to $place/badge.pdf
guest add | guest | Somebody
guest edit | guest | 2 --company Other --document-file $place/document
guest document | guest | 2
guest credential add | credential | 2 card 77
guest block | guest | 2 noise
guest unblock | guest | 2
guest photo set | guest | 2 $place/photo.png
guest photo remove | guest | 2 --yes
guest add | guest | Double
guest merge | guest | 3 2 --yes
guest add | guest | Short
guest remove | guest | 4 --yes
site add | site | Spare --time-zone UTC
site edit | site | Spare --country-code 49
department add | department | Empty --site Spare
department edit | department | Empty --director Somebody
host add | host | Spare --department Empty
host edit | host | Spare --email spare@example.org
host remove | host | Spare --yes
department remove | department | Empty --yes
site remove | site | Spare --yes
terminal add | terminal | door http://127.0.0.1:9 --password-file $place/password --disabled --site Here
terminal edit | terminal | door --name gate
terminal enable | terminal | gate
terminal test | terminal | gate
terminal clock | terminal | gate
terminal poll-now | terminal | gate --no-wait
terminal disable | terminal | gate
door set | door | gate 1 entry
terminal remove | terminal | gate --yes
incident open | incident | --severity high --summary "Badge handed over" --site Here
incident assign | incident | $incident
incident resolve | incident | $incident --note seen
incident reopen | incident | $incident
incident false-alarm | incident | $incident
alert test | alert | log --timeout 0s
alert canary | alert | --timeout 0s
alert send-digest | alert | daily --site Here --to siren
alert retry | alert | --failed
alert silence add | silence | --site Here --for 2h --reason fair
alert silence expire | silence | 1
rules set | site_rule | long_stay 6h --site Here
rules unset | site_rule | long_stay --site Here
job run | job | trim_changes
event replay | event | --since 1d
export visits | report | -o $place/visits.csv
report run | report | visits
audit export | audit |
doctor | installation | --bundle $place/bundle.txt
user add | account | anna --password-file $place/passphrase
user edit | account | anna --position Clerk
user passwd | account | anna --password-file $place/passphrase
user disable | account | anna
user enable | account | anna
user unlock | account | anna
user revoke | session | anna
role create | role | foreman --allow visit.view
role edit | role | foreman --allow statistics.view
role grant | role_grant | anna foreman --site Here
apikey create | api_key | anna --name cron --permission visit.view
apikey revoke | api_key | 1 --yes
role revoke | role_grant | anna foreman --site Here
group add | account_group | night
group edit | account_group | night --description Guards
group member add | account_group | night anna
group member remove | account_group | night anna
group remove | account_group | night --yes
totp enroll | totp | anna
totp confirm | totp | anna --code-file $(code_file)
totp doctor | totp | anna --code-file $(code_file)
totp recovery | totp | anna --yes
totp disable | totp | anna --yes
user add | account | brief
user remove | account | brief --yes
breakglass open | break_glass | vera --first ada --second bela --reason fire --first-code-file $place/ada.code --second-code-file $place/bela.code
breakglass close | break_glass | 1
backup create | backup |
backup hold | backup | $backup --reason "case 4711"
backup release | backup | $backup
backup verify | backup | $backup
backup extract | backup | --table site --key $place/safe.key
backup key export | backup | --key $place/safe.key
backup key rotate | backup | --key $place/safe.key --yes
backup create | backup |
backup verify | backup | $backup
backup prune | backup | --keep-last 1 --min-verified 1 --yes
db shell | database | -- -c "SELECT 1"
backup restore | backup | --to embedded --replace --yes --key $place/safe.key
resume | backup |
'
# Those that leave none; the first word says why:
#   looks     shows what whoever may use this program at all may see, masked where it has to be, and changes nothing
#   own       leaves a record of its own that is part of what is verified: a checkpoint signs the audit as it is, and a row
#             about it would ask for the next one
#   without   works without the database, or on what is not of this house: the server itself, programs, keys that do not
#             count before [backup] recipients names them
#   remote    speaks to a visitord, which writes the rows
#   before    init leaves its row where it makes something, which setup_file here has done; db migrate where there is a step
no_row='
looks status
looks health
looks inside
looks muster
looks watch
looks visit list
looks visit show
looks visit history
looks guest list
looks guest search
looks guest show
looks guest photo show
looks badge list
looks badge verify
looks badge key
looks badge template
looks host list
looks host show
looks department list
looks department show
looks site list
looks site show
looks terminal list
looks terminal show
looks terminal doors
looks terminal backlog
looks terminal gaps
looks door list
looks event list
looks event show
looks event tail
looks event decode
looks incident list
looks incident show
looks incident history
looks alert list
looks alert show
looks alert lost
looks alert explain
looks alert route test
looks alert silence list
looks job list
looks rules list
looks rules show
looks rules test
looks why visit
looks why incident
looks audit list
looks audit show
looks audit verify
looks report list
looks report show
looks export list
looks export verify
looks backup list
looks backup show
looks backup status
looks backup can-i-survive
looks user list
looks user show
looks user sessions
looks role list
looks role show
looks role permissions
looks group list
looks group show
looks totp status
looks apikey list
looks apikey audit
looks breakglass list
looks config check
looks config show
looks config options
looks db status
looks explain
looks help
looks man
looks completion bash
looks completion zsh
looks completion fish
own audit checkpoint
without backup key create
without backup key list
without backup key check
without db start
without db stop
remote api
before init
before db migrate
'

setup_file() {
  new_place
  export place config
  mkdir "$place/backups"
  printf '\n[alerts]\ncanary_to = ["log"]\n[backup]\ntargets = ["file://%s"]\nscheduled = false\nrecipients = ["%s"]\n' \
    "$place/backups" "$("$VISITORCTL" backup key create safe --out "$place/safe.key" 2>/dev/null)" >>"$config"
  printf '\n[[exec]]\nname = "siren"\nprogram = "/bin/true"\n[[recipient]]\nname = "siren"\nexec = "siren"\n' >>"$config"
  echo 'kq7 zt2v lantern' >"$place/passphrase"
  echo 850101300199 >"$place/document"
  base64 -d >"$place/photo.png" <<<'iVBORw0KGgoAAAANSUhEUgAAAEAAAABAAQAAAACCEkxzAAAAEklEQVR42mP4DwUMo4xRBukMAOPT/hAC2mzjAAAAAElFTkSuQmCC'
  ctl --quiet init --site Here --time-zone Asia/Almaty --country-code 7
  ctl --quiet department add Admissions
  ctl --quiet host add Dana --department Admissions
  local login key
  for login in ada bela vera; do
    sql "INSERT INTO account (login, kind, created_at) VALUES ('$login', 'person', now())"
  done
  sql "INSERT INTO role_grant (account_id, role_id, granted_at)
       SELECT a.id, r.id, now() FROM account a, role r
        WHERE a.login IN ('ada', 'bela') AND r.name = 'administrator'"
  mkdir "$place/reports"
  printf '\n[[report]]\nname = "visits"\nreport = "visits"\nas = "ada"\nwhen = "23:59"\ntargets = ["file://%s"]\n' \
    "$place/reports" >>"$config"
  for login in ada bela; do
    key=$(ctl --json totp enroll "$login" | jq -r .key)
    oathtool --totp -b "$key" >"$place/code"
    ctl --json totp confirm "$login" --code-file "$place/code" | jq -r '.recovery_codes[0]' >"$place/$login.code"
  done
}
teardown_file() { leave_place; }

# The name of a file with the code that the authenticator of anna shows.
code_file() {
  oathtool --totp -b "$(cat "$place/anna.key")" >"$place/code"
  echo "$place/code"
}

newest() { ctl --json audit list --limit 1 | jq '.audit[0].id'; }

# What a command needs that no other one makes.
prepare() {
  case $1 in
    "terminal poll-now")
      sql "UPDATE terminal SET lease_holder = 'somebody', lease_until = now() + interval '1 hour' WHERE name = 'gate'"
      ;;
    "alert retry") sql "UPDATE delivery SET state = 'failed' WHERE id = (SELECT min(id) FROM delivery)" ;;
    "user revoke")
      sql "INSERT INTO session (account_id, access_hash, access_until, refresh_hash, refresh_until, absolute_until,
             second_factor, created_at, last_used_at)
           SELECT id, sha256('a'), now() + interval '1 hour', sha256('r'), now() + interval '1 day',
             now() + interval '2 days', 'none', now(), now() FROM account WHERE login = 'anna'"
      ;;
  esac
}

@test "every command is tried here, or said to leave no row" {
  "$VISITORCTL" help --json | jq -r '.. | objects | select(.commands == []).command | sub("^visitorctl "; "")' |
    grep -v '^export [^vl]' | sort >"$place/commands"
  { sed -n 's/ |.*//p' <<<"$acts" | sort -u; sed -n 's/^[a-z]* //p' <<<"$no_row"; } | sort >"$place/named"
  run diff "$place/commands" "$place/named"
  echo "$output"
  echo "Give each command a line in 'acts' or 'no_row' of tests/e2e/audit_trail.bats."
  [ "$status" -eq 0 ]
}

@test "what acts leaves a row of its topic, with who and from where" {
  local command topic arguments before bad=0 me
  me="cli:$(id -un)($(id -u))@"
  while IFS='|' read -r command topic arguments; do
    command=${command% } topic=${topic# } topic=${topic% }
    [ -n "$command" ] || continue
    prepare "$command"
    before=$(newest)
    if [ "$command" = "backup restore" ]; then before=0; fi # the database is another one afterwards
    eval "set -- $arguments"
    # shellcheck disable=SC2086
    ctl --json $command "$@" >"$place/out" 2>"$place/err" </dev/null || true
    case $command in
      "totp enroll") jq -r .key "$place/out" >"$place/anna.key" ;;
      "backup create") backup=$(jq -r .backup "$place/out") ;;
      "incident open") incident=$(jq -r .id "$place/out") ;;
    esac
    if ! ctl --json audit list --limit 30 | jq -e --arg me "$me" --arg topic "$topic" --argjson before "$before" '
      any(.audit[]; .id > $before and .topic == $topic and (.source | startswith($me)))' >/dev/null; then
      echo "$command $arguments: no row of topic $topic; $(head -c 500 "$place/err")"
      bad=1
    fi
  done <<<"$acts"
  [ "$bad" -eq 0 ]
}

@test "the shell is not opened where that cannot be put on record, but in an emergency" {
  sql "ALTER TABLE audit RENAME TO audit_away"
  run --separate-stderr ctl db shell -- -XAtc 'SELECT 1'
  [ "$status" -ne 0 ]
  [ -z "$output" ]
  [[ "$stderr" == *"this shell cannot be put on record"* && "$stderr" == *--emergency* ]]
  run --separate-stderr ctl db shell --emergency 'the audit is gone' -- -XAtc 'ALTER TABLE audit_away RENAME TO audit; SELECT 1'
  [ "$status" -eq 0 ]
  [[ "$stderr" == *"not on record"* ]]
  ctl db shell --emergency 'the gate is stuck' -- -XAtc 'SELECT 1'
  ctl --json audit list --topic database --limit 1 | jq -e '.audit[0].details == {"opened": "shell", "emergency": "the gate is stuck"}'
}

@test "a bundle for support, and what installs, are on record" {
  ctl --json audit list --topic installation | jq -e '[.audit[].action] | contains(["create", "export"])'
}
