#!/usr/bin/env bats
# The REST API over HTTP.

load common

setup() {
  new_place
  ctl --quiet init --site Here --time-zone Asia/Almaty
  start_daemon
  url=$(daemon_url)
  wait_for 20 curl -fsS -o "$place/ready" "$url/readyz"
}
teardown() { leave_place; }

# status METHOD PATH [options of curl…]: the status of the answer, whose body is in $place/answer.
status() {
  local method=$1 path=$2
  shift 2
  curl -sS -X "$method" -o "$place/answer" -D "$place/headers" -w '%{http_code}\n' "$@" "$url/api/v1$path"
}

@test "the description of the API passes a linter, and needs no token" {
  local linter=$VISITOR_SOURCE/build/openapi_linter/node_modules/@redocly/cli/bin/cli.js
  if [ ! -f "$linter" ]; then
    echo "the linter is not there; './dev test' installs it into build/openapi_linter" >&2
    return 1
  fi
  curl -fsS -o "$place/openapi.json" "$url/api/v1/openapi.json"
  [ "$(jq -r .openapi "$place/openapi.json")" = 3.1.0 ]
  REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true \
    node "$linter" lint --config "$VISITOR_SOURCE/tests/support/openapi_linter/redocly.yaml" "$place/openapi.json"
}

@test "the page for people is there, and everything else refuses whoever has no token" {
  curl -fsS "$url/api/v1/docs" | grep -q '/api/v1/visits/'
  for path in /visits/ /visits /visits/1/ /nothing/ /; do
    [ "$(status GET "$path")" = 401 ]
    grep -qi '^content-type: application/problem+json' "$place/headers"
    grep -qi '^www-authenticate: bearer' "$place/headers"
    [ "$(jq -r .type "$place/answer")" = urn:visitor:problem:not_authenticated ]
  done
  [ "$(status POST /visits/ -H 'Authorization: Bearer guessed' -d '{}')" = 401 ]
  [ "$(ctl --json explain "$(jq -r .type "$place/answer")" | jq .status)" = 401 ]
}
