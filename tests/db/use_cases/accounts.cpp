#include "app/accounts.hpp"

#include <boost/test/unit_test.hpp>

#include "app/roles.hpp"
#include "auth/principals.hpp"
#include "work.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::Permission;
using domain::Scope;

namespace {

constexpr auto kHash = "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$c29tZWhhc2g";

struct Accounts : AtWork {
  domain::Account an_account(const std::string& login, const std::string& name = {}) {
    app::NewAccount wanted;
    wanted.login = login;
    wanted.name = name;
    return app::add_account(work(), wanted);
  }
  domain::Role role(const std::string& name) { return app::resolve_role(work(), name); }
  app::Work limited(Scope scope) { return {tx, actor, today_at("08:30"), settings, std::move(scope)}; }
  auth::SessionIssued a_session(AccountId account) {
    return auth::Sessions{tx}.open({.account = account, .address = "192.0.2.1", .agent = "test"}, {},
                                   today_at("08:30"));
  }
  bool is_alive(const auth::SessionIssued& session) {
    return auth::Sessions{tx}.find_by_access(session.tokens.access, today_at("08:31")).has_value();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(accounts, Accounts)

BOOST_AUTO_TEST_CASE(an_account_keeps_what_is_known_of_a_person) {
  app::NewAccount wanted;
  wanted.login = " Anna.I ";
  wanted.name = "Анна Иванова";
  wanted.company = "Nomad LLP";
  wanted.department = "Admissions";
  wanted.position = "Clerk";
  wanted.email = "anna@example.org";
  wanted.phone = "+7 701 123-45-67";
  wanted.language = domain::Language::russian;
  wanted.time_zone = "Asia/Almaty";
  wanted.chat_id = "4711";

  const auto account = app::add_account(work(), wanted);

  const auto found = app::resolve_account(work(), "anna.i");
  BOOST_TEST(found.id.value == account.id.value);
  BOOST_TEST(found.login == "Anna.I");
  BOOST_TEST(found.name == "Анна Иванова");
  BOOST_TEST(found.company == "Nomad LLP");
  BOOST_TEST(found.department == "Admissions");
  BOOST_TEST(found.position == "Clerk");
  BOOST_TEST(found.email == "anna@example.org");
  BOOST_TEST(found.phone == "+77011234567");
  BOOST_CHECK(found.language == domain::Language::russian);
  BOOST_TEST(found.time_zone == "Asia/Almaty");
  BOOST_TEST(found.chat_id == "4711");
  BOOST_TEST(!found.has_password);
  BOOST_TEST(found.roles.empty());
  BOOST_TEST(app::resolve_account(work(), std::to_string(account.id.value)).login == "Anna.I");
  BOOST_TEST((audited("account", account.id) == std::vector<std::string>{"create"}));
}

BOOST_AUTO_TEST_CASE(a_field_that_is_wrong_is_named_and_nothing_is_stored) {
  const auto add = [&](auto set) {
    app::NewAccount wanted;
    wanted.login = "somebody";
    set(wanted);
    app::add_account(work(), wanted);
  };
  BOOST_CHECK_EXCEPTION(add([](auto& a) { a.login = " "; }), Error, says(Errc::usage, "the login"));
  BOOST_CHECK_EXCEPTION(add([](auto& a) { a.login = "anna ivanova"; }), Error, says(Errc::usage, "blank"));
  BOOST_CHECK_EXCEPTION(add([](auto& a) { a.login = "42"; }), Error, says(Errc::usage, "is a number"));
  BOOST_CHECK_EXCEPTION(add([](auto& a) { a.login = "an\nna"; }), Error, says(Errc::usage, "control characters"));
  BOOST_CHECK_EXCEPTION(add([](auto& a) { a.login = std::string(101, 'x'); }), Error, says(Errc::usage, "101"));
  BOOST_CHECK_EXCEPTION(add([](auto& a) { a.name = std::string(201, 'x'); }), Error, says(Errc::usage, "the name"));
  BOOST_CHECK_EXCEPTION(add([](auto& a) { a.email = "anna at home"; }), Error, says(Errc::usage, "anna at home"));
  BOOST_CHECK_EXCEPTION(add([](auto& a) { a.phone = "12"; }), Error, has_code(Errc::usage));
  BOOST_CHECK_EXCEPTION(add([](auto& a) { a.time_zone = "Asia/Almati"; }), Error, says(Errc::usage, "Asia/Almati"));
  BOOST_CHECK_EXCEPTION(app::resolve_account(work(), "somebody"), Error, has_code(Errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_login_is_taken_once_whatever_its_case) {
  an_account("Anna");
  const auto boris = an_account("boris");
  BOOST_CHECK_EXCEPTION(an_account("ANNA"), Error, says(Errc::conflict, "'Anna'"));
  app::AccountEdit wanted;
  wanted.login = "aNNa";
  BOOST_CHECK_EXCEPTION(app::edit_account(work(), boris.id, wanted), Error, says(Errc::conflict, "'Anna'"));
  BOOST_CHECK_EXCEPTION(app::resolve_account(work(), "borris"), Error, has_code(Errc::not_found));
  try {
    app::resolve_account(work(), "borris");
  } catch (const Error& error) {
    BOOST_TEST(error.hint() == "Did you mean 'boris'?");
  }
}

BOOST_AUTO_TEST_CASE(an_edit_changes_what_is_named_and_loses_a_race) {
  const auto account = an_account("anna", "Anna");
  app::AccountEdit wanted;
  wanted.position = "Head of reception";
  wanted.language = domain::Language::russian;
  const auto after = app::edit_account(work(), account.id, wanted, 1);
  BOOST_TEST(after.name == "Anna");
  BOOST_TEST(after.position == "Head of reception");
  BOOST_TEST(after.version == 2);
  BOOST_TEST(app::edit_account(work(), account.id, wanted, 2).version == 2);
  wanted.position = "Clerk";
  BOOST_CHECK_EXCEPTION(app::edit_account(work(), account.id, wanted, 1), Error, has_code(Errc::conflict));
  BOOST_TEST((audited("account", account.id) == std::vector<std::string>{"create", "update"}));
}

BOOST_AUTO_TEST_CASE(a_list_is_narrowed_by_text_role_and_state) {
  const auto anna = an_account("anna-" + house.tag, "Anna Ivanova");
  const auto boris = an_account("boris-" + house.tag, "100% Boris");
  app::grant_role(work(), anna, role("reception"), {.site = house.site});
  app::disable_account(work(), boris.id);
  const auto logins = [&](app::UserFilter filter) {
    std::vector<std::string> logins;
    for (const auto& account : app::list_accounts(work(), filter))
      if (account.login.ends_with("-" + house.tag)) logins.push_back(account.login);
    return logins;
  };
  const std::vector<std::string> only_anna{anna.login}, only_boris{boris.login};
  BOOST_TEST((logins({}) == std::vector<std::string>{anna.login, boris.login}));
  BOOST_TEST((logins({.text = "ivanova"}) == only_anna));
  BOOST_TEST((logins({.text = "0% b"}) == only_boris));
  BOOST_TEST((logins({.text = "%Ivanova%"}).empty()));
  BOOST_TEST((logins({.disabled = true}) == only_boris));
  BOOST_TEST((logins({.disabled = false}) == only_anna));
  BOOST_TEST((logins({.role = role("reception").id}) == only_anna));
}

BOOST_AUTO_TEST_CASE(disabling_ends_the_sessions_at_once_and_the_rights_with_them) {
  const auto account = an_account("anna");
  app::grant_role(work(), account, role("reception"), {});
  const auto session = a_session(account.id);
  BOOST_TEST(is_alive(session));

  const auto disabled = app::disable_account(work(), account.id);

  BOOST_TEST(disabled.disabled_at.has_value());
  BOOST_TEST(!is_alive(session));
  BOOST_TEST(!auth::find_principal(tx, account.id).has_value());
  BOOST_CHECK_EXCEPTION(app::disable_account(work(), account.id), Error, says(Errc::conflict, "already"));
  BOOST_CHECK_EXCEPTION(app::grant_role(work(), disabled, role("auditor"), {}), Error,
                        says(Errc::conflict, "is disabled"));
  BOOST_TEST(!app::enable_account(work(), account.id).disabled_at.has_value());
  BOOST_TEST(!is_alive(session));
  BOOST_TEST(auth::find_principal(tx, account.id).has_value());
  BOOST_CHECK_EXCEPTION(app::enable_account(work(), account.id), Error, has_code(Errc::conflict));
}

BOOST_AUTO_TEST_CASE(a_new_password_ends_the_sessions_and_is_not_in_the_audit) {
  const auto account = an_account("anna");
  const auto session = a_session(account.id);

  const auto after = app::set_account_password(work(), account.id, kHash);

  BOOST_TEST(after.has_password);
  BOOST_CHECK(after.password_changed_at == today_at("08:30"));
  BOOST_TEST(!is_alive(session));
  app::AuditFilter filter;
  filter.topic = "account";
  filter.entity = account.id.value;
  for (const auto& record : app::list_audit(work(), filter))
    BOOST_TEST(record.details.find("argon2") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_daemons_account_cannot_be_touched) {
  const auto daemon = app::ensure_actor(tx, "system", domain::ActionHow::automatic, today_at("06:00"));
  const auto account = app::resolve_account(work(), "system");
  app::AccountEdit wanted;
  wanted.name = "Somebody";
  BOOST_CHECK_EXCEPTION(app::edit_account(work(), daemon.account, wanted), Error, says(Errc::conflict, "daemon"));
  BOOST_CHECK_EXCEPTION(app::disable_account(work(), daemon.account), Error, says(Errc::conflict, "daemon"));
  BOOST_CHECK_EXCEPTION(app::remove_account(work(), daemon.account), Error, says(Errc::conflict, "daemon"));
  BOOST_CHECK_EXCEPTION(app::set_account_password(work(), daemon.account, kHash), Error,
                        says(Errc::conflict, "daemon"));
  BOOST_CHECK_EXCEPTION(app::grant_role(work(), account, role("auditor"), {}), Error, says(Errc::conflict, "daemon"));
}

BOOST_AUTO_TEST_CASE(who_has_done_something_stays_and_who_has_not_can_go) {
  const auto account = an_account("anna");
  app::grant_role(work(), account, role("reception"), {.site = house.site});
  app::add_group(work(), "Guards", "");
  app::add_member(work(), "guards", account);
  tx.savepoint([&] {
    app::remove_account(work(), account.id);
    BOOST_CHECK_EXCEPTION(app::resolve_account(work(), "anna"), Error, has_code(Errc::not_found));
    BOOST_TEST(app::resolve_group(work(), "Guards").members.empty());
    BOOST_TEST((audited("account", account.id) == std::vector<std::string>{"create", "delete"}));
  });
  const auto boris = an_account("boris");
  a_session(boris.id);
  BOOST_CHECK_EXCEPTION(app::remove_account(work(), boris.id), Error, says(Errc::conflict, "1 session"));
  app::disable_account(work(), boris.id);
  BOOST_CHECK_EXCEPTION(app::remove_account(work(), actor.account), Error, says(Errc::conflict, "audit row"));
}

BOOST_AUTO_TEST_CASE(the_last_administrator_cannot_be_disabled_removed_or_deprived) {
  tx.exec("DELETE FROM role_grant WHERE role_id = $1", role("administrator").id);
  const auto anna = an_account("anna");
  const auto boris = an_account("boris");
  app::grant_role(work(), anna, role("administrator"), {});
  app::grant_role(work(), boris, role("administrator"), {.site = house.site});
  const auto last = says(Errc::conflict, "last administrator");
  BOOST_CHECK_EXCEPTION(app::disable_account(work(), anna.id), Error, last);
  BOOST_CHECK_EXCEPTION(app::remove_account(work(), anna.id), Error, last);
  BOOST_CHECK_EXCEPTION(app::revoke_role(work(), anna, role("administrator"), {}), Error, last);

  app::grant_role(work(), boris, role("administrator"), {});
  app::disable_account(work(), anna.id);
  BOOST_CHECK_EXCEPTION(app::revoke_role(work(), boris, role("administrator"), {}), Error, last);
}

BOOST_AUTO_TEST_CASE(accounts_are_for_those_who_may_do_so_on_everything) {
  const auto account = an_account("anna");
  const auto at_site = [&] { return limited(Scope::of({house.site}, {})); };
  BOOST_CHECK_EXCEPTION(app::list_accounts(at_site()), Error, has_code(Errc::denied));
  BOOST_CHECK_EXCEPTION(app::resolve_account(at_site(), "anna"), Error, has_code(Errc::denied));
  BOOST_CHECK_EXCEPTION(app::disable_account(at_site(), account.id), Error, has_code(Errc::denied));
  BOOST_CHECK_EXCEPTION(app::set_account_password(at_site(), account.id, kHash), Error, has_code(Errc::denied));
  BOOST_CHECK_EXCEPTION(app::create_role(at_site(), {"foreman", "", false, {"visit.view"}}), Error,
                        has_code(Errc::denied));
  BOOST_CHECK_EXCEPTION(app::grant_role(at_site(), account, role("auditor"), {}), Error, has_code(Errc::denied));
  BOOST_CHECK_NO_THROW(app::grant_role(at_site(), account, role("reception"), {.site = house.site}));
  BOOST_CHECK_NO_THROW(app::grant_role(at_site(), account, role("manager"), {.department = house.department}));
  const auto other = House::build(tx);
  BOOST_CHECK_EXCEPTION(app::grant_role(at_site(), account, role("reception"), {.site = other.site}), Error,
                        has_code(Errc::not_found));
  BOOST_CHECK_EXCEPTION(app::add_group(at_site(), "Guards", ""), Error, has_code(Errc::denied));
}

BOOST_AUTO_TEST_CASE(a_role_is_granted_once_in_a_place_and_taken_from_there_only) {
  const auto account = an_account("anna");
  const auto reception = role("reception");
  const auto grant = app::grant_role(work(), account, reception, {.site = house.site});
  BOOST_TEST(grant.place == "Site " + house.tag);
  BOOST_CHECK_EXCEPTION(app::grant_role(work(), account, reception, {.site = house.site}), Error,
                        says(Errc::conflict, "already"));
  app::grant_role(work(), account, reception, {.department = house.department});
  BOOST_TEST(app::list_grants(work(), {.account = account.id}).size() == 2);
  const auto principal = auth::find_principal(tx, account.id);
  BOOST_CHECK(principal->scope_for(Permission::visit_check_in) == Scope::of({house.site}, {house.department}));
  BOOST_TEST((app::resolve_account(work(), "anna").roles == std::vector<std::string>{"reception"}));

  try {
    app::revoke_role(work(), account, reception, {});
    BOOST_ERROR("it was taken");
  } catch (const Error& error) {
    BOOST_CHECK(error.code() == Errc::not_found);
    BOOST_TEST(error.hint().find("site Site " + house.tag) != std::string::npos);
  }
  BOOST_TEST(app::revoke_role(work(), account, reception, {.site = house.site}).id.value == grant.id.value);
  BOOST_CHECK(auth::find_principal(tx, account.id)->scope_for(Permission::visit_check_in) ==
              Scope::of({}, {house.department}));
  BOOST_TEST((audited("role_grant", grant.id) == std::vector<std::string>{"permission_change", "permission_change"}));
}

BOOST_AUTO_TEST_CASE(a_role_of_ones_own_is_made_of_listed_permissions) {
  const auto foreman =
      app::create_role(work(), {"foreman", "Leads a crew", false, {"visit.view", "Inside.View", "visit.view"}});
  BOOST_TEST(foreman.permissions.size() == 2u);
  const auto create = [&](const std::string& name, std::vector<std::string> permissions) {
    app::create_role(work(), {name, "", false, std::move(permissions)});
  };
  BOOST_CHECK_EXCEPTION(create("foreman", {"visit.view"}), Error, says(Errc::conflict, "'foreman'"));
  BOOST_CHECK_EXCEPTION(create("Foreman", {"visit.view"}), Error, has_code(Errc::usage));
  BOOST_CHECK_EXCEPTION(create("4men", {"visit.view"}), Error, has_code(Errc::usage));
  BOOST_CHECK_EXCEPTION(create("other", {}), Error, says(Errc::usage, "without a permission"));
  BOOST_CHECK_EXCEPTION(create("other", {"visit.levitate"}), Error, says(Errc::usage, "visit.levitate"));

  app::RoleEdit wanted;
  wanted.allow = {"visit.check_in"};
  wanted.forbid = {"inside.view"};
  wanted.requires_second_factor = true;
  const auto after = app::edit_role(work(), "foreman", wanted, 1);
  BOOST_CHECK((after.permissions == std::vector{Permission::visit_view, Permission::visit_check_in}));
  BOOST_TEST(after.version == 2);
  BOOST_CHECK_EXCEPTION(app::edit_role(work(), "foreman", {.name = "boss"}, 1), Error, has_code(Errc::conflict));
  BOOST_CHECK_EXCEPTION(app::edit_role(work(), "foreman", {.name = "auditor"}), Error,
                        says(Errc::conflict, "'auditor'"));
  wanted = {};
  wanted.allow = wanted.forbid = {"visit.view"};
  BOOST_CHECK_EXCEPTION(app::edit_role(work(), "foreman", wanted), Error, says(Errc::usage, "both"));
  wanted.allow = {};
  wanted.forbid = {"visit.view", "visit.check_in"};
  BOOST_CHECK_EXCEPTION(app::edit_role(work(), "foreman", wanted), Error, says(Errc::usage, "without a permission"));
  const auto account = an_account("anna");
  app::grant_role(work(), account, after, {});
  BOOST_TEST(auth::find_principal(tx, account.id)->requires_second_factor());
  BOOST_TEST((audited("role", foreman.id) == std::vector<std::string>{"create", "permission_change"}));
}

BOOST_AUTO_TEST_CASE(the_administrators_role_loses_nothing) {
  const auto edit = [&](app::RoleEdit wanted) { app::edit_role(work(), "administrator", wanted); };
  const auto keeps = says(Errc::conflict, "keeps its name");
  BOOST_CHECK_EXCEPTION(edit({.name = "boss"}), Error, keeps);
  BOOST_CHECK_EXCEPTION(edit({.requires_second_factor = false}), Error, keeps);
  BOOST_CHECK_EXCEPTION(edit({.forbid = {"role.grant"}}), Error, keeps);
  BOOST_CHECK_NO_THROW(edit({.description = "All of it"}));
}

BOOST_AUTO_TEST_CASE(a_group_has_members_and_a_name_of_its_own) {
  const auto anna = an_account("anna");
  const auto boris = an_account("boris");
  const auto group = app::add_group(work(), "Night guards", "At the gate").group;
  BOOST_CHECK_EXCEPTION(app::add_group(work(), "NIGHT GUARDS", ""), Error, has_code(Errc::conflict));
  app::add_member(work(), "night guards", boris);
  BOOST_TEST((app::add_member(work(), "night guards", anna).members == std::vector<std::string>{"anna", "boris"}));
  BOOST_CHECK_EXCEPTION(app::add_member(work(), "night guards", anna), Error, says(Errc::conflict, "already"));
  BOOST_TEST((app::groups_of(work(), anna.id) == std::vector<std::string>{"Night guards"}));
  BOOST_TEST((app::remove_member(work(), "night guards", anna).members == std::vector<std::string>{"boris"}));
  BOOST_CHECK_EXCEPTION(app::remove_member(work(), "night guards", anna), Error, has_code(Errc::not_found));
  const auto renamed = app::edit_group(work(), "night guards", "Guards", std::nullopt, 1);
  BOOST_TEST(renamed.group.version == 2);
  BOOST_CHECK_EXCEPTION(app::resolve_group(work(), "night guards"), Error, has_code(Errc::not_found));
  app::remove_group(work(), group.id);
  BOOST_CHECK_EXCEPTION(app::resolve_group(work(), "guards"), Error, has_code(Errc::not_found));
  BOOST_CHECK_EXCEPTION(app::remove_group(work(), group.id), Error, has_code(Errc::not_found));
  BOOST_TEST((audited("account_group", group.id) ==
              std::vector<std::string>{"create", "update", "update", "update", "update", "delete"}));
}

BOOST_AUTO_TEST_SUITE_END()
