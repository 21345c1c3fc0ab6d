#include "support/house.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <atomic>

#include "store/accounts.hpp"
#include "store/departments.hpp"
#include "store/doors.hpp"
#include "store/guests.hpp"
#include "store/hosts.hpp"
#include "store/sites.hpp"
#include "store/terminals.hpp"
#include "store/visit_actions.hpp"
#include "store/visits.hpp"
#include "support/manual_clock.hpp"

namespace visitor::test {

int unique_number() {
  static std::atomic<int> next{1};
  return next++;
}

Instant today_at(std::string_view clock) {
  return at(fmt::format("2026-09-01T{}Z", clock));
}

House House::build(db::Transaction& tx) {
  const auto now = today_at("06:00");
  House house;
  house.tag = fmt::format("house-{}", unique_number());
  house.account = store::Accounts{tx}.ensure("tester", false, now).id;

  domain::Site site;
  site.name = "Site " + house.tag;
  site.time_zone = "UTC";
  site.country_code = "7";
  site.days_off = {6, 7};
  house.site = store::Sites{tx, domain::Scope::everything()}.add(site, now);

  domain::Department department;
  department.site = house.site;
  department.name = "Finance " + house.tag;
  house.department = store::Departments{tx, domain::Scope::everything()}.add(department);

  domain::Host host;
  host.department = house.department;
  host.name = "Hana Host " + house.tag;
  house.host = store::Hosts{tx, domain::Scope::everything()}.add(host);

  house.guest = given_guest(tx, "Gina Guest " + house.tag);
  house.terminal = given_terminal(tx, house.site, "Gate " + house.tag);
  for (const auto& [reader, direction] : {std::pair{1, domain::Direction::entry}, {2, domain::Direction::exit}}) {
    domain::Door door;
    door.terminal = house.terminal;
    door.door_no = 1;
    door.reader_no = reader;
    door.name = reader == 1 ? "In" : "Out";
    door.direction = direction;
    store::Doors{tx, domain::Scope::everything()}.set(door);
  }
  return house;
}

GuestId given_guest(db::Transaction& tx, const std::string& name) {
  domain::Guest guest;
  guest.name = name;
  return store::Guests{tx, domain::Scope::everything()}.add(guest, std::nullopt, today_at("06:00"));
}

TerminalId given_terminal(db::Transaction& tx, SiteId site, const std::string& name) {
  domain::Terminal terminal;
  terminal.site = site;
  terminal.name = name;
  terminal.base_url = "http://192.0.2.1";
  terminal.username = "admin";
  terminal.password_sealed = {std::byte{1}};
  return store::Terminals{tx, domain::Scope::everything()}.add(terminal, today_at("06:00"));
}

VisitId given_visit(db::Transaction& tx, const House& house) {
  domain::Visit visit;
  visit.guest = house.guest;
  visit.host = house.host;
  visit.department = house.department;
  visit.site = house.site;
  visit.expected_from = today_at("08:00");
  visit.expected_until = today_at("18:00");
  visit.registered_by = house.account;
  visit.registered_at = today_at("07:00");
  return store::Visits{tx, domain::Scope::everything()}.add(visit);
}

VisitId given_visit_in_the_building(db::Transaction& tx, const House& house, Instant at) {
  const auto id = given_visit(tx, house);
  store::VisitActions{tx}.record({id, domain::ActionKind::check_in, domain::ActionHow::person, at}, "", house.account,
                                 at);
  store::VisitSave save{id, {}, 1};
  save.state.status = domain::VisitStatus::checked_in;
  save.state.checked_in_at = at;
  save.state.checked_in_how = domain::How::person;
  store::Visits{tx, domain::Scope::everything()}.save_states(std::span{&save, 1});
  return id;
}

store::NewEvent passage(std::int64_t serial, Instant at, domain::Direction direction, std::optional<GuestId> guest) {
  store::NewEvent event;
  event.serial = serial;
  event.occurred_at = at;
  event.major = 5;
  event.minor = 75;
  event.time_text = "as the terminal wrote it";
  event.event_class = domain::EventClass::granted;
  event.direction = direction;
  event.door_no = 1;
  event.reader_no = direction == domain::Direction::exit ? 2 : 1;
  event.guest = guest;
  event.raw = R"({"major": 5})";
  return event;
}

EventId given_passage(db::Transaction& tx, const House& house, std::int64_t serial, Instant at,
                      domain::Direction direction) {
  store::Events events{tx, domain::Scope::everything()};
  const auto event = passage(serial, at, direction, house.guest);
  events.ensure_partitions(std::span{&at, 1});
  return events.insert_batch(house.terminal, at, std::span{&event, 1}).front().value();
}

Vault test_vault() {
  std::array<std::byte, 32> key{};
  key.fill(std::byte{7});
  return Vault{Secret{std::span<const std::byte>{key}}};
}

}  // namespace visitor::test
