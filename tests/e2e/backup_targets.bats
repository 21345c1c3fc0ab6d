#!/usr/bin/env bats
# Where backups go: S3 against a server that nobody here wrote and against a strict one of our own, both read back with
# Debian's rclone and s3cmd; folders on full, read-only and foreign disks.
bats_require_minimum_version 1.5.0
load common

setup_file() {
  new_place
  export place config AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_REGION=us-east-1
  export RCLONE_CONFIG=/dev/null RCLONE_CONFIG_THERE_TYPE=s3 RCLONE_CONFIG_THERE_PROVIDER=Other
  export RCLONE_CONFIG_THERE_ENV_AUTH=true RCLONE_CONFIG_THERE_FORCE_PATH_STYLE=true
  unset AWS_SESSION_TOKEN AWS_PROFILE AWS_SHARED_CREDENTIALS_FILE AWS_CONFIG_FILE CREDENTIALS_DIRECTORY AWS_CA_BUNDLE S3_CA_FILE S3_LOCK
  # 12 MiB: two parts of 5 MiB and a rest.
  openssl enc -aes-128-ctr -pass pass:visitor -nosalt -pbkdf2 -in /dev/zero 2>/dev/null | head -c 12582912 >"$place/content"
  start_fake plain
  fake=$endpoint
  export fake
  start_s3rver
  rver=$endpoint
  export rver
}

teardown_file() {
  kill -KILL $(cat "$place"/*.pid) 2>/dev/null || true
  leave_place
}

tool() { "${VISITORCTL%/*}/target-tool" "$@"; }

# listening FILE PATTERN: the port in the file that a server writes once it listens.
listening() {
  local tries
  for tries in {1..200}; do
    port=$(sed -nE "s/$2/\1/p" "$1" | head -n 1)
    [ -z "$port" ] || return 0
    sleep 0.05
  done
  cat "$1" >&2
  return 1
}

# start_fake NAME ARGUMENTS…
start_fake() {
  local name=$1
  shift
  /usr/bin/python3 "$VISITOR_SOURCE/tests/support/s3_fake.py" --forever "$@" >"$place/$name.log" 2>&1 3>&- &
  echo $! >"$place/$name.pid"
  listening "$place/$name.log" '.*"port": ([0-9]+).*'
  endpoint=http://127.0.0.1:$port
}

start_s3rver() {
  local program=$VISITOR_SOURCE/build/s3rver/node_modules/s3rver/bin/s3rver.js
  if [ ! -f "$program" ]; then
    echo "s3rver is not there; './dev test' installs it into build/s3rver" >&2
    return 1
  fi
  mkdir "$place/s3rver"
  node "$program" --directory "$place/s3rver" --address 127.0.0.1 --port 0 --configure-bucket backups \
    >"$place/s3rver.log" 2>&1 3>&- &
  echo $! >"$place/s3rver.pid"
  listening "$place/s3rver.log" '.*[^0-9]([0-9]{4,5})[^0-9]*$'
  endpoint=http://127.0.0.1:$port
}

# with_server NAME: everything from here on speaks to that server.
with_server() {
  if [ "$1" = fake ]; then
    export S3_ENDPOINT=$fake AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE
    export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
  else
    export S3_ENDPOINT=$rver AWS_ACCESS_KEY_ID=S3RVER AWS_SECRET_ACCESS_KEY=S3RVER
  fi
  export RCLONE_CONFIG_THERE_ENDPOINT=$S3_ENDPOINT
  cat >"$place/s3cfg" <<INI
[default]
access_key = $AWS_ACCESS_KEY_ID
secret_key = $AWS_SECRET_ACCESS_KEY
host_base = ${S3_ENDPOINT#http://}
host_bucket = ${S3_ENDPOINT#http://}
use_https = False
signature_v2 = False
INI
}

there() { s3cmd --config "$place/s3cfg" --no-progress "$@"; }

goes_and_comes_back() {
  with_server "$1"
  tool s3://backups/house put 2026/large.vbk <"$place/content"
  tool s3://backups/house put 2026/small.vbk <<<'few bytes'
  [ "$(tool s3://backups/house list)" = $'2026/large.vbk 12582912\n2026/small.vbk 10' ]
  [ "$(tool s3://backups list house/2026/s)" = 'house/2026/small.vbk 10' ]
  tool s3://backups/house get 2026/large.vbk | cmp - "$place/content"
  tool s3://backups/house get 2026/large.vbk 6000000 | cmp - <(tail -c +6000001 "$place/content")

  rclone cat there:backups/house/2026/large.vbk | cmp - "$place/content"
  [ "$(rclone lsf --recursive --files-only there:backups | sort)" = $'house/2026/large.vbk\nhouse/2026/small.vbk' ]
  there get --force s3://backups/house/2026/large.vbk "$place/got"
  cmp "$place/got" "$place/content"
  [[ "$(there ls --recursive s3://backups/)" == *12582912*s3://backups/house/2026/large.vbk* ]]

  tool s3://backups/house remove 2026/large.vbk
  tool s3://backups/house remove 2026/large.vbk
  run ! tool s3://backups/house get 2026/large.vbk
  [ "$status" -eq 10 ]
  [ "$(tool s3://backups/house list)" = '2026/small.vbk 10' ]
  tool s3://backups/house remove 2026/small.vbk
}

@test "what goes to s3rver comes back, to rclone and s3cmd, too" {
  goes_and_comes_back s3rver
}

@test "what goes to a server that checks every signature comes back, to rclone and s3cmd, too" {
  goes_and_comes_back fake
}

# killed_while_writing URL: an upload of which a part has gone out is killed.
killed_while_writing() {
  mkfifo "$place/pipe"
  "${VISITORCTL%/*}/target-tool" "$1" put cut/off 6000000 <"$place/pipe" 2>"$place/progress" 3>&- &
  local upload=$! tries
  exec 9>"$place/pipe"
  head -c 11000000 "$place/content" >&9
  for tries in {1..200}; do
    ! grep -q written "$place/progress" || break
    sleep 0.05
  done
  kill -KILL "$upload"
  wait "$upload" || true
  exec 9>&-
  rm "$place/pipe"
  grep -q written "$place/progress"
}

@test "what kill -9 cuts off in a bucket is not listed, and is swept" {
  with_server fake
  killed_while_writing s3://backups/house
  [ -z "$(tool s3://backups list)" ]
  [ -z "$(rclone lsf --recursive there:backups)" ]
  [ "$(curl -s "$fake/_fake/state" | jq '.uploads | length')" -eq 1 ]
  [ "$(tool s3://backups/house sweep)" = 1 ]
  [ "$(curl -s "$fake/_fake/state" | jq '.uploads | length')" -eq 0 ]
}

@test "what kill -9 cuts off in a folder is not listed, and is swept" {
  mkdir "$place/folder"
  killed_while_writing "file://$place/folder"
  [ -z "$(tool "file://$place/folder" list)" ]
  [ "$(find "$place/folder" -type f | wc -l)" -eq 1 ]
  [ "$(tool "file://$place/folder" sweep)" = 1 ]
  [ "$(find "$place/folder" -type f | wc -l)" -eq 0 ]
}

@test "over TLS only a server that the authority vouches for gets anything" {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
    -addext subjectAltName=IP:127.0.0.1 -keyout "$place/key.pem" -out "$place/ca.pem" 2>/dev/null
  cat "$place/key.pem" "$place/ca.pem" >"$place/both.pem"
  start_fake tls --tls "$place/both.pem" --object-lock
  with_server fake
  export S3_ENDPOINT=${endpoint/http:/https:}
  run ! tool s3://backups/house put a <<<'x'
  [[ "$output" == *"no TLS session"* ]]
  export S3_CA_FILE=$place/ca.pem S3_LOCK=3600
  tool s3://backups/house put a <"$place/content"
  tool s3://backups/house get a | cmp - "$place/content"
  curl -s --cacert "$place/ca.pem" "$S3_ENDPOINT/_fake/state" |
    jq -e '.objects["house/a"].headers["x-amz-object-lock-mode"] == "COMPLIANCE"'
}

@test "a backup goes into a bucket as the configuration says, is checked there, and no secret is said" {
  start_fake locked --object-lock
  # The environment has nothing to say where a file is named.
  export AWS_ACCESS_KEY_ID=AKIDNOBODY AWS_SECRET_ACCESS_KEY=nothing
  local secret=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
  printf '[house]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = %s\n' "$secret" >"$place/house.keys"
  chmod 600 "$place/house.keys"
  safe=$("$VISITORCTL" backup key create safe --out "$place/safe.key" 2>/dev/null)
  cat >>"$config" <<TOML

[backup]
targets = ["s3://backups/house"]
recipients = ["$safe"]

[[s3]]
name = "offsite"
bucket = "backups"
endpoint = "$endpoint"
credentials_file = "house.keys"
profile = "house"
lock_mode = "governance"
lock_for = "1d"
TOML
  ctl --quiet init --site 'Head office' --time-zone Asia/Almaty --country-code 7
  ctl --json backup create | jq -e '.copies | length == 1 and all(.good)'
  ctl --json backup list | jq -e '.backups | length == 1 and all(.state == "whole")'
  ctl --json backup verify --level full --key "$place/safe.key" | jq -e '.checks | length == 1 and all(.good)'
  curl -s "$endpoint/_fake/state" |
    jq -e '.uploads == {} and (.objects | length > 1 and all(.headers["x-amz-object-lock-mode"] == "GOVERNANCE"))'

  sed -i "s|$secret|wrongwrongwrong|" "$place/house.keys"
  run ! ctl backup create
  [[ "$output" == *"refuses the signature made with the key from $place/house.keys"* ]]
  [[ "$output" != *wrongwrongwrong* ]]
  chmod 644 "$place/house.keys"
  run ! ctl backup create
  [[ "$output" == *"can be read by others"* ]]
}

@test "a full disk, a read-only one, a foreign folder and a missing one are each said so, and nothing is left" {
  [ "$(id -u)" -eq 0 ] || skip "needs root, to mount a small disk and to be somebody else"
  mkdir "$place/disk"
  mount -t tmpfs -o size=2m,mode=755 visitor-e2e "$place/disk" 2>/dev/null || skip "mounting a small tmpfs is not allowed here"
  run ! tool "file://$place/disk" put a <"$place/content"
  [[ "$output" == *"No space left on device"*"prune old backups"* ]]
  [ -z "$(ls -A "$place/disk")" ]
  mount -o remount,ro "$place/disk"
  run ! tool "file://$place/disk" put a <<<'x'
  [[ "$output" == *"Read-only file system"* ]]
  umount "$place/disk"

  run ! setpriv --reuid=65534 --regid=65534 --clear-groups "${VISITORCTL%/*}/target-tool" "file://$place/disk" put a <<<'x'
  [ "$status" -eq 12 ]
  [[ "$output" == *"belongs to root (0), and this runs as nobody (65534)"* ]]
  run ! tool "file://$place/nowhere" put a <<<'x'
  [ "$status" -eq 10 ]
  [[ "$output" == *"nowhere of a backup target does not exist"* ]]
}
