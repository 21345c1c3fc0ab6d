#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "db/transaction.hpp"
#include "domain/access_event.hpp"
#include "domain/incident.hpp"

namespace visitor::store {

/// A refusal or an alarm.
struct Reported {
  domain::EventKey key;
  SiteId site;
  std::string terminal_name;
  int door_no = 0;
  std::optional<std::string> employee_no;
  std::optional<std::string> card_no;
  std::optional<GuestId> guest;
};

/// What a look back at a period asks for. Periods are [since, until).
class Replay {
 public:
  explicit Replay(db::Transaction& tx) : tx_(tx) {}

  /// Whose visits were expected to begin within the period.
  std::vector<GuestId> guests_expected(Instant since, Instant until);

  /// Hands over the refusals (or the alarms) of the period whose time is a real one, one by one and by device time;
  /// \p use must not run statements.
  void denials(Instant since, Instant until, const std::function<void(const Reported&)>& use);
  void alarms(Instant since, Instant until, const std::function<void(const Reported&)>& use);

  /// Incidents that happened within the period, by moment.
  std::vector<domain::Incident> incidents(Instant since, Instant until);
  /// Those with these dedupe keys, whenever they happened, by moment.
  std::vector<domain::Incident> incidents_of(std::span<const std::string> dedupe_keys);

  /// Until it is put back (or the transaction ends) the database lets a visit take any state: for a repair, which sets
  /// what the facts give.
  void lift_guard(bool lifted);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
