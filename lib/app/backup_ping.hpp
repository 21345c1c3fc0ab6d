#pragma once

#include <optional>
#include <string>

#include "config/settings.hpp"
#include "core/clock.hpp"

namespace visitor::app {

/// Tells a dead man's switch how a backup goes: start, success or failure. What goes wrong with that is logged, without
/// the address, and never fails a backup. Nothing happens where [backup] ping_url_file is not set.
/// Source: healthchecks.io, "Pinging API": URL/start, URL, URL/<exit status>, URL/fail, and rid, which ties them.
class BackupPing {
 public:
  BackupPing(const config::Settings& settings, const Clock& clock);

  void started();
  void succeeded();
  /// \param status  exit status of the program; nothing: not known
  void failed(std::optional<int> status);

 private:
  void send(const std::string& suffix, const std::string& body);
  std::string duration() const;

  const config::Settings::Backup& settings_;
  const Clock& clock_;
  std::string run_;  ///< a UUID
  Instant begun_;
};

}  // namespace visitor::app
