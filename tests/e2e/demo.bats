#!/usr/bin/env bats
# ./dev run, without the installing and the building that came before this test.

@test "the demonstration shows check-ins, check-outs and incidents, and leaves nothing running" {
  build=$(dirname "$(dirname "$VISITORCTL")")
  run "$VISITOR_SOURCE/tests/support/demo" "$build" --for 20s
  echo "$output"
  [ "$status" -eq 0 ]
  [[ "$output" == *"came in"* ]]
  [[ "$output" == *"left"* ]]
  [[ "$output" == *"INCIDENT"* ]]
  ! pgrep -f -- "--config [^ ]*demo[^ ]*/visitor.toml" >/dev/null
}

@test "the demonstration refuses a time that is none" {
  run "$VISITOR_SOURCE/tests/support/demo" /nonexistent --for soon
  [ "$status" -eq 2 ]
  [[ "$output" == *"--for needs a time"* ]]
}
