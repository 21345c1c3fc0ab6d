#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/transaction.hpp"
#include "domain/serials.hpp"
#include "domain/terminal.hpp"

namespace visitor::store {

/// What a page needs to know of its terminal, read and locked in one statement.
struct PageTerminal {
  TerminalId id;
  SiteId site;
  std::string name;
  std::string time_zone;           ///< of the site
  std::vector<unsigned> days_off;  ///< of the site
  std::vector<std::string> rules;  ///< what the site says otherwise than [rules], as "key=value"
  std::string lease_holder;        ///< empty: nobody
  std::optional<Instant> cursor_at;
  std::optional<std::int64_t> backlog;
  domain::SerialState serials;
  bool has_gaps = false;            ///< open or missing ones
  std::vector<domain::Door> doors;  ///< numbers and direction only
};

/// The identity of an event that may be stored already.
struct EventIdentity {
  std::int64_t serial = 0;
  Instant occurred_at;
  int major = 0;
  int minor = 0;
  std::string_view time_text;
};

/// Statements that only the ingest of a page needs. What others share stands in the store of its aggregate.
class IngestBatch {
 public:
  explicit IngestBatch(db::Transaction& tx) : tx_(tx) {}

  /// The terminal with its row locked until the transaction ends: whoever holds it is alone in storing its events. Put
  /// off (db::Transaction::later): \returns what hands it over. From here to the end of the transaction statements keep
  /// the plans that they have.
  std::function<std::optional<PageTerminal>()> lock_terminal(TerminalId id);

  /// In which epoch each of these is stored, the newest one; nothing for those that are not.
  std::vector<std::optional<int>> known_epochs(TerminalId terminal, std::span<const EventIdentity> events);
  /// The same for events whose time text was no time: their moment is that of receipt, so the text stands for it.
  std::vector<std::optional<int>> known_epochs_by_text(TerminalId terminal, std::span<const EventIdentity> events);
  /// Which of these numbers are stored in \p epoch; all months are looked through.
  std::vector<bool> taken(TerminalId terminal, int epoch, std::span<const std::int64_t> serials);

  /// Gaps of \p epoch, open or missing, that hold one of these numbers, by number.
  std::vector<domain::SerialGap> gaps_with(TerminalId terminal, int epoch, std::span<const std::int64_t> serials);
  /// Remembers gaps as open. One that begins where a known one does is left as it is.
  void add_gaps(TerminalId terminal, std::span<const domain::SerialGap> gaps, Instant now);
  /// Takes numbers that have arrived out of the gaps that hold them. A gap of which nothing is left becomes filled;
  /// otherwise what is left keeps its state, in several gaps where it has fallen apart.
  void fill_gaps(TerminalId terminal, int epoch, std::span<const std::int64_t> serials, Instant now);

  /// The newest stored passage of each guest, and the newest action on a visit of each guest, as far as they lie at or
  /// after \p since; a guest may come twice.
  std::vector<std::pair<GuestId, Instant>> latest_facts(std::span<const GuestId> guests, Instant since);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
