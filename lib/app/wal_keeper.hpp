#pragma once

#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/instance.hpp"
#include "archive/manifest.hpp"
#include "archive/target.hpp"
#include "core/clock.hpp"
#include "store/wal_state.hpp"

namespace visitor::app {

/// Keeps the archive of the embedded database's write-ahead log, as [backup.wal] says: the one of all programs that has
/// the turn.
///
/// pg_receivewal streams the log into a folder of the state directory, on the database's own machine; each complete
/// segment is compressed, sealed to [backup] recipients and written to the archive before it goes from there. A
/// replication slot makes the server keep what has not come that far, whoever is killed when; [backup.wal] max_behind
/// is how much, so that a full archive disk never becomes a full disk of the database. That is why it is not
/// archive_command: with that a database keeps everything until its disk is full, and then stops.
///
/// Every [backup.wal] max_loss the segment that is being written is ended, however little it holds. A base backup is
/// made in a thread of its own where there is none of this unbroken chain, or the newest is old. What no recovery needs
/// any longer is removed.
///
/// For one thread at a time.
class WalKeeper {
 public:
  /// \param instance  has been opened, and outlives this, as the rest does
  WalKeeper(Instance& instance, const config::Settings& settings, const Clock& clock);
  /// Ends a base backup that is under way.
  ~WalKeeper();
  WalKeeper(const WalKeeper&) = delete;
  WalKeeper& operator=(const WalKeeper&) = delete;

  /// Does what there is to do; to be called about once a second. Nothing where somebody else has the turn, and in a
  /// restored database that waits for 'visitorctl resume'.
  /// \throws Error  what keeps the log from being archived; table wal_archive says so, too, and the next tick tries
  ///                again
  void tick(Instant now, std::stop_token stop);

  /// Whether a base backup is under way.
  bool making_base() const { return base_.valid(); }

 private:
  struct Session;
  struct Mark {
    std::string segment;
    Instant at;
  };

  bool open(Instant now);
  void work(Instant now, const std::stop_token& stop);
  void seal_complete();
  void mark(Instant now);
  void see_to_base(Instant now);
  void look_at_archive(Instant now);
  void look_around(Instant now);
  void save();

  Instance& instance_;
  const config::Settings& settings_;
  const Clock& clock_;
  std::unique_ptr<Session> session_;
  store::WalState state_;
  std::vector<Mark> marks_;  // whose segments have not been archived yet
  Instant open_at_;          // somebody else had the turn
  Instant mark_at_;
  Instant look_at_;
  Instant archive_look_at_;
  Instant base_at_;  // not tried before
  bool sealing_ = false;
  std::stop_source base_stop_;
  std::future<archive::Manifest> base_;
};

/// Where [backup.wal] is off: the server keeps no log for the archive any longer, if it did. Nothing where somebody
/// else keeps the archive, or the database is not ours. \param instance  has been opened
void end_wal_archive(Instance& instance);

/// The folder of the archive, as a target.
/// \throws Error config  [backup.wal] directory is not set
/// \throws Error  as archive::open_target
std::unique_ptr<archive::Target> open_wal_archive(const config::Settings& settings, const Clock& clock);

}  // namespace visitor::app
