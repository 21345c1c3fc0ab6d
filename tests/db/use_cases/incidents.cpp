#include "app/incidents.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

#include "work.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::IncidentStatus;

namespace {

IncidentId given_incident(db::Transaction& tx, const House& house) {
  store::Sighting sighting;
  sighting.finding.type = domain::IncidentType::exit_without_entry;
  sighting.finding.severity = domain::Severity::high;
  sighting.finding.subject = "guest:" + house.tag;
  sighting.finding.site = house.site;
  sighting.finding.guest = house.guest;
  sighting.finding.summary = "left without having come";
  sighting.finding.occurred_at = today_at("08:00");
  return store::Incidents{tx, domain::Scope::everything()}
      .open_or_touch(std::span{&sighting, 1}, today_at("08:00"))[0]
      .incident.id;
}

struct IncidentsFixture : AtWork {
  IncidentId id = given_incident(tx, house);
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(incidents_use_cases, IncidentsFixture)

BOOST_AUTO_TEST_CASE(an_incident_goes_from_new_through_investigating_to_its_end) {
  auto listed = app::assign_incident(work(), id, std::nullopt, "");
  BOOST_TEST((listed.incident.status == IncidentStatus::investigating));
  BOOST_TEST(listed.assigned_login == "reception");
  listed = app::assign_incident(work(), id, "TESTER", "yours");
  BOOST_TEST(listed.assigned_login == "tester");
  listed = app::resolve_incident(work("09:00"), id, " he came by the garage ");
  BOOST_TEST((listed.incident.status == IncidentStatus::resolved));
  BOOST_TEST(*listed.incident.ended_at == today_at("09:00"));

  const auto details = app::get_incident(work(), id);
  BOOST_REQUIRE(details.history.size() == 4);
  BOOST_TEST(details.history[3].note == "he came by the garage");
  BOOST_TEST(details.history[3].login == "reception");
  BOOST_TEST(details.listed.guest_name == "Gina Guest " + house.tag);
}

BOOST_AUTO_TEST_CASE(what_has_ended_is_reopened_or_refused) {
  app::mark_false_alarm(work(), id, "");
  BOOST_CHECK_EXCEPTION(app::resolve_incident(work(), id, ""), Error,
                        says(Errc::conflict, "already ended as false_alarm"));
  BOOST_CHECK_EXCEPTION(app::assign_incident(work(), id, std::nullopt, ""), Error, has_code(Errc::conflict));
  BOOST_TEST((app::reopen_incident(work(), id, "").incident.status == IncidentStatus::fresh));
  BOOST_CHECK_EXCEPTION(app::reopen_incident(work(), id, ""), Error, has_code(Errc::conflict));
}

BOOST_AUTO_TEST_CASE(what_is_unknown_is_not_found) {
  BOOST_CHECK_EXCEPTION(app::get_incident(work(), IncidentId{987654}), Error, says(Errc::not_found, "987654"));
  BOOST_CHECK_EXCEPTION(app::resolve_incident(work(), IncidentId{987654}, ""), Error, has_code(Errc::not_found));
  BOOST_CHECK_EXCEPTION(app::assign_incident(work(), id, "nobody", ""), Error, says(Errc::not_found, "nobody"));
  BOOST_CHECK_EXCEPTION(app::resolve_incident(work(), id, std::string(1001, 'x')), Error, says(Errc::usage, "1001"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(of_two_people_who_end_an_incident_one_is_told_so, Database) {
  const config::Settings settings;
  app::Actor actor;
  IncidentId id;
  {
    db::Transaction tx{pool};
    const auto house = House::build(tx);
    actor = app::ensure_actor(tx, "security", domain::ActionHow::person, today_at("06:00"));
    id = given_incident(tx, house);
    tx.commit();
  }
  std::atomic<int> done{0};
  std::atomic<int> conflicts{0};
  {
    std::vector<std::jthread> people;
    for (int i = 0; i < 4; ++i)
      people.emplace_back([&, i] {
        db::Transaction tx{pool};
        const app::Work work{tx, actor, today_at("09:00"), settings, domain::Scope::everything()};
        try {
          i % 2 == 0 ? app::resolve_incident(work, id, "") : app::mark_false_alarm(work, id, "");
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
  BOOST_TEST((store::Incidents{tx, domain::Scope::everything()}.history(id).size() == 2));
}
