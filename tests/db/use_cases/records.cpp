#include <boost/test/unit_test.hpp>

#include <functional>

#include "app/incidents.hpp"
#include "app/registry.hpp"
#include "app/terminals.hpp"
#include "app/visits.hpp"
#include "work.hpp"

using namespace visitor;
using namespace visitor::test;

namespace {

/// A use case, and what it has to leave behind.
struct Row {
  std::string_view name;
  std::string_view topic;
  domain::AuditAction action;
  std::function<std::int64_t(const app::Work&, const House&, const Vault&)> run;  // returns the thing's number
};

VisitId awaited(const app::Work& work, const House& house) {
  app::NewVisit visit;
  visit.guest = house.guest;
  visit.host = house.host;
  return app::create_visit(work, visit).visit.id;
}

IncidentId open_incident(const app::Work& work, const House& house) {
  store::Sighting sighting;
  sighting.finding.subject = house.tag;
  return store::Incidents{work.tx, domain::Scope::everything()}
      .open_or_touch(std::span{&sighting, 1}, work.now)[0]
      .incident.id;
}

const std::vector<Row>& use_cases() {
  using domain::AuditAction;
  namespace topic = store::topic;
  static const std::vector<Row> rows{
      {"add_site", topic::kSite, AuditAction::create,
       [](auto& work, auto& house, auto&) {
         return app::add_site(work, {"New " + house.tag, "UTC", "", {}}).id.value;
       }},
      {"add_department", topic::kDepartment, AuditAction::create,
       [](auto& work, auto& house, auto&) {
         return app::add_department(work, {house.site, "New " + house.tag, ""}).id.value;
       }},
      {"add_host", topic::kHost, AuditAction::create,
       [](auto& work, auto& house, auto&) {
         return app::add_host(work, {house.department, "New", "", "", ""}).id.value;
       }},
      {"add_guest", topic::kGuest, AuditAction::create,
       [](auto& work, auto&, auto& vault) {
         app::NewGuest guest;
         guest.name = "New";
         return app::add_guest(work, vault, guest).guest.id.value;
       }},
      {"add_guest with a credential", topic::kCredential, AuditAction::create,
       [](auto& work, auto& house, auto& vault) {
         app::NewGuest guest;
         guest.name = "New";
         guest.credentials = {{domain::CredentialKind::card, house.tag}};
         return app::add_guest(work, vault, guest).credentials[0].id.value;
       }},
      {"add_credential", topic::kCredential, AuditAction::create,
       [](auto& work, auto& house, auto&) {
         return app::add_credential(work, house.guest, {domain::CredentialKind::card, house.tag}).id.value;
       }},
      {"create_visit", topic::kVisit, AuditAction::create,
       [](auto& work, auto& house, auto&) { return awaited(work, house).value; }},
      {"check_in", topic::kVisit, AuditAction::update,
       [](auto& work, auto& house, auto&) { return app::check_in(work, awaited(work, house)).visit.id.value; }},
      {"check_out", topic::kVisit, AuditAction::update,
       [](auto& work, auto& house, auto&) {
         const auto id = awaited(work, house);
         app::check_in(work, id);
         return app::check_out(work, id).visit.id.value;
       }},
      {"cancel_visit", topic::kVisit, AuditAction::update,
       [](auto& work, auto& house, auto&) {
         return app::cancel_visit(work, awaited(work, house), "ill").visit.id.value;
       }},
      {"add_terminal", topic::kTerminal, AuditAction::create,
       [](auto& work, auto& house, auto& vault) {
         app::NewTerminal terminal;
         terminal.site = house.site;
         terminal.name = "New " + house.tag;
         terminal.base_url = "http://192.0.2.9";
         terminal.password = Secret{"secret"};
         return app::add_terminal(work, vault, terminal).terminal.id.value;
       }},
      {"disable_terminal", topic::kTerminal, AuditAction::update,
       [](auto& work, auto& house, auto&) {
         app::disable_terminal(work, house.terminal);
         return house.terminal.value;
       }},
      {"enable_terminal", topic::kTerminal, AuditAction::update,
       [](auto& work, auto& house, auto&) {
         store::Terminals{work.tx, domain::Scope::everything()}.set_enabled(house.terminal, false, work.now);
         app::enable_terminal(work, house.terminal);
         return house.terminal.value;
       }},
      {"set_door that is new", topic::kDoor, AuditAction::create,
       [](auto& work, auto& house, auto&) {
         app::DoorSetting setting;
         setting.terminal = house.terminal;
         setting.door_no = 2;
         return app::set_door(work, setting).id.value;
       }},
      {"set_door that is known", topic::kDoor, AuditAction::update,
       [](auto& work, auto& house, auto&) {
         app::DoorSetting setting;
         setting.terminal = house.terminal;
         return app::set_door(work, setting).id.value;
       }},
      {"resolve_incident", topic::kIncident, AuditAction::update,
       [](auto& work, auto& house, auto&) {
         return app::resolve_incident(work, open_incident(work, house), "").incident.id.value;
       }},
      {"mark_false_alarm", topic::kIncident, AuditAction::update,
       [](auto& work, auto& house, auto&) {
         return app::mark_false_alarm(work, open_incident(work, house), "").incident.id.value;
       }},
      {"assign_incident", topic::kIncident, AuditAction::update,
       [](auto& work, auto& house, auto&) {
         return app::assign_incident(work, open_incident(work, house), std::nullopt, "").incident.id.value;
       }},
      {"reopen_incident", topic::kIncident, AuditAction::update,
       [](auto& work, auto& house, auto&) {
         const auto id = open_incident(work, house);
         app::resolve_incident(work, id, "");
         return app::reopen_incident(work, id, "").incident.id.value;
       }},
  };
  return rows;
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(every_use_case_leaves_its_audit_row_and_its_change_row_with_the_commit, Database) {
  const config::Settings settings;
  const auto vault = test_vault();
  for (const auto& row : use_cases()) {
    BOOST_TEST_CONTEXT(row.name) {
      ChangeId before;
      std::int64_t entity = 0;
      app::Actor actor;
      {
        db::Transaction tx{pool};
        const auto house = House::build(tx);
        actor = app::ensure_actor(tx, "reception", domain::ActionHow::person, today_at("06:00"));
        before = store::JournalReader{tx}.cursor();
        entity = row.run({tx, actor, today_at("08:30"), settings, domain::Scope::everything()}, house, vault);
        tx.commit();
      }
      db::Transaction tx{pool};
      const app::Work work{tx, actor, today_at("09:00"), settings, domain::Scope::everything()};
      app::AuditFilter filter;
      filter.account = actor.account;
      filter.topic = row.topic;
      filter.entity = entity;
      filter.actions = {row.action};
      const auto audit = app::list_audit(work, filter);
      BOOST_REQUIRE(!audit.empty());
      BOOST_TEST(audit[0].at == today_at("08:30"));

      const auto changes = app::list_changes(work, before);
      BOOST_TEST(std::any_of(changes.begin(), changes.end(), [&](const auto& change) {
        return change.topic == row.topic && change.entity == entity && change.at == today_at("08:30");
      }));
    }
  }
}

BOOST_FIXTURE_TEST_CASE(no_audit_row_holds_a_secret, AtWork) {
  app::NewGuest guest;
  guest.name = "Dora";
  guest.document = Secret{"850101300199"};
  app::add_guest(work(), vault, guest);
  app::NewTerminal terminal;
  terminal.site = house.site;
  terminal.name = "New " + house.tag;
  terminal.base_url = "http://192.0.2.9";
  terminal.password = Secret{"correct horse"};
  app::add_terminal(work(), vault, terminal);

  const auto rows = app::list_audit(work());
  BOOST_REQUIRE(rows.size() >= 2);
  for (const auto& row : rows) {
    BOOST_TEST((row.details.find("850101300199") == std::string::npos));
    BOOST_TEST((row.details.find("correct horse") == std::string::npos));
  }
}
