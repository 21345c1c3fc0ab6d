#!/usr/bin/env bats
# What visitorctl says before it touches anything: help, version, and errors of typing. No configuration, no database.

bats_require_minimum_version 1.5.0
load common

setup() {
  place=$(mktemp -d "${TMPDIR:-/tmp}/visitor-e2e.XXXXXX")
}
teardown() { rm -rf "$place"; }

# Every command below "$@", a line each: "visit list".
commands_below() {
  local name
  "$VISITORCTL" "$@" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]\{1,\}\)\( .*\)\{0,1\}$/\1/p' | while read -r name; do
    echo "$* $name" | sed 's/^ //'
    # shellcheck disable=SC2068
    commands_below $@ "$name"
  done
}

@test "the help of every command exits 0, names its exit statuses and shows its usage" {
  count=0
  while read -r command; do
    # shellcheck disable=SC2086
    "$VISITORCTL" $command --help >"$place/help" 2>"$place/err" </dev/null
    [ ! -s "$place/err" ]
    grep -q "^Usage: visitorctl $command" "$place/help"
    grep -q '^Exit status:' "$place/help"
    grep -q '^  0 ' "$place/help"
    count=$((count + 1))
  done < <(commands_below)
  [ "$count" -ge 50 ]
}

@test "'help' says the same as --help" {
  diff <("$VISITORCTL" help visit create) <("$VISITORCTL" visit create --help)
  diff <("$VISITORCTL" help) <("$VISITORCTL" --help)
}

@test "help needs neither a home nor a locale nor an environment" {
  env -i "$VISITORCTL" visit list --help | grep -q '^Usage'
  env -i LC_ALL=C "$VISITORCTL" --version | grep -q '^visitorctl [0-9]'
}

@test "the version is also JSON" {
  "$VISITORCTL" --version --json | jq -e '.version | test("^[0-9]+[.][0-9]+")'
}

@test "without a command it says so on standard error and exits 2" {
  for words in "" visit "guest credential"; do
    # shellcheck disable=SC2086
    run --separate-stderr "$VISITORCTL" $words
    [ "$status" -eq 2 ]
    [ -z "$output" ]
    [[ "$stderr" == *"needs a command"* ]]
  done
}

@test "a mistyped command or option names the nearest one" {
  run --separate-stderr "$VISITORCTL" vist list
  [ "$status" -eq 2 ]
  [[ "$stderr" == *"there is no command 'vist'"*"Did you mean 'visit'?"* ]]
  run --separate-stderr "$VISITORCTL" visit lsit
  [ "$status" -eq 2 ]
  [[ "$stderr" == *"Did you mean 'list'?"* ]]
  run --separate-stderr "$VISITORCTL" visit list --limti 5
  [ "$status" -eq 2 ]
  [[ "$stderr" == *"there is no option '--limti'"*"Did you mean '--limit'?"* ]]
}

@test "wrong values exit 2 before configuration or database are looked at" {
  wrong() {
    run --separate-stderr env -i "$VISITORCTL" "$@"
    echo "$* → $status: $stderr"
    [ "$status" -eq 2 ]
    [ -z "$output" ]
    [[ "$stderr" == "visitorctl: "* ]]
  }
  wrong visit list --limit -5
  wrong visit list --limit 0
  wrong visit list --limit many
  wrong visit list --since whenever
  wrong visit list --since 2026-02-30
  wrong visit list --status here
  wrong visit show
  wrong visit show abc
  wrong visit show 0
  wrong visit show 1 2
  wrong visit show 99999999999999999999
  wrong visit checkout ''
  wrong site add "$(printf 'two\nlines')" --time-zone UTC
  wrong site add Nowhere
  wrong door set T 1 sideways
  wrong door set T 70000 entry
  wrong visit create
  wrong init --time-zone Europe/Berlin
  wrong guest credential add 1 fingerprint 7
  wrong terminal add T http://x --poll-interval-ms 5
}

@test "with --json a wrong word is one JSON object on standard error, wherever --json stands" {
  for words in "--json vist" "visit lsit --json" "visit --json list --limit x" "visit show --json"; do
    # shellcheck disable=SC2086
    run --separate-stderr "$VISITORCTL" $words
    [ "$status" -eq 2 ]
    [ -z "$output" ]
    jq -e '.error | .code == "usage" and (.message | length > 0) and has("hint")' <<<"$stderr"
  done
}

@test "a check that is used wrongly is UNKNOWN" {
  run --separate-stderr "$VISITORCTL" health --nonsense
  [ "$status" -eq 3 ]
  [[ "$output" == "VISITOR UNKNOWN - "* ]]
}

@test "captured traffic is decoded without configuration, database or home" {
  cat >"$place/page.json" <<'JSON'
{"AcsEvent": {"searchID": "1", "responseStatusStrg": "OK", "numOfMatches": 1, "totalMatches": 1, "InfoList": [
  {"major": 5, "minor": 75, "time": "2026-09-01T17:27:53+05:00", "serialNo": 17, "employeeNoString": "0042", "doorNo": 1}]}}
JSON
  env -i "$VISITORCTL" event decode "$place/page.json" | jq -e '.decoded[0].kind == "page"'
  env -i "$VISITORCTL" event decode - <"$place/page.json" | grep -q '"0042"'
  env -i "$VISITORCTL" event decode --summary "$place/page.json" | grep -q '^page	'
  run --separate-stderr "$VISITORCTL" event decode "$place/missing.json"
  [ "$status" -eq 10 ]
  printf 'no such thing' >"$place/noise"
  run --separate-stderr "$VISITORCTL" event decode "$place/noise"
  [ "$status" -eq 1 ]
  jq -e '.decoded[0].kind == "unreadable"' <<<"$output"
}

@test "a closed or full standard output is an error with a message, never a crash" {
  for command in "help" "--version" "config options" "visit list --help"; do
    # shellcheck disable=SC2086
    run bash -c "'$VISITORCTL' $command 2>&1 >&-"
    [ "$status" -eq 1 ]
    [[ "$output" == *"cannot write to standard output: Bad file descriptor"* ]]
    run bash -c "'$VISITORCTL' $command 2>&1 >/dev/full"
    [ "$status" -eq 1 ]
    [[ "$output" == *"No space left on device"* ]]
  done
  run bash -c "set -o pipefail; '$VISITORCTL' help 2>'$place/err' | true; exit 0"
  [ "$status" -eq 0 ]
  run bash -c "'$VISITORCTL' nonsense 2>&-"
  [ "$status" -eq 2 ]
}
