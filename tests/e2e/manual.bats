#!/usr/bin/env bats
# The manual pages as they are read: no page has an error or a warning, and each program's options stand in its page.

bats_require_minimum_version 1.5.0
load common

setup() { place=$(mktemp -d "${TMPDIR:-/tmp}/visitor-e2e.XXXXXX"); }
teardown() { rm -rf "$place"; }

@test "no manual page has anything that mandoc warns of" {
  "$VISITORCTL" man --into "$place/man"
  [ "$(ls "$place/man" | wc -l)" -ge 15 ]
  run mandoc -T lint -W warning "$place"/man/*
  echo "$output"
  [ -z "$output" ]
  for page in "$place"/man/*; do
    [ "$(mandoc -T utf8 "$page" | wc -l)" -gt 15 ]
  done
}

@test "man lists the pages, and prints one by its name" {
  [ "$("$VISITORCTL" man | grep -c '^visitorctl')" -ge 10 ]
  "$VISITORCTL" man --json | jq -e '.pages[0] == {"name": "visitorctl", "section": 1, "file": "visitorctl.1"}'
  "$VISITORCTL" man visitor.toml | mandoc -T utf8 | grep -q 'polling'
  diff <("$VISITORCTL" man visitord) <("$VISITORCTL" man visitord.8)
  run --separate-stderr "$VISITORCTL" man visitorctl-vist
  [ "$status" -eq 10 ]
  [[ "$stderr" == *"Did you mean 'visitorctl-visit'?"* ]]
}

@test "every option of visitord stands in visitord(8)" {
  page=$("$VISITORCTL" man visitord | mandoc -T utf8 | sed 's/.\x08//g')
  while read -r option; do
    grep -qF -- "$option" <<<"$page"
  done < <("$VISITORD" --help | grep -o -- '--[a-z-]*' | sort -u)
}
