#!/usr/bin/env bats
# The daemon speaks TLS, with files that are read again at SIGHUP.

bats_require_minimum_version 1.5.0
load common

setup() { new_place; }
teardown() { leave_place; }

# certificate NAME: a certificate for 127.0.0.1 in $place/NAME.pem with its key in NAME.key.
certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" \
    -addext 'subjectAltName=IP:127.0.0.1' -keyout "$place/$1.key" -out "$place/$1.pem" 2>"$place/openssl.log"
  chmod 600 "$place/$1.key"
}

@test "visitord speaks TLS, refuses the clear and TLS 1.1, and shows a renewed certificate after SIGHUP" {
  certificate first
  certificate second
  cp -p "$place/first.pem" "$place/visitord.pem"
  cp -p "$place/first.key" "$place/visitord.key"
  sed -i "s|^port = 0|port = 0\ncertificate_file = \"visitord.pem\"\nprivate_key_file = \"visitord.key\"|" "$config"
  ctl --quiet init --site Here --time-zone Asia/Almaty
  start_daemon
  wait_for 20 grep -q 'https://127.0.0.1:' "$place/visitord.log"
  url=$(grep -o 'https://127.0.0.1:[0-9]*' "$place/visitord.log" | tail -n 1)
  wait_for 20 curl -fsS --cacert "$place/first.pem" -o "$place/ready" "$url/readyz"
  curl -fsS --cacert "$place/first.pem" -D "$place/headers" -o "$place/docs" "$url/api/v1/docs"
  grep -qi '^strict-transport-security: max-age=' "$place/headers"
  run curl -sS "${url/https:/http:}/livez"
  [ "$status" -ne 0 ]
  run openssl s_client -connect "${url#https://}" -tls1_1 -cipher 'ALL:@SECLEVEL=0' </dev/null
  [ "$status" -ne 0 ]
  openssl s_client -connect "${url#https://}" -tls1_2 -CAfile "$place/first.pem" </dev/null >"$place/tls12" 2>&1
  grep -q 'Verify return code: 0' "$place/tls12"

  cp -p "$place/second.pem" "$place/visitord.pem"
  kill -HUP "$daemon"
  wait_for 20 grep -q 'the old certificate stays in force' "$place/visitord.log"
  curl -fsS --cacert "$place/first.pem" -o "$place/live" "$url/livez"
  cp -p "$place/second.key" "$place/visitord.key"
  kill -HUP "$daemon"
  wait_for 20 curl -fsS --cacert "$place/second.pem" -o "$place/live" "$url/livez"
}

@test "half of what TLS needs, and a key that others may read, are told before anything is served" {
  certificate one
  sed -i "s|^port = 0|port = 0\ncertificate_file = \"one.pem\"|" "$config"
  run ctl config check
  [ "$status" -eq 2 ]
  [[ "$output" == *'http.certificate_file: needs http.private_key_file'* ]]
  sed -i "s|^port = 0|port = 0\nprivate_key_file = \"one.key\"|" "$config"
  ctl config check
  chmod 644 "$place/one.key"
  run --separate-stderr "$VISITORD" --config "$config"
  [ "$status" -eq 13 ]
  [[ "$stderr" == *"others than its owner may read $place/one.key"* ]]
}
