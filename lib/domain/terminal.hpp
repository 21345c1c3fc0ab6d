#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/instant.hpp"
#include "domain/access_event.hpp"
#include "domain/names.hpp"

namespace visitor::domain {

enum class TerminalState { fresh, online, offline, locked, refused, certificate_changed, error };  // "new", …

struct Terminal {
  TerminalId id;
  SiteId site;
  std::string name;
  std::string base_url;
  std::string username;
  std::vector<std::byte> password_sealed;  ///< label "terminal.password"
  std::chrono::milliseconds poll_interval{2000};
  bool enabled = true;
  Instant created_at;
  int version = 1;

  std::optional<std::vector<std::byte>> certificate_sha256;  ///< pinned on first contact
  std::string model;
  std::string firmware;
  std::string serial_number;
  std::string mac_address;

  std::optional<Instant> cursor_at;  ///< newest device time up to which everything is stored
  int epoch = 1;                     ///< grows by one each time its serial numbers start again
  std::int64_t last_serial = 0;      ///< highest serial stored in this epoch
  std::optional<Instant> last_event_at;
  std::int64_t event_count = 0;
  std::int64_t noise_count = 0;  ///< own log-ins seen in its log and left out

  TerminalState state = TerminalState::fresh;
  Instant state_since;
  std::optional<Instant> last_answer_at;
  std::string last_error;
  int failures = 0;  ///< in a row
  std::optional<Instant> locked_until;
  std::optional<int>
      login_tries_left;  ///< after a refused password, as the terminal said; at 1 only a person tries again
  std::optional<std::chrono::milliseconds> clock_offset;  ///< its clock minus ours
  std::optional<Instant> clock_wrong_since;  ///< as the rule clock_drift found it; nothing: it is right, or not known
  std::optional<std::int64_t> backlog;       ///< events it holds that we have not read yet

  std::string lease_holder;
  std::optional<Instant> lease_until;
};

struct Door {
  DoorId id;
  TerminalId terminal;
  int door_no = 0;
  int reader_no = 0;
  std::string name;
  Direction direction = Direction::none;
  std::string zone;
};

template <>
std::span<const Name<TerminalState>> names();

}  // namespace visitor::domain
