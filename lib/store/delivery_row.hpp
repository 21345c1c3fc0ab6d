#pragma once

#include <optional>
#include <string>

#include "db/row.hpp"
#include "domain/alert.hpp"
#include "store/words.hpp"

/// How alerts and deliveries come out of SQL. For the stores only.
namespace visitor::store {

/// Of `alert a`.
inline constexpr auto kAlertColumns = R"sql(
           a.id AS alert_id, a.kind, a.severity, a.incident_id, a.visit_id, a.summary, a.created_at)sql";

/// Of `delivery d`.
inline constexpr auto kDeliveryColumns = R"sql(
           d.id, d.alert_id AS delivery_of, d.channel, d.recipient, d.state, d.language, d.reason, d.withheld_reason,
           d.attempts, d.due_at, d.next_attempt_at, d.sent_at, d.provider_id, d.progress, d.last_error,
           d.acknowledged_at, d.acknowledged_by)sql";

inline domain::Alert to_alert(const db::Row& row) {
  domain::Alert alert;
  alert.id = row.get<AlertId>("alert_id");
  alert.kind = read_word<domain::AlertKind>(row, "kind");
  alert.severity = read_word<domain::Severity>(row, "severity");
  alert.incident = row.get<std::optional<IncidentId>>("incident_id");
  alert.visit = row.get<std::optional<VisitId>>("visit_id");
  alert.summary = row.get<std::string>("summary");
  alert.created_at = row.get<Instant>("created_at");
  return alert;
}

inline domain::Delivery to_delivery(const db::Row& row) {
  domain::Delivery delivery;
  delivery.id = row.get<DeliveryId>("id");
  delivery.alert = row.get<AlertId>("delivery_of");
  delivery.channel = read_word<domain::Channel>(row, "channel");
  delivery.recipient = row.get<std::string>("recipient");
  delivery.state = read_word<domain::DeliveryState>(row, "state");
  delivery.language = read_word<domain::Language>(row, "language");
  delivery.reason = row.get<std::string>("reason");
  delivery.withheld_reason = row.get<std::string>("withheld_reason");
  delivery.attempts = row.get<int>("attempts");
  delivery.due_at = row.get<Instant>("due_at");
  delivery.next_attempt_at = row.get<Instant>("next_attempt_at");
  delivery.sent_at = row.get<std::optional<Instant>>("sent_at");
  delivery.provider_id = row.get<std::string>("provider_id");
  delivery.progress = row.get<std::string>("progress");
  delivery.last_error = row.get<std::string>("last_error");
  delivery.acknowledged_at = row.get<std::optional<Instant>>("acknowledged_at");
  delivery.acknowledged_by = row.get<std::string>("acknowledged_by");
  return delivery;
}

}  // namespace visitor::store
