#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/ingest.hpp"
#include "domain/visit.hpp"
#include "store/incidents.hpp"
#include "support/database.hpp"
#include "support/manual_clock.hpp"

namespace visitor::test {

/// A site in Almaty (UTC+5) with a terminal at its entrance and one at its exit, both polled by daemon "d1". Moments
/// are of Tuesday, 1 September 2026, unless they have a date.
struct GivenSite {
  explicit GivenSite(db::Transaction& tx);

  db::Transaction& tx;
  config::Settings settings;
  app::Actor actor;
  SiteId site;
  TerminalId entrance;
  TerminalId way_out;

  static Instant on_the_day(std::string_view text);

  TerminalId given_terminal(const std::string& name, std::string_view direction, SiteId where);
  GuestId given_guest(const std::string& employee_no, const std::string& card_no = {});
  /// Expected from 08:00 to 10:00 UTC unless said otherwise.
  VisitId given_visit(GuestId guest, std::string_view from = "08:00", std::string_view until = "10:00");

  /// A page received at \p now (nothing: one second after its newest event).
  app::IngestResult page(TerminalId terminal, const std::vector<app::IncomingEvent>& events,
                         std::optional<Instant> now = {}, const app::CursorAdvance& advance = {});
  app::Work work(Instant now) { return {tx, actor, now, settings, domain::Scope::everything()}; }

  domain::VisitState state(VisitId visit);
  std::vector<domain::Incident> incidents();
  std::int64_t count(const std::string& table, const std::string& where = "true");
};

/// At door 1, reader 1.
app::IncomingEvent an_event(std::int64_t serial, std::string_view time, int major, int minor, domain::EventClass as);
app::IncomingEvent pass(std::int64_t serial, std::string_view time, const std::string& employee_no);
app::IncomingEvent refusal(std::int64_t serial, std::string_view time, const std::string& card_no);
app::IncomingEvent lock(std::int64_t serial, std::string_view time);
app::IncomingEvent own_log_in(std::int64_t serial, std::string_view time);

/// Fixture: the site in a transaction that is rolled back.
struct Ingested : RolledBack, GivenSite {
  Ingested() : GivenSite(RolledBack::tx) {}
  using GivenSite::tx;
};

}  // namespace visitor::test
