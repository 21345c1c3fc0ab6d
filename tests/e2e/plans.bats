#!/usr/bin/env bats
# The plans of all statements that the lists, the jobs and the ingest run, on a database with a quarter of a year in it.

@test "no statement reads access_event from end to end" {
  run "$(dirname "$VISITORCTL")/bench_scale" --plans --days 60 --visits-a-day 120
  echo "$output"
  [ "$status" -eq 0 ]
}
