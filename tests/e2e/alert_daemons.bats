#!/usr/bin/env bats
# Two daemons on one database: one of them chooses who is told and tells them, and is killed in the middle. The other goes
# on where it was: everybody is told of each incident, and what comes twice says so.

load common
load alert_crash
load crash

setup() { new_place; }
teardown() { leave_place; }

chats=20
grave=5
mark='This message may have come before.'

start_telegram() {
  printf '123456:AAE-token_of_this_test\n' >"$place/bot.token"
  chmod 600 "$place/bot.token"
  "${VISITORD%/*}/telegram-fake" --token-file "$place/bot.token" --print-port >"$place/fake.json" 2>"$place/fake.log" 3>&- &
  pids+=($!)
  wait_for 10 test -s "$place/fake.json"
  fake=$(jq -r .url "$place/fake.json")
  local chat names=()
  for ((chat = 1; chat <= chats; chat++)); do
    curl -fsS -d "{\"id\": $chat}" "$fake/control/chat" >/dev/null
    names+=("\"chat-$chat\"")
    printf '[[recipient]]\nname = "chat-%s"\ntelegram = "%s"\n' "$chat" "$chat" >>"$config"
  done
  cat >>"$config" <<TOML

[telegram]
token_file = "bot.token"
base_url = "$fake"

[[recipient]]
name = "room"
webhook = "hook"

[[route]]
name = "room"
to = ["room"]
continue = true

[[route]]
name = "grave"
severity = "critical"
to = [$(IFS=, && echo "${names[*]}")]
TOML
}

# found COUNT SEVERITY: so many incidents, as rules write them.
found() {
  sql "WITH i AS (
         INSERT INTO incident (type, severity, status, dedupe_key, summary, occurred_at, detected_at, last_seen_at)
         SELECT 'other', '$2', 'new', 'daemons ' || gen_random_uuid(), 'number ' || gen_random_uuid(), now(), now(), now()
           FROM generate_series(1, $1)
      RETURNING id, summary)
       INSERT INTO alert (kind, severity, incident_id, summary, created_at, route_at)
       SELECT 'incident_opened', '$2', id, summary, now(), now() FROM i" >/dev/null
}

leases_of() { [ "$(sql "SELECT count(*) FROM channel_lease WHERE channel IN ('webhook', 'telegram') AND holder LIKE '%:$1:%'")" = 2 ]; }
accepted() { curl -fsS "$fake/control/calls" | jq '[.[] | select(.method == "sendMessage" and .code == 200)] | length'; }
accepted_more_than() { [ "$(accepted)" -gt "$1" ]; }

@test "a daemon killed while it chooses and tells leaves nothing untold, and at most what was on its way comes twice, marked" {
  a_receiver
  start_telegram
  ctl --quiet init --site Here --time-zone UTC
  start_named_daemon one
  wait_for 20 leases_of "${process[one]}"
  start_named_daemon two
  wait_for 20 grep -q 'the database is open' "$place/two.log"

  found "$grave" critical
  found 60 high
  wait_for 20 taken_more_than 15
  wait_for 20 accepted_more_than 15
  found 60 high
  kill_process one
  found 10 high
  wait_for 10 leases_of "${process[two]}"
  wait_for 30 none_is_on_its_way
  wait_for 10 test "$(sql "SELECT count(*) FROM alert WHERE route_at IS NOT NULL")" = 0

  [ ! -e "$place/hook/complaints" ] || { cat "$place/hook/complaints" && false; }
  sql "SELECT a.id || '-' || d.id || '-' || (extract(epoch FROM a.created_at) * 1000000)::bigint
         FROM delivery d JOIN alert a ON a.id = d.alert_id WHERE d.channel = 'webhook'" | sort >"$place/made"
  [ "$(wc -l <"$place/made")" = $((grave + 130)) ]
  cut -d ' ' -f 1 "$place/hook/taken" | sort >"$place/came"
  diff "$place/made" <(uniq "$place/came")
  awk '$2 == "new" && seen[$1] { print "unmarked: " $0; bad = 1 } { seen[$1] = 1 } END { exit bad }' "$place/hook/taken"
  [ "$(uniq -d "$place/came" | wc -l)" -le 1 ]

  # In each chat each incident: once, or again with its mark.
  local chat repeated=0
  sql "SELECT summary FROM incident WHERE severity = 'critical'" | sort >"$place/grave"
  for ((chat = 1; chat <= chats; chat++)); do
    curl -fsS "$fake/control/chat?id=$chat" | jq -r '.[].text | gsub("\n"; " ")' >"$place/shown"
    diff "$place/grave" <(grep -o 'number [0-9a-f-]*' "$place/shown" | sort -u)
    [ -z "$(grep -v "$mark" "$place/shown" | grep -o 'number [0-9a-f-]*' | sort | uniq -d)" ]
    repeated=$((repeated + $(grep -c "$mark" "$place/shown" || true)))
  done
  echo "$repeated messages of $((chats * grave)) are marked"
  [ "$repeated" -le 4 ]

  [ "$(sql "SELECT count(*) FROM delivery WHERE state <> 'sent'")" = 0 ]
  [ "$(sql "SELECT count(DISTINCT holder) FROM delivery_attempt")" -ge 3 ]
  run ctl alert lost
  [ "$status" -eq 0 ]
  [ -z "$output" ]
}
