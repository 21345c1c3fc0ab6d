#!/usr/bin/env bats
# Every command in README.md works, in the order in which it stands there.

load common
load peers

setup() {
  new_place
  export HOME=$place/home PATH="${VISITORCTL%/*}:$PATH"
  unset XDG_CONFIG_HOME XDG_STATE_HOME CONFIGURATION_DIRECTORY STATE_DIRECTORY
  mkdir "$HOME"
  chmod 711 "$HOME"
  config=$place/readme.toml
  printf '[state]\ndirectory = "%s"\n' "$place/state" >"$config"
}
teardown() { leave_place; }

# The commands of the ```console blocks under the given headings, a line each.
all_commands_of() {
  awk -v wanted="$1" '
    /^## / { section = substr($0, 4) }
    /^```console/ { inside = 1; next }
    /^```/ { inside = 0 }
    inside && section == wanted && /^\$ / { print substr($0, 3) }' "$VISITOR_SOURCE/README.md"
}

commands_of() { all_commands_of "$1"; }

run_commands() {
  local count=0 line url=http://192.0.2.10
  [ ! -s "$place/door.json" ] || url=$(sim_url door)
  while IFS= read -r line; do
    line=${line//http:\/\/192.0.2.10/$url}
    line=${line//--user visitor/--user admin}
    line=${line//terminal.password/$place/password}
    line=${line//https:\/\/visitor.example.org/${server:-https://visitor.example.org}}
    line=${line/visitorctl /visitorctl --config $config }
    echo "\$ $line"
    (cd "$place" && bash -c "$line" </dev/null)
    count=$((count + 1))
  done < <(commands_of "$1")
  [ "$count" -gt 0 ]
}

@test "the five minutes with the command line, and then a real terminal" {
  start_sim door --profile K1T342MWX --utc-offset +05:00
  printf '\n[http]\nport = 0\n' >>"$config"
  start_daemon
  wait_for 60 grep -q 'loops run' "$place/visitord.log"
  run_commands "Five minutes with the command line"
  run_commands "What is true, and why"
  run_commands "A real terminal"
  run_commands "Alerts: the ledger"
  run_commands "Who did what"
  run_commands "Reports"
  awk '/^## / { wanted = $0 == "## Who is told" } /^```toml/ { inside = wanted; next } /^```/ { inside = 0 } inside' \
    "$VISITOR_SOURCE/README.md" >>"$config"
  visitorctl --config "$config" config check
  run_commands "Who is told"
  run_commands "Who may do what"
  server=$(daemon_url)
  run_commands "From another machine"
}

@test "backups" {
  visitorctl --config "$config" --quiet init --site 'Head office' --time-zone Asia/Almaty
  mkdir "$place/backups"
  commands_of() { all_commands_of "$1" | head -n 1; }
  run_commands "Backups"
  printf '
[backup]
targets = ["file://%s"]
recipients = ["%s"]
' "$place/backups" \
    "$(visitorctl --json backup key export --key "$place/safe.key" | jq -r .public_key)" >>"$config"
  commands_of() { all_commands_of "$1" | tail -n +2; }
  run_commands "Backups"
}

@test "a real PostgreSQL" {
  # Any server will do: here it is the private one of another installation.
  local server=$place/server.toml socket
  printf '[state]\ndirectory = "%s"\n' "$place/server" >"$server"
  "$VISITORCTL" --config "$server" --quiet init
  "$VISITORCTL" --config "$server" db shell -- -qXc 'CREATE DATABASE real'
  socket=$("$VISITORCTL" --config "$server" --json db status | jq -r .socket_directory)
  user=$("$VISITORCTL" --config "$server" db shell -- -qXAtc 'SELECT current_user')
  (umask 077; printf 'host=%s dbname=real user=%s\n' "$socket" "$user" >"$place/database.url")
  printf '[database]\nurl_file = "%s"\n' "$place/database.url" >>"$config"

  run_commands "A real PostgreSQL"
  [ "$("$VISITORCTL" --config "$config" --json db status | jq -r .kind)" != embedded ]
  [ ! -e "$place/state/postgres" ]
  "$VISITORCTL" --config "$server" --quiet db stop
}

@test "alerts by e-mail, webhook and program" {
  start_receivers
  "$VISITORCTL" --config "$config" --quiet init
  run_commands "Alerts by e-mail, webhook, program"
}

@test "./dev knows every command that the README names" {
  for word in build bench fuzz format lint clean run test; do
    "$VISITOR_SOURCE/dev" --help | grep -q "^  $word"
  done
}
