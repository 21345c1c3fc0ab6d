#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include <functional>
#include <type_traits>

#include "app/alerts.hpp"
#include "app/events.hpp"
#include "app/incidents.hpp"
#include "app/ledger.hpp"
#include "app/registry.hpp"
#include "app/silences.hpp"
#include "app/terminals.hpp"
#include "app/visits.hpp"
#include "store/alerts.hpp"
#include "store/departments.hpp"
#include "store/doors.hpp"
#include "store/event_pictures.hpp"
#include "store/events.hpp"
#include "store/gaps.hpp"
#include "store/guests.hpp"
#include "store/hosts.hpp"
#include "store/incidents.hpp"
#include "store/silences.hpp"
#include "store/sites.hpp"
#include "store/terminals.hpp"
#include "store/visits.hpp"
#include "work.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::Scope;

namespace {

template <class Store>
constexpr bool kWantsScope =
    std::is_constructible_v<Store, db::Transaction&, const Scope&> && !std::is_constructible_v<Store, db::Transaction&>;
static_assert(kWantsScope<store::Visits> && kWantsScope<store::Guests> && kWantsScope<store::Hosts> &&
              kWantsScope<store::Departments> && kWantsScope<store::Sites> && kWantsScope<store::Terminals> &&
              kWantsScope<store::Doors> && kWantsScope<store::Events> && kWantsScope<store::EventPictures> &&
              kWantsScope<store::Incidents> && kWantsScope<store::Alerts> && kWantsScope<store::Silences> &&
              kWantsScope<store::Gaps>);
static_assert(!std::is_default_constructible_v<Scope>);

/// A house with one of everything that can be looked for.
struct Full : House {
  VisitId visit;
  EventId event;
  IncidentId incident;
  AlertId alert;
  SilenceId silence;
  DoorId door;
};

struct ScopeFixture : AtWork {
  Full ours = fill(house, 1);
  Full theirs = fill(House::build(tx), 2);

  Full fill(const House& house, std::int64_t serial) {
    Full full;
    static_cast<House&>(full) = house;
    full.visit = given_visit_in_the_building(tx, house, today_at("08:00"));
    full.event = given_passage(tx, house, serial, today_at("08:00"), domain::Direction::entry);
    full.door = store::Doors{tx, Scope::everything()}.of(house.terminal).at(0).id;
    store::Sighting sighting;
    sighting.finding.type = domain::IncidentType::long_stay;
    sighting.finding.subject = "scope:" + house.tag;
    sighting.finding.site = house.site;
    sighting.finding.visit = full.visit;
    sighting.finding.guest = house.guest;
    sighting.finding.summary = "a sentence";
    sighting.finding.occurred_at = today_at("08:10");
    const auto incident =
        store::Incidents{tx, Scope::everything()}.open_or_touch(std::span{&sighting, 1}, today_at("08:10"))[0].incident;
    full.incident = incident.id;
    domain::Alert alert;
    alert.incident = incident.id;
    alert.visit = full.visit;
    alert.summary = "a sentence";
    alert.created_at = today_at("08:10");
    const store::Address log{domain::Channel::log, house.tag};
    full.alert = store::Alerts{tx, Scope::everything()}.queue(alert, std::span{&log, 1});
    domain::Silence silence;
    silence.site = house.site;
    silence.reason = "a fair";
    silence.starts_at = today_at("08:00");
    silence.ends_at = today_at("18:00");
    full.silence = app::add_silence(work(), silence).silence.id;
    return full;
  }

  app::Work within(const Scope& scope) { return {tx, actor, today_at("08:30"), settings, scope}; }

  /// Everything of \p house that can be found with \p scope, by name.
  std::vector<std::string> found(const Full& house, const Scope& scope) {
    std::vector<std::string> names;
    const auto note = [&](const char* name, bool one, bool listed) {
      BOOST_TEST(one == listed, name << " is found and not listed, or the other way round");
      if (one) names.emplace_back(name);
    };
    const auto lists = [](const auto& rows, auto id_of, auto id) {
      return std::ranges::any_of(rows, [&](const auto& row) { return id_of(row) == id; });
    };
    const auto at_work = within(scope);
    store::Sites sites{tx, scope};
    note("site", sites.find(house.site).has_value(),
         lists(
             sites.list(), [](const auto& row) { return row.id; }, house.site));
    store::Departments departments{tx, scope};
    note("department", departments.find(house.department).has_value(),
         lists(
             departments.list(), [](const auto& row) { return row.department.id; }, house.department));
    store::Hosts hosts{tx, scope};
    note("host", hosts.find(house.host).has_value(),
         lists(
             hosts.list(), [](const auto& row) { return row.host.id; }, house.host));
    store::Guests guests{tx, scope};
    note("guest", guests.find(house.guest).has_value(),
         lists(
             guests.list(), [](const auto& row) { return row.id; }, house.guest));
    store::Visits visits{tx, scope};
    note("visit", visits.find(house.visit).has_value(),
         lists(
             visits.list(), [](const auto& row) { return row.visit.id; }, house.visit));
    store::Terminals terminals{tx, scope};
    note("terminal", terminals.find(house.terminal).has_value(),
         lists(
             terminals.list(), [](const auto& row) { return row.terminal.id; }, house.terminal));
    store::Doors doors{tx, scope};
    note("door", doors.find(house.door).has_value(),
         lists(
             doors.list(), [](const auto& row) { return row.door.id; }, house.door));
    store::Events events{tx, scope};
    note("event", events.find(house.event).has_value(),
         lists(
             events.list(), [](const auto& row) { return row.event.id; }, house.event));
    store::Incidents incidents{tx, scope};
    note("incident", incidents.find(house.incident).has_value(),
         lists(
             incidents.list(), [](const auto& row) { return row.incident.id; }, house.incident));
    store::Alerts alerts{tx, scope};
    note("alert", alerts.find(house.alert).has_value(),
         lists(
             alerts.list({}), [](const auto& row) { return row.alert.id; }, house.alert));
    store::Silences silences{tx, scope};
    note("silence", silences.find(house.silence).has_value(),
         lists(
             silences.list(std::nullopt, 1000), [](const auto& row) { return row.silence.id; }, house.silence));
    return names;
  }
};

using Names = std::vector<std::string>;
const Names kAll{"site", "department", "host",     "guest", "visit",  "terminal",
                 "door", "event",      "incident", "alert", "silence"};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(scope, ScopeFixture)

BOOST_AUTO_TEST_CASE(whoever_has_a_site_finds_all_of_it_and_nothing_of_another_one) {
  BOOST_TEST((found(ours, Scope::everything()) == kAll));
  BOOST_TEST((found(theirs, Scope::everything()) == kAll));
  BOOST_TEST((found(ours, Scope::of({ours.site}, {})) == kAll));
  BOOST_TEST(found(theirs, Scope::of({ours.site}, {})).empty());
  BOOST_TEST((found(theirs, Scope::of({ours.site, theirs.site}, {})) == kAll));
}

BOOST_AUTO_TEST_CASE(whoever_has_a_department_or_is_a_host_finds_its_visits_and_nothing_of_others) {
  for (const auto& scope : {Scope::of({}, {ours.department}), Scope::of({}, {}, {ours.host})}) {
    const auto names = found(ours, scope);
    for (const char* name : {"site", "host", "guest", "visit", "incident", "alert"})
      BOOST_TEST((std::ranges::find(names, name) != names.end()), name);
    for (const char* name : {"terminal", "door", "silence"})
      BOOST_TEST((std::ranges::find(names, name) == names.end()), name);
    BOOST_TEST(found(theirs, scope).empty());
  }
}

BOOST_AUTO_TEST_CASE(an_empty_scope_holds_nothing) {
  BOOST_TEST(found(ours, Scope::of({}, {})).empty());
}

BOOST_AUTO_TEST_CASE(what_lies_outside_of_the_scope_does_not_exist_for_any_use_case) {
  const auto scope = Scope::of({ours.site}, {ours.department}, {ours.host});
  const auto at_work = within(scope);
  app::VisitEdit later;
  later.expected_until = today_at("19:00");
  app::NewVisit visit;
  visit.guest = ours.guest;
  visit.host = theirs.host;
  visit.expected_from = today_at("09:00");
  visit.expected_until = today_at("10:00");
  app::NewIncident incident;
  incident.summary = "a sentence";
  incident.visit = theirs.visit;
  app::DoorSetting door;
  door.terminal = theirs.terminal;
  const app::NewHost host{theirs.department, "Hugo", "", "", ""};
  const app::NewDepartment department{theirs.site, "Sales", ""};
  const std::vector<std::pair<const char*, std::function<void()>>> attempts{
      {"get_visit", [&] { app::get_visit(at_work, theirs.visit); }},
      {"visit_history", [&] { app::visit_history(at_work, theirs.visit); }},
      {"create_visit", [&] { app::create_visit(at_work, visit); }},
      {"check_in", [&] { app::check_in(at_work, theirs.visit); }},
      {"check_out", [&] { app::check_out(at_work, theirs.visit); }},
      {"cancel_visit", [&] { app::cancel_visit(at_work, theirs.visit, ""); }},
      {"edit_visit", [&] { app::edit_visit(at_work, theirs.visit, later); }},
      {"reopen_visit", [&] { app::reopen_visit(at_work, theirs.visit, ""); }},
      {"get_incident", [&] { app::get_incident(at_work, theirs.incident); }},
      {"open_incident", [&] { app::open_incident(at_work, incident); }},
      {"resolve_incident", [&] { app::resolve_incident(at_work, theirs.incident, ""); }},
      {"mark_false_alarm", [&] { app::mark_false_alarm(at_work, theirs.incident, ""); }},
      {"assign_incident", [&] { app::assign_incident(at_work, theirs.incident, {}, ""); }},
      {"reopen_incident", [&] { app::reopen_incident(at_work, theirs.incident, ""); }},
      {"silence_like", [&] { app::silence_like(at_work, theirs.incident); }},
      {"enable_terminal", [&] { app::enable_terminal(at_work, theirs.terminal); }},
      {"disable_terminal", [&] { app::disable_terminal(at_work, theirs.terminal); }},
      {"set_terminal_password", [&] { app::set_terminal_password(at_work, vault, theirs.terminal, Secret{"x"}); }},
      {"set_door", [&] { app::set_door(at_work, door); }},
      {"edit_site", [&] { app::edit_site(at_work, theirs.site, {}); }},
      {"remove_site", [&] { app::remove_site(at_work, theirs.site); }},
      {"add_department", [&] { app::add_department(at_work, department); }},
      {"edit_department", [&] { app::edit_department(at_work, theirs.department, {}); }},
      {"remove_department", [&] { app::remove_department(at_work, theirs.department); }},
      {"add_host", [&] { app::add_host(at_work, host); }},
      {"edit_host", [&] { app::edit_host(at_work, theirs.host, {}); }},
      {"remove_host", [&] { app::remove_host(at_work, theirs.host); }},
      {"remove_guest", [&] { app::remove_guest(at_work, theirs.guest); }},
  };
  for (const auto& [name, attempt] : attempts) {
    try {
      tx.savepoint(attempt);
      BOOST_ERROR(name << " found what is not there");
    } catch (const Error& error) {
      BOOST_TEST((error.code() == Errc::not_found), name << ": " << error.message());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
