#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/work.hpp"
#include "domain/audit.hpp"

/// The change feed, as somebody reads it who goes away and comes back.
namespace visitor::app {

/// What changes speak of, by name.
std::span<const std::string_view> topics();

/// \throws Error partial  changes after \p cursor have been trimmed, or it is newer than any change: the database is
///                        another one, or was restored from a backup. Whoever stands there must begin anew.
void require_kept(const Work& work, ChangeId cursor);

/// The newest change there ever was: whoever knows the present state goes on from here.
ChangeId newest_change(const Work& work);

/// The cursor after which everything was made at \p since or later.
/// \throws Error partial  some of it has been trimmed
ChangeId cursor_since(const Work& work, Instant since);

/// Hands out each change after a cursor once, in the order of commit.
class ChangeFeed {
 public:
  /// \param topics  any of these; empty: all
  ChangeFeed(ChangeId after, std::vector<std::string> topics) : at_(after), topics_(std::move(topics)) {}

  /// What is new, up to 1,000 a call; in a transaction that sees one moment (repeatable read).
  /// \throws Error partial  some of it is gone; see require_kept()
  std::vector<domain::Change> poll(const Work& work);

 private:
  ChangeId at_;
  std::vector<std::string> topics_;
};

/// Deletes what is older than [changes] keep: a job.
/// \returns how many changes
int trim_changes(const Work& work);

}  // namespace visitor::app
