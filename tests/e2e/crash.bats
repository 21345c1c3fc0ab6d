#!/usr/bin/env bats
# Whatever is killed, stopped or without room, at whatever moment: each event is stored once, and what follows from it is
# as true as if nothing had happened.
#
#   VISITOR_CRASH_ROUNDS  how often something is struck (50)
#   VISITOR_CRASH_SEED    repeats the choices of a run that printed this seed

load common
load facts
load crash

setup() { new_place; }
teardown() { leave_place; }

@test "50 rounds of kill -9 and SIGSTOP of the daemon, of PostgreSQL and of terminals lose nothing and double nothing" {
  daemons=(visitord)
  a_busy_building
  start_named_daemon visitord
  strike_again "${VISITOR_CRASH_ROUNDS:-50}"
  let_it_settle
  stop_daemons
  nothing_was_lost
}

@test "a full disk, in the middle of which the daemon is killed, loses nothing and doubles nothing" {
  mkdir "$place/state"
  mount -t tmpfs -o size=192m,mode=711 visitor-e2e "$place/state" 2>/dev/null || skip "mounting a small tmpfs is not allowed here"
  daemons=(visitord)
  a_busy_building
  start_named_daemon visitord
  for round in 1 2 3; do
    sleep 2
    cat /dev/zero >"$place/state/everything" 2>/dev/null || true
    sleep 2
    if [ $round -gt 1 ]; then kill_process visitord; fi
    # Without room for its log the server may have ended by itself.
    if [ $round -gt 2 ] && [ -n "$(postmaster)" ]; then kill -KILL "$(postmaster)"; fi
    if [ $round -gt 1 ]; then start_named_daemon visitord; fi
    sleep 2
    rm "$place/state/everything"
  done
  let_it_settle
  grep -q 'No space left on device' "$place/state/postgres/server.log" # or nothing was tried
  stop_daemons
  nothing_was_lost
}
