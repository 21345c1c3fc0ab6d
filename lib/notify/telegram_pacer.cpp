#include "notify/telegram_pacer.hpp"

#include <algorithm>
#include <chrono>

namespace visitor::notify {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kBotCount = 30, kGroupCount = 20;
constexpr auto kBotSpan = 1s, kChatSpan = 1s;
constexpr auto kGroupSpan = 60s;

/// When a window of \p span that holds \p count has room again.
Instant free_at(const std::deque<Instant>& times, std::size_t count, std::chrono::microseconds span, Instant now) {
  if (times.size() < count) return now;
  // Where the clock was set back, what lies ahead of it was sent just now at the latest.
  return std::clamp(times[times.size() - count] + span, now, now + span);
}

void keep(std::deque<Instant>& times, Instant at, std::size_t count) {
  times.push_back(at);
  if (times.size() > count) times.pop_front();
}

}  // namespace

bool is_telegram_group(const std::string& chat) {
  return chat.starts_with('-') || chat.starts_with('@');
}

Instant TelegramPacer::ready_at(const std::string& chat, Instant now) const {
  auto ready = free_at(bot_, kBotCount, kBotSpan, now);
  if (const auto found = chats_.find(chat); found != chats_.end()) {
    ready = std::max(ready, free_at(found->second, 1, kChatSpan, now));
    if (is_telegram_group(chat)) ready = std::max(ready, free_at(found->second, kGroupCount, kGroupSpan, now));
  }
  return ready;
}

void TelegramPacer::answered(const std::string& chat, Instant at) {
  keep(bot_, at, kBotCount);
  keep(chats_[chat], at, is_telegram_group(chat) ? kGroupCount : 1);
  if (at - pruned_at_ < kGroupSpan && at >= pruned_at_) return;
  pruned_at_ = at;
  std::erase_if(chats_, [&](const auto& entry) { return entry.second.back() + kGroupSpan <= at; });
}

}  // namespace visitor::notify
