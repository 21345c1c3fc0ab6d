#include "daemon/loops/telegram_loop.hpp"

#include <exception>
#include <string>
#include <vector>

#include "app/dispatch.hpp"
#include "app/messages.hpp"
#include "core/log.hpp"

namespace visitor::daemon {
namespace {

using std::chrono::seconds;

constexpr seconds kQuestion{10};  // how long Telegram may wait for something to happen
constexpr seconds kLookAgain{3};  // where another daemon sits at the desk

}  // namespace

TelegramLoop::TelegramLoop(const Context& context)
    : context_(context),
      desk_(context.pool, context.settings, context.vault, context.actor, context.clock, app::compose) {}

TelegramLoop::~TelegramLoop() {
  if (!held_) return;
  try {
    desk_.let_go(context_.holder);
  } catch (const std::exception& error) {
    log::warn("telegram: the desk counts as taken for a while: {}", error.what());
  }
}

void TelegramLoop::tick(Instant now, std::stop_token stop) {
  if (!held_ && next_look_ && now < *next_look_) return;
  next_look_ = now + kLookAgain;
  std::vector<std::string> others;
  if (const auto holder = held_ ? std::nullopt : desk_.holder()) others.push_back(*holder);
  held_ = desk_.hold(context_.holder, app::gone(others));
  if (!held_) return;
  desk_.answer(stop);
  if (context_.settings.telegram.webhook_url.empty()) {
    desk_.ask(kQuestion, stop);
    desk_.answer(stop);
  } else if (!announced_) {
    desk_.announce_webhook(stop);
    announced_ = true;
  }
}

}  // namespace visitor::daemon
