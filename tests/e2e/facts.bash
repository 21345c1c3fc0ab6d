# What every test of loss and doubling asks in the end: does the database hold each event once, and does what it says of
# visits and incidents follow from them, with an audit and a change row for each step?

# What a simulated terminal holds, apart from the log-ins of its reader: serial, time, major, minor, person, door, reader.
sim_events() {
  sim "$1" /state | jq -r '.events[] | select(.major != 3 or (.minor != 112 and .minor != 113)) |
    [.serial, (.time | sub("T"; " ") | sub("Z"; "")), .major, .minor, .employee_no, .door, .reader] | map(tostring) | join("|")' |
    sort -n
}

# The same of what is stored; a row that is there twice comes twice.
stored_events() {
  sql "SELECT serial, to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), major, minor,
              coalesce(employee_no, ''), door_no, reader_no
         FROM access_event WHERE terminal_id = (SELECT id FROM terminal WHERE name = '$1')" | sort -n
}

events_held() { sim_events "$1" | wc -l; }
has_stored() { [ "$(events_stored "$1" 2>/dev/null || echo 0)" -ge "$2" ]; }

# Every event of the simulators (named as their terminals are) is stored exactly once.
events_are_stored_once() {
  local name
  for name in "$@"; do
    sim_events "$name" >"$place/$name.there"
    stored_events "$name" >"$place/$name.here"
    [ -s "$place/$name.there" ]
    if ! diff "$place/$name.there" "$place/$name.here" >"$place/$name.diff"; then
      echo "terminal $name ($(wc -l <"$place/$name.there") events) and the database differ (< there, > here):" >&2
      head -n 20 "$place/$name.diff" >&2
      return 1
    fi
  done
}

# States, audit rows, change rows, alerts and counters agree one to one; each line of facts.sql's answer is one that does not.
rows_agree() {
  local wrong
  wrong=$(ctl db shell -- -X -q -At -v ON_ERROR_STOP=1 -f "$VISITOR_SOURCE/tests/e2e/facts.sql")
  [ -z "$wrong" ] && return
  echo "these rows do not agree:" >&2
  head -n 40 <<<"$wrong" >&2
  return 1
}

# Visits and incidents follow from the stored events and the recorded actions.
replay_agrees() { ctl event replay --since 1d --dry-run; }
