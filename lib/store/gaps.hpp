#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "db/transaction.hpp"
#include "domain/scope.hpp"

namespace visitor::store {

using GapId = Id<struct GapTag>;

/// Serial numbers that a terminal skipped.
struct Gap {
  GapId id;
  TerminalId terminal;
  int epoch = 1;
  std::int64_t first = 0;
  std::int64_t last = 0;
  Instant found_at;
  std::optional<Instant> asked_at;  ///< when the terminal was asked for them again
};

/// A gap with what became of it.
struct GapListed {
  Gap gap;
  std::string state;  ///< open (to be asked for), missing (asked for in vain), filled (arrived after all)
  std::string terminal_name;
  std::string time_zone;  ///< of its site
};

/// How many serial numbers of a terminal are to be asked for, and how many were asked for in vain.
struct GapCount {
  TerminalId terminal;
  std::int64_t open = 0;
  std::int64_t missing = 0;
};

class Gaps {
 public:
  Gaps(db::Transaction& tx, const domain::Scope& scope) : tx_(tx), scope_(scope) {}

  /// \returns nothing where a gap that begins there is known already, whatever became of it
  std::optional<GapId> add(TerminalId terminal, int epoch, std::int64_t first, std::int64_t last, Instant now);

  /// Open ones of one terminal, oldest first.
  std::vector<Gap> open(TerminalId terminal, int limit = 100);
  /// All of one terminal that were asked for and not filled, oldest first.
  std::vector<Gap> missing(TerminalId terminal, int limit = 100);

  /// Newest first.
  /// \param terminal  nothing: of all
  /// \param filled    also those that have arrived after all
  std::vector<GapListed> list(std::optional<TerminalId> terminal, bool filled, int limit);

  /// Of gaps found at \p since or later; only terminals that have some.
  std::vector<GapCount> counts(Instant since);

  void mark_asked(GapId id, Instant now);
  void mark_filled(GapId id);
  /// Asked for, and the terminal does not have them.
  void mark_missing(GapId id);

 private:
  db::Transaction& tx_;
  domain::Scope scope_;
};

}  // namespace visitor::store
