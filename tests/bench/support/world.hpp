#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/ingest.hpp"
#include "db/pool.hpp"

namespace visitor::bench {

/// A site with guests, their visits, a terminal that is polled, and one whose rows are copied in as they are.
class World {
 public:
  World(db::Pool& pool, Instant now);

  /// Goes on with other sessions of the same database.
  void use(db::Pool& pool) { pool_ = &pool; }

  /// The next \p count pages of \p size events, as the terminal sends them, decoded. Three in five are passes by face,
  /// the others are the lock, which names no person. A line of 23 members, about 900 bytes.
  ///
  /// \param guest_percent  how many of a hundred passes are guests', each coming in and going out once on an own visit,
  ///                       so that every one of them changes a visit; the others are employees'
  std::vector<std::vector<app::IncomingEvent>> next_pages(int count, int size, int guest_percent);

  /// Stores them as a poller does, a transaction each. \throws Error integrity  a page was not stored whole, or no
  ///                                                                            visit changed
  void ingest(const std::vector<std::vector<app::IncomingEvent>>& pages);

  /// The rows that such a page becomes, for another terminal, in the text format of COPY (kCopy).
  std::string copy_text(const std::vector<app::IncomingEvent>& page) const;
  static const char* const kCopy;

 private:
  void add_guests(int count);
  Instant begin_of(int day) const;

  db::Pool* pool_;
  Instant first_day_;
  app::Actor actor_;
  SiteId site_;
  TerminalId polled_;
  TerminalId copied_;
  std::vector<GuestId> guests_;  // the employee number is "W" with the position plus 1
  std::int64_t serial_ = 0;
  int day_ = 0;
};

}  // namespace visitor::bench
