#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>

#include "core/ids.hpp"
#include "core/instant.hpp"
#include "domain/alert.hpp"

namespace visitor::notify {

/// One alert on its way to one recipient.
struct Message {
  AlertId alert;
  DeliveryId delivery;  ///< the same at every attempt, so that a receiver can tell a repetition
  std::string recipient;
  domain::AlertKind kind = domain::AlertKind::incident_opened;
  domain::Severity severity = domain::Severity::medium;
  std::optional<IncidentId> incident;
  std::optional<VisitId> visit;
  std::string summary;  ///< one English sentence without a person's name
  Instant created_at;
};

/// The other side has it.
struct Delivered {
  std::string provider_id;  ///< what it calls the message; may be empty
};
/// Not now: the network, a limit of rate, a server that is down.
struct RetryAfter {
  std::chrono::seconds wait;
  std::string reason;  ///< one line without secrets
};
/// Never: no such recipient, the message is not acceptable.
struct Refused {
  std::string reason;  ///< one line without secrets
};
using Outcome = std::variant<Delivered, RetryAfter, Refused>;

/// A way to reach people. Used by one thread at a time.
class Channel {
 public:
  virtual ~Channel() = default;
  virtual domain::Channel name() const = 0;
  /// Hands \p message over and waits for the answer. What the other side does wrong is an outcome, not an exception.
  virtual Outcome send(const Message& message) = 0;
};

}  // namespace visitor::notify
