#pragma once

#include <optional>
#include <string>

#include "core/ids.hpp"
#include "core/instant.hpp"
#include "domain/incident.hpp"
#include "domain/names.hpp"

namespace visitor::domain {

enum class AlertKind {
  incident_opened,
  incident_updated,    ///< seen again, assigned, graver: told where the first message went
  incident_ended,      ///< resolved or a false alarm
  incident_escalated,  ///< nobody has acknowledged it in time
  guest_arrived,
  guest_left,
  guest_no_show,
  storm,  ///< stands for many alerts of one recipient, with their counts
  daily_summary,
  weekly_report,
  test,    ///< a person asked for it
  canary,  ///< a timer asked for it, to see that the channel works
};

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

enum class Channel { log, telegram, email, webhook, exec };

enum class DeliveryState {
  waiting,   ///< until next_attempt_at
  sending,   ///< a daemon holds it under a lease; taken up again when the lease ends
  sent,      ///< the other side said that it has it
  failed,    ///< given up
  withheld,  ///< on purpose not sent: silenced, or told by another message
};

/// One alert on one channel to one recipient: a row of the outbox.
struct Delivery {
  DeliveryId id;
  AlertId alert;
  Channel channel = Channel::log;
  std::string recipient;  ///< empty where the channel has only one
  DeliveryState state = DeliveryState::waiting;
  Language language = Language::english;
  std::string reason;           ///< why this recipient gets it; may be empty
  std::string withheld_reason;  ///< why not, where it is withheld; otherwise empty
  int attempts = 0;             ///< begun so far
  Instant due_at;               ///< not before; its age counts from here. A retry by a person moves it
  Instant next_attempt_at;
  std::optional<Instant> sent_at;  ///< when the other side had said so
  std::string provider_id;         ///< what the other side calls it
  std::string progress;            ///< what earlier attempts got done of it, as the channel said
  std::string last_error;
  std::optional<Instant> acknowledged_at;
  std::string acknowledged_by;
};

enum class AttemptOutcome {
  sent,
  later,
  refused,
  unknown,  ///< begun and not settled: still on its way, or cut off; it may have arrived
};

/// One handing over of a delivery to its channel.
struct Attempt {
  DeliveryId delivery;
  int number = 0;      ///< from 1
  std::string holder;  ///< who sent
  Instant started_at;
  std::optional<Instant> ended_at;
  AttemptOutcome outcome = AttemptOutcome::unknown;
  std::string provider_id;
  std::string reason;
};

template <>
std::span<const Name<AlertKind>> names();
template <>
std::span<const Name<Channel>> names();
template <>
std::span<const Name<DeliveryState>> names();
template <>
std::span<const Name<AttemptOutcome>> names();

}  // namespace visitor::domain
