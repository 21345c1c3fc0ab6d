#include <boost/test/unit_test.hpp>
#include <thread>

#include "auth/token.hpp"
#include "desk.hpp"

using namespace visitor;
using namespace std::chrono_literals;
using auth::RefreshVerdict;
using domain::SessionEnd;
using test::secret;

namespace {

const Instant kNow = test::today_at("08:30");

struct WithSessions : test::AtDesk {
  auth::Refreshed refresh(const Secret& token, Instant now) {
    return app::refresh_session(desk, token, "192.0.2.9", now);
  }
  domain::Session get(domain::SessionId id) {
    db::Transaction tx{pool};
    return auth::Sessions{tx}.find(id).value();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sessions, WithSessions)

BOOST_AUTO_TEST_CASE(a_refresh_gives_new_tokens_and_the_old_ones_end) {
  const auto first = given_session(given_account(), kNow);
  const auto refreshed = refresh(first.tokens.refresh, kNow + 10min);

  BOOST_REQUIRE(refreshed.verdict == RefreshVerdict::done);
  const auto& second = refreshed.issued->tokens;
  BOOST_CHECK(refreshed.issued->session.id == first.session.id);
  BOOST_TEST(is_live(second.access, kNow + 10min));
  BOOST_TEST(!is_live(first.tokens.access, kNow + 10min));
  BOOST_CHECK(second.access_until == kNow + 40min);
  BOOST_CHECK(second.refresh_until == kNow + 10min + 7 * 24h);
}

BOOST_AUTO_TEST_CASE(a_refresh_token_that_is_used_twice_ends_all_that_followed_from_it) {
  const auto first = given_session(given_account(), kNow);
  const auto second = refresh(first.tokens.refresh, kNow).issued.value();
  const auto third = refresh(second.tokens.refresh, kNow).issued.value();
  const auto other = given_session(first.session.login, kNow);

  const auto reused = refresh(first.tokens.refresh, kNow + 1s);

  BOOST_CHECK(reused.verdict == RefreshVerdict::reused);
  BOOST_TEST(!reused.issued);
  BOOST_TEST(!is_live(third.tokens.access, kNow + 1s));
  BOOST_CHECK(refresh(third.tokens.refresh, kNow + 1s).verdict == RefreshVerdict::unknown);
  BOOST_CHECK(get(first.session.id).ended_how == SessionEnd::reused);
  BOOST_TEST(is_live(other.tokens.access, kNow + 1s));
  BOOST_TEST(audited("session", first.session.id.value) == (test::Said{"login", "logout reused"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(of_two_who_refresh_at_once_one_is_a_thief_so_neither_goes_on) {
  const auto first = given_session(given_account(), kNow);
  auth::Refreshed second;
  std::thread other;
  auth::Refreshed mine;
  {
    db::Transaction tx{pool};
    mine = auth::Sessions{tx}.refresh(first.tokens.refresh, app::session_life(settings), kNow);
    other = std::thread{[&] { second = refresh(first.tokens.refresh, kNow); }};
    tx.commit();
  }
  other.join();

  BOOST_CHECK(mine.verdict == RefreshVerdict::done);
  BOOST_CHECK(second.verdict == RefreshVerdict::reused);
  BOOST_TEST(!is_live(mine.issued->tokens.access, kNow));
}

BOOST_AUTO_TEST_CASE(tokens_end_at_their_time_and_a_session_at_its_last_day) {
  const auto first = given_session(given_account(), kNow);
  BOOST_TEST(is_live(first.tokens.access, kNow + 30min - 1s));
  BOOST_TEST(!is_live(first.tokens.access, kNow + 30min));
  BOOST_CHECK(refresh(first.tokens.refresh, kNow + 7 * 24h).verdict == RefreshVerdict::unknown);

  auto latest = given_session(first.session.login, kNow);
  auto now = kNow;
  for (const int days : {6, 12, 18, 24}) {
    now = kNow + days * 24h;
    latest = refresh(latest.tokens.refresh, now).issued.value();
  }
  BOOST_CHECK(latest.tokens.refresh_until == kNow + 30 * 24h);
  BOOST_CHECK(latest.tokens.access_until == now + 30min);
  BOOST_CHECK(refresh(latest.tokens.refresh, kNow + 30 * 24h).verdict == RefreshVerdict::unknown);
}

BOOST_AUTO_TEST_CASE(what_is_revoked_is_dead_for_another_daemon_at_once) {
  const auto login = given_account();
  const auto one = given_session(login, kNow);
  const auto two = given_session(login, kNow);
  db::Pool daemon{pool.options()};
  const auto lives_there = [&](const Secret& token) {
    db::Transaction tx{daemon};
    return app::authenticate(tx, token, "192.0.2.1", kNow).caller.has_value();
  };
  BOOST_REQUIRE(lives_there(one.tokens.access));
  {
    db::Transaction tx{pool};
    const auto revoked = app::revoke_session(work(tx, kNow), one.session.id);
    BOOST_CHECK(revoked.ended_how == SessionEnd::revoked);
    tx.commit();
  }
  BOOST_TEST(!lives_there(one.tokens.access));
  BOOST_TEST(lives_there(two.tokens.access));
  {
    db::Transaction tx{pool};
    BOOST_TEST(app::revoke_sessions(work(tx, kNow), login).size() == 1U);
    tx.commit();
  }
  BOOST_TEST(!lives_there(two.tokens.access));
  BOOST_CHECK(refresh(two.tokens.refresh, kNow).verdict == RefreshVerdict::unknown);
}

BOOST_AUTO_TEST_CASE(the_sessions_of_an_account_that_is_disabled_are_dead) {
  const auto login = given_account();
  const auto one = given_session(login, kNow);
  exec("UPDATE account SET disabled_at = now() WHERE id = $1", id_of(login));
  BOOST_TEST(!is_live(one.tokens.access, kNow));
  BOOST_CHECK(refresh(one.tokens.refresh, kNow).verdict == RefreshVerdict::unknown);
}

BOOST_AUTO_TEST_CASE(sessions_are_listed_newest_first_and_the_ended_ones_on_demand) {
  const auto login = given_account();
  const auto one = given_session(login, kNow);
  const auto two = given_session(login, kNow + 1min);
  db::Transaction tx{pool};
  const auto at_work = work(tx, kNow + 2min);
  app::revoke_session(at_work, one.session.id);

  const auto live = app::list_sessions(at_work, login, false);
  BOOST_REQUIRE(live.size() == 1U);
  BOOST_CHECK(live.front().id == two.session.id);
  const auto all = app::list_sessions(at_work, login, true);
  BOOST_REQUIRE(all.size() == 2U);
  BOOST_CHECK(all.front().id == two.session.id);
  BOOST_CHECK_EXCEPTION(app::revoke_session(at_work, one.session.id), Error, test::has_code(Errc::conflict));
  BOOST_CHECK_EXCEPTION(app::revoke_session(at_work, domain::SessionId{999999}), Error,
                        test::has_code(Errc::not_found));
  BOOST_CHECK_EXCEPTION(app::list_sessions(at_work, "nobody", false), Error, test::has_code(Errc::not_found));
}

BOOST_AUTO_TEST_CASE(whoever_logs_out_is_out_and_only_there) {
  const auto login = given_account();
  const auto one = given_session(login, kNow);
  const auto two = given_session(login, kNow);
  const auto caller = authenticate(one.tokens.access, kNow).caller.value();
  db::Transaction tx{pool};
  BOOST_TEST(app::log_out(tx, caller, kNow));
  BOOST_TEST(!app::log_out(tx, caller, kNow));
  tx.commit();
  BOOST_TEST(!is_live(one.tokens.access, kNow));
  BOOST_TEST(is_live(two.tokens.access, kNow));
}

BOOST_AUTO_TEST_CASE(what_was_never_issued_is_worth_nothing) {
  for (const auto& token : {secret(""), secret("vsa_"), auth::new_token(auth::token::kAccess),
                            auth::new_token(auth::token::kRefresh), auth::new_token(auth::token::kApiKey)}) {
    BOOST_TEST(!is_live(token, kNow));
    BOOST_CHECK(refresh(token, kNow).verdict == RefreshVerdict::unknown);
  }
}

BOOST_AUTO_TEST_SUITE_END()
