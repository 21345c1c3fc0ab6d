#include "app/visits.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include <thread>

#include "app/presence.hpp"
#include "app/registry.hpp"
#include "store/terminals.hpp"
#include "work.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::How;
using domain::VisitStatus;

namespace {

struct VisitsFixture : AtWork {
  app::NewVisit planned() {
    app::NewVisit visit;
    visit.guest = house.guest;
    visit.host = house.host;
    visit.expected_from = today_at("08:00");
    visit.expected_until = today_at("18:00");
    return visit;
  }
  VisitId awaited() { return app::create_visit(work("07:00"), planned()).visit.id; }
  VisitStatus status(VisitId id) { return app::get_visit(work(), id).visit.state.status; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(visits_use_cases, VisitsFixture)

BOOST_AUTO_TEST_CASE(a_visit_takes_department_and_site_from_the_host_and_lasts_to_the_end_of_the_local_day) {
  const auto almaty = app::add_site(work(), {"Almaty " + house.tag, "Asia/Almaty", "7", {}});
  const auto department = app::add_department(work(), {almaty.id, "Sales", ""});
  const auto host = app::add_host(work(), {department.id, "Aida", "", "", ""});
  app::NewVisit given;
  given.guest = house.guest;
  given.host = host.id;

  const auto listed = app::create_visit(work("08:30"), given);
  BOOST_TEST(listed.visit.department->value == department.id.value);
  BOOST_TEST(listed.visit.site.value == almaty.id.value);
  BOOST_TEST(listed.visit.expected_from == today_at("08:30"));
  BOOST_TEST(listed.visit.expected_until == Zone::named("Asia/Almaty").day_end(today_at("08:30")));
  BOOST_TEST(listed.host_name == "Aida");
  BOOST_TEST(listed.site_name == "Almaty " + house.tag);
  BOOST_TEST(listed.visit.registered_by->value == actor.account.value);
}

BOOST_AUTO_TEST_CASE(a_visit_has_a_type_a_contact_completed_by_its_site_and_the_moment_of_consent) {
  const auto almaty = app::add_site(work(), {"Almaty " + house.tag, "Asia/Almaty", "7", {}});
  const auto department = app::add_department(work(), {almaty.id, "Sales", ""});
  app::NewVisit given;
  given.guest = house.guest;
  given.department = department.id;
  given.kind = domain::VisitKind::student;
  given.contact_phone = "8 701 123 45 67";
  given.consent = true;
  const auto visit = app::create_visit(work("08:30"), given).visit;
  BOOST_TEST((visit.kind == domain::VisitKind::student));
  BOOST_TEST(visit.contact_phone == "+77011234567");
  BOOST_TEST(*visit.consent_at == today_at("08:30"));
  const auto audit = app::visit_history(work(), visit.id).audit;
  BOOST_REQUIRE(audit.size() == 1);
  BOOST_TEST(audit[0].details.find("student") != std::string::npos);
  BOOST_TEST(audit[0].details.find("1234567") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_visit_that_cannot_be_is_refused) {
  const auto other_site = app::add_site(work(), {"Other " + house.tag, "UTC", "", {}});
  const auto other = app::add_department(work(), {other_site.id, "Sales", ""});
  const auto with = [&](auto set) {
    auto visit = planned();
    set(visit);
    app::create_visit(work(), visit);
  };
  BOOST_CHECK_EXCEPTION(with([](auto& v) { v.guest = GuestId{987654}; }), Error, says(Errc::not_found, "guest"));
  BOOST_CHECK_EXCEPTION(with([](auto& v) { v.host = HostId{987654}; }), Error, says(Errc::not_found, "host"));
  BOOST_CHECK_EXCEPTION(with([&](auto& v) { v.department = other.id; }), Error, says(Errc::conflict, "department"));
  BOOST_CHECK_EXCEPTION(with([&](auto& v) { v.site = other_site.id; }), Error, says(Errc::conflict, "site"));
  BOOST_CHECK_EXCEPTION(with([](auto& v) { v.expected_until = v.expected_from; }), Error,
                        says(Errc::usage, "2026-09-01 08:00"));
  BOOST_CHECK_EXCEPTION(with([](auto& v) { v.purpose_text = std::string(501, 'x'); }), Error, says(Errc::usage, "501"));
  BOOST_CHECK_EXCEPTION(with([](auto& v) { v.contact_phone = "nobody"; }), Error, says(Errc::usage, "telephone"));
  BOOST_CHECK_EXCEPTION(with([](auto& v) { v.host.reset(); }), Error, says(Errc::usage, "sites"));

  tx.exec("UPDATE guest SET blocked_reason = 'stole a chair', version = version + 1 WHERE id = $1", house.guest);
  BOOST_CHECK_EXCEPTION(with([](auto&) {}), Error, says(Errc::conflict, "stole a chair"));
}

BOOST_AUTO_TEST_CASE(a_guest_who_came_shortly_before_being_registered_is_in_the_building) {
  given_passage(tx, house, 1, today_at("08:10"), domain::Direction::entry);
  auto given = planned();
  given.expected_from = today_at("08:30");

  const auto listed = app::create_visit(work("08:30"), given);
  BOOST_TEST((listed.visit.state.status == VisitStatus::checked_in));
  BOOST_TEST(*listed.visit.state.checked_in_at == today_at("08:10"));
  BOOST_TEST((listed.visit.state.checked_in_how == How::door));
  const auto inside = app::presence_now(work(), house.site).inside;
  BOOST_REQUIRE(inside.size() == 1);
  BOOST_TEST(inside[0].proof.terminal_name == "Gate " + house.tag);
}

BOOST_AUTO_TEST_CASE(people_check_in_and_out) {
  const auto id = awaited();
  auto listed = app::check_in(work("08:30"), id);
  BOOST_TEST((listed.visit.state.status == VisitStatus::checked_in));
  BOOST_TEST(*listed.visit.state.checked_in_at == today_at("08:30"));
  BOOST_TEST((listed.visit.state.checked_in_how == How::person));

  listed = app::check_out(work("09:30"), id);
  BOOST_TEST((listed.visit.state.status == VisitStatus::checked_out));
  BOOST_TEST(*listed.visit.state.checked_out_at == today_at("09:30"));
  BOOST_TEST(listed.visit.version == 3);

  const auto history = app::visit_history(work(), id);
  BOOST_REQUIRE(history.actions.size() == 2);
  BOOST_TEST(history.actions[0].login == "reception");
  BOOST_TEST((history.actions[1].action.kind == domain::ActionKind::check_out));
  BOOST_TEST(history.audit.size() == 3);
  BOOST_TEST((history.audit[0].action == domain::AuditAction::create));
}

BOOST_AUTO_TEST_CASE(a_step_that_the_visit_does_not_allow_is_refused_with_when_and_how_and_leaves_nothing) {
  using Step = std::function<void(VisitId)>;
  const Step in = [this](VisitId id) { app::check_in(work("10:00"), id); };
  const Step out = [this](VisitId id) { app::check_out(work("10:00"), id); };
  const Step cancel = [this](VisitId id) { app::cancel_visit(work("10:00"), id, "again"); };

  const auto refused = [&](VisitId id, const Step& step, std::string_view text) {
    const auto before = app::get_visit(work(), id).visit;
    const auto actions = app::visit_history(work(), id).actions.size();
    BOOST_CHECK_EXCEPTION(step(id), Error, says(Errc::conflict, text));
    BOOST_TEST((app::get_visit(work(), id).visit.state == before.state));
    BOOST_TEST(app::visit_history(work(), id).actions.size() == actions);
  };

  const auto waiting = awaited();
  refused(waiting, out, "has not come yet");

  const auto inside = awaited();
  app::check_in(work("08:30"), inside);
  refused(inside, in, "checked in at 2026-09-01 08:30:00 by a person");
  refused(inside, cancel, "in the building");

  const auto left = awaited();
  app::check_in(work("08:31"), left);
  app::check_out(work("09:00"), left);
  refused(left, out, "already ended: checked out at 2026-09-01 09:00:00 by a person");
  refused(left, in, "already ended");
  refused(left, cancel, "already ended");

  const auto off = awaited();
  app::cancel_visit(work("07:30"), off, "the host is ill");
  refused(off, in, "cancelled at 2026-09-01 07:30:00: the host is ill");
  refused(off, cancel, "already ended");
  for (const auto& step : {in, out, cancel})
    BOOST_CHECK_EXCEPTION(step(VisitId{987654}), Error, says(Errc::not_found, "visit 987654"));
}

BOOST_AUTO_TEST_CASE(a_cancelled_visit_keeps_its_reason) {
  const auto id = awaited();
  const auto listed = app::cancel_visit(work("07:30"), id, " the host\nis ill ");
  BOOST_TEST((listed.visit.state.status == VisitStatus::cancelled));
  BOOST_TEST(listed.visit.cancelled_reason == "the host\nis ill");
  BOOST_TEST(*listed.visit.state.ended_at == today_at("07:30"));
}

BOOST_AUTO_TEST_CASE(whoever_came_by_a_clock_ahead_of_ours_can_still_be_checked_out) {
  const auto id = awaited();
  given_passage(tx, house, 1, today_at("08:30:20"), domain::Direction::entry);
  app::create_visit(work("08:30"), planned());  // folds the guest's facts
  BOOST_REQUIRE((status(id) == VisitStatus::checked_in));

  const auto listed = app::check_out(work("08:30:05"), id);
  BOOST_TEST(*listed.visit.state.checked_out_at == today_at("08:30:20"));
}

BOOST_AUTO_TEST_CASE(an_entry_after_the_check_out_within_the_grace_reopens_what_a_person_ended) {
  const auto id = awaited();
  app::check_in(work("08:30"), id);
  app::check_out(work("09:00"), id);
  given_passage(tx, house, 1, today_at("09:05"), domain::Direction::entry);
  app::create_visit(work("09:06"), planned());
  BOOST_TEST((status(id) == VisitStatus::checked_in));
  BOOST_TEST(*app::get_visit(work(), id).visit.state.checked_in_at == today_at("08:30"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(of_two_check_outs_at_once_one_is_a_conflict_and_the_first_end_stays, Database) {
  const config::Settings settings;
  House house;
  app::Actor actor;
  VisitId id;
  {
    db::Transaction tx{pool};
    house = House::build(tx);
    actor = app::ensure_actor(tx, "reception", domain::ActionHow::person, today_at("06:00"));
    app::NewVisit visit;
    visit.guest = house.guest;
    visit.host = house.host;
    visit.expected_from = today_at("08:00");
    id = app::create_visit({tx, actor, today_at("07:00"), settings, domain::Scope::everything()}, visit).visit.id;
    app::check_in({tx, actor, today_at("08:30"), settings, domain::Scope::everything()}, id);
    tx.commit();
  }
  std::atomic<int> done{0};
  std::atomic<int> conflicts{0};
  {
    std::vector<std::jthread> people;
    for (const auto* clock : {"09:00", "09:01", "09:02", "09:03"})
      people.emplace_back([&, clock] {
        db::Transaction tx{pool};
        try {
          app::check_out({tx, actor, today_at(clock), settings, domain::Scope::everything()}, id);
          tx.commit();
          ++done;
        } catch (const Error& error) {
          if (error.code() == Errc::conflict) ++conflicts;
        }
      });
  }
  BOOST_TEST(done == 1);
  BOOST_TEST(conflicts == 3);
  db::Transaction tx{pool};
  const auto history = app::visit_history({tx, actor, today_at("10:00"), settings, domain::Scope::everything()}, id);
  BOOST_REQUIRE(history.actions.size() == 2);
  const auto visit = store::Visits{tx, domain::Scope::everything()}.get(id);
  BOOST_TEST(*visit.state.checked_out_at == history.actions[1].action.happened_at);
}
