#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/work.hpp"
#include "cli/command.hpp"
#include "cli/session.hpp"
#include "core/ids.hpp"
#include "core/zone.hpp"

namespace visitor::app {
class RemoteHouse;
struct Period;  // app/replay_findings.hpp
}  // namespace visitor::app

/// Options that many commands have, each in one wording.
namespace visitor::cli {

/// --since and --until.
struct Period {
  std::optional<Moment> since;
  std::optional<Moment> until;
};
struct Span {
  std::optional<Instant> since;
  std::optional<Instant> until;
};
/// \param what  of the rows counts: "expected", "detected"
void add_period(Command& command, Period& period, const std::string& what);
/// \throws Error usage  the end is not after the beginning
Span resolve(const Period& period, const Session& session, const Zone& zone);
/// The same of what has happened: until now at most.
/// \throws Error usage  there is no beginning, or it lies in the future
app::Period resolve_past(const Period& period, const Session& session, const Zone& zone);

/// --site, and the site's id where it is given.
void add_site_filter(Command& command, std::optional<std::string>& site);
/// \throws Error not_found
std::optional<SiteId> find_site(const app::Work& work, const std::optional<std::string>& site);
std::optional<SiteId> find_site(app::RemoteHouse& house, const std::optional<std::string>& site);
/// The zone that moments without an offset are in: of \p site, else of the first site, else UTC.
Zone zone_for(const app::Work& work, const std::optional<std::string>& site);
Zone zone_for(app::RemoteHouse& house, const std::optional<std::string>& site);

void add_limit(Command& command, int& limit);
/// Lists are asked for with one row more than \p limit; takes that row away again and says that there is more.
template <class T>
void cut(std::vector<T>& rows, int limit, Session& session) {
  if (rows.size() <= static_cast<std::size_t>(limit)) return;
  rows.erase(rows.begin() + limit, rows.end());
  session.note_cut(limit);
}

/// --if-version: the version that an edit is based on.
void add_if_version(Command& command, std::optional<int>& version);
inline constexpr auto kEditDetails =
    "Only what is named changes; an empty text clears it. Nothing is stored where somebody else changed the thing "
    "after "
    "--if-version, or after this command looked at it: the message says who changed what and when.";
/// \throws Error usage  nothing was named to change
void require_some(bool any);

void add_dry_run(Command& command, bool& dry_run);
/// Commits, unless this is a dry run.
void finish(db::Transaction& tx, bool dry_run);

}  // namespace visitor::cli
