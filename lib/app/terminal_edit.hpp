#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "app/terminals.hpp"

/// Changing and removing terminals, beside what app/terminals does to them.
namespace visitor::app {

/// What is given changes; the rest stays.
struct TerminalEdit {
  std::optional<std::string> name;
  std::optional<std::string>
      base_url;  ///< another address also forgets the pinned certificate, which was the old one's
  std::optional<std::string> username;
  std::optional<Secret> password;
  std::optional<std::chrono::milliseconds> poll_interval;
  std::optional<SiteId> site;  ///< only while it has reported nothing: its events are those of a site
  bool forget_certificate = false;
};
/// Leaves no trace where nothing differs. With another address, user or password, refusals of before are forgotten.
/// \param seen  version that the caller has looked at; nothing: the one that is there now
/// \throws Error usage      a field is wrong
/// \throws Error not_found  terminal or site
/// \throws Error conflict   the terminal has another version (says who changed what and when), the name is taken, or it
///                          has reported events at its site
TerminalListed edit_terminal(const Work& work, const Vault& vault, TerminalId id, const TerminalEdit& wanted,
                             std::optional<int> seen = {});

/// Removes a terminal that nothing refers to, with its doors.
/// \throws Error conflict  events, gaps or incidents speak of it; says how many, and what to do instead
void remove_terminal(const Work& work, TerminalId id);

}  // namespace visitor::app
