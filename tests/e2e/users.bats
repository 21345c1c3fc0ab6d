#!/usr/bin/env bats
# Accounts, roles and groups at the command line.

bats_require_minimum_version 1.5.0
load common

setup_file() {
  new_office
  echo 'kq7 zt2v lantern' >"$place/passphrase"
}
teardown_file() { leave_place; }

@test "a user is added with a password from standard input, which is stored as a hash only" {
  run -0 ctl user add anna --name 'Anna Ivanova' --email anna@example.org --language ru --password-file - \
    <"$place/passphrase"
  [[ "$output" == *"Added user"*"anna"*"role grant anna"* ]]
  ctl --json user show ANNA | jq -e '.login == "anna" and .name == "Anna Ivanova" and .language == "ru" and
    .has_password and .grants == [] and .groups == []'
  [[ "$(sql "SELECT password_hash FROM account WHERE login = 'anna'")" == '$argon2id$v=19$m=65536,t=3,p=1$'* ]]
  [ "$(sql "SELECT count(*) FROM audit WHERE details::text LIKE '%lantern%' OR details::text LIKE '%argon2%'")" -eq 0 ]
}

@test "a password is refused where it is short, common or holds the login, and is no argument" {
  for password in 'kq7 zt' Password1 'my name is anna'; do
    run -2 --separate-stderr ctl user passwd anna --password-file - <<<"$password"
    [[ "$stderr" == *"the password"* ]]
    [[ "$stderr" != *"$password"* ]]
  done
  run -2 ctl user passwd anna 'kq7 zt2v lantern'
  run -2 --separate-stderr ctl user passwd anna </dev/null
  [[ "$stderr" == *"--password-file"* ]]
}

@test "a role is granted on a site, shown, and taken away there" {
  ctl --quiet role grant anna reception --site 'Head office'
  ctl --json user show anna | jq -e '.roles == ["reception"] and .grants[0].site.name == "Head office"'
  ctl --json role show reception | jq -e '[.grants[].login] == ["anna"] and (.permissions | index("visit.check_in"))'
  run -11 ctl role grant anna reception --site 1
  run -10 --separate-stderr ctl role revoke anna reception
  [[ "$stderr" == *"site Head office"* ]]
  run -2 ctl role grant anna manager --site 1 --department 1
  ctl --quiet role revoke anna reception --site 1
  ctl --json user show anna | jq -e '.grants == []'
}

@test "a site makes a role of its own from the list of permissions" {
  [ "$(ctl --json role list | jq '.roles | length')" -eq 7 ]
  ctl --json role permissions | jq -e '.permissions | length > 50 and all(.[]; .allows | length > 5)'
  ctl --quiet role create foreman --allow visit.view --allow inside.view --description 'Leads a crew'
  ctl --quiet role edit foreman --allow visit.check_in --forbid inside.view --second-factor
  ctl --json role show foreman | jq -e '.permissions == ["visit.view", "visit.check_in"] and .requires_second_factor'
  run -2 --separate-stderr ctl role create other --allow visit.vew
  [[ "$stderr" == *"visit.view"* ]]
  run -11 ctl role edit administrator --forbid audit.view
}

@test "a user is edited, disabled, enabled and, having done nothing, removed" {
  ctl --quiet user add boris
  run -0 ctl user edit boris --position Guard --phone '+7 701 123 45 67' --time-zone Asia/Almaty
  [[ "$output" == "Changed user "*"boris (version 2)." ]]
  run -11 ctl user edit boris --position Clerk --if-version 1
  ctl --quiet user disable boris
  ctl --json user list --disabled | jq -e '[.users[].login] == ["boris"]'
  run -11 ctl user disable boris
  ctl --quiet user enable boris
  run -0 ctl user unlock boris
  [[ "$output" == *"was not held up."* ]]
  run -2 ctl user remove boris </dev/null
  ctl --quiet user remove boris --yes
  run -10 ctl user show boris
}

@test "a group of users is told where a route names it" {
  ctl --quiet group add 'Night guards'
  ctl --quiet group member add 'night guards' anna
  ctl --json group list | jq -e '.groups == [.groups[0]] and .groups[0].members == ["anna"]'
  ctl --json user show anna | jq -e '.groups == ["Night guards"]'
  printf '\n[email]\nserver = "127.0.0.1"\nfrom = "visitor@example.org"\n' >>"$config"
  printf '[[route]]\nname = "night"\nto = ["users:night guards"]\n' >>"$config"
  run -0 ctl --json alert route test --type duress --severity critical
  [[ "$output" == *"user:anna"* ]]
  run -0 ctl group member remove 'Night guards' anna
  run -0 ctl alert route test --type duress --severity critical
  [[ "$output" == *"nobody in it can be reached"* ]]
  ctl --quiet group remove 'Night guards' --yes
  ctl --json group list | jq -e '.groups == []'
}
