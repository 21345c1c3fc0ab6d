#include "app/dispatch.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/host.hpp"
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
/// Counted, so that the longest backlogs are known; what is beyond that is not the longer one's.
constexpr int kCounted = 1'000;
constexpr milliseconds kRefillPause{250};
/// A lane that is worked off before that can wait.
constexpr milliseconds kDrainedPause{1'000};
/// Where a notification got lost.
constexpr seconds kLongestRest{5};
/// One in so many goes to the one who has waited longest, whatever the backlogs of others.
constexpr int kFairTurn = 8;
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
  const auto ours = host_name() + ":";
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
    : dispatch_(dispatch),
      channel_(channel),
      compose_(std::move(compose)),
      holder_(std::move(holder)),
      seed_(seed),
      hands_(channel.hands()) {}

ChannelSender::Step ChannelSender::prepare(std::size_t number, const std::stop_token& stop) {
  const std::lock_guard lock{mutex_};
  auto& hand = hands_.at(number);
  const auto now = dispatch_.clock.now();
  Step step;
  std::optional<Instant> ready;
  if (!hand.answer &&
      (stop.stop_requested() || (!wants_refill(now) && first_lane(now, &hand, ready) == lanes_.end()))) {
    step.next = rest_until(now, ready);
    return step;
  }
  std::optional<InHand> in_hand;
  try {
    db::Transaction tx{dispatch_.pool};
    store::Deliveries deliveries{tx, channel_.name(), holder_};
    if (hand.answer) step = settle(deliveries, *hand.answer, now);
    step.next = now;
    if (!stop.stop_requested())
      in_hand = next(Work{tx, dispatch_.actor, now, dispatch_.settings, domain::Scope::everything()}, deliveries, hand,
                     step.next);
    tx.commit();
  } catch (...) {
    stale_ = true;  // what was to be claimed is in no lane any more
    throw;
  }
  hand.answer.reset();
  hand.busy.reset();
  if (!in_hand) return step;
  step.claimed = true;
  channel_.reserve(in_hand->message.recipient);
  hand.busy.emplace(in_hand->message.delivery, in_hand->message.recipient);
  hand.in_hand = std::move(in_hand);
  if (first_lane(now, nullptr, ready) == lanes_.end()) step.next = rest_until(now, ready);
  return step;
}

void ChannelSender::send(std::size_t number, const std::stop_token& cut) {
  auto& hand = hands_.at(number);
  hand.answer = hand_over(*std::move(hand.in_hand), cut);
  hand.in_hand.reset();
}

ChannelSender::Step ChannelSender::step(const std::stop_token& cut) {
  auto step = prepare(0, cut);
  if (!step.claimed) return step;
  send(0, cut);
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
    in_hand =
        claim(Work{tx, dispatch_.actor, now, dispatch_.settings, domain::Scope::everything()}, deliveries, delivery);
    tx.commit();
  }
  if (!in_hand) return {{}, false, false, dispatch_.clock.now()};
  const auto answer = hand_over(*std::move(in_hand), {});
  db::Transaction tx{dispatch_.pool};
  store::Deliveries deliveries{tx, channel_.name(), holder_};
  const auto step = settle(deliveries, answer, dispatch_.clock.now());
  tx.commit();
  return step;
}

void ChannelSender::finish(std::size_t number) {
  const std::lock_guard lock{mutex_};
  auto& hand = hands_.at(number);
  if (!hand.answer) return;
  db::Transaction tx{dispatch_.pool};
  store::Deliveries deliveries{tx, channel_.name(), holder_};
  settle(deliveries, *hand.answer, dispatch_.clock.now());
  tx.commit();
  hand.answer.reset();
  hand.busy.reset();
}

std::optional<ChannelSender::InHand> ChannelSender::next(const Work& work, store::Deliveries& deliveries,
                                                         const Hand& hand, Instant& wake) {
  const auto now = work.now;
  if (wants_refill(now)) refill(deliveries, now);
  for (;;) {
    std::optional<Instant> ready;
    const auto lane = first_lane(now, &hand, ready);
    if (lane == lanes_.end()) {
      wake = rest_until(now, ready);
      return std::nullopt;
    }
    const auto candidate = std::move(lane->waiting.front());
    lane->waiting.pop_front();
    if (lane->waiting.empty()) {
      drained_ = drained_ || lane->more > 0 || lanes_.size() == 1;
      lanes_.erase(lane);
    }
    if (auto in_hand = claim(work, deliveries, candidate.id)) {
      ++turns_;
      return in_hand;
    }
    // Somebody has withheld it, or put it off; or this channel is no longer ours.
    if (deliveries.holder(now) != holder_) {
      lanes_.clear();
      wake = look_at_ = now + kNotOurs;
      return std::nullopt;
    }
  }
}

std::vector<ChannelSender::Lane>::iterator ChannelSender::first_lane(Instant now, const Hand* own,
                                                                     std::optional<Instant>& ready) {
  std::size_t left = 0;
  for (const auto& lane : lanes_) left += lane.left();
  const auto end = channel_.last_at("", left, now);
  // Greater: goes first.
  using Rank = std::pair<Instant::duration, std::pair<Instant, DeliveryId>>;
  const auto before = [](const Rank& a, const Rank& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  };
  auto first = lanes_.end();
  Rank best;
  for (auto lane = lanes_.begin(); lane != lanes_.end(); ++lane) {
    const bool busy = std::ranges::any_of(hands_, [&](const Hand& other) {
      return &other != own && other.busy && other.busy->second == lane->recipient;
    });
    if (busy) continue;
    if (const auto at = channel_.ready_at(lane->recipient, now); at > now) {
      ready = std::min(ready.value_or(at), at);
      continue;
    }
    Rank rank{{}, {lane->waiting.front().next_attempt_at, lane->waiting.front().id}};
    // An eighth in reserve: answers take their time, too.
    const auto span = channel_.last_at(lane->recipient, lane->left(), now) - now;
    if (end > now && turns_ % kFairTurn != 0 && span * 8 >= (end - now) * 7) rank.first = span;
    if (first != lanes_.end() && !before(rank, best)) continue;
    first = lane;
    best = rank;
  }
  return first;
}

bool ChannelSender::wants_refill(Instant now) const {
  // Also where the clock was set back.
  if (!filled_at_ || now < *filled_at_) return true;
  if (lanes_.empty()) return stale_ || drained_ || now >= look_at_;
  return (stale_ && now - *filled_at_ >= kRefillPause) || (drained_ && now - *filled_at_ >= kDrainedPause);
}

Instant ChannelSender::rest_until(Instant now, std::optional<Instant> ready) const {
  if (wants_refill(now)) return now;
  auto until = now + kLongestRest;
  if (ready) until = std::min(until, *ready);
  if (lanes_.empty()) return std::min(until, look_at_);
  if (stale_) until = std::min(until, *filled_at_ + kRefillPause);
  if (drained_) until = std::min(until, *filled_at_ + kDrainedPause);
  return until;
}

void ChannelSender::refill(store::Deliveries& deliveries, Instant now) {
  stale_ = false;  // from here on what comes is news again
  std::vector<DeliveryId> in_hand;
  for (const auto& hand : hands_)
    if (hand.busy) in_hand.push_back(hand.busy->first);
  deliveries.take_up(now, gone(deliveries.claimants()), in_hand);
  lanes_.clear();
  std::map<std::string, std::size_t> lane_of;
  for (auto& candidate : deliveries.candidates(now, {kPerRecipient, kMostCandidates, kCounted})) {
    const auto [found, fresh] = lane_of.emplace(candidate.recipient, lanes_.size());
    if (fresh) lanes_.push_back({candidate.recipient, {}, candidate.of_recipient});
    auto& lane = lanes_[found->second];
    --lane.more;
    lane.waiting.push_back(std::move(candidate));
  }
  filled_at_ = now;
  drained_ = false;
  look_at_ = now + kLongestRest;
  if (lanes_.empty())
    if (const auto due = deliveries.next_due(now)) look_at_ = std::min(look_at_, *due);
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
  look_at_ = std::min(look_at_, until);
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
