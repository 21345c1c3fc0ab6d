#!/usr/bin/env bats
# Authenticators, API keys, sessions and emergencies from the command line, in one building for the file.

bats_require_minimum_version 1.5.0
load common

setup_file() {
  new_office
  for login in anna boris oleg; do
    sql "INSERT INTO account (login, kind, created_at) VALUES ('$login', 'person', now())"
  done
  grant anna administrator
  grant boris administrator
  grant oleg reception
  printf '12345\n' >"$place/wrong"
}
teardown_file() { leave_place; }

grant() {
  sql "INSERT INTO role_grant (account_id, role_id, granted_at)
       SELECT a.id, r.id, now() FROM account a, role r WHERE a.login = '$1' AND r.name = '$2'"
}

# Whom visitorctl takes us for.
me() { sql "SELECT login FROM account WHERE login NOT IN ('system', 'anna', 'boris', 'oleg')"; }

# code_file KEY [WHEN]: the name of a file with the code that an authenticator with this key shows.
code_file() {
  oathtool --totp -b "$1" --now="${2:-now}" >"$place/code"
  echo "$place/code"
}

# enrolled LOGIN: an authenticator that counts; its key is in $place/LOGIN.key, its recovery codes in $place/LOGIN.codes.
enrolled() {
  ctl --json totp enroll "$1" | jq -r .key >"$place/$1.key"
  ctl --json totp confirm "$1" --code-file "$(code_file "$(<"$place/$1.key")")" |
    jq -r '.recovery_codes[]' >"$place/$1.codes"
}

# recovery_file LOGIN N: the name of a file with that one of the account's recovery codes.
recovery_file() {
  sed -n "$2p" "$place/$1.codes" >"$place/recovery"
  echo "$place/recovery"
}

two_incidents() {
  for _ in 1 2; do ctl --json incident open --severity low --summary 'Badge found' | jq .id; done
}

@test "without authenticators and roles nothing asks for a code" {
  # shellcheck disable=SC2046
  ctl --json incident resolve $(two_incidents) --note seen | jq -e '.incidents | length == 2'
  ctl --json totp status | jq -e '.authenticator == null and (.required | not) and .recovery_codes_left == 0'
}

@test "whoever has a role that asks for an authenticator sets one up first" {
  grant "$(me)" security
  # shellcheck disable=SC2046
  fails 12 incident resolve $(two_incidents) --note seen
  [[ "$stderr" == *"totp enroll $(me)"* ]]
  ctl --quiet incident resolve 3 --note seen
  sql "DELETE FROM role_grant WHERE account_id = (SELECT id FROM account WHERE login = '$(me)')"
}

@test "an authenticator counts once a code of it was shown" {
  ctl --json totp enroll oleg >"$place/oleg.json"
  jq -e '.account.login == "oleg" and .digits == 6 and .algorithm == "SHA1" and
    (.key as $key | .uri | startswith("otpauth://totp/Visitor:oleg?secret=" + $key + "&issuer=Visitor"))' "$place/oleg.json"
  ctl --json totp status oleg | jq -e '.authenticator == null and .pending'
  fails 12 totp confirm oleg --code-file "$place/wrong"
  key=$(jq -r .key "$place/oleg.json")
  ctl --json totp confirm oleg --code-file "$(code_file "$key")" |
    jq -e '.recovery_codes | length == 10 and all(test("^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$"))'
  ctl --json totp status oleg | jq -e '.authenticator.digits == 6 and (.pending | not) and .recovery_codes_left == 10'
  fails 11 totp confirm oleg --code-file "$(code_file "$key" '30 seconds')"
  ! grep -rqa "$key" "$place/state"
  fails 10 totp enroll nobody
  fails 2 totp enroll oleg --digits 7
}

@test "the doctor says how far the clock of an authenticator is off" {
  key=$(jq -r .key "$place/oleg.json")
  ctl --json totp doctor oleg --code-file "$(code_file "$key")" | jq -e '.taken and (.drift_seconds | fabs) <= 30'
  later=$(($(date +%s) + 600))
  { oathtool --totp -b "$key" --now="@$later"; oathtool --totp -b "$key" --now="@$((later + 30))"; } |
    paste -sd ' ' >"$place/two"
  run --separate-stderr ctl --json totp doctor oleg --code-file "$place/two"
  echo "$status $output $stderr"
  [ "$status" -eq 1 ]
  jq -e '(.taken | not) and .drift_seconds >= 480 and .drift_seconds <= 630' <<<"$output"
  run --separate-stderr ctl totp doctor oleg --code-file "$(code_file "$key" '3 hours')"
  [ "$status" -eq 12 ]
}

@test "on a terminal the code is scanned and typed in one go" {
  mkfifo "$place/typed"
  TERM=xterm script -qfec "stty cols 120; $VISITORCTL --config $config totp enroll boris" /dev/null \
    <"$place/typed" >"$place/screen" 2>&1 3>&- &
  pids+=($!)
  exec 5>"$place/typed"
  wait_for 20 grep -q 'Scan it, then type the code' "$place/screen"
  grep -q '▀' "$place/screen"
  key=$(tr -d '\r' <"$place/screen" | sed -n 's/^Key: *//p')
  oathtool --totp -b "$key" >&5
  wait_for 20 grep -q 'Recovery codes' "$place/screen"
  exec 5>&-
  wait "${pids[-1]}"
  echo "$key" >"$place/boris.key"
  ctl --json totp status boris | jq -e '.authenticator != null and .required'
}

@test "whoever has an authenticator shows a code of it for what a stolen password must not do" {
  enrolled "$(me)"
  # shellcheck disable=SC2046
  set -- $(two_incidents)
  fails 2 incident resolve "$@" --note seen
  [[ "$stderr" == *"--code-file"* ]]
  fails 12 incident resolve "$@" --note seen --code-file "$place/wrong"
  ctl --json incident resolve "$@" --note seen --code-file "$(recovery_file "$(me)" 1)" | jq -e '.incidents | length == 2'
  # shellcheck disable=SC2046
  set -- $(two_incidents)
  fails 12 incident false-alarm "$@" --note seen --code-file "$place/recovery"
  [[ "$stderr" == *"used before"* ]]
  ctl --quiet incident false-alarm "$1" --note seen
  [ "$(sql "SELECT count(*) FROM audit WHERE action = 'login_failed' AND details ->> 'reason' = 'code'")" -ge 2 ]
}

@test "taking an authenticator away asks for a code of one's own" {
  fails 2 totp disable oleg --yes
  fails 2 totp recovery oleg --yes
  ctl --json totp recovery oleg --yes --code-file "$(recovery_file "$(me)" 2)" | jq -e '.recovery_codes | length == 10'
  fails 2 totp enroll oleg
  ctl --json totp disable oleg --yes --code-file "$(recovery_file "$(me)" 3)" | jq -e '.authenticator == null'
  ctl --json totp enroll oleg | jq -e .key
  fails 11 totp disable oleg --yes --code-file "$(recovery_file "$(me)" 4)"
}

@test "what makes or takes out a key, or opens backups, asks for a code" {
  "$VISITORCTL" backup key create other --out "$place/other.key" 2>/dev/null
  for command in "apikey create oleg --name lobby --permission visit.view" "backup key export --key $place/other.key" \
    "backup key rotate --key $place/other.key --yes" "backup extract --table site --key $place/other.key"; do
    # shellcheck disable=SC2086
    fails 2 $command
    [[ "$stderr" == *"--code-file"* ]]
    # shellcheck disable=SC2086
    fails 12 $command --code-file "$place/wrong"
  done
  ctl --json backup key export --key "$place/other.key" --code-file "$(recovery_file "$(me)" 6)" | jq -e .public_key
}

@test "an API key is shown once, listed, audited and revoked" {
  ctl --json apikey create oleg --name lobby --permission inside.view --permission visit.view --network 10.1.0.0/16 \
    --expires 2099-01-01 --code-file "$(recovery_file "$(me)" 7)" >"$place/key.json"
  jq -e '(.key | test("^vak_[A-Za-z0-9_-]{43}$")) and .permissions == ["visit.view", "inside.view"] and
    .networks == ["10.1.0.0/16"]' "$place/key.json"
  ctl apikey create oleg --name door --permission inside.view --code-file "$(recovery_file "$(me)" 8)" 2>/dev/null | tail -n 1 | grep -qE '^vak_[A-Za-z0-9_-]{43}$'
  ctl --json apikey list oleg | jq -e '.api_keys | length == 2 and all(has("key") | not)'
  ! ctl --json apikey list | grep -q vak_
  ctl --json apikey audit 1 | jq -e '.used == [] and .unused == ["visit.view", "inside.view"]'
  fails 11 apikey create oleg --name LOBBY --permission inside.view --dry-run
  fails 11 apikey create oleg --name other --permission rule.edit --dry-run
  fails 2 apikey create oleg --name other --permission visit.levitate
  fails 2 apikey create oleg --name other --permission inside.view --network 10.0.0.0/33 --dry-run
  fails 2 apikey revoke 1
  ctl --json apikey revoke 1 --yes | jq -e '.revoked_at != null'
  fails 11 apikey revoke 1 --yes
  [ "$(ctl --json apikey list | jq '.api_keys | length')" -eq 1 ]
  [ "$(ctl --json apikey list --all | jq '.api_keys | length')" -eq 2 ]
}

@test "sessions are listed and revoked" {
  for n in 1 2 3; do
    sql "INSERT INTO session (account_id, access_hash, access_until, refresh_hash, refresh_until, absolute_until,
           second_factor, created_at, last_used_at, address, agent)
         SELECT id, sha256('a$n'), now() + interval '1 hour', sha256('r$n'), now() + interval '1 day',
           now() + interval '2 days', 'none', now() + $n * interval '1 second', now(), '192.0.2.$n', 'a browser'
           FROM account WHERE login = 'oleg'"
  done
  ctl --json user sessions oleg | jq -e '[.sessions[].address] == ["192.0.2.3", "192.0.2.2", "192.0.2.1"]'
  fails 10 user revoke anna --session 1
  ctl --json user revoke oleg --session 1 | jq -e '.sessions | length == 1 and .[0].ended_how == "revoked"'
  fails 11 user revoke oleg --session 1
  ctl --json user revoke oleg | jq -e '.sessions | length == 2 and all(.ended_how == "revoked")'
  ctl --json user sessions | jq -e '.sessions == []'
  ctl --json user sessions --all | jq -e '.sessions | length == 3'
}

@test "in an emergency two administrators make a third, and everybody hears of it" {
  enrolled anna
  fails 12 breakglass open oleg --first oleg --second anna --reason fire
  fails 2 breakglass open oleg --first anna --second ANNA --reason fire
  fails 2 breakglass open oleg --first anna --second boris --reason fire
  fails 12 breakglass open oleg --first anna --second boris --reason fire --for 2h \
    --first-code-file "$(recovery_file anna 1)" --second-code-file "$place/wrong"
  ctl --json breakglass list | jq -e '.break_glass == []'
  ctl --json breakglass open oleg --first anna --second boris --reason fire --for 2h \
    --first-code-file "$(recovery_file anna 2)" \
    --second-code-file "$(code_file "$(<"$place/boris.key")" '30 seconds')" |
    jq -e '.account.login == "oleg" and .first == "anna" and .second == "boris" and .closed_at == null'
  ctl --json totp status oleg | jq -e .required
  ctl --json incident list --severity critical |
    jq -e '.incidents | length == 1 and (.[0].summary | contains("oleg is administrator"))'
  fails 11 breakglass open oleg --first anna --second boris --reason fire
  ctl --json breakglass close 1 | jq -e '.closed_at != null'
  ctl --json totp status oleg | jq -e '.required | not'
  fails 11 breakglass close 1
}

@test "putting a database aside asks those who have an authenticator in it" {
  mkdir "$place/backups"
  safe=$("$VISITORCTL" backup key create safe --out "$place/safe.key" 2>/dev/null)
  printf '\n[backup]\ntargets = ["file://%s"]\nrecipients = ["%s"]\n' "$place/backups" "$safe" >>"$config"
  ctl --quiet backup create
  sites=$(sql 'SELECT count(*) FROM site')
  ends 2 backup restore --to embedded --replace --key "$place/safe.key" --yes
  ends 12 backup restore --to embedded --replace --key "$place/safe.key" --yes --code-file "$place/wrong"
  ctl --quiet backup restore --to embedded --replace --key "$place/safe.key" --yes \
    --code-file "$(recovery_file "$(me)" 5)"
  [ "$(sql 'SELECT count(*) FROM site')" = "$sites" ]
}
