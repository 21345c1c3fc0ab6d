#pragma once

#include "core/instant.hpp"
#include "db/transaction.hpp"
#include "domain/terminal.hpp"

namespace visitor::store {

/// What people do to a terminal as a whole; the poller's side of it stands in store/terminals.
class TerminalEdits {
 public:
  explicit TerminalEdits(db::Transaction& tx) : tx_(tx) {}

  /// Stores what people set (site, name, base_url, username, password_sealed, poll_interval) and the pinned certificate
  /// of \p terminal, which was read at its version, and makes that one more.
  /// \param other_access  the terminal begins anew: refusals of before are forgotten
  /// \returns whether it was still at that version
  /// \throws DatabaseError conflict  the name is taken
  bool update(const domain::Terminal& terminal, bool other_access, Instant now);

  /// With its doors.
  /// \throws DatabaseError conflict  something refers to it
  void remove(TerminalId id);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
