#include "polled.hpp"

#include <atomic>

#include "app/registry.hpp"
#include "app/terminals.hpp"
#include "app/visits.hpp"
#include "store/terminals.hpp"

namespace visitor::test {
namespace {

/// The master key stays the same within a process: all its tests share one database.
Vault test_vault() {
  return Vault{Secret{std::string(32, 'k')}};
}

std::string next_name(const std::string& what) {
  static std::atomic<int> count{0};
  return what + " " + std::to_string(++count);
}

}  // namespace

sim::TerminalOptions Polled::options_of(const std::string& profile) {
  sim::TerminalOptions options;
  options.profile = sim::find_profile(profile).value();
  return options;
}

Polled::Polled(sim::TerminalOptions options) : vault(test_vault()), device(std::move(options)) {
  settings.polling.connect_timeout = std::chrono::milliseconds{1000};
  settings.polling.request_timeout = std::chrono::milliseconds{2000};
  device.start();

  db::Transaction tx{pool};
  const auto actor = app::ensure_actor(tx, "tests", domain::ActionHow::person, clock.now());
  const app::Work work{tx, actor, clock.now(), settings, domain::Scope::everything()};
  app::NewSite new_site;
  new_site.name = next_name("Site");
  new_site.time_zone = "Asia/Almaty";
  site = app::add_site(work, new_site).id;
  app::NewTerminal new_terminal;
  new_terminal.site = site;
  new_terminal.name = next_name("Terminal");
  new_terminal.base_url = device.url();
  new_terminal.username = device.options().user;
  new_terminal.password = Secret{std::string_view{device.options().password}};
  terminal = app::add_terminal(work, vault, new_terminal).terminal.id;
  store::Terminals{tx, domain::Scope::everything()}.acquire_leases(holder, clock.now(), std::chrono::hours{1}, 1000);
  tx.commit();
  given_new_poller();
}

void Polled::given_new_poller() {
  poller = std::make_unique<app::TerminalPoller>(app::PollerServices{pool, vault, clock, settings, metrics}, terminal,
                                                 holder, 1);
}

VisitId Polled::given_expected_guest(const std::string& employee_no) {
  db::Transaction tx{pool};
  const auto actor = app::ensure_actor(tx, "tests", domain::ActionHow::person, clock.now());
  const app::Work work{tx, actor, clock.now(), settings, domain::Scope::everything()};
  app::NewGuest new_guest;
  new_guest.name = "Guest " + employee_no;
  new_guest.credentials = {{domain::CredentialKind::employee_no, employee_no}};
  app::NewVisit new_visit;
  new_visit.guest = app::add_guest(work, vault, new_guest).guest.id;
  new_visit.site = site;
  const auto visit = app::create_visit(work, new_visit);
  tx.commit();
  return visit.visit.id;
}

void Polled::given_doors() {
  db::Transaction tx{pool};
  const auto actor = app::ensure_actor(tx, "tests", domain::ActionHow::person, clock.now());
  const app::Work work{tx, actor, clock.now(), settings, domain::Scope::everything()};
  for (const auto direction : {domain::Direction::entry, domain::Direction::exit}) {
    app::DoorSetting setting;
    setting.terminal = terminal;
    setting.reader_no = direction == domain::Direction::entry ? 1 : 2;
    setting.direction = direction;
    app::set_door(work, setting);
  }
  tx.commit();
}

void Polled::given_password(std::string_view password) {
  db::Transaction tx{pool};
  const auto actor = app::ensure_actor(tx, "tests", domain::ActionHow::person, clock.now());
  app::set_terminal_password({tx, actor, clock.now(), settings, domain::Scope::everything()}, vault, terminal,
                             Secret{password});
  tx.commit();
}

domain::Terminal Polled::stored_terminal() {
  db::Transaction tx{pool};
  return store::Terminals{tx, domain::Scope::everything()}.get(terminal);
}

domain::Visit Polled::stored_visit(VisitId id) {
  db::Transaction tx{pool};
  const auto actor = app::ensure_actor(tx, "tests", domain::ActionHow::person, clock.now());
  return app::get_visit({tx, actor, clock.now(), settings, domain::Scope::everything()}, id).visit;
}

std::pair<int, int> Polled::stored_events() {
  db::Transaction tx{pool};
  const auto row = tx.row(
      "SELECT count(*)::int AS stored, count(DISTINCT (serial, occurred_at, major, minor))::int AS different"
      "  FROM access_event WHERE terminal_id = $1",
      terminal);
  return {row.get<int>("stored"), row.get<int>("different")};
}

int Polled::device_events() const {
  int count = 0;
  for (const auto& event : device.events())
    if (event.major != 3 || (event.minor != 112 && event.minor != 113)) ++count;
  return count;
}

}  // namespace visitor::test
