#pragma once

#include <memory>
#include <optional>

#include "app/telegram_desk.hpp"
#include "daemon/loops/loop.hpp"

namespace visitor::daemon {

/// Sits at the bot's desk as long as no other daemon does: asks Telegram what people press and write (or, with a
/// webhook, is called), and sends the answers.
class TelegramLoop final : public Loop {
 public:
  explicit TelegramLoop(const Context& context);
  /// Leaves the desk, so that another daemon need not wait until it counts as left.
  ~TelegramLoop() override;

  std::string name() const override { return "telegram"; }
  std::chrono::milliseconds period() const override { return std::chrono::milliseconds{250}; }
  void tick(Instant now, std::stop_token stop) override;

 private:
  const Context& context_;
  app::TelegramDesk desk_;
  bool held_ = false;
  bool announced_ = false;
  std::optional<Instant> next_look_;  ///< whether the desk is free
};

}  // namespace visitor::daemon
