#include "store/deliveries.hpp"

#include "store/delivery_row.hpp"

namespace visitor::store {
namespace {

using domain::AttemptOutcome;

constexpr auto kHold = R"sql(
    INSERT INTO channel_lease AS l (channel, holder, until)
    SELECT $1, $2, $4
     WHERE may_act()
        ON CONFLICT (channel) DO UPDATE SET holder = EXCLUDED.holder, until = EXCLUDED.until
     WHERE l.holder = EXCLUDED.holder OR l.until <= $3 OR l.holder = ANY($5))sql";

constexpr auto kHolder = R"sql(
    SELECT holder FROM channel_lease WHERE channel = $1 AND until > $2)sql";

constexpr auto kLetGo = R"sql(
    DELETE FROM channel_lease WHERE channel = $1 AND holder = $2)sql";

constexpr auto kClaimants = R"sql(
    SELECT DISTINCT claimed_by FROM delivery WHERE channel = $1 AND state = 'sending' AND claimed_by <> $2)sql";

constexpr auto kTakeUp = R"sql(
    UPDATE delivery
       SET state = 'waiting', claimed_by = NULL, claimed_until = NULL, next_attempt_at = least(next_attempt_at, $2),
           last_error = 'the sender was cut off, and the message may have arrived'
     WHERE channel = $1 AND state = 'sending' AND claimed_by <> $3 AND (claimed_until <= $2 OR claimed_by = ANY($4)))sql";

// The commit of a claim was lost on its way back to us: nothing was sent.
constexpr auto kDropUnused = R"sql(
    WITH back AS (
      UPDATE delivery
         SET state = 'waiting', claimed_by = NULL, claimed_until = NULL, attempts = attempts - 1
       WHERE channel = $1 AND state = 'sending' AND claimed_by = $2 AND id <> ALL($3::bigint[])
   RETURNING id, attempts + 1 AS number)
    DELETE FROM delivery_attempt t
     USING back
     WHERE t.delivery_id = back.id AND t.number = back.number)sql";

// From recipient to recipient along the index, however many rows each of them has.
constexpr auto kCandidates = R"sql(
    WITH RECURSIVE lane(recipient) AS (
      (SELECT recipient FROM delivery WHERE channel = $1 AND state = 'waiting' ORDER BY recipient LIMIT 1)
       UNION ALL
      SELECT (SELECT d.recipient
                FROM delivery d
               WHERE d.channel = $1 AND d.state = 'waiting' AND d.recipient > lane.recipient
               ORDER BY d.recipient
               LIMIT 1)
        FROM lane
       WHERE lane.recipient IS NOT NULL)
    SELECT due.id, lane.recipient, due.next_attempt_at, due.of_recipient
      FROM lane
     CROSS JOIN LATERAL (
           SELECT n.id, n.next_attempt_at, row_number() OVER (ORDER BY n.next_attempt_at, n.id) AS place,
                  count(*) OVER () AS of_recipient
             FROM (SELECT d.id, d.next_attempt_at
                     FROM delivery d
                    WHERE d.channel = $1 AND d.state = 'waiting' AND d.recipient = lane.recipient
                      AND d.next_attempt_at <= $2
                    ORDER BY d.next_attempt_at, d.id
                    LIMIT $5) AS n) AS due
     WHERE due.place <= $3
       AND NOT EXISTS (SELECT 1
                         FROM channel_pause p
                        WHERE p.channel = $1 AND p.recipient IN (lane.recipient, '') AND p.until > $2)
     ORDER BY due.place, due.next_attempt_at, due.id
     LIMIT $4)sql";

constexpr auto kNextDue = R"sql(
    SELECT coalesce((SELECT until FROM channel_pause WHERE channel = $1 AND recipient = '' AND until > $2),
                    least((SELECT min(next_attempt_at)
                             FROM delivery
                            WHERE channel = $1 AND state = 'waiting' AND next_attempt_at > $2),
                          (SELECT min(until) FROM channel_pause WHERE channel = $1 AND until > $2))) AS at)sql";

const std::string kClaim = std::string{R"sql(
    WITH free AS (
      SELECT d.id
        FROM delivery d
       WHERE d.id = $1 AND d.channel = $2 AND d.state = 'waiting' AND d.next_attempt_at <= $4
         AND EXISTS (SELECT 1 FROM channel_lease l WHERE l.channel = $2 AND l.holder = $3 AND l.until > $4)
         FOR UPDATE OF d SKIP LOCKED),
         begun AS (
      UPDATE delivery d
         SET state = 'sending', attempts = d.attempts + 1, claimed_by = $3, claimed_until = $5
        FROM free
       WHERE d.id = free.id
   RETURNING d.*),
         attempt AS (
      INSERT INTO delivery_attempt (delivery_id, number, holder, started_at)
      SELECT id, attempts, $3, $4 FROM begun)
    SELECT)sql"} + kAlertColumns +
                           "," + kDeliveryColumns + R"sql(,
           coalesce((SELECT e.provider_id
                       FROM alert b
                       JOIN delivery e ON e.alert_id = b.id
                      WHERE b.incident_id = a.incident_id AND e.channel = d.channel AND e.recipient = d.recipient
                        AND e.state = 'sent' AND e.provider_id <> ''
                      ORDER BY e.id
                      LIMIT 1), '') AS first_provider_id,
           EXISTS (SELECT 1 FROM delivery_attempt t WHERE t.delivery_id = d.id AND t.outcome = 'unknown')
               AS possibly_repeated
      FROM begun d
      JOIN alert a ON a.id = d.alert_id)sql";

constexpr auto kSettleAttempt = R"sql(
    UPDATE delivery_attempt
       SET outcome = $3, ended_at = $4, provider_id = $5, reason = $6
     WHERE delivery_id = $1 AND number = $2)sql";

constexpr auto kSent = R"sql(
    UPDATE delivery
       SET state = 'sent', sent_at = $2, provider_id = $3, progress = '', last_error = '', claimed_by = NULL,
           claimed_until = NULL
     WHERE id = $1 AND state IN ('waiting', 'sending', 'failed'))sql";

constexpr auto kLater = R"sql(
    UPDATE delivery
       SET state = 'waiting', next_attempt_at = $3, last_error = $4, progress = $5, claimed_by = NULL,
           claimed_until = NULL
     WHERE id = $1 AND state = 'sending' AND claimed_by = $2)sql";

constexpr auto kGaveUp = R"sql(
    UPDATE delivery
       SET state = 'failed', last_error = $3, progress = $4, claimed_by = NULL, claimed_until = NULL
     WHERE id = $1 AND state = 'sending' AND claimed_by = $2)sql";

constexpr auto kPause = R"sql(
    INSERT INTO channel_pause AS p (channel, recipient, until, reason)
    VALUES ($1, $2, $3, $4)
        ON CONFLICT (channel, recipient) DO UPDATE SET until = EXCLUDED.until, reason = EXCLUDED.reason)sql";

constexpr auto kDropMovesOf = R"sql(
    DELETE FROM channel_move WHERE channel = $1 AND recipient = $2)sql";

constexpr auto kMoveOn = R"sql(
    UPDATE channel_move SET moved_to = $3, moved_at = $4 WHERE channel = $1 AND moved_to = $2)sql";

constexpr auto kMove = R"sql(
    INSERT INTO channel_move (channel, recipient, moved_to, moved_at)
    VALUES ($1, $2, $3, $4)
        ON CONFLICT (channel, recipient) DO UPDATE SET moved_to = EXCLUDED.moved_to, moved_at = EXCLUDED.moved_at)sql";

constexpr auto kRename = R"sql(
    UPDATE delivery d
       SET recipient = $3
     WHERE d.channel = $1 AND d.recipient = $2 AND d.state = 'waiting'
       AND NOT EXISTS (SELECT 1
                         FROM delivery e
                        WHERE e.alert_id = d.alert_id AND e.channel = $1 AND e.recipient = $3))sql";

constexpr auto kToldThere = R"sql(
    UPDATE delivery
       SET state = 'withheld', withheld_reason = $3
     WHERE channel = $1 AND recipient = $2 AND state = 'waiting')sql";

constexpr auto kGiveUpUnserved = R"sql(
    UPDATE delivery
       SET state = 'failed', last_error = $3
     WHERE state = 'waiting' AND NOT channel = ANY($1) AND due_at < $2 AND next_attempt_at < $2)sql";

constexpr auto kWake = R"sql(
    SELECT pg_notify($1, ''))sql";

}  // namespace

bool Deliveries::hold(Instant now, std::chrono::milliseconds lasts, std::span<const std::string> dead) {
  return tx_.exec(kHold, domain::name(channel_), holder_, now, now + lasts, dead) == 1;
}

std::optional<std::string> Deliveries::holder(Instant now) {
  const auto row = tx_.maybe_row(kHolder, domain::name(channel_), now);
  if (!row) return std::nullopt;
  return row->get<std::string>("holder");
}

void Deliveries::let_go() {
  tx_.exec(kLetGo, domain::name(channel_), holder_);
}

std::vector<std::string> Deliveries::claimants() {
  std::vector<std::string> all;
  for (const auto& row : tx_.rows(kClaimants, domain::name(channel_), holder_))
    all.push_back(row.get<std::string>("claimed_by"));
  return all;
}

void Deliveries::take_up(Instant now, std::span<const std::string> dead, std::span<const DeliveryId> in_hand) {
  tx_.exec(kTakeUp, domain::name(channel_), now, holder_, dead);
  tx_.exec(kDropUnused, domain::name(channel_), holder_, in_hand);
}

std::vector<Candidate> Deliveries::candidates(Instant now, const CandidateLimits& limits) {
  std::vector<Candidate> all;
  for (const auto& row :
       tx_.rows(kCandidates, domain::name(channel_), now, limits.per_recipient, limits.all, limits.counted))
    all.push_back({row.get<DeliveryId>("id"), row.get<std::string>("recipient"), row.get<Instant>("next_attempt_at"),
                   static_cast<std::size_t>(row.get<std::int64_t>("of_recipient"))});
  return all;
}

std::optional<Instant> Deliveries::next_due(Instant now) {
  return tx_.row(kNextDue, domain::name(channel_), now).get<std::optional<Instant>>("at");
}

std::optional<Claim> Deliveries::claim(DeliveryId id, Instant now, std::chrono::milliseconds lasts) {
  const auto row = tx_.maybe_row(kClaim, id, domain::name(channel_), holder_, now, now + lasts);
  if (!row) return std::nullopt;
  Claim claim;
  claim.due = {to_delivery(*row), to_alert(*row), row->get<std::string>("first_provider_id"),
               row->get<bool>("possibly_repeated")};
  claim.attempt = claim.due.delivery.attempts;
  return claim;
}

void Deliveries::settle(const Settlement& settlement, Instant now) {
  tx_.exec(kSettleAttempt, settlement.delivery, settlement.attempt, domain::name(settlement.outcome), now,
           settlement.provider_id, settlement.reason);
  if (settlement.outcome == AttemptOutcome::sent)
    tx_.exec(kSent, settlement.delivery, now, settlement.provider_id);
  else if (settlement.give_up)
    tx_.exec(kGaveUp, settlement.delivery, holder_, settlement.reason, settlement.progress);
  else
    tx_.exec(kLater, settlement.delivery, holder_, settlement.next_attempt_at, settlement.reason, settlement.progress);
}

void Deliveries::pause(const std::string& recipient, Instant until, const std::string& reason) {
  tx_.exec(kPause, domain::name(channel_), recipient, until, reason);
}

void Deliveries::move(const std::string& recipient, const std::string& moved_to, Instant now) {
  if (moved_to.empty() || moved_to == recipient) return;
  const auto channel = domain::name(channel_);
  tx_.exec(kDropMovesOf, channel, moved_to);
  tx_.exec(kMoveOn, channel, recipient, moved_to, now);
  tx_.exec(kMove, channel, recipient, moved_to, now);
  tx_.exec(kRename, channel, recipient, moved_to);
  tx_.exec(kToldThere, channel, recipient, "told at the new address, " + moved_to);
}

std::int64_t give_up_unserved(db::Transaction& tx, std::span<const domain::Channel> served, Instant due_before,
                              const std::string& reason) {
  return tx.exec(kGiveUpUnserved, words(std::vector<domain::Channel>{served.begin(), served.end()}), due_before,
                 reason);
}

void wake_senders(db::Transaction& tx) {
  tx.exec(kWake, kDeliveryChannel);
}

}  // namespace visitor::store
