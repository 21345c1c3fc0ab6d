#include <boost/test/unit_test.hpp>

#include "app/break_glass.hpp"
#include "app/incidents.hpp"
#include "auth/base32.hpp"
#include "auth/principals.hpp"
#include "auth/second_factor.hpp"
#include "desk.hpp"

using namespace visitor;
using namespace std::chrono_literals;
using app::StepUpNeed;
using domain::Permission;
using test::has_code;
using test::secret;

namespace {

const Instant kNow = test::today_at("08:30");

struct WithFactors : test::AtDesk {
  db::Transaction tx{pool};

  Secret code_of(const Secret& key, Instant now, auth::TotpParameters parameters = {}) {
    return secret(auth::totp_code(key, parameters, auth::totp_step(now)));
  }
  Secret key_of(const app::TotpEnrolment& enrolment) {
    const auto bytes = auth::from_base32(enrolment.key.reveal()).value();
    return Secret{std::span<const std::byte>{bytes}};
  }
  bool spend(const std::string& login, std::string_view answer, Instant now) {
    return auth::SecondFactors{tx, vault}.spend(id_of(login), answer, now).has_value();
  }
  StepUpNeed need(const std::string& login) { return app::step_up_need(tx, login); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(second_factors, WithFactors)

BOOST_AUTO_TEST_CASE(an_authenticator_counts_only_once_a_code_of_it_was_shown) {
  const auto login = given_account();
  const auto enrolment = app::enrol_totp(work(tx, kNow), vault, login, {});
  BOOST_TEST(enrolment.uri.reveal().starts_with("otpauth://totp/Visitor:" + login + "?secret="));
  BOOST_TEST(!auth::has_second_factor(tx, id_of(login)));
  const auto code = code_of(key_of(enrolment), kNow);
  BOOST_TEST(!spend(login, code.reveal(), kNow));

  BOOST_CHECK_EXCEPTION(app::confirm_totp(work(tx, kNow), vault, login, secret("12345x")), Error,
                        has_code(Errc::denied));
  const auto confirmed = app::confirm_totp(work(tx, kNow), vault, login, code);

  BOOST_TEST(confirmed.recovery_codes.size() == 10U);
  BOOST_TEST(auth::has_second_factor(tx, id_of(login)));
  BOOST_TEST(!spend(login, code.reveal(), kNow));
  BOOST_TEST(spend(login, code_of(key_of(enrolment), kNow + 30s).reveal(), kNow + 30s));
  BOOST_CHECK_EXCEPTION(app::confirm_totp(work(tx, kNow), vault, login, code), Error, has_code(Errc::conflict));
}

BOOST_AUTO_TEST_CASE(every_hash_and_length_works) {
  for (const auto algorithm :
       {domain::TotpAlgorithm::sha1, domain::TotpAlgorithm::sha256, domain::TotpAlgorithm::sha512})
    for (const int digits : {6, 8}) {
      const auto login = given_account();
      const auto enrolment = app::enrol_totp(work(tx, kNow), vault, login, {algorithm, digits});
      const auto key = key_of(enrolment);
      app::confirm_totp(work(tx, kNow), vault, login, code_of(key, kNow, {algorithm, digits}));
      BOOST_TEST(spend(login, code_of(key, kNow + 1min, {algorithm, digits}).reveal(), kNow + 1min));
      const int other = digits == 6 ? 8 : 6;
      BOOST_TEST(!spend(login, code_of(key, kNow + 2min, {algorithm, other}).reveal(), kNow + 2min));
    }
}

BOOST_AUTO_TEST_CASE(the_key_is_stored_sealed) {
  const auto login = given_account();
  const auto key = key_of(app::enrol_totp(work(tx, kNow), vault, login, {}));
  const auto sealed = tx.row("SELECT secret_sealed FROM totp_device WHERE account_id = $1", id_of(login))
                          .get<std::vector<std::byte>>("secret_sealed");
  BOOST_CHECK(std::ranges::search(sealed, key.reveal_bytes()).empty());
}

BOOST_AUTO_TEST_CASE(a_new_authenticator_replaces_the_old_one_when_it_is_confirmed_and_not_before) {
  const auto login = given_account();
  const auto old = given_authenticator(login, kNow - 1h);
  const auto fresh = key_of(app::enrol_totp(work(tx, kNow), vault, login, {}));
  BOOST_TEST(spend(login, old.code(kNow).reveal(), kNow));

  const auto later = kNow + 1min;
  const auto confirmed = app::confirm_totp(work(tx, later), vault, login, code_of(fresh, later));

  BOOST_TEST(confirmed.recovery_codes.empty());
  BOOST_TEST(!spend(login, old.code(later).reveal(), later));
  BOOST_TEST(spend(login, code_of(fresh, later + 30s).reveal(), later + 30s));
  BOOST_TEST(spend(login, old.recovery_codes.front().reveal(), later));
}

BOOST_AUTO_TEST_CASE(recovery_codes_are_worth_nothing_once_new_ones_were_made) {
  const auto login = given_account();
  const auto one = given_authenticator(login, kNow - 1h);
  BOOST_TEST(spend(login, one.recovery_codes[0].reveal(), kNow));
  BOOST_TEST(!spend(login, one.recovery_codes[0].reveal(), kNow));
  BOOST_TEST(app::second_factor_status(work(tx, kNow), vault, login).recovery_codes == 9);

  const auto fresh = app::renew_recovery_codes(work(tx, kNow), vault, login);

  BOOST_TEST(fresh.size() == 10U);
  BOOST_TEST(!spend(login, one.recovery_codes[1].reveal(), kNow));
  BOOST_TEST(spend(login, fresh[1].reveal(), kNow));
  BOOST_TEST(app::second_factor_status(work(tx, kNow), vault, login).recovery_codes == 9);
}

BOOST_AUTO_TEST_CASE(what_is_disabled_is_asked_for_no_more) {
  const auto login = given_account();
  const auto one = given_authenticator(login, kNow - 1h);
  app::disable_totp(work(tx, kNow), vault, login);

  BOOST_TEST(!auth::has_second_factor(tx, id_of(login)));
  BOOST_TEST(!spend(login, one.code(kNow).reveal(), kNow));
  BOOST_TEST(!spend(login, one.recovery_codes[0].reveal(), kNow));
  BOOST_CHECK_EXCEPTION(app::disable_totp(work(tx, kNow), vault, login), Error, has_code(Errc::conflict));
  BOOST_CHECK_EXCEPTION(app::renew_recovery_codes(work(tx, kNow), vault, login), Error, has_code(Errc::conflict));
}

BOOST_AUTO_TEST_CASE(only_accounts_of_people_who_may_log_in_get_one) {
  const auto disabled = given_account();
  exec("UPDATE account SET disabled_at = now() WHERE id = $1", id_of(disabled));
  const auto enrol = [&](const std::string& login) { app::enrol_totp(work(tx, kNow), vault, login, {}); };
  BOOST_CHECK_EXCEPTION(enrol(disabled), Error, has_code(Errc::conflict));
  BOOST_CHECK_EXCEPTION(enrol("nobody"), Error, has_code(Errc::not_found));
}

BOOST_AUTO_TEST_CASE(the_doctor_tells_how_far_a_clock_is_off_and_spends_nothing) {
  const auto login = given_account();
  const auto one = given_authenticator(login, kNow - 2h);
  const auto find = [&](std::vector<Secret> codes) {
    return app::find_clock_drift(work(tx, kNow), vault, login, codes);
  };
  const auto good = find({one.code(kNow + 30s)});
  BOOST_TEST(good.good);
  BOOST_TEST(good.steps == 1);
  const auto ahead = find({one.code(kNow + 10min), one.code(kNow + 10min + 30s)});
  BOOST_TEST(!ahead.good);
  BOOST_TEST(ahead.steps == 20);
  BOOST_TEST(find({one.code(kNow - 1h)}).steps == -120);
  for (const auto& wrong : std::vector<std::vector<Secret>>{
           {one.code(kNow + 2h), one.code(kNow + 2h + 30s)}, {one.code(kNow), one.code(kNow)}, {secret("000000 ")}, {}})
    BOOST_CHECK_EXCEPTION(find(wrong), Error, has_code(Errc::denied));
  BOOST_TEST(spend(login, one.code(kNow).reveal(), kNow));
}

BOOST_AUTO_TEST_CASE(at_the_command_line_a_code_is_asked_of_whoever_has_one_or_should) {
  const auto plain = given_account({"reception"});
  const auto careless = given_account({"administrator"});
  const auto careful = given_account();
  given_authenticator(careful, kNow - 1h);

  BOOST_CHECK(need("never-seen") == StepUpNeed::none);
  BOOST_CHECK(need(plain) == StepUpNeed::none);
  BOOST_CHECK(need(careless) == StepUpNeed::enrolment);
  BOOST_CHECK(need(careful) == StepUpNeed::code);
  app::enrol_totp(work(tx, kNow), vault, plain, {});
  BOOST_CHECK(need(plain) == StepUpNeed::none);
}

BOOST_AUTO_TEST_CASE(a_code_that_is_shown_is_spent_on_record_and_not_for_guessing) {
  const auto login = given_account();
  const auto one = given_authenticator(login, kNow - 1h);
  const auto show = [&](const Secret& code) { return app::show_code(work(tx, kNow), vault, login, code); };
  BOOST_CHECK(show(one.code(kNow)).shown == domain::SecondFactorKind::totp);
  for (int i = 0; i < 10; ++i) {
    const auto again = show(one.code(kNow));
    BOOST_TEST(!again.shown);
    BOOST_TEST(!again.retry_after);
  }
  const auto enough = show(one.recovery_codes[0]);
  BOOST_TEST(!enough.shown);
  BOOST_CHECK(enough.retry_after == 15min);
  tx.commit();
  const auto said = audited("account", id_of(login).value);
  BOOST_TEST(std::ranges::count(said, "login") == 1);
  BOOST_TEST(std::ranges::count(said, "login_failed code") == 10);
  BOOST_TEST(std::ranges::count(said, "login_failed too many codes") == 1);
}

BOOST_AUTO_TEST_CASE(another_master_key_takes_over_the_keys_and_the_recovery_codes_are_gone) {
  const auto login = given_account();
  const auto one = given_authenticator(login, kNow - 1h);
  std::array<std::byte, 32> bytes{};
  bytes.fill(std::byte{9});
  const Vault other{Secret{std::span<const std::byte>{bytes}}};

  BOOST_TEST(auth::reseal_second_factors(tx, vault, other) >= 1);

  BOOST_TEST(auth::TotpDevices(tx, other).spend(id_of(login), one.code(kNow).reveal(), kNow));
  BOOST_TEST(auth::RecoveryCodes(tx, other).left(id_of(login)) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct WithEmergency : WithFactors {
  std::string anna = given_account({"administrator"});
  std::string boris = given_account({"administrator"});
  std::string oleg = given_account({"reception"});
  test::House house = test::House::build(tx);

  app::BreakGlassOrder order(std::chrono::seconds lasts = 1h) { return {oleg, anna, boris, "both are ill", lasts}; }
  void check(const app::BreakGlassOrder& wanted) { app::check_break_glass(work(tx, kNow), vault, wanted); }
  bool is_administrator(const std::string& login) {
    return auth::find_principal(tx, id_of(login))->may(Permission::role_grant);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(break_glass, WithEmergency)

BOOST_AUTO_TEST_CASE(it_takes_two_administrators_with_authenticators_and_a_reason) {
  given_authenticator(anna, kNow - 1h);
  BOOST_CHECK_EXCEPTION(check(order()), Error, has_code(Errc::denied));
  given_authenticator(boris, kNow - 1h);
  BOOST_CHECK_NO_THROW(check(order()));

  const auto refuses = [&](Errc code, const std::function<void(app::BreakGlassOrder&)>& spoil) {
    auto wanted = order();
    spoil(wanted);
    BOOST_CHECK_EXCEPTION(check(wanted), Error, has_code(code));
  };
  refuses(Errc::usage, [&](auto& wanted) { wanted.second = anna; });
  refuses(Errc::usage, [](auto& wanted) { wanted.reason = " "; });
  refuses(Errc::usage, [](auto& wanted) { wanted.lasts = 59s; });
  refuses(Errc::usage, [](auto& wanted) { wanted.lasts = 24h + 1s; });
  refuses(Errc::denied, [&](auto& wanted) { wanted.second = oleg; });
  refuses(Errc::not_found, [](auto& wanted) { wanted.second = "nobody"; });
  refuses(Errc::not_found, [](auto& wanted) { wanted.login = "nobody"; });
}

BOOST_AUTO_TEST_CASE(it_gives_the_role_raises_the_alarm_and_can_be_taken_back) {
  const auto now = SystemClock{}.now();  // the database's clock ends it
  const auto opened = app::open_break_glass(work(tx, now), order());

  BOOST_TEST(is_administrator(oleg));
  BOOST_TEST(opened.open(now + 1h - 1s));
  BOOST_TEST(!opened.open(now + 1h));
  BOOST_CHECK_EXCEPTION(app::open_break_glass(work(tx, now), order()), Error, has_code(Errc::conflict));
  app::IncidentFilter filter;
  filter.severities = {domain::Severity::critical};
  const auto incidents = app::list_incidents(work(tx, now), filter);
  BOOST_REQUIRE(!incidents.empty());
  BOOST_TEST(incidents.front().incident.summary.find(oleg + " is administrator") != std::string::npos);

  app::close_break_glass(work(tx, now), opened.id);
  BOOST_TEST(!is_administrator(oleg));
  BOOST_CHECK_EXCEPTION(app::close_break_glass(work(tx, now), opened.id), Error, has_code(Errc::conflict));
  BOOST_CHECK_EXCEPTION(app::close_break_glass(work(tx, now), domain::BreakGlassId{999999}), Error,
                        has_code(Errc::not_found));
}

BOOST_AUTO_TEST_CASE(it_ends_by_itself_and_can_be_opened_again) {
  const auto then = SystemClock{}.now() - 2h;
  const auto opened = app::open_break_glass(work(tx, then), order());
  BOOST_TEST(!is_administrator(oleg));
  BOOST_CHECK_EXCEPTION(app::close_break_glass(work(tx, then + 2h), opened.id), Error, has_code(Errc::conflict));

  app::open_break_glass(work(tx, then + 2h), order());
  BOOST_TEST(is_administrator(oleg));
  BOOST_TEST(app::list_break_glass(work(tx, then + 2h)).size() >= 2U);
}

BOOST_AUTO_TEST_SUITE_END()
