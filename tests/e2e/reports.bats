#!/usr/bin/env bats
# Reports that are made by themselves: by e-mail to an SMTP server of Debian, into a bucket of an S3 server that checks
# every signature, and into a folder.

bats_require_minimum_version 1.5.0
load common
load peers

setup_file() {
  new_office
  start_peer mail mail_server.py --forever
  mail_port=$port
  /usr/bin/python3 "$VISITOR_SOURCE/tests/support/s3_fake.py" --forever >"$place/s3" 2>"$place/s3.log" </dev/null 3>&- &
  pids+=($!)
  wait_for 20 test -s "$place/s3"
  endpoint=http://127.0.0.1:$(head -n 1 "$place/s3" | jq -r .port)
  printf '[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = %s\n' \
    wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY >"$place/keys"
  chmod 600 "$place/keys"
  mkdir "$place/reports"
  cat >>"$config" <<TOML

[email]
server = "127.0.0.1"
port = $mail_port
tls = "none"
from = "visitor@example.org"

[[s3]]
name = "there"
bucket = "backups"
endpoint = "$endpoint"
credentials_file = "keys"

[[report]]
name = "bad"
report = "inside"
format = "csv"
as = "boris"
when = "23:30"
recipients = ["unknown@example.org"]
TOML
  # The report of the manual, at places that are here.
  of_readme toml | sed "s|file:///srv/visitor-reports|file://$place/reports|; s|s3://reports|s3://backups|; s|last-week|30d|" >>"$config"
  printf '%s\n' "${pids[@]}" >"$place/pids"
  export mail_port endpoint
  ctl --quiet department add Приемная
  ctl --quiet host add 'Данияр Омаров' --department Приемная
  ctl --quiet visit create --new-guest 'Елена Петрова' --host 1
  ctl --quiet user add anna --email anna@example.org
  ctl --quiet user add boris
  ctl --quiet role grant anna manager
  ctl --quiet role grant boris manager
  ctl --quiet group add chiefs
  ctl --quiet group member add chiefs anna
}
teardown_file() {
  mapfile -t pids <"$place/pids"
  leave_place
}

# of_readme KIND: the blocks of that kind in the section of README.md about this.
of_readme() {
  awk -v kind="$1" '/^## / { wanted = $0 == "## Reports by themselves" } /^```[a-z]/ { inside = wanted && $0 == "```" kind; next }
    /^```/ { inside = 0 } inside' "$VISITOR_SOURCE/README.md"
}

state_of() { ctl --json report list | jq -r --arg name "$1" '.reports[] | select(.name == $name).state'; }

mails() { tail -n +2 "$place/mail"; }

@test "the configuration is tried, places and all" {
  ctl config check
  sed "s|file://$place/reports|file://$place/nowhere|; s|\"30d\"|\"30d\"\nstatus = [\"lost\"]|" "$config" >"$place/wrong.toml"
  run "$VISITORCTL" --config "$place/wrong.toml" config check
  [ "$status" -eq 2 ]
  [[ "$output" == *"report.week: there is no status of 'visits' 'lost'"* ]]
  [[ "$output" == *"report.week.targets: file://$place/nowhere: the folder $place/nowhere"* ]]
}

@test "a dry run says where it would go and makes nothing" {
  ctl --json report run week --dry-run >"$place/plan"
  jq -e '[.places[].place] == ["director@example.org", "anna@example.org", "file://'"$place"'/reports", "s3://backups/house"]' "$place/plan"
  jq -e 'all(.places[]; .problem == null) and .by == "anna"' "$place/plan"
  ctl report run week --dry-run 2>&1 >"$place/lines" | grep -q 'Would make week-.*with the rights of anna'
  [ "$(wc -l <"$place/lines")" -eq 4 ]
  [ -z "$(ls "$place/reports")" ]
  [ "$(state_of week)" = 'never ran' ]
}

@test "the attachment, the object and the file are one report, byte for byte, with the hash of the manifest" {
  of_readme console | sed -n 's/^\$ visitorctl //p' | grep -v '^report run week$' >"$place/words"
  ctl --json report run week >"$place/made"
  jq -e '.state == "done" and .rows == 1 and ([.deliveries[].state] | unique) == ["sent"]' "$place/made"
  file=$(jq -r .file "$place/made")
  sha256=$(jq -r .sha256 "$place/made")
  [ "$(sha256sum <"$place/reports/$file")" = "$sha256  -" ]
  ctl export verify "$place/reports/$file"

  wait_for 10 test "$(mails | wc -l)" -ge 2
  [ "$(mails | jq -r '.to[0]' | sort | xargs)" = 'anna@example.org director@example.org' ]
  [ "$(mails | jq -r '.defects | length' | sort -u)" = 0 ]
  mails | jq -es --arg file "$file" --arg hash "$sha256" 'all(.[]; [.attachments[].name] == [$file, $file + ".manifest.json"]
    and .attachments[0].sha256 == $hash and (.text | contains("SHA-256: " + $hash)))'
  mkdir "$place/mailed"
  mails | jq -sr '.[0].attachments[0].base64' | base64 -d >"$place/mailed/$file"
  mails | jq -sr '.[0].attachments[1].base64' | base64 -d >"$place/mailed/$file.manifest.json"
  cmp "$place/mailed/$file" "$place/reports/$file"
  [ "$(jq -r .sha256 "$place/mailed/$file.manifest.json")" = "$sha256" ]
  ctl export verify "$place/mailed/$file"
  # shellcheck disable=SC2086
  while read -r words; do ctl $words; done <"$place/words"
  mails | jq -sr '[.[].headers[] | select(.[0] == "Message-ID")[1]] | unique | length' | grep -qx 2

  curl -fsS "$endpoint/_fake/state" >"$place/there"
  jq -e --arg file "$file" '[.objects | keys[] | select(test("house/"))] | length == 2' "$place/there"
  ctl --json audit list --limit 20 |
    jq -e --arg hash "$sha256" '[.audit[] | select(.details.sha256? == $hash)] | length == 5'
}

@test "what is not taken shows in the list, in health and in the doctor" {
  run --separate-stderr ctl report run bad
  [ "$status" -eq 16 ]
  [[ "$stderr" == *"there is no such mailbox"* ]]
  ctl --json report list | jq -e '.reports[] | select(.name == "bad") | .state == "failed" and .last.attempts == 1'
  ctl --json health >"$place/health" || true
  jq -e '.checks.reports.status == "warning" and .checks.reports.value == 1' "$place/health"
  ctl doctor >"$place/doctor" || true
  grep -q 'the scheduled report bad was not handed in' "$place/doctor"
  ctl report show bad | grep -q 'unknown@example.org'
}

@test "an account that is disabled gets nothing, and a name that nobody has is answered with a near one" {
  ctl --quiet user disable boris
  fails 12 report run bad --dry-run
  fails 12 report run bad
  [[ "$stderr" == *"account boris is disabled"* ]]
  [ "$(state_of bad)" = refused ]
  fails 10 report run weak
  [[ "$stderr" == *"Did you mean 'week'?"* ]]
}

@test "visitord makes what has fallen due while nothing ran" {
  mails | wc -l >"$place/before"
  sql "INSERT INTO report_schedule (name, schedule, taken_until)
       VALUES ('week', '07:00 monday Asia/Almaty', now() - interval '8 days')"
  start_daemon
  made() { [ "$(ctl --json report show week | jq '[.runs[] | select(.how == "schedule" and .state == "done")] | length')" -eq 1 ]; }
  wait_for 60 made
  kill -TERM "$daemon"
  wait "$daemon" || true
  [ "$(mails | wc -l)" -eq "$(($(cat "$place/before") + 2))" ]
}
