#!/usr/bin/env bats
# Reports as files: whole or not at all, on record, signed, the same again, and read by others.

bats_require_minimum_version 1.5.0
load common

setup_file() {
  new_office
  ctl --quiet department add Приемная
  ctl --quiet host add 'Данияр Омаров' --department Приемная
  ctl --quiet visit create --new-guest 'Елена =1+1' --company '=HYPERLINK("http://evil")' --host 1
  ctl --quiet visit create --new-guest 'Zoë 张伟 🙂' --phone '8 701 123 45 67' --host 1 --purpose other --purpose-text '@SUM(A1)'
  ctl --quiet guest edit 1 --document-file - <<<850101300199
}
teardown_file() { leave_place; }

read_xlsx() { /usr/bin/python3 "$VISITOR_SOURCE/tests/support/read_xlsx.py" "$1"; }

@test "a spreadsheet is written whole, with a manifest beside, and another program reads the same" {
  ctl --json export visits -o "$place/visits.xlsx" --locale ru >"$place/said"
  jq -e '.rows == 2 and .format == "xlsx" and (.withheld | length) == 1' "$place/said"
  [ "$(stat -c %a "$place/visits.xlsx")" = 600 ]
  [ "$(sha256sum <"$place/visits.xlsx")" = "$(jq -r .sha256 "$place/said")  -" ]
  read_xlsx "$place/visits.xlsx" >"$place/book"
  jq -e '.sheets[0].name == "Титул" and .sheets[1].name == "Посещения" and .sheets[1].frozen == "A2"' "$place/book"
  jq -e '.sheets[1].rows | length == 3 and (.[0] | length) == 21' "$place/book"
  jq -e '[.sheets[1].rows[][].value] | contains(["Елена =1+1", "@SUM(A1)", "Zoë 张伟 🙂", "+77011234567"])' "$place/book"
  jq -e '.sheets[1].rows[1][4].value == "********0199" and .sheets[1].rows[1][12].type == "d"' "$place/book"
  [ -z "$(find "$place" -maxdepth 1 -name '.visitor-report*' -o -maxdepth 1 -name 'visitor-xlsx*')" ]
}

@test "the manifest is checked with and without the database, and a changed byte is found" {
  ctl --quiet export visits -o "$place/signed.csv"
  ctl --json export verify "$place/signed.csv" | jq -e '.report == "visits" and .rows == 2'
  key=$(jq -r .key "$place/signed.csv.manifest.json")
  ctl export verify "$place/signed.csv" --public-key "$key"
  fails 17 export verify "$place/signed.csv" --public-key "$(ctl badge key)"
  fails 2 export verify "$place/signed.csv" --public-key vbs-1f0c
  cp "$place/signed.csv" "$place/changed.csv"
  sed 's/"rows":2/"rows":3/' "$place/signed.csv.manifest.json" >"$place/changed.csv.manifest.json"
  fails 17 export verify "$place/changed.csv"
  cp "$place/signed.csv.manifest.json" "$place/changed.csv.manifest.json"
  printf ' ' >>"$place/changed.csv"
  fails 17 export verify "$place/changed.csv"
  fails 10 export verify "$place/nothing.csv"
}

@test "CSV guards formulas, leaves telephone numbers, and can be made for Excel and for machines" {
  ctl export visits --columns guest,company,phone,purpose >"$place/out.csv"
  grep -q "Елена =1+1,\"'=HYPERLINK" "$place/out.csv"
  grep -q ",+77011234567,'@SUM(A1)" "$place/out.csv"
  ctl export visits --columns company --no-guard | grep -q '"=HYPERLINK'
  ctl export visits --bom | head -c 3 | cmp - <(printf '\xef\xbb\xbf')
  ctl export visits --excel --columns guest --locale ru 2>"$place/notes" >"$place/excel.csv"
  head -n 1 "$place/excel.csv" | grep -q '^sep=;'
  iconv -f cp1251 -t utf-8 "$place/excel.csv" | grep -q 'Елена =1+1'
  grep -q 'Windows-1251' "$place/notes"
}

@test "each export is on record with its filter, rows and hash, and document numbers need a reason" {
  ctl --quiet export visits --status awaiting --columns document -o "$place/whole.csv" --reason 'asked by the court'
  grep -q 850101300199 "$place/whole.csv"
  ctl --json audit list --topic report --limit 1 | jq -e --arg hash "$(sha256sum "$place/whole.csv" | cut -d' ' -f1)" \
    '.audit[0] | .action == "export" and .details.sha256 == $hash and .details.rows == 2
      and .details.reason == "asked by the court" and (.details.filter | contains("Awaiting arrival"))'
}

@test "the same report of the same database has the same bytes" {
  export SOURCE_DATE_EPOCH=1790000000
  for format in xlsx pdf csv json jsonl html; do
    ctl --quiet export summary -o "$place/once.$format" --from 2026-09-01 --to 2026-09-08
    ctl --quiet export summary -o "$place/again.$format" --from 2026-09-01 --to 2026-09-08
    cmp "$place/once.$format" "$place/again.$format"
  done
}

@test "charts of the summary are there for another program" {
  ctl --quiet export summary -o "$place/summary.xlsx"
  read_xlsx "$place/summary.xlsx" >"$place/book"
  jq -e '.sheets[1].name == "Charts" and .sheets[1].charts >= 4' "$place/book"
}

@test "LibreOffice finds the same values in every sheet as openpyxl does" {
  ctl --quiet visit create --new-guest '0042' --company '1E5' --phone '+7 701 000 00 00' --host 1 --purpose other \
    --purpose-text '=1+1' --type delivery --contact-phone '8 701 765 43 21' --consent
  ctl --quiet visit checkin 3
  ctl --quiet visit checkout 3
  mkdir "$place/books"
  ctl --quiet export visits -o "$place/books/visits.xlsx" --locale ru
  ctl --quiet export visits -o "$place/books/columns.xlsx" --columns company,purpose,guest,phone,type,contact_phone
  ctl --quiet export auto-checkin -o "$place/books/auto.xlsx"
  ctl --quiet export summary -o "$place/books/summary.xlsx" --locale ru
  ctl --quiet export audit -o "$place/books/audit.xlsx"
  timeout 60 soffice "-env:UserInstallation=file://$place/office" --headless --norestore --convert-to fods \
    --outdir "$place/books" "$place"/books/*.xlsx
  for book in visits columns auto summary audit; do
    cells=$(/usr/bin/python3 "$VISITOR_SOURCE/tests/support/same_in_office.py" "$place/books/$book.xlsx" "$place/books/$book.fods")
    [ "$cells" -gt 10 ]
  done
  read_xlsx "$place/books/visits.xlsx" >"$place/book"
  jq -e '.sheets[1].rows[] | select(.[3].value == "0042") |
    .[1].value == "Доставка" and .[10] == {type: "s", value: "=1+1", format: "General"}
      and .[11].value == "+77017654321" and .[13].type == "d" and .[18].type == "d"' "$place/book"
}

@test "a document has its text in every script" {
  ctl --quiet export visits -o "$place/visits.pdf" --columns id,guest,department --locale ru
  qpdf --check "$place/visits.pdf"
  pdftotext -layout "$place/visits.pdf" "$place/text"
  grep -q 'Елена =1+1' "$place/text"
  grep -q '张伟' "$place/text"
}

@test "a database that is killed in the middle leaves nothing under the name, and status 14" {
  sql "INSERT INTO visit (guest_id, site_id, expected_from, expected_until, registered_at)
       SELECT 1, 1, now(), now() + interval '1 hour', now() FROM generate_series(1, 60000)" >/dev/null
  printf 'as it was' >"$place/broken.jsonl"
  # It runs in short pieces, and is stopped between them, until a part of the file is written.
  "$VISITORCTL" --config "$config" --json export visits -o "$place/broken.jsonl" 2>"$place/err" &
  local export=$! pieces
  for ((pieces = 0; pieces < 3000; pieces++)); do
    kill -STOP "$export"
    [ -z "$(find "$place" -maxdepth 1 -name '.visitor-report*' -size +0)" ] || break
    kill -CONT "$export"
    sleep 0.02
  done
  [ "$(sql "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'FETCH%'")" -eq 1 ]
  kill -CONT "$export"
  local status=0
  wait "$export" || status=$?
  cat "$place/err"
  [ "$status" -eq 14 ]
  jq -e .error.message "$place/err"
  [ "$(cat "$place/broken.jsonl")" = 'as it was' ]
  [ ! -e "$place/broken.jsonl.manifest.json" ]
  [ -z "$(find "$place" -maxdepth 1 -name '.visitor-report*')" ]
}

@test "a terminal shows rows, rate and what is left, and then nothing of it; nothing else does" {
  on_terminal() { TERM=xterm script -qec "stty cols 100; $VISITORCTL --config $config $* -o $place/shown.jsonl" /dev/null </dev/null; }
  [ "$(sql 'SELECT count(*) FROM visit')" -gt 60000 ]
  sql 'ANALYZE visit'
  on_terminal export visits >"$place/screen"
  line=$'\r\e\\[K2000 of about [0-9]+ rows, [0-9]+ a second, [0-9hms ]+ left\r\e\\[K'
  [[ "$(<"$place/screen")" =~ $line ]]
  # Whatever was shown is gone before anything else stands there.
  [[ "$(grep -a -B 1 '^Wrote' "$place/screen" | head -n 1)" == *$' left\r\e[KOf document numbers '* ]]
  for quiet in --quiet --json; do
    on_terminal "$quiet" export visits >"$place/screen"
    ! grep -q 'a second' "$place/screen"
  done
  ctl export visits -o "$place/shown.jsonl" >"$place/out" 2>&1
  ! grep -q 'a second' "$place/out"
}

@test "wrong words are refused before anything is written" {
  fails 2 export visits -o "$place/x.txt"
  fails 2 export visits --columns guset
  fails 2 export visits --format xlsx --bom -o "$place/x.xlsx"
  fails 2 export visits --period year
  fails 10 export visits --site Atlantis
  fails 13 export visits --format csv -o "$place/no/such/folder/x.csv"
  SOURCE_DATE_EPOCH=soon fails 2 export visits
  [ ! -e "$place/x.xlsx" ]
}
