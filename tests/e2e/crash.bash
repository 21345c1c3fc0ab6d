# A building under fire: events flow while whatever takes part is killed, stopped or has no room left.

# The names of the simulated terminals, with what each one is (one that talks as most do, one that keeps connections and
# counts a nonce that it has forgotten as a wrong password, one that cannot search by time), and of the daemons.
sims=(front back yard)
declare -gA profile=([front]=K1T342MWX [back]=V4.48.40 [yard]=K1T341AM)
daemons=()
declare -gA process=()

# A building with three terminals, reader 1 of each leading in and reader 2 out, and a visit for each of the twelve people
# of --auto.
a_busy_building() {
  local name number
  cat >>"$config" <<'TOML'
request_timeout = "2s"
connect_timeout = "1s"
backoff_max = "1s"
TOML
  for name in "${sims[@]}"; do start_busy_sim "$name"; done
  ctl --quiet init --site Here --time-zone Asia/Almaty
  for name in "${sims[@]}"; do
    ctl --quiet terminal add "$name" "$(sim_url "$name")" --password-file "$place/password"
    ctl --quiet door set "$name" 1 entry
    ctl --quiet door set "$name" 1 exit --reader 2
  done
  for number in {1001..1012}; do
    ctl --quiet visit create --new-guest "Guest $number" --employee-no "$number"
  done
}

# start_busy_sim NAME: at the same addresses and with the same log as before, if there was one before.
start_busy_sim() { start_sim_again "$1" --auto=12 --pace 120 --seed "$((RANDOM % 1000))"; }
# The same without people: nobody moves any more.
start_quiet_sim() { start_sim_again "$1"; }

start_sim_again() {
  local name=$1 port=0 control=0
  shift
  if [ -s "$place/$name.json" ]; then
    port=$(jq .port "$place/$name.json")
    control=$(jq .control "$place/$name.json")
    rm "$place/$name.json"
  fi
  start_sim "$name" --profile "${profile[$name]}" --utc-offset +05:00 --log "$place/$name.events" \
    --unit-number "$(printf %s "$name" | md5sum | head -c 9)" --listen "127.0.0.1:$port" \
    --control "127.0.0.1:$control" "$@"
  process[$name]=${pids[-1]}
}

start_named_daemon() {
  start_daemon "$1"
  process[$1]=$daemon
}

kill_process() {
  kill -KILL "${process[$1]}"
  wait "${process[$1]}" 2>/dev/null || true
}

# The server's own number, or nothing while there is none.
postmaster() { head -n 1 "$place/state/postgres/data/postmaster.pid" 2>/dev/null || true; }
# One of the server's sessions.
a_backend() { pgrep -P "$(postmaster)" -f 'visitor visitor \[local\]' | shuf -n 1 --random-source=<(yes "$RANDOM") || true; }

# freeze SECONDS PROCESS…
freeze() {
  local time=$1
  shift
  [ $# -gt 0 ] || return 0
  kill -STOP "$@" 2>/dev/null || true
  sleep "$time"
  kill -CONT "$@" 2>/dev/null || true
}

one_of() { local list=("$@"); echo "${list[RANDOM % $#]}"; }
# From 0.2 to 1.1 s.
a_while() { echo "$((RANDOM % 2)).$((RANDOM % 9 + 1))"; }

# One round: something happens to somebody, and nobody waits for its consequences.
strike() {
  local what name
  what=$(one_of daemon daemon postgres backend sim sim freeze_daemon freeze_postgres freeze_backend freeze_sim)
  case $what in
    daemon)
      name=$(one_of "${daemons[@]}")
      kill_process "$name"
      start_named_daemon "$name"
      ;;
    sim)
      name=$(one_of "${sims[@]}")
      kill_process "$name"
      start_busy_sim "$name"
      ;;
    postgres) kill -KILL $(postmaster) 2>/dev/null || true ;;
    backend) kill -KILL $(a_backend) 2>/dev/null || true ;;
    freeze_daemon) freeze "$(a_while)" "${process[$(one_of "${daemons[@]}")]}" ;;
    freeze_sim) freeze "$(a_while)" "${process[$(one_of "${sims[@]}")]}" ;;
    freeze_postgres) freeze "$(a_while)" $(postmaster) $(pgrep -P "$(postmaster)" || true) ;;
    freeze_backend) freeze "$(a_while)" $(a_backend) ;;
  esac
  echo "$1: $what $name"
}

# strike_again ROUNDS: with the seed $VISITOR_CRASH_SEED, or one that is printed.
strike_again() {
  local round seed=${VISITOR_CRASH_SEED:-$((RANDOM * 32768 + RANDOM))}
  echo "# VISITOR_CRASH_SEED=$seed, $1 rounds" >&3
  RANDOM=$seed
  for ((round = 1; round <= $1; ++round)); do
    strike "$round"
    sleep "$(a_while)"
  done
}

# The people stop, everything that was said is read, and what was to be told is told.
let_it_settle() {
  local name
  for name in "${sims[@]}"; do
    kill_process "$name"
    start_quiet_sim "$name"
  done
  for name in "${sims[@]}"; do
    wait_for 60 has_stored "$name" "$(events_held "$name")"
  done
  wait_for 30 nothing_to_tell
}
nothing_to_tell() { [ "$(sql "SELECT count(*) FROM delivery WHERE state IN ('waiting', 'sending')")" = 0 ]; }

stop_daemons() {
  local name
  for name in "${daemons[@]}"; do kill -TERM "${process[$name]}"; done
  for name in "${daemons[@]}"; do wait "${process[$name]}" || return; done
}

nothing_was_lost() {
  events_are_stored_once "${sims[@]}"
  rows_agree
  replay_agrees
}
