#include "store/alerts.hpp"

#include "store/words.hpp"

namespace visitor::store {
namespace {

constexpr auto kQueue = R"sql(
    INSERT INTO alert (kind, severity, incident_id, visit_id, summary, created_at)
    VALUES ($1, $2, $3, $4, $5, $6)
 RETURNING id)sql";

constexpr auto kDeliver = R"sql(
    INSERT INTO delivery (alert_id, channel, recipient, next_attempt_at)
    SELECT $1, n.channel, n.recipient, $2
      FROM unnest($3::text[], $4::text[]) AS n(channel, recipient)
        ON CONFLICT (alert_id, channel, recipient) DO NOTHING)sql";

constexpr auto kClaim = R"sql(
    SELECT d.id, d.alert_id, d.channel, d.recipient, d.state, d.attempts, d.next_attempt_at, d.sent_at, d.last_error,
           a.kind, a.severity, a.incident_id, a.visit_id, a.summary, a.created_at
      FROM delivery d
      JOIN alert a ON a.id = d.alert_id
     WHERE d.state = 'waiting' AND d.next_attempt_at <= $1
     ORDER BY d.next_attempt_at, d.id
     LIMIT $2
       FOR UPDATE OF d SKIP LOCKED)sql";

constexpr auto kOf = R"sql(
    SELECT d.id, d.alert_id, d.channel, d.recipient, d.state, d.attempts, d.next_attempt_at, d.sent_at, d.last_error,
           a.kind, a.severity, a.incident_id, a.visit_id, a.summary, a.created_at
      FROM delivery d
      JOIN alert a ON a.id = d.alert_id
     WHERE a.incident_id = $1
     ORDER BY d.id)sql";

constexpr auto kAbout = R"sql(
    SELECT a.id AS alert_id, a.kind, a.severity, a.incident_id, a.visit_id, a.summary, a.created_at, d.id, d.channel,
           d.recipient, d.state, d.attempts, d.next_attempt_at, d.sent_at, d.last_error
      FROM alert a
      LEFT JOIN delivery d ON d.alert_id = a.id
     WHERE a.visit_id = $1 OR a.incident_id = ANY($2)
     ORDER BY a.id, d.id)sql";

constexpr auto kSent = R"sql(
    UPDATE delivery
       SET state = 'sent', sent_at = $2, provider_id = $3, attempts = attempts + 1, last_error = ''
     WHERE id = $1)sql";

constexpr auto kDeferred = R"sql(
    UPDATE delivery
       SET next_attempt_at = $2, attempts = attempts + 1, last_error = $3
     WHERE id = $1)sql";

constexpr auto kFailed = R"sql(
    UPDATE delivery
       SET state = 'failed', attempts = attempts + 1, last_error = $2
     WHERE id = $1)sql";

constexpr auto kOutbox = R"sql(
    SELECT count(*) FILTER (WHERE d.state = 'waiting') AS waiting,
           count(*) FILTER (WHERE d.state = 'failed') AS failed,
           min(a.created_at) FILTER (WHERE d.state = 'waiting') AS oldest
      FROM delivery d
      JOIN alert a ON a.id = d.alert_id
     WHERE d.state IN ('waiting', 'failed'))sql";

domain::Delivery to_delivery(const db::Row& row) {
  domain::Delivery delivery;
  delivery.id = row.get<DeliveryId>("id");
  delivery.alert = row.get<AlertId>("alert_id");
  delivery.channel = read_word<domain::Channel>(row, "channel");
  delivery.recipient = row.get<std::string>("recipient");
  delivery.state = read_word<domain::DeliveryState>(row, "state");
  delivery.attempts = row.get<int>("attempts");
  delivery.next_attempt_at = row.get<Instant>("next_attempt_at");
  delivery.sent_at = row.get<std::optional<Instant>>("sent_at");
  delivery.last_error = row.get<std::string>("last_error");
  return delivery;
}

domain::Alert to_alert(const db::Row& row) {
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

DueDelivery to_due(const db::Row& row) {
  return {to_delivery(row), to_alert(row)};
}

std::vector<DueDelivery> to_due(const db::Rows& rows) {
  std::vector<DueDelivery> due;
  due.reserve(rows.size());
  for (const auto& row : rows) due.push_back(to_due(row));
  return due;
}

}  // namespace

AlertId Alerts::queue(const domain::Alert& alert, std::span<const Address> addresses) {
  const auto id = tx_.row(kQueue, domain::name(alert.kind), domain::name(alert.severity), alert.incident, alert.visit,
                          alert.summary, alert.created_at)
                      .get<AlertId>("id");
  std::vector<std::string_view> channels;
  std::vector<std::string_view> recipients;
  for (const auto& address : addresses) {
    channels.push_back(domain::name(address.channel));
    recipients.push_back(address.recipient);
  }
  if (!channels.empty()) tx_.exec(kDeliver, id, alert.created_at, channels, recipients);
  return id;
}

std::vector<DueDelivery> Alerts::claim_due(Instant now, int limit) {
  return to_due(tx_.rows(kClaim, now, limit));
}

void Alerts::mark_sent(DeliveryId id, Instant now, const std::string& provider_id) {
  tx_.exec(kSent, id, now, provider_id);
}

void Alerts::mark_deferred(DeliveryId id, Instant next_attempt_at, const std::string& error) {
  tx_.exec(kDeferred, id, next_attempt_at, error);
}

void Alerts::mark_failed(DeliveryId id, const std::string& error) {
  tx_.exec(kFailed, id, error);
}

Outbox Alerts::outbox() {
  const auto row = tx_.row(kOutbox);
  return {row.get<std::int64_t>("waiting"), row.get<std::int64_t>("failed"), row.get<std::optional<Instant>>("oldest")};
}

std::vector<DueDelivery> Alerts::of(IncidentId incident) {
  return to_due(tx_.rows(kOf, incident));
}

std::vector<AlertSent> Alerts::about(std::optional<VisitId> visit, std::span<const IncidentId> incidents) {
  std::vector<AlertSent> alerts;
  for (const auto& row : tx_.rows(kAbout, visit, incidents)) {
    if (const auto alert = to_alert(row); alerts.empty() || alerts.back().alert.id != alert.id)
      alerts.push_back({alert, {}});
    if (!row.is_null("id")) alerts.back().deliveries.push_back(to_delivery(row));
  }
  return alerts;
}

}  // namespace visitor::store
