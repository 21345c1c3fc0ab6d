#!/usr/bin/env bats
# visitorctl on another machine: the everyday commands through the API of a visitord.

bats_require_minimum_version 1.5.0
load common

setup_file() {
  new_place
  export place config
  ctl --quiet init --site Here --time-zone Asia/Almaty --country-code 7
  ctl --quiet site add There --time-zone America/New_York
  ctl --quiet department add Admissions --director 'Aigerim Saparova' --site Here
  ctl --quiet department add Library --site There
  ctl --quiet host add Dana --department Admissions --email d@example.org --phone '8 701 123 45 67'
  ctl --quiet host add Ruth --department Library
  start_sim door --profile K1T342MWX --utc-offset +05:00
  ctl --quiet terminal add door "$(sim_url door)" --password-file "$place/password" --site Here
  ctl --quiet door set door 1 entry --name 'Turnstile in' --zone lobby
  ctl --quiet door set door 1 exit --reader 2
  ctl --quiet visit create --new-guest 'Елена "Лена" Петрова' --employee-no 1001 --company Nomad --host Dana \
    --purpose interview
  ctl --quiet visit create --new-guest 'Timur Akhmetov' --employee-no 1002 --host Dana --purpose-text 'two \ lines'
  ctl --quiet visit create --new-guest 'Maria Lopez' --host Ruth
  ctl --quiet visit create --guest 3 --host Ruth --from +2h --until +3h
  ctl --quiet visit cancel 4 --reason moved --yes
  ctl --quiet guest add 'Spare Guest' --document-file - <<<850101300199
  ctl --quiet guest block 4 'took a projector home'
  ctl --quiet user add anna --name 'Anna Ivanova' --email anna@example.org
  ctl --quiet role grant anna administrator
  ctl --quiet group add night --description 'At the gate'
  ctl --quiet group member add night anna
  ctl --quiet rules set long_stay 6h --site Here
  ctl --quiet alert silence add --type overstay --site Here --for 1h --reason fair
  ctl --quiet apikey create anna --name all \
    $(ctl --json role permissions | jq -r '.permissions[] | "--permission " + .name') >"$place/key"
  ctl --quiet apikey create anna --name few --permission site.view --permission visit.view >"$place/few"
  echo vak_nobody-was-ever-given-this-key-0123456789a >"$place/wrong"
  chmod 600 "$place/key" "$place/few" "$place/wrong"
  start_daemon
  sim door /walk '{"employee_no": "1001"}'
  sim door /walk '{"employee_no": "1002", "reader": 2}'
  wait_for 60 has event 2
  wait_for 60 has incident 1
  wait_for 60 told
  # Polling would change what is compared.
  kill -TERM "$daemon"
  wait "$daemon" || true
  ctl --quiet terminal disable door
  start_daemon again
  url=$(daemon_url again)
  wait_for 60 curl -fsS -o "$place/ready" "$url/readyz"
  event=$(ctl --json event list --person 1001 | jq '.events[0].id')
  incident=$(ctl --json incident list | jq '.incidents[0].id')
  export url event incident
}
teardown_file() { leave_place; }

setup() { pids=(); }
teardown() { stop_started; }

has() { [ "$(ctl --json "$1" list | jq ".$1s | length")" -ge "$2" ]; }

# Of a report in JSON: but when it was made, by whom, and of which change.
without_moments() { grep -vE '"(made_at|by|who|snapshot)":'; }

# Nothing is on its way to anybody.
told() { ctl --json alert list | jq -e 'all(.alerts[].deliveries[]; .state != "waiting" and .state != "sending")'; }

# there WORDS…: the same command, from another machine.
there() { "$VISITORCTL" --server "$url" --key-file "$place/key" "$@"; }

# same WORDS…: both print the same and end in the same way; what a filter named by $through lets pass counts.
same() {
  local here=0 far=0
  ctl "$@" </dev/null >"$place/here" 2>"$place/here.err" || here=$?
  there "$@" </dev/null >"$place/there" 2>"$place/there.err" || far=$?
  echo "$*: $here $(cat "$place/here.err"), $far $(cat "$place/there.err")"
  [ "$here" -eq "$far" ]
  diff -u <("${through:-cat}" <"$place/here") <("${through:-cat}" <"$place/there")
}

# far_fails STATUS WORDS…: it ends with that status and a message, and prints nothing.
far_fails() {
  local wanted=$1
  shift
  run --separate-stderr "$@"
  echo "$* → $status: $output $stderr"
  [ "$status" -eq "$wanted" ]
  [ -z "$output" ]
  [[ "$stderr" == "visitorctl: "* ]]
}

# start_fake MODE [URL]: a server that is not as it should be; its address is in $fake.
start_fake() {
  python3 "$VISITOR_SOURCE/tests/support/server_fake.py" "$@" >"$place/$1.port" 2>"$place/$1.requests" 3>&- &
  pids+=($!)
  wait_for 20 test -s "$place/$1.port"
  fake=http://127.0.0.1:$(cat "$place/$1.port")
}

@test "lists and cards are the same from another machine, byte for byte, for people and for programs" {
  while read -r words; do
    eval "set -- $words"
    same "$@"
    same --json "$@"
  done <<COMMANDS
visit list
visit list --status checked_in --status cancelled
visit list --host Dana --since yesterday --until tomorrow
visit list --site There --limit 1
visit list --department Library --guest 'Maria Lopez'
visit list nomad
visit show 1
visit show 2
visit show 4
visit history 1
visit history 4
guest list
guest list --limit 2
guest list ТИМУР
guest search 'петрова nomad'
guest show 1
guest show 'spare guest'
host list
host list --department Library
host show dana
department list
department list --site There
department show Library
site list
site show there
terminal list
terminal list --site Here
terminal show door
door list
door list door
event list
event list --terminal door --class granted --person 1001 --since today
event show $event
event show $event --raw
incident list
incident list --open --type entry_without_visit --type exit_without_entry --since 1h
incident show $incident
incident history $incident
alert list
alert list --incident $incident
alert show 1
alert silence list
alert silence list --all
user list
user list --role administrator
role list
role show reception
role show administrator
group list
group show night
rules list
rules show long_stay
user sessions
user sessions anna --all
inside --at $(date -u +%FT%TZ)
COMMANDS
}

@test "so is what stands on a terminal" {
  on_terminal() { TERM=xterm script -qec "stty cols 90; $*" /dev/null </dev/null; }
  for words in 'visit list' 'visit show 1' 'guest list' 'site list'; do
    diff -u <(on_terminal "$VISITORCTL --config $config $words") \
      <(on_terminal "$VISITORCTL --server $url --key-file $place/key $words")
  done
}

@test "what time changes is the same otherwise" {
  without_spans() { cut -f 1-6,8-; }
  without_now() { jq 'del(.at)'; }
  of_the_house() { jq 'del(.cursor, .outbox)'; }
  without_links() { jq 'del(.audit[]?["position", "previous_hash", "hash"], .position, .previous_hash, .hash)'; }
  of_the_program() { jq '[.jobs[] | {name, sentence, period_ms}]'; }
  through=without_spans same inside
  through=without_now same --json inside --site Here
  through=of_the_house same --json status
  same audit list --topic visit
  same audit list --topic visit --entity 4 --since 1h
  through=without_links same --json audit list --topic visit --before 30 --action create
  through=without_links same --json audit show 1
  through=of_the_program same --json job list
  without_alerts() { grep -vi alerts; }
  through=without_alerts same status
  there job list | grep -q .
  [ "$(there inside | wc -l)" -ge 1 ]
  without_ages() { jq 'del(.at, .age_seconds)'; }
  without_head() { tail -n +3; }
  through=without_ages same --json muster
  through=without_ages same --json muster --site There
  through=without_head same muster --site Here --language ru
  [ "$(there --json muster | jq '[.sites[].inside] | add')" -ge 1 ]
  far_fails 2 there muster --snapshot
}

@test "roles and groups are made and changed, and given by whoever shows a code" {
  local id
  there --json role create foreman --allow visit.view --description 'Leads a crew' | jq -e '.version == 1'
  there role edit foreman --allow inside.view --second-factor | grep -q '(version 2)'
  far_fails 11 there role edit foreman --description x --if-version 1
  far_fails 11 there role create foreman --allow visit.view
  far_fails 2 there role create other --allow visit.vew
  far_fails 10 there role show nobody
  same --json role show foreman
  # An API key can show no code.
  far_fails 12 there role grant anna foreman --site Here
  [[ "$stderr" == *'asks for a fresh code'* ]]

  ctl --quiet role create giver --allow role.view --allow role.grant --allow account.view --allow site.view --allow visit.view
  ctl --quiet role create watcher --allow visit.view
  ctl --quiet user add gina --password-file - <<<'kq7 zt2v lantern'
  ctl --quiet role grant gina giver
  curl -fsS "$url/api/v1/sessions/" -H 'Content-Type: application/json' \
    -d '{"login": "gina", "password": "kq7 zt2v lantern"}' | jq -r .access_token >"$place/session"
  chmod 600 "$place/session"
  gina() { "$VISITORCTL" --server "$url" --key-file "$place/session" "$@"; }
  far_fails 12 gina role grant anna foreman
  [[ "$stderr" == *'may not give away inside.view'* ]]
  gina role grant anna watcher --site Here --dry-run | grep -q 'Dry run: nothing was stored'
  gina --json role grant anna watcher --site Here | jq -e '.login == "anna" and .site.name == "Here"'
  same --json role show watcher
  far_fails 11 gina role grant anna watcher --site Here
  far_fails 2 gina role grant anna watcher --site Here --host dana
  gina role revoke anna watcher --site Here | grep -qx 'Took watcher on site Here from anna.'
  far_fails 10 gina role revoke anna watcher --site Here
  ctl --json audit list --action permission_change --topic role_grant | jq -e '.audit[0].account.login == "gina"'

  there --json group add day | jq -e '.members == []'
  there group member add day anna | grep -qx 'Added anna to group day.'
  far_fails 11 there group member add day anna
  there group edit day --name noon --if-version 1 | grep -q '(version 2)'
  same --json group show noon
  there group member remove noon anna | grep -qx 'Removed anna from group noon.'
  far_fails 10 there group member remove noon anna
}

@test "a site goes by rules of its own, and what is known is held back" {
  there rules set capacity 40 --site There | grep -qx "At site 'There' capacity is 40 now."
  same --json rules show capacity
  far_fails 2 there rules set capacity 40
  far_fails 2 there rules set capacity many --site There
  there --json rules unset capacity --site There | jq -e '.value == "40"'
  far_fails 10 there rules unset capacity --site There

  as_it_is() { jq 'del(.id, .author, .created_at, .starts_at, .ends_at)'; }
  through=as_it_is same --json alert silence add --type entry_without_visit --for 1h --reason fair --dry-run
  there alert silence add --type other --at-most low --guest 'Maria Lopez' --for 1h --reason fair |
    grep -q '^Silenced type other, severity up to low, guest 3 until'
  far_fails 2 there alert silence add --type other --reason fair
}

@test "the feed of changes goes on from a cursor there as it does here" {
  local cursor
  cursor=$(ctl --json status | jq .cursor)
  ctl --quiet visit create --guest 'Maria Lopez' --host Ruth
  ctl --quiet guest edit 4 --company Anything
  [ "$(there --json watch --once --since "$cursor" | wc -l)" -ge 2 ]
  same watch --once --since "$cursor"
  same --json watch --once --since "$cursor" --topic visit
  same watch --once --since "$cursor" --topic door
  far_fails 3 there watch --once --since 999999999
  far_fails 2 there watch --once --since yesterday
  far_fails 2 there watch --once --topic nothing
}

@test "sessions of an account are ended, all or one" {
  ctl --quiet user passwd anna --password-file - <<<'kq7 zt2v lantern'
  log_in() {
    curl -fsS "$url/api/v1/sessions/" -H 'Content-Type: application/json' \
      -d '{"login": "anna", "password": "kq7 zt2v lantern"}' | jq .session_id
  }
  local one
  one=$(log_in)
  log_in >"$place/other"
  far_fails 10 there user revoke nobody --session "$one"
  there --json user revoke anna --session "$one" | jq -e --argjson id "$one" '[.sessions[].id] == [$id]'
  far_fails 11 there user revoke anna --session "$one"
  same --json user sessions anna
  there user revoke anna --dry-run | grep -q 'Dry run: nothing was stored'
  there user revoke anna | grep -q "of 'anna'"
  [ "$(ctl --json user sessions anna | jq '.sessions | length')" -eq 0 ]
}

@test "reports come from there with the same bytes, and with a manifest that holds here" {
  in_any_layout() { jq -S .; }
  same export list
  through=in_any_layout same --json export list
  for words in 'export visits' 'export hosts --format jsonl' 'export departments --excel --locale ru' \
    'export visits --columns guest,host --status checked_in,cancelled --site Here --format json'; do
    # shellcheck disable=SC2086
    through=without_moments same $words
  done
  there --json export visits -o "$place/far visits.csv" >"$place/said"
  jq -e --arg file "$place/far visits.csv" '.file == $file and .rows >= 4 and (.sections | length) == 1' "$place/said"
  [ "$(sha256sum <"$place/far visits.csv")" = "$(jq -r .sha256 "$place/said")  -" ]
  ctl --json export verify "$place/far visits.csv" | jq -e '.by == "anna" and .file == "far visits.csv"'
  ctl --json export visits -o "$place/near.csv" | jq -S 'keys' | diff - <(jq -S 'keys' "$place/said")
  [ "$(sql 'SELECT count(*) FROM report_job')" = 0 ]
  far_fails 2 there export visits --columns guset
  far_fails 10 there export visits --site Nowhere
  far_fails 12 "$VISITORCTL" --server "$url" --key-file "$place/few" export visits
}

@test "visits are made, changed, checked in and out, and each is done once and by the key's account" {
  local id
  id=$(there --json visit create --guest 'Maria Lopez' --host Ruth --from tomorrow --purpose seminar_event \
    --type student --contact-phone '+77011234567' --consent | jq .id)
  ctl --json visit show "$id" |
    jq -e '.type == "student" and .contact_phone == "+77011234567" and .consent_at != null'
  same --json visit show "$id"
  there visit edit "$id" --purpose-text 'a talk' --from today | grep -q "^Changed visit $id: .*(version 2)"
  far_fails 11 there visit edit "$id" --purpose-text late --if-version 1
  there visit edit "$id" --purpose-text late --if-version 2 --dry-run | grep -q 'Dry run: nothing was stored'
  ctl --json visit show "$id" | jq -e '.purpose_text == "a talk" and .version == 2'
  there --json visit edit "$id" --no-consent --contact-phone '' --dry-run |
    jq -e '.type == "student" and .contact_phone == null and .consent_at == null'
  there visit checkin "$id" --dry-run | grep -q 'Dry run'
  [ "$(ctl --json visit show "$id" | jq -r .status)" = AWAITING ]
  there visit checkin "$id" | grep -qE "^Checked in visit $id, Maria Lopez, at [0-9:]+\.$"
  far_fails 11 there visit checkin "$id"
  there visit checkout "$id" | grep -q "^Checked out visit $id"
  there visit reopen "$id" --reason 'wrong guest' | grep -q "^Reopened visit $id"
  [ "$(ctl --json visit show "$id" | jq -r .status)" = CHECKED_IN ]
  ctl --json visit show "$id" | jq -e '[.actions[].login] | unique == ["anna"]'
  far_fails 2 there visit cancel "$id"
  far_fails 11 there visit cancel "$id" --yes
  far_fails 11 there visit create --guest 4 --host Dana
  far_fails 2 there visit create --new-guest 'Nobody Yet' --host Dana
  same --json visit history "$id"
}

@test "a connection that breaks before the answer does nothing twice" {
  local id
  id=$(ctl --json visit create --guest 'Maria Lopez' --host Ruth | jq .id)
  start_fake forgets "$url"
  "$VISITORCTL" --server "$fake" --key-file "$place/key" visit checkin "$id" | grep -q "^Checked in visit $id"
  grep -c "POST /api/v1/visits/$id/check-in/" "$place/forgets.requests" | grep -qx 2
  [ "$(grep POST "$place/forgets.requests" | cut -d' ' -f 3 | sort -u | wc -l)" -eq 1 ]
  ctl --json visit show "$id" | jq -e '[.actions[] | select(.kind == "check_in")] | length == 1'
  ctl --quiet visit checkout "$id"
}

@test "guests are added, changed, blocked and let in again" {
  local id
  id=$(there --json guest add 'Ada Lovelace' --company Engines --phone '8 701 555 44 33' --site Here --card 0042 \
    --document-file - <<<AB1234567 | jq .id)
  same guest show "$id"
  same --json guest show "$id"
  ctl --json guest show "$id" | jq -e '.phone == "+77015554433" and (.document | endswith("4567"))'
  ctl --json guest document "$id" | jq -e '.document == "AB1234567"'
  there guest edit "$id" --company 'Engines Ltd' --if-version 1 | grep -q '(version 2)'
  far_fails 11 there guest edit "$id" --company Other --if-version 1
  run --separate-stderr there guest add 'Ada Lovelace'
  [ "$status" -eq 0 ]
  [[ "$stderr" == *"Guest $id (Ada Lovelace, Engines Ltd) may be the same person"* ]]
  there guest block "$id" 'left a door open' --dry-run | grep -q 'Dry run'
  ctl --json guest show "$id" | jq -e '.blocked_reason == null'
  there guest block "$id" 'left a door open' | grep -q "^Blocked guest $id, Ada Lovelace"
  far_fails 11 there guest block "$id" again
  there guest unblock "$id" | grep -q 'may be registered again'
  far_fails 2 there guest search --document-file - <<<AB1234567
  far_fails 2 there guest add 'Two Cards' --card 1 --card 2
}

@test "incidents are reported, given to somebody, settled and opened again" {
  local id
  id=$(there --json incident open --severity low --summary 'Badge found' --site Here | jq .id)
  same --json incident show "$id"
  there incident assign "$id" | grep -q "^Assigned incident $id to anna"
  there incident resolve "$id" --note 'given back' --dry-run | grep -q 'Dry run'
  [ "$(ctl --json incident show "$id" | jq -r .status)" = investigating ]
  there incident resolve "$id" --note 'given back' | grep -q "^Resolved incident $id: other"
  far_fails 11 there incident resolve "$id"
  there incident reopen "$id" | grep -q .
  there --json incident false-alarm "$id" --note none | jq -e '.status == "false_alarm"'
  same incident history "$id"
  far_fails 2 there incident resolve "$id" "$incident" --yes
  far_fails 10 there incident resolve 4711
  there alert silence expire 1 | grep -q '^Ended silence 1'
}

@test "what is not there, or not there for the key, has the status that it has here" {
  far_fails 10 there visit show 4711
  far_fails 10 there host show Nobody
  [[ "$stderr" == *"there is no host 'Nobody'"* ]]
  far_fails 10 there visit list --site Nowhere
  far_fails 2 there visit list --since soon
  far_fails 12 "$VISITORCTL" --server "$url" --key-file "$place/wrong" visit list
  far_fails 12 "$VISITORCTL" --server "$url" --key-file "$place/few" visit checkin 1
  [[ "$stderr" == *"API key 'few' does not list visit.check_in"*'The request was '* ]]
  request=$(sed -n 's/.*The request was \([^.]*\)\..*/\1/p' <<<"$stderr")
  ctl --json audit list --action refused | jq -e --arg id "$request" 'any(.audit[]; .request_id == $id)'
  "$VISITORCTL" --server "$url" --key-file "$place/few" visit list | grep -q .
  run --separate-stderr there --json visit show 4711
  jq -e '.error.code == "not_found"' <<<"$stderr"
}

@test "a server, and the key for it, are both needed, and no secret goes out in the clear" {
  far_fails 2 "$VISITORCTL" --server "$url" visit list
  [[ "$stderr" == *'--key-file'* ]]
  far_fails 2 ctl --key-file "$place/key" visit list
  far_fails 2 "$VISITORCTL" --server http://192.0.2.1 --key-file "$place/key" visit list
  [[ "$stderr" == *'in the clear'* ]]
  far_fails 2 "$VISITORCTL" --server "$url/path" --key-file "$place/key" visit list
  far_fails 2 "$VISITORCTL" --server "$url" --key-file "$place/nothing" visit list
  VISITOR_SERVER=$url "$VISITORCTL" --key-file "$place/key" visit list | diff - <(ctl visit list)
}

@test "remote.toml names the server once, where the machine has no house of its own" {
  local home=$place/laptop
  mkdir -p "$home/visitor"
  cp "$place/key" "$home/visitor/key"
  printf 'server = "%s"\nkey_file = "key"\n' "$url" >"$home/visitor/remote.toml"
  laptop() { env -u VISITOR_SERVER CONFIGURATION_DIRECTORY="$home/visitor" "$@"; }
  laptop "$VISITORCTL" visit list | diff - <(ctl visit list)
  far_fails 2 laptop "$VISITORCTL" db status
  [[ "$stderr" == *'the machine of that visitord'* ]]
  # What is said goes before it, and its key goes nowhere else.
  far_fails 1 laptop "$VISITORCTL" --server http://127.0.0.1:9 --key-file "$place/key" visit list
  far_fails 2 laptop "$VISITORCTL" --server http://127.0.0.1:9 visit list
  far_fails 2 laptop env VISITOR_SERVER="$url" "$VISITORCTL" visit list
  laptop "$VISITORCTL" --config "$config" site list | diff - <(ctl site list)
  chmod 640 "$home/visitor/key"
  far_fails 13 laptop "$VISITORCTL" visit list
  [[ "$stderr" == *'others may read'* ]]
  cp "$config" "$home/visitor/visitor.toml"
  laptop "$VISITORCTL" config show | grep -q .
}

@test "what works on the database itself says where to run it" {
  for words in 'db status' 'backup list' 'config show' 'terminal test door' 'audit verify'; do
    # shellcheck disable=SC2086
    far_fails 2 there $words
    [[ "$stderr" == *'that machine'* ]]
  done
  VISITOR_SERVER=$url far_fails 2 "$VISITORCTL" --config "$config" --key-file "$place/key" db status
  [[ "$stderr" == *'the machine of that visitord'* ]]
}

@test "a server that is away, is none, is older, or says too much, ends with status 1 and the reason" {
  at() { "$VISITORCTL" --server "$1" --key-file "$place/key" visit list; }
  far_fails 1 at http://127.0.0.1:9
  far_fails 1 at "${url/http:/https:}"
  start_fake old
  far_fails 1 at "$fake"
  [[ "$stderr" == *'does not know GET /'*'older'* ]]
  start_fake page
  far_fails 1 at "$fake"
  [[ "$stderr" == *'is no JSON'* ]]
  start_fake busy
  far_fails 1 at "$fake"
  [[ "$stderr" == *'more than 1 requests'*'Wait for 7 seconds. The request was abc123.'* ]]
  start_fake endless
  far_fails 1 at "$fake"
}

@test "a certificate is believed only from an authority, and only for its name" {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=here \
    -addext 'subjectAltName=IP:127.0.0.1' -keyout "$place/tls.key" -out "$place/tls.pem" 2>"$place/openssl.log"
  chmod 600 "$place/tls.key"
  sed 's|^port = 0|port = 0\ncertificate_file = "tls.pem"\nprivate_key_file = "tls.key"|' "$config" >"$place/tls.toml"
  "$VISITORD" --config "$place/tls.toml" 2>"$place/tls.log" 3>&- &
  pids+=($!)
  wait_for 60 grep -q 'https://127.0.0.1:' "$place/tls.log"
  safe=$(grep -o 'https://127.0.0.1:[0-9]*' "$place/tls.log" | tail -n 1)
  wait_for 60 curl -fsS --cacert "$place/tls.pem" -o "$place/ready" "$safe/readyz"
  "$VISITORCTL" --server "$safe" --key-file "$place/key" --ca-file "$place/tls.pem" visit list | diff - <(ctl visit list)
  far_fails 1 "$VISITORCTL" --server "$safe" --key-file "$place/key" visit list
  far_fails 1 "$VISITORCTL" --server "${safe/127.0.0.1/localhost}" --key-file "$place/key" --ca-file "$place/tls.pem" \
    visit list
}
