#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/secret.hpp"

namespace visitor::db {

struct ClusterOptions {
  /// Holds everything: data/ (the cluster), server.log and, where the path is short enough, the socket. Made when
  /// missing; belongs to the server's user and to nobody else (0700).
  std::filesystem::path directory;
  /// Of the unix socket. Empty: \p directory, or where that is too long for a socket's 107 bytes a private directory
  /// under /run/visitor, $XDG_RUNTIME_DIR or /tmp (checked: ours, 0700).
  std::filesystem::path socket_directory;
  /// Holds postgres and initdb. Empty: the newest of 15 or later in /usr/lib/postgresql/*/bin, pg_config, PATH.
  std::filesystem::path binaries;
  std::string superuser = "visitor";  ///< role in the database
  std::string database = "visitor";   ///< made on the first start
  /// Account that the server runs as when we are root. Empty: visitor if there is such a user, else postgres.
  std::string run_as;
  /// More lines for postgresql.conf, which win over ours. Values are quoted.
  std::vector<std::pair<std::string, std::string>> settings;
  std::chrono::seconds start_deadline{60};
  std::chrono::seconds stop_deadline{60};
};

enum class ClusterState : std::uint8_t {
  absent,  ///< nothing has been made yet
  stopped,
  starting,  ///< a server runs, and does not take connections yet
  running,
};

struct ClusterStatus {
  ClusterState state = ClusterState::absent;
  std::filesystem::path directory;
  std::filesystem::path socket_directory;
  int major = 0;      ///< of the data, as in PG_VERSION; 0 while absent
  pid_t pid = 0;      ///< of the server; 0 while it does not run
  std::string owner;  ///< account that the server runs as
};

/// A private PostgreSQL under our own state directory: nothing to configure, the same engine as in production.
///
/// It listens on a unix socket only, lets in root and its owner by peer credentials (no password exists), uses little
/// memory and keeps every durable setting on. It survives whoever started it, and a Ctrl-C in that terminal. Never
/// runs as root: started by root it becomes ClusterOptions::run_as.
class Cluster {
 public:
  /// Looks at nothing yet.
  explicit Cluster(ClusterOptions options);

  /// Makes the cluster where there is none, starts it where it does not run, and makes the database. Returns when it
  /// takes connections. Any number of programs may call this at once.
  ///
  /// A postmaster.pid that a killed server left behind is recovered from.
  /// \returns true if this call started it
  /// \throws Error config    no server binaries, or none for the major version of the data; a directory that the
  ///                         server's user cannot enter (the message names the first one); owner or mode are wrong;
  ///                         no account to run as
  /// \throws Error database  initdb or the server failed, with its own last word (a full disk, a port in use)
  /// \throws Error denied    we are neither root nor the owner
  bool start();

  /// Writes the settings as a start does, and lets the running server read them. Those that need a restart come into
  /// force with the next start.
  /// \returns false if it does not run
  bool reload();

  /// Ends it in an orderly way: open transactions are rolled back, sessions are closed.
  /// \returns false if it did not run
  /// \throws Error database  it still runs after the stop deadline
  bool stop();

  /// \throws Error config  owner or mode are wrong
  ClusterStatus status() const;

  /// For ConnectionOptions, whether or not it runs.
  Secret conninfo() const;
  /// The same for another database of this cluster.
  Secret conninfo(const std::string& database) const;

  const ClusterOptions& options() const { return options_; }

 private:
  ClusterOptions options_;
};

/// The first directory on the way to \p directory (itself included where it exists) that the account which the embedded
/// server runs as cannot enter, or nothing where the way is free. Lets a caller choose another place in time.
/// \param run_as  as ClusterOptions::run_as
std::optional<std::filesystem::path> cluster_barrier(const std::filesystem::path& directory,
                                                     const std::string& run_as = {});

}  // namespace visitor::db
