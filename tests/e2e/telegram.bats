#!/usr/bin/env bats
# Telegram from end to end: visitord against a strict Bot API server. Chat 42 is listed, and so is Anna, person 7.
bats_require_minimum_version 1.5.0

load common

setup_file() {
  new_office
  printf '123456:AAE-token_of_this_test\n' >"$place/bot.token"
  chmod 600 "$place/bot.token"
  "${VISITORD%/*}/telegram-fake" --token-file "$place/bot.token" --no-limits --print-port \
    >"$place/fake.json" 2>"$place/fake.log" 3>&- &
  export telegram=$!
  wait_for 10 test -s "$place/fake.json"
  fake=$(jq -r .url "$place/fake.json")
  export fake
  control chat '{"id": 42}'
  cat >>"$config" <<TOML

[[recipient]]
name = "duty"
telegram = "42"

[[route]]
name = "everything"
to = ["duty"]

[telegram]
token_file = "bot.token"
base_url = "$fake"
chats = ["42"]
people = ["7"]
TOML
}
teardown_file() {
  pids=("$telegram")
  leave_place
}
setup() { pids=(); }
teardown() { stop_started; }

control() { curl -fsS -o /dev/null -d "$2" "$fake/control/$1"; }
shown() { curl -fsS "$fake/control/chat?id=42"; }
# The chat shows at least so many messages.
shows() { [ "$(shown | jq length)" -ge "$1" ]; }
# The text of the newest message matches a pattern.
says() { [[ "$(shown | jq -r '.[-1].text')" == $1 ]]; }
answered() { [ "$(curl -fsS "$fake/control/answers" | jq length)" -ge "$1" ]; }
answer() { curl -fsS "$fake/control/answers" | jq -r '.[-1].text'; }

# press PERSON NAME LABEL | data DATA: under the newest message; ends when the press was answered.
press() {
  local what="\"label\": \"$3\"" before
  if [ "$3" = data ]; then what="\"message\": $(shown | jq '.[-1].id'), \"data\": \"$4\""; fi
  before=$(curl -fsS "$fake/control/answers" | jq length)
  control press "{\"chat\": 42, \"user\": $1, \"name\": \"$2\", $what}"
  wait_for 20 answered $((before + 1))
}

# say TEXT: in the name of Anna.
say() { control say "{\"chat\": 42, \"user\": 7, \"name\": \"Anna\", \"text\": \"$1\"}"; }

# An incident whose message stands in the chat; its number is in $incident, and the newest row of the audit in $before.
an_incident() {
  incident=$(ctl --json incident open --summary "$1" --severity high | jq .id)
  before=$(sql 'SELECT max(id) FROM audit')
  wait_for 20 says "*$1*"
}
# What is on record of it: status, who has it, and whose presses since then ended how.
record() {
  sql "SELECT concat_ws('|', i.status, a.login,
                        (SELECT string_agg(format('%s %s: %s', details ->> 'telegram_person', details ->> 'telegram_press',
                                                  details ->> 'outcome'), ', ' ORDER BY id)
                           FROM audit WHERE id > $before AND details ? 'telegram_press'))
         FROM incident i LEFT JOIN account a ON a.id = i.assigned_to WHERE i.id = $incident"
}

@test "commands are answered, and the token is in no log" {
  start_daemon
  say /status
  wait_for 20 says 'Status*Open incidents: 0*'
  ctl --quiet incident open --summary 'a window is broken' --severity high
  say '/ack 1'
  wait_for 20 says 'Incident 1 is yours.'
  [ "$(ctl --json incident show 1 | jq -r '.assigned_to // .incident.assigned_to')" = telegram:7 ]

  cat "$place/visitord.log"
  run ! grep -q AAE-token_of_this_test "$place/visitord.log"
}

@test "a press counts once, for people on the list and while the incident stands as it did" {
  start_daemon
  an_incident 'a pane is broken'
  press 8 Boris Take
  [ "$(answer)" = 'You are not on the list of those who may do this.' ]
  [ "$(record)" = 'new|8 unknown: not listed' ]
  take=$(shown | jq -r '.[-1].buttons[] | select(.text == "Take").data')

  press 7 Anna Take
  [ "$(answer)" = "Incident $incident is yours." ]
  [ "$(record)" = 'investigating|telegram:7|8 unknown: not listed, 7 take: done' ]
  wait_for 20 says '*Anna took it on at *a pane is broken*'

  press 7 Anna data "$take"
  [[ "$(answer)" == "Meanwhile: Anna took it on at "* ]]
  press 7 Anna data "${take%?}?"
  [ "$(answer)" = 'This button is not valid.' ]
  press 7 Anna 'Silence 1 h'
  [[ "$(answer)" == "Silence until "* ]]
  wait_for 20 says '*Silence: Anna, until *a pane is broken*'
  [ "$(ctl --json alert silence list | jq -r '.silences[] | "\(.incident_id) \(.author)"')" = "$incident telegram:7" ]
  ctl --quiet alert silence expire 1
  [ "$(ctl --json alert silence list | jq '.silences | length')" -eq 0 ]
  press 7 Anna Resolve
  [ "$(record)" = 'resolved|telegram:7|8 unknown: not listed, 7 take: done, 7 take: stale, 7 unknown: not valid, 7 silence: done, 7 resolve: done' ]
  wait_for 20 says '*Anna resolved it at *a pane is broken*'
  [ "$(shown | jq '.[-1].buttons | length')" -eq 0 ]
  [ "$(shown | jq '[.[] | select(.text | contains("a pane is broken"))] | length')" -eq 1 ] # edited, not repeated
}

# hook STATUS [curl's words…]: a call of the webhook is answered with that status.
hook() {
  local wanted=$1 got
  shift
  got=$(curl -sS -o "$place/answer" -w '%{http_code}' "$hook" "$@")
  echo "$* → $got: $(cat "$place/answer")"
  [ "$got" = "$wanted" ]
}
update() { echo "{\"update_id\": $1, \"message\": {\"message_id\": 1, \"chat\": {\"id\": 42}, \"from\": {\"id\": 7}, \"text\": \"$2\"}}"; }
announced() { [ -n "$(curl -fsS "$fake/control/webhook" | jq -r .secret)" ]; }

@test "with a webhook Telegram calls visitord, and nobody else's call counts" {
  local port=20000
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
  hook=http://127.0.0.1:$port/telegram/updates
  cp "$config" "$place/polling.toml"
  printf 'webhook_url = "%s"\n' "$hook" >>"$config"
  sed -i "s/^port = 0/port = $port/" "$config"
  start_daemon webhook
  wait_for 20 announced
  secret="X-Telegram-Bot-Api-Secret-Token: $(curl -fsS "$fake/control/webhook" | jq -r .secret)"

  an_incident 'the lift is stuck'
  press 7 Anna Take
  [ "$(record)" = 'investigating|telegram:7|7 take: done' ]
  wait_for 20 says '*Anna took it on at *the lift is stuck*'

  messages=$(shown | jq length)
  audit=$(sql "SELECT count(*) FROM audit WHERE topic <> 'database'")
  hook 401 -d "$(update 900001 /status)"
  hook 401 -d "$(update 900001 /status)" -H "${secret}0"
  hook 401 -d "$(update 900001 /status)" -H "${secret%?}"
  hook 401 -d "$(update 900001 /status)" -H "X-Telegram-Bot-Api-Secret-Token: ${secret#*: } "x
  hook 405 -H "$secret"
  hook 405 -H "$secret" -X PUT -d "$(update 900001 /status)"
  hook 400 -H "$secret" -d ''
  hook 400 -H "$secret" -d '{"update_id": 900001'
  hook 400 -H "$secret" -d '[{"update_id": 900001}]'
  hook 400 -H "$secret" -d '{"update_id": "900001"}'
  hook 400 -H "$secret" -d '{"update_id": -1}'
  hook 400 -H "$secret" -d "$(printf '%0.s[' {1..5000})"
  head -c 1100000 /dev/zero | tr '\0' ' ' >"$place/large"
  hook 413 -H "$secret" -H 'Expect:' --data-binary "@$place/large"
  hook 413 -H "$secret" -H 'Expect:' -H 'Transfer-Encoding: chunked' --data-binary "@$place/large"
  [ "$(shown | jq length)" -eq "$messages" ]
  [ "$(sql "SELECT count(*) FROM audit WHERE topic <> 'database'")" -eq "$audit" ]

  hook 200 -H "$secret" -d "$(update 900001 /status)"
  hook 200 -H "$secret" -d "$(update 900001 /status)" # again
  hook 200 -H "$secret" -d "$(update 900002 /incidents)"
  wait_for 20 says 'Open incidents: *'
  [ "$(shown | jq length)" -eq $((messages + 2)) ]
  run ! grep -q "AAE-token_of_this_test\|${secret#*: }" "$place/webhook.log"
  mv "$place/polling.toml" "$config"
}
