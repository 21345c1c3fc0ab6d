#!/usr/bin/env bats
# What 'cmake --install' puts in place, used from there.

bats_require_minimum_version 1.5.0
load common

setup_file() {
  export stage
  stage=$(mktemp -d "${TMPDIR:-/tmp}/visitor-install.XXXXXX")
  DESTDIR=$stage cmake --install "$(dirname "$VISITORCTL")/.." >"$stage/log"
  export root=$stage/usr/local
}

teardown_file() {
  rm -rf "$stage"
}

@test "the installed programs say the version that was built" {
  [ "$("$root/bin/visitorctl" --version)" = "$("$VISITORCTL" --version)" ]
  [ "$("$root/bin/visitord" --version)" = "$("$VISITORD" --version)" ]
}

@test "the units name the programs where they were installed, and systemd takes them" {
  grep -qx 'ExecStart=/usr/local/bin/visitord' "$root/lib/systemd/system/visitord.service"
  grep -qx 'ExecStart=/usr/local/bin/visitorctl --quiet backup create --if-due --prune' \
    "$root/lib/systemd/system/visitor-backup.service"
  run ! grep -q '/usr/bin/' "$root"/lib/systemd/system/visitor*.service
  # The staged root holds nothing else: no targets, no kill, no pages for man.
  systemd-analyze --root="$stage" verify visitord.socket visitord.service visitor-backup.timer visitor-backup.service \
    2>&1 | { grep '^visitor' | grep -v 'sysinit.target\|/bin/kill\|Command .man ' || true; } >"$BATS_TEST_TMPDIR/complaints"
  cat "$BATS_TEST_TMPDIR/complaints"
  [ ! -s "$BATS_TEST_TMPDIR/complaints" ]
}

@test "every manual page of the source is installed" {
  local page
  for page in "$VISITOR_SOURCE"/man/*.[1578]; do
    cmp "$page" "$root/share/man/man${page##*.}/${page##*/}"
  done
}

@test "the shells find the completions" {
  bash -c "source '$root/share/bash-completion/completions/visitorctl' && complete -p visitorctl"
  [ -s "$root/share/zsh/site-functions/_visitorctl" ]
  [ -s "$root/share/fish/vendor_completions.d/visitorctl.fish" ]
}
