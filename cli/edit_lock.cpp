#include "cli/edit_lock.hpp"

#include <fmt/format.h>

#include "cli/arguments.hpp"

namespace visitor::cli {

void tell_of_locks(Session& session, const app::WrittenPast& past) {
  if (past.locks().empty() || session.json() || session.globals().quiet) return;
  db::Transaction tx{session.db(), kReading};
  const auto zone = zone_for(session.reader(tx), std::nullopt);
  for (const auto& lock : past.locks())
    session.note(fmt::format("{} is editing {} {} until {}, and may write over this.", lock.login, lock.topic,
                             lock.entity, zone.stamp(lock.ends_at)));
}

}  // namespace visitor::cli
