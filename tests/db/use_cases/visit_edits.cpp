#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "app/refold.hpp"
#include "app/registry.hpp"
#include "app/timers.hpp"
#include "app/visit_steps.hpp"
#include "app/visits.hpp"
#include "work.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::Direction;
using domain::VisitStatus;

namespace {

struct VisitEditsFixture : AtWork {
  VisitId id = [this] {
    app::NewVisit visit;
    visit.guest = house.guest;
    visit.host = house.host;
    visit.expected_from = today_at("08:00");
    visit.expected_until = today_at("18:00");
    return app::create_visit(work("07:00"), visit).visit.id;
  }();

  domain::Visit visit() { return app::get_visit(work(), id).visit; }
  VisitStatus status() { return visit().state.status; }
  void passes(std::int64_t serial, std::string_view time, Direction direction) {
    given_passage(tx, house, serial, today_at(time), direction);
    app::refold(work(time), std::span{&house.guest, 1}, today_at(time));
  }
  app::VisitEdit times(std::string_view from, std::string_view until) {
    app::VisitEdit edit;
    edit.expected_from = today_at(from);
    edit.expected_until = today_at(until);
    return edit;
  }
  std::vector<std::string> kinds() {
    std::vector<std::string> kinds;
    for (const auto& step : app::visit_steps(work(), id)) kinds.emplace_back(step.kind);
    return kinds;
  }
};

using Kinds = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(edits_of_visits, VisitEditsFixture)

BOOST_AUTO_TEST_CASE(what_was_planned_changes_and_the_rest_stays) {
  const auto other = app::add_department(work(), {house.site, "Sales " + house.tag, ""});
  const auto host = app::add_host(work(), {other.id, "Hugo", "", "", ""});
  app::VisitEdit edit;
  edit.host = host.id;
  edit.purpose = domain::Purpose::interview;
  const auto after = app::edit_visit(work(), id, edit).visit;
  BOOST_TEST(after.host->value == host.id.value);
  BOOST_TEST(after.department->value == other.id.value);
  BOOST_TEST((after.purpose == domain::Purpose::interview));
  BOOST_TEST(after.expected_until == today_at("18:00"));
  BOOST_TEST(after.version == 2);
  BOOST_TEST(app::edit_visit(work(), id, edit).visit.version == 2);

  edit = {};
  edit.department = house.department;
  BOOST_TEST(!app::edit_visit(work(), id, edit).visit.host);
  BOOST_CHECK_EXCEPTION(app::edit_visit(work(), id, edit, 1), Error, says(Errc::conflict, "reception changed "));
}

BOOST_AUTO_TEST_CASE(a_visit_stays_at_its_site_and_begins_before_it_ends) {
  const auto elsewhere = app::add_site(work(), {"Other " + house.tag, "UTC", "", {}});
  const auto other = app::add_department(work(), {elsewhere.id, "Sales", ""});
  app::VisitEdit edit;
  edit.department = other.id;
  BOOST_CHECK_EXCEPTION(app::edit_visit(work(), id, edit), Error, says(Errc::conflict, "not at site"));
  BOOST_CHECK_EXCEPTION(app::edit_visit(work(), id, times("09:00", "09:00")), Error, has_code(Errc::usage));
  BOOST_CHECK_EXCEPTION(app::edit_visit(work(), VisitId{987654}, edit), Error, has_code(Errc::not_found));
  BOOST_TEST(visit().version == 1);
}

BOOST_AUTO_TEST_CASE(other_times_take_other_passages) {
  passes(1, "06:10", Direction::entry);
  BOOST_REQUIRE((status() == VisitStatus::awaiting));
  const auto after = app::edit_visit(work(), id, times("07:00", "18:00")).visit;
  BOOST_TEST((after.state.status == VisitStatus::checked_in));
  BOOST_TEST(*after.state.checked_in_at == today_at("06:10"));

  BOOST_CHECK_EXCEPTION(app::edit_visit(work(), id, times("09:00", "18:00")), Error,
                        says(Errc::conflict, "could not have happened"));
  BOOST_TEST(visit().expected_from == today_at("07:00"));
}

BOOST_AUTO_TEST_CASE(what_has_ended_is_not_edited) {
  app::cancel_visit(work(), id, "");
  BOOST_CHECK_EXCEPTION(app::edit_visit(work(), id, times("09:00", "18:00")), Error,
                        says(Errc::conflict, "already ended: cancelled"));
}

BOOST_AUTO_TEST_CASE(a_cancellation_is_taken_back_and_the_guest_may_come) {
  app::cancel_visit(work("07:10"), id, "wrong line");
  const auto after = app::reopen_visit(work("07:20"), id, "right after all");
  BOOST_TEST((after.visit.state == domain::VisitState{}));
  BOOST_TEST(after.visit.cancelled_reason.empty());
  passes(1, "08:10", Direction::entry);
  BOOST_TEST((status() == VisitStatus::checked_in));
  BOOST_CHECK_EXCEPTION(app::reopen_visit(work(), id, ""), Error, says(Errc::conflict, "has not ended"));
  BOOST_TEST((kinds() == Kinds{"registered", "cancel", "reopen", "checked_in"}));
}

BOOST_AUTO_TEST_CASE(a_check_out_by_a_person_is_taken_back_and_one_by_a_door_stands) {
  passes(1, "08:10", Direction::entry);
  app::check_out(work("09:00"), id);
  auto after = app::reopen_visit(work("09:30"), id, "");
  BOOST_TEST((after.visit.state.status == VisitStatus::checked_in));
  BOOST_TEST(*after.visit.state.checked_in_at == today_at("08:10"));

  passes(2, "10:00", Direction::exit);
  BOOST_REQUIRE((status() == VisitStatus::checked_out));
  BOOST_CHECK_EXCEPTION(app::reopen_visit(work("10:10"), id, ""), Error, says(Errc::conflict, "through a door"));
}

BOOST_AUTO_TEST_CASE(whoever_was_seen_leaving_after_the_check_out_is_not_taken_back_in) {
  passes(1, "08:10", Direction::entry);
  app::check_out(work("09:00"), id);
  passes(2, "09:05", Direction::exit);
  BOOST_CHECK_EXCEPTION(app::reopen_visit(work("09:30"), id, ""), Error, says(Errc::conflict, "seen leaving at"));
}

BOOST_AUTO_TEST_CASE(a_no_show_of_a_day_that_is_over_needs_new_times) {
  const auto tomorrow = at("2026-09-02T08:00:00Z");
  const app::Work later{tx, actor, tomorrow, settings, domain::Scope::everything()};
  app::mark_no_shows(later);
  BOOST_REQUIRE((status() == VisitStatus::no_show));
  BOOST_CHECK_EXCEPTION(app::reopen_visit(later, id, ""), Error, says(Errc::conflict, "which is over"));
  app::VisitEdit times;
  times.expected_from = tomorrow;
  times.expected_until = tomorrow + std::chrono::hours{2};
  BOOST_TEST((app::reopen_visit(later, id, "", times).visit.state.status == VisitStatus::awaiting));
  BOOST_TEST(app::mark_no_shows(later) == 0);
}

BOOST_AUTO_TEST_CASE(a_presumption_that_was_taken_back_is_not_made_again_at_once) {
  app::check_in(work("08:10"), id);
  const auto evening = at("2026-09-01T20:30:00Z");
  app::close_presumed_left({tx, actor, evening, settings, domain::Scope::everything()});
  BOOST_REQUIRE((status() == VisitStatus::checked_out));
  app::reopen_visit({tx, actor, evening, settings, domain::Scope::everything()}, id, "is still here");
  BOOST_TEST(app::close_presumed_left(
                 {tx, actor, evening + std::chrono::hours{11}, settings, domain::Scope::everything()}) == 0);
  BOOST_TEST(app::close_presumed_left(
                 {tx, actor, evening + std::chrono::hours{12}, settings, domain::Scope::everything()}) == 1);
}

BOOST_AUTO_TEST_CASE(nobody_is_reopened_into_a_second_visit_and_no_blocked_guest_is_awaited_again) {
  app::NewVisit second;
  second.guest = house.guest;
  second.host = house.host;
  app::check_in(work("08:10"), id);
  app::check_out(work("08:20"), id);
  const auto other = app::create_visit(work("08:25"), second).visit.id;
  app::check_in(work("08:26"), other);
  BOOST_CHECK_EXCEPTION(app::reopen_visit(work("08:30"), id, ""), Error,
                        says(Errc::conflict, fmt::format("in the building on visit {}", other)));

  const auto third = app::create_visit(work("08:27"), second).visit.id;
  app::cancel_visit(work("08:28"), third, "");
  app::block_guest(work("08:29"), house.guest, "stole a chair");
  BOOST_CHECK_EXCEPTION(app::reopen_visit(work("08:30"), third, ""), Error, says(Errc::conflict, "stole a chair"));
}

BOOST_AUTO_TEST_CASE(the_database_wants_the_action_of_a_person_before_it_takes_a_cancellation_back) {
  app::cancel_visit(work("07:10"), id, "");
  const auto take_back = [&] {
    tx.savepoint([&] {
      tx.exec("UPDATE visit SET status = 'AWAITING', ended_at = NULL, version = version + 1 WHERE id = $1", id);
    });
  };
  BOOST_CHECK_THROW(take_back(), Error);
  store::VisitActions{tx}.record({id, domain::ActionKind::reopen, domain::ActionHow::person, today_at("07:20")}, "",
                                 actor.account, today_at("07:20"));
  BOOST_CHECK_NO_THROW(take_back());
}

BOOST_AUTO_TEST_CASE(folding_everything_again_changes_nothing) {
  passes(1, "08:10", Direction::entry);
  app::check_out(work("09:00"), id);
  app::reopen_visit(work("09:30"), id, "");
  app::edit_visit(work("09:40"), id, times("07:30", "19:00"));
  passes(2, "10:00", Direction::exit);
  const auto before = visit();
  BOOST_TEST(app::refold(work("11:00"), std::span{&house.guest, 1}, Instant{}).changes.empty());
  BOOST_TEST((visit().state == before.state));
}

BOOST_AUTO_TEST_CASE(the_history_names_who_when_and_where) {
  passes(1, "08:10", Direction::entry);
  passes(2, "08:20", Direction::entry);
  app::VisitEdit edit;
  edit.purpose_text = "second round";
  app::edit_visit(work("08:30"), id, edit);
  app::check_out(work("09:00"), id);
  const auto steps = app::visit_steps(work(), id);
  BOOST_TEST((kinds() == Kinds{"registered", "checked_in", "entered_again", "edited", "check_out"}));
  BOOST_REQUIRE(steps.size() == 5);
  BOOST_TEST(steps[0].login == "reception");
  BOOST_TEST(steps[1].how == "event");
  BOOST_TEST(steps[1].event->terminal_name == "Gate " + house.tag);
  BOOST_TEST(steps[1].at == today_at("08:10"));
  BOOST_TEST(steps[3].text == "Edited: purpose_text from '' to 'second round'");
  BOOST_TEST(steps[3].changed.find("second round") != std::string::npos);
  BOOST_TEST(steps[4].how == "person");
  BOOST_CHECK_EXCEPTION(app::visit_steps(work(), VisitId{987654}), Error, has_code(Errc::not_found));
}

BOOST_AUTO_TEST_CASE(type_contact_and_consent_change_and_are_told_without_the_number) {
  const auto untouched = visit();
  BOOST_TEST((untouched.kind == domain::VisitKind::guest));
  BOOST_TEST(untouched.contact_phone.empty());
  BOOST_TEST(!untouched.consent_at.has_value());

  app::VisitEdit edit;
  edit.kind = domain::VisitKind::contractor;
  edit.contact_phone = " +7 (701) 123-45-67 ";
  edit.consent = true;
  app::edit_visit(work("07:30"), id, edit);
  BOOST_TEST((visit().kind == domain::VisitKind::contractor));
  BOOST_TEST(visit().contact_phone == "+77011234567");
  BOOST_TEST(*visit().consent_at == today_at("07:30"));
  BOOST_TEST(visit().version == untouched.version + 1);

  // What is recorded stays with its moment.
  BOOST_TEST(app::edit_visit(work("07:45"), id, edit).visit.version == untouched.version + 1);
  BOOST_TEST(*visit().consent_at == today_at("07:30"));

  const auto told = app::visit_steps(work(), id).back().changed;
  BOOST_TEST(told.find("contractor") != std::string::npos);
  BOOST_TEST(told.find("********4567") != std::string::npos);
  BOOST_TEST(told.find("1234567") == std::string::npos);

  app::VisitEdit cleared;
  cleared.contact_phone = "";
  cleared.consent = false;
  app::edit_visit(work("07:50"), id, cleared);
  BOOST_TEST(visit().contact_phone.empty());
  BOOST_TEST(!visit().consent_at.has_value());
  BOOST_TEST((visit().kind == domain::VisitKind::contractor));

  app::VisitEdit wrong;
  wrong.contact_phone = "call me";
  BOOST_CHECK_EXCEPTION(app::edit_visit(work("07:55"), id, wrong), Error, has_code(Errc::usage));
  passes(1, "08:10", Direction::entry);
  passes(2, "09:00", Direction::exit);
  BOOST_TEST((visit().kind == domain::VisitKind::contractor));
}

BOOST_AUTO_TEST_CASE(an_action_that_a_late_event_overtook_is_told_as_without_effect) {
  app::cancel_visit(work("08:30"), id, "");
  given_passage(tx, house, 1, today_at("08:10"), Direction::entry);
  app::refold(work("08:40"), std::span{&house.guest, 1}, today_at("08:10"));
  const auto steps = app::visit_steps(work(), id);
  BOOST_TEST((kinds() == Kinds{"registered", "checked_in", "cancel"}));
  BOOST_TEST(steps.back().refused);
}

BOOST_AUTO_TEST_SUITE_END()
