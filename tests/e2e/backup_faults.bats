#!/usr/bin/env bats
# What goes wrong while backups are made and restored: programs that are killed, disks that are full.

bats_require_minimum_version 1.5.0
load common

setup_file() {
  new_place
  export place config
  mkdir "$place/near" "$place/far"
  safe=$("$VISITORCTL" backup key create safe --out "$place/safe.key" 2>/dev/null)
  cat >>"$config" <<TOML

[backup]
targets = ["file://$place/near", "file://$place/far"]
recipients = ["$safe"]
TOML
  ctl --quiet init --site 'Head office' --time-zone Asia/Almaty --country-code 7
  ctl --quiet guest add 'Elena Petrova'
  begun=${EPOCHREALTIME/[.,]/}
  ctl --json backup create >"$place/first.json"
  echo $(((${EPOCHREALTIME/[.,]/} - begun) / 1000)) >"$place/took_ms"
}
teardown_file() { leave_place; }

# Every backup that is listed as whole and was not read yet is read.
read_what_is_new() {
  local id
  ctl --json backup list >"$place/list.json"
  jq -e '.backups | all(.state == "whole" or .state == "incomplete")' "$place/list.json" >"$place/states"
  for id in $(jq -r '.backups[] | select(.state == "whole").backup' "$place/list.json" | sort -u); do
    grep -qx "$id" "$place/read" 2>/dev/null && continue
    local at
    for at in $(jq -r --arg id "$id" '.backups[] | select(.state == "whole" and .backup == $id).target' "$place/list.json"); do
      ctl --json backup verify "$id" --level full --key "$place/safe.key" --from "$at" | jq -e '.checks | all(.good)'
    done
    echo "$id" >>"$place/read"
  done
}

whole_backup() { ctl --quiet backup create; }

@test "a making that is killed at any of fifty moments leaves nothing that looks whole and is not, and the next one works" {
  took=$(cat "$place/took_ms")
  RANDOM=${VISITOR_SEED:=$((EPOCHSECONDS % 32768))}
  echo "VISITOR_SEED=$VISITOR_SEED; a whole making takes $took ms"
  for round in {1..50}; do
    # One in ten may come to its end.
    delay=$(((RANDOM * 32768 + RANDOM) % (took * 11 / 10)))
    echo "round $round: killed after $delay ms"
    timeout -s KILL "$((delay / 1000)).$(printf '%03d' $((delay % 1000)))" \
      "$VISITORCTL" --config "$config" --quiet backup create 2>"$place/said" 3>&- || true
    [ $((round % 5)) -ne 0 ] || read_what_is_new
  done
  # The server may need a moment to notice that the last one is gone.
  wait_for 30 whole_backup
  read_what_is_new
  jq -e '[.backups[0, 1].state] == ["whole", "whole"] and .backups[0].backup == .backups[1].backup' "$place/list.json"
  # What the database knows is so, too.
  [ "$(sql "SELECT count(*) FROM backup_run WHERE state = 'running'")" = 0 ]
  [ "$(sql "SELECT count(*) FROM backup_run WHERE state = 'interrupted'")" -ge 1 ]
  sql "SELECT backup || ' ' || target FROM backup_copy" | sort -u >"$place/known"
  jq -r '.backups[] | select(.state == "whole") | .backup + " " + .target' "$place/list.json" | sort -u >"$place/there"
  [ -z "$(comm -23 "$place/known" "$place/there")" ]
  # Temporary files of uploads are the only thing that a kill leaves, and a sweep takes them.
  [ -z "$(find "$place/near" "$place/far" -type f ! -name data ! -name manifest.json ! -name '.upload-*')" ]
}

@test "a pg_dump that is killed makes no backup" {
  mkdir "$place/shot"
  # It waits for a table that somebody else has, so that it is there to be killed.
  mkfifo "$place/statements"
  ctl db shell -- -XqAt <"$place/statements" >"$place/answers" 3>&- &
  holder=$!
  exec 7>"$place/statements"
  echo "BEGIN; LOCK TABLE guest_photo; SELECT 'locked';" >&7
  wait_for 20 grep -q locked "$place/answers"
  "$VISITORCTL" --config "$config" --quiet backup create --to "file://$place/shot" 2>"$place/said" 3>&- 7>&- &
  making=$!
  dump_is_killed() { pkill -KILL -P "$making" -x pg_dump; }
  wait_for 30 dump_is_killed
  status=0
  wait "$making" || status=$?
  exec 7>&-
  wait "$holder"
  cat "$place/said"
  [ "$status" -eq 14 ]
  grep -q 'pg_dump' "$place/said"
  ctl --json backup list --from "file://$place/shot" | jq -e '.backups == []'
  [ -z "$(find "$place/shot" -mindepth 1)" ]
}

# Runs a script where $place/disk is a file system of that size; its options are tmpfs's. Root mounts it for itself, and
# everybody else in a namespace of users, where the system lets him.
on_disk() {
  local how=(unshare --mount)
  [ "$(id -u)" -eq 0 ] || how=(unshare --map-current-user --keep-caps --mount)
  DISK=$place/disk "${how[@]}" bash -ec 'mount -t tmpfs -o "mode=711,$1" visitor-e2e "$DISK"; eval "$2"' disk "$1" "$2"
}

need_disks() {
  mkdir -p "$place/disk"
  on_disk size=1m true 2>/dev/null ||
    skip "THE FULL DISK IS NOT TESTED HERE: neither root nor a namespace of users may mount a tmpfs"
}

# Makes a backup on a disk with that limit, and counts it as made or failed: failed is named, and leaves nothing.
make_on_disk() {
  on_disk "$1" '
    status=0
    "$VISITORCTL" --config "$config" --quiet backup create --to "file://$DISK" 2>"$DISK.said" || status=$?
    "$VISITORCTL" --config "$config" --json backup list --from "file://$DISK" >"$DISK.json"
    find "$DISK" -mindepth 1 >"$DISK.left"
    echo "$status" >"$DISK.status"'
  local status
  status=$(cat "$place/disk.status")
  echo "$1 → $status: $(cat "$place/disk.said")"
  if [ "$status" -eq 0 ]; then
    made=$((made + 1))
    jq -e '.backups | length == 1 and all(.state == "whole")' "$place/disk.json"
  else
    failed=$((failed + 1))
    [ "$status" -eq 1 ]
    grep -q 'No space left on device' "$place/disk.said"
    jq -e '.backups == []' "$place/disk.json"
    [ ! -s "$place/disk.left" ]
  fi
}

@test "a disk that is full at any stage of a making is named, and has nothing that looks whole" {
  need_disks
  export VISITORCTL config
  failed=0
  made=0
  # Pages from none to enough, however much has come to the database by now.
  for ((pages = 1; made < 2 && pages <= 200; ++pages)); do make_on_disk "size=$((pages * 4))k"; done
  [ "$made" -eq 2 ]
  # Then files: the folder, the data and the manifest are one each.
  for files in 1 2 3 4; do make_on_disk "size=1m,nr_inodes=$files"; done
  [ "$failed" -ge 8 ]
  [ "$made" -ge 3 ]
}

@test "a disk that is full for one place leaves the others their backup" {
  need_disks
  export VISITORCTL config
  mkdir "$place/wide"
  on_disk size=8k '
    status=0
    "$VISITORCTL" --config "$config" --quiet backup create --to "file://$DISK" --to "file://$DISK/../wide" \
      2>"$DISK.said" || status=$?
    echo "$status" >"$DISK.status"'
  cat "$place/disk.said"
  [ "$(cat "$place/disk.status")" -eq 3 ]
  ctl --json backup verify --from "file://$place/wide" | jq -e '.checks | all(.good)'
}

@test "a full disk under the state fails a drill and a restore, damns no copy, and is got over" {
  need_disks
  export VISITORCTL place
  sed "s|^directory = .*|directory = \"$place/disk/state\"|" "$config" >"$place/small.toml"
  for limit in 1m 24m 48m; do
    on_disk "size=$limit" '
      here() { "$VISITORCTL" --config "$place/small.toml" "$@"; }
      for work in "backup verify --level restore --from file://$place/near" "backup restore --to embedded --yes"; do
        status=0
        here --quiet $work --key "$place/safe.key" 2>"$DISK.said" || status=$?
        echo "$work → $status: $(cat "$DISK.said")"
        # Whatever it is, it is not the backup that is bad.
        [ "$status" -ne 0 ] && [ "$status" -ne 17 ]
        [ -z "$(find "$DISK/state" -maxdepth 1 -name "drill-*")" ]
      done
      mount -o remount,size=512m "$DISK"
      here --quiet backup verify --level restore --from "file://$place/near" --key "$place/safe.key"
      here --quiet backup restore --to embedded --yes --key "$place/safe.key"
      here --json guest list | grep -q "Elena Petrova"
      here --quiet db stop'
  done
}
