#!/usr/bin/env bats
# The audit as somebody sees it who has to trust it: who came from where, and what tampering looks like.

bats_require_minimum_version 1.5.0
load common

setup_file() {
  new_office
  mkdir "$place/checkpoints"
  printf '\n[audit]\ncheckpoint_to = ["file://%s"]\n' "$place/checkpoints" >>"$config"
  printf '850101300199\n' >"$place/document"
  ctl --quiet guest add 'Elena Petrova' --document-file "$place/document"
  ctl --quiet guest add 'Timur Akhmetov'
}
teardown_file() { leave_place; }

# As the owner of the server can, past every trigger.
tamper() { sql "SET session_replication_role = replica; $1" >/dev/null; }

unhex() { python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))'; }

# Whether 'audit verify WORDS…' finds something.
finds() {
  run --separate-stderr ctl audit verify "$@"
  [ "$status" -eq 17 ]
  [[ "$stderr" == *"not what was written"* ]]
}

# What is wrong, in words of one each, in the order of the chain.
found() {
  run --separate-stderr ctl --json audit verify --full
  [ "$status" -eq 17 ]
  [ "$(jq -r '[.findings[].what] | unique | join(" ")' <<<"$output")" = "$1" ]
}

@test "each row says who, from where and in which run, and the filters find it" {
  ctl --json audit list --topic guest --who "$(id -un)" | jq -e --arg me "cli:$(id -un)($(id -u))@" '
    (.audit | length == 2) and (.audit | all(.action == "create" and (.source | startswith($me)))) and
    .audit[0].request_id != .audit[1].request_id and (.audit[0].request_id | length == 16)'
  ctl --json audit list --topic guest --entity 2 | jq -e '.audit | length == 1'
  ctl --json audit list --topic guest --action view | jq -e '.audit == []'
  ctl --json audit list --since +0s | jq -e '.audit == []'
  newest=$(ctl --json audit list --limit 1 | jq .audit[0].id)
  ctl --json audit list --before "$newest" --limit 1 | jq -e ".audit[0].id < $newest"
  fails 10 audit show 4711
}

@test "whoever sees a document number is on record" {
  [ "$(ctl --json guest document 1 | jq -r .document)" = 850101300199 ]
  fails 10 guest document 2
  ctl --json audit list --topic guest --action view | jq -e '
    (.audit | length == 1) and .audit[0].entity_id == 1 and .audit[0].details == {"what": "document"}'
  [ "$(sql "SELECT count(*) FROM audit WHERE details::text LIKE '%850101%'")" = 0 ]
}

@test "an export is verified by a program that is not ours, and shows what was changed in it" {
  ctl audit checkpoint
  key=$(ctl --json audit checkpoint | jq -r .public_keys[0])
  ctl audit export >"$place/audit.jsonl"
  python3 - "$place/audit.jsonl" <<'PYTHON'
import hashlib, json, struct, sys

lines = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
assert lines[0]["format"] == "visitor-audit/1"
position, previous = lines[0]["position"], bytes.fromhex(lines[0]["hash"])
text = lambda value: struct.pack(">q", len(value.encode())) + value.encode()
rows = [line for line in lines if "id" in line]
assert len(rows) >= 5
for row in rows:
    position += 1
    message = b"visitor-audit-1\0" + struct.pack(">q", position) + previous
    message += struct.pack(">qqqq", row["id"], row["at_us"], row["account_id"], row["entity_id"])
    message += b"".join(text(row[name]) for name in ("action", "topic", "details", "source", "request_id"))
    previous = hashlib.blake2b(message, digest_size=32).digest()
    assert (row["position"], row["hash"]) == (position, previous.hex()), row
PYTHON
  ctl --json audit list --action export --topic audit --limit 1 | jq -e --arg me "cli:$(id -un)(" '
    .audit | length == 1 and (.[0].source | startswith($me))'
  # The signature, too.
  tail -n 1 "$place/audit.jsonl" >"$place/signed"
  sed -E 's/,"signature":"[0-9a-f]+"\}$/}/' "$place/signed" | tr -d '\n' >"$place/body"
  jq -r .signature "$place/signed" | unhex >"$place/signature"
  { printf '302a300506032b6570032100'; printf '%s' "${key#vbs-}" | cut -c 1-64; } | unhex >"$place/key.der"
  openssl pkeyutl -verify -pubin -inkey "$place/key.der" -keyform DER -rawin -in "$place/body" \
    -sigfile "$place/signature"

  ctl --json audit verify --file "$place/audit.jsonl" --public-key "$key" | jq -e '.whole and .checkpoints >= 1'
  sed 's/Elena Petrova/Helen Petrova/' "$place/audit.jsonl" >"$place/changed.jsonl"
  ! cmp -s "$place/audit.jsonl" "$place/changed.jsonl"
  finds --file "$place/changed.jsonl" --public-key "$key"
  head -n 3 "$place/audit.jsonl" >"$place/short.jsonl"
  tail -n 1 "$place/audit.jsonl" >>"$place/short.jsonl"
  finds --file "$place/short.jsonl"
  finds --file "$place/audit.jsonl" --public-key "$(ctl badge key)"
  fails 2 audit verify --file "$place/audit.jsonl" --public-key "${key%?}"
  fails 2 audit verify --public-key "$key"
}

@test "a checkpoint lies at its place, and tells of rows that were cut off together with all that the database knows" {
  ctl --quiet guest edit 2 --company Nomad
  ctl --json audit checkpoint | jq -e '.new and .sent == 1'
  ctl --json audit checkpoint | jq -e '(.new | not) and .sent == 0'
  ctl --json audit verify | jq -e '.whole and .position > 5'
  cmp "$place/checkpoints/$(ls "$place/checkpoints" | tail -n 1)" <(ctl --json audit checkpoint | jq -j .document)
  tamper "DELETE FROM audit_checkpoint; DELETE FROM audit_verified;
          DELETE FROM audit WHERE id IN (SELECT audit_id FROM audit_link ORDER BY position DESC LIMIT 2);
          DELETE FROM audit_link WHERE position > (SELECT max(position) - 2 FROM audit_link)" # the newest is of this shell
  found truncated
}
