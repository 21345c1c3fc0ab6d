#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/work.hpp"
#include "core/clock.hpp"
#include "db/pool.hpp"
#include "notify/channel.hpp"
#include "store/deliveries.hpp"

/// The way out of the outbox.
///
/// A delivery is claimed and its attempt begun in one short transaction; the channel is asked outside of any; what it
/// said is written down in the transaction that claims the next one. So at any time no more messages of a channel are
/// between sending and marking than the channel has hands. Whoever is cut off there leaves attempts whose outcome is
/// unknown: the next attempt says that it may be a repetition, and nothing is lost.
namespace visitor::app {

/// What a sender works with. Everything outlives it.
struct Dispatch {
  db::Pool& pool;
  const config::Settings& settings;
  const Actor& actor;
  const Clock& clock;
};

/// Puts a delivery into words. Who it goes to, which delivery it is and what earlier attempts got done is filled in
/// after it.
using Compose = std::function<notify::Message(const Work&, const store::DueDelivery&)>;

/// For how long a channel belongs to its holder after the last sign of life.
inline constexpr std::chrono::seconds kChannelLease{10};

/// Processes of this machine that claimed or hold something and are gone, out of \p holders ("host:process:…"). A
/// process of another machine, or one that cannot be told, is not among them: its leases run out.
std::vector<std::string> gone(const std::vector<std::string>& holders);

/// Takes or keeps the lease of a channel; of a holder that is gone at once.
/// \returns false where another one has it
bool hold_channel(const Dispatch& dispatch, domain::Channel channel, std::string_view holder);
/// So that the next one need not wait for the end of the lease.
void release_channel(const Dispatch& dispatch, domain::Channel channel, std::string_view holder);

/// Works off what waits for one channel, with as many hands as the channel has. Each hand holds one message at a time
/// and belongs to one thread; no recipient is in two hands at once, so that everybody gets his messages in their order.
///
/// Whose turn it is: of the recipients whom the channel's limits let through, the one who has waited longest. Before
/// him, but for one time in eight, go those whose backlog would otherwise be the last to end: the limits of one
/// recipient stretch it over as long a time as everything together takes. What is put off goes to the recipient, or the
/// whole channel, or only the message, as the channel said; where it named no time, with pauses that grow, from
/// 5 seconds up to 10 minutes, and a part of them left to chance. After [alerts] give_up_after one more answer of
/// "later" is the last.
class ChannelSender {
 public:
  /// \param holder  names this sender among all, and has the lease of the channel (hold_channel); without the lease
  ///                nothing is claimed
  /// \param seed    of the chance in the pauses
  ChannelSender(Dispatch dispatch, notify::Channel& channel, Compose compose, std::string holder, std::uint64_t seed);

  struct Step {
    std::optional<domain::AttemptOutcome> outcome;  ///< of the message that was handed over, if one was
    bool gave_up = false;
    bool claimed = false;  ///< the hand holds a message: send()
    Instant next;          ///< when the next hand may find something to do, if nobody wakes it
  };
  /// Settles what the hand sent last, then claims the next one that may go. Any thread, at any time.
  /// \param stop  where it is requested, nothing is claimed
  /// \throws Error  as any use of the pool; what was sent is settled by the next call for this hand
  Step prepare(std::size_t hand, const std::stop_token& stop = {});
  /// Hands over what prepare() has claimed for this hand, and waits for the answer.
  /// \param cut  ends it; the message may have arrived
  void send(std::size_t hand, const std::stop_token& cut = {});
  /// prepare() and send() of the first hand.
  Step step(const std::stop_token& cut = {});

  std::size_t hands() const { return hands_.size(); }

  /// Sends this one and settles it, if it can be claimed. For a sender that does nothing else.
  Step send_only(DeliveryId delivery);

  /// Something new may be due: look at once. Any thread, at any time, without waiting.
  void look_again() { stale_ = true; }

  /// Settles what the hand sent last. \throws Error  as any use of the pool
  void finish(std::size_t hand = 0);

 private:
  /// Candidates of one recipient, the oldest first.
  struct Lane {
    std::string recipient;
    std::deque<store::Candidate> waiting;
    std::size_t more = 0;  ///< due, but not looked at yet

    std::size_t left() const { return waiting.size() + more; }
  };
  struct InHand {
    store::Claim claim;
    notify::Message message;
  };
  struct Answer {
    store::Claim claim;
    std::string recipient;
    notify::Outcome outcome;
    bool in_doubt = false;
  };
  struct Hand {
    /// What is between claim and settlement, for all to see.
    std::optional<std::pair<DeliveryId, std::string>> busy;
    // Of its thread alone: before send(), and after it.
    std::optional<InHand> in_hand;
    std::optional<Answer> answer;
  };

  /// Asks the channel.
  Answer hand_over(InHand in_hand, const std::stop_token& cut);
  std::optional<InHand> next(const Work& work, store::Deliveries& deliveries, const Hand& hand, Instant& wake);
  /// \param own    whose message does not count as being on its way, for it has been settled
  /// \param ready  when the first of those may go whom the channel's limits do not let through yet
  std::vector<Lane>::iterator first_lane(Instant now, const Hand* own, std::optional<Instant>& ready);
  bool wants_refill(Instant now) const;
  void refill(store::Deliveries& deliveries, Instant now);
  /// When to look again where nothing may go.
  Instant rest_until(Instant now, std::optional<Instant> ready) const;
  std::optional<InHand> claim(const Work& work, store::Deliveries& deliveries, DeliveryId id);
  Step settle(store::Deliveries& deliveries, const Answer& answer, Instant now);
  void put_off(store::Deliveries& deliveries, const Answer& answer, const notify::RetryAfter& later, Instant now,
               store::Settlement& settlement);
  std::chrono::milliseconds pause_of(const Answer& answer, const notify::RetryAfter& later);
  void drop_lane(const std::string& recipient);

  Dispatch dispatch_;
  notify::Channel& channel_;
  Compose compose_;
  std::string holder_;
  std::mutex mutex_;  // of everything below, but for what a hand has for itself
  std::uint64_t seed_;
  std::vector<Hand> hands_;
  std::vector<Lane> lanes_;
  std::optional<Instant> filled_at_;
  Instant look_at_{};               ///< where nothing is known to wait: something may be due then
  std::atomic<bool> stale_ = true;  ///< there may be new ones
  bool drained_ = false;            ///< a lane has run empty whose recipient has more
  int turns_ = 0;                   ///< counts who was let through
  int failures_ = 0;                ///< in a row, of the whole channel
};

/// Gives up what has been due for ten minutes on channels that this installation does not have.
/// \param present  those that it has
/// \returns how many
std::int64_t give_up_absent_channels(const Dispatch& dispatch, const std::vector<domain::Channel>& present);

}  // namespace visitor::app
