#include <boost/test/unit_test.hpp>

#include "store/journal.hpp"
#include "with_sessions.hpp"

using namespace visitor;
using domain::AuditAction;

namespace {

/// Every act leaves its row.
struct Fixture : test::WithSessions {
  std::string token = text(log_in(login), "access_token");

  std::vector<domain::AuditRecord> rows(AuditAction action) {
    db::Transaction tx{pool};
    store::AuditFilter filter;
    filter.actions = {action};
    filter.since = clock.now();
    filter.limit = 10'000;
    return store::JournalReader{tx}.audit(filter);
  }
  /// What \p act adds, newest first.
  template <class Act>
  std::vector<domain::AuditRecord> added(AuditAction action, Act&& act) {
    const auto before = rows(action).size();
    act();
    auto all = rows(action);
    all.resize(all.size() - before);
    return all;
  }
  template <class Act>
  domain::AuditRecord only(AuditAction action, Act&& act) {
    const auto all = added(action, std::forward<Act>(act));
    BOOST_TEST_REQUIRE(all.size() == 1U);
    BOOST_TEST(all[0].origin.source == "api:192.0.2.1");
    BOOST_TEST(all[0].origin.request == "id-1");
    return all[0];
  }
  static bool says(const domain::AuditRecord& row, std::string_view words) {
    return row.details.find(words) != std::string::npos;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(api_audit, Fixture)

BOOST_AUTO_TEST_CASE(who_logs_in_fails_to_shows_a_code_or_leaves_is_on_record) {
  const auto in = only(AuditAction::login, [&] { log_in(login); });
  BOOST_TEST(in.login == login);
  BOOST_TEST(says(only(AuditAction::login_failed, [&] { log_in(login, "guess"); }), R"("reason": "password")"));
  const auto nobody = only(AuditAction::login_failed, [&] { log_in("nobody" + house.tag); });
  BOOST_TEST(!nobody.account.has_value());

  const auto key = enroll(token);
  clock.advance(std::chrono::minutes{1});
  BOOST_TEST(
      says(only(AuditAction::login_failed, [&] { ask("POST", "/sessions/step-up/", token, R"({"code": "12345"})"); }),
           R"("reason": "code")"));
  const auto shown = only(AuditAction::login, [&] { ask("POST", "/sessions/step-up/", token, code_body(key)); });
  BOOST_TEST(says(shown, R"("stepped_up": "totp")"));
  const auto id = get("/sessions/", token).body.at("results").at(0).at("id").as_int64();
  BOOST_TEST(only(AuditAction::logout, [&] { ask("DELETE", fmt::format("/sessions/{}/", id), token); }).login == login);
}

BOOST_AUTO_TEST_CASE(a_stranger_is_on_record_once_a_minute) {
  const auto knock = [&] {
    for (const auto* wrong : {"wrong", "", "wrong"}) BOOST_TEST(get("/visits/", wrong).status == 401);
  };
  const auto row = only(AuditAction::refused, knock);
  BOOST_TEST(!row.account.has_value());
  BOOST_TEST(row.topic == "session");
  BOOST_TEST(row.details == R"({"reason": "unknown token"})");
  BOOST_TEST(added(AuditAction::refused, knock).empty());
  clock.advance(std::chrono::minutes{2});
  BOOST_TEST(only(AuditAction::refused, [&] { get("/visits/", ""); }).details == R"({"reason": "no token"})");
}

BOOST_AUTO_TEST_CASE(many_strangers_do_not_fill_the_audit) {
  const auto flood = [&] {
    for (int i = 0; i < 2 * api::kStrangersRecorded; ++i) {
      http::Request request;
      request.method = "GET";
      request.path = "/api/v1/visits/";
      request.remote = fmt::format("198.51.100.{}", i);
      BOOST_TEST(dispatch->answer(request).status == 401);
    }
  };
  db::Transaction tx{pool};
  const auto count = [&] {
    return tx.row("SELECT count(*) AS n FROM audit WHERE source LIKE 'api:198.51.100.%'").get<std::int64_t>("n");
  };
  const auto before = count();
  flood();
  BOOST_TEST(count() == before + api::kStrangersRecorded);
}

BOOST_AUTO_TEST_CASE(who_is_refused_a_thing_for_want_of_a_right_a_scope_or_a_code_is_on_record) {
  const auto reception = fmt::format("boris{}", house.tag);
  given_account(reception, "reception");
  const auto weak = text(log_in(reception), "access_token");
  const auto denied = only(AuditAction::refused, [&] { BOOST_TEST(get("/users/7/", weak).status == 403); });
  BOOST_TEST(denied.login == reception);
  BOOST_TEST(denied.topic == "user");
  BOOST_TEST(denied.entity == 7);
  BOOST_TEST(denied.details == R"({"permission": "account.view"})");

  {
    db::Transaction tx{pool};
    const auto other = test::House::build(tx);
    tx.exec("UPDATE role_grant SET site_id = $2 WHERE account_id = (SELECT id FROM account WHERE login = $1)",
            reception, other.site);
    tx.commit();
  }
  tokens.forget();
  const auto absent =
      only(AuditAction::refused, [&] { BOOST_TEST(get(fmt::format("/visits/{}/", visit), weak).status == 404); });
  BOOST_TEST(absent.entity == visit.value);
  BOOST_TEST(says(absent, R"("reason": "not_found")"));
  // Whoever may see everything was kept from nothing.
  BOOST_TEST(added(AuditAction::refused, [&] { BOOST_TEST(get("/visits/999999999/", token).status == 404); }).empty());
  const auto session = log_in(login).body.at("session_id").as_int64();
  BOOST_TEST(only(AuditAction::refused, [&] {
               BOOST_TEST(ask("DELETE", fmt::format("/sessions/{}/", session), weak).status == 404);
             }).entity == session);
  BOOST_TEST(only(AuditAction::refused, [&] {
               BOOST_TEST(get("/sessions/?login=" + login, weak).status == 403);
             }).login == reception);

  enroll(token);
  clock.advance(std::chrono::minutes{5});
  const auto stale = only(AuditAction::refused, [&] { ask("POST", "/users/7/unlock/", token); });
  BOOST_TEST(says(stale, R"("reason": "step_up_needed")"));
}

BOOST_AUTO_TEST_CASE(a_key_that_is_shown_elsewhere_or_asks_for_more_than_it_lists_is_on_record_and_told_so) {
  const auto make = [&](const char* rest) {
    const auto made = ask("POST", "/apikeys/", token, fmt::format(R"({{"login": "{}", {}}})", login, rest));
    BOOST_TEST_REQUIRE(made.status == 201);
    return text(made, "key");
  };
  const auto away = make(R"("name": "away", "permissions": ["visit.view"], "networks": ["203.0.113.0/24"])");
  const auto rows = added(AuditAction::refused, [&] { BOOST_TEST(get("/visits/", away).status == 401); });
  BOOST_TEST_REQUIRE(rows.size() == 2U);
  BOOST_TEST(rows[1].topic == "api_key");
  BOOST_TEST(rows[1].login == login);
  BOOST_TEST(says(rows[1], R"("reason": "API key from elsewhere")"));

  const auto small = make(R"("name": "small", "permissions": ["visit.view"])");
  Reply refused;
  const auto row = only(AuditAction::refused, [&] { refused = get("/terminals/", small); });
  BOOST_TEST(row.details == R"({"permission": "terminal.view"})");
  BOOST_TEST(text(refused, "detail") == "API key 'small' does not list terminal.view, which this takes");
  BOOST_TEST((text(refused, "hint").find("visitorctl apikey audit") != std::string::npos));
}

BOOST_AUTO_TEST_CASE(each_write_is_on_record_with_who_where_and_in_which_request) {
  const auto guest = ask("POST", "/guests/", token, fmt::format(R"({{"name": "Guest {}"}})", house.tag));
  BOOST_TEST_REQUIRE(guest.status == 201);
  const auto path = guest.header("Location").substr(7);
  const auto row = only(AuditAction::update, [&] {
    ask("PATCH", path, token, R"({"company": "Nomad"})", {{"If-Match", guest.header("ETag")}});
  });
  BOOST_TEST(row.login == login);
  BOOST_TEST(says(row, R"("company": {"to": "Nomad", "from": ""})"));
  BOOST_TEST(added(AuditAction::update, [&] {
               ask("PATCH", path + "?dry_run=1", token, R"({"company": "Other"})", {{"If-Match", "*"}});
             }).empty());
}

BOOST_AUTO_TEST_SUITE_END()
