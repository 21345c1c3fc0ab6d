#!/usr/bin/env bats
# Telegram from end to end: visitord against a strict Bot API server.
bats_require_minimum_version 1.5.0

load common

setup() {
  new_place
  printf '123456:AAE-token_of_this_test\n' >"$place/bot.token"
  chmod 600 "$place/bot.token"
  "${VISITORD%/*}/telegram-fake" --token-file "$place/bot.token" --print-port >"$place/fake.json" 2>"$place/fake.log" 3>&- &
  pids+=($!)
  wait_for 10 test -s "$place/fake.json"
  fake=$(jq -r .url "$place/fake.json")
  cat >>"$config" <<TOML

[telegram]
token_file = "bot.token"
base_url = "$fake"
chats = ["42"]
people = ["7"]
TOML
  ctl --quiet init --site 'Head office' --time-zone Asia/Almaty --country-code 7
  control chat '{"id": 42}'
}

teardown() { leave_place; }

control() { curl -fsS -d "$2" "$fake/control/$1" >/dev/null; }
# The chat shows at least so many messages.
shows() { [ "$(shown | jq length)" -ge "$1" ]; }
shown() { curl -fsS "$fake/control/chat?id=42"; }

@test "commands are answered, buttons act, and the token is in no log" {
  start_daemon
  control say '{"chat": 42, "user": 7, "name": "Anna", "text": "/status"}'
  wait_for 20 shows 1
  [[ "$(shown | jq -r '.[0].text')" == "Status"*"Open incidents: 0"* ]]

  ctl --quiet incident open --summary 'a window is broken' --severity high
  control say '{"chat": 42, "user": 7, "name": "Anna", "text": "/ack 1"}'
  wait_for 20 shows 2
  [ "$(shown | jq -r '.[1].text')" = "Incident 1 is yours." ]
  [ "$(ctl --json incident show 1 | jq -r '.assigned_to // .incident.assigned_to')" = telegram:7 ]

  cat "$place/visitord.log"
  run ! grep -q AAE-token_of_this_test "$place/visitord.log"
}
