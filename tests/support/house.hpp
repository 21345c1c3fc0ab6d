#pragma once

#include <string>
#include <string_view>

#include "app/work.hpp"
#include "core/ids.hpp"
#include "core/vault.hpp"
#include "db/transaction.hpp"
#include "domain/access_event.hpp"
#include "domain/people.hpp"
#include "store/events.hpp"

namespace visitor::test {

/// A site with one of everything, in UTC, made at 2026-09-01T06:00Z. Names are new in each house, so that several can
/// stand in one database.
struct House {
  SiteId site;
  DepartmentId department;
  HostId host;
  GuestId guest;
  TerminalId terminal;  ///< door 1, reader 1 leads in; door 1, reader 2 leads out
  AccountId account;
  std::string tag;  ///< part of every name

  static House build(db::Transaction& tx);
};

/// "2026-09-01T08:30Z" for "08:30".
Instant today_at(std::string_view clock);

GuestId given_guest(db::Transaction& tx, const std::string& name);
TerminalId given_terminal(db::Transaction& tx, SiteId site, const std::string& name);
/// AWAITING, expected on 2026-09-01 from 08:00 to 18:00.
VisitId given_visit(db::Transaction& tx, const House& house);
/// CHECKED_IN by a person at \p at.
VisitId given_visit_in_the_building(db::Transaction& tx, const House& house, Instant at);

/// A granted passage of the guest with this employee number.
store::NewEvent passage(std::int64_t serial, Instant at, domain::Direction direction, std::optional<GuestId> guest);
/// Stores it at the terminal.
EventId given_passage(db::Transaction& tx, const House& house, std::int64_t serial, Instant at,
                      domain::Direction direction);

/// A number that no other call in this run has returned.
int unique_number();

Vault test_vault();

}  // namespace visitor::test
