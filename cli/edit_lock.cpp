#include "cli/edit_lock.hpp"

#include <fmt/format.h>

#include "app/edit_locks.hpp"
#include "cli/arguments.hpp"

namespace visitor::cli {

void mind_lock(Session& session, const app::Work& work, std::string_view topic, std::int64_t id) {
  if (const auto lock = app::mind_lock(work, topic, id))
    session.note(fmt::format("{} is editing {} {} until {}, and may write over this.", lock->login, topic, id,
                             zone_for(work, std::nullopt).stamp(lock->ends_at)));
}

}  // namespace visitor::cli
