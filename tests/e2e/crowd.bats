#!/usr/bin/env bats
# A hundred terminals and one daemon. How fast it is, bench_crowd says when it is run alone; here only that nothing is lost
# and that nobody waits for those who hang.

@test "of 100 terminals 3 hang, 1 dribbles, 1 has a wrong clock and 1 another password: the others stay on schedule" {
  run "$(dirname "$VISITORCTL")/bench_crowd" --check --idle 2 --for 15 --walks 200
  echo "$output"
  [ "$status" -eq 0 ]
}
