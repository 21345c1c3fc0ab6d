#!/usr/bin/env bats
# Sessions, keys and codes over HTTP: two daemons on one database, and what is revoked at one is dead at the other.

bats_require_minimum_version 1.5.0
load common

setup_file() {
  new_office
  echo 'kq7 zt2v lantern' >"$place/passphrase"
  for login in anna boris; do
    ctl --quiet user add "$login" --password-file - <"$place/passphrase"
    ctl --quiet role grant "$login" reception
  done
  for name in Aigerim Bolat Clara Dana Erlan; do ctl --quiet visit create --new-guest "$name"; done
  start_daemon one
  first=$daemon
  start_daemon two
  export first second=$daemon
  one=$(daemon_url one) two=$(daemon_url two)
  export one two
  wait_for 20 curl -fsS -o "$place/ready" "$one/readyz"
  wait_for 20 curl -fsS -o "$place/ready" "$two/readyz"
}
teardown_file() {
  pids=("$first" "$second")
  leave_place
}

# status METHOD URL TOKEN [options of curl…]: the status of the answer, whose body is in $place/answer.
status() {
  local method=$1 url=$2 token=$3
  shift 3
  curl -sS -X "$method" -o "$place/answer" -w '%{http_code}\n' -H "Authorization: Bearer $token" "$@" "$url"
}
answers() { [ "$(status GET "$2/api/v1/visits/" "$3")" = "$1" ]; }
problem() { jq -r '.type | ltrimstr("urn:visitor:problem:")' "$place/answer"; }

# log_in URL LOGIN [CODE]: the session's answer in $place/session.
log_in() {
  jq -n --arg login "$2" --arg password "$(<"$place/passphrase")" --arg code "${3-}" \
    '{login: $login, password: $password} + if $code == "" then {} else {code: $code} end' >"$place/log_in"
  curl -sS -o "$place/session" -H 'Content-Type: application/json' -d "@$place/log_in" "$1/api/v1/sessions/"
}
token() { jq -er .access_token "$place/session"; }

# dead_within_a_second URL TOKEN: nobody who asks with it more than a second from now is let in.
dead_within_a_second() {
  local since=${EPOCHREALTIME/./} asked
  while asked=${EPOCHREALTIME/./} && ! answers 401 "$1" "$2"; do
    if [ $((asked - since)) -ge 1000000 ]; then
      echo "it is let in $(((asked - since) / 1000)) ms after" >&2
      return 1
    fi
  done
}

# Whether the code is looked at, and refused; while the database is on its way back it is not. Whoever is let in leaves a
# mark.
log_in_is_refused() {
  log_in "$1" anna "$2"
  if jq -e .access_token "$place/session"; then touch "$place/let_in"; fi
  [ "$(jq -r .type "$place/session")" = urn:visitor:problem:second_factor_needed ]
}
step_up_is_refused() {
  status POST "$1/api/v1/sessions/step-up/" "$(<"$place/token")" -H 'Content-Type: application/json' \
    -d "{\"code\": \"$2\"}"
  if jq -e .stepped_up_at "$place/answer"; then touch "$place/let_in"; fi
  [ "$(problem)" = second_factor_needed ]
}

@test "a session that is revoked through one daemon is dead within a second on the other" {
  log_in "$one" anna
  token=$(token)
  answers 200 "$two" "$token"
  [ "$(status DELETE "$one/api/v1/sessions/$(jq .session_id "$place/session")/" "$token")" = 200 ]
  dead_within_a_second "$two" "$token"
  log_in "$one" anna
  token=$(token)
  answers 200 "$one" "$token"
  answers 200 "$two" "$token"
  ctl --quiet user revoke anna
  dead_within_a_second "$two" "$token"
  dead_within_a_second "$one" "$token"
}

@test "so is one of an account that is disabled, and an API key that is revoked" {
  log_in "$one" boris
  token=$(token)
  ctl --json apikey create boris --name hall --permission visit.view >"$place/hall.json"
  key=$(jq -r .key "$place/hall.json")
  answers 200 "$two" "$token"
  answers 200 "$two" "$key"
  ctl --quiet user disable boris
  dead_within_a_second "$two" "$token"
  answers 401 "$two" "$key"
  ctl --quiet user enable boris
  answers 401 "$two" "$token"
  wait_for 20 answers 200 "$two" "$key"
  ctl --quiet apikey revoke "$(jq .id "$place/hall.json")" --yes
  dead_within_a_second "$two" "$key"
}

@test "an API key does what it lists, from where it may, until it ends, and its use is on record" {
  ctl --json apikey create anna --name script --permission visit.view --permission guest.view \
    --network 127.0.0.0/8 >"$place/script.json"
  jq -r .key "$place/script.json" >"$place/script.key"
  chmod 600 "$place/script.key"
  key=$(<"$place/script.key") id=$(jq .id "$place/script.json")
  ctl --json apikey audit "$id" | jq -e '.used == [] and .unused == ["visit.view", "guest.view"]'

  answers 200 "$one" "$key"
  jq -e '.count == 5' "$place/answer"
  ctl --json api GET '/visits/?page_size=2&ordering=expected_from' --key-file "$place/script.key" --server "$two" \
    --paginate | jq -e '[.results[].guest.name] | sort == ["Aigerim", "Bolat", "Clara", "Dana", "Erlan"]'
  ctl --json api GET '/visits/?page_size=2&cursor=' --key-file "$place/script.key" --server "$one" --paginate |
    jq -e '.results | length == 5'
  [ "$(status POST "$one/api/v1/visits/" "$key" -H 'Content-Type: application/json' -d '{"guest": 1}')" = 403 ]
  [ "$(problem)" = denied ]
  jq -e '(.detail | contains("visit.create")) and (.hint | contains("visitorctl apikey"))' "$place/answer"
  fails 12 api GET /terminals --key-file "$place/script.key" --server "$one"
  ctl --json apikey audit "$id" | jq -e '[.used[].permission] == ["visit.view"] and .unused == ["guest.view"] and
    .last_used_at != null and .last_used_from == "127.0.0.1"'

  elsewhere=$(ctl --json apikey create anna --name elsewhere --permission visit.view --network 192.0.2.0/24 | jq -r .key)
  answers 401 "$one" "$elsewhere"
  [ "$(problem)" = not_authenticated ]
  short=$(ctl --json apikey create anna --name short --permission visit.view --expires +1h | jq -r .key)
  answers 200 "$one" "$short"
  sql "UPDATE api_key SET expires_at = now() WHERE name = 'short'"
  wait_for 20 answers 401 "$one" "$short"
  ctl --json audit list --action refused | jq -e '.audit | any(.details.permission == "visit.create") and
    any(.details.reason == "API key from elsewhere")'
}

@test "who writes at the command line to what somebody else is editing is told, or refused" {
  log_in "$one" anna
  token=$(token)
  [ "$(status POST "$one/api/v1/locks/" "$token" -H 'Content-Type: application/json' \
    -d '{"topic": "visit", "id": 1}')" = 201 ]
  guest=$(ctl --json visit show 1 | jq .guest.id)
  [ "$(status POST "$one/api/v1/locks/" "$token" -H 'Content-Type: application/json' \
    -d "{\"topic\": \"guest\", \"id\": $guest}")" = 201 ]
  run -0 --separate-stderr ctl visit edit 1 --purpose-text 'About the roof'
  [[ "$stderr" == *"anna is editing visit 1 until "* ]]
  run -0 --separate-stderr ctl guest edit "$guest" --company Nomad
  [[ "$stderr" == *"anna is editing guest $guest until "* ]]
  printf '\n[api]\nlocks = "refuse"\n' >>"$config"
  fails 11 visit edit 1 --purpose-text 'About the cellar'
  [[ "$stderr" == *"anna is editing visit 1 until "* ]]
  fails 11 visit cancel 1 --yes
  fails 11 guest edit "$guest" --company Other
  fails 11 guest block "$guest" rude
  ctl --quiet visit edit 2 --purpose-text 'About the cellar'
  ctl --json visit show 1 | jq -e '.purpose_text == "About the roof" and .status == "AWAITING"'
  [ "$(status DELETE "$one/api/v1/locks/$(jq .token "$place/answer")/" "$token")" = 200 ]
  ctl --quiet guest edit "$guest" --company Other
  sed -i '/^\[api\]$/,$d' "$config"
}

@test "giving roles and unlocking ask at the command line for a code, and each code is good once" {
  me=$(sql "SELECT login FROM account WHERE login NOT IN ('system', 'anna', 'boris')")
  ctl --json totp enroll "$me" | jq -r .key >"$place/me.totp"
  oathtool --totp -b "$(<"$place/me.totp")" >"$place/code"
  ctl --json totp confirm "$me" --code-file "$place/code" | jq -r '.recovery_codes[]' >"$place/recovery"
  fails 2 role grant anna security
  [[ "$stderr" == *"--code-file"* ]]
  fails 12 role grant anna security --code-file "$place/code"
  [[ "$stderr" == *"used before"* ]]
  ctl --json user show anna | jq -e '.roles == ["reception"]'
  sed -n 1p "$place/recovery" >"$place/code"
  ctl --quiet role grant anna security --code-file "$place/code"
  fails 12 role revoke anna security --code-file "$place/code"
  sed -n 2p "$place/recovery" >"$place/code"
  ctl --quiet role revoke anna security --code-file "$place/code"
  fails 2 user unlock anna
  fails 12 user unlock anna --code-file "$place/code"
  sed -n 3p "$place/recovery" >"$place/code"
  ctl --quiet user unlock anna --code-file "$place/code"
}

@test "a code that was spent stays spent when the database is killed right after and comes back" {
  sed -n 4p "$place/recovery" >"$place/code"
  log_in "$one" anna
  token=$(token)
  [ "$(status POST "$one/api/v1/totp/" "$token")" = 201 ]
  key=$(jq -r .key "$place/answer")
  [ "$(status POST "$one/api/v1/totp/confirm/" "$token" -H 'Content-Type: application/json' \
    -d "{\"code\": \"$(oathtool --totp -b "$key")\"}")" = 200 ]
  code=$(oathtool --totp -b "$key" --now='30 seconds')
  log_in "$two" anna "$code"
  token >"$place/token"
  ctl --quiet user unlock anna --code-file "$place/code"

  kill -KILL "$(ctl --json db status | jq .pid)"
  wait_for 60 sql 'SELECT 1'
  for url in "$one" "$two"; do
    wait_for 60 log_in_is_refused "$url" "$code"
    jq -e '.detail | contains("used before")' "$place/session"
    wait_for 60 step_up_is_refused "$url" "$code"
    jq -e '.detail | contains("used before")' "$place/answer"
  done
  [ ! -e "$place/let_in" ]
  # It is a code of this authenticator, whatever the time is by now.
  echo "$code" >"$place/spent"
  run ctl --json totp doctor anna --code-file "$place/spent"
  [ "$status" -le 1 ]
  fails 12 user unlock anna --code-file "$place/code"
  [[ "$stderr" == *"used before"* ]]
}

@test "none of all this left a secret in the audit" {
  [ "$(sql 'SELECT count(*) > 20 FROM audit')" = t ]
  for secret in '%vak\_%' '%argon2%' '%otpauth%' '%lantern%' "%$(<"$place/me.totp")%" "%$(sed -n 5p "$place/recovery")%" \
    "%$(<"$place/script.key")%" "%$(<"$place/token")%"; do
    [ "$(sql "SELECT count(*) FROM audit WHERE details::text LIKE '$secret'")" -eq 0 ]
  done
  for action in create update login login_failed logout permission_change refused; do
    [ "$(sql "SELECT count(*) > 0 FROM audit WHERE action = '$action'")" = t ]
  done
  ctl --json audit verify | jq -e .
}
