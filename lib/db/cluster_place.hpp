#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/process.hpp"
#include "db/cluster.hpp"

// Where the embedded cluster lives, whose it is and which binaries serve it. For cluster*.cpp only.
namespace visitor::db::place {

/// The account that the server runs as.
struct Account {
  uid_t uid = 0;
  gid_t gid = 0;
  std::string name;
  bool drop = false;  ///< we are root and become it

  /// For run_process.
  std::optional<RunAs> run_as() const;
};

struct Paths {
  std::filesystem::path directory;
  std::filesystem::path data;
  std::filesystem::path fresh;  ///< a cluster in the making; becomes data in one step
  std::filesystem::path log;
};

struct Binaries {
  std::filesystem::path directory;
  int major = 0;

  std::string program(std::string_view name) const { return (directory / name).string(); }
};

inline constexpr int kOldestMajor = 15;
inline constexpr int kPort = 5432;  // only a part of the socket's name

Paths paths(const ClusterOptions& options);

/// Ours, or as root the owner of an existing cluster or the account of ClusterOptions::run_as.
/// \throws Error config  there is no such account; the data belong to an account that it may not be
/// \throws Error denied  we are not root, and the data are somebody else's
Account account(const ClusterOptions& options);

/// \throws Error config  names the first directory that the account cannot enter
void require_way(const std::filesystem::path& directory, const Account& account);

/// Makes \p directory for the account alone.
/// \throws Error config
void make_private_directory(const std::filesystem::path& directory, const Account& account);

/// A real directory that belongs to the account and to nobody else.
/// \throws Error config  wrong kind, owner or mode; the hint is the command that puts it right
void require_private(const std::filesystem::path& directory, const Account& account);

/// Where the socket goes. Makes a directory only when \p make is set.
/// \throws Error config  none is short and private enough
std::filesystem::path socket_directory(const ClusterOptions& options, const Account& account, bool make);

/// Binaries of \p major, or the newest where it is 0.
/// \throws Error config  none, too old, or none of that version
Binaries binaries(const ClusterOptions& options, int major);

/// The same among \p directories, the best first. \param data  for the message
Binaries pick_binaries(const std::vector<std::filesystem::path>& directories, int major,
                       const std::filesystem::path& data);

/// As in PG_VERSION; 0 where there is no cluster.
/// \throws Error config  the directory is there and holds none
int data_major(const std::filesystem::path& data);

/// A small regular file, without following a link and without waiting for a pipe: it may be written by a less
/// trusted account. Nothing where there is none.
std::optional<std::string> read_small(const std::filesystem::path& path);

}  // namespace visitor::db::place
