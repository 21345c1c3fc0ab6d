# The other sides of alerts: a mail server, a receiver of webhooks, and a program.

# start_peer NAME WORDS…: a program of tests/support that says its $port first; its lines go to $place/NAME.
start_peer() {
  local name=$1 program=$2
  shift 2
  /usr/bin/python3 "$VISITOR_SOURCE/tests/support/$program" "$@" >"$place/$name" 2>"$place/$name.log" </dev/null 3>&- &
  pids+=($!)
  wait_for 20 test -s "$place/$name"
  port=$(head -n 1 "$place/$name" | jq -r .port)
}

# One of each, as the README sets them up, in $config: e-mail, the webhook control-room, and the program siren, which
# writes what it gets to $place/heard.
start_receivers() {
  start_peer mail mail_server.py --forever
  local mail_port=$port
  start_peer hook hook_server.py geheim
  (umask 077; echo geheim >"$place/control-room.secret")
  printf '#!/bin/sh\ncat >"%s"\n' "$place/heard" >"$place/siren"
  chmod +x "$place/siren"
  cat >>"$config" <<TOML

[email]
server = "127.0.0.1"
port = $mail_port
tls = "none"
from = "visitor@example.org"

[[webhook]]
name = "control-room"
url = "http://127.0.0.1:$port/alerts"
secret_file = "control-room.secret"
allow = ["127.0.0.1"]

[[exec]]
name = "siren"
program = "$place/siren"
TOML
}
