#include "store/audit_chain.hpp"

#include <algorithm>

#include "core/blake2b.hpp"
#include "core/error.hpp"
#include "store/words.hpp"

namespace visitor::store {
namespace {

constexpr std::string_view kFormat{"visitor-audit-1\0", 16};

constexpr auto kTakeTurn = "SELECT pg_advisory_xact_lock(hashtext('visitor_audit_chain'))";
constexpr auto kTryTurn = "SELECT pg_try_advisory_xact_lock(hashtext('visitor_audit_chain')) AS ours";
constexpr auto kWaiting = "SELECT EXISTS (SELECT FROM audit_unlinked) AS waiting";

// Each row by its primary key, however many the planner expects.
constexpr auto kTakeWaiting = R"sql(
    WITH next AS (SELECT id, sum(cardinality(rows)) OVER (ORDER BY id) - cardinality(rows) AS before
                    FROM audit_unlinked
                   ORDER BY id
                   LIMIT 1000),
         taken AS (DELETE FROM audit_unlinked WHERE id IN (SELECT id FROM next WHERE before < $1) RETURNING id, rows)
    SELECT u.audit_id, a.at, a.account_id, a.action, a.topic, a.entity_id, a.details, a.source, a.request_id
      FROM taken t
     CROSS JOIN LATERAL unnest(t.rows) WITH ORDINALITY AS u(audit_id, number)
      LEFT JOIN LATERAL (SELECT * FROM audit WHERE id = u.audit_id OFFSET 0) a ON true
     ORDER BY t.id, u.number)sql";

// $3 holds the hashes one after the other, beginning with that of the link before the first.
constexpr auto kAddLinks = R"sql(
    INSERT INTO audit_link (position, audit_id, previous, hash)
    SELECT $1 + n.number, n.audit_id, substr($3, (n.number::integer - 1) * 32 + 1, 32),
           substr($3, n.number::integer * 32 + 1, 32)
      FROM unnest($2::bigint[]) WITH ORDINALITY AS n(audit_id, number)
     ORDER BY n.number)sql";

constexpr auto kHead = R"sql(
    (SELECT position, hash FROM audit_link ORDER BY position DESC LIMIT 1)
     UNION ALL
    (SELECT position, hash FROM audit_cut ORDER BY position DESC LIMIT 1)
     ORDER BY position DESC
     LIMIT 1)sql";
constexpr auto kAt = "SELECT position, hash FROM audit_link WHERE position = $1";
constexpr auto kRowAt = "SELECT audit_id FROM audit_link WHERE position = $1";
constexpr auto kForEach = R"sql(
    SELECT l.position, l.audit_id, l.previous, l.hash, a.at, a.account_id, a.action, a.topic, a.entity_id, a.details,
           a.source, a.request_id
      FROM audit_link l
      LEFT JOIN audit a ON a.id = l.audit_id
     WHERE l.position > $1
     ORDER BY l.position)sql";
constexpr auto kStrangers = R"sql(
    SELECT a.id
      FROM audit a
     WHERE a.id > $1
       AND NOT EXISTS (SELECT FROM audit_link l WHERE l.audit_id = a.id)
       AND NOT EXISTS (SELECT FROM (SELECT unnest(rows) AS id FROM audit_unlinked OFFSET 0) w WHERE w.id = a.id)
     ORDER BY a.id
     LIMIT $2)sql";

constexpr auto kAddKey = "INSERT INTO audit_key (public_key, sealed, created_at) VALUES ($1, $2, $3)";
constexpr auto kKeys = "SELECT public_key, sealed FROM audit_key ORDER BY id DESC";
constexpr auto kSetKey = "UPDATE audit_key SET sealed = $2 WHERE public_key = $1";

constexpr auto kAddCheckpoint = "INSERT INTO audit_checkpoint (position, hash, at, document) VALUES ($1, $2, $3, $4)";
constexpr auto kCheckpoints = R"sql(
    SELECT position, hash, at, document FROM audit_checkpoint WHERE position >= $1 ORDER BY position)sql";
constexpr auto kNewestCheckpoint = R"sql(
    SELECT position, hash, at, document FROM audit_checkpoint ORDER BY position DESC LIMIT 1)sql";
constexpr auto kCheckpointBefore = R"sql(
    SELECT position, hash, at, document FROM audit_checkpoint WHERE at < $1 ORDER BY position DESC LIMIT 1)sql";
constexpr auto kUnsent = R"sql(
    SELECT p.position, p.at, p.document
      FROM audit_checkpoint p
     WHERE p.at >= $2
       AND NOT EXISTS (SELECT FROM audit_checkpoint_copy c WHERE c.position = p.position AND c.target = $1)
     ORDER BY p.position
     LIMIT $3)sql";
constexpr auto kSent = R"sql(
    INSERT INTO audit_checkpoint_copy (position, target, sent_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING)sql";
constexpr auto kReached = R"sql(
    SELECT NOT EXISTS (SELECT FROM unnest($2::text[]) AS t(target)
                        WHERE NOT EXISTS (SELECT FROM audit_checkpoint_copy c
                                           WHERE c.position = $1 AND c.target = t.target)) AS reached)sql";

constexpr auto kAddCut = "INSERT INTO audit_cut (position, hash, at, document) VALUES ($1, $2, $3, $4)";
constexpr auto kNewestCut = "SELECT position, hash, at, document FROM audit_cut ORDER BY position DESC LIMIT 1";
constexpr auto kDropCut = "SELECT audit_drop_cut($1) AS count";

constexpr auto kVerified = "SELECT position, hash, at, proof FROM audit_verified";
constexpr auto kSetVerified = R"sql(
    INSERT INTO audit_verified (position, hash, at, proof) VALUES ($1, $2, $3, $4)
        ON CONFLICT (id) DO UPDATE
       SET position = excluded.position, hash = excluded.hash, at = excluded.at, proof = excluded.proof)sql";

void put_text(std::string& out, std::string_view text) {
  db::put_be<8>(out, text.size());
  out += text;
}

void put_number(std::string& out, std::int64_t number) {
  db::put_be<8>(out, static_cast<std::uint64_t>(number));
}

std::string_view as_text(const AuditHash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

AuditHash hash_in(const db::Row& row, std::string_view column) {
  const auto bytes = row.get<std::vector<std::byte>>(column);
  AuditHash hash{};
  if (bytes.size() != hash.size())
    throw Error(Errc::integrity, "a hash of the audit's chain has another length than 32 bytes");
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

AuditHead to_head(const db::Row& row) {
  return {row.get<std::int64_t>("position"), hash_in(row, "hash")};
}

AuditSigned to_signed(const db::Row& row) {
  return {to_head(row), row.get<Instant>("at"), row.get<std::string>("document")};
}

/// \returns whether there was a row for the link
bool read_record(const db::Row& row, domain::AuditRecord& record) {
  record = {};
  record.id = row.get<std::int64_t>("audit_id");
  if (row.is_null("at")) return false;
  record.at = row.get<Instant>("at");
  record.account = row.get<std::optional<AccountId>>("account_id");
  record.action = read_word<domain::AuditAction>(row, "action");
  record.topic = row.get<std::string>("topic");
  record.entity = row.get<std::int64_t>("entity_id");
  record.details = row.get<db::Json>("details").text;
  record.origin = {row.get<std::string>("source"), row.get<std::string>("request_id")};
  return true;
}

std::optional<AuditSigned> maybe_signed(const std::optional<db::Row>& row) {
  return row ? std::optional{to_signed(*row)} : std::nullopt;
}

}  // namespace

std::string audit_bytes(const AuditHead& previous, const domain::AuditRecord& record) {
  const bool missing = record.topic.empty();
  std::string out;
  out.reserve(200 + record.details.size());
  out += kFormat;
  put_number(out, previous.position + 1);
  out += as_text(previous.hash);
  put_number(out, record.id);
  put_number(out, record.at.time_since_epoch().count());
  put_number(out, record.account ? record.account->value : 0);
  put_number(out, record.entity);
  put_text(out, missing ? std::string_view{} : domain::name(record.action));
  put_text(out, record.topic);
  put_text(out, record.details);
  put_text(out, record.origin.source);
  put_text(out, record.origin.request);
  return out;
}

AuditHash audit_hash(const AuditHead& previous, const domain::AuditRecord& record) {
  return blake2b(audit_bytes(previous, record));
}

void AuditChain::take_turn() {
  tx_.exec(kTakeTurn);
}

bool AuditChain::try_turn() {
  return tx_.row(kTryTurn).get<bool>("ours");
}

bool AuditChain::waiting() {
  return tx_.row(kWaiting).get<bool>("waiting");
}

int AuditChain::link(int most) {
  auto head = this->head();
  const auto begin = head.position;
  std::vector<std::int64_t> ids;
  std::vector<std::byte> hashes{head.hash.begin(), head.hash.end()};
  domain::AuditRecord record;
  for (const auto& row : tx_.rows(kTakeWaiting, most)) {
    read_record(row, record);
    head = {head.position + 1, audit_hash(head, record)};
    ids.push_back(record.id);
    hashes.insert(hashes.end(), head.hash.begin(), head.hash.end());
  }
  if (!ids.empty()) tx_.exec(kAddLinks, begin, ids, hashes);
  return static_cast<int>(ids.size());
}

AuditHead AuditChain::head() {
  const auto row = tx_.maybe_row(kHead);
  return row ? to_head(*row) : AuditHead{};
}

std::optional<AuditSigned> AuditChain::newest_cut() {
  return maybe_signed(tx_.maybe_row(kNewestCut));
}

std::optional<AuditHead> AuditChain::at(std::int64_t position) {
  if (const auto row = tx_.maybe_row(kAt, position)) return to_head(*row);
  return std::nullopt;
}

std::int64_t AuditChain::row_at(std::int64_t position) {
  const auto row = tx_.maybe_row(kRowAt, position);
  return row ? row->get<std::int64_t>("audit_id") : 0;
}

void AuditChain::for_each(std::int64_t position, const std::function<void(const AuditLinked&)>& use) {
  AuditLinked linked;
  tx_.for_each(
      kForEach,
      [&](const db::Row& row) {
        linked.missing = !read_record(row, linked.record);
        linked.position = row.get<std::int64_t>("position");
        linked.previous = hash_in(row, "previous");
        linked.hash = hash_in(row, "hash");
        use(linked);
      },
      position);
}

std::vector<std::int64_t> AuditChain::strangers(std::int64_t after, int limit) {
  std::vector<std::int64_t> ids;
  for (const auto& row : tx_.rows(kStrangers, after, limit)) ids.push_back(row.get<std::int64_t>("id"));
  return ids;
}

void AuditChain::add_key(const AuditKey& key, Instant now) {
  tx_.exec(kAddKey, key.public_key, key.sealed, now);
}

std::vector<AuditKey> AuditChain::keys() {
  std::vector<AuditKey> keys;
  for (const auto& row : tx_.rows(kKeys))
    keys.push_back({row.get<std::string>("public_key"), row.get<std::vector<std::byte>>("sealed")});
  return keys;
}

void AuditChain::set_key(const AuditKey& key) {
  tx_.exec(kSetKey, key.public_key, key.sealed);
}

void AuditChain::add_checkpoint(const AuditSigned& checkpoint) {
  tx_.exec(kAddCheckpoint, checkpoint.head.position, std::span<const std::byte>{checkpoint.head.hash}, checkpoint.at,
           checkpoint.document);
}

std::vector<AuditSigned> AuditChain::checkpoints(std::int64_t from) {
  std::vector<AuditSigned> all;
  for (const auto& row : tx_.rows(kCheckpoints, from)) all.push_back(to_signed(row));
  return all;
}

std::optional<AuditSigned> AuditChain::newest_checkpoint() {
  return maybe_signed(tx_.maybe_row(kNewestCheckpoint));
}

std::optional<AuditSigned> AuditChain::checkpoint_before(Instant before) {
  return maybe_signed(tx_.maybe_row(kCheckpointBefore, before));
}

std::vector<AuditUnsent> AuditChain::unsent(std::string_view target, Instant since, int limit) {
  std::vector<AuditUnsent> all;
  for (const auto& row : tx_.rows(kUnsent, target, since, limit))
    all.push_back({row.get<std::int64_t>("position"), row.get<Instant>("at"), row.get<std::string>("document")});
  return all;
}

void AuditChain::sent(std::int64_t position, std::string_view target, Instant now) {
  tx_.exec(kSent, position, target, now);
}

bool AuditChain::reached(std::int64_t position, const std::vector<std::string>& targets) {
  return tx_.row(kReached, position, targets).get<bool>("reached");
}

void AuditChain::add_cut(const AuditSigned& cut) {
  tx_.exec(kAddCut, cut.head.position, std::span<const std::byte>{cut.head.hash}, cut.at, cut.document);
}

std::int64_t AuditChain::drop_cut(std::int64_t most) {
  return tx_.row(kDropCut, most).get<std::int64_t>("count");
}

std::optional<AuditVerified> AuditChain::verified() {
  if (const auto row = tx_.maybe_row(kVerified))
    return AuditVerified{to_head(*row), row->get<Instant>("at"), row->get<std::vector<std::byte>>("proof")};
  return std::nullopt;
}

void AuditChain::set_verified(const AuditVerified& verified) {
  tx_.exec(kSetVerified, verified.head.position, std::span<const std::byte>{verified.head.hash}, verified.at,
           verified.proof);
}

}  // namespace visitor::store
