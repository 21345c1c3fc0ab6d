#include "notify/telegram_pacer.hpp"

#include <algorithm>
#include <chrono>

namespace visitor::notify {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kBotCount = 30, kGroupCount = 20;
constexpr auto kBotSpan = 1s, kChatSpan = 1s;
constexpr auto kGroupSpan = 60s;

void keep(std::deque<Instant>& times, Instant at, std::size_t count) {
  times.push_back(at);
  if (times.size() > count) times.pop_front();
}

}  // namespace

bool is_telegram_group(const std::string& chat) {
  return chat.starts_with('-') || chat.starts_with('@');
}

/// When the window has room again. What is under way may count until the end of it.
Instant TelegramPacer::free_at(const Window& window, std::size_t most, std::chrono::microseconds span, Instant now) {
  if (window.under_way >= most) return now + span;
  const auto room = most - window.under_way;
  if (window.answers.size() < room) return now;
  // Where the clock was set back, what lies ahead of it was sent just now at the latest.
  return std::clamp(window.answers[window.answers.size() - room] + span, now, now + span);
}

Instant TelegramPacer::ready_at(const std::string& chat, Instant now) const {
  auto ready = free_at(bot_, kBotCount, kBotSpan, now);
  if (const auto found = chats_.find(chat); found != chats_.end()) {
    ready = std::max(ready, free_at(found->second, 1, kChatSpan, now));
    if (is_telegram_group(chat)) ready = std::max(ready, free_at(found->second, kGroupCount, kGroupSpan, now));
  }
  return ready;
}

Instant TelegramPacer::last_at(const std::string& chat, std::size_t count, Instant now) const {
  if (count == 0) return now;
  if (chat.empty()) return now + kBotSpan * ((count - 1) / kBotCount);
  auto at = ready_at(chat, now);
  if (!is_telegram_group(chat)) return at + kChatSpan * (count - 1);
  // Twenty from here on, each when the limits let it; later ones follow them minute by minute.
  const auto found = chats_.find(chat);
  const auto before = found == chats_.end() ? 0 : found->second.answers.size();
  for (std::size_t i = 1; i <= (count - 1) % kGroupCount; ++i) {
    at += kChatSpan;
    if (before + i >= kGroupCount) at = std::max(at, found->second.answers[before + i - kGroupCount] + kGroupSpan);
  }
  return at + kGroupSpan * ((count - 1) / kGroupCount);
}

void TelegramPacer::begun(const std::string& chat) {
  ++bot_.under_way;
  ++chats_[chat].under_way;
}

void TelegramPacer::dropped(const std::string& chat) {
  const auto found = chats_.find(chat);
  if (found == chats_.end() || found->second.under_way == 0) return;
  --bot_.under_way;
  --found->second.under_way;
}

void TelegramPacer::answered(const std::string& chat, Instant at) {
  dropped(chat);
  keep(bot_.answers, at, kBotCount);
  keep(chats_[chat].answers, at, is_telegram_group(chat) ? kGroupCount : 1);
  if (at - pruned_at_ < kGroupSpan && at >= pruned_at_) return;
  pruned_at_ = at;
  std::erase_if(chats_, [&](const auto& entry) {
    const auto& [answers, under_way] = entry.second;
    return under_way == 0 && (answers.empty() || answers.back() + kGroupSpan <= at);
  });
}

}  // namespace visitor::notify
