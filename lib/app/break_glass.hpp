#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "app/work.hpp"
#include "auth/break_glass.hpp"
#include "core/vault.hpp"

/// When nobody who may is there: two administrators together make somebody an administrator for a while. Everybody who
/// is told of critical incidents hears of it.
namespace visitor::app {

using auth::BreakGlass;

struct BreakGlassOrder {
  std::string login;   ///< who becomes administrator
  std::string first;   ///< login of one administrator
  std::string second;  ///< login of another
  std::string reason;  ///< 1 to 500 characters
  std::chrono::seconds lasts{3600};
};

/// Whether the order may be carried out once both have shown a code (show_code of each).
/// \throws Error usage      first and second are one, the reason is empty, or it lasts less than a minute or more than
/// a
///                          day
/// \throws Error not_found  one of the three accounts
/// \throws Error denied     first or second is not an administrator of everything, or has no authenticator
/// \throws Error conflict   who shall become administrator is one already
void check_break_glass(const Work& work, const Vault& vault, const BreakGlassOrder& order);

/// Carries it out: the role until the end, and a critical incident with its alerts. The caller has checked it and both
/// codes.
/// \throws Error conflict  the account is an administrator already, or is disabled
BreakGlass open_break_glass(const Work& work, const BreakGlassOrder& order);

/// Newest first.
std::vector<BreakGlass> list_break_glass(const Work& work, int limit = 100);

/// Ends it now.
/// \throws Error not_found
/// \throws Error conflict  it is over already
BreakGlass close_break_glass(const Work& work, domain::BreakGlassId id);

}  // namespace visitor::app
