#include <boost/test/unit_test.hpp>

#include "auth/token.hpp"
#include "desk.hpp"

using namespace visitor;
using namespace std::chrono_literals;
using domain::Permission;
using test::has_code;

namespace {

const Instant kNow = test::today_at("08:30");

struct WithKeys : test::AtDesk {
  app::ApiKeyCreated create(const app::NewApiKey& key) {
    db::Transaction tx{pool};
    auto created = app::create_api_key(work(tx, kNow), key);
    tx.commit();
    return created;
  }
  void use(const Secret& text, Permission permission, Instant now) {
    db::Transaction tx{pool};
    const auto who = app::authenticate(tx, text, "192.0.2.1", now);
    app::note_use(tx, who.caller.value(), permission, "192.0.2.1", now);
    tx.commit();
  }
  app::ApiKeyAudit audit(domain::ApiKeyId id) {
    db::Transaction tx{pool};
    return app::audit_api_key(work(tx, kNow), id);
  }
  void require_fresh(const app::Caller& caller) {
    db::Transaction tx{pool};
    app::require_fresh_second_factor(tx, caller, settings, kNow);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(api_keys, WithKeys)

BOOST_AUTO_TEST_CASE(a_key_acts_for_its_account_with_no_more_than_it_names) {
  const auto login = given_account({"reception"});
  const auto created = create({login, "lobby", {Permission::visit_view, Permission::inside_view}, {}, {}});

  const auto who = authenticate(created.text, kNow);
  BOOST_REQUIRE(who.caller);
  BOOST_TEST(who.caller->principal.login() == login);
  BOOST_TEST(who.caller->principal.may(Permission::visit_view));
  BOOST_TEST(!who.caller->principal.may(Permission::visit_create));
  BOOST_CHECK_EXCEPTION(require_fresh(*who.caller), Error, has_code(Errc::denied));

  exec("DELETE FROM role_grant WHERE account_id = $1", id_of(login));
  BOOST_TEST(!authenticate(created.text, kNow).caller->principal.may(Permission::visit_view));
  exec("UPDATE account SET disabled_at = now() WHERE id = $1", id_of(login));
  BOOST_TEST(!is_live(created.text, kNow));
}

BOOST_AUTO_TEST_CASE(its_text_is_stored_nowhere) {
  const auto created = create({given_account({"reception"}), "lobby", {Permission::visit_view}, {}, {}});
  db::Transaction tx{pool};
  const auto row = tx.row("SELECT hash FROM api_key WHERE id = $1", created.key.id);
  BOOST_TEST((row.get<std::vector<std::byte>>("hash") == auth::token_hash(created.text)));
  BOOST_TEST(tx.row("SELECT count(*) AS n FROM audit WHERE details::text LIKE '%' || $1 || '%'", created.text.reveal())
                 .get<int>("n") == 0);
}

BOOST_AUTO_TEST_CASE(it_is_good_only_from_its_networks_and_until_it_expires) {
  const auto created = create({given_account({"reception"}),
                               "lobby",
                               {Permission::visit_view},
                               {"10.1.0.0/16", "2001:db8::/32", "192.0.2.7"},
                               kNow + 1h});
  for (const auto* here : {"10.1.2.3", "::ffff:10.1.2.3", "2001:db8::5", "192.0.2.7"})
    BOOST_TEST(authenticate(created.text, kNow, here).caller.has_value(), here);
  for (const auto* elsewhere : {"10.2.0.1", "2001:db9::1", "192.0.2.8", "", "10.1.2.3.4", "local"}) {
    const auto who = authenticate(created.text, kNow, elsewhere);
    BOOST_TEST(!who.caller.has_value(), elsewhere);
    BOOST_TEST((who.from_elsewhere && who.from_elsewhere->id == created.key.id), elsewhere);
  }
  BOOST_TEST(authenticate(created.text, kNow + 1h - 1s, "10.1.2.3").caller.has_value());
  BOOST_TEST(!authenticate(created.text, kNow + 1h, "10.1.2.3").caller.has_value());
}

BOOST_AUTO_TEST_CASE(what_was_revoked_is_dead_and_its_name_is_free) {
  const auto login = given_account({"reception"});
  const auto created = create({login, "lobby", {Permission::visit_view}, {}, {}});
  BOOST_CHECK_EXCEPTION(create({login, "LOBBY", {Permission::visit_view}, {}, {}}), Error, has_code(Errc::conflict));
  {
    db::Transaction tx{pool};
    app::revoke_api_key(work(tx, kNow), created.key.id);
    BOOST_CHECK_EXCEPTION(app::revoke_api_key(work(tx, kNow), created.key.id), Error, has_code(Errc::conflict));
    BOOST_TEST(app::list_api_keys(work(tx, kNow), login, false).empty());
    BOOST_TEST(app::list_api_keys(work(tx, kNow), login, true).size() == 1U);
    tx.commit();
  }
  BOOST_TEST(!is_live(created.text, kNow));
  BOOST_TEST(audited("api_key", created.key.id.value) == (test::Said{"create", "delete"}),
             boost::test_tools::per_element());
  BOOST_CHECK_NO_THROW(create({login, "lobby", {Permission::visit_view}, {}, {}}));
}

BOOST_AUTO_TEST_CASE(its_audit_names_the_permissions_that_were_never_needed) {
  const auto created =
      create({given_account({"reception"}), "lobby", {Permission::visit_view, Permission::inside_view}, {}, {}});
  BOOST_TEST(audit(created.key.id).unused.size() == 2U);

  use(created.text, Permission::visit_view, kNow + 1min);
  use(created.text, Permission::visit_view, kNow + 2min);
  use(created.text, Permission::visit_view, kNow + 3h);

  const auto seen = audit(created.key.id);
  BOOST_REQUIRE(seen.uses.size() == 1U);
  BOOST_CHECK(seen.uses.front().permission == Permission::visit_view);
  BOOST_CHECK(seen.uses.front().first_used_at == kNow + 1min);
  BOOST_CHECK(seen.uses.front().last_used_at == kNow + 3h);
  BOOST_REQUIRE(seen.unused.size() == 1U);
  BOOST_CHECK(seen.unused.front() == Permission::inside_view);
  BOOST_CHECK(seen.key.last_used_at == kNow + 3h);
  BOOST_TEST(seen.key.last_used_from == "192.0.2.1");
}

BOOST_AUTO_TEST_CASE(a_key_that_cannot_be_is_refused) {
  const auto login = given_account({"reception"});
  const auto refuses = [&](Errc code, const app::NewApiKey& key) {
    BOOST_CHECK_EXCEPTION(create(key), Error, has_code(code));
  };
  refuses(Errc::usage, {login, "", {Permission::visit_view}, {}, {}});
  refuses(Errc::usage, {login, std::string(101, 'x'), {Permission::visit_view}, {}, {}});
  refuses(Errc::usage, {login, "x", {}, {}, {}});
  refuses(Errc::usage, {login, "x", {Permission::visit_view}, {"10.0.0.0/33"}, {}});
  refuses(Errc::usage, {login, "x", {Permission::visit_view}, {"office"}, {}});
  refuses(Errc::usage, {login, "x", {Permission::visit_view}, std::vector<std::string>(51, "10.0.0.1"), {}});
  refuses(Errc::usage, {login, "x", {Permission::visit_view}, {}, kNow});
  refuses(Errc::conflict, {login, "x", {Permission::rule_edit}, {}, {}});
  refuses(Errc::not_found, {"nobody", "x", {Permission::visit_view}, {}, {}});
  {
    db::Transaction tx{pool};
    store::Accounts{tx}.ensure("a-daemon", true, kNow);
    tx.commit();
  }
  refuses(Errc::conflict, {"a-daemon", "x", {Permission::visit_view}, {}, {}});
}

BOOST_AUTO_TEST_SUITE_END()
