#include "app/edit_locks.hpp"

#include <boost/test/unit_test.hpp>
#include <functional>

#include "app/acknowledge.hpp"
#include "app/badges.hpp"
#include "app/incidents.hpp"
#include "app/registry.hpp"
#include "app/visits.hpp"
#include "work.hpp"

using namespace visitor;
using namespace visitor::test;

namespace {

/// Anna is editing a visit, its guest and an incident.
struct Locked : AtWork {
  app::Actor anna = app::ensure_actor(tx, "anna", domain::ActionHow::person, today_at("06:00"));
  VisitId visit = given_visit(tx, house);
  GuestId other = given_guest(tx, "Other " + house.tag);
  IncidentId incident = [this] {
    app::NewIncident report;
    report.summary = "a window is broken";
    report.site = house.site;
    return app::open_incident(work(), report).incident.id;
  }();

  struct Write {
    std::string what;
    std::string_view topic;
    std::function<void(const app::Work&)> run;
  };
  /// Everything that a person can do to one of them.
  std::vector<Write> writes = {
      {"check_in", "visit", [this](const app::Work& work) { app::check_in(work, visit); }},
      {"check_out", "visit", [this](const app::Work& work) { app::check_out(work, visit); }},
      {"cancel_visit", "visit", [this](const app::Work& work) { app::cancel_visit(work, visit, "moved"); }},
      {"edit_visit", "visit", [this](const app::Work& work) { app::edit_visit(work, visit, {}); }},
      {"reopen_visit", "visit", [this](const app::Work& work) { app::reopen_visit(work, visit, ""); }},
      {"print_badge", "visit",
       [this](const app::Work& work) {
         app::BadgeOrder order;
         order.visit = visit;
         order.as_file = true;
         app::print_badge(work, vault, order);
       }},
      {"edit_guest", "guest", [this](const app::Work& work) { app::edit_guest(work, vault, house.guest, {}); }},
      {"block_guest", "guest", [this](const app::Work& work) { app::block_guest(work, house.guest, "noise"); }},
      {"unblock_guest", "guest", [this](const app::Work& work) { app::unblock_guest(work, house.guest); }},
      {"remove_guest", "guest", [this](const app::Work& work) { app::remove_guest(work, house.guest); }},
      {"merge_guests into", "guest",
       [this](const app::Work& work) { app::merge_guests(work, other, house.guest, false); }},
      {"merge_guests from", "guest",
       [this](const app::Work& work) { app::merge_guests(work, house.guest, other, false); }},
      {"add_credential", "guest",
       [this](const app::Work& work) {
         app::add_credential(work, house.guest, {domain::CredentialKind::card, "77" + house.tag});
       }},
      {"set_guest_photo", "guest", [this](const app::Work& work) { app::set_guest_photo(work, house.guest, {}); }},
      {"remove_guest_photo", "guest", [this](const app::Work& work) { app::remove_guest_photo(work, house.guest); }},
      {"resolve_incident", "incident", [this](const app::Work& work) { app::resolve_incident(work, incident, ""); }},
      {"mark_false_alarm", "incident", [this](const app::Work& work) { app::mark_false_alarm(work, incident, ""); }},
      {"assign_incident", "incident",
       [this](const app::Work& work) { app::assign_incident(work, incident, std::nullopt, ""); }},
      {"reopen_incident", "incident", [this](const app::Work& work) { app::reopen_incident(work, incident, ""); }},
      {"comment_incident", "incident",
       [this](const app::Work& work) { app::comment_incident(work, incident, "mine"); }},
      {"acknowledge_incident", "incident",
       [this](const app::Work& work) { app::acknowledge_incident(work, incident, ""); }},
      {"change_incidents", "incident",
       [this](const app::Work& work) {
         const std::array ids{incident};
         app::change_incidents(work, ids, {});
       }},
  };

  Locked() {
    const auto lock = [&](std::string_view topic, std::int64_t id) { app::take_lock(by(anna), topic, id, false); };
    lock("visit", visit.value);
    lock("guest", house.guest.value);
    lock("incident", incident.value);
  }

  app::Work by(const app::Actor& who, std::string_view clock = "08:30") {
    return {tx, who, today_at(clock), settings, domain::Scope::everything()};
  }

  /// Does it and undoes it. \returns whose lock was written past; whether the thing itself allows it is not asked here
  std::vector<std::string> written_past(const Write& write, const app::Work& work) {
    const app::WrittenPast past;
    try {
      tx.savepoint([&] {
        write.run(work);
        throw Error(Errc::interrupted, "enough");
      });
    } catch (const app::LockedError& locked) {
      return {"refused for " + locked.lock().login};
    } catch (const Error&) {
    }
    std::vector<std::string> logins;
    for (const auto& lock : past.locks()) logins.push_back(fmt::format("{} on {}", lock.login, lock.topic));
    return logins;
  }
};

using Logins = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(writes_mind_edit_locks, Locked)

BOOST_AUTO_TEST_CASE(whatever_a_person_writes_is_told_of_who_is_editing_it) {
  for (const auto& write : writes)
    BOOST_TEST(written_past(write, by(actor)) == Logins{fmt::format("anna on {}", write.topic)}, write.what);
}

BOOST_AUTO_TEST_CASE(or_is_refused_where_that_is_how_it_is_to_be) {
  settings.api.locks = "refuse";
  for (const auto& write : writes) BOOST_TEST(written_past(write, by(actor)) == Logins{"refused for anna"}, write.what);
}

BOOST_AUTO_TEST_CASE(the_holder_the_daemon_and_everybody_after_the_lease_just_write) {
  settings.api.locks = "refuse";
  auto system = actor;
  system.how = domain::ActionHow::automatic;
  const auto later = by(actor, "12:00");
  for (const auto& write : writes) {
    BOOST_TEST(written_past(write, by(anna)).empty(), write.what);
    BOOST_TEST(written_past(write, by(system)).empty(), write.what);
    BOOST_TEST(written_past(write, later).empty(), write.what);
  }
}

BOOST_AUTO_TEST_CASE(a_lock_of_one_thing_is_none_of_another) {
  settings.api.locks = "refuse";
  BOOST_CHECK_NO_THROW(app::block_guest(by(actor), other, "noise"));
}

BOOST_AUTO_TEST_SUITE_END()
