#pragma once

#include <functional>
#include <string>

#include "core/instant.hpp"
#include "db/connection.hpp"

namespace visitor::bench {

/// How much there is to be. Everything else follows: ten events, a tenth of a guest and some audit and change rows for
/// each visit.
struct Population {
  int days = 250;            ///< working days, ending yesterday: a year of them
  int visits_a_day = 2'000;  ///< a multiple of 40; 500,000 visits, 5,000,000 events and 50,000 guests in the year
  int today = 1'000;         ///< visits on top of these: the first half of them are in the building at this moment
  int terminals = 4;
  bool traces = true;  ///< false: only the guests and their visits, without what led to them and followed from them

  int visits() const { return days * visits_a_day; }
  int events() const { return visits() * 10; }
  int guests() const { return visits() / 10; }
};

/// Fills a database that has the schema and nothing in it with what a university's building leaves behind in a year.
///
/// Visits follow from the events as the fold would have them, each step has its audit and its change row, one visit in
/// twenty was cancelled or not used, one person in a few hundred was refused, and some incidents (devices that were
/// away, remarks of the guards) were opened, told and mostly resolved. Days are Mondays to Fridays from 07:00 to 19:00
/// in Almaty.
///
/// \param options  of a connection that may change settings of the server; durability is off meanwhile
/// \param say      told what is done, as it is done
void populate(const db::ConnectionOptions& options, const Population& size, Instant now,
              const std::function<void(const std::string&)>& say);

}  // namespace visitor::bench
