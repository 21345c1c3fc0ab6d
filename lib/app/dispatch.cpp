#include "app/dispatch.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/text.hpp"
#include "core/zone.hpp"
#include "net/backoff.hpp"

namespace visitor::app {
namespace {

using domain::AttemptOutcome;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A channel answers within a minute.
constexpr seconds kClaim{90};
constexpr int kPerRecipient = 16;
constexpr int kMostCandidates = 4'000;
constexpr milliseconds kRefillPause{250};
/// Where a notification got lost.
constexpr seconds kLongestRest{5};
constexpr seconds kNotOurs{1};
constexpr seconds kLongestPause{24 * 3600};
constexpr std::chrono::minutes kAbsentFor{10};
constexpr net::BackoffPolicy kBackoff{milliseconds{5'000}, milliseconds{600'000}, 2.0, 0.5};
constexpr std::size_t kLongestReason = 500;
constexpr std::size_t kLongestRecipient = 500;

std::string reason_of(const std::string& text) {
  auto line = printable(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return shortened(line, kLongestReason);
}

/// PostgreSQL's text holds no NUL, and a column no novel.
std::string stored(const std::string& text) {
  auto clean = clean_utf8(text);
  if (clean.size() > 4'000) clean = clean_utf8(clean.substr(0, 4'000));
  return clean;
}

/// What the other side says is stored only where it can be one.
bool is_recipient(const std::string& text) {
  return !text.empty() && text.size() <= kLongestRecipient && clean_utf8(text) == text;
}

}  // namespace

std::vector<std::string> gone(const std::vector<std::string>& holders) {
  char host[65] = "";
  gethostname(host, sizeof host - 1);
  const auto ours = clean_utf8(host) + ":";
  std::vector<std::string> dead;
  for (const auto& holder : holders) {
    if (!holder.starts_with(ours)) continue;
    const auto process =
        to_integer(std::string_view{holder}.substr(ours.size(), holder.find(':', ours.size()) - ours.size()));
    if (process && *process > 1 && kill(static_cast<pid_t>(*process), 0) != 0 && errno == ESRCH) dead.push_back(holder);
  }
  return dead;
}

bool hold_channel(const Dispatch& dispatch, domain::Channel channel, std::string_view holder) {
  return db::with_retry(dispatch.pool, 3, [&](db::Transaction& tx) {
    store::Deliveries deliveries{tx, channel, holder};
    const auto now = dispatch.clock.now();
    if (deliveries.hold(now, kChannelLease)) return true;
    const auto other = deliveries.holder(now);
    const auto dead = gone(other ? std::vector{*other} : std::vector<std::string>{});
    return !dead.empty() && deliveries.hold(now, kChannelLease, dead);
  });
}

void release_channel(const Dispatch& dispatch, domain::Channel channel, std::string_view holder) {
  db::with_retry(dispatch.pool, 3, [&](db::Transaction& tx) { store::Deliveries{tx, channel, holder}.let_go(); });
}

ChannelSender::ChannelSender(Dispatch dispatch, notify::Channel& channel, Compose compose, std::string holder,
                             std::uint64_t seed)
    : dispatch_(dispatch), channel_(channel), compose_(std::move(compose)), holder_(std::move(holder)), seed_(seed) {}

ChannelSender::Step ChannelSender::step(const std::stop_token& cut) {
  Step step;
  std::optional<InHand> in_hand;
  {
    db::Transaction tx{dispatch_.pool};
    const auto now = dispatch_.clock.now();
    store::Deliveries deliveries{tx, channel_.name(), holder_};
    if (answer_) step = settle(deliveries, *answer_, now);
    step.next = now;
    if (!cut.stop_requested())
      in_hand = next(Work{tx, dispatch_.actor, now, dispatch_.settings}, deliveries, step.next);
    tx.commit();
    answer_.reset();
  }
  if (!in_hand) return step;
  answer_ = hand_over(*std::move(in_hand), cut);
  step.next = dispatch_.clock.now();
  return step;
}

ChannelSender::Answer ChannelSender::hand_over(InHand in_hand, const std::stop_token& cut) {
  Answer answer{std::move(in_hand.claim), in_hand.message.recipient, notify::Refused{}};
  try {
    answer.outcome = channel_.send(in_hand.message, cut);
    const auto* later = std::get_if<notify::RetryAfter>(&answer.outcome);
    answer.in_doubt = later != nullptr && (later->in_doubt || cut.stop_requested());
  } catch (const std::exception& error) {
    answer.outcome = notify::RetryAfter{milliseconds{0}, error.what()};
    answer.in_doubt = true;
  }
  return answer;
}

ChannelSender::Step ChannelSender::send_only(DeliveryId delivery) {
  std::optional<InHand> in_hand;
  {
    db::Transaction tx{dispatch_.pool};
    const auto now = dispatch_.clock.now();
    store::Deliveries deliveries{tx, channel_.name(), holder_};
    in_hand = claim(Work{tx, dispatch_.actor, now, dispatch_.settings}, deliveries, delivery);
    tx.commit();
  }
  if (!in_hand) return {{}, false, dispatch_.clock.now()};
  const auto answer = hand_over(*std::move(in_hand), {});
  db::Transaction tx{dispatch_.pool};
  store::Deliveries deliveries{tx, channel_.name(), holder_};
  const auto step = settle(deliveries, answer, dispatch_.clock.now());
  tx.commit();
  return step;
}

void ChannelSender::finish() {
  if (!answer_) return;
  db::Transaction tx{dispatch_.pool};
  store::Deliveries deliveries{tx, channel_.name(), holder_};
  settle(deliveries, *answer_, dispatch_.clock.now());
  tx.commit();
  answer_.reset();
}

std::optional<ChannelSender::InHand> ChannelSender::next(const Work& work, store::Deliveries& deliveries,
                                                         Instant& wake) {
  const auto now = work.now;
  bool filled = false;
  const auto fill = [&] {
    if (std::exchange(filled, true)) return false;
    refill(deliveries, now);
    return true;
  };
  const bool rested = !filled_at_ || now - *filled_at_ >= kRefillPause;
  if (lanes_.empty() || (stale_ && rested)) fill();
  for (;;) {
    std::optional<Instant> ready;
    const auto lane = first_lane(now, ready);
    if (lane == lanes_.end()) {
      // Some whose lane ran empty may be let through, too.
      if (drained_ && rested && fill()) continue;
      wake = now + kLongestRest;
      if (ready) wake = std::min(wake, *ready);
      if (drained_ || stale_) wake = std::min(wake, *filled_at_ + kRefillPause);
      if (lanes_.empty())
        if (const auto due = deliveries.next_due(now)) wake = std::min(wake, *due);
      return std::nullopt;
    }
    const auto candidate = std::move(lane->waiting.front());
    lane->waiting.pop_front();
    if (lane->waiting.empty()) {
      lanes_.erase(lane);
      drained_ = true;
    }
    if (auto in_hand = claim(work, deliveries, candidate.id)) return in_hand;
    // Somebody has withheld it, or put it off; or this channel is no longer ours.
    if (deliveries.holder(now) != holder_) {
      lanes_.clear();
      wake = now + kNotOurs;
      return std::nullopt;
    }
  }
}

std::vector<ChannelSender::Lane>::iterator ChannelSender::first_lane(Instant now, std::optional<Instant>& ready) {
  const auto age = [](const Lane& lane) {
    return std::pair{lane.waiting.front().next_attempt_at, lane.waiting.front().id};
  };
  auto first = lanes_.end();
  for (auto lane = lanes_.begin(); lane != lanes_.end(); ++lane) {
    if (const auto at = channel_.ready_at(lane->recipient, now); at > now)
      ready = std::min(ready.value_or(at), at);
    else if (first == lanes_.end() || age(*lane) < age(*first))
      first = lane;
  }
  return first;
}

void ChannelSender::refill(store::Deliveries& deliveries, Instant now) {
  deliveries.take_up(now, gone(deliveries.claimants()));
  lanes_.clear();
  std::map<std::string, std::size_t> lane_of;
  for (auto& candidate : deliveries.candidates(now, kPerRecipient, kMostCandidates)) {
    const auto [found, fresh] = lane_of.emplace(candidate.recipient, lanes_.size());
    if (fresh) lanes_.push_back({candidate.recipient, {}});
    lanes_[found->second].waiting.push_back(std::move(candidate));
  }
  filled_at_ = now;
  stale_ = false;
  drained_ = false;
}

std::optional<ChannelSender::InHand> ChannelSender::claim(const Work& work, store::Deliveries& deliveries,
                                                          DeliveryId id) {
  auto claim = deliveries.claim(id, work.now, kClaim);
  if (!claim) return std::nullopt;
  const auto& [delivery, alert, first_provider_id, possibly_repeated] = claim->due;
  InHand in_hand;
  try {
    in_hand.message = work.tx.savepoint([&] { return compose_(work, claim->due); });
  } catch (const std::exception& error) {
    settle(deliveries,
           {*claim, delivery.recipient,
            notify::RetryAfter{milliseconds{0}, std::string{"cannot be put into words: "} + error.what()}},
           work.now);
    return std::nullopt;
  }
  auto& message = in_hand.message;
  message.alert = alert.id;
  message.delivery = delivery.id;
  message.recipient = delivery.recipient;
  message.language = delivery.language;
  message.kind = alert.kind;
  message.severity = alert.severity;
  message.incident = alert.incident;
  message.visit = alert.visit;
  message.created_at = alert.created_at;
  message.summary = alert.summary;
  message.possibly_repeated = possibly_repeated;
  message.progress = delivery.progress;
  in_hand.claim = *std::move(claim);
  return in_hand;
}

ChannelSender::Step ChannelSender::settle(store::Deliveries& deliveries, const Answer& answer, Instant now) {
  Step step;
  const auto& delivery = answer.claim.due.delivery;
  store::Settlement settlement;
  settlement.delivery = delivery.id;
  settlement.attempt = answer.claim.attempt;
  std::string moved_to;
  if (const auto* delivered = std::get_if<notify::Delivered>(&answer.outcome)) {
    settlement.outcome = AttemptOutcome::sent;
    settlement.provider_id = stored(delivered->provider_id);
    moved_to = delivered->moved_to;
    failures_ = 0;
  } else if (const auto* later = std::get_if<notify::RetryAfter>(&answer.outcome)) {
    put_off(deliveries, answer, *later, now, settlement);
    moved_to = later->moved_to;
  } else {
    settlement.outcome = AttemptOutcome::refused;
    settlement.reason = reason_of(std::get<notify::Refused>(answer.outcome).reason);
    settlement.progress = delivery.progress;
    settlement.give_up = true;
    failures_ = 0;
  }
  deliveries.settle(settlement, now);
  if (moved_to != answer.recipient && is_recipient(moved_to)) {
    deliveries.move(answer.recipient, moved_to, now);
    drop_lane(answer.recipient);
    stale_ = true;
  }
  step.outcome = settlement.outcome;
  step.gave_up = settlement.give_up;
  step.next = now;
  return step;
}

void ChannelSender::put_off(store::Deliveries& deliveries, const Answer& answer, const notify::RetryAfter& later,
                            Instant now, store::Settlement& settlement) {
  const auto& delivery = answer.claim.due.delivery;
  settlement.outcome = answer.in_doubt ? AttemptOutcome::unknown : AttemptOutcome::later;
  settlement.reason = reason_of(later.reason);
  settlement.progress = later.progress.empty() ? delivery.progress : stored(later.progress);
  const auto age = now - delivery.due_at;
  settlement.give_up = age >= dispatch_.settings.alerts.give_up_after;
  if (settlement.give_up)
    settlement.reason =
        fmt::format("given up after {}: {}", format_span(std::chrono::floor<seconds>(age)), settlement.reason);
  if (later.scope == notify::RetryAfter::Scope::channel) ++failures_;
  const auto until = now + pause_of(answer, later);
  settlement.next_attempt_at = until;
  // Also where no pause is written down: the rest of the lane would only run into the same.
  if (later.scope == notify::RetryAfter::Scope::channel) {
    deliveries.pause("", until, settlement.reason);
    lanes_.clear();
  } else if (later.scope == notify::RetryAfter::Scope::recipient) {
    deliveries.pause(answer.recipient, until, settlement.reason);
    drop_lane(answer.recipient);
  }
}

milliseconds ChannelSender::pause_of(const Answer& answer, const notify::RetryAfter& later) {
  if (later.wait.count() > 0) return std::min<milliseconds>(later.wait, kLongestPause);
  const bool whole = later.scope == notify::RetryAfter::Scope::channel;
  const int failures = std::clamp(whole ? failures_ : answer.claim.attempt, 1, 16);
  net::Backoff backoff{kBackoff, seed_++};
  for (int i = 1; i < failures; ++i) backoff.next();
  return backoff.next();
}

void ChannelSender::drop_lane(const std::string& recipient) {
  std::erase_if(lanes_, [&](const Lane& lane) { return lane.recipient == recipient; });
}

std::int64_t give_up_absent_channels(const Dispatch& dispatch, const std::vector<domain::Channel>& present) {
  return db::with_retry(dispatch.pool, 3, [&](db::Transaction& tx) {
    return store::give_up_unserved(tx, present, dispatch.clock.now() - kAbsentFor,
                                   "this installation has no such channel; see [alerts] in its settings");
  });
}

}  // namespace visitor::app
