#!/usr/bin/env bats
# Each command where it is not at home: the command tree itself says which there are and how they are called, so that a
# new one is tried as well. Commands are called as in their first example, on a house where these make sense or not;
# whatever happens, they end in time, with a status that their help names, and with a message where that is not 0.

bats_require_minimum_version 1.5.0
load common

setup_file() {
  new_office
  ctl --quiet department add Admissions
  ctl --quiet host add 'Daniyar Omarov' --department Admissions
  ctl --quiet guest add 'Елена Петрова Очень Длинное Имя' --employee-no 1017
  ctl --quiet visit create --guest 1 --host 1
  ctl --quiet terminal add entrance http://127.0.0.1:9 --password-file "$place/password" --disabled
  "$VISITORCTL" help --json >"$place/tree.json"
  examples >"$place/examples"
}
teardown_file() { leave_place; }

# A line for each command: the statuses it may end with, a tab, and its first example up to a pipe or a redirection,
# without the program's name.
examples() {
  jq -r '.. | objects | select(has("commands") and .commands == [])
         | "\([.exit_statuses[].status | tostring] | join(" "))\t\(.examples[0].line | sub("^visitorctl "; ""))"' \
    "$place/tree.json" | sed -E "s/ [|<>&]+ .*//; s/ -f$//"
}

# each: calls $try WORD… for each command; it runs the command, and leaves what was printed in $place/out and $place/err.
# Says which commands ended otherwise than they may, or did not end.
each() {
  local statuses line bad=0 count=0 patience
  while IFS=$'\t' read -r statuses line; do
    eval "set -- $line"
    status=0
    patience=10
    # One follows for ever, the other may at a terminal.
    if [[ "$1 $2" == watch* || "$1 $2" == "db shell" ]]; then patience=1; fi
    : >"$place/out" 2>"$place/err"
    "$try" "$@" || status=$?
    count=$((count + 1))
    if [ "$status" -eq 130 ] && [ "$patience" -eq 10 ]; then
      echo "visitorctl $line: did not end"
      bad=1
    fi
    if [[ " $statuses " != *" $status "* ]]; then
      echo "visitorctl $line: status $status is none of $statuses; $(head -c 300 "$place/err")"
      bad=1
    elif [ "$status" -ne 0 ] && [ "$status" -ne 130 ] && [ -z "$silent" ] && [ ! -s "$place/err" ] && [ ! -s "$place/out" ]; then
      echo "visitorctl $line: status $status without a word"
      bad=1
    fi
    if grep -qi 'internal error\|terminate called\|segmentation' "$place/err" "$place/out" 2>/dev/null; then
      echo "visitorctl $line: $(cat "$place/err")"
      bad=1
    fi
  done <"$place/examples"
  [ "$count" -ge 40 ]
  [ "$bad" -eq 0 ]
}

# Nobody waits for what follows or asks.
bounded() { timeout --preserve-status -s INT "${patience:-10}" "$@"; }

plain() { bounded "$VISITORCTL" --config "$config" "$@" </dev/null >"$place/out" 2>"$place/err"; }
closed() { bounded "$VISITORCTL" --config "$config" "$@" </dev/null 2>"$place/err" >&-; }
full() { bounded "$VISITORCTL" --config "$config" "$@" </dev/null >/dev/full 2>"$place/err"; }
all_full() { bounded "$VISITORCTL" --config "$config" "$@" </dev/null >/dev/full 2>/dev/full; }
homeless() { bounded env -i PATH="$PATH" "$VISITORCTL" --config "$config" "$@" </dev/null >"$place/out" 2>"$place/err"; }
in_c() { LC_ALL=C plain "$@"; }
in_russian() { LC_ALL=ru_RU.UTF-8 LANG=ru_RU.UTF-8 plain "$@"; }
narrow() {
  local words
  printf -v words ' %q' "$VISITORCTL" --config "$config" "$@"
  TERM=xterm bounded script -qec "stty cols 20;$words 2>'$place/err'" /dev/null </dev/null >"$place/out"
}
stranger() {
  bounded setpriv --reuid=65534 --regid=65534 --clear-groups \
    "$place/visitorctl" --config "$config" "$@" </dev/null >"$place/out" 2>"$place/err"
}

@test "with no terminal" {
  silent= try=plain each
}

@test "with standard output closed, and what was printed is not taken for said" {
  silent= try=closed each
}

@test "with a full disk behind standard output" {
  silent= try=full each
}

@test "with nowhere to say anything" {
  silent=1 try=all_full each
}

@test "without a home or any other variable" {
  silent= try=homeless each
}

@test "in the C locale, and in one that is not installed" {
  silent= try=in_c each
  silent= try=in_russian each
}

@test "names are the same in every locale" {
  for locale in C POSIX ru_RU.UTF-8 xx_XX.KOI8-R; do
    [ "$(LC_ALL=$locale ctl --json guest show 1 | jq -r .name)" = 'Елена Петрова Очень Длинное Имя' ]
    [ "$(LC_ALL=$locale ctl guest list | cut -f 2 | head -n 1)" = 'Елена Петрова Очень Длинное Имя' ]
  done
}

@test "on a terminal of twenty columns" {
  silent= try=narrow each
}

@test "a list that does not fit twenty columns is a paragraph for each row" {
  narrow --no-color guest list
  tr -d '\r' <"$place/out" >"$place/lines"
  grep -qx 'ID: 1' "$place/lines"
  grep -qx 'Name: Елена Петрова Очень Длинное Имя' "$place/lines"
}

@test "as a user who may not, with a message that says whom to ask, and status 12 or 13" {
  [ "$(id -u)" -eq 0 ] || skip "only root can be somebody else"
  cp "$VISITORCTL" "$place/visitorctl"
  chmod 755 "$place/visitorctl"
  chmod 644 "$config"
  silent= try=stranger each
  stranger visit list || status=$?
  [ "$status" -eq 12 ]
  grep -q "belongs to\|Run the command as root" "$place/err"
}

@test "Ctrl-C while the database makes everybody wait ends with 130, and nothing is half done" {
  ctl --quiet db start
  state() {
    sql "SELECT (SELECT count(*) FROM audit WHERE topic <> 'database'), (SELECT count(*) FROM change),
      (SELECT sum(version) FROM visit)"
  }
  before=$(state)
  lock="DO \$\$ DECLARE one text; BEGIN
    FOR one IN SELECT format('%I', relname) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
      AND relname <> 'schema_migration' LOOP EXECUTE 'LOCK TABLE ' || one || ' IN ACCESS EXCLUSIVE MODE'; END LOOP; END \$\$"
  mkfifo "$place/locker"
  ctl db shell -- -Xq <"$place/locker" >"$place/lock.log" 2>&1 3>&- &
  locker=$!
  exec 4>"$place/locker" # until it is closed the transaction stays open
  printf 'BEGIN;\n%s;\n\\! touch %s/locked\n' "$lock" "$place" >&4
  wait_for 20 test -e "$place/locked"
  for command in "visit list" "visit checkin 1" "visit cancel 1 --yes" "guest add Nobody" "site add Nowhere --time-zone UTC" \
    "terminal disable entrance" "inside" "status" "incident list" "event list" "event tail"; do
    status=0
    # shellcheck disable=SC2086
    timeout --preserve-status -s INT 0.5 "$VISITORCTL" --config "$config" $command </dev/null >/dev/null 2>&1 || status=$?
    echo "$command: $status"
    [ "$status" -eq 130 ]
  done
  exec 4>&-
  wait "$locker"
  [ "$(state)" = "$before" ]
}

@test "Ctrl-C ends what follows with 130" {
  status=0
  timeout --preserve-status -s INT 1 "$VISITORCTL" --config "$config" event tail -f </dev/null >"$place/out" 2>"$place/err" || status=$?
  [ "$status" -eq 130 ]
}
