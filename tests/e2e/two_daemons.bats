#!/usr/bin/env bats
# Two daemons on one database: what one leaves the other takes, and nothing is done by both.

load common
load facts
load crash

setup() { new_place; }
teardown() { leave_place; }

# The process that polls the terminals, or nothing.
holder() {
  ctl --json terminal list 2>/dev/null |
    jq -r '[.terminals[].lease_holder // "" | select(. != "") | split(":")[-2]] | unique | join(" ")'
}
is_held() { [ -n "$(holder)" ]; }
holder_is() { [ "$(holder)" = "$1" ]; }
other_than() { [ "$1" = "${process[one]}" ] && echo two || echo one; }
name_of() { [ "$1" = "${process[one]}" ] && echo one || echo two; }

claims() { sql "SELECT count(*) FROM job_claim"; }
more_claims_than() { [ "$(claims)" -gt "$1" ]; }

milliseconds() { echo $((${EPOCHREALTIME/./} / 1000)); }

@test "with the default settings a killed daemon's terminals are polled by the other one within ten seconds" {
  sed -i '/^lease/d' "$config"
  daemons=(one two)
  a_busy_building
  start_named_daemon one
  wait_for 20 holder_is "${process[one]}"
  start_named_daemon two
  wait_for 20 grep -q 'the database is open' "$place/two.log"
  sleep 4 # so that the other one has looked, and the lease was renewed

  kill_process one
  killed=$(milliseconds)
  wait_for 20 holder_is "${process[two]}"
  took=$(($(milliseconds) - killed))
  echo "the leases moved in $took ms"
  [ "$took" -le 10000 ]

  start_named_daemon one
  let_it_settle
  stop_daemons
  nothing_was_lost
}

@test "two daemons, killed and stopped for longer than a lease in turn, store each event once and run each job once" {
  daemons=(one two)
  a_busy_building
  # A claim before the one before it has run out would be a job done twice.
  sql "CREATE TABLE job_claim (id bigint GENERATED ALWAYS AS IDENTITY, job text, started_at timestamptz, next_run_at timestamptz,
                               holder text);
       CREATE FUNCTION note_claim() RETURNS trigger LANGUAGE plpgsql AS \$\$
       BEGIN
           INSERT INTO job_claim (job, started_at, next_run_at, holder)
           VALUES (NEW.job, NEW.started_at, NEW.next_run_at, NEW.holder);
           RETURN NEW;
       END \$\$;
       CREATE TRIGGER note_claim AFTER UPDATE OF started_at ON job_run FOR EACH ROW EXECUTE FUNCTION note_claim();"
  start_named_daemon one
  start_named_daemon two

  for round in 1 2 3 4 5 6; do
    wait_for 20 is_held
    holder=$(holder)
    name=$(name_of "$holder")
    if [ $((round % 2)) -eq 1 ]; then
      kill_process "$name"
      wait_for 10 holder_is "${process[$(other_than "$holder")]}"
      start_named_daemon "$name"
    else
      # It wakes with leases and pages that are no longer its own.
      kill -STOP "$holder"
      wait_for 10 holder_is "${process[$(other_than "$holder")]}"
      # The jobs are not the terminals': whoever asks first has them, until he is away.
      before=$(claims)
      [ "$round" -ne 2 ] || wait_for 60 more_claims_than "$before"
      kill -CONT "$holder"
    fi
    sleep "$(a_while)"
  done

  let_it_settle
  stop_daemons
  nothing_was_lost
  [ "$(sql "SELECT count(DISTINCT holder) FROM job_claim")" -ge 2 ]
  [ -z "$(sql "SELECT job, started_at, holder
                 FROM (SELECT *, lag(next_run_at) OVER (PARTITION BY job ORDER BY id) AS claimed_until FROM job_claim) c
                WHERE started_at < claimed_until")" ]
}
