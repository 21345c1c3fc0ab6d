#include "notify/telegram_channel.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <string_view>
#include <utility>

#include "core/text.hpp"
#include "notify/telegram_text.hpp"

namespace visitor::notify {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kNetworkWait{5'000};
constexpr milliseconds kUnknownBotWait{60'000};

/// Kinds that say again what a message has said, with what is new.
bool brings_up_to_date(domain::AlertKind kind) {
  using enum domain::AlertKind;
  return kind == incident_updated || kind == incident_ended || kind == storm;
}

bool holds_any(std::string_view text, std::span<const std::string_view> words) {
  const auto small = lower(text);
  return std::ranges::any_of(words, [&](std::string_view word) { return small.find(word) != std::string::npos; });
}

/// A 400 that is the chat's, whatever one sends there.
bool is_about_the_chat(const TelegramFailure& failure) {
  constexpr std::array<std::string_view, 11> kWords{"chat not found",       "peer_id_invalid",    "user not found",
                                                    "chat_id is empty",     "not enough rights",  "have no rights",
                                                    "chat_write_forbidden", "need administrator", "chat_restricted",
                                                    "topic_closed",         "bot is not a member"};
  return failure.code == 400 && holds_any(failure.description, kWords);
}

bool is_unknown_bot(const TelegramFailure& failure) {
  return failure.code == 401 || failure.code == 404;
}

/// Neither the network's nor a limit's nor the chat's nor the bot's: Telegram does not want what it was given.
bool is_about_the_message(const TelegramFailure& failure) {
  return (failure.code == 400 || failure.code == 413) && !is_about_the_chat(failure) && failure.migrate_to.empty();
}

/// Tells messages apart whose parts were cut differently: then what went out of one is nothing of the other.
std::string mark_of(std::span<const std::string> parts) {
  std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a
  for (const auto& part : parts)
    for (const char c : part + '\0') hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return fmt::format("{:016x}", hash);
}

/// Waits, less where \p stop is requested.
void pause(std::chrono::microseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock{mutex};
  wake.wait_for(lock, stop, time, [] { return false; });
}

}  // namespace

std::string TelegramPlace::text() const {
  return fmt::format("{}:{}", chat, fmt::join(messages, ","));
}

std::optional<TelegramPlace> TelegramPlace::read(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  TelegramPlace place{std::string{text.substr(0, colon)}, {}};
  for (auto rest = text.substr(colon + 1); !rest.empty();) {
    const auto comma = std::min(rest.find(','), rest.size());
    const auto number = to_integer(rest.substr(0, comma));
    if (!number || *number <= 0) return std::nullopt;
    place.messages.push_back(*number);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return place;
}

TelegramChannel::TelegramChannel(TelegramApiOptions options, const Clock& clock, milliseconds patience)
    : options_(std::move(options)), clock_(clock), patience_(patience) {
  shared_.with([&](Shared& shared) { shared.idle.push_back(std::make_unique<TelegramApi>(options_)); });
}

std::vector<std::string> TelegramChannel::render(const Message& message) const {
  return split_telegram(telegram_runs(message), message.photo ? kTelegramCaption : kTelegramText);
}

Instant TelegramChannel::ready_at(const std::string& recipient, Instant now) const {
  return shared_.with([&](const Shared& shared) { return shared.pacer.ready_at(recipient, now); });
}

Instant TelegramChannel::last_at(const std::string& recipient, std::size_t count, Instant now) const {
  return shared_.with([&](const Shared& shared) { return shared.pacer.last_at(recipient, count, now); });
}

void TelegramChannel::reserve(const std::string& recipient) {
  shared_.with([&](Shared& shared) {
    shared.reserved.insert(recipient);
    shared.pacer.begun(recipient);
  });
}

class TelegramChannel::Line {
 public:
  explicit Line(TelegramChannel& channel) : channel_(channel) {
    channel_.shared_.with([&](Shared& shared) {
      if (shared.idle.empty()) return;
      api_ = std::move(shared.idle.back());
      shared.idle.pop_back();
    });
    if (!api_) api_ = std::make_unique<TelegramApi>(channel_.options_);
  }
  ~Line() {
    channel_.shared_.with([&](Shared& shared) { shared.idle.push_back(std::move(api_)); });
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  TelegramApi& api() { return *api_; }

 private:
  TelegramChannel& channel_;
  std::unique_ptr<TelegramApi> api_;
};

/// The right to make a call, which counts against the limits from the moment it is there.
class TelegramChannel::Turn {
 public:
  /// Takes what was reserved for \p chat, if something was.
  Turn(TelegramChannel& channel, std::string chat) : channel_(channel), chat_(std::move(chat)) {
    channel_.shared_.with([&](Shared& shared) {
      const auto reserved = shared.reserved.find(chat_);
      if (reserved == shared.reserved.end()) return;
      shared.reserved.erase(reserved);
      held_ = true;
    });
  }
  ~Turn() { give_back(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  bool held_for(const std::string& chat) const { return held_ && chat_ == chat; }
  /// Takes one for \p chat if the limits allow. \returns how long they do not; zero: it is there
  std::chrono::microseconds take(const std::string& chat, Instant now) {
    give_back();
    return channel_.shared_.with([&](Shared& shared) {
      const auto wait = shared.pacer.ready_at(chat, now) - now;
      if (wait.count() <= 0) begin(shared, chat);
      return std::max(wait, Instant::duration{});
    });
  }
  /// Whatever the limits say.
  void take(const std::string& chat) {
    give_back();
    channel_.shared_.with([&](Shared& shared) { begin(shared, chat); });
  }
  /// The call has been answered.
  void used(Instant now) {
    held_ = false;
    channel_.shared_.with([&](Shared& shared) { shared.pacer.answered(chat_, now); });
  }

 private:
  void begin(Shared& shared, const std::string& chat) {
    chat_ = chat;
    held_ = true;
    shared.pacer.begun(chat);
  }
  void give_back() {
    if (std::exchange(held_, false)) channel_.shared_.with([&](Shared& shared) { shared.pacer.dropped(chat_); });
  }

  TelegramChannel& channel_;
  std::string chat_;
  bool held_ = false;
};

/// One message on its way.
class TelegramChannel::Sending {
 public:
  Sending(TelegramChannel& channel, const Message& message, std::stop_token stop)
      : channel_(channel),
        turn_(channel, message.recipient),
        line_(channel),
        message_(message),
        stop_(std::move(stop)),
        chat_(message.recipient) {
    for (auto& part : channel.render(message))
      if (shows_something(part)) parts_.push_back(std::move(part));
    mark_ = mark_of(parts_);
    resume();
    if (const auto place = TelegramPlace::read(message.replaces); place && place->chat == chat_)
      replaced_ = place->messages;
    if (answers_only_ || !brings_up_to_date(message.kind)) stop_editing();
  }

  Outcome run() {
    if (parts_.empty()) return Refused{"the message holds nothing that Telegram would show"};
    while (done_.size() < parts_.size())
      if (auto outcome = next_part()) return *std::move(outcome);
    // What was longer before: the rest of it says nothing any more. Of no moment where that fails.
    for (std::size_t i = done_.size(); i < replaced_.size() && !answers_only_; ++i) {
      turn_.take(chat_);
      line_.api().delete_message(chat_, replaced_[i], stop_);
      turn_.used(channel_.clock_.now());
    }
    return Delivered{TelegramPlace{chat_, done_}.text(), moved_to_};
  }

 private:
  using Failed = std::optional<TelegramFailure>;

  static auto flags_table() {
    return std::array{std::pair{'a', &Sending::answers_only_}, std::pair{'c', &Sending::caption_},
                      std::pair{'n', &Sending::photo_unwanted_}, std::pair{'p', &Sending::plain_}};
  }

  /// How far an earlier attempt got, and what Telegram did not want: "mark/flags/chat:17,18".
  std::string progress() const {
    std::string flags;
    for (const auto& [letter, flag] : flags_table())
      if (this->*flag) flags += letter;
    if (flags.empty() && done_.empty()) return "";
    return fmt::format("{}/{}/{}", mark_, flags, TelegramPlace{chat_, done_}.text());
  }

  void resume() {
    std::string_view progress{message_.progress};
    if (!progress.starts_with(mark_ + "/")) return;
    progress.remove_prefix(mark_.size() + 1);
    const auto slash = progress.find('/');
    if (slash == std::string_view::npos) return;
    const auto place = TelegramPlace::read(progress.substr(slash + 1));
    if (!place || place->messages.size() > parts_.size()) return;
    for (const auto& [letter, flag] : flags_table())
      this->*flag = progress.substr(0, slash).find(letter) != std::string_view::npos;
    chat_ = place->chat;
    done_ = place->messages;
  }

  void stop_editing() {
    answers_only_ = true;
    if (!replaced_.empty()) answers_ = replaced_.front();
  }

  TelegramPost post() const {
    const auto index = done_.size();
    TelegramPost post{chat_, parts_[index]};
    if (!done_.empty())
      post.reply_to = done_.front();
    else
      post.reply_to = answers_;
    if (index + 1 == parts_.size()) post.buttons = message_.buttons;
    return post;
  }

  std::optional<Outcome> next_part() {
    if (auto wait = take_turn()) return wait;
    const auto failed = !answers_only_ && done_.size() < replaced_.size() ? edit() : send();
    return failed ? settle(*failed) : std::nullopt;
  }

  /// Waits until the limits allow a message. Between parts only: before the first, the caller has better to do.
  std::optional<Outcome> take_turn() {
    auto now = channel_.clock_.now();
    while (!turn_.held_for(chat_)) {
      const auto wait = turn_.take(chat_, now);
      if (wait.count() == 0) break;
      const bool patient = calls_ > 0 && waited_ + wait <= channel_.patience_;
      if (patient) pause(wait, stop_);
      if (!patient || stop_.stop_requested())
        return later(std::chrono::ceil<milliseconds>(wait), "the limits of rate leave no room yet",
                     RetryAfter::Scope::recipient);
      waited_ += wait;
      now = std::max(channel_.clock_.now(), now + wait);
    }
    return std::nullopt;
  }

  /// Makes a call, which counts against the limits.
  template <class Call>
  auto counted(Call&& call) {
    auto answer = call();
    ++calls_;
    turn_.used(channel_.clock_.now());
    return answer;
  }

  Failed edit() {
    const auto message = replaced_[done_.size()];
    const auto wanted = post();
    const auto answer = counted([&] {
      return caption_ ? line_.api().edit_caption(message, wanted, stop_)
                      : line_.api().edit_text(message, wanted, stop_);
    });
    const auto* failure = std::get_if<TelegramFailure>(&answer);
    if (failure == nullptr) {
      done_.push_back(message);
      caption_ = false;
      return std::nullopt;
    }
    constexpr std::array<std::string_view, 1> kPhoto{"there is no text in the message to edit"};
    if (failure->code == 400 && !caption_ && holds_any(failure->description, kPhoto)) {
      caption_ = true;
      return std::nullopt;
    }
    if (!is_about_the_message(*failure)) return *failure;
    // It cannot be edited any more, or it is not there: answered to instead.
    stop_editing();
    return std::nullopt;
  }

  Failed send() {
    auto wanted = post();
    wanted.plain = plain_;
    if (plain_) {
      wanted.text = plain_telegram(wanted.text);
      wanted.reply_to = 0;
      wanted.buttons.clear();
    }
    const bool with_photo = done_.empty() && message_.photo && !photo_unwanted_;
    auto answer = counted([&] {
      return with_photo ? line_.api().send_photo(wanted, *message_.photo, stop_)
                        : line_.api().send_message(wanted, stop_);
    });
    if (const auto* number = std::get_if<std::int64_t>(&answer)) {
      done_.push_back(*number);
      return std::nullopt;
    }
    const auto& failure = std::get<TelegramFailure>(answer);
    if (!is_about_the_message(failure) || (plain_ && !with_photo)) return failure;
    // Its words must go out all the same: without the photo first, then without markup, buttons and reference.
    (with_photo ? photo_unwanted_ : plain_) = true;
    return std::nullopt;
  }

  /// What a failure means; nothing where the part is to be tried again at once.
  std::optional<Outcome> settle(const TelegramFailure& failure) {
    if (!failure.migrate_to.empty()) {
      if (!moved_to_.empty()) return Refused{fmt::format("the chat keeps moving: {}", failure.description)};
      moved_to_ = chat_ = failure.migrate_to;
      stop_editing();
      answers_ = 0;
      done_.clear();
      return std::nullopt;
    }
    if (failure.code == 429) return flood(failure);
    if (is_unknown_bot(failure))
      return later(kUnknownBotWait,
                   fmt::format("Telegram does not know the bot ({}): see telegram.token_file and telegram.base_url",
                               failure.description),
                   RetryAfter::Scope::channel);
    if (failure.code == 0)
      return later(kNetworkWait, failure.description, RetryAfter::Scope::channel, failure.in_doubt);
    if (failure.code >= 500) return later({}, failure.description, RetryAfter::Scope::message, failure.in_doubt);
    return Refused{done_.empty()
                       ? failure.description
                       : fmt::format("{}, after {} of {} parts", failure.description, done_.size(), parts_.size())};
  }

  Outcome flood(const TelegramFailure& failure) {
    const auto now = channel_.clock_.now();
    const auto wait = std::max(failure.retry_after, seconds{1});
    const bool everywhere = channel_.shared_.with([&](Shared& shared) {
      const bool another = shared.flooded_until > now && shared.flooded != chat_;
      shared.flooded = chat_;
      shared.flooded_until = now + wait;
      return another;
    });
    return later(wait, failure.description, everywhere ? RetryAfter::Scope::channel : RetryAfter::Scope::recipient);
  }

  RetryAfter later(milliseconds wait, std::string reason, RetryAfter::Scope scope, bool in_doubt = false) const {
    RetryAfter later{wait, std::move(reason), scope};
    later.progress = progress();
    later.moved_to = moved_to_;
    later.in_doubt = in_doubt;
    return later;
  }

  TelegramChannel& channel_;
  Turn turn_;
  Line line_;
  const Message& message_;
  std::stop_token stop_;
  std::string chat_;
  std::string moved_to_;
  std::vector<std::string> parts_;
  std::string mark_;
  std::vector<std::int64_t> done_;      // a message for each part that is out
  std::vector<std::int64_t> replaced_;  // the messages to edit
  bool caption_ = false;                // the message to edit is a photo
  std::int64_t answers_ = 0;            // the message that the first part refers to
  // What Telegram did not want at an earlier try.
  bool answers_only_ = false;  // an edit
  bool photo_unwanted_ = false;
  bool plain_ = false;  // markup, buttons or reference
  int calls_ = 0;
  std::chrono::microseconds waited_{};
};

Outcome TelegramChannel::send(const Message& message, std::stop_token stop) {
  return Sending{*this, message, std::move(stop)}.run();
}

}  // namespace visitor::notify
