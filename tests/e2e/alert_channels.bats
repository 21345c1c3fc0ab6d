#!/usr/bin/env bats
# E-mail, webhooks and programs, as an operator sets them up, against real peers: an SMTP server of Debian, a receiver
# that checks signatures, a shell script.

bats_require_minimum_version 1.5.0
load common
load peers

setup() {
  new_place
  ctl --quiet init --site 'Head office' --time-zone Asia/Almaty --country-code 7
}
teardown() { leave_place; }

mail() { tail -n +2 "$place/mail" | jq -r "$1"; }

@test "a test message arrives by e-mail, webhook and program, and the ledger knows it" {
  start_receivers
  ctl config check

  ctl alert test email --to security@example.org
  ctl alert test webhook --to control-room
  ctl alert test exec --to siren

  [ "$(mail '.to[0]')" = security@example.org ]
  [ "$(mail '.headers[] | select(.[0] == "Auto-Submitted")[1]')" = auto-generated ]
  [ "$(mail '.defects | length')" -eq 0 ]
  [ "$(tail -n +2 "$place/hook" | jq -r .kind)" = test ]
  [ "$(jq -r .kind "$place/heard")" = test ]
  [ "$(ctl --json alert list | jq '.alerts | length')" -eq 3 ]
  run ctl alert lost
  [ "$status" -eq 0 ]
}

@test "what a channel refuses is said with its reason" {
  start_peer mail mail_server.py --forever
  printf '\n[email]\nserver = "127.0.0.1"\nport = %s\ntls = "none"\nfrom = "visitor@example.org"\n' "$port" >>"$config"
  run --separate-stderr ctl alert test email --to unknown@example.org
  [ "$status" -eq 16 ]
  [[ "$stderr" == *"550 5.1.1 there is no such mailbox"* ]]
  run --separate-stderr ctl alert test email --to 'nobody at all'
  [ "$status" -eq 16 ]
  [[ "$stderr" == *"is not an address that mail can go to"* ]]
}
