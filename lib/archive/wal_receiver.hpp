#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "archive/dump.hpp"

namespace visitor::archive {

/// pg_receivewal as a child: it streams the write-ahead log into a folder, as it is written. A segment that is complete
/// there is on stable storage; only then does the slot let the server forget it.
class WalReceiver {
 public:
  /// \param slot   of physical replication; exists
  /// \param spool  a folder that is there, ours alone
  /// \throws Error config  pg_receivewal is not installed
  WalReceiver(const Secret& conninfo, int server_version, const std::string& slot, const std::filesystem::path& spool);

  /// \throws Error database  it has ended; with its own word
  void require_running();

 private:
  ClientProgram program_;
};

/// Names of the complete segments in \p spool, the oldest first.
std::vector<std::string> complete_segments(const std::filesystem::path& spool);

/// Removes what is not complete: the server still has all of it, and sends it again.
void forget_incomplete_segments(const std::filesystem::path& spool);

}  // namespace visitor::archive
