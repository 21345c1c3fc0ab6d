#include "daemon/loops/alert_loop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "app/dispatch.hpp"
#include "app/messages.hpp"
#include "app/telegram_desk.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "core/vault.hpp"
#include "daemon/loops/loop_runner.hpp"

namespace visitor::daemon {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using SteadyClock = std::chrono::steady_clock;

/// A message is given a minute by its channel.
constexpr std::chrono::minutes kLongestStep{3};
constexpr milliseconds kGrace{1'000};
constexpr milliseconds kFirstPause{500};
constexpr std::chrono::minutes kAbsentPeriod{1};

std::uint64_t random_seed() {
  const auto bytes = random_bytes(sizeof(std::uint64_t));
  std::uint64_t seed = 0;
  std::memcpy(&seed, bytes.data(), sizeof seed);
  return seed;
}

app::Dispatch dispatch_of(const Context& context) {
  return {context.pool, context.settings, context.actor, context.clock};
}

}  // namespace

/// One channel's threads, one for each of its hands.
class AlertLoop::Line {
 public:
  Line(const Context& context, std::unique_ptr<notify::Channel> channel)
      : context_(context),
        channel_(std::move(channel)),
        // Of two generations of one process each claims in its own name.
        holder_(fmt::format("{}:{}", context.holder, to_hex(random_bytes(2)))),
        sender_(dispatch_of(context), *channel_, app::with_telegram_buttons(app::compose, context.vault), holder_,
                random_seed()),
        busy_since_(sender_.hands()) {
    for (std::size_t hand = 0; hand < sender_.hands(); ++hand)
      threads_.emplace_back([this, hand](const std::stop_token& stop) { run(hand, stop); });
  }

  ~Line() {
    finish_by(SteadyClock::now());
    threads_.clear();
    try {
      app::release_channel(dispatch_of(context_), channel_->name(), holder_);
    } catch (const std::exception& error) {
      log::warn("the lease of channel {} runs out by itself: {}", domain::name(channel_->name()), error.what());
    }
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  domain::Channel channel() const { return channel_->name(); }
  void request_stop() {
    for (auto& thread : threads_) thread.request_stop();
  }
  /// After request_stop(): what is still being sent then is cut off.
  void finish_by(SteadyClock::time_point deadline) {
    request_stop();
    std::unique_lock lock{mutex_};
    changed_.wait_until(lock, deadline, [this] { return ended_ == threads_.size(); });
    cut_.request_stop();
  }

  void keep_lease() {
    const bool ours = app::hold_channel(dispatch_of(context_), channel_->name(), holder_);
    const std::lock_guard lock{mutex_};
    if (std::exchange(ours_, ours) == ours) return;
    log::info("channel {} is {}", domain::name(channel_->name()), ours ? "ours" : "another visitord's");
    sender_.look_again();
    next_ = {};
    changed_.notify_all();
  }

  void wake() {
    sender_.look_again();
    const std::lock_guard lock{mutex_};
    ++wakes_;
    next_ = {};
    changed_.notify_all();
  }

  bool hangs() const {
    const std::lock_guard lock{mutex_};
    return std::ranges::any_of(busy_since_,
                               [](const auto& since) { return since && SteadyClock::now() - *since > kLongestStep; });
  }

 private:
  void run(std::size_t hand, const std::stop_token& stop);
  /// \returns whether there may be something to do
  bool await_work(const std::stop_token& stop);
  /// \returns whether a message was handed over
  bool step(std::size_t hand);
  void count(const app::ChannelSender::Step& step);
  void note_busy(std::size_t hand, bool busy);
  /// \returns how many in a row
  int note_failure(const std::string& failure);

  const Context& context_;
  const std::unique_ptr<notify::Channel> channel_;
  const std::string holder_;
  app::ChannelSender sender_;
  std::stop_source cut_;
  std::mutex turn_;           // one prepares at a time, so that what he finds out is the newest
  mutable std::mutex mutex_;  // of what follows, but for the threads
  std::condition_variable_any changed_;
  bool ours_ = false;
  SteadyClock::time_point next_{};  // a hand that is free looks for something to do then
  int wakes_ = 0;
  std::string failure_;
  int failures_ = 0;
  std::size_t ended_ = 0;
  std::vector<std::optional<SteadyClock::time_point>> busy_since_;
  std::vector<std::jthread> threads_;
};

void AlertLoop::Line::run(std::size_t hand, const std::stop_token& stop) {
  bool sent = false;
  while (!stop.stop_requested()) {
    if (!sent && !await_work(stop)) continue;
    note_busy(hand, true);
    milliseconds pause{0};
    try {
      sent = step(hand);
    } catch (const std::exception& error) {
      pause = pause_after(kFirstPause, note_failure(error.what()));
    }
    note_busy(hand, false);
    std::unique_lock lock{mutex_};
    if (pause.count() > 0) changed_.wait_for(lock, stop, pause, [] { return false; });
  }
  try {
    sender_.finish(hand);
  } catch (const std::exception& error) {
    log::error("alerts by {}: what was sent last is not marked: {}", domain::name(channel_->name()), error.what());
  }
  const std::lock_guard lock{mutex_};
  ++ended_;
  changed_.notify_all();
}

bool AlertLoop::Line::await_work(const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  if (!changed_.wait(lock, stop, [this] { return ours_; })) return false;
  const auto at = next_;
  changed_.wait_until(lock, stop, at, [&] { return next_ != at || !ours_; });
  return ours_ && SteadyClock::now() >= next_;
}

bool AlertLoop::Line::step(std::size_t hand) {
  app::ChannelSender::Step step;
  {
    const std::lock_guard turn{turn_};
    int before = 0;
    {
      const std::lock_guard lock{mutex_};
      before = wakes_;
    }
    step = sender_.prepare(hand, cut_.get_token());
    const auto rest = std::chrono::ceil<milliseconds>(step.next - context_.clock.now());
    const std::lock_guard lock{mutex_};
    next_ = wakes_ == before ? SteadyClock::now() + rest : SteadyClock::time_point{};
    changed_.notify_all();
  }
  note_failure("");
  count(step);
  if (step.claimed) sender_.send(hand, cut_.get_token());
  return step.claimed;
}

int AlertLoop::Line::note_failure(const std::string& failure) {
  const std::lock_guard lock{mutex_};
  if (failure.empty() && !failure_.empty()) log::info("alerts by {} leave again", domain::name(channel_->name()));
  if (!failure.empty() && failure != failure_) log::error("alerts by {}: {}", domain::name(channel_->name()), failure);
  failure_ = failure;
  const int before = failures_;
  failures_ = failure.empty() ? 0 : failures_ + 1;
  return before;
}

void AlertLoop::Line::count(const app::ChannelSender::Step& step) {
  if (!step.outcome) return;
  auto& counter = *step.outcome == domain::AttemptOutcome::sent ? context_.metrics.alerts_sent
                  : step.gave_up                                ? context_.metrics.alerts_failed
                                                                : context_.metrics.alerts_deferred;
  counter.add();
}

void AlertLoop::Line::note_busy(std::size_t hand, bool busy) {
  const std::lock_guard lock{mutex_};
  busy_since_[hand] = busy ? std::optional{SteadyClock::now()} : std::nullopt;
}

AlertLoop::AlertLoop(const Context& context, std::vector<std::unique_ptr<notify::Channel>> channels)
    : context_(context) {
  for (auto& channel : channels) {
    present_.push_back(channel->name());
    lines_.push_back(std::make_unique<Line>(context, std::move(channel)));
  }
  ear_ =
      std::make_unique<Ear>(context.pool.options().connection,
                            std::vector<std::string>{std::string{store::kDeliveryChannel}}, [this](const db::Heard&) {
                              for (auto& line : lines_) line->wake();
                            });
}

AlertLoop::~AlertLoop() {
  ear_.reset();
  for (auto& line : lines_) line->request_stop();
  const auto deadline = SteadyClock::now() + kGrace;
  for (auto& line : lines_) line->finish_by(deadline);
}

void AlertLoop::tick(Instant now, std::stop_token stop) {
  for (auto& line : lines_) {
    if (stop.stop_requested()) return;
    line->keep_lease();
    if (line->hangs())
      throw Error(Errc::delivery, fmt::format("a message by {} does not end", domain::name(line->channel())),
                  "Restart visitord, and report this with its log.");
  }
  if (looked_for_absent_at_ && now - *looked_for_absent_at_ < kAbsentPeriod) return;
  looked_for_absent_at_ = now;
  if (const auto count = app::give_up_absent_channels(dispatch_of(context_), present_); count > 0) {
    context_.metrics.alerts_failed.add(static_cast<std::uint64_t>(count));
    log::warn("{} alert{} given up: this installation no longer has their channel", count,
              count == 1 ? " was" : "s were");
  }
}

}  // namespace visitor::daemon
