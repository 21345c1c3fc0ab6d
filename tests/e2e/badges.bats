#!/usr/bin/env bats
# Badges: on paper through a stand-in for lp and lpstat, as files, and what their tokens are worth.

bats_require_minimum_version 1.5.0
load common

setup_file() {
  new_office
  export PRINTING=$place/printing PATH=$VISITOR_SOURCE/tests/support/printing:$PATH
  mkdir -p "$PRINTING"/{queues,jobs,states}
  echo accepting >"$PRINTING/queues/FRONTDESK"
  echo accepting >"$PRINTING/queues/ZEBRA"
  echo rejecting >"$PRINTING/queues/BROKEN"
  ctl --quiet department add Admissions
  ctl --quiet host add 'Дана Омарова' --department Admissions
  ctl --quiet guest add 'Айгерім Бекова' --company 'Nomad LLP'
  base64 -d >"$place/photo.png" <<<'iVBORw0KGgoAAAANSUhEUgAAAEAAAABAAQAAAACCEkxzAAAAEklEQVR42mP4DwUMo4xRBukMAOPT/hAC2mzjAAAAAElFTkSuQmCC'
  ctl --quiet guest photo set 1 "$place/photo.png"
  for _ in 1 2 3 4; do ctl --quiet visit create --guest 1 --host 'Дана Омарова' --until +3h; done
}
teardown_file() { leave_place; }

scan() { zbarimg --nodbus --quiet --raw --set disable --set qrcode.enable "$1"; }

@test "a badge as a file holds a token that is valid, until the next print and the end of the visit" {
  ctl badge print 1 --to "$place/one.png"
  [ "$(stat -c %a "$place/one.png")" = 600 ]
  token=$(scan "$place/one.png")
  [[ "$token" == vb1.* ]]
  ctl --json badge verify "$token" | jq -e '.valid and .badge.guest.name == "Айгерім Бекова" and .badge.print == 1'

  run ctl badge print 1 --to "$place/two.pdf"
  [[ "$output" == "Wrote badge 2 of visit 1 for Айгерім Бекова to "* ]]
  pdftoppm -r 300 -png -singlefile "$place/two.pdf" "$place/two"
  second=$(scan "$place/two.png")
  ctl --json badge verify "$second" | jq -e '.verdict == "valid" and .badge.reprints == 1'
  run --separate-stderr ctl badge verify "$token"
  [ "$status" -eq 11 ]
  [[ "$output" == *superseded* && "$stderr" == *"printed later"* ]]

  ctl --quiet visit cancel 1 --yes
  run --separate-stderr ctl --json badge verify "$second"
  [ "$status" -eq 11 ]
  jq -e '.valid == false and .verdict == "revoked"' <<<"$output"
  fails 11 badge print 1 --to "$place/three.pdf"
  [ ! -e "$place/three.pdf" ]
}

@test "a token is checked without the database, by the public key alone" {
  ctl --quiet badge print 2 --to "$place/gate.png"
  token=$(scan "$place/gate.png")
  key=$(ctl badge key)
  [[ "$key" == vbs-* ]]
  run --separate-stderr "$VISITORCTL" --config /nonexistent badge verify "$token" --public-key "$key"
  [ "$status" -eq 0 ]
  [[ "$output" == *valid* && "$stderr" == *"whether the visit is still on is not known"* ]]
  run "$VISITORCTL" badge verify "vb1.AAAAAAAA${token:12}" --public-key "$key"
  [ "$status" -eq 17 ]
  stranger=$(ctl --json audit checkpoint | jq -r '.public_keys[0]')
  run ctl badge verify "$token" --public-key "$stranger"
  [ "$status" -eq 17 ]
  fails 2 badge verify "$token" --public-key vbs-0000
  [[ "$stderr" == *"'vbs-0000' is no public key"* ]]
  run ctl badge verify 1
  [ "$status" -eq 17 ]
}

@test "a badge goes to the printer's queue, and what becomes of it there is known" {
  run ctl badge print 3 --to FRONTDESK
  [ "$status" -eq 0 ]
  [ "$output" = "Sent badge 1 of visit 3 for Айгерім Бекова to FRONTDESK as job FRONTDESK-1." ]
  head -c 4 "$PRINTING/jobs/1" | grep -q %PDF
  ctl --json badge print 3 --to ZEBRA --format zpl | jq -e '.state == "sent" and .queue_job == "ZEBRA-2" and .print == 2'
  head -n 1 "$PRINTING/jobs/2" | grep -qFx '^XA'
  ctl --json badge list --visit 3 | jq -e '[.badges[].state] == ["sent", "sent"]'

  printf 'FRONTDESK\njob-completed-successfully\n' >"$PRINTING/states/1"
  printf 'ZEBRA\njob-canceled-by-user\n' >"$PRINTING/states/2"
  start_daemon
  followed() { ctl --json badge list --visit 3 | jq -e '[.badges[].state] == ["failed", "completed"]'; }
  wait_for 30 followed
  ctl --json badge list --state failed | jq -e '.badges[0].problem == "the queue says: job-canceled-by-user"'
  ctl --json audit list --limit 20 | jq -e '[.audit[].details | select(.state?) | .state] | contains(["sent", "completed", "failed"])'
  stop_started
}

@test "what a printer refuses is told, and on record" {
  run --separate-stderr ctl badge print 4 --to BROKEN
  [ "$status" -eq 16 ]
  [[ "$stderr" == *"was not printed: the printer BROKEN did not take the badge: "*"not accepting jobs"* ]]
  run --separate-stderr ctl badge print 4 --to NOWHERE
  [ "$status" -eq 16 ]
  ctl --json badge list --visit 4 | jq -e '[.badges[].state] == ["failed", "failed"]'
  fails 2 badge print 4
  fails 2 badge print 4 --to '-o'
  fails 10 badge print 99 --to FRONTDESK
}

@test "badge.toml says how badges look and where they go; a wrong one is refused by line and key" {
  ctl badge template --language ru >"$place/badge.toml"
  sed -i -e 's/^printer = ""/printer = "FRONTDESK"/' -e 's/^logo = ""/logo = "photo.png"/' "$place/badge.toml"
  ctl --quiet badge template "$place/badge.toml" | cmp - "$place/badge.toml"
  run ctl badge print 4
  [[ "$output" == *"to FRONTDESK as job FRONTDESK-"* ]]
  ctl badge print 4 --to - --format pdf | pdftotext - - | grep -q ПОСЕТИТЕЛЬ
  sed -i 's/^x = 60/x = 61.7/' "$place/badge.toml"
  fails 13 badge print 4 --to "$place/never.pdf"
  [[ "$stderr" == *"badge.toml:86: element.10.width: reaches over the right edge"* ]]
  [ ! -e "$place/never.pdf" ]
  rm "$place/badge.toml"
}

@test "a dry run prints nothing" {
  before=$(ctl --json badge list | jq '.badges | length')
  jobs=$(ls "$PRINTING/jobs" | wc -l)
  run ctl badge print 4 --to FRONTDESK --dry-run
  [[ "$output" == *"Dry run"* ]]
  ctl --quiet badge print 4 --to "$place/dry.pdf" --dry-run
  [ ! -e "$place/dry.pdf" ]
  [ "$(ctl --json badge list | jq '.badges | length')" -eq "$before" ]
  [ "$(ls "$PRINTING/jobs" | wc -l)" -eq "$jobs" ]
}
