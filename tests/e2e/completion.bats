#!/usr/bin/env bats
# What Tab does in real shells: each is started on a terminal of its own, keys are typed into it, and what it then runs is
# looked at.

bats_require_minimum_version 1.5.0
load common

setup_file() {
  new_office
  ctl --quiet department add 'Public Relations'
  ctl --quiet host add "Dana O'Connor" --department 1
  ctl --quiet host add 'Даниил Омаров' --department 1
  ctl --quiet host add 'Rashid $(id) "R" Bek' --department 1
  ctl --quiet guest add 'Елена Петрова' --employee-no 1017
  ctl --quiet visit create --guest 1 --host 1
  ctl --quiet terminal add 'Main: entrance' http://127.0.0.1:9 --password-file "$place/password" --disabled

  # Stands in for the program: answers the shell's questions, and writes down what it was called with otherwise.
  mkdir "$place/bin"
  cat >"$place/bin/visitorctl" <<SH
#!/bin/bash
for word; do
  [ "\$word" = __complete ] && exec "$VISITORCTL" --config "$config" "\$@"
done
printf '<%s>\n' "\$@" >"\$TYPED.new"
mv "\$TYPED.new" "\$TYPED"
SH
  chmod 755 "$place/bin/visitorctl"
  # A fish that finds no generated completions begins to write some, in a process that outlives it.
  mkdir -p "$place/zsh" "$place/fish/fish/generated_completions"
  "$VISITORCTL" completion bash >"$place/visitorctl.bash"
  "$VISITORCTL" completion zsh >"$place/zsh/_visitorctl"
  "$VISITORCTL" completion fish >"$place/fish/visitorctl.fish"
  cat >"$place/bashrc" <<SH
source "$place/visitorctl.bash"
PROMPT_COMMAND='touch "\$READY"'
SH
  cat >"$place/zsh/.zshrc" <<SH
fpath=("$place/zsh" \$fpath)
autoload -Uz compinit && compinit -u -d "$place/zsh/.zcompdump"
precmd() { touch "\$READY" }
SH
  cat >"$place/fish/fish/config.fish" <<SH
set -g fish_greeting
source "$place/fish/visitorctl.fish"
function fish_prompt
  touch "\$READY"
  echo '> '
end
SH
  export LC_ALL=C.UTF-8
}
teardown_file() { leave_place; }

# What SHELL makes of KEYS ("\t" is Tab): the arguments that the program was called with, each in <…>.
typed() {
  local shell=$1 keys=$2 command
  case $shell in
    bash) command="bash --noprofile --rcfile $place/bashrc -i" ;;
    zsh) command="env ZDOTDIR=$place/zsh zsh -i" ;;
    fish) command="env XDG_CONFIG_HOME=$place/fish XDG_DATA_HOME=$place/fish XDG_CACHE_HOME=$place/fish fish -i" ;;
  esac
  export TYPED=$place/typed.$shell READY=$place/ready.$shell
  rm -f "$TYPED" "$READY"
  {
    wait_for 20 test -e "$READY"
    sleep 0.3 # from the prompt to the first key
    printf '%b' "$keys"
    sleep 0.3 # fish takes keys that come too fast for a paste
    printf '\r'
    wait_for 20 test -e "$TYPED" || true
    printf 'exit\r'
  } | env TERM=xterm PATH="$place/bin:$PATH" HOME="$place" script -qec "stty cols 200; $command" /dev/null >"$place/screen.$shell" 2>&1
  cat "$TYPED" || { cat -v "$place/screen.$shell"; return 1; }
}

# expect KEYS WORD…: in every shell the program is called with these words. The shells are typed into at the same time.
expect() {
  local keys=$1 wanted shell got
  shift
  wanted=$(printf '<%s>\n' "$@")
  for shell in bash zsh fish; do
    typed "$shell" "$keys" >"$place/got.$shell" 2>&1 3>&- &
  done
  wait
  for shell in bash zsh fish; do
    got=$(cat "$place/got.$shell")
    echo "$shell: $keys → $got"
    [ "$got" = "$wanted" ]
  done
}

@test "commands, options and fixed values are completed" {
  expect 'visitorctl vis\tcheckou\t7' visit checkout 7
  expect 'visitorctl visit list --stat\tchecked_i\t' visit list --status CHECKED_IN
}

@test "the numbers of visits are completed" {
  expect 'visitorctl visit checkin \t' visit checkin 1
}

@test "names with blanks and quotes are completed as one word" {
  expect 'visitorctl host show Dana\t' host show "Dana O'Connor"
  expect 'visitorctl department show "pub\t' department show 'Public Relations'
}

@test "names that are not ASCII are completed" {
  expect 'visitorctl host show Дан\t' host show 'Даниил Омаров'
}

@test "what would run something stays text" {
  expect 'visitorctl host show Rash\t' host show 'Rashid $(id) "R" Bek'
}

@test "a name that was begun with an escaped blank goes on, and a colon in a name is kept" {
  expect 'visitorctl terminal show Main\t' terminal show 'Main: entrance'
  expect 'visitorctl host show Dana\\ O\t' host show "Dana O'Connor"
}

@test "the value of an option is completed after a blank and after an equals sign" {
  expect 'visitorctl visit list --site he\t' visit list --site 'Head office'
  expect 'visitorctl visit list --site=Head\t' visit list '--site=Head office'
}

@test "files are completed where a file is wanted" {
  touch "$place/a capture.json"
  expect "visitorctl event decode $place/a\\\\ cap\\t" event decode "$place/a capture.json"
}

@test "help completes commands of any depth" {
  expect 'visitorctl help guest cred\t' help guest credential
}

# asked KIND [BEGINNING [WORD…]]: what the program proposes, and that it says nothing else.
asked() {
  ctl __complete -- "$@" 2>"$place/err" >"$place/out"
  [ ! -s "$place/err" ]
  cut -f 1 "$place/out"
}

@test "numbers are completed by their first digits, and letters find none" {
  for _ in 2 3 4 5 6 7 8 9 10 11; do ctl --quiet visit create --guest 1 --host 1; done
  [ "$(asked VISIT '' | head -n 1)" = 11 ]
  [ "$(asked VISIT 1 | xargs)" = '11 10 1' ]
  [ -z "$(asked VISIT 12)" ]
  [ -z "$(asked VISIT x)" ]
  [ -z "$(asked VISIT 0)" ]
  [ -z "$(asked VISIT -1)" ]
  [ -z "$(asked VISIT 99999999999999999999)" ]
  [ "$(asked VISIT 9223372036854775807 | wc -l)" -eq 0 ]
}

@test "guests are completed by number and by name, with the name beside the number" {
  [ "$(asked GUEST '')" = 1 ]
  grep -q $'^1\tЕлена Петрова$' "$place/out"
  [ "$(asked GUEST елен)" = 'Елена Петрова' ]
}

@test "patterns and statements are only text" {
  [ -z "$(asked HOST '%')" ]
  [ -z "$(asked HOST "'; DROP TABLE host; --")" ]
  [ -z "$(asked HOST $'\xff\xfe')" ]
  [ "$(asked HOST | wc -l)" -eq 3 ]
}

@test "options of the configuration and time zones need no database" {
  [ "$(env -i "$VISITORCTL" __complete -- OPTION http.po | cut -f 1)" = http.port ]
  [ "$(env -i "$VISITORCTL" __complete -- ZONE Asia/Alma)" = $'Asia/Almaty\t' ]
}

@test "wherever the database is away nothing is said, nothing is started, and it does not take long" {
  ctl --quiet db stop
  [ -z "$(asked VISIT)" ]
  [ "$(ctl --json db status | jq -r .state)" = stopped ]
  [ -z "$("$VISITORCTL" --config "$place/missing.toml" __complete -- VISIT 2>&1)" ]
  [ -z "$(env -i "$VISITORCTL" __complete -- NOSUCHKIND x 2>&1)" ]
  # Documentation addresses go nowhere.
  printf '[state]\ndirectory = "%s/state"\n[database]\nurl = "host=192.0.2.1 dbname=x"\n' "$place" >"$place/far.toml"
  chmod 600 "$place/far.toml"
  started=$(date +%s%N)
  [ -z "$("$VISITORCTL" --config "$place/far.toml" __complete -- VISIT 2>&1)" ]
  [ $((($(date +%s%N) - started) / 1000000)) -lt 3000 ]
  ctl --quiet db start
}

@test "Tab on a program that cannot answer leaves the line as it is" {
  expect 'visitorctl --config /nonexistent/x.toml host show Zzz\t' --config /nonexistent/x.toml host show Zzz
}
