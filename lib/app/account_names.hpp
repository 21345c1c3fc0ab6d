#pragma once

#include <string_view>

#include "app/work.hpp"
#include "store/accounts.hpp"

namespace visitor::app {

/// The account of that login; letter case does not count.
/// \throws Error not_found
store::Account get_account(const Work& work, std::string_view login);

}  // namespace visitor::app
