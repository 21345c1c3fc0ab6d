#!/usr/bin/env bats
# visitord is killed at every point between the commit of an incident and the mark that its alert has arrived, while the
# receiver is busy or away at times: nothing is lost, and what comes twice says so.
#
#   VISITOR_CRASH_ROUNDS  how often it is killed (100)
#   VISITOR_CRASH_SEED    repeats the choices of a run that printed this seed

load common
load alert_crash

setup() { new_place; }
teardown() { leave_place; }

@test "100 kills between incident and mark lose nothing, and less than one in a hundred alerts comes twice, marked" {
  a_receiver
  ctl --quiet init --site Here --time-zone UTC
  local seed=${VISITOR_CRASH_SEED:-$RANDOM}
  RANDOM=$seed
  echo "VISITOR_CRASH_SEED=$seed"
  start_daemon
  local points=(before_claim at_claim in_flight at_mark marked busy down) rounds=${VISITOR_CRASH_ROUNDS:-100} point
  for ((n = 0; n < rounds; n++)); do
    point=any
    if ((n % 4 == 0)); then point=${points[n / 4 % ${#points[@]}]}; fi
    echo "round $n: $point"
    round "$point"
  done
  wait_for 120 none_is_on_its_way

  # Each alert has come, and more than once only with its mark.
  sql "SELECT a.id || '-' || d.id || '-' || (extract(epoch FROM a.created_at) * 1000000)::bigint
         FROM delivery d JOIN alert a ON a.id = d.alert_id WHERE d.channel = 'webhook'" | sort >"$place/made"
  cut -d ' ' -f 1 "$place/hook/taken" | sort >"$place/came"
  [ ! -e "$place/hook/complaints" ] || { cat "$place/hook/complaints" && false; }
  diff "$place/made" <(uniq "$place/came")
  # Of those that came twice the second is marked, and is one of those whose attempt nobody saw the end of.
  awk '$2 == "new" && seen[$1] { print "unmarked: " $0; bad = 1 } { seen[$1] = 1 } END { exit bad }' "$place/hook/taken"
  local made twice
  made=$(wc -l <"$place/made")
  twice=$(uniq -d "$place/came" | wc -l)
  echo "$made alerts, $twice of them twice"
  ((twice * 100 < made))
  ((rounds < 100 || twice > 0)) # or nothing was tried

  [ "$(sql "SELECT count(*) FROM delivery WHERE state <> 'sent'")" = 0 ]
  [ "$(sql "SELECT count(*) FROM delivery d WHERE attempts <> (SELECT count(*) FROM delivery_attempt t WHERE t.delivery_id = d.id)
                                               OR 1 <> (SELECT count(*) FROM delivery_attempt t
                                                         WHERE t.delivery_id = d.id AND t.outcome = 'sent')")" = 0 ]
  run ctl alert lost
  [ "$status" -eq 0 ]
  [ -z "$output" ]
}
