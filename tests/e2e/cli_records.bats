#!/usr/bin/env bats
# Editing, removing, merging and searching records; photos, reopened visits and delegations, with a database of their own.

bats_require_minimum_version 1.5.0
load common

setup_file() {
  new_office
  ctl --quiet department add Admissions
  ctl --quiet host add 'Daniyar Omarov' --department Admissions
}
teardown_file() { leave_place; }

a_guest() { ctl --json guest add "$@" | jq -e .id; }
a_visit() { ctl --json visit create --guest "$1" --host 'Daniyar Omarov' | jq -e .id; }
jpeg() { # FILE WIDTH HEIGHT
  printf "\\xff\\xd8\\xff\\xc0\\x00\\x11\\x08\\x$(printf %02x $(($3 / 256)))\\x$(printf %02x $(($3 % 256)))\\x$(printf %02x $(($2 / 256)))\\x$(printf %02x $(($2 % 256)))\\x03123456789\\xff\\xda\\x00\\x02data\\xff\\xd9" >"$1"
}

@test "only what is named changes, and a lost race names who, what and when" {
  run ctl site edit 'head office' --day-off 7
  [[ "$output" == "Changed site 1: Head office (version 2)." ]]
  ctl --json site show 1 | jq -e '.days_off == [7] and .country_code == "7" and .version == 2'
  run ctl site edit 1 --day-off 7
  [[ "$output" == *"is so already"* ]]
  ctl --json department edit Admissions --director 'Aigerim Saparova' | jq -e '.director == "Aigerim Saparova"'
  ctl --json host edit 1 --phone '8 701 123 45 67' | jq -e '.phone == "+77011234567" and .version == 2'
  ctl --json host edit 1 --phone '' | jq -e '.phone == null'

  fails 11 department edit Admissions --director Boris --if-version 1
  [[ "$stderr" == *"changed director from '' to 'Aigerim Saparova' at 20"* ]]
  fails 2 department edit Admissions
  fails 2 site edit 1 --time-zone Mars/Base
  fails 10 host edit Nobody --name X
  ctl --quiet department edit Admissions --director Boris -n
  ctl --json department show 1 | jq -e '.director == "Aigerim Saparova"'
}

@test "what is in use is not removed, with counts and the commands that list them" {
  fails 11 site remove 1 --yes
  [[ "$stderr" == *"in use by 1 department"*"visitorctl department list --site 1"* ]]
  fails 11 department remove Admissions --yes
  [[ "$stderr" == *"1 host"* ]]
  ctl --quiet department add Spare
  fails 2 department remove Spare
  ctl department remove Spare --dry-run
  run ctl department remove Spare --yes
  [[ "$output" == "Removed department "*": Spare." ]]
  fails 10 department show Spare
  id=$(a_guest 'Short Lived' --card short-lived)
  ctl --json guest remove "$id" --yes | jq -e '.name == "Short Lived"'
  a_guest 'Another One' --card short-lived
}

@test "a blocked guest is refused until unblocked" {
  id=$(a_guest 'Blocked Guest')
  visit=$(a_visit "$id")
  run ctl guest block "$id" 'took a projector home'
  [[ "$output" == *"Blocked guest $id"*"Visit $visit goes on"* ]]
  fails 11 visit create --guest "$id" --host 1
  [[ "$stderr" == *"took a projector home"* ]]
  fails 11 guest block "$id" again
  ctl --json guest unblock "$id" | jq -e '.blocked_reason == null'
  a_visit "$id"
}

@test "guests are found by words, telephone and document in any writing" {
  printf '850101 300 123\n' >"$place/document"
  id=$(a_guest 'Алёна Петрова' --company 'Nomad LLP' --phone '8 701 765 43 21' --document-file "$place/document")
  for text in 'алена петр' 'NOMAD Алён' '8 (701) 765-43-21' '+77017654321' '7017654321' '850101300123'; do
    echo "$text"
    ctl --json guest search "$text" | jq -e ".guests | length == 1 and .[0].id == $id"
  done
  printf '850101-300-123\n' | ctl --json guest search --document-file - | jq -e ".guests[0].id == $id"
  ctl --json guest search nobody-at-all | jq -e '.guests == []'
  fails 2 guest search
}

@test "a new guest of the same name is told of, and the same document or contact refused" {
  first=$(a_guest 'Timur Akhmetov' --phone '+7 701 555 00 01')
  run --separate-stderr ctl guest add 'ТИМУР АХМЕТОВ' --phone '+7 701 555 00 01'
  [ "$status" -eq 11 ]
  [[ "$stderr" == *"guest $first (Timur Akhmetov) has this telephone number"* ]]
  run --separate-stderr ctl guest add 'timur akhmetov'
  [ "$status" -eq 0 ]
  [[ "$stderr" == *"Guest $first (Timur Akhmetov) may be the same person"* ]]
}

@test "two guests become one" {
  from=$(a_guest 'Merged Away' --employee-no M-1 --email merged@example.org)
  into=$(a_guest 'Stays Here' --employee-no M-2)
  visit=$(a_visit "$from")
  ctl --quiet visit checkin "$visit"
  other=$(a_visit "$into")
  ctl --quiet visit checkin "$other"
  fails 11 guest merge "$from" "$into" --yes
  [[ "$stderr" == *"visit $visit"*"visit $other"* ]]
  ctl --quiet visit checkout "$other"
  ctl --json guest merge "$from" "$into" -n | jq -e ".visits == [$visit]"
  ctl --json visit show "$visit" | jq -e ".guest.id == $from"
  fails 2 guest merge "$from" "$into"
  ctl --json guest merge "$from" "$into" --yes |
    jq -e ".guest.id == $into and .guest.email == \"merged@example.org\" and .credentials == 1 and .guest.merged == [$from]"
  ctl --json visit show "$visit" | jq -e ".guest.id == $into and .status == \"CHECKED_IN\""
  fails 11 guest show "$from"
  [[ "$stderr" == *"was merged into guest $into"* ]]
  [ -z "$(ctl guest search 'Merged Away')" ]
  fails 2 guest merge "$into" "$into" --yes
}

@test "a photo goes in, is described, comes out again byte for byte, and goes" {
  id=$(a_guest 'Photogenic')
  jpeg "$place/face.jpg" 480 640
  run ctl guest photo set "$id" "$place/face.jpg"
  echo "$output"
  [[ "$output" == *"JPEG, 480 x 640 pixels, 1 KiB." ]]
  ctl --json guest photo show "$id" | jq -e '.width == 480 and .suits_terminals'
  ctl guest photo show "$id" | cmp - "$place/face.jpg"
  ctl --quiet guest photo show "$id" --output "$place/out.jpg" >/dev/null
  cmp "$place/out.jpg" "$place/face.jpg"
  [ "$(stat -c %a "$place/out.jpg")" = 600 ]
  ctl --json guest show "$id" | jq -e '.photo.format == "jpeg"'

  head -c 300000 /dev/zero >>"$place/face.jpg"
  run ctl guest photo set "$id" "$place/face.jpg"
  [[ "$output" == *"face terminals want a JPEG of 200 KiB or less"* ]]
  echo '<svg/>' >"$place/no.jpg"
  fails 2 guest photo set "$id" "$place/no.jpg"
  jpeg "$place/huge.jpg" 9000 9000
  fails 2 guest photo set "$id" "$place/huge.jpg"
  head -c 6000000 /dev/zero >"$place/big.jpg"
  fails 2 guest photo set "$id" "$place/big.jpg"
  fails 2 guest photo set "$id" "$place/missing.jpg"
  fails 2 guest photo set "$id" "$place"
  ctl --quiet guest photo remove "$id" --yes
  fails 10 guest photo show "$id"
  fails 10 guest photo remove "$id" --yes
}

@test "a visit is edited while it has not ended" {
  visit=$(a_visit "$(a_guest 'Edited Visitor')")
  ctl --json visit edit "$visit" --until +3h --purpose interview --purpose-text 'second round' |
    jq -e '.purpose == "INTERVIEW" and .purpose_text == "second round" and .version == 2'
  fails 11 visit edit "$visit" --purpose other --if-version 1
  [[ "$stderr" == *"changed "*"purpose"* ]]
  ctl --json visit edit "$visit" --type contractor --contact-phone '+7 701 123 45 67' --consent |
    jq -e '.type == "contractor" and .contact_phone == "+77011234567" and (.consent_at | type) == "string"'
  ctl visit show "$visit" | grep -F '+77011234567'
  ctl --json visit edit "$visit" --no-consent | jq -e '.consent_at == null and .type == "contractor"'
  fails 2 visit edit "$visit" --consent --no-consent
  fails 2 visit edit "$visit" --type visitor
  fails 2 visit edit "$visit" --contact-phone nobody
  fails 2 visit edit "$visit" --until 1d
  fails 2 visit edit "$visit"
  ctl --quiet visit cancel "$visit" --yes
  fails 11 visit edit "$visit" --until +4h
  [[ "$stderr" == *"already ended"* ]]
}

@test "a mistaken end is taken back, and the history tells every step" {
  visit=$(a_visit "$(a_guest 'Reopened Visitor')")
  fails 11 visit reopen "$visit"
  ctl --quiet visit cancel "$visit" --reason 'wrong line' --yes
  run ctl visit reopen "$visit" --reason 'was the one above'
  [[ "$output" == *"Reopened visit $visit"* ]]
  ctl --quiet visit checkin "$visit"
  ctl --quiet visit checkout "$visit"
  ctl --json visit reopen "$visit" -n | jq -e '.status == "CHECKED_IN"'
  ctl --json visit reopen "$visit" | jq -e '.status == "CHECKED_IN" and .checked_out_at == null'
  ctl --quiet visit edit "$visit" --purpose documents
  ctl --json visit history "$visit" | jq -e \
    '[.steps[].kind] == ["registered", "cancel", "reopen", "check_in", "check_out", "reopen", "edited"]'
  ctl --json visit history "$visit" | jq -e '.steps[2].reason == "was the one above" and (.steps[2].login | length > 0)'
  ctl --json visit history "$visit" | jq -e '.steps[6].changed.purpose.to == "DOCUMENTS"'
  [ "$(ctl visit history "$visit" | wc -l)" -eq 7 ]
  fails 10 visit history 987654
}

@test "a delegation is registered as a whole or not at all, with every bad line told" {
  known=$(a_guest 'Known Delegate' --phone '+7 701 999 00 01')
  printf '\xef\xbb\xbfname;company;phone;until\r\n"Ann, the first";Acme;8 701 999 00 02;\r\nBad Phone;Acme;12x;\r\nKnown Other;Acme;87019990001;\r\n;Acme;;yesterdays\r\n' \
    >"$place/group.csv"
  before=$(ctl --json visit list | jq '.visits | length')
  fails 2 visit create --group "$place/group.csv" --host 1
  [[ "$stderr" == *"$place/group.csv:3: phone: "*"$place/group.csv:4: phone: "*"guest $known"*"group.csv:5: until: "*"group.csv:5: name: "* ]]
  [ "$(ctl --json visit list | jq '.visits | length')" -eq "$before" ]
  [ -z "$(ctl guest search 'Ann the')" ]

  printf 'name,phone\nAnn,8 701 999 00 02\nKnown Delegate,87019990001\n' >"$place/group.csv"
  ctl --json visit create --group "$place/group.csv" --host 1 --until +4h --purpose seminar_event -n |
    jq -e '(.visits | length == 2) and (.new_guests | length == 1)'
  [ "$(ctl --json visit list | jq '.visits | length')" -eq "$before" ]
  run ctl visit create --group "$place/group.csv" --host 1 --until +4h
  [[ "$output" == "Registered 2 visits, 1 of them of new guests." ]]
  [ "$(ctl --json visit list | jq '.visits | length')" -eq $((before + 2)) ]
  [ "$(ctl --json visit list --guest "$known" | jq '.visits | length')" -eq 1 ]

  ctl --quiet guest block "$known" 'stole a chair'
  printf 'guest\n%s\n' "$known" >"$place/group.csv"
  fails 2 visit create --group "$place/group.csv" --host 1 -n
  ctl --json incident list --type blocked_guest --guest "$known" | jq -e '.incidents == []'
  fails 2 visit create --group "$place/group.csv" --host 1
  [[ "$stderr" == *"group.csv:2: guest: guest $known is blocked: stole a chair"* ]]
  ctl --json incident list --type blocked_guest --guest "$known" | jq -e '[.incidents[].seen_count] == [1]'

  printf 'nam\nAnn\n' >"$place/group.csv"
  fails 2 visit create --group "$place/group.csv"
  [[ "$stderr" == *"group.csv: line 1: there is no column 'nam'"*"'name'"* ]]
  fails 2 visit create --group "$place/missing.csv"
  fails 2 visit create --group "$place/group.csv" --guest 1
  fails 2 visit create --group "$place/group.csv" --company Acme
}
