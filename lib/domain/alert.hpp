#pragma once

#include <optional>
#include <string>

#include "core/ids.hpp"
#include "core/instant.hpp"
#include "domain/incident.hpp"
#include "domain/names.hpp"

namespace visitor::domain {

enum class AlertKind { incident_opened, guest_arrived, guest_left };

/// What people are to be told, once, however many ways it goes out.
struct Alert {
  AlertId id;
  AlertKind kind = AlertKind::incident_opened;
  Severity severity = Severity::medium;
  std::optional<IncidentId> incident;
  std::optional<VisitId> visit;
  std::string summary;  ///< one English sentence without a person's name
  Instant created_at;
};

enum class Channel { log };

enum class DeliveryState { waiting, sent, failed };

/// One alert on one channel to one recipient: a row of the outbox.
struct Delivery {
  DeliveryId id;
  AlertId alert;
  Channel channel = Channel::log;
  std::string recipient;  ///< empty where the channel has only one
  DeliveryState state = DeliveryState::waiting;
  int attempts = 0;  ///< made so far
  Instant next_attempt_at;
  std::optional<Instant> sent_at;  ///< when the other side had said so
  std::string last_error;
};

template <>
std::span<const Name<AlertKind>> names();
template <>
std::span<const Name<Channel>> names();
template <>
std::span<const Name<DeliveryState>> names();

}  // namespace visitor::domain
