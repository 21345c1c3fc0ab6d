#!/usr/bin/env bats
# ./dev run, without the installing and the building that came before this test.

@test "the demonstration shows check-ins, check-outs, incidents and what Telegram took, and leaves nothing running" {
  build=$(dirname "$(dirname "$VISITORCTL")")
  run "$VISITOR_SOURCE/tests/support/demo" "$build" --for 20s
  echo "$output"
  [ "$status" -eq 0 ]
  [[ "$output" == *"came in"* ]]
  [[ "$output" == *"left"* ]]
  [[ "$output" == *"INCIDENT"* ]]
  [[ "$output" == *"Telegram  Security Alert: Exit without entry | The guest of visit "* ]]
  [[ "$output" == *"backup    2"*"encrypted"*"restored  for a trial: "*" rows of "* ]]
  ! pgrep -f -- "--config [^ ]*demo[^ ]*/visitor.toml" >/dev/null
}

@test "a demonstration in which nothing has happened yet fails, and says what is missing" {
  run "$VISITOR_SOURCE/tests/support/demo" "$(dirname "$(dirname "$VISITORCTL")")" --for 0s
  echo "$output"
  [ "$status" -eq 1 ]
  [[ "$output" == *"FAILED: "*"no incident was opened; no alert reached the Telegram chat"* ]]
}

@test "the demonstration refuses a time that is none" {
  run "$VISITOR_SOURCE/tests/support/demo" /nonexistent --for soon
  [ "$status" -eq 2 ]
  [[ "$output" == *"--for needs a time"* ]]
}
