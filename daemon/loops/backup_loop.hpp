#pragma once

#include <filesystem>

#include "daemon/loops/loop.hpp"

namespace visitor::daemon {

/// Makes the backup of the night when it is due, by running 'visitorctl backup create --if-due --prune' beside this
/// program: so it takes no memory and no thread of the daemon's, and whatever becomes of it does not touch the doors.
/// When visitord ends or reads its settings anew, it ends as well, in order, and the next visitord makes it again.
class BackupLoop final : public Loop {
 public:
  /// \param program  visitorctl
  BackupLoop(const Context& context, std::filesystem::path program);

  std::string name() const override { return "backup"; }
  std::chrono::milliseconds period() const override { return std::chrono::minutes{1}; }
  std::chrono::milliseconds patience() const override;
  void tick(Instant now, std::stop_token stop) override;

 private:
  const Context& context_;
  std::filesystem::path program_;
};

/// visitorctl in the folder of the program that runs, else as PATH has it.
std::filesystem::path visitorctl_beside_us();

}  // namespace visitor::daemon
