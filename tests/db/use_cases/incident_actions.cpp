#include <boost/test/unit_test.hpp>

#include "app/incidents.hpp"
#include "store/alerts.hpp"
#include "work.hpp"

using namespace visitor;
using namespace visitor::test;
using app::IncidentAction;
using app::IncidentMove;
using domain::IncidentStatus;

namespace {

struct Reports : AtWork {
  app::NewIncident report(const std::string& summary = "a window is broken") {
    app::NewIncident incident;
    incident.severity = domain::Severity::high;
    incident.summary = summary;
    incident.site = house.site;
    return incident;
  }
  IncidentId opened() { return app::open_incident(work(), report()).incident.id; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(incidents_of_people, Reports)

BOOST_AUTO_TEST_CASE(a_person_opens_an_incident_and_whoever_is_told_of_incidents_is_told) {
  auto wanted = report("  a window is broken ");
  wanted.occurred_at = today_at("08:00");
  const auto listed = app::open_incident(work(), wanted);
  BOOST_TEST((listed.incident.type == domain::IncidentType::other));
  BOOST_TEST((listed.incident.severity == domain::Severity::high));
  BOOST_TEST(listed.incident.summary == "a window is broken");
  BOOST_TEST(listed.incident.occurred_at == today_at("08:00"));
  const auto details = app::get_incident(work(), listed.incident.id);
  BOOST_REQUIRE(details.history.size() == 1);
  BOOST_TEST(details.history[0].login == "reception");
  BOOST_TEST((store::Alerts{tx, domain::Scope::everything()}.of(listed.incident.id).size() == 1));
  BOOST_TEST(audited(store::topic::kIncident, listed.incident.id) == std::vector<std::string>{"create"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(two_reports_are_two_incidents_whatever_they_say) {
  BOOST_TEST(opened().value != opened().value);
}

BOOST_AUTO_TEST_CASE(guest_and_site_follow_from_the_visit_and_the_site_from_the_terminal) {
  auto about_visit = report();
  about_visit.site.reset();
  about_visit.visit = given_visit(tx, house);
  const auto first = app::open_incident(work(), about_visit).incident;
  BOOST_TEST(first.guest->value == house.guest.value);
  BOOST_TEST(first.site->value == house.site.value);
  auto about_terminal = report();
  about_terminal.site.reset();
  about_terminal.terminal = house.terminal;
  BOOST_TEST(app::open_incident(work(), about_terminal).incident.site->value == house.site.value);
}

BOOST_AUTO_TEST_CASE(what_does_not_belong_together_is_refused) {
  const auto other = House::build(tx);
  auto wrong_guest = report();
  wrong_guest.visit = given_visit(tx, house);
  wrong_guest.guest = other.guest;
  BOOST_CHECK_EXCEPTION(app::open_incident(work(), wrong_guest), Error, says(Errc::conflict, "guest of the visit"));
  auto wrong_site = report();
  wrong_site.terminal = other.terminal;
  BOOST_CHECK_EXCEPTION(app::open_incident(work(), wrong_site), Error, says(Errc::conflict, "site of the terminal"));
}

BOOST_AUTO_TEST_CASE(each_step_is_on_record_with_what_was_before_and_after) {
  const auto id = opened();
  app::assign_incident(work("08:31"), id, std::nullopt, "mine");
  app::comment_incident(work("08:32"), id, "on my way");
  app::resolve_incident(work("08:33"), id, "glazed");
  app::reopen_incident(work("08:34"), id, "it broke again");
  app::mark_false_alarm(work("08:35"), id, "it was open");
  app::AuditFilter filter;
  filter.topic = store::topic::kIncident;
  filter.entity = id.value;
  std::vector<std::string> rows;
  for (const auto& record : app::list_audit(work(), filter))
    if (record.action == domain::AuditAction::update)
      rows.push_back(tx.row("SELECT concat_ws(' ', j ->> 'step', j ->> 'note', j -> 'changed') AS text "
                            "FROM (SELECT $1::jsonb AS j) AS of",
                            record.details)
                         .get<std::string>("text"));
  BOOST_TEST(
      rows == (std::vector<std::string>{R"(false_alarm it was open {"status": {"to": "false_alarm", "from": "new"}})",
                                        R"(reopened it broke again {"status": {"to": "new", "from": "resolved"}})",
                                        R"(resolved glazed {"status": {"to": "resolved", "from": "investigating"}})",
                                        R"(commented on my way {})",
                                        R"(assigned mine {"status": {"to": "investigating", "from": "new"}, )"
                                        R"("assigned_to": {"to": "reception", "from": ""}})"}),
      boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(bad_reports_are_refused) {
  BOOST_CHECK_EXCEPTION(app::open_incident(work(), report("  ")), Error, has_code(Errc::usage));
  BOOST_CHECK_EXCEPTION(app::open_incident(work(), report(std::string(501, 'x'))), Error, has_code(Errc::usage));
  auto future = report();
  future.occurred_at = today_at("08:30:01");
  BOOST_CHECK_EXCEPTION(app::open_incident(work(), future), Error, has_code(Errc::usage));
  auto nowhere = report();
  nowhere.visit = VisitId{987654};
  BOOST_CHECK_EXCEPTION(app::open_incident(work(), nowhere), Error, has_code(Errc::not_found));
}

BOOST_AUTO_TEST_CASE(several_incidents_take_a_step_together_and_one_named_twice_counts_once) {
  const auto a = opened(), b = opened();
  const std::vector ids{b, a, b};
  const auto changed = app::change_incidents(work("09:00"), ids, {IncidentMove::resolve, "drill", {}});
  BOOST_REQUIRE(changed.size() == 2);
  BOOST_TEST(changed[0].incident.id.value == a.value);
  for (const auto& one : changed) BOOST_TEST((one.incident.status == IncidentStatus::resolved));
  BOOST_TEST(app::change_incidents(work("09:01"), ids, {IncidentMove::reopen, "", {}}).size() == 2);
  const auto assigned = app::change_incidents(work("09:02"), ids, {IncidentMove::assign, "", "reception"});
  BOOST_TEST(assigned[1].assigned_login == "reception");
  for (const auto move : {IncidentMove::false_alarm, IncidentMove::reopen})
    BOOST_CHECK_NO_THROW(app::change_incidents(work("09:03"), ids, {move, "", {}}));
}

BOOST_AUTO_TEST_CASE(where_some_refuse_each_is_named_and_none_is_changed) {
  const auto good = opened(), ended = opened();
  app::resolve_incident(work(), ended, "");
  const std::vector ids{good, ended, IncidentId{987654}};
  try {
    tx.savepoint([&] { app::change_incidents(work(), ids, {IncidentMove::false_alarm, "", {}}); });
    BOOST_FAIL("it was not refused");
  } catch (const Error& error) {
    BOOST_TEST((error.code() == Errc::conflict));
    BOOST_TEST(error.message().find("2 of 3") == 0U);
    BOOST_TEST(error.message().find("987654 does not exist") != std::string::npos);
    BOOST_TEST(error.message().find("already ended as resolved") != std::string::npos);
  }
  BOOST_TEST((app::get_incident(work(), good).listed.incident.status == IncidentStatus::fresh));
}

BOOST_AUTO_TEST_CASE(one_incident_that_refuses_says_so_in_its_own_words) {
  const std::vector unknown{IncidentId{987654}};
  BOOST_CHECK_EXCEPTION(app::change_incidents(work(), unknown, {}), Error,
                        says(Errc::not_found, "incident 987654 does not exist"));
  const std::vector two{IncidentId{987654}, IncidentId{987655}};
  BOOST_CHECK_EXCEPTION(app::change_incidents(work(), two, {}), Error, has_code(Errc::not_found));
}

BOOST_AUTO_TEST_CASE(an_unknown_account_is_told_once_not_once_for_each_incident) {
  const std::vector ids{opened(), opened()};
  BOOST_CHECK_EXCEPTION(app::change_incidents(work(), ids, {IncidentMove::assign, "", "nobody"}), Error,
                        says(Errc::not_found, "there is no account 'nobody'"));
}

BOOST_AUTO_TEST_SUITE_END()
