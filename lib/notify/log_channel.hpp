#pragma once

#include "notify/channel.hpp"

namespace visitor::notify {

/// Writes each alert as one line of the log: kind, severity and numbers, and the summary, which names no person.
class LogChannel final : public Channel {
 public:
  domain::Channel name() const override { return domain::Channel::log; }
  std::vector<std::string> render(const Message& message) const override;
  Outcome send(const Message& message, std::stop_token stop) override;
};

}  // namespace visitor::notify
