#include "app/badges.hpp"

#include <boost/test/unit_test.hpp>

#include "app/badge_token.hpp"
#include "work.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::BadgeFormat;
using domain::BadgeState;
using domain::BadgeVerdict;

namespace {

struct BadgesFixture : AtWork {
  VisitId visit = given_visit(tx, house);

  app::BadgePrinted print(std::string_view clock = "08:30", BadgeFormat format = BadgeFormat::png) {
    app::BadgeOrder order;
    order.visit = visit;
    order.format = format;
    order.as_file = true;
    return app::print_badge(work(clock), vault, order);
  }
  BadgeVerdict verdict(const std::string& token, std::string_view clock = "08:30") {
    return app::verify_badge(work(clock), vault, token).verdict;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(badges_use_cases, BadgesFixture)

BOOST_AUTO_TEST_CASE(a_badge_is_valid_while_its_visit_is_on) {
  const auto printed = print();
  BOOST_TEST(!printed.file.empty());
  BOOST_TEST(printed.listed.badge.print == 1);
  BOOST_TEST((printed.listed.badge.state == BadgeState::completed));
  BOOST_TEST((verdict(printed.token) == BadgeVerdict::valid));

  app::check_in(work("09:00"), visit);
  BOOST_TEST((verdict(printed.token, "09:00") == BadgeVerdict::valid));
  app::check_out(work("10:00"), visit);
  BOOST_TEST((verdict(printed.token, "10:00") == BadgeVerdict::revoked));
}

BOOST_AUTO_TEST_CASE(a_badge_of_a_cancelled_visit_is_revoked) {
  const auto printed = print();
  app::cancel_visit(work(), visit, "moved");
  const auto check = app::verify_badge(work(), vault, printed.token);
  BOOST_TEST((check.verdict == BadgeVerdict::revoked));
  BOOST_TEST(check.listed->visit.visit.id.value == visit.value);
}

BOOST_AUTO_TEST_CASE(a_badge_expires_with_the_planned_end_and_not_before_an_hour) {
  const auto morning = print();
  BOOST_TEST(morning.listed.badge.expires_at == today_at("18:00"));
  BOOST_TEST((verdict(morning.token, "17:59") == BadgeVerdict::valid));
  BOOST_TEST((verdict(morning.token, "18:00") == BadgeVerdict::expired));
  BOOST_TEST(print("17:50").listed.badge.expires_at == today_at("18:50"));
}

BOOST_AUTO_TEST_CASE(a_reprint_is_counted_and_ends_the_badge_before) {
  const auto first = print();
  const auto second = print("08:31");
  BOOST_TEST(second.listed.badge.print == 2);
  BOOST_TEST((verdict(first.token) == BadgeVerdict::superseded));
  BOOST_TEST((verdict(second.token) == BadgeVerdict::valid));

  const auto history = app::visit_history(work(), visit);
  BOOST_REQUIRE(history.audit.size() >= 2U);
  const auto& last = history.audit.back();
  BOOST_TEST((last.action == domain::AuditAction::exported));
  BOOST_TEST(last.details.find("\"badge\": 2") != std::string::npos, last.details);
  BOOST_TEST(last.details.find("\"reprint\": true") != std::string::npos);
  BOOST_TEST(app::list_badges(work()).front().badge.login == "reception");
}

BOOST_AUTO_TEST_CASE(the_token_says_nothing_of_the_row) {
  const auto printed = print();
  const auto claim = app::read_badge_token(printed.token, app::badge_public_key(vault));
  BOOST_REQUIRE(claim.has_value());
  const auto again = app::read_badge_token(print().token, app::badge_public_key(vault));
  BOOST_TEST((claim->id != again->id));
}

BOOST_AUTO_TEST_CASE(what_is_signed_but_not_on_record_is_not_valid) {
  app::BadgeClaim claim;
  claim.issued_at = today_at("08:00");
  claim.expires_at = today_at("18:00");
  const auto token = app::write_badge_token(claim, app::badge_signing_key(vault));
  BOOST_TEST((verdict(token) == BadgeVerdict::unknown));
  const Vault other{Secret{std::span<const std::byte>{random_bytes(32)}}};
  BOOST_TEST((verdict(app::write_badge_token(claim, app::badge_signing_key(other))) == BadgeVerdict::forged));
  BOOST_TEST((verdict("vb1.") == BadgeVerdict::forged));
}

BOOST_AUTO_TEST_CASE(without_the_database_signature_and_time_are_checked) {
  const auto printed = print();
  const auto key = app::badge_public_key(vault);
  const auto offline = [&](std::string_view clock) {
    return app::verify_badge_offline(printed.token, key, today_at(clock)).verdict;
  };
  BOOST_TEST((offline("08:30") == BadgeVerdict::valid));
  BOOST_TEST((offline("18:00") == BadgeVerdict::expired));
  const auto other = app::verify_badge_offline(printed.token, "vbs-0000", today_at("08:30"));
  BOOST_TEST((other.verdict == BadgeVerdict::forged));
  BOOST_TEST(!other.expires_at.has_value());
}

BOOST_AUTO_TEST_CASE(there_is_no_badge_for_a_visit_that_is_over_or_elsewhere) {
  app::BadgeOrder order;
  order.visit = visit;
  order.as_file = true;
  const auto elsewhere = app::Work{tx, actor, today_at("08:30"), settings, domain::Scope::of({}, {})};
  BOOST_CHECK_EXCEPTION(app::print_badge(elsewhere, vault, order), Error, has_code(Errc::not_found));
  const auto printed = print();
  BOOST_TEST((app::verify_badge(elsewhere, vault, printed.token).verdict == BadgeVerdict::unknown));
  BOOST_TEST(app::list_badges(elsewhere).empty());
  app::cancel_visit(work(), visit, "");
  BOOST_CHECK_EXCEPTION(print(), Error, has_code(Errc::conflict));
}

BOOST_AUTO_TEST_CASE(a_printer_has_to_be_named_and_to_be_one) {
  app::BadgeOrder order;
  order.visit = visit;
  BOOST_CHECK_EXCEPTION(app::print_badge(work(), vault, order), Error, has_code(Errc::usage));
  for (const auto* name : {"-o raw", "a b", "a/b", "$(reboot)"}) {
    order.printer = name;
    BOOST_CHECK_EXCEPTION(app::print_badge(work(), vault, order), Error, has_code(Errc::usage));
  }
}

BOOST_AUTO_TEST_CASE(a_queued_badge_is_left_to_who_is_about_to_send_it) {
  app::BadgeOrder order;
  order.visit = visit;
  order.printer = "FRONTDESK";
  order.held = app::kBadgeHold;
  const auto printed = app::print_badge(work("08:30"), vault, order);
  BOOST_TEST((printed.listed.badge.state == BadgeState::queued));
  store::Badges badges{tx, domain::Scope::everything()};
  BOOST_TEST(!badges.take_queued(today_at("08:30")).has_value());
  BOOST_TEST(badges.take_queued(today_at("08:30"), printed.listed.badge.id).has_value());
  const auto task = badges.take_queued(today_at("08:31"));
  BOOST_REQUIRE(task.has_value());
  // What is sent says the same token as what was shown.
  const app::BadgeClaim claim{task->token, task->badge.printed_at, task->badge.expires_at};
  BOOST_TEST(app::write_badge_token(claim, app::badge_signing_key(vault)) == printed.token);
}

BOOST_AUTO_TEST_SUITE_END()
