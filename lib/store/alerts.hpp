#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "db/transaction.hpp"
#include "domain/alert.hpp"
#include "domain/scope.hpp"

namespace visitor::store {

/// Where an alert is to go, and where not.
struct Address {
  domain::Channel channel = domain::Channel::log;
  std::string recipient;  ///< up to 500 characters
  domain::Language language = domain::Language::english;
  std::optional<Instant> not_before = {};  ///< empty: at once
  std::string reason = {};                 ///< why he gets it: "route night: severity critical"
  std::string withheld = {};               ///< why he does not: the row is there all the same, for the ledger
};

/// A delivery and the alert that it hands over.
struct DueDelivery {
  domain::Delivery delivery;
  domain::Alert alert;
  /// Its channel's name of the first message to the same recipient about the same incident; empty where there is none.
  std::string first_provider_id = {};
  bool possibly_repeated = false;  ///< an earlier attempt may have arrived
};

/// An alert and what became of it.
struct AlertSent {
  domain::Alert alert;
  std::vector<domain::Delivery> deliveries;  ///< may be empty
};

/// An alert with everything that the ledger knows of it.
struct AlertLedger {
  domain::Alert alert;
  std::vector<domain::Delivery> deliveries;
  std::vector<domain::Attempt> attempts;  ///< of all its deliveries: by delivery and number
};

struct ChannelBacklog {
  domain::Channel channel = domain::Channel::log;
  std::int64_t waiting = 0;
  std::int64_t failed = 0;
  std::optional<Instant> oldest;
};

struct Outbox {
  std::int64_t waiting = 0;  ///< on their way: waiting and being sent, also what is not due yet
  std::int64_t failed = 0;   ///< given up
  /// Since when the oldest of those on their way has been due. What is put off on purpose counts from then on.
  std::optional<Instant> oldest;
  std::vector<ChannelBacklog> channels;  ///< every channel once, in the order of domain::Channel
};

struct AlertFilter {
  std::vector<domain::DeliveryState> states;  ///< any of these; empty: all, and alerts without a delivery, too
  std::vector<domain::Channel> channels;
  std::optional<IncidentId> incident;
  std::optional<Instant> since;  ///< made at or after
  std::optional<Instant> until;  ///< made before
  int limit = 100;
  std::optional<AlertId> before = {};  ///< only what comes after this one in the list
};

/// What should not be: each is a line of `alert lost`.
struct Lost {
  enum class What {
    incident_untold,    ///< an incident that was seen live and has no alert
    alert_unaddressed,  ///< an alert without a delivery
    overdue,            ///< due for long, and not sent, given up or withheld
    stuck,              ///< being sent under a lease that has ended
  };
  What what = What::overdue;
  std::optional<IncidentId> incident;
  std::optional<AlertId> alert;
  std::optional<DeliveryId> delivery;
  std::optional<domain::Channel> channel;
  std::string recipient;
  Instant since;
  std::string last_error;
};

/// Alerts and their deliveries, which are the outbox.
class Alerts {
 public:
  Alerts(db::Transaction& tx, const domain::Scope& scope) : tx_(tx), scope_(scope) {}

  /// \param alert      its id is not looked at
  /// \param addresses  one delivery each; of several of one channel and recipient the first counts. Who is known to
  ///                   have moved is written to where he is now.
  AlertId queue(const domain::Alert& alert, std::span<const Address> addresses);

  /// Waits, or is being sent, and shall not be: the ledger keeps why. What is on its way right now is left alone.
  /// \returns whether it was waiting
  bool withhold(DeliveryId id, const std::string& why);

  /// A person has seen what was sent about \p incident to that recipient, under this name or one before.
  /// \returns how many deliveries were not acknowledged before
  std::int64_t acknowledge(IncidentId incident, domain::Channel channel, const std::string& recipient, Instant now,
                           const std::string& by);
  /// A person has seen what was sent of these alerts, to whomever it went.
  /// \returns the alerts of which deliveries were not acknowledged before, in the order of their numbers, each once
  std::vector<AlertId> acknowledge(std::span<const AlertId> ids, Instant now, const std::string& by);

  /// Puts what was given up or withheld back into the queue, due now; its attempts stay on record.
  /// \returns those that were, in the order of their ids
  std::vector<domain::Delivery> retry(std::span<const DeliveryId> ids, Instant now);

  Outbox outbox(Instant now);
  std::optional<AlertLedger> find(AlertId id);
  /// Newest first; of each alert the deliveries that match.
  std::vector<AlertSent> list(const AlertFilter& filter);
  /// Deliveries given up, oldest first.
  std::vector<DeliveryId> failed(int limit);
  /// Deliveries of one incident's alerts, oldest first.
  std::vector<DueDelivery> of(IncidentId incident);
  /// Alerts of a visit and of incidents, oldest first.
  std::vector<AlertSent> about(std::optional<VisitId> visit, std::span<const IncidentId> incidents);
  /// \param late_after  for how long something may be due
  std::vector<Lost> lost(Instant now, std::chrono::seconds late_after, int limit);
  /// Since when each channel that canaries were sent on has taken none: its newest one, or the first it did not take.
  std::vector<std::pair<domain::Channel, Instant>> canaries();

 private:
  db::Transaction& tx_;
  domain::Scope scope_;
};

}  // namespace visitor::store
