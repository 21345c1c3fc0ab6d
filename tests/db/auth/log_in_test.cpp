#include <boost/test/unit_test.hpp>
#include <optional>
#include <tuple>

#include "auth/log_in_budget.hpp"
#include "desk.hpp"
#include "statements.hpp"

using namespace visitor;
using namespace std::chrono_literals;
using app::LogInVerdict;
using test::secret;

namespace {

const Instant kNow = test::today_at("08:30");

}  // namespace

BOOST_FIXTURE_TEST_SUITE(log_in, test::AtDesk)

BOOST_AUTO_TEST_CASE(the_right_password_opens_a_session_and_a_wrong_one_does_not) {
  const auto login = given_account();
  const auto address = given_address();

  BOOST_CHECK(log_in(login, kNow, address, "wrong").verdict == LogInVerdict::wrong);
  const auto result = log_in(" " + login + " ", kNow, address);

  BOOST_REQUIRE(result.verdict == LogInVerdict::welcome);
  BOOST_TEST(!result.enrol_only);
  const auto who = authenticate(result.issued->tokens.access, kNow);
  BOOST_REQUIRE(who.caller);
  BOOST_TEST(who.caller->principal.login() == login);
  BOOST_TEST(who.caller->session->address == address);
  BOOST_TEST(!is_live(result.issued->tokens.refresh, kNow));
  BOOST_TEST(audited("account", id_of(login).value) == test::Said{"login_failed password"},
             boost::test_tools::per_element());
  BOOST_TEST(audited("session", result.issued->session.id.value) == test::Said{"login"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(its_audit_rows_say_from_where_and_in_which_request_it_came) {
  const auto login = given_account();
  const auto address = given_address();
  log_in(login, kNow, address, "wrong");
  const auto session = log_in(login, kNow, address).issued.value().session.id;

  db::Transaction tx{pool};
  for (const auto& [topic, entity] : {std::pair{"account", id_of(login).value}, std::pair{"session", session.value}}) {
    const auto row = tx.row("SELECT source, request_id FROM audit WHERE topic = $1 AND entity_id = $2", topic, entity);
    BOOST_TEST(row.get<std::string>("source") == "api:" + address);
    BOOST_TEST(row.get<std::string>("request_id") == "request-1");
  }
}

BOOST_AUTO_TEST_CASE(whoever_is_unknown_disabled_or_without_a_password_costs_the_same_work_and_hears_the_same) {
  const auto known = given_account();
  const auto disabled = given_account();
  exec("UPDATE account SET disabled_at = now() WHERE id = $1", id_of(disabled));
  const auto without = given_account();
  exec("UPDATE account SET password_hash = NULL, password_changed_at = NULL WHERE id = $1", id_of(without));

  for (const auto& login : {known, disabled, without, std::string{"nobody-of-that-name"}, std::string{},
                            std::string(5000, 'x'), std::string{"' OR true --"}}) {
    looks = 0;
    const auto result = log_in(login, kNow, given_address(), login == known ? "wrong" : "right");
    BOOST_CHECK(result.verdict == LogInVerdict::wrong);
    BOOST_TEST(!result.issued);
    BOOST_TEST(looks == 1, "a password is looked at once for '" << login.substr(0, 20) << "', not " << looks);
  }
}

BOOST_AUTO_TEST_CASE(every_refusal_is_the_same_statements_in_the_same_order) {
  const auto known = given_account();
  const auto with_code = given_account();
  given_authenticator(with_code, kNow);
  const auto disabled = given_account();
  exec("UPDATE account SET disabled_at = now() WHERE id = $1", id_of(disabled));
  const auto without = given_account();
  exec("UPDATE account SET password_hash = NULL, password_changed_at = NULL WHERE id = $1", id_of(without));
  const std::vector<std::string> logins{"nobody-at-all", known, with_code, disabled, without};

  test::Statements statements{pool};
  app::LogInDesk watched{statements.pool(), vault, settings, desk.check};
  const auto refused = [&](const std::string& login, const std::string& address) {
    statements.take();
    looks = 0;
    const auto result = app::log_in(watched, {login, secret("wrong"), {}, {}, address, "a test", "request-1"}, kNow);
    return std::tuple{result.verdict, looks, statements.take()};
  };

  refused("nobody-yet", given_address());  // what a connection does once only
  const auto [verdict, hashes, asked] = refused("nobody-at-all", given_address());
  BOOST_CHECK(verdict == LogInVerdict::wrong);
  BOOST_TEST(hashes == 1);
  BOOST_TEST_REQUIRE(asked.size() >= 8U);
  for (const auto& login : logins) {
    const auto [same_verdict, same_hashes, same] = refused(login, given_address());
    BOOST_CHECK(same_verdict == verdict);
    BOOST_TEST(same_hashes == hashes);
    BOOST_TEST(same == asked, boost::test_tools::per_element());
  }

  // From the sixth try on nobody's password is looked at; of the first of these there is a row.
  std::optional<std::vector<std::string>> first, later;
  for (const auto& login : logins) {
    const auto address = given_address();
    for (int i = 0; i < 5; ++i) refused(login, address);
    for (auto* shape : {&first, &later}) {
      const auto [throttled, none, said] = refused(login, address);
      BOOST_CHECK(throttled == LogInVerdict::throttled);
      BOOST_TEST(none == 0);
      if (!*shape) *shape = said;
      BOOST_TEST(said == **shape, boost::test_tools::per_element());
    }
  }
  BOOST_TEST(later->size() < asked.size());
}

BOOST_AUTO_TEST_CASE(a_password_that_was_typed_as_a_login_is_not_kept) {
  log_in("hunter2-my-password", kNow, given_address());

  db::Transaction tx{pool};
  BOOST_TEST(tx.row("SELECT count(*) AS n FROM audit WHERE details::text LIKE '%hunter2%'").get<int>("n") == 0);
  BOOST_TEST(tx.row("SELECT count(*) AS n FROM audit WHERE details ->> 'reason' = 'login' AND "
                    "details ->> 'login_mark' <> ''")
                 .get<int>("n") > 0);
}

BOOST_AUTO_TEST_CASE(after_five_wrong_passwords_a_network_waits_and_the_owner_elsewhere_does_not) {
  const auto login = given_account();
  const auto home = given_address();
  const auto stranger = given_address();
  BOOST_REQUIRE(log_in(login, kNow, home).verdict == LogInVerdict::welcome);

  for (int i = 0; i < 5; ++i) BOOST_CHECK(log_in(login, kNow, stranger, "wrong").verdict == LogInVerdict::wrong);
  looks = 0;
  const auto refused = log_in(login, kNow + 1min, stranger, "right");
  BOOST_CHECK(refused.verdict == LogInVerdict::throttled);
  BOOST_CHECK(refused.retry_after == 14min);
  BOOST_TEST(looks == 0);

  BOOST_CHECK(log_in(login, kNow + 1min, home).verdict == LogInVerdict::welcome);
  BOOST_CHECK(log_in(login, kNow + 1min, given_address()).verdict == LogInVerdict::welcome);
  BOOST_CHECK(log_in(login, kNow + 15min, stranger).verdict == LogInVerdict::welcome);
}

BOOST_AUTO_TEST_CASE(a_login_that_does_not_exist_is_throttled_like_one_that_does) {
  const auto stranger = given_address();
  for (int i = 0; i < 5; ++i) BOOST_CHECK(log_in("no-such-one", kNow, stranger).verdict == LogInVerdict::wrong);
  const auto refused = log_in("NO-SUCH-ONE", kNow, stranger);
  BOOST_CHECK(refused.verdict == LogInVerdict::throttled);
  BOOST_CHECK(refused.retry_after == 15min);
}

BOOST_AUTO_TEST_CASE(strangers_from_everywhere_cannot_lock_out_a_known_place_or_device) {
  const auto login = given_account();
  const auto home = given_address();
  const auto welcome = log_in(login, kNow, home);
  BOOST_REQUIRE(welcome.verdict == LogInVerdict::welcome);

  for (int i = 0; i < 50; ++i)
    BOOST_CHECK(log_in(login, kNow, given_address(), "wrong").verdict == LogInVerdict::wrong);
  BOOST_CHECK(log_in(login, kNow, given_address()).verdict == LogInVerdict::throttled);

  BOOST_CHECK(log_in(login, kNow, home).verdict == LogInVerdict::welcome);
  BOOST_CHECK(log_in(login, kNow, given_address(), "right", {}, welcome.device).verdict == LogInVerdict::welcome);
  BOOST_CHECK(log_in(login, kNow, given_address(), "right", {}, secret("vsd_forged")).verdict ==
              LogInVerdict::throttled);
}

BOOST_AUTO_TEST_CASE(one_network_that_tries_many_logins_waits) {
  const auto stranger = given_address();
  for (int i = 0; i < 50; ++i)
    BOOST_CHECK(log_in(fmt::format("guess{}", i), kNow, stranger).verdict == LogInVerdict::wrong);
  BOOST_CHECK(log_in("guess50", kNow, stranger).verdict == LogInVerdict::throttled);
}

BOOST_AUTO_TEST_CASE(all_strangers_together_have_a_budget_too) {
  // Of a day of its own: the budget is everybody's.
  const auto day = kNow + 24h * 40;
  db::Transaction tx{pool};
  auth::LogInBudget budget{tx, vault};
  for (int i = 0; i < 1000; ++i)
    BOOST_REQUIRE(!budget.take({fmt::format("login{}", i), fmt::format("source{}", i), false}, day));
  BOOST_TEST(budget.take({"another", "elsewhere", false}, day).has_value());
  BOOST_TEST(!budget.take({"another", "home", true}, day).has_value());
  BOOST_TEST(!budget.take({"yet another", "elsewhere too", false}, day + 15min).has_value());
}

BOOST_AUTO_TEST_CASE(with_an_authenticator_a_code_is_asked_for_and_each_is_good_once) {
  const auto login = given_account();
  const auto authenticator = given_authenticator(login, kNow - 1h);
  const auto address = given_address();

  BOOST_CHECK(log_in(login, kNow, address, "wrong").verdict == LogInVerdict::wrong);
  BOOST_CHECK(log_in(login, kNow, address, "wrong", authenticator.code(kNow)).verdict == LogInVerdict::wrong);
  BOOST_CHECK(log_in(login, kNow, address).verdict == LogInVerdict::code_needed);
  BOOST_CHECK(log_in(login, kNow, address, "right", secret("000000x")).verdict == LogInVerdict::wrong_code);
  const auto result = log_in(login, kNow, address, "right", authenticator.code(kNow));
  BOOST_REQUIRE(result.verdict == LogInVerdict::welcome);
  BOOST_CHECK(result.issued->session.second_factor == domain::SecondFactorKind::totp);
  BOOST_CHECK(log_in(login, kNow, address, "right", authenticator.code(kNow)).verdict == LogInVerdict::wrong_code);
  BOOST_CHECK(log_in(login, kNow, address, "right", authenticator.code(kNow - 30s)).verdict ==
              LogInVerdict::wrong_code);
  BOOST_CHECK(log_in(login, kNow + 30s, address, "right", authenticator.code(kNow + 30s)).verdict ==
              LogInVerdict::welcome);
}

BOOST_AUTO_TEST_CASE(a_recovery_code_lets_in_once) {
  const auto login = given_account();
  const auto authenticator = given_authenticator(login, kNow - 1h);
  BOOST_REQUIRE(authenticator.recovery_codes.size() == 10U);
  const auto& code = authenticator.recovery_codes[3];

  const auto result = log_in(login, kNow, given_address(), "right", code);
  BOOST_REQUIRE(result.verdict == LogInVerdict::welcome);
  BOOST_CHECK(result.issued->session.second_factor == domain::SecondFactorKind::recovery);
  BOOST_CHECK(log_in(login, kNow, given_address(), "right", code).verdict == LogInVerdict::wrong_code);
  BOOST_CHECK(
      log_in(login, kNow, given_address(), "right", secret(lower(authenticator.recovery_codes[4].reveal()))).verdict ==
      LogInVerdict::welcome);
}

BOOST_AUTO_TEST_CASE(ten_wrong_codes_are_enough_for_a_quarter_of_an_hour) {
  const auto login = given_account();
  const auto authenticator = given_authenticator(login, kNow - 1h);
  const auto wrong = secret("0000000");
  for (int i = 0; i < 10; ++i)
    BOOST_CHECK(log_in(login, kNow, given_address(), "right", wrong).verdict == LogInVerdict::wrong_code);

  BOOST_CHECK(log_in(login, kNow, given_address(), "right", authenticator.code(kNow)).verdict ==
              LogInVerdict::throttled);
  const auto later = kNow + 15min;
  BOOST_CHECK(log_in(login, later, given_address(), "right", authenticator.code(later)).verdict ==
              LogInVerdict::welcome);
}

BOOST_AUTO_TEST_CASE(where_a_role_asks_for_a_second_factor_a_session_without_one_can_only_set_it_up) {
  const auto login = given_account({"security"});
  const auto result = log_in(login, kNow, given_address());
  BOOST_REQUIRE(result.verdict == LogInVerdict::welcome);
  BOOST_TEST(result.enrol_only);
  const auto& access = result.issued->tokens.access;
  BOOST_TEST(authenticate(access, kNow).caller->enrol_only);

  {
    db::Transaction tx{pool};
    const auto enrolment = auth::TotpDevices{tx, vault}.enrol(id_of(login), {}, kNow);
    const auto code = secret(auth::totp_code(enrolment.key, {}, auth::totp_step(kNow)));
    app::confirm_totp(work(tx, kNow), vault, login, code, result.issued->session.id);
    tx.commit();
  }

  BOOST_TEST(!authenticate(access, kNow).caller->enrol_only);
}

BOOST_AUTO_TEST_CASE(a_fresh_code_is_asked_for_again_after_five_minutes) {
  const auto login = given_account();
  const auto authenticator = given_authenticator(login, kNow - 1h);
  const auto result = log_in(login, kNow, given_address(), "right", authenticator.code(kNow));
  BOOST_REQUIRE(result.verdict == LogInVerdict::welcome);
  const auto caller = [&](Instant now) { return authenticate(result.issued->tokens.access, now).caller.value(); };

  const auto require = [&](const app::Caller& who, Instant now) {
    db::Transaction tx{pool};
    app::require_fresh_second_factor(tx, who, settings, now);
  };

  BOOST_CHECK_NO_THROW(require(caller(kNow), kNow + 5min - 1s));
  const auto later = kNow + 5min;
  const auto seen_before = caller(later);
  BOOST_CHECK_THROW(require(seen_before, later), app::StepUpError);
  BOOST_CHECK(app::step_up(desk, caller(later), secret("123"), later).verdict == LogInVerdict::wrong_code);
  BOOST_CHECK(app::step_up(desk, caller(later), authenticator.code(later), later).verdict == LogInVerdict::welcome);
  BOOST_CHECK_NO_THROW(require(caller(later), later));
  // Another daemon may hold what it read a moment ago.
  BOOST_CHECK_NO_THROW(require(seen_before, later));
}

BOOST_AUTO_TEST_CASE(a_session_that_is_older_than_the_authenticator_is_asked_for_a_code_too) {
  const auto login = given_account();
  const auto issued = given_session(login, kNow - 2h);
  const auto require = [&] {
    db::Transaction tx{pool};
    app::require_fresh_second_factor(
        tx, app::authenticate(tx, issued.tokens.access, "192.0.2.1", kNow - 2h).caller.value(), settings, kNow);
  };
  BOOST_CHECK_NO_THROW(require());
  given_authenticator(login, kNow - 1h);
  BOOST_CHECK_THROW(require(), app::StepUpError);
}

BOOST_AUTO_TEST_CASE(a_password_that_changes_while_it_is_looked_at_does_not_count) {
  const auto login = given_account();
  const auto id = id_of(login);
  const app::LogInDesk slow{pool, vault, settings, [&](const auto&, const Secret&) {
                              exec("UPDATE account SET password_hash = '$argon2id$new' WHERE id = $1", id);
                              return true;
                            }};
  BOOST_CHECK(app::log_in(slow, {login, secret("right"), {}, {}, given_address(), ""}, kNow).verdict ==
              LogInVerdict::wrong);
}

BOOST_AUTO_TEST_CASE(what_counts_no_more_is_purged) {
  const auto login = given_account();
  const auto issued = given_session(login, kNow);
  log_in(login, kNow, given_address(), "wrong");
  db::Transaction tx{pool};
  const auto rows = [&](const char* table) {
    return tx.row(fmt::format("SELECT count(*) AS n FROM {}", table)).get<int>("n");
  };
  app::purge_log_ins(work(tx, kNow + 24h));
  BOOST_TEST(rows("session") > 0);
  BOOST_TEST(rows("known_source") > 0);
  BOOST_TEST(rows("login_budget") == 0);
  BOOST_TEST(app::purge_log_ins(work(tx, kNow + 24h * 400)) > 0);
  BOOST_TEST(rows("session") == 0);
  BOOST_TEST(rows("known_source") == 0);
}

BOOST_AUTO_TEST_SUITE_END()
