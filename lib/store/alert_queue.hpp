#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/transaction.hpp"
#include "domain/routing.hpp"

namespace visitor::store {

/// NOTIFY channel of alerts that nobody has been chosen for yet. Without payload.
inline constexpr std::string_view kAlertChannel = "visitor_alert";

/// An alert on its way in.
struct QueuedAlert {
  domain::Alert alert;  ///< its id is not looked at
  std::optional<SiteId> site = {};
  std::string details = "{}";
  std::string once_key = {};  ///< with one that is there already, nothing is queued; empty: always
};

/// A guest who came, left or did not come.
struct GuestNews {
  domain::AlertKind kind = domain::AlertKind::guest_arrived;
  VisitId visit;
};

/// An alert that nobody has been chosen for.
struct UnroutedAlert {
  domain::AlertFacts facts;
  std::string details;
  std::string host_email;  ///< of the host of a guest who came, left or did not come
  std::string host_chat;
  /// An incident without which this one would not be: its terminal is out of reach.
  std::optional<IncidentId> waits_for;
};

/// Who was told of an incident.
struct ToldPlace {
  IncidentId incident;
  domain::AlertFacts::Told told;  ///< without the recipient's name
};

/// A delivery that was decided on.
struct RoutedDelivery {
  AlertId alert;
  domain::Place place;
  domain::Language language = domain::Language::english;
  std::string reason = {};
  std::string withheld = {};  ///< empty: it goes out
  Instant due_at = {};
  std::optional<AlertId> told_by = {};
  std::string route = {};
};

/// An incident that nobody has answered for long.
struct Unanswered {
  domain::AlertFacts facts;
  std::string summary;
  std::optional<VisitId> visit;
  Instant since;  ///< when it was opened, or reopened last
  int times = 1;  ///< it was opened so many times
};

/// An incident that a route told last at that moment, and that is still unanswered.
struct Unrepeated {
  domain::Incident incident;
  std::string route;
  Instant last;
  int told = 1;  ///< so many times
};

/// Alerts between being made and being addressed.
class AlertQueue {
 public:
  explicit AlertQueue(db::Transaction& tx) : tx_(tx) {}

  /// To be routed at \p route_at. Goes with the next statement.
  void queue(const QueuedAlert& alert, Instant route_at);
  /// News of guests, once each. Goes with the next statement.
  /// \param always  also where the host has no address: somebody else may want to know
  void queue(std::span<const GuestNews> news, bool always, Instant now);
  /// At once, and nobody will be chosen: the caller writes the deliveries.
  /// \returns nothing where the once_key is there already
  std::optional<AlertId> make(const QueuedAlert& alert, std::optional<AlertId> follows = {});

  /// Oldest first.
  std::vector<UnroutedAlert> due(Instant now, int limit);
  /// The alert, routed or not.
  std::optional<UnroutedAlert> find(AlertId id);
  /// The alert that an incident would raise now.
  std::optional<UnroutedAlert> of_incident(IncidentId id);
  /// Those of incidents that were made at or after \p since.
  std::vector<UnroutedAlert> recent(Instant since, int limit);

  std::vector<ToldPlace> told(std::span<const IncidentId> incidents);
  /// \param routes  whose last messages matter
  domain::PaceHistory history(Instant now, std::chrono::seconds storm_interval, std::span<const std::string> routes);
  /// Where the other side said that somebody is to be found now.
  std::vector<std::pair<domain::Place, std::string>> moves();

  void add(std::span<const RoutedDelivery> deliveries);
  /// They are routed.
  void settle(std::span<const AlertId> alerts);
  void postpone(std::span<const AlertId> alerts, Instant until);

  /// New ones that nobody is assigned to, not late, since between \p after and \p before.
  std::vector<Unanswered> unanswered(Instant after, Instant before, int limit);
  std::vector<Unrepeated> unrepeated(std::span<const std::string> routes, int limit);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
