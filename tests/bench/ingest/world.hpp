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
  explicit World(db::Pool& pool);

  const app::Actor& actor() const { return actor_; }
  TerminalId polled() const { return polled_; }

  /// The next \p count pages of \p size events, as the terminal sends them, decoded. Three in five are passes by face,
  /// the others are the lock, which names no person. A line of 23 members, about 900 bytes.
  ///
  /// \param guest_percent  how many of a hundred passes are guests', each coming in and going out once on an own visit,
  ///                       so that every one of them changes a visit; the others are employees'

  std::vector<std::vector<app::IncomingEvent>> next_pages(int count, int size, int guest_percent);

  /// The rows that such a page becomes, for another terminal, in the text format of COPY (kCopy).
  std::string copy_text(const std::vector<app::IncomingEvent>& page) const;
  static const char* const kCopy;

 private:
  void add_guests(int count);

  db::Pool& pool_;
  app::Actor actor_;
  SiteId site_;
  TerminalId polled_;
  TerminalId copied_;
  std::vector<GuestId> guests_;  // the employee number is the position plus 1
  std::int64_t serial_ = 0;
  int day_ = 0;
};

}  // namespace visitor::bench
