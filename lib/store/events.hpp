#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/transaction.hpp"
#include "domain/access_event.hpp"
#include "domain/fold.hpp"
#include "domain/scope.hpp"

namespace visitor::store {

/// An event on its way in. The views must outlive the call that takes it.
struct NewEvent {
  int epoch = 1;
  std::int64_t serial = 0;
  Instant occurred_at;
  int major = 0;
  int minor = 0;
  domain::TimeSource time_source = domain::TimeSource::offset;
  std::string_view time_text;
  domain::EventClass event_class = domain::EventClass::unknown;
  domain::Direction direction = domain::Direction::none;
  int door_no = 0;
  int reader_no = 0;
  std::optional<std::string_view> employee_no;
  std::optional<std::string_view> card_no;
  std::optional<GuestId> guest;
  std::string_view raw;  ///< JSON
};

/// An event with the names that people know things by. Empty where there is no such thing.
struct EventListed {
  domain::AccessEvent event;
  std::string terminal_name;
  std::string door_name;
  std::string guest_name;
  std::string time_zone;  ///< of the terminal's site; UTC where the terminal is gone
};

/// Where a page of a list ended.
struct EventPosition {
  Instant occurred_at;
  EventId id;
};

struct EventFilter {
  std::optional<SiteId> site;
  std::optional<TerminalId> terminal;
  std::optional<GuestId> guest;
  std::vector<domain::EventClass> classes;  ///< any of these; empty: all
  std::optional<domain::Direction> direction;
  std::string person;                   ///< an employee number or a card number; empty: any
  std::optional<Instant> since;         ///< occurred_at at or after
  std::optional<Instant> until;         ///< occurred_at before
  std::optional<EventPosition> before;  ///< only what comes after this one in the list
  int limit = 100;
};

/// What is stored under a serial number.
struct KnownSerial {
  int epoch = 1;
  std::int64_t serial = 0;
  Instant occurred_at;
  int major = 0;
  int minor = 0;
};

struct GuestPassage {
  GuestId guest;
  domain::Passage passage;
};

/// A stored refusal.
struct Denial {
  EventId id;
  domain::EventKey key;
  SiteId site;
  int door_no = 0;
  int reader_no = 0;
  std::optional<std::string> employee_no;
  std::optional<std::string> card_no;
  std::optional<GuestId> guest;
};

struct DenialQuery {
  TerminalId terminal;
  std::vector<std::string> employee_nos;  ///< on any terminal
  std::vector<std::string> card_nos;      ///< on any terminal
  std::vector<int> door_nos;              ///< of \p terminal
  Instant since;                          ///< occurred_at at or after
  Instant until;                          ///< occurred_at at or before
};

/// The append-only table of what terminals reported.
class Events {
 public:
  Events(db::Transaction& tx, const domain::Scope& scope) : tx_(tx), scope_(scope) {}

  /// Makes the partitions for these moments where they are missing. What was found or made before (and committed) is
  /// remembered per session, so this costs nothing on the usual page. To be called before insert_batch.
  void ensure_partitions(std::span<const Instant> moments);

  /// Stores the events that are not known yet; to be called once per page, in any order.
  /// \returns one element per event: its number if it is new, nothing if it was known (or is in the batch before)
  std::vector<std::optional<EventId>> insert_batch(TerminalId terminal, Instant received_at,
                                                   std::span<const NewEvent> events);

  /// What is stored of this terminal under these serial numbers, in any epoch, by epoch and serial.
  std::vector<KnownSerial> known_serials(TerminalId terminal, std::span<const std::int64_t> serials);
  /// Which serial numbers of [first, last] are stored in \p epoch, ascending.
  std::vector<std::int64_t> stored_serials(TerminalId terminal, int epoch, std::int64_t first, std::int64_t last);

  /// Granted events of these guests at doors with a direction, whose time is a real one, from \p since on and
  /// up to \p until (inclusive); by guest, then device time, terminal, serial.
  std::vector<GuestPassage> passages(std::span<const GuestId> guests, Instant since, std::optional<Instant> until = {});

  /// Refusals within the window that share a person, a card or a door with the query; by device time.
  std::vector<Denial> recent_denials(const DenialQuery& query);

  /// Whose granted passages happened in [\p since, \p until).
  std::vector<GuestId> guests_within(Instant since, Instant until);

  std::optional<EventListed> find(EventId id);
  /// Those with these keys, in any order; unknown ones are left out.
  std::vector<EventListed> of_keys(std::span<const domain::EventKey> keys);
  /// Newest device time first, then highest number.
  std::vector<EventListed> list(const EventFilter& filter = {});
  /// Of one terminal's events with a number above \p after and up to \p last those that match \p filter (its terminal,
  /// before and limit are not looked at), in the order of numbers.
  std::vector<EventListed> between(TerminalId terminal, EventId after, EventId last, const EventFilter& filter = {});
  /// How many events of each of these terminals were stored at \p since or later; none of a terminal that is not named.
  /// Looks at those only.
  std::map<TerminalId, std::int64_t> stored_since(std::span<const TerminalId> terminals, Instant since);

 private:
  db::Transaction& tx_;
  domain::Scope scope_;
};

}  // namespace visitor::store
