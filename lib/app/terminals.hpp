#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/work.hpp"
#include "core/secret.hpp"
#include "core/vault.hpp"
#include "domain/terminal.hpp"
#include "store/doors.hpp"
#include "store/terminals.hpp"

/// Terminals and their doors, as a person sets them up. Each change writes its audit and change rows; the daemon sees
/// it at its next look at the leases.
namespace visitor::app {

using store::DoorListed;
using store::TerminalFilter;
using store::TerminalListed;

struct NewTerminal {
  SiteId site;
  std::string name;      ///< 1 to 100 characters, not a number, unique
  std::string base_url;  ///< "http://192.0.2.10", "https://door.example:8443"; scheme, host and port only
  std::string username = "admin";
  Secret password;
  std::optional<std::chrono::milliseconds> poll_interval;  ///< 100 ms to 1 h; nothing: [polling] interval
  bool enabled = true;
};
/// \throws Error usage      a field is wrong
/// \throws Error not_found  no such site
/// \throws Error conflict   the name is taken
TerminalListed add_terminal(const Work& work, const Vault& vault, const NewTerminal& terminal);

/// By name.
std::vector<TerminalListed> list_terminals(const Work& work, const TerminalFilter& filter = {});
/// \throws Error not_found
TerminalListed get_terminal(const Work& work, TerminalId id);
/// By number or exact name, letter case aside.
/// \throws Error not_found  the hint names a near one
TerminalListed resolve_terminal(const Work& work, std::string_view ref);

/// \returns false where it was so already; then nothing is written
/// \throws Error not_found
bool enable_terminal(const Work& work, TerminalId id);
bool disable_terminal(const Work& work, TerminalId id);

/// Another password for the user that the terminal was added with. The terminal's refusals of the old one are
/// forgotten, and the next poll tries this one. \throws Error usage      it is empty or longer than 128 bytes \throws
/// Error not_found
void set_terminal_password(const Work& work, const Vault& vault, TerminalId id, const Secret& password);
/// The password to log in with.
/// \throws Error config  it was sealed with another master key
Secret terminal_password(const Vault& vault, const domain::Terminal& terminal);

struct DoorSetting {
  TerminalId terminal;
  int door_no = 1;    ///< 0 or more; 0: events that name no door
  int reader_no = 1;  ///< 0 or more; 0: events that name no reader
  domain::Direction direction = domain::Direction::none;
  std::optional<std::string> name;  ///< nothing: stays
  std::optional<std::string> zone;  ///< nothing: stays
};
/// Says which way a door and reader lead; counts for events that arrive from now on.
/// \throws Error usage      a number is negative or above 65,535, or a text is longer than 100 characters
/// \throws Error not_found  no such terminal
domain::Door set_door(const Work& work, const DoorSetting& setting);
/// By terminal, door, reader.
std::vector<DoorListed> list_doors(const Work& work, std::optional<TerminalId> terminal = {});

}  // namespace visitor::app
