#include "store/incidents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "db/error.hpp"
#include "store/incident_row.hpp"
#include "store/scoped.hpp"
#include "store/words.hpp"

namespace visitor::store {
namespace {

// Every column that domain::Incident holds. What follows is the rest of the statement.
// In the order of keys, so that two transactions never wait for each other in a circle. xmax is 0 in a row that this
// statement inserted.
const std::string kOpenOrTouch = std::string{R"sql(
    INSERT INTO incident AS i
           (type, severity, dedupe_key, late, site_id, guest_id, visit_id, terminal_id, event_id, summary, details,
            occurred_at, detected_at, last_seen_at, seen_count)
    SELECT n.type, n.severity, n.dedupe_key, n.late, n.site_id, n.guest_id, n.visit_id, n.terminal_id, n.event_id,
           n.summary, n.details::jsonb, n.occurred_at, $1, $1, n.seen_count
      FROM unnest($2::text[], $3::text[], $4::text[], $5::boolean[], $6::bigint[], $7::bigint[], $8::bigint[],
                  $9::bigint[], $10::bigint[], $11::text[], $12::text[], $13::timestamptz[], $14::integer[])
           WITH ORDINALITY
           AS n(type, severity, dedupe_key, late, site_id, guest_id, visit_id, terminal_id, event_id, summary, details,
                occurred_at, seen_count, position)
     ORDER BY n.position
        ON CONFLICT (dedupe_key) WHERE status IN ('new', 'investigating') DO UPDATE
       SET seen_count = i.seen_count + excluded.seen_count,
           last_seen_at = greatest(i.last_seen_at, excluded.last_seen_at),
           version = i.version + 1
 RETURNING i.xmax = 0 AS opened,)sql"} +
                                 kIncidentColumns;

constexpr auto kOpened = R"sql(
    INSERT INTO incident_history (incident_id, at, status, what, account_id)
    SELECT n.id, $2, 'new', 'opened', $3 FROM unnest($1::bigint[]) AS n(id))sql";

const std::string kFind = std::string{"    SELECT"} + kIncidentColumns + R"sql(
      FROM incident i
     WHERE i.id = $1)sql" +
                          visit_in_scope("i.site_id", "i.visit_id", 2);

const std::string kNewest = std::string{"    SELECT DISTINCT ON (i.dedupe_key)"} + kIncidentColumns + R"sql(
      FROM incident i
     WHERE i.dedupe_key = ANY($1)
     ORDER BY i.dedupe_key, i.id DESC)sql";

const std::string kSelectListed = std::string{"    SELECT"} + kIncidentColumns + R"sql(,
           coalesce(g.name, '') AS guest_name, coalesce(h.name, '') AS host_name,
           coalesce(d.name, '') AS department_name, coalesce(t.name, '') AS terminal_name,
           coalesce(s.name, '') AS site_name, coalesce(s.time_zone, 'UTC') AS time_zone,
           coalesce(a.login, '') AS assigned_login)sql";

constexpr auto kNames = R"sql(
      FROM incident i
      LEFT JOIN guest g ON g.id = i.guest_id
      LEFT JOIN visit v ON v.id = i.visit_id
      LEFT JOIN host h ON h.id = v.host_id
      LEFT JOIN department d ON d.id = v.department_id
      LEFT JOIN terminal t ON t.id = i.terminal_id
      LEFT JOIN site s ON s.id = i.site_id
      LEFT JOIN account a ON a.id = i.assigned_to)sql";

const std::string kFindListed = kSelectListed + kNames + R"sql(
     WHERE i.id = $1)sql" + visit_in_scope("i.site_id", "i.visit_id", 2);

// Everything but the position of a page; 15 parameters.
const std::string kMatching = std::string{kNames} + R"sql(
     WHERE (cardinality($1::text[]) = 0 OR i.status = ANY($1))
       AND (cardinality($2::text[]) = 0 OR i.severity = ANY($2))
       AND (cardinality($3::text[]) = 0 OR i.type = ANY($3))
       AND ($4::bigint IS NULL OR i.site_id = $4)
       AND ($5::bigint IS NULL OR v.department_id = $5)
       AND ($6::bigint IS NULL OR v.host_id = $6)
       AND ($7::bigint IS NULL OR i.guest_id = $7)
       AND ($8::bigint IS NULL OR i.visit_id = $8)
       AND ($9::bigint IS NULL OR i.terminal_id = $9)
       AND ($10::timestamptz IS NULL OR i.detected_at >= $10)
       AND ($11::timestamptz IS NULL OR i.detected_at < $11)
       AND ($12::text IS NULL OR i.summary ILIKE $12 OR g.name ILIKE $12))sql" +
                              visit_in_scope("i.site_id", "i.visit_id", 13);

const std::string kList = kSelectListed + kMatching + R"sql(
       AND ($16::timestamptz IS NULL OR (i.detected_at, i.id) < ($16, $17))
     ORDER BY i.detected_at DESC, i.id DESC
     LIMIT $18 OFFSET $19)sql";

const std::string kListOldestFirst = kSelectListed + kMatching + R"sql(
       AND ($16::timestamptz IS NULL OR (i.detected_at, i.id) > ($16, $17))
     ORDER BY i.detected_at, i.id
     LIMIT $18 OFFSET $19)sql";

const std::string kCount = "SELECT count(*) AS count" + kMatching;

const std::string kCounts = R"sql(
    SELECT type, count(*) FILTER (WHERE status IN ('new', 'investigating'))::integer AS open,
           count(*) FILTER (WHERE detected_at >= $1)::integer AS recent
      FROM incident i
     WHERE (detected_at >= $1 OR status IN ('new', 'investigating')))sql" +
                            visit_in_scope("i.site_id", "i.visit_id", 2) + R"sql(
     GROUP BY type)sql";

const std::string kHistory = R"sql(
    SELECT h.id, h.at, h.status, h.what, coalesce(a.login, '') AS login, h.note
      FROM incident_history h
      JOIN incident i ON i.id = h.incident_id
      LEFT JOIN account a ON a.id = h.account_id
     WHERE h.incident_id = $1)sql" +
                             visit_in_scope("i.site_id", "i.visit_id", 2) + R"sql(
     ORDER BY h.id)sql";

// Two people may race; the guards on version and status let one of them win.
const std::string kEnd = std::string{R"sql(
    UPDATE incident i
       SET status = $3, ended_at = $4, version = version + 1
     WHERE id = $1 AND version = $2 AND status IN ('new', 'investigating')
 RETURNING)sql"} + kIncidentColumns;

const std::string kComment = std::string{R"sql(
    UPDATE incident i
       SET version = version + 1
     WHERE id = $1 AND version = $2
 RETURNING)sql"} + kIncidentColumns;

const std::string kAssign = std::string{R"sql(
    UPDATE incident i
       SET status = 'investigating', assigned_to = $3, version = version + 1
     WHERE id = $1 AND version = $2 AND status IN ('new', 'investigating')
 RETURNING)sql"} + kIncidentColumns;

const std::string kReopen = std::string{R"sql(
    UPDATE incident i
       SET status = 'new', ended_at = NULL, version = version + 1
     WHERE id = $1 AND version = $2 AND status IN ('resolved', 'false_alarm')
 RETURNING)sql"} + kIncidentColumns;

constexpr auto kStep = R"sql(
    INSERT INTO incident_history (incident_id, at, status, what, account_id, note)
    VALUES ($1, $2, $3, $4, $5, $6))sql";

IncidentListed to_listed(const db::Row& row) {
  IncidentListed listed;
  listed.incident = to_incident(row);
  listed.guest_name = row.get<std::string>("guest_name");
  listed.host_name = row.get<std::string>("host_name");
  listed.department_name = row.get<std::string>("department_name");
  listed.terminal_name = row.get<std::string>("terminal_name");
  listed.site_name = row.get<std::string>("site_name");
  listed.time_zone = row.get<std::string>("time_zone");
  listed.assigned_login = row.get<std::string>("assigned_login");
  return listed;
}

// Why a guarded step found no row.
[[noreturn]] void refuse_step(const domain::Incident& now, int expected) {
  const auto hint = fmt::format("Run 'visitorctl incident show {}' to see its history.", now.id);
  if (now.version != expected)
    throw Error(Errc::conflict, fmt::format("incident {} was changed by somebody else meanwhile", now.id), hint);
  throw Error(Errc::conflict,
              domain::is_open(now.status)
                  ? fmt::format("incident {} has not ended", now.id)
                  : fmt::format("incident {} has already ended as {}", now.id, domain::name(now.status)),
              hint);
}

}  // namespace

std::string Incidents::dedupe_key(const domain::Finding& finding) {
  return fmt::format("{}/{}", domain::name(finding.type), finding.subject);
}

std::vector<Sighted> Incidents::open_or_touch(std::span<const Sighting> sightings, Instant now,
                                              std::optional<AccountId> by) {
  if (sightings.empty()) return {};

  // One row per key: a statement may touch a row once only. The first sighting of a key describes it.
  struct Merged {
    const Sighting* first;
    int count;
  };
  std::map<std::string, Merged> merged;
  std::vector<const std::string*> key_of;  // of each sighting
  key_of.reserve(sightings.size());
  for (const auto& sighting : sightings) {
    const auto [at, fresh] = merged.try_emplace(dedupe_key(sighting.finding), Merged{&sighting, 0});
    ++at->second.count;
    key_of.push_back(&at->first);
  }

  std::vector<std::string_view> types, severities, keys, summaries, details;
  std::vector<bool> late;
  std::vector<std::optional<SiteId>> sites;
  std::vector<std::optional<GuestId>> guests;
  std::vector<std::optional<VisitId>> visits;
  std::vector<std::optional<TerminalId>> terminals;
  std::vector<std::optional<EventId>> events;
  std::vector<Instant> occurred_at;
  std::vector<int> counts;
  for (const auto& [key, one] : merged) {
    const auto& finding = one.first->finding;
    types.push_back(domain::name(finding.type));
    severities.push_back(domain::name(finding.severity));
    keys.push_back(key);
    late.push_back(one.first->late);
    sites.push_back(finding.site);
    guests.push_back(finding.guest);
    visits.push_back(finding.visit);
    terminals.push_back(finding.terminal);
    events.push_back(one.first->event);
    summaries.push_back(finding.summary);
    details.push_back(finding.details);
    occurred_at.push_back(finding.occurred_at);
    counts.push_back(one.count);
  }

  std::map<std::string, Sighted, std::less<>> stored;
  std::vector<IncidentId> opened;
  for (const auto& row : tx_.rows(kOpenOrTouch, now, types, severities, keys, late, sites, guests, visits, terminals,
                                  events, summaries, details, occurred_at, counts)) {
    Sighted sighted{to_incident(row), row.get<bool>("opened")};
    if (sighted.opened) opened.push_back(sighted.incident.id);
    auto key = sighted.incident.dedupe_key;
    stored.emplace(std::move(key), std::move(sighted));
  }
  if (!opened.empty()) tx_.exec(kOpened, opened, now, by);

  std::vector<Sighted> result;
  result.reserve(sightings.size());
  for (const auto* key : key_of) {
    auto& sighted = stored.at(*key);
    result.push_back(sighted);
    sighted.opened = false;
  }
  return result;
}

std::vector<domain::Incident> Incidents::newest(std::span<const std::string> dedupe_keys) {
  std::vector<domain::Incident> incidents;
  if (dedupe_keys.empty()) return incidents;
  for (const auto& row : tx_.rows(kNewest, dedupe_keys)) incidents.push_back(to_incident(row));
  return incidents;
}

std::vector<Incidents::Count> Incidents::counts(Instant since) {
  std::vector<Count> counts;
  for (const auto& row : tx_.rows(kCounts, since, scope_.sites(), scope_.departments(), scope_.hosts()))
    counts.push_back({read_word<domain::IncidentType>(row, "type"), row.get<int>("open"), row.get<int>("recent")});
  return counts;
}

std::optional<domain::Incident> Incidents::find(IncidentId id) {
  if (const auto row = tx_.maybe_row(kFind, id, scope_.sites(), scope_.departments(), scope_.hosts()))
    return to_incident(*row);
  return std::nullopt;
}

std::optional<IncidentListed> Incidents::find_listed(IncidentId id) {
  if (const auto row = tx_.maybe_row(kFindListed, id, scope_.sites(), scope_.departments(), scope_.hosts()))
    return to_listed(*row);
  return std::nullopt;
}

domain::Incident Incidents::get(IncidentId id) {
  if (auto incident = find(id)) return *std::move(incident);
  throw Error(Errc::not_found, fmt::format("incident {} does not exist", id),
              "Run 'visitorctl incident list' to see them.");
}

std::vector<IncidentListed> Incidents::list(const IncidentFilter& filter) {
  std::optional<Instant> before_at;
  std::optional<IncidentId> before_id;
  if (filter.before) {
    before_at = filter.before->detected_at;
    before_id = filter.before->id;
  }
  std::vector<IncidentListed> list;
  for (const auto& row :
       tx_.rows(filter.oldest_first ? kListOldestFirst : kList, words(filter.statuses), words(filter.severities),
                words(filter.types), filter.site, filter.department, filter.host, filter.guest, filter.visit,
                filter.terminal, filter.since, filter.until, like(filter.text), scope_.sites(), scope_.departments(),
                scope_.hosts(), before_at, before_id, filter.limit, filter.offset))
    list.push_back(to_listed(row));
  return list;
}

std::int64_t Incidents::count(const IncidentFilter& filter) {
  return tx_
      .row(kCount, words(filter.statuses), words(filter.severities), words(filter.types), filter.site,
           filter.department, filter.host, filter.guest, filter.visit, filter.terminal, filter.since, filter.until,
           like(filter.text), scope_.sites(), scope_.departments(), scope_.hosts())
      .get<std::int64_t>("count");
}

std::vector<IncidentStep> Incidents::history(IncidentId id) {
  std::vector<IncidentStep> steps;
  for (const auto& row : tx_.rows(kHistory, id, scope_.sites(), scope_.departments(), scope_.hosts()))
    steps.push_back({row.get<std::int64_t>("id"), row.get<Instant>("at"),
                     read_word<domain::IncidentStatus>(row, "status"), row.get<std::string>("what"),
                     row.get<std::string>("login"), row.get<std::string>("note")});
  return steps;
}

domain::Incident Incidents::comment(IncidentId id, int expected, AccountId by, const std::string& note, Instant now) {
  const auto row = tx_.maybe_row(kComment, id, expected);
  if (!row) refuse_step(get(id), expected);
  const auto incident = to_incident(*row);
  tx_.exec(kStep, id, now, domain::name(incident.status), "commented", by, note);
  return incident;
}

domain::Incident Incidents::resolve(IncidentId id, int expected, AccountId by, const std::string& note, Instant now) {
  const auto row = tx_.maybe_row(kEnd, id, expected, "resolved", now);
  if (!row) refuse_step(get(id), expected);
  tx_.exec(kStep, id, now, "resolved", "resolved", by, note);
  return to_incident(*row);
}

domain::Incident Incidents::false_alarm(IncidentId id, int expected, AccountId by, const std::string& note,
                                        Instant now) {
  const auto row = tx_.maybe_row(kEnd, id, expected, "false_alarm", now);
  if (!row) refuse_step(get(id), expected);
  tx_.exec(kStep, id, now, "false_alarm", "false_alarm", by, note);
  return to_incident(*row);
}

domain::Incident Incidents::assign(IncidentId id, int expected, AccountId to, AccountId by, const std::string& note,
                                   Instant now) {
  const auto row = tx_.maybe_row(kAssign, id, expected, to);
  if (!row) refuse_step(get(id), expected);
  tx_.exec(kStep, id, now, "investigating", "assigned", by, note);
  return to_incident(*row);
}

domain::Incident Incidents::reopen(IncidentId id, int expected, AccountId by, const std::string& note, Instant now) {
  try {
    return tx_.savepoint([&] {
      const auto row = tx_.maybe_row(kReopen, id, expected);
      if (!row) refuse_step(get(id), expected);
      tx_.exec(kStep, id, now, "new", "reopened", by, note);
      return to_incident(*row);
    });
  } catch (const db::DatabaseError& error) {
    if (error.constraint() != "incident_open") throw;
    throw Error(Errc::conflict, fmt::format("incident {} cannot be reopened: the same thing is open already", id),
                "Run 'visitorctl incident list --status new' to find it.");
  }
}

}  // namespace visitor::store
