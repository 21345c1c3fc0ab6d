# What the end-to-end tests share. The environment names the programs: VISITORCTL, VISITORD, VISITOR_SIM, and the source
# tree: VISITOR_SOURCE.

# A folder of this test's own in $place, with a configuration that keeps everything in it. Root's PostgreSQL runs as
# another user, so the folder may be entered.
new_place() {
  place=$(mktemp -d "${TMPDIR:-/tmp}/visitor-e2e.XXXXXX")
  chmod 711 "$place"
  config=$place/visitor.toml
  cat >"$config" <<TOML
[state]
directory = "$place/state"

[http]
port = 0

[polling]
interval = "500ms"
lease = "3s"
TOML
  printf 'opensesame\n' >"$place/password"
  chmod 600 "$place/password"
  pids=()
}

# The place of a whole file, for setup_file, with a site.
new_office() {
  new_place
  export place config
  ctl --quiet init --site 'Head office' --time-zone Asia/Almaty --country-code 7
}

ctl() { "$VISITORCTL" --config "$config" "$@"; }

# ends STATUS WORDS…: visitorctl ends with that status, and with nothing on standard output.
ends() {
  local wanted=$1
  shift
  run --separate-stderr ctl "$@"
  echo "$* → $status: $output $stderr"
  [ "$status" -eq "$wanted" ]
  [ -z "$output" ]
}

# fails STATUS WORDS…: the same, and with a message.
fails() {
  ends "$@"
  [[ "$stderr" == "visitorctl: "* ]]
}

# sql STATEMENT: what the database answers, a line a row.
sql() { ctl db shell -- -XqAt -v ON_ERROR_STOP=1 <<<"$1"; }

# Stops whatever was started.
stop_started() {
  local pid
  for pid in "${pids[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
}

# Stops whatever was started and the database, and removes the folder.
leave_place() {
  stop_started
  ctl --quiet db stop >/dev/null 2>&1 || true
  if mountpoint -q "$place/state"; then umount "$place/state"; fi
  rm -rf "$place"
}

# wait_for SECONDS COMMAND…: until the command succeeds, or fails the test.
wait_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    if [ "$SECONDS" -ge "$end" ]; then
      echo "waited in vain for: $*" >&2
      return 1
    fi
    sleep 0.1
  done
}

# start_sim NAME [options…]: a simulated terminal; its addresses are in $place/NAME.json.
start_sim() {
  local name=$1
  shift
  "$VISITOR_SIM" --password-file "$place/password" --control 127.0.0.1:0 --print-port "$@" \
    >"$place/$name.json" 2>"$place/$name.log" 3>&- &
  pids+=($!)
  wait_for 10 test -s "$place/$name.json"
}

sim_url() { jq -r .url "$place/$1.json"; }

# sim NAME /path [json]: a command to a simulated terminal.
sim() {
  local control
  control=$(jq -r .control "$place/$1.json")
  if [ $# -ge 3 ]; then
    curl -fsS -X POST -H 'Content-Type: application/json' -d "$3" "http://127.0.0.1:$control$2"
  else
    curl -fsS "http://127.0.0.1:$control$2"
  fi
}

# start_daemon [NAME]: visitord, with its log in $place/NAME.log and its process in $daemon.
start_daemon() {
  local name=${1:-visitord}
  "$VISITORD" --config "$config" 2>>"$place/$name.log" 3>&- &
  daemon=$!
  pids+=("$daemon")
}

# The address that a daemon's log says it listens on.
daemon_url() {
  wait_for 20 grep -q 'http://127.0.0.1:' "$place/${1:-visitord}.log"
  grep -o 'http://127.0.0.1:[0-9]*' "$place/${1:-visitord}.log" | tail -n 1
}

events_stored() { ctl --json terminal show "$1" | jq .event_count; }
