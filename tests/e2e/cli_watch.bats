#!/usr/bin/env bats
# Following the feed: what was missed comes, once, whatever happens to the database in between.

bats_require_minimum_version 1.5.0
load common

setup() {
  new_place
  ctl --quiet init --site Here --time-zone Asia/Almaty
  ctl --quiet guest add 'Aigerim Bekova' --employee-no 1001
}
teardown() { leave_place; }

cursor() { ctl --json status | jq -e .cursor; }
guests() { for _ in $(seq "$1"); do ctl --quiet guest add "Guest $RANDOM$RANDOM"; done; }
lines() { wc -l <"$place/$1"; }
has_lines() { [ "$(lines "$1")" -ge "$2" ]; }

# In the background, as a shell would start it: with Ctrl-C not ignored.
follow() {
  local name=$1
  shift
  env --default-signal=INT "$VISITORCTL" --config "$config" "$@" >"$place/$name" 2>"$place/$name.err" 3>&- &
  follower=$!
  pids+=("$follower")
}

@test "--since gives exactly the missed lines, in order" {
  start=$(cursor)
  guests 3
  ctl --json watch --once --since "$start" >"$place/missed"
  [ "$(lines missed)" -eq 3 ]
  jq -es 'all(.topic == "guest" and .version == 1) and ([.[].cursor] == ([.[].cursor] | sort | unique))' "$place/missed"
  second=$(jq -s '.[1].cursor' "$place/missed")
  [ "$(ctl --json watch --once --since "$second" | jq .cursor)" = "$(jq -s '.[2].cursor' "$place/missed")" ]
  [ -z "$(ctl watch --once --since "$(cursor)")" ]
  [ -z "$(ctl watch --once)" ]
  [ "$(ctl watch --once --since 1h | wc -l)" -ge 4 ]
  [ -z "$(ctl watch --once --since "$start" --topic visit)" ]
  [ "$(ctl watch --once --since "$start" | cut -f 3 | sort -u)" = guest ]
}

@test "what cannot be meant is refused" {
  run ctl watch --once --since yesterdai
  [ "$status" -eq 2 ]
  run ctl watch --once --since -5
  [ "$status" -eq 2 ]
  run ctl watch --once --since 3/4
  [ "$status" -ne 0 ]
  run ctl watch --once --topic gest
  [ "$status" -eq 2 ]
  [[ "$output" == *"guest"* ]]
}

@test "what is gone ends with 3, and so does a cursor of the future" {
  start=$(cursor)
  guests 2
  sql "UPDATE change SET at = at - interval '8 days'"
  ctl --quiet job run trim_changes
  run --separate-stderr ctl watch --once --since "$start"
  [ "$status" -eq 3 ]
  [ -z "$output" ]
  [[ "$stderr" == *"are gone"* ]]
  run ctl watch --once --since 0
  [ "$status" -eq 3 ]
  # The table may be empty; where the feed stands is known all the same.
  now=$(cursor)
  [ "$now" -eq $((start + 2)) ]
  run ctl watch --once --since "$now"
  [ "$status" -eq 0 ]
  [ -z "$output" ]
  guests 1
  [ "$(ctl watch --once --since "$now" | wc -l)" -eq 1 ]
  run ctl watch --once --since 4711
  [ "$status" -eq 3 ]
  [[ "$output" == *"restored"* ]]
  run ctl event tail --since "$start"
  [ "$status" -eq 3 ]
}

@test "a follower loses nothing and repeats nothing over a restart of the database, and says so" {
  start=$(cursor)
  follow feed --json watch --since "$start"
  guests 2
  wait_for 20 has_lines feed 2
  ctl --quiet db stop
  wait_for 20 grep -q 'the database is away' "$place/feed.err"
  guests 2
  wait_for 30 has_lines feed 4
  wait_for 20 grep -q 'the database is back' "$place/feed.err"
  kill -KILL "$(ctl --json db status | jq .pid)"
  sleep 1
  guests 2
  wait_for 30 has_lines feed 6
  sleep 1.5
  [ "$(lines feed)" -eq 6 ]
  diff <(jq -c '[.cursor, .id]' "$place/feed") <(ctl --json watch --once --since "$start" | jq -c '[.cursor, .id]')
}

@test "Ctrl-C ends it with 130, and a closed pipe without a word" {
  follow feed watch --since 0
  wait_for 20 has_lines feed 1
  kill -INT "$follower"
  status=0
  wait "$follower" || status=$?
  [ "$status" -eq 130 ]

  ctl watch --since 0 2>"$place/pipe.err" | head -n 1 >"$place/first"
  [ "$(lines first)" -eq 1 ]
  [ ! -s "$place/pipe.err" ]
}

# A page of events as a terminal brings them.
page() {
  local serial=$1 count=$2
  sql "SELECT access_event_partition(now());
    BEGIN;
    INSERT INTO access_event (terminal_id, epoch, serial, occurred_at, major, minor, received_at, time_text,
        time_source, class, direction, door_no, reader_no, raw)
      SELECT 1, 1, n, now(), 5, 75, now(), 'now', 'offset', 'granted', 'none', 1, 1, '{}'
        FROM generate_series($serial, $serial + $count - 1) n;
    INSERT INTO change (at, topic, entity_id, version) SELECT now(), 'event', 1, max(id) FROM access_event;
    SELECT pg_notify('visitor_change', '');
    COMMIT" >/dev/null
}

@test "events are followed from the cursor of any of them, over a restart" {
  ctl --quiet terminal add door http://192.0.2.1 --password-file "$place/password" --disabled
  start=$(cursor)
  page 1 3
  page 4 2
  ctl --json event tail --since "$start" >"$place/all"
  [ "$(jq -c .serial "$place/all" | paste -sd ' ')" = '1 2 3 4 5' ]
  for n in 1 2 3 4 5; do
    at=$(jq -r "select(.serial == $n).cursor" "$place/all")
    rest=$(ctl --json event tail --since "$at" | jq -c .serial | paste -sd ' ')
    [ "$rest" = "$(seq -s ' ' $((n + 1)) 5)" ]
  done
  # The last ones, without --since, have a cursor to go on from, too.
  last=$(ctl --json event tail -n 1 | jq -r .cursor)
  [ -z "$(ctl event tail --since "$last")" ]

  follow tail --json event tail -f --since "$(jq -rs '.[1].cursor' "$place/all")"
  wait_for 20 has_lines tail 3
  ctl --quiet db stop
  wait_for 20 grep -q 'the database is away' "$place/tail.err"
  page 6 3
  wait_for 30 has_lines tail 6
  page 9 1
  wait_for 20 has_lines tail 7
  [ "$(jq -c .serial "$place/tail" | paste -sd ' ')" = '3 4 5 6 7 8 9' ]
  run ctl event tail --since 1h -n 5
  [ "$status" -eq 2 ]
}
