#pragma once

#include <memory>
#include <vector>

#include "app/instance.hpp"
#include "daemon/loops/loop.hpp"

namespace visitor::daemon {

/// Every loop of the daemon, in the order in which they start.
std::vector<std::unique_ptr<Loop>> make_loops(const Context& context, app::Instance& instance);

}  // namespace visitor::daemon
