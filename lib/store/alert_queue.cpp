#include "store/alert_queue.hpp"

#include "store/incident_row.hpp"
#include "store/words.hpp"

namespace visitor::store {
namespace {

using std::string;

constexpr auto kQueue = R"sql(
    INSERT INTO alert (kind, severity, incident_id, visit_id, site_id, summary, details, once_key, created_at, route_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb, NULLIF($8, ''), $9, $10)
        ON CONFLICT (once_key) DO NOTHING)sql";

constexpr auto kMake = R"sql(
    INSERT INTO alert (kind, severity, incident_id, visit_id, site_id, summary, details, once_key, created_at, follows)
    VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb, NULLIF($8, ''), $9, $10)
        ON CONFLICT (once_key) DO NOTHING
 RETURNING id)sql";

constexpr auto kGuestNews = R"sql(
    INSERT INTO alert (kind, severity, visit_id, site_id, summary, once_key, created_at, route_at)
    SELECT n.kind, 'low', v.id, v.site_id,
           CASE n.kind WHEN 'guest_arrived' THEN 'A guest has come.'
                       WHEN 'guest_left' THEN 'A guest has left.'
                       ELSE 'A guest did not come.' END,
           n.kind || '/visit:' || v.id, $4, $4
      FROM unnest($1::text[], $2::bigint[]) AS n(kind, visit_id)
      JOIN visit v ON v.id = n.visit_id
      LEFT JOIN host h ON h.id = v.host_id
     WHERE $3 OR h.email <> '' OR h.chat_id <> ''
        ON CONFLICT (once_key) DO NOTHING)sql";

// A terminal that is out of reach has drifted and lost events as far as one can see; that is not news of its own.
const string kFacts = R"sql(
    SELECT a.id, a.kind, a.severity, a.created_at, a.details::text AS details, i.id AS incident_id, i.type, coalesce(i.late, false) AS late,
           coalesce(i.status <> 'new' OR i.assigned_to IS NOT NULL, false) AS acknowledged,
           s.id AS site_id, coalesce(s.name, '') AS site_name, coalesce(s.time_zone, 'UTC') AS time_zone,
           v.department_id, coalesce(d.name, '') AS department_name, coalesce(i.guest_id, v.guest_id) AS guest_id,
           i.terminal_id, coalesce(h.email, '') AS host_email, coalesce(h.chat_id, '') AS host_chat,
           (SELECT o.id
              FROM incident o
              JOIN terminal t ON t.id = o.terminal_id AND t.enabled AND t.failures > 0
             WHERE i.type IN ('event_gap', 'clock_drift') AND i.status IN ('new', 'investigating')
               AND o.dedupe_key = 'terminal_offline/terminal:' || i.terminal_id
               AND o.status IN ('new', 'investigating')) AS waits_for)sql";

const string kJoins = R"sql(
      LEFT JOIN visit v ON v.id = coalesce(a.visit_id, i.visit_id)
      LEFT JOIN site s ON s.id = coalesce(a.site_id, i.site_id, v.site_id)
      LEFT JOIN department d ON d.id = v.department_id
      LEFT JOIN host h ON h.id = v.host_id AND a.kind IN ('guest_arrived', 'guest_left', 'guest_no_show'))sql";

const string kDue = kFacts + R"sql(
      FROM alert a
      LEFT JOIN incident i ON i.id = a.incident_id)sql" +
                    kJoins + R"sql(
     WHERE a.route_at <= $1
     ORDER BY a.route_at, a.id
     LIMIT $2)sql";

const string kFind = kFacts + R"sql(
      FROM alert a
      LEFT JOIN incident i ON i.id = a.incident_id)sql" +
                     kJoins + R"sql(
     WHERE a.id = $1)sql";

const string kRecent = kFacts + R"sql(
      FROM alert a
      JOIN incident i ON i.id = a.incident_id)sql" +
                       kJoins + R"sql(
     WHERE a.created_at >= $1
     ORDER BY a.created_at DESC, a.id DESC
     LIMIT $2)sql";

const string kOfIncident = kFacts + R"sql(
      FROM incident i
     CROSS JOIN LATERAL (SELECT 0::bigint AS id, 'incident_opened' AS kind, i.severity, '{}'::jsonb AS details,
                                i.visit_id, i.site_id, i.detected_at AS created_at) AS a)sql" +
                           kJoins + R"sql(
     WHERE i.id = $1)sql";

constexpr auto kTold = R"sql(
    SELECT DISTINCT ON (a.incident_id, d.channel, d.recipient) a.incident_id, d.channel, d.recipient, d.language, d.route,
           CASE WHEN d.state = 'waiting' AND d.attempts = 0 THEN a.id END AS waiting
      FROM alert a
      JOIN delivery d ON d.alert_id = a.id
     WHERE a.incident_id = ANY($1) AND a.kind IN ('incident_opened', 'incident_escalated')
       AND d.state IN ('waiting', 'sending', 'sent')
     ORDER BY a.incident_id, d.channel, d.recipient, d.id DESC)sql";

// What is five minutes old and was addressed just now had been put off, and is rare.
constexpr auto kLastMinute = R"sql(
    SELECT d.channel, d.recipient, count(*)::integer AS count
      FROM alert a
      JOIN delivery d ON d.alert_id = a.id
     WHERE a.created_at > $1::timestamptz - interval '5 minutes' AND a.kind <> 'storm'
       AND d.channel IN ('telegram', 'email')
       AND d.due_at > $1::timestamptz - interval '1 minute' AND d.due_at <= $1
       AND (d.state <> 'withheld' OR d.told_by IS NOT NULL)
     GROUP BY d.channel, d.recipient)sql";

// Locked, so that what is open now stays open until this transaction has decided what it tells.
constexpr auto kGatherings = R"sql(
    SELECT a.id, a.follows, a.details->>'why' AS why, coalesce(a.details->>'recipient', '') AS name, d.route, d.channel,
           d.recipient, d.language, d.due_at, d.state = 'waiting' AND d.attempts = 0 AS open
      FROM alert a
      JOIN delivery d ON d.alert_id = a.id
     WHERE a.kind = 'storm' AND a.created_at > $1::timestamptz - interval '2 days'
       AND (d.state = 'waiting' OR d.due_at > $2)
     ORDER BY d.due_at, a.id
       FOR UPDATE OF d)sql";

constexpr auto kLastOfRoute = R"sql(
    SELECT route, channel, recipient, max(due_at) AS last
      FROM delivery
     WHERE route = ANY($1) AND state <> 'withheld' AND due_at > $2::timestamptz - interval '1 day'
     GROUP BY route, channel, recipient)sql";

constexpr auto kMoves = R"sql(
    SELECT channel, recipient, moved_to FROM channel_move)sql";

constexpr auto kAdd = R"sql(
    INSERT INTO delivery (alert_id, channel, recipient, language, reason, state, withheld_reason, due_at, next_attempt_at,
                          told_by, route)
    SELECT n.alert_id, n.channel, n.recipient, n.language, n.reason,
           CASE n.withheld WHEN '' THEN 'waiting' ELSE 'withheld' END, n.withheld, n.due_at, n.due_at,
           NULLIF(n.told_by, 0), n.route
      FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
                  $8::bigint[], $9::text[])
           AS n(alert_id, channel, recipient, language, reason, withheld, due_at, told_by, route)
        ON CONFLICT (alert_id, channel, recipient) DO NOTHING)sql";

constexpr auto kSettle = R"sql(
    UPDATE alert SET route_at = NULL WHERE id = ANY($1))sql";

constexpr auto kPostpone = R"sql(
    UPDATE alert SET route_at = $2 WHERE id = ANY($1))sql";

constexpr auto kUnanswered = R"sql(
    SELECT 0::bigint AS id, 'incident_escalated' AS kind, i.severity, i.detected_at AS created_at, '{}' AS details, i.id AS incident_id, i.type,
           i.late, false AS acknowledged, s.id AS site_id, coalesce(s.name, '') AS site_name,
           coalesce(s.time_zone, 'UTC') AS time_zone, v.department_id, coalesce(d.name, '') AS department_name,
           i.guest_id, i.terminal_id, '' AS host_email, '' AS host_chat, NULL::bigint AS waits_for, i.summary, i.visit_id,
           o.since, o.times
      FROM incident i
     CROSS JOIN LATERAL (SELECT max(y.at) AS since, count(*)::integer AS times
                           FROM incident_history y
                          WHERE y.incident_id = i.id AND y.what IN ('opened', 'reopened')) AS o
      LEFT JOIN visit v ON v.id = i.visit_id
      LEFT JOIN site s ON s.id = coalesce(i.site_id, v.site_id)
      LEFT JOIN department d ON d.id = v.department_id
     WHERE i.status = 'new' AND i.assigned_to IS NULL AND NOT i.late AND o.since > $1 AND o.since <= $2
     ORDER BY i.id
     LIMIT $3)sql";

constexpr auto kUnrepeated = R"sql(
    SELECT i.*, t.route, t.last, t.told
      FROM incident i
      JOIN (SELECT a.incident_id, d.route, max(d.due_at) AS last, count(DISTINCT a.id)::integer AS told
              FROM alert a
              JOIN delivery d ON d.alert_id = a.id
              JOIN incident n ON n.id = a.incident_id AND n.status = 'new' AND n.assigned_to IS NULL
             WHERE a.kind = 'incident_opened' AND d.route = ANY($1)
             GROUP BY a.incident_id, d.route) AS t ON t.incident_id = i.id
     ORDER BY i.id
     LIMIT $2)sql";

domain::AlertFacts to_facts(const db::Row& row) {
  domain::AlertFacts facts;
  facts.id = row.get<AlertId>("id");
  facts.kind = read_word<domain::AlertKind>(row, "kind");
  facts.severity = read_word<domain::Severity>(row, "severity");
  facts.created_at = row.get<Instant>("created_at");
  facts.incident = row.get<std::optional<IncidentId>>("incident_id");
  facts.type = read_maybe_word<domain::IncidentType>(row, "type");
  facts.late = row.get<bool>("late");
  facts.acknowledged = row.get<bool>("acknowledged");
  facts.site = row.get<std::optional<SiteId>>("site_id");
  facts.site_name = row.get<string>("site_name");
  facts.zone = Zone::named(row.get<string>("time_zone"));
  facts.department = row.get<std::optional<DepartmentId>>("department_id");
  facts.department_name = row.get<string>("department_name");
  facts.guest = row.get<std::optional<GuestId>>("guest_id");
  facts.terminal = row.get<std::optional<TerminalId>>("terminal_id");
  return facts;
}

UnroutedAlert to_unrouted(const db::Row& row) {
  return {to_facts(row), row.get<string>("details"), row.get<string>("host_email"), row.get<string>("host_chat"),
          row.get<std::optional<IncidentId>>("waits_for")};
}

std::vector<UnroutedAlert> to_unrouted(const db::Rows& rows) {
  std::vector<UnroutedAlert> alerts;
  alerts.reserve(rows.size());
  for (const auto& row : rows) alerts.push_back(to_unrouted(row));
  return alerts;
}

domain::Place to_place(const db::Row& row) {
  return {read_word<domain::Channel>(row, "channel"), row.get<string>("recipient")};
}

}  // namespace

void AlertQueue::queue(const QueuedAlert& queued, Instant route_at) {
  const auto& alert = queued.alert;
  tx_.later(kQueue, domain::name(alert.kind), domain::name(alert.severity), alert.incident, alert.visit, queued.site,
            alert.summary, queued.details, queued.once_key, alert.created_at, route_at);
}

void AlertQueue::queue(std::span<const GuestNews> news, bool always, Instant now) {
  std::vector<std::string_view> kinds;
  std::vector<VisitId> visits;
  for (const auto& one : news) {
    kinds.push_back(domain::name(one.kind));
    visits.push_back(one.visit);
  }
  tx_.later(kGuestNews, kinds, visits, always, now);
}

std::optional<AlertId> AlertQueue::make(const QueuedAlert& queued, std::optional<AlertId> follows) {
  const auto& alert = queued.alert;
  const auto row =
      tx_.maybe_row(kMake, domain::name(alert.kind), domain::name(alert.severity), alert.incident, alert.visit,
                    queued.site, alert.summary, queued.details, queued.once_key, alert.created_at, follows);
  return row ? std::optional{row->get<AlertId>("id")} : std::nullopt;
}

std::vector<UnroutedAlert> AlertQueue::due(Instant now, int limit) {
  return to_unrouted(tx_.rows(kDue, now, limit));
}

std::optional<UnroutedAlert> AlertQueue::find(AlertId id) {
  const auto row = tx_.maybe_row(kFind, id);
  return row ? std::optional{to_unrouted(*row)} : std::nullopt;
}

std::optional<UnroutedAlert> AlertQueue::of_incident(IncidentId id) {
  const auto row = tx_.maybe_row(kOfIncident, id);
  return row ? std::optional{to_unrouted(*row)} : std::nullopt;
}

std::vector<UnroutedAlert> AlertQueue::recent(Instant since, int limit) {
  return to_unrouted(tx_.rows(kRecent, since, limit));
}

std::vector<ToldPlace> AlertQueue::told(std::span<const IncidentId> incidents) {
  std::vector<ToldPlace> told;
  if (incidents.empty()) return told;
  for (const auto& row : tx_.rows(kTold, incidents))
    told.push_back({row.get<IncidentId>("incident_id"),
                    {to_place(row), read_word<domain::Language>(row, "language"), "", row.get<string>("route"),
                     row.get<std::optional<AlertId>>("waiting")}});
  return told;
}

domain::PaceHistory AlertQueue::history(Instant now, std::chrono::seconds storm_interval,
                                        std::span<const std::string> routes) {
  domain::PaceHistory history;
  for (const auto& row : tx_.rows(kLastMinute, now)) history.last_minute[to_place(row)] = row.get<int>("count");
  for (const auto& row : tx_.rows(kGatherings, now, now - 2 * storm_interval)) {
    domain::Gathering one;
    one.place = to_place(row);
    one.why = domain::get_named<domain::Gathering::Why>(row.get<string>("why"));
    one.route = one.why == domain::Gathering::Why::group ? row.get<string>("route") : "";
    one.due = row.get<Instant>("due_at");
    one.open = row.get<bool>("open");
    one.alert = row.get<AlertId>("id");
    one.follows = row.get<std::optional<AlertId>>("follows");
    one.language = read_word<domain::Language>(row, "language");
    one.recipient = row.get<string>("name");
    history.gatherings.push_back(std::move(one));
  }
  if (routes.empty()) return history;
  for (const auto& row : tx_.rows(kLastOfRoute, routes, now))
    history.last_of_route[{row.get<string>("route"), to_place(row)}] = row.get<Instant>("last");
  return history;
}

std::vector<std::pair<domain::Place, std::string>> AlertQueue::moves() {
  std::vector<std::pair<domain::Place, std::string>> moves;
  for (const auto& row : tx_.rows(kMoves)) moves.emplace_back(to_place(row), row.get<string>("moved_to"));
  return moves;
}

void AlertQueue::add(std::span<const RoutedDelivery> deliveries) {
  if (deliveries.empty()) return;
  std::vector<AlertId> alerts, told_by;
  std::vector<std::string_view> channels, recipients, languages, reasons, withheld, routes;
  std::vector<Instant> due;
  for (const auto& one : deliveries) {
    alerts.push_back(one.alert);
    channels.push_back(domain::name(one.place.channel));
    recipients.push_back(one.place.address);
    languages.push_back(domain::name(one.language));
    reasons.push_back(one.reason);
    withheld.push_back(one.withheld);
    due.push_back(one.due_at);
    told_by.push_back(one.told_by.value_or(AlertId{}));
    routes.push_back(one.route);
  }
  tx_.exec(kAdd, alerts, channels, recipients, languages, reasons, withheld, due, told_by, routes);
}

void AlertQueue::settle(std::span<const AlertId> alerts) {
  if (!alerts.empty()) tx_.exec(kSettle, alerts);
}

void AlertQueue::postpone(std::span<const AlertId> alerts, Instant until) {
  if (!alerts.empty()) tx_.exec(kPostpone, alerts, until);
}

std::vector<Unanswered> AlertQueue::unanswered(Instant after, Instant before, int limit) {
  std::vector<Unanswered> incidents;
  for (const auto& row : tx_.rows(kUnanswered, after, before, limit))
    incidents.push_back({to_facts(row), row.get<string>("summary"), row.get<std::optional<VisitId>>("visit_id"),
                         row.get<Instant>("since"), row.get<int>("times")});
  return incidents;
}

std::vector<Unrepeated> AlertQueue::unrepeated(std::span<const std::string> routes, int limit) {
  std::vector<Unrepeated> incidents;
  if (routes.empty()) return incidents;
  for (const auto& row : tx_.rows(kUnrepeated, routes, limit))
    incidents.push_back({to_incident(row), row.get<string>("route"), row.get<Instant>("last"), row.get<int>("told")});
  return incidents;
}

}  // namespace visitor::store
