#include "app/alerts.hpp"

#include <algorithm>
#include <array>

#include "notify/log_channel.hpp"
#include "store/alerts.hpp"

namespace visitor::app {
namespace {

notify::Message message_of(const store::DueDelivery& due) {
  notify::Message message;
  message.alert = due.alert.id;
  message.delivery = due.delivery.id;
  message.recipient = due.delivery.recipient;
  message.kind = due.alert.kind;
  message.severity = due.alert.severity;
  message.incident = due.alert.incident;
  message.visit = due.alert.visit;
  message.summary = due.alert.summary;
  message.created_at = due.alert.created_at;
  return message;
}

/// Where the other side named no time.
constexpr std::chrono::milliseconds kUnnamedWait{5'000};

/// What becomes of each delivery.
class Round {
 public:
  explicit Round(const Work& work) : now_(work.now), alerts_(work.tx) {}

  void settle(const domain::Delivery& delivery, const notify::Delivered& delivered) {
    alerts_.mark_sent(delivery.id, now_, delivered.provider_id);
    ++round_.sent;
  }
  void settle(const domain::Delivery& delivery, const notify::RetryAfter& later) {
    if (delivery.attempts + 1 >= kMaxAttempts) return settle(delivery, notify::Refused{later.reason});
    alerts_.mark_deferred(delivery.id, now_ + (later.wait.count() > 0 ? later.wait : kUnnamedWait), later.reason);
    ++round_.deferred;
  }
  void settle(const domain::Delivery& delivery, const notify::Refused& refused) {
    alerts_.mark_failed(delivery.id, refused.reason);
    ++round_.failed;
  }

  store::Alerts& alerts() { return alerts_; }
  DeliveryRound result() const { return round_; }

 private:
  Instant now_;
  store::Alerts alerts_;
  DeliveryRound round_;
};

}  // namespace

AlertId queue_alert(const Work& work, const domain::Incident& incident) {
  domain::Alert alert;
  alert.kind = domain::AlertKind::incident_opened;
  alert.severity = incident.severity;
  alert.incident = incident.id;
  alert.visit = incident.visit;
  alert.summary = incident.summary;
  alert.created_at = work.now;
  const store::Address log{domain::Channel::log, ""};
  return store::Alerts{work.tx}.queue(alert, std::span{&log, 1});
}

DeliveryRound send_due_alerts(const Work& work, int limit, std::span<notify::Channel* const> channels) {
  Round round{work};
  for (const auto& due : round.alerts().claim_due(work.now, limit)) {
    const auto channel = std::find_if(channels.begin(), channels.end(),
                                      [&](const notify::Channel* one) { return one->name() == due.delivery.channel; });
    const auto outcome = channel == channels.end()
                             ? notify::Outcome{notify::Refused{"this program has no such channel"}}
                             : (*channel)->send(message_of(due));
    std::visit([&](const auto& said) { round.settle(due.delivery, said); }, outcome);
  }
  return round.result();
}

DeliveryRound send_due_alerts(const Work& work, int limit) {
  notify::LogChannel log;
  const std::array<notify::Channel*, 1> channels{&log};
  return send_due_alerts(work, limit, channels);
}

}  // namespace visitor::app
