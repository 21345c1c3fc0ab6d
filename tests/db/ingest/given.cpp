#include "given.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/credentials.hpp"
#include "store/doors.hpp"
#include "store/sites.hpp"
#include "store/terminals.hpp"
#include "store/visits.hpp"

namespace visitor::test {
namespace {

const Instant kBefore = at("2026-08-01T00:00:00Z");

/// Tests that commit share a database.
std::string unlike_others(std::string_view name) {
  static int number = 0;
  return fmt::format("{} {}", name, ++number);
}

}  // namespace

GivenSite::GivenSite(db::Transaction& open) : tx(open) {
  actor = app::ensure_actor(tx, "system", domain::ActionHow::automatic, kBefore);
  domain::Site almaty;
  almaty.name = unlike_others("Almaty");
  almaty.time_zone = "Asia/Almaty";
  almaty.days_off = {6, 7};
  site = store::Sites{tx, domain::Scope::everything()}.add(almaty, kBefore);
  entrance = given_terminal("entrance", "entry", site);
  way_out = given_terminal("exit", "exit", site);
}

Instant GivenSite::on_the_day(std::string_view text) {
  return at(text.size() == 5 || text.size() == 8 ? fmt::format("2026-09-01T{}{}Z", text, text.size() == 5 ? ":00" : "")
                                                 : std::string{text});
}

TerminalId GivenSite::given_terminal(const std::string& name, std::string_view direction, SiteId where) {
  domain::Terminal terminal;
  terminal.site = where;
  terminal.name = unlike_others(name);
  terminal.base_url = "http://192.0.2.1";
  terminal.username = "admin";
  terminal.password_sealed = {std::byte{1}};
  const auto id = store::Terminals{tx, domain::Scope::everything()}.add(terminal, kBefore);
  tx.exec("UPDATE terminal SET lease_holder = 'd1', lease_until = '2100-01-01' WHERE id = $1", id);
  domain::Door door;
  door.terminal = id;
  door.door_no = 1;
  door.reader_no = 1;
  door.direction = domain::get_named<domain::Direction>(direction);
  store::Doors{tx, domain::Scope::everything()}.set(door);
  return id;
}

GuestId GivenSite::given_guest(const std::string& employee_no, const std::string& card_no) {
  const auto id =
      tx.row("INSERT INTO guest (name, created_at) VALUES ('A guest', $1) RETURNING id", kBefore).get<GuestId>("id");
  store::Credentials credentials{tx};
  if (!employee_no.empty()) credentials.add({{}, id, domain::CredentialKind::employee_no, employee_no}, kBefore);
  if (!card_no.empty()) credentials.add({{}, id, domain::CredentialKind::card, card_no}, kBefore);
  return id;
}

VisitId GivenSite::given_visit(GuestId guest, std::string_view from, std::string_view until) {
  domain::Visit visit;
  visit.guest = guest;
  visit.site = site;
  visit.expected_from = on_the_day(from);
  visit.expected_until = on_the_day(until);
  visit.registered_at = kBefore;
  return store::Visits{tx, domain::Scope::everything()}.add(visit);
}

app::IngestResult GivenSite::page(TerminalId terminal, const std::vector<app::IncomingEvent>& events,
                                  std::optional<Instant> now, const app::CursorAdvance& advance) {
  if (!now) {
    now = kBefore;
    for (const auto& event : events) now = std::max(*now, event.occurred_at + std::chrono::seconds{1});
  }
  return app::ingest_page(work(*now), terminal, "d1", events, advance);
}

domain::VisitState GivenSite::state(VisitId visit) {
  return store::Visits{tx, domain::Scope::everything()}.get(visit).state;
}

std::vector<domain::Incident> GivenSite::incidents() {
  std::vector<domain::Incident> incidents;
  store::IncidentFilter filter;
  filter.site = site;
  for (auto& listed : store::Incidents{tx, domain::Scope::everything()}.list(filter))
    incidents.push_back(std::move(listed.incident));
  return incidents;
}

std::int64_t GivenSite::count(const std::string& table, const std::string& where) {
  return tx.row(fmt::format("SELECT count(*) AS n FROM {} WHERE {}", table, where)).get<std::int64_t>("n");
}

app::IncomingEvent an_event(std::int64_t serial, std::string_view time, int major, int minor, domain::EventClass as) {
  app::IncomingEvent event;
  event.serial = serial;
  event.major = major;
  event.minor = minor;
  event.occurred_at = GivenSite::on_the_day(time);
  event.time_text = time;
  event.event_class = as;
  event.door_no = 1;
  event.reader_no = 1;
  event.raw = fmt::format(R"({{"serialNo":{},"major":{},"minor":{}}})", serial, major, minor);
  return event;
}

app::IncomingEvent pass(std::int64_t serial, std::string_view time, const std::string& employee_no) {
  auto event = an_event(serial, time, 5, 75, domain::EventClass::granted);
  event.employee_no = employee_no;
  return event;
}

app::IncomingEvent refusal(std::int64_t serial, std::string_view time, const std::string& card_no) {
  auto event = an_event(serial, time, 5, 9, domain::EventClass::denied);
  event.card_no = card_no;
  return event;
}

app::IncomingEvent lock(std::int64_t serial, std::string_view time) {
  return an_event(serial, time, 5, 21, domain::EventClass::door_state);
}

app::IncomingEvent own_log_in(std::int64_t serial, std::string_view time) {
  return an_event(serial, time, 3, 112, domain::EventClass::own_noise);
}

}  // namespace visitor::test
