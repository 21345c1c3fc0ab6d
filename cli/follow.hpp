#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/events.hpp"
#include "app/work.hpp"
#include "cli/session.hpp"

/// For commands that go on until Ctrl-C.
namespace visitor::cli {

/// Prints what \p read returns, again and again: at once, and whenever something is committed. What it returns is
/// printed outside of its transaction, which sees one moment.
///
/// While the database is away this says so once on standard error, tries again with growing pauses, and says when it is
/// back. Returns when nobody reads standard output any more.
/// \param read  called again at once until it returns an empty text; where it throws, its next call must give what this
///              one would have
void follow(Session& session, const std::function<std::string(const app::Work&)>& read);

/// Prints what \p read returns until it is an empty text.
void drain(Session& session, const std::function<std::string(const app::Work&)>& read);

/// The same of a house elsewhere: asks every second, and goes on while its visitord is away.
/// \param read  asks it; returns an empty text where there is no more for now
void follow_there(Session& session, const std::function<std::string()>& read);
void drain_there(Session& session, const std::function<std::string()>& read);

/// What --since says: a cursor, or else a moment, before which everything is known.
/// \throws Error usage    it is neither
/// \throws Error partial  some of what came since is gone
app::EventCursor find_cursor(const app::Work& work, const Session& session, const std::string& since);

}  // namespace visitor::cli
