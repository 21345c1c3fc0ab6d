#!/usr/bin/env bats
# Reports over the API: asked of one daemon, made by any, fetched from any, whoever is killed meanwhile.

bats_require_minimum_version 1.5.0
load common

setup_file() {
  new_office
  ctl --quiet department add Приемная
  ctl --quiet host add 'Данияр Омаров' --department Приемная
  ctl --quiet visit create --new-guest 'Елена =1+1' --company Nomad --host 1
  ctl --quiet user add anna --name 'Anna Ivanova' --email anna@example.org
  ctl --quiet role grant anna administrator
  ctl --quiet apikey create anna --name all \
    $(ctl --json role permissions | jq -r '.permissions[] | "--permission " + .name') >"$place/key"
  key=$(cat "$place/key")
  export key
}
teardown_file() { leave_place; }

setup() { pids=(); }
teardown() {
  let_go || true
  stop_started
}

# ready NAME: a daemon of that name answers; its address is in $url and its process in $daemon.
ready() {
  start_daemon "$1-$BATS_TEST_NUMBER"
  url=$(daemon_url "$1-$BATS_TEST_NUMBER")
  wait_for 60 curl -fsS -o "$place/ready" "$url/readyz"
}

# ask METHOD PATH [options…]: of the daemon at $url; the answer is in $place/answer, its head in $place/head.
ask() {
  local method=$1 path=$2
  shift 2
  curl -sS -X "$method" -H "Authorization: Bearer $key" -D "$place/head" -o "$place/answer" -w '%{http_code}' \
    "$@" "$url$path"
}
head_has() { tr -d '\r' <"$place/head" | grep -qixF "$1"; }
state() { [ "$(ask GET "$job")" = 200 ] && [ "$(jq -r .state "$place/answer")" = "$1" ]; }

# asked REPORT BODY: a job for it; its address is in $job.
asked() {
  [ "$(ask POST "/api/v1/reports/$1/" -H 'Content-Type: application/json' -d "$2")" = 202 ]
  job=$(tr -d '\r' <"$place/head" | sed -n 's/^location: //Ip')
  number=$(jq .id "$place/answer")
}

# Nobody reads alerts until let_go, so that a report of them stays in the middle.
hold_alerts() {
  ctl db shell -- -XqAt <<<'BEGIN; LOCK TABLE alert IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(900);' \
    >"$place/held" 2>&1 3>&- &
  pids+=($!)
  wait_for 20 holding
}
holding() { [ "$(sql "SELECT count(*) FROM pg_locks WHERE relation = 'alert'::regclass AND mode = 'AccessExclusiveLock' AND granted")" = 1 ]; }
let_go() { sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(900)%' AND pid <> pg_backend_pid()" >/dev/null; }
exports() { sql "SELECT count(*) FROM audit WHERE topic = 'report' AND action = 'export' AND entity_id = $number"; }

@test "a report is asked for, looked at, fetched whole and in parts, verified, and removed" {
  ready one
  asked visits '{"format": "csv", "columns": ["id", "guest"], "file_name": "Отчет \"1\".csv"}'
  wait_for 40 state done
  jq -e '.rows == 1 and .error == null and .file == "'"$job"'file/" and .sections == [{"key": "visits", "rows": 1}]' \
    "$place/answer"
  sha=$(jq -r .sha256 "$place/answer")
  [ "$(ask GET "${job}file/")" = 200 ]
  cp "$place/answer" "$place/fetched.csv"
  [ "$(sha256sum <"$place/fetched.csv")" = "$sha  -" ]
  head_has "ETag: \"$sha\""
  head_has 'Content-Type: text/csv; charset=utf-8'
  grep -qi "^content-disposition: attachment; filename=\"_____ _1_.csv\"; filename\*=UTF-8''%D0%9E" "$place/head"
  printf 'Visit,Guest\r\n1,Елена =1+1\r\n' | cmp - "$place/fetched.csv"
  [ "$(ask GET "${job}file/" -H "If-None-Match: \"$sha\"")" = 304 ]
  [ "$(ask GET "${job}file/" -H 'Range: bytes=6-10')" = 206 ]
  [ "$(cat "$place/answer")" = Guest ]
  [ "$(ask GET "${job}manifest/")" = 200 ]
  cp "$place/answer" "$place/fetched.csv.manifest.json"
  ctl --json export verify "$place/fetched.csv" | jq -e '.report == "visits" and .by == "anna"'
  ctl --json audit list --topic report --action export --limit 1 |
    jq -e --arg sha "$sha" '.audit[0].details.sha256 == $sha and .audit[0].account.login == "anna"'
  [ "$(ask DELETE "$job")" = 200 ]
  [ "$(ask GET "${job}file/")" = 404 ]
}

@test "the addresses of the dashboards give the file itself, with and without the slash" {
  ready one
  for path in pdf pdf/ xlsx xlsx/; do
    [ "$(ask GET "/dashboards/auto-checkin/export/$path?period=7d&locale=ru")" = 200 ]
    [ "$(stat -c %s "$place/answer")" -gt 1000 ]
    head -c 2 "$place/answer" | grep -qE '%P|PK'
    [ "$(curl -s -o /dev/null -w '%{http_code}' "$url/dashboards/auto-checkin/export/$path")" = 401 ]
  done
  [ "$(ask GET /dashboards/auto-checkin/export/pdf)" = 200 ]
  qpdf --check "$place/answer"
  [ "$(ask GET '/dashboards/auto-checkin/export/pdf/?perod=7d')" = 400 ]
}

@test "a daemon that is killed in the middle of a report leaves it to another one, and it is made once" {
  declare -A process address
  ready one
  process[$daemon]=one address[one]=$url
  ready two
  process[$daemon]=two address[two]=$url
  hold_alerts
  asked alerts '{"format": "jsonl"}'
  wait_for 40 state running
  holder=$(sql "SELECT split_part(holder, ':', 2) FROM report_job WHERE id = $number")
  name=${process[$holder]}
  kill -KILL "$holder"
  wait "$holder" || true
  let_go
  other=$([ "$name" = one ] && echo two || echo one)
  url=${address[$other]}
  wait_for 60 state done
  [ "$(sql "SELECT claim FROM report_job WHERE id = $number")" -ge 2 ]
  sha=$(jq -r .sha256 "$place/answer")
  [ "$(ask GET "${job}file/")" = 200 ]
  [ "$(sha256sum <"$place/answer")" = "$sha  -" ]
  [ "$(exports)" = 1 ]
}

@test "while reports are made others are answered, and a daemon that ends gives its report back" {
  ready one
  hold_alerts
  asked alerts '{}'
  wait_for 40 state running
  curl -sS -o "$place/at-once" -H "Authorization: Bearer $key" "$url/api/v1/reports/alerts/file/" &
  pids+=($!)
  [ "$(ask GET /api/v1/visits/)" = 200 ]
  [ "$(ask GET /api/v1/reports/)" = 200 ]
  kill -TERM "$daemon"
  status=0
  wait "$daemon" || status=$?
  [ "$status" -eq 0 ]
  [ "$(sql "SELECT state || ' ' || tries FROM report_job WHERE id = $number")" = 'queued 0' ]
  let_go
  ready again
  wait_for 40 state done
  [ "$(exports)" = 1 ]
}
