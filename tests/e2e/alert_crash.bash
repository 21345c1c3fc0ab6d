# Alerts on their way while visitord is killed.

# A receiver of webhooks in $place/hook, and a daemon's configuration that names it.
a_receiver() {
  mkdir "$place/hook"
  receiver_is ok
  python3 "$VISITOR_SOURCE/tests/support/alert_receiver.py" "$place/hook" 2>"$place/receiver.log" 3>&- &
  pids+=($!)
  wait_for 10 test -s "$place/hook/url"
  touch "$place/hook/taken"
  cat >>"$config" <<TOML

[[webhook]]
name = "hook"
url = "$(cat "$place/hook/url")"
allow = ["127.0.0.1/32"]
TOML
}

receiver_is() {
  echo "$1" >"$place/hook/mode.new"
  mv "$place/hook/mode.new" "$place/hook/mode"
}

# incidents COUNT: incidents with their alerts, each one to be told to the receiver, in one commit. They are written as a
# route would, so that hundreds take no time.
incidents() {
  sql "
    WITH i AS (
      INSERT INTO incident (type, severity, status, dedupe_key, summary, occurred_at, detected_at, last_seen_at)
      SELECT 'other', 'high', 'new', 'crash ' || gen_random_uuid(), 'Crash test', now(), now(), now()
        FROM generate_series(1, $1)
   RETURNING id),
         a AS (
      INSERT INTO alert (kind, severity, incident_id, summary, created_at)
      SELECT 'incident_opened', 'high', id, 'Crash test', now() FROM i
   RETURNING id)
    INSERT INTO delivery (alert_id, channel, recipient, due_at, next_attempt_at)
    SELECT id, 'webhook', 'hook', now(), now() FROM a" >/dev/null
}

taken() { wc -l <"$place/hook/taken"; }
taken_more_than() { [ "$(taken)" -gt "$1" ]; }
none_is_on_its_way() { [ "$(sql "SELECT count(*) FROM delivery WHERE state IN ('waiting', 'sending')")" = 0 ]; }

kill_daemon() {
  kill -KILL "$daemon"
  wait "$daemon" 2>/dev/null || true
}

# One round: incidents, and visitord is killed at a point between their commit and the mark of the last.
round() {
  local before
  case $1 in
    before_claim) # stopped when they are committed
      kill -STOP "$daemon"
      incidents 20
      ;;
    at_claim) # the row of the attempt cannot be written
      sql "BEGIN; LOCK TABLE delivery_attempt IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(0.4); COMMIT" >/dev/null 3>&- &
      sleep 0.1
      incidents 20
      sleep 0.1
      ;;
    in_flight) # the receiver has it and has not answered
      before=$(taken)
      receiver_is hold
      incidents 20
      wait_for 20 taken_more_than "$before"
      ;;
    at_mark) # the receiver has answered, and that cannot be written
      before=$(taken)
      receiver_is hold
      incidents 20
      wait_for 20 taken_more_than "$before"
      sql "BEGIN; LOCK TABLE delivery_attempt IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(0.5); COMMIT" >/dev/null 3>&- &
      sleep 0.15
      receiver_is ok
      sleep 0.1
      ;;
    marked) # those that the kills before it left over, too: on a busy machine these are many
      incidents 20
      wait_for 120 none_is_on_its_way
      ;;
    busy | down)
      receiver_is "$1"
      incidents 20
      sleep 0.2
      ;;
    *) # at whatever moment
      incidents 60
      sleep "0.$((RANDOM % 40 + 10))"
      ;;
  esac
  kill_daemon
  receiver_is ok
  start_daemon
}
