#pragma once

#include "app/edit_locks.hpp"
#include "cli/session.hpp"

namespace visitor::cli {

/// Says who is editing what the command wrote to all the same.
void tell_of_locks(Session& session, const app::WrittenPast& past);

}  // namespace visitor::cli
