#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "domain/alert.hpp"
#include "notify/message.hpp"

namespace visitor::notify {

/// The other side has it.
struct Delivered {
  std::string provider_id;  ///< what it calls the message; may be empty
  /// Where the recipient is to be found from now on, if the other side said so; otherwise empty.
  std::string moved_to = {};
};

/// Not now: the network, a limit of rate, a server that is down.
struct RetryAfter {
  enum class Scope {
    message,    ///< this message only
    recipient,  ///< nothing for this recipient before that
    channel,    ///< nothing on this channel before that
  };
  /// Zero: the other side did not say; the caller backs off.
  std::chrono::milliseconds wait{};
  std::string reason;  ///< one line without secrets
  Scope scope = Scope::message;
  std::string progress = {};  ///< what to give Message::progress at the next attempt, so that no part goes out twice
  std::string moved_to = {};  ///< as in Delivered
  /// The message may have arrived all the same: it was handed over, and no answer came. The next attempt says so.
  bool in_doubt = false;
};

/// Never: no such recipient, the message is not acceptable.
struct Refused {
  std::string reason;  ///< one line without secrets
};

using Outcome = std::variant<Delivered, RetryAfter, Refused>;

/// A way to reach people. Used by one thread at a time, but for send() where hands() says otherwise.
class Channel {
 public:
  virtual ~Channel() = default;
  virtual domain::Channel name() const = 0;

  /// What \p message becomes on this channel, in its own format: the parts in the order in which they go out, one or
  /// more. A pure function of the message.
  virtual std::vector<std::string> render(const Message& message) const = 0;

  /// Hands \p message over and waits for the answer, a minute at most. What the other side does wrong is an outcome,
  /// not an exception.
  virtual Outcome send(const Message& message, std::stop_token stop = {}) = 0;

  /// How many messages, to as many recipients, may be between send() and its answer at the same time.
  virtual std::size_t hands() const { return 1; }

  /// The earliest moment at which the other side's limits of rate let a message to \p recipient go; \p now or earlier:
  /// at once. send() counts against the limits, this does not.
  virtual Instant ready_at(const std::string& recipient, Instant now) const;
  /// When the last of \p count messages could go if there were no others: to \p recipient, or where that is empty to
  /// whomever. Without limits that is \p now.
  virtual Instant last_at(const std::string& recipient, std::size_t count, Instant now) const;
  /// A message to \p recipient will be given to send() next: it counts against the limits from here on.
  virtual void reserve(const std::string& recipient);
};

}  // namespace visitor::notify
