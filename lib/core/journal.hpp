#pragma once

#include <spdlog/sinks/base_sink.h>

#include <filesystem>
#include <mutex>
#include <string>

#include "core/file.hpp"

namespace visitor::log {

/// Writes to systemd's journal, each message with its priority and thread. What the journal does not take goes to
/// standard error.
///
/// Not through libsystemd: with it come eight libraries that visitorctl, which never logs here, would load at each
/// start. Source: systemd, "Native Journal Protocol".
class JournalSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  /// \param identifier  SYSLOG_IDENTIFIER of every message
  explicit JournalSink(std::string identifier, std::filesystem::path socket = "/run/systemd/journal/socket");

 private:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override {}

  std::string identifier_;
  std::filesystem::path socket_;
  Fd fd_;
};

}  // namespace visitor::log
