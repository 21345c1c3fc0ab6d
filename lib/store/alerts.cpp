#include "store/alerts.hpp"

#include <algorithm>

#include "domain/language.hpp"
#include "store/deliveries.hpp"
#include "store/delivery_row.hpp"
#include "store/scoped.hpp"

namespace visitor::store {
namespace {

constexpr auto kQueue = R"sql(
    INSERT INTO alert (kind, severity, incident_id, visit_id, summary, created_at)
    VALUES ($1, $2, $3, $4, $5, $6)
 RETURNING id)sql";

constexpr auto kDeliver = R"sql(
    INSERT INTO delivery (alert_id, channel, recipient, state, language, reason, withheld_reason, due_at,
                          next_attempt_at)
    SELECT DISTINCT ON (n.channel, coalesce(m.moved_to, n.recipient)) $1, n.channel, coalesce(m.moved_to, n.recipient),
           CASE n.withheld WHEN '' THEN 'waiting' ELSE 'withheld' END, n.language, n.reason, n.withheld, n.due_at,
           n.due_at
      FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
           WITH ORDINALITY AS n(channel, recipient, language, reason, withheld, due_at, position)
      LEFT JOIN channel_move m USING (channel, recipient)
     ORDER BY n.channel, coalesce(m.moved_to, n.recipient), n.position)sql";

constexpr auto kWithhold = R"sql(
    UPDATE delivery
       SET state = 'withheld', withheld_reason = $2
     WHERE id = $1 AND state = 'waiting')sql";

// What tells several together counts where it tells of nothing else.
constexpr auto kAcknowledgeAll = R"sql(
      WITH seen AS (UPDATE delivery
                       SET acknowledged_at = $2, acknowledged_by = $3
                     WHERE alert_id = ANY($1) AND state = 'sent' AND acknowledged_at IS NULL
                 RETURNING alert_id)
    SELECT DISTINCT alert_id FROM seen ORDER BY alert_id)sql";

constexpr auto kAcknowledge = R"sql(
    UPDATE delivery d
       SET acknowledged_at = $4, acknowledged_by = $5
     WHERE d.channel = $2 AND d.state = 'sent' AND d.acknowledged_at IS NULL
       AND (d.recipient = $3 OR EXISTS (SELECT FROM channel_move m
                                         WHERE m.channel = $2 AND m.recipient = d.recipient AND m.moved_to = $3))
       AND d.alert_id IN (SELECT a.id FROM alert a WHERE a.incident_id = $1
                           UNION
                          SELECT t.told_by
                            FROM delivery t
                            JOIN alert a ON a.id = t.alert_id
                           WHERE a.incident_id = $1 AND t.told_by IS NOT NULL)
       AND NOT EXISTS (SELECT
                         FROM delivery t
                         JOIN alert a ON a.id = t.alert_id
                        WHERE t.told_by = d.alert_id AND t.channel = d.channel AND t.recipient = d.recipient
                          AND a.incident_id IS DISTINCT FROM $1))sql";

const std::string kRetry = std::string{R"sql(
    WITH again AS (
      UPDATE delivery
         SET state = 'waiting', withheld_reason = '', due_at = $2, next_attempt_at = $2
       WHERE id = ANY($1) AND state IN ('failed', 'withheld')
   RETURNING *)
    SELECT)sql"} + kDeliveryColumns +
                           R"sql(
      FROM again d
     ORDER BY d.id)sql";

constexpr auto kOutbox = R"sql(
    SELECT channel, count(*) FILTER (WHERE state <> 'failed') AS waiting,
           count(*) FILTER (WHERE state = 'failed') AS failed,
           min(due_at) FILTER (WHERE state <> 'failed' AND due_at <= $1) AS oldest
      FROM delivery
     WHERE state IN ('waiting', 'sending', 'failed')
     GROUP BY channel)sql";

const std::string kAlert = std::string{"    SELECT"} + kAlertColumns + R"sql(
      FROM alert a
     WHERE a.id = $1)sql" + alert_in_scope(2);

const std::string kDeliveries = std::string{"    SELECT"} + kDeliveryColumns + R"sql(
      FROM delivery d
     WHERE d.alert_id = $1
     ORDER BY d.id)sql";

constexpr auto kAttempts = R"sql(
    SELECT t.delivery_id, t.number, t.holder, t.started_at, t.ended_at, t.outcome, t.provider_id, t.reason
      FROM delivery_attempt t
      JOIN delivery d ON d.id = t.delivery_id
     WHERE d.alert_id = $1
     ORDER BY t.delivery_id, t.number)sql";

const std::string kList = std::string{R"sql(
    WITH listed AS (
      SELECT a.*
        FROM alert a
       WHERE ($1::bigint IS NULL OR a.incident_id = $1)
         AND ($2::timestamptz IS NULL OR a.created_at >= $2)
         AND ($3::timestamptz IS NULL OR a.created_at < $3)
         AND ($10::bigint IS NULL OR a.id < $10)
         AND (cardinality($4::text[]) + cardinality($5::text[]) = 0
              OR EXISTS (SELECT 1
                           FROM delivery d
                          WHERE d.alert_id = a.id
                            AND (cardinality($4::text[]) = 0 OR d.state = ANY($4))
                            AND (cardinality($5::text[]) = 0 OR d.channel = ANY($5)))))sql"} +
                          alert_in_scope(7) + R"sql(
       ORDER BY a.id DESC
       LIMIT $6)
    SELECT)sql" + kAlertColumns +
                          "," + kDeliveryColumns + R"sql(
      FROM listed a
      LEFT JOIN delivery d ON d.alert_id = a.id AND (cardinality($4::text[]) = 0 OR d.state = ANY($4))
                          AND (cardinality($5::text[]) = 0 OR d.channel = ANY($5))
     ORDER BY a.id DESC, d.id)sql";

const std::string kFailed = R"sql(
    SELECT d.id
      FROM delivery d
      JOIN alert a ON a.id = d.alert_id
     WHERE d.state = 'failed')sql" +
                            alert_in_scope(2) + R"sql(
     ORDER BY d.id
     LIMIT $1)sql";

const std::string kOf = std::string{"    SELECT"} + kAlertColumns + "," + kDeliveryColumns + R"sql(
      FROM delivery d
      JOIN alert a ON a.id = d.alert_id
     WHERE a.incident_id = $1)sql" +
                        alert_in_scope(2) + R"sql(
     ORDER BY d.id)sql";

const std::string kAbout = std::string{"    SELECT"} + kAlertColumns + "," + kDeliveryColumns + R"sql(
      FROM alert a
      LEFT JOIN delivery d ON d.alert_id = a.id
     WHERE (a.visit_id = $1 OR a.incident_id = ANY($2)))sql" +
                           alert_in_scope(3) + R"sql(
     ORDER BY a.id, d.id)sql";

// What became known late is never told as if it were live, and needs no alert.
constexpr auto kLost = R"sql(
    SELECT *
      FROM (SELECT 'incident_untold' AS what, i.id AS incident_id, NULL::bigint AS alert_id, NULL::bigint AS delivery_id,
                   NULL AS channel, '' AS recipient, i.detected_at AS since, '' AS last_error
              FROM incident i
             WHERE NOT i.late AND NOT EXISTS (SELECT 1 FROM alert a WHERE a.incident_id = i.id)
             UNION ALL
            SELECT 'alert_unaddressed', a.incident_id, a.id, NULL, NULL, '', a.created_at, ''
              FROM alert a
             WHERE (a.route_at IS NULL OR a.route_at <= $2)
               AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.alert_id = a.id)
             UNION ALL
            SELECT 'overdue', a.incident_id, a.id, d.id, d.channel, d.recipient, d.due_at, d.last_error
              FROM delivery d
              JOIN alert a ON a.id = d.alert_id
             WHERE d.state = 'waiting' AND d.due_at <= $2
             UNION ALL
            SELECT 'stuck', a.incident_id, a.id, d.id, d.channel, d.recipient, d.claimed_until, d.last_error
              FROM delivery d
              JOIN alert a ON a.id = d.alert_id
             WHERE d.state = 'sending' AND d.claimed_until <= $1) AS lost
     ORDER BY since, incident_id, alert_id, delivery_id
     LIMIT $3)sql";

constexpr auto kCanaries = R"sql(
    SELECT d.channel, coalesce(max(d.sent_at), min(d.due_at)) AS since
      FROM alert a
      JOIN delivery d ON d.alert_id = a.id
     WHERE a.kind = 'canary'
     GROUP BY d.channel
     ORDER BY d.channel)sql";

domain::Attempt to_attempt(const db::Row& row) {
  domain::Attempt attempt;
  attempt.delivery = row.get<DeliveryId>("delivery_id");
  attempt.number = row.get<int>("number");
  attempt.holder = row.get<std::string>("holder");
  attempt.started_at = row.get<Instant>("started_at");
  attempt.ended_at = row.get<std::optional<Instant>>("ended_at");
  attempt.outcome = read_word<domain::AttemptOutcome>(row, "outcome");
  attempt.provider_id = row.get<std::string>("provider_id");
  attempt.reason = row.get<std::string>("reason");
  return attempt;
}

std::vector<AlertSent> to_alerts(const db::Rows& rows) {
  std::vector<AlertSent> alerts;
  for (const auto& row : rows) {
    if (auto alert = to_alert(row); alerts.empty() || alerts.back().alert.id != alert.id)
      alerts.push_back({std::move(alert), {}});
    if (!row.is_null("id")) alerts.back().deliveries.push_back(to_delivery(row));
  }
  return alerts;
}

Lost::What to_what(std::string_view word) {
  if (word == "incident_untold") return Lost::What::incident_untold;
  if (word == "alert_unaddressed") return Lost::What::alert_unaddressed;
  return word == "stuck" ? Lost::What::stuck : Lost::What::overdue;
}

}  // namespace

AlertId Alerts::queue(const domain::Alert& alert, std::span<const Address> addresses) {
  const auto id = tx_.row(kQueue, domain::name(alert.kind), domain::name(alert.severity), alert.incident, alert.visit,
                          alert.summary, alert.created_at)
                      .get<AlertId>("id");
  if (addresses.empty()) return id;
  std::vector<std::string_view> channels, recipients, languages, reasons, withheld;
  std::vector<Instant> due;
  for (const auto& address : addresses) {
    channels.push_back(domain::name(address.channel));
    recipients.push_back(address.recipient);
    languages.push_back(domain::name(address.language));
    reasons.push_back(address.reason);
    withheld.push_back(address.withheld);
    due.push_back(std::max(alert.created_at, address.not_before.value_or(alert.created_at)));
  }
  tx_.exec(kDeliver, id, channels, recipients, languages, reasons, withheld, due);
  return id;
}

bool Alerts::withhold(DeliveryId id, const std::string& why) {
  return tx_.exec(kWithhold, id, why) == 1;
}

std::int64_t Alerts::acknowledge(IncidentId incident, domain::Channel channel, const std::string& recipient,
                                 Instant now, const std::string& by) {
  return tx_.exec(kAcknowledge, incident, domain::name(channel), recipient, now, by);
}

std::vector<AlertId> Alerts::acknowledge(std::span<const AlertId> ids, Instant now, const std::string& by) {
  std::vector<AlertId> seen;
  for (const auto& row : tx_.rows(kAcknowledgeAll, ids, now, by)) seen.push_back(row.get<AlertId>("alert_id"));
  return seen;
}

std::vector<domain::Delivery> Alerts::retry(std::span<const DeliveryId> ids, Instant now) {
  std::vector<domain::Delivery> again;
  for (const auto& row : tx_.rows(kRetry, ids, now)) again.push_back(to_delivery(row));
  if (!again.empty()) wake_senders(tx_);
  return again;
}

Outbox Alerts::outbox(Instant now) {
  Outbox outbox;
  for (const auto& row : domain::names<domain::Channel>()) outbox.channels.push_back({row.value, 0, 0, {}});
  for (const auto& row : tx_.rows(kOutbox, now)) {
    auto& channel = outbox.channels.at(static_cast<std::size_t>(read_word<domain::Channel>(row, "channel")));
    channel.waiting = row.get<std::int64_t>("waiting");
    channel.failed = row.get<std::int64_t>("failed");
    channel.oldest = row.get<std::optional<Instant>>("oldest");
    outbox.waiting += channel.waiting;
    outbox.failed += channel.failed;
    if (channel.oldest && (!outbox.oldest || *channel.oldest < *outbox.oldest)) outbox.oldest = channel.oldest;
  }
  return outbox;
}

std::optional<AlertLedger> Alerts::find(AlertId id) {
  const auto row = tx_.maybe_row(kAlert, id, scope_.sites(), scope_.departments(), scope_.hosts());
  if (!row) return std::nullopt;
  AlertLedger ledger;
  ledger.alert = to_alert(*row);
  for (const auto& delivery : tx_.rows(kDeliveries, id)) ledger.deliveries.push_back(to_delivery(delivery));
  for (const auto& attempt : tx_.rows(kAttempts, id)) ledger.attempts.push_back(to_attempt(attempt));
  return ledger;
}

std::vector<AlertSent> Alerts::list(const AlertFilter& filter) {
  return to_alerts(tx_.rows(kList, filter.incident, filter.since, filter.until, words(filter.states),
                            words(filter.channels), filter.limit, scope_.sites(), scope_.departments(), scope_.hosts(),
                            filter.before));
}

std::vector<DeliveryId> Alerts::failed(int limit) {
  std::vector<DeliveryId> ids;
  for (const auto& row : tx_.rows(kFailed, limit, scope_.sites(), scope_.departments(), scope_.hosts()))
    ids.push_back(row.get<DeliveryId>("id"));
  return ids;
}

std::vector<DueDelivery> Alerts::of(IncidentId incident) {
  std::vector<DueDelivery> all;
  for (const auto& row : tx_.rows(kOf, incident, scope_.sites(), scope_.departments(), scope_.hosts()))
    all.push_back({to_delivery(row), to_alert(row)});
  return all;
}

std::vector<AlertSent> Alerts::about(std::optional<VisitId> visit, std::span<const IncidentId> incidents) {
  return to_alerts(tx_.rows(kAbout, visit, incidents, scope_.sites(), scope_.departments(), scope_.hosts()));
}

std::vector<Lost> Alerts::lost(Instant now, std::chrono::seconds late_after, int limit) {
  std::vector<Lost> all;
  for (const auto& row : tx_.rows(kLost, now, now - late_after, limit))
    all.push_back({to_what(row.get<std::string>("what")), row.get<std::optional<IncidentId>>("incident_id"),
                   row.get<std::optional<AlertId>>("alert_id"), row.get<std::optional<DeliveryId>>("delivery_id"),
                   read_maybe_word<domain::Channel>(row, "channel"), row.get<std::string>("recipient"),
                   row.get<Instant>("since"), row.get<std::string>("last_error")});
  return all;
}

std::vector<std::pair<domain::Channel, Instant>> Alerts::canaries() {
  std::vector<std::pair<domain::Channel, Instant>> all;
  for (const auto& row : tx_.rows(kCanaries))
    all.emplace_back(read_word<domain::Channel>(row, "channel"), row.get<Instant>("since"));
  return all;
}

}  // namespace visitor::store
