#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/transaction.hpp"
#include "domain/alert.hpp"
#include "store/alerts.hpp"

namespace visitor::store {

/// NOTIFY channel of the outbox: something has become due. Without payload.
inline constexpr std::string_view kDeliveryChannel = "visitor_delivery";

/// A delivery that may be claimed.
struct Candidate {
  DeliveryId id;
  std::string recipient;
  Instant next_attempt_at;
  std::size_t of_recipient = 0;  ///< so many are due for him, this one among them
};

/// How far to look.
struct CandidateLimits {
  int per_recipient = 16;
  int all = 4'000;
  int counted = 1'000;  ///< of one recipient; where more are due, it is this number
};

/// A delivery in the hands of a sender.
struct Claim {
  DueDelivery due;
  int attempt = 0;  ///< its number
};

/// What came of an attempt.
struct Settlement {
  DeliveryId delivery;
  int attempt = 0;
  domain::AttemptOutcome outcome = domain::AttemptOutcome::unknown;
  std::string provider_id;  ///< where it was sent
  std::string reason;       ///< where it was not
  std::string progress;     ///< where it goes on later
  Instant next_attempt_at;  ///< where it goes on later
  bool give_up = false;     ///< where it does not
};

/// The outbox as the sender of one channel works it off.
///
/// A channel belongs to the one who holds its lease. Each delivery is claimed before it is sent, in a transaction that
/// also writes its attempt, and settled after: whatever happens between leaves an attempt whose outcome is unknown.
class Deliveries {
 public:
  /// \param holder  names this sender among all, for the leases
  Deliveries(db::Transaction& tx, domain::Channel channel, std::string_view holder)
      : tx_(tx), channel_(channel), holder_(holder) {}

  /// Takes or keeps the lease: where nobody has it, it has run out, or its holder is among \p dead.
  bool hold(Instant now, std::chrono::milliseconds lasts, std::span<const std::string> dead = {});
  /// Whose the lease is, as long as it lasts.
  std::optional<std::string> holder(Instant now);
  void let_go();

  /// Everybody else who has claimed something on this channel.
  std::vector<std::string> claimants();
  /// Puts back what was claimed by others and whose lease has ended or whose claimant is among \p dead: their attempts
  /// stay unknown. What this holder itself has claimed and is not \p in_hand was never sent: that attempt goes.
  void take_up(Instant now, std::span<const std::string> dead, std::span<const DeliveryId> in_hand);

  /// Of each recipient for whom something is due and nothing is paused the oldest few, in their order; where that is
  /// too many, everybody's oldest rather than all of one.
  std::vector<Candidate> candidates(Instant now, const CandidateLimits& limits);
  /// When the next one comes due, or a pause with something behind it ends; nothing where none waits.
  std::optional<Instant> next_due(Instant now);

  /// Takes it and begins its next attempt. Nothing where it is no longer waiting, not due, locked by somebody, or the
  /// lease of the channel is lost.
  std::optional<Claim> claim(DeliveryId id, Instant now, std::chrono::milliseconds lasts);
  /// Writes down what came of an attempt. An answer that comes after somebody else has taken the delivery up counts as
  /// far as it can: what was sent is sent.
  void settle(const Settlement& settlement, Instant now);

  /// Nothing to \p recipient, or where that is empty nothing on the channel, until then.
  void pause(const std::string& recipient, Instant until, const std::string& reason);
  /// What waits for \p recipient goes to \p moved_to, now and from now on.
  void move(const std::string& recipient, const std::string& moved_to, Instant now);

 private:
  db::Transaction& tx_;
  domain::Channel channel_;
  std::string holder_;
};

/// Gives up what has been due on channels that nobody serves.
/// \param served  channels that are left alone
/// \returns how many
std::int64_t give_up_unserved(db::Transaction& tx, std::span<const domain::Channel> served, Instant due_before,
                              const std::string& reason);

/// Tells whoever sends that something has become due, once this transaction is committed.
void wake_senders(db::Transaction& tx);

}  // namespace visitor::store
