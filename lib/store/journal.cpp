#include "store/journal.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "core/text.hpp"
#include "store/words.hpp"

namespace visitor::store {
namespace {

constexpr auto kAudit = R"sql(
    INSERT INTO audit (at, account_id, action, topic, entity_id, details, source, request_id)
    SELECT $1, $2, n.action, n.topic, n.entity_id, n.details::jsonb, left($7, 300), left($8, 100)
      FROM unnest($3::text[], $4::text[], $5::bigint[], $6::text[]) WITH ORDINALITY
           AS n(action, topic, entity_id, details, position)
     ORDER BY n.position)sql";

// The lock is taken before the first id is drawn (ids are drawn above the join) and held to the end of the transaction,
// which is next: so whoever draws higher ids commits later.
constexpr auto kChange = R"sql(
    WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtext('visitor_change'))),
         made AS (
            INSERT INTO change (at, topic, entity_id, version)
            SELECT $1, n.topic, n.entity_id, n.version
              FROM turn, unnest($2::text[], $3::bigint[], $4::bigint[]) AS n(topic, entity_id, version)
         RETURNING id)
    SELECT pg_notify('visitor_change', max(id)::text) FROM made)sql";

constexpr auto kListAudit = R"sql(
    SELECT a.id, a.at, a.account_id, coalesce(c.login, '') AS login, a.action, a.topic, a.entity_id, a.details,
           a.source, a.request_id, l.position, l.previous, l.hash
      FROM audit a
      LEFT JOIN account c ON c.id = a.account_id
      LEFT JOIN audit_link l ON l.audit_id = a.id
     WHERE ($1::bigint IS NULL OR a.account_id = $1)
       AND (cardinality($2::text[]) = 0 OR a.action = ANY($2))
       AND ($3::text IS NULL OR a.topic = $3)
       AND ($4::bigint IS NULL OR a.entity_id = $4)
       AND ($5::timestamptz IS NULL OR a.at >= $5)
       AND ($6::timestamptz IS NULL OR a.at < $6)
       AND ($7::bigint IS NULL OR a.id < $7)
       AND ($9::text IS NULL OR a.account_id = (SELECT id FROM account WHERE lower(login) = lower($9)))
     ORDER BY a.id DESC
     LIMIT $8)sql";

constexpr auto kFindAudit = R"sql(
    SELECT a.id, a.at, a.account_id, coalesce(c.login, '') AS login, a.action, a.topic, a.entity_id, a.details,
           a.source, a.request_id, l.position, l.previous, l.hash
      FROM audit a
      LEFT JOIN account c ON c.id = a.account_id
      LEFT JOIN audit_link l ON l.audit_id = a.id
     WHERE a.id = $1)sql";

constexpr auto kEditsSince = R"sql(
    SELECT a.at, coalesce(c.login, '') AS login,
           coalesce((SELECT string_agg(format('%s from ''%s'' to ''%s''', n.key, n.value ->> 'from', n.value ->> 'to'),
                                       ', ')
                       FROM jsonb_each(a.details -> 'changed') AS n),
                    'status from ' || (a.details ->> 'from') || ' to ' || (a.details ->> 'to'),
                    a.action) AS what
      FROM audit a
      LEFT JOIN account c ON c.id = a.account_id
     WHERE a.topic = $1 AND a.entity_id = $2 AND (a.details ->> 'version')::bigint > $3
     ORDER BY a.id DESC
     LIMIT $4)sql";

constexpr auto kChanges = R"sql(
    SELECT id, at, topic, entity_id, version
      FROM change
     WHERE id > $1 AND (cardinality($3::text[]) = 0 OR topic = ANY($3))
     ORDER BY id
     LIMIT $2)sql";

constexpr auto kCursor = R"sql(
    SELECT greatest((SELECT max(id) FROM change), cursor) AS id FROM change_horizon)sql";

constexpr auto kHorizon = R"sql(
    SELECT cursor FROM change_horizon)sql";

// Along the primary key from the old end: times may stand out of order there, by as much as the daemons' clocks differ.
constexpr auto kCursorAt = R"sql(
    SELECT coalesce((SELECT id FROM change WHERE id > h.cursor AND at >= $1 ORDER BY id LIMIT 1) - 1,
                    (SELECT max(id) FROM change),
                    h.cursor) AS id,
           coalesce($1 < h.kept_since, false) AS may_miss
      FROM change_horizon h)sql";

constexpr auto kEventsBefore = R"sql(
    SELECT coalesce((SELECT version
                       FROM change
                      WHERE topic = 'event' AND entity_id = $1 AND id < $2
                      ORDER BY id DESC
                      LIMIT 1), 0) AS id)sql";

// The row of the horizon is locked first, so that two that trim take turns.
constexpr auto kTrimTo = R"sql(
    WITH old AS (SELECT cursor FROM change_horizon FOR UPDATE),
         kept AS (SELECT coalesce((SELECT id FROM change WHERE id > old.cursor AND at >= $1 ORDER BY id LIMIT 1) - 1,
                                  (SELECT max(id) FROM change), old.cursor) AS id
                    FROM old),
         page AS (SELECT (SELECT id FROM change WHERE id > old.cursor ORDER BY id OFFSET $2 LIMIT 1) AS id FROM old)
    UPDATE change_horizon
       SET cursor = greatest(cursor, least((SELECT id FROM kept), (SELECT id FROM page))),
           kept_since = greatest(kept_since, $1)
 RETURNING cursor)sql";

constexpr auto kTrim = R"sql(
    DELETE FROM change c
     WHERE c.id <= $1
       AND NOT (c.topic = 'event'
                AND c.id = (SELECT max(n.id)
                              FROM change n
                             WHERE n.topic = 'event' AND n.entity_id = c.entity_id AND n.id <= $1)))sql";

std::string hex_or_empty(const std::optional<std::vector<std::byte>>& bytes) {
  return bytes ? to_hex(*bytes) : "";
}

domain::AuditRecord to_audit_record(const db::Row& row) {
  domain::AuditRecord record;
  record.id = row.get<std::int64_t>("id");
  record.at = row.get<Instant>("at");
  record.account = row.get<std::optional<AccountId>>("account_id");
  record.login = row.get<std::string>("login");
  record.action = read_word<domain::AuditAction>(row, "action");
  record.topic = row.get<std::string>("topic");
  record.entity = row.get<std::int64_t>("entity_id");
  record.details = row.get<db::Json>("details").text;
  record.origin = {row.get<std::string>("source"), row.get<std::string>("request_id")};
  record.position = row.get<std::optional<std::int64_t>>("position");
  record.previous_hash = hex_or_empty(row.get<std::optional<std::vector<std::byte>>>("previous"));
  record.hash = hex_or_empty(row.get<std::optional<std::vector<std::byte>>>("hash"));
  return record;
}

}  // namespace

struct Journal::Pending {
  // One string per topic: there are few.
  std::map<std::string, std::map<std::int64_t, std::int64_t>, std::less<>> versions;  // topic → entity → version

  void write(db::Transaction& tx, Instant now) {
    std::vector<std::string_view> topics;
    std::vector<std::int64_t> entities;
    std::vector<std::int64_t> numbers;
    for (const auto& [topic, of_topic] : versions) {
      for (const auto& [entity, version] : of_topic) {
        topics.push_back(topic);
        entities.push_back(entity);
        numbers.push_back(version);
      }
    }
    if (!topics.empty()) tx.later(kChange, now, topics, entities, numbers);
    versions.clear();
  }
};

Journal::Journal(db::Transaction& tx, AccountId account, Instant now, domain::Origin origin)
    : tx_(tx), account_(account), now_(now), origin_(std::move(origin)), pending_(std::make_shared<Pending>()) {
  tx_.before_commit([pending = pending_, now](db::Transaction& open) { pending->write(open, now); });
}

void Journal::audit(std::span<const Entry> entries) {
  if (entries.empty()) return;
  std::vector<std::string_view> actions;
  std::vector<std::string_view> topics;
  std::vector<std::int64_t> entities;
  std::vector<std::string_view> details;
  for (const auto& entry : entries) {
    actions.push_back(domain::name(entry.action));
    topics.push_back(entry.topic);
    entities.push_back(entry.entity);
    details.push_back(entry.details);
  }
  const auto account = account_ ? std::optional{account_} : std::nullopt;
  tx_.later(kAudit, now_, account, actions, topics, entities, details, origin_.source, origin_.request);
}

void Journal::add_change(std::string_view topic, std::int64_t entity, std::int64_t version) {
  auto of_topic = pending_->versions.find(topic);
  if (of_topic == pending_->versions.end()) of_topic = pending_->versions.try_emplace(std::string{topic}).first;
  auto& stored = of_topic->second.try_emplace(entity, version).first->second;
  stored = std::max(stored, version);
}

std::vector<domain::AuditRecord> JournalReader::audit(const AuditFilter& filter) {
  std::vector<domain::AuditRecord> records;
  for (const auto& row :
       tx_.rows(kListAudit, filter.account, words(filter.actions), unless_empty(filter.topic), filter.entity,
                filter.since, filter.until, filter.before_id, filter.limit, unless_empty(filter.login)))
    records.push_back(to_audit_record(row));
  return records;
}

std::optional<domain::AuditRecord> JournalReader::find_audit(std::int64_t id) {
  if (const auto row = tx_.maybe_row(kFindAudit, id)) return to_audit_record(*row);
  return std::nullopt;
}

std::vector<EditRecord> JournalReader::edits_since(std::string_view topic, std::int64_t entity, std::int64_t version,
                                                   int limit) {
  std::vector<EditRecord> edits;
  for (const auto& row : tx_.rows(kEditsSince, topic, entity, version, limit))
    edits.push_back({row.get<Instant>("at"), row.get<std::string>("login"), row.get<std::string>("what")});
  return edits;
}

std::vector<domain::Change> JournalReader::changes(ChangeId cursor, int limit, std::span<const std::string> topics) {
  std::vector<domain::Change> changes;
  for (const auto& row : tx_.rows(kChanges, cursor, limit, topics))
    changes.push_back({row.get<ChangeId>("id"), row.get<Instant>("at"), row.get<std::string>("topic"),
                       row.get<std::int64_t>("entity_id"), row.get<std::int64_t>("version")});
  return changes;
}

ChangeId JournalReader::cursor() {
  return tx_.row(kCursor).get<ChangeId>("id");
}

ChangeId JournalReader::horizon() {
  return tx_.row(kHorizon).get<ChangeId>("cursor");
}

std::optional<ChangeId> JournalReader::cursor_at(Instant at) {
  const auto row = tx_.row(kCursorAt, at);
  if (row.get<bool>("may_miss")) return std::nullopt;
  return row.get<ChangeId>("id");
}

EventId JournalReader::events_before(TerminalId terminal, ChangeId change) {
  return tx_.row(kEventsBefore, terminal, change).get<EventId>("id");
}

std::int64_t trim_changes(db::Transaction& tx, Instant before, int limit) {
  const auto horizon = tx.row(kTrimTo, before, limit).get<ChangeId>("cursor");
  return tx.exec(kTrim, horizon);
}

}  // namespace visitor::store
