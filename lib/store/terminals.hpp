#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/transaction.hpp"
#include "domain/scope.hpp"
#include "domain/terminal.hpp"

namespace visitor::store {

struct TerminalListed {
  domain::Terminal terminal;
  std::string site_name;
  std::string time_zone;  ///< of the site
};

struct TerminalFilter {
  std::optional<SiteId> site;
  std::string name;  ///< exactly this one, letter case aside; empty: any
  std::optional<bool> enabled;
};

/// Where the poller stands after a page.
struct TerminalProgress {
  std::optional<Instant> cursor_at;
  int epoch = 1;
  std::int64_t last_serial = 0;
  std::optional<Instant> last_event_at;  ///< device time; the stored one only grows
  std::int64_t events_added = 0;
  std::int64_t noise_added = 0;
  std::optional<std::int64_t> backlog;
};

/// How a terminal is. \p since is kept by the store where the state does not change.
struct TerminalHealth {
  domain::TerminalState state = domain::TerminalState::online;
  std::optional<Instant> last_answer_at;  ///< nothing: the stored one stays
  std::string last_error;                 ///< one line, without secrets; cut at 500 bytes
  int failures = 0;
  std::optional<Instant> locked_until;
  std::optional<int> login_tries_left;                    ///< see domain::Terminal
  std::optional<std::chrono::milliseconds> clock_offset;  ///< nothing: the stored one stays
};

/// What a terminal said of itself.
struct TerminalIdentity {
  std::string model;
  std::string firmware;
  std::string serial_number;
  std::string mac_address;
  std::optional<std::string> capabilities;  ///< JSON; nothing: the stored ones stay
};

class Terminals {
 public:
  Terminals(db::Transaction& tx, const domain::Scope& scope) : tx_(tx), scope_(scope) {}

  /// \param terminal  site, name, base_url, username, password_sealed, poll_interval and enabled count
  /// \throws Error conflict  the name is taken (letter case does not count)
  TerminalId add(const domain::Terminal& terminal, Instant now);

  std::optional<domain::Terminal> find(TerminalId id);
  /// \throws Error not_found
  domain::Terminal get(TerminalId id);
  std::optional<domain::Terminal> find_by_name(std::string_view name);
  /// By name.
  std::vector<TerminalListed> list(const TerminalFilter& filter = {});
  /// JSON, or nothing while it has not said.
  std::optional<std::string> capabilities(TerminalId id);

  /// With its row locked until the transaction ends: the first thing that a page does.
  /// \throws Error not_found
  domain::Terminal lock(TerminalId id);

  /// \returns the new version, or nothing where it was so already
  /// \throws Error not_found
  std::optional<int> set_enabled(TerminalId id, bool enabled, Instant now);
  void set_password(TerminalId id, const std::vector<std::byte>& sealed);
  void save_progress(TerminalId id, const TerminalProgress& progress);
  /// \returns true if the state is another one than before
  bool save_health(TerminalId id, const TerminalHealth& health, Instant now);
  /// Notes that these clocks have been wrong since now, and that those are right again.
  void save_clocks(std::span<const TerminalId> wrong, std::span<const TerminalId> right, Instant now);
  void save_identity(TerminalId id, const TerminalIdentity& identity);
  /// Pins a certificate (its SHA-256), or with nothing forgets the pinned one.
  void pin_certificate(TerminalId id, const std::optional<std::vector<std::byte>>& sha256);

  /// Takes up to \p limit enabled terminals that nobody holds, skipping those that another daemon is about to take.
  /// \returns the terminals taken just now, in the order of id
  std::vector<domain::Terminal> acquire_leases(const std::string& holder, Instant now, std::chrono::milliseconds lease,
                                               int limit);
  /// Prolongs all leases of \p holder that have not been taken over.
  /// \returns the terminals that it still holds and that are enabled, in the order of id; disabled ones are let go
  std::vector<domain::Terminal> renew_leases(const std::string& holder, Instant now, std::chrono::milliseconds lease);
  /// Lets go of all, so that another daemon need not wait.
  void release_leases(const std::string& holder);

 private:
  db::Transaction& tx_;
  domain::Scope scope_;
};

}  // namespace visitor::store
