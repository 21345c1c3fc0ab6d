#include "app/presence.hpp"

#include <boost/test/unit_test.hpp>

#include "app/timers.hpp"
#include "app/visits.hpp"
#include "given.hpp"
#include "support/has_code.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::How;
using domain::VisitStatus;

namespace {

struct Presences : Ingested {
  app::Presence at_moment(std::string_view when) {
    return app::presence_at(work(at("2026-09-10T00:00:00Z")), on_the_day(when), site);
  }
  std::size_t inside(std::string_view when) { return at_moment(when).inside.size(); }
  std::size_t presumed(std::string_view when) { return at_moment(when).presumed_left.size(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(who_was_inside, Presences)

BOOST_AUTO_TEST_CASE(a_guest_is_inside_from_the_entry_until_before_the_exit) {
  const auto visit = given_visit(given_guest("17"));
  page(entrance, {pass(1, "08:05", "17")});
  page(way_out, {pass(1, "09:00", "17")});

  BOOST_TEST(inside("08:04:59") == 0U);
  BOOST_TEST(inside("08:05") == 1U);
  BOOST_TEST(inside("08:59:59") == 1U);
  BOOST_TEST(inside("09:00") == 0U);
  const auto presence = at_moment("08:30");
  BOOST_TEST_REQUIRE(presence.inside.size() == 1U);
  const auto& one = presence.inside[0];
  BOOST_TEST(one.listed.visit.id.value == visit.value);
  BOOST_TEST((one.listed.visit.state.status == VisitStatus::checked_in));
  BOOST_TEST(!one.listed.visit.state.checked_out_at.has_value());
  BOOST_TEST((one.proof.how == How::door));
  BOOST_TEST(one.proof.at == on_the_day("08:05"));
  BOOST_TEST(one.proof.terminal_name.starts_with("entrance"));
  BOOST_TEST(one.proof.door_no == 1);
  BOOST_TEST(one.proof.event.has_value());
}

BOOST_AUTO_TEST_CASE(after_a_re_entry_the_last_entry_is_the_proof_and_the_break_is_remembered) {
  given_visit(given_guest("17"));
  page(entrance, {pass(1, "08:05", "17"), pass(2, "09:10", "17")});
  page(way_out, {pass(1, "09:00", "17")});

  BOOST_TEST(inside("09:05") == 0U);
  const auto presence = at_moment("09:10");
  BOOST_TEST_REQUIRE(presence.inside.size() == 1U);
  BOOST_TEST(presence.inside[0].proof.at == on_the_day("09:10"));
  BOOST_TEST(*presence.inside[0].listed.visit.state.checked_in_at == on_the_day("08:05"));
}

BOOST_AUTO_TEST_CASE(a_presumed_end_is_no_exit_and_is_told_apart_until_a_real_one_comes) {
  given_visit(given_guest("17"));
  page(entrance, {pass(1, "08:05", "17")});
  app::close_presumed_left(work(on_the_day("21:00")));

  BOOST_TEST(inside("20:04:59") == 1U);
  BOOST_TEST(inside("20:05") == 0U);
  const auto presence = at_moment("20:05");
  BOOST_TEST_REQUIRE(presence.presumed_left.size() == 1U);
  BOOST_TEST((presence.presumed_left[0].proof.how == How::presumed));
  BOOST_TEST(presence.presumed_left[0].proof.at == on_the_day("20:05"));
  BOOST_TEST(*presence.presumed_left[0].proof.entered_at == on_the_day("08:05"));
  BOOST_TEST(presumed("2026-09-02T20:05:00Z") == 1U);
  BOOST_TEST(presumed("2026-09-02T20:05:01Z") == 0U);

  const auto now = app::presence_now(work(on_the_day("22:00")), site);
  BOOST_TEST(now.inside.empty());
  BOOST_TEST_REQUIRE(now.presumed_left.size() == 1U);
  BOOST_TEST(*now.presumed_left[0].proof.entered_at == on_the_day("08:05"));

  page(way_out, {pass(1, "23:30", "17")});
  BOOST_TEST(app::presence_now(work(on_the_day("23:31")), site).presumed_left.empty());
  BOOST_TEST(presumed("23:31") == 0U);
  BOOST_TEST(presumed("22:00") == 1U);
}

BOOST_AUTO_TEST_CASE(a_check_in_by_hand_is_proved_by_the_person) {
  const auto visit = given_visit(given_guest("17"));
  const auto aida = app::ensure_actor(tx, "aida", domain::ActionHow::person, on_the_day("06:00"));
  app::check_in({tx, aida, on_the_day("08:20"), settings, domain::Scope::everything()}, visit);

  for (const auto& presence : {at_moment("08:20"), app::presence_now(work(on_the_day("08:21")), site)}) {
    BOOST_TEST_REQUIRE(presence.inside.size() == 1U);
    BOOST_TEST((presence.inside[0].proof.how == How::person));
    BOOST_TEST(presence.inside[0].proof.login == "aida");
    BOOST_TEST(presence.inside[0].proof.at == on_the_day("08:20"));
    BOOST_TEST(presence.inside[0].proof.terminal_name.empty());
  }
}

BOOST_AUTO_TEST_CASE(the_facts_count_and_not_what_the_state_says) {
  const auto visit = given_visit(given_guest("17"));
  page(entrance, {pass(1, "08:05", "17")});
  tx.exec(
      "UPDATE visit SET status = 'CHECKED_OUT', checked_out_at = '2026-09-01T08:06:00Z', checked_out_how = 'person',"
      " ended_at = '2026-09-01T08:06:00Z', version = version + 1 WHERE id = $1",
      visit);

  BOOST_TEST(inside("12:00") == 1U);
  BOOST_TEST(app::presence_now(work(on_the_day("12:00")), site).inside.empty());
}

BOOST_AUTO_TEST_CASE(a_late_event_corrects_the_past) {
  given_visit(given_guest("17"));
  page(entrance, {pass(1, "08:05", "17")});
  BOOST_TEST(inside("09:30") == 1U);
  page(way_out, {pass(1, "09:00", "17")}, on_the_day("15:00"));
  BOOST_TEST(inside("09:30") == 0U);
  BOOST_TEST(inside("08:30") == 1U);
}

BOOST_AUTO_TEST_CASE(now_and_the_fold_of_now_agree) {
  for (int i = 1; i <= 5; ++i) {
    const auto number = std::to_string(i);
    given_visit(given_guest(number));
    page(entrance, {pass(i, "08:0" + number, number)});
    if (i % 2 == 0) page(way_out, {pass(i, "08:30", number)});
  }
  const auto now = app::presence_now(work(on_the_day("09:00")), site);
  const auto folded = at_moment("09:00");
  BOOST_TEST_REQUIRE(now.inside.size() == 3U);
  BOOST_TEST_REQUIRE(folded.inside.size() == 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    BOOST_TEST(now.inside[i].listed.visit.id.value == folded.inside[i].listed.visit.id.value);
    BOOST_TEST(now.inside[i].proof.event->value == folded.inside[i].proof.event->value);
    BOOST_TEST(now.inside[i].proof.door_no == folded.inside[i].proof.door_no);
  }
}

BOOST_AUTO_TEST_CASE(a_guest_of_another_site_is_on_that_sites_list_only) {
  given_visit(given_guest("17"));
  page(entrance, {pass(1, "08:05", "17")});
  BOOST_TEST(app::presence_at(work(on_the_day("09:00")), on_the_day("09:00"), SiteId{987654}).inside.empty());
  BOOST_TEST(app::presence_at(work(on_the_day("09:00")), on_the_day("09:00")).inside.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
