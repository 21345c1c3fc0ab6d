#include "store/terminals.hpp"

#include <fmt/format.h>

#include "core/text.hpp"
#include "store/scoped.hpp"
#include "store/words.hpp"

namespace visitor::store {
namespace {

constexpr auto kAdd = R"sql(
    INSERT INTO terminal (site_id, name, base_url, username, password_sealed, poll_interval_ms, enabled, created_at,
                          state_since)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
        ON CONFLICT (lower(name)) DO NOTHING
 RETURNING id)sql";

// Every column that domain::Terminal holds. What follows is the rest of the statement.
constexpr auto kSelect = R"sql(
    SELECT t.id, t.site_id, t.name, t.base_url, t.username, t.password_sealed, t.poll_interval_ms, t.enabled,
           t.created_at, t.version, t.certificate_sha256, t.model, t.firmware, t.serial_number, t.mac_address,
           t.cursor_at, t.epoch, t.last_serial, t.last_event_at, t.event_count, t.noise_count, t.state, t.state_since,
           t.last_answer_at, t.last_error, t.failures, t.locked_until, t.login_tries_left, t.clock_offset_ms,
           t.clock_wrong_since, t.backlog, t.lease_holder, t.lease_until)sql";

const std::string kFind = std::string{kSelect} + R"sql(
      FROM terminal t
     WHERE t.id = $1)sql" +
                          site_in_scope("t.site_id", 2);

const std::string kFindByName = std::string{kSelect} + R"sql(
      FROM terminal t
     WHERE lower(t.name) = lower($1))sql" +
                                site_in_scope("t.site_id", 2);

const std::string kLock = std::string{kSelect} + R"sql(
      FROM terminal t
     WHERE t.id = $1)sql" +
                          site_in_scope("t.site_id", 2) + R"sql(
       FOR UPDATE)sql";

const std::string kList = std::string{kSelect} + R"sql(,
           s.name AS site_name, s.time_zone
      FROM terminal t
      JOIN site s ON s.id = t.site_id
     WHERE ($1::bigint IS NULL OR t.site_id = $1)
       AND ($2::text IS NULL OR lower(t.name) = lower($2))
       AND ($3::boolean IS NULL OR t.enabled = $3))sql" +
                          site_in_scope("t.site_id", 4) + R"sql(
     ORDER BY lower(t.name))sql";

const std::string kHeld = std::string{kSelect} + R"sql(
      FROM terminal t
     WHERE t.id = ANY($1)
     ORDER BY t.id)sql";

const std::string kCapabilities = R"sql(
    SELECT capabilities FROM terminal WHERE id = $1)sql" +
                                  site_in_scope("site_id", 2);

constexpr auto kSetEnabled = R"sql(
    UPDATE terminal
       SET enabled = $2, version = version + 1, state = 'new', state_since = $3, last_error = '', failures = 0,
           locked_until = NULL, login_tries_left = NULL
     WHERE id = $1 AND enabled <> $2
 RETURNING version)sql";

constexpr auto kSetPassword = R"sql(
    UPDATE terminal
       SET password_sealed = $2, version = version + 1, failures = 0, locked_until = NULL, login_tries_left = NULL
     WHERE id = $1)sql";

constexpr auto kProgress = R"sql(
    UPDATE terminal
       SET cursor_at = $2, epoch = $3, last_serial = $4, last_event_at = greatest(last_event_at, $5),
           event_count = event_count + $6, noise_count = noise_count + $7, backlog = $8
     WHERE id = $1)sql";

constexpr auto kHealth = R"sql(
    WITH was AS (SELECT state FROM terminal WHERE id = $1 FOR UPDATE)
    UPDATE terminal
       SET state = $2, state_since = CASE WHEN was.state = $2 THEN state_since ELSE $3 END,
           last_answer_at = coalesce($4, last_answer_at), last_error = $5, failures = $6, locked_until = $7,
           clock_offset_ms = coalesce($8, clock_offset_ms), login_tries_left = $9
      FROM was
     WHERE id = $1
 RETURNING was.state <> $2 AS changed)sql";

constexpr auto kClockWrong = R"sql(
    UPDATE terminal
       SET clock_wrong_since = CASE WHEN id = ANY($1) THEN $3::timestamptz END
     WHERE id = ANY($1) OR id = ANY($2))sql";

constexpr auto kIdentity = R"sql(
    UPDATE terminal
       SET model = $2, firmware = $3, serial_number = $4, mac_address = $5, capabilities = coalesce($6, capabilities)
     WHERE id = $1)sql";

constexpr auto kPin = R"sql(
    UPDATE terminal SET certificate_sha256 = $2 WHERE id = $1)sql";

constexpr auto kAcquire = R"sql(
    UPDATE terminal
       SET lease_holder = $1, lease_until = $3
     WHERE id IN (SELECT id
                    FROM terminal
                   WHERE enabled AND (lease_holder IS NULL OR lease_until <= $2) AND may_act()
                   ORDER BY id
                   LIMIT $4
                     FOR UPDATE SKIP LOCKED)
 RETURNING id)sql";

// A row that is locked is being written by a page of ours, or taken over just now; the first keeps its lease until the
// next renewal.
constexpr auto kRenew = R"sql(
    UPDATE terminal
       SET lease_holder = CASE WHEN enabled THEN lease_holder END, lease_until = CASE WHEN enabled THEN $2 END
     WHERE id IN (SELECT id FROM terminal WHERE lease_holder = $1 ORDER BY id FOR UPDATE SKIP LOCKED))sql";

constexpr auto kHolding = R"sql(
    SELECT id FROM terminal WHERE lease_holder = $1 AND enabled AND lease_until > $2)sql";

constexpr auto kRelease = R"sql(
    UPDATE terminal
       SET lease_holder = NULL, lease_until = NULL
     WHERE id IN (SELECT id FROM terminal WHERE lease_holder = $1 ORDER BY id FOR UPDATE))sql";

constexpr std::size_t kErrorBytes = 500;

domain::Terminal to_terminal(const db::Row& row) {
  domain::Terminal terminal;
  terminal.id = row.get<TerminalId>("id");
  terminal.site = row.get<SiteId>("site_id");
  terminal.name = row.get<std::string>("name");
  terminal.base_url = row.get<std::string>("base_url");
  terminal.username = row.get<std::string>("username");
  terminal.password_sealed = row.get<std::vector<std::byte>>("password_sealed");
  terminal.poll_interval = std::chrono::milliseconds{row.get<int>("poll_interval_ms")};
  terminal.enabled = row.get<bool>("enabled");
  terminal.created_at = row.get<Instant>("created_at");
  terminal.version = row.get<int>("version");
  terminal.certificate_sha256 = row.get<std::optional<std::vector<std::byte>>>("certificate_sha256");
  terminal.model = row.get<std::string>("model");
  terminal.firmware = row.get<std::string>("firmware");
  terminal.serial_number = row.get<std::string>("serial_number");
  terminal.mac_address = row.get<std::string>("mac_address");
  terminal.cursor_at = row.get<std::optional<Instant>>("cursor_at");
  terminal.epoch = row.get<int>("epoch");
  terminal.last_serial = row.get<std::int64_t>("last_serial");
  terminal.last_event_at = row.get<std::optional<Instant>>("last_event_at");
  terminal.event_count = row.get<std::int64_t>("event_count");
  terminal.noise_count = row.get<std::int64_t>("noise_count");
  terminal.state = read_word<domain::TerminalState>(row, "state");
  terminal.state_since = row.get<Instant>("state_since");
  terminal.last_answer_at = row.get<std::optional<Instant>>("last_answer_at");
  terminal.last_error = row.get<std::string>("last_error");
  terminal.failures = row.get<int>("failures");
  terminal.locked_until = row.get<std::optional<Instant>>("locked_until");
  terminal.login_tries_left = row.get<std::optional<int>>("login_tries_left");
  if (const auto offset = row.get<std::optional<std::int64_t>>("clock_offset_ms"))
    terminal.clock_offset = std::chrono::milliseconds{*offset};
  terminal.clock_wrong_since = row.get<std::optional<Instant>>("clock_wrong_since");
  terminal.backlog = row.get<std::optional<std::int64_t>>("backlog");
  terminal.lease_holder = row.get<std::optional<std::string>>("lease_holder").value_or("");
  terminal.lease_until = row.get<std::optional<Instant>>("lease_until");
  return terminal;
}

std::vector<domain::Terminal> to_terminals(const db::Rows& rows) {
  std::vector<domain::Terminal> terminals;
  terminals.reserve(rows.size());
  for (const auto& row : rows) terminals.push_back(to_terminal(row));
  return terminals;
}

[[noreturn]] void refuse_unknown(TerminalId id) {
  throw Error(Errc::not_found, fmt::format("terminal {} does not exist", id),
              "Run 'visitorctl terminal list' to see them.");
}

}  // namespace

TerminalId Terminals::add(const domain::Terminal& terminal, Instant now) {
  if (const auto row = tx_.maybe_row(kAdd, terminal.site, terminal.name, terminal.base_url, terminal.username,
                                     terminal.password_sealed, static_cast<int>(terminal.poll_interval.count()),
                                     terminal.enabled, now))
    return row->get<TerminalId>("id");
  throw Error(Errc::conflict, fmt::format("there is a terminal '{}' already", terminal.name),
              "Run 'visitorctl terminal list' to see them.");
}

std::optional<domain::Terminal> Terminals::find(TerminalId id) {
  if (const auto row = tx_.maybe_row(kFind, id, scope_.sites())) return to_terminal(*row);
  return std::nullopt;
}

domain::Terminal Terminals::get(TerminalId id) {
  if (auto terminal = find(id)) return *std::move(terminal);
  refuse_unknown(id);
}

std::optional<domain::Terminal> Terminals::find_by_name(std::string_view name) {
  if (const auto row = tx_.maybe_row(kFindByName, name, scope_.sites())) return to_terminal(*row);
  return std::nullopt;
}

std::vector<TerminalListed> Terminals::list(const TerminalFilter& filter) {
  std::vector<TerminalListed> terminals;
  for (const auto& row : tx_.rows(kList, filter.site, unless_empty(filter.name), filter.enabled, scope_.sites()))
    terminals.push_back({to_terminal(row), row.get<std::string>("site_name"), row.get<std::string>("time_zone")});
  return terminals;
}

std::optional<std::string> Terminals::capabilities(TerminalId id) {
  const auto row = tx_.maybe_row(kCapabilities, id, scope_.sites());
  if (!row) return std::nullopt;
  const auto json = row->get<std::optional<db::Json>>("capabilities");
  if (!json) return std::nullopt;
  return json->text;
}

domain::Terminal Terminals::lock(TerminalId id) {
  if (const auto row = tx_.maybe_row(kLock, id, scope_.sites())) return to_terminal(*row);
  refuse_unknown(id);
}

std::optional<int> Terminals::set_enabled(TerminalId id, bool enabled, Instant now) {
  if (const auto row = tx_.maybe_row(kSetEnabled, id, enabled, now)) return row->get<int>("version");
  get(id);
  return std::nullopt;
}

void Terminals::set_password(TerminalId id, const std::vector<std::byte>& sealed) {
  if (tx_.exec(kSetPassword, id, sealed) == 0) refuse_unknown(id);
}

void Terminals::save_progress(TerminalId id, const TerminalProgress& progress) {
  tx_.later(kProgress, id, progress.cursor_at, progress.epoch, progress.last_serial, progress.last_event_at,
            progress.events_added, progress.noise_added, progress.backlog);
}

bool Terminals::save_health(TerminalId id, const TerminalHealth& health, Instant now) {
  // Cut bytes may end within a character; what is left of it becomes a replacement character.
  auto error = clean_utf8(health.last_error.substr(0, kErrorBytes));
  std::optional<std::int64_t> offset;
  if (health.clock_offset) offset = health.clock_offset->count();
  const auto row = tx_.maybe_row(kHealth, id, domain::name(health.state), now, health.last_answer_at, error,
                                 health.failures, health.locked_until, offset, health.login_tries_left);
  return row && row->get<bool>("changed");
}

void Terminals::save_clocks(std::span<const TerminalId> wrong, std::span<const TerminalId> right, Instant now) {
  if (wrong.empty() && right.empty()) return;
  tx_.exec(kClockWrong, wrong, right, now);
}

void Terminals::save_identity(TerminalId id, const TerminalIdentity& identity) {
  std::optional<db::Json> capabilities;
  if (identity.capabilities) capabilities = db::Json{*identity.capabilities};
  tx_.exec(kIdentity, id, identity.model, identity.firmware, identity.serial_number, identity.mac_address,
           capabilities);
}

void Terminals::pin_certificate(TerminalId id, const std::optional<std::vector<std::byte>>& sha256) {
  tx_.exec(kPin, id, sha256);
}

std::vector<domain::Terminal> Terminals::acquire_leases(const std::string& holder, Instant now,
                                                        std::chrono::milliseconds lease, int limit) {
  std::vector<TerminalId> taken;
  for (const auto& row : tx_.rows(kAcquire, holder, now, now + lease, limit))
    taken.push_back(row.get<TerminalId>("id"));
  if (taken.empty()) return {};
  return to_terminals(tx_.rows(kHeld, taken));
}

std::vector<domain::Terminal> Terminals::renew_leases(const std::string& holder, Instant now,
                                                      std::chrono::milliseconds lease) {
  tx_.exec(kRenew, holder, now + lease);
  std::vector<TerminalId> held;
  for (const auto& row : tx_.rows(kHolding, holder, now)) held.push_back(row.get<TerminalId>("id"));
  if (held.empty()) return {};
  return to_terminals(tx_.rows(kHeld, held));
}

void Terminals::release_leases(const std::string& holder) {
  tx_.exec(kRelease, holder);
}

}  // namespace visitor::store
