#include "store/ingest_batch.hpp"

#include <algorithm>

#include "store/words.hpp"

namespace visitor::store {
namespace {

constexpr auto kLockTerminal = R"sql(
    SELECT t.site_id, t.name, s.time_zone, s.days_off, t.lease_holder, t.cursor_at, t.backlog, t.epoch, t.last_serial,
           t.last_event_at,
           ARRAY(SELECT r.key || '=' || r.value FROM site_rule r WHERE r.site_id = t.site_id ORDER BY r.key) AS rules,
           EXISTS (SELECT FROM serial_gap g WHERE g.terminal_id = t.id AND g.state <> 'filled') AS has_gaps,
           d.door_no, d.reader_no, d.direction
      FROM terminal t
      JOIN site s ON s.id = t.site_id
      LEFT JOIN door d ON d.terminal_id = t.id
     WHERE t.id = $1
       FOR UPDATE OF t)sql";

// LATERAL with LIMIT keeps this one probe of the unique index per event, in the one partition of its month.
constexpr auto kKnown = R"sql(
    SELECT n.position, k.epoch
      FROM unnest($2::bigint[], $3::timestamptz[], $4::integer[], $5::integer[]) WITH ORDINALITY
           AS n(serial, occurred_at, major, minor, position)
     CROSS JOIN LATERAL (
           SELECT e.epoch
             FROM access_event e
            WHERE e.terminal_id = $1 AND e.serial = n.serial AND e.occurred_at = n.occurred_at AND e.major = n.major
              AND e.minor = n.minor
            ORDER BY e.epoch DESC
            LIMIT 1) k)sql";

constexpr auto kKnownByText = R"sql(
    SELECT n.position, k.epoch
      FROM unnest($2::bigint[], $3::text[], $4::integer[], $5::integer[]) WITH ORDINALITY
           AS n(serial, time_text, major, minor, position)
     CROSS JOIN LATERAL (
           SELECT e.epoch
             FROM access_event e
            WHERE e.terminal_id = $1 AND e.serial = n.serial AND e.major = n.major AND e.minor = n.minor
              AND e.time_source = 'received' AND e.time_text = n.time_text
            ORDER BY e.epoch DESC
            LIMIT 1) k)sql";

constexpr auto kTaken = R"sql(
    SELECT n.position
      FROM unnest($3::bigint[]) WITH ORDINALITY AS n(serial, position)
     WHERE EXISTS (SELECT FROM access_event e
                    WHERE e.terminal_id = $1 AND e.serial = n.serial AND e.epoch = $2))sql";

constexpr auto kGapsWith = R"sql(
    SELECT id, first_serial, last_serial, state
      FROM serial_gap g
     WHERE terminal_id = $1 AND state <> 'filled' AND epoch = $2
       AND EXISTS (SELECT FROM unnest($3::bigint[]) AS n(serial)
                    WHERE n.serial BETWEEN g.first_serial AND g.last_serial)
     ORDER BY first_serial)sql";

constexpr auto kAddGaps = R"sql(
    INSERT INTO serial_gap (terminal_id, epoch, first_serial, last_serial, found_at, state)
    SELECT $1, n.epoch, n.first_serial, n.last_serial, $5, n.state
      FROM unnest($2::integer[], $3::bigint[], $4::bigint[], $6::text[]) AS n(epoch, first_serial, last_serial, state)
        ON CONFLICT (terminal_id, epoch, first_serial) DO NOTHING)sql";

constexpr auto kEndGaps = R"sql(
    UPDATE serial_gap g
       SET state = n.state, last_serial = n.last_serial
      FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS n(id, last_serial, state)
     WHERE g.id = n.id)sql";

// A plan made anew for each page looks at every partition, and takes longer than the statement that it is for. The time
// is for a COPY whose sender was stopped in the middle: to the server that is no idle transaction, and it would hold
// the terminal for ever.
constexpr auto kPageSettings = R"sql(
    SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('statement_timeout', $1, true))sql";
// Our own deadline ends a statement before the server does.
constexpr std::chrono::seconds kAfterDeadline{5};

// A scalar subquery rather than a join, which the planner answers by reading what all people have done since.
constexpr auto kLatestFacts = R"sql(
    SELECT coalesce((SELECT g.merged_into FROM guest g WHERE g.id = e.guest_id), e.guest_id) AS guest_id,
           max(e.occurred_at) AS at
      FROM access_event e
     WHERE e.guest_id = ANY(ARRAY(SELECT m.id FROM guest_and_merged($1) m)) AND e.occurred_at >= $2
       AND e.class = 'granted' AND e.direction <> 'none' AND e.time_source <> 'received'
     GROUP BY e.guest_id
     UNION ALL
    SELECT n.guest_id, n.at
      FROM (SELECT v.guest_id,
                   (SELECT max(a.happened_at) FROM visit_action a WHERE a.visit_id = v.id AND a.happened_at >= $2) AS at
              FROM visit v
             WHERE v.guest_id = ANY($1)) n
     WHERE n.at IS NOT NULL)sql";

struct Columns {
  std::vector<std::int64_t> serials;
  std::vector<Instant> moments;
  std::vector<std::string_view> texts;
  std::vector<int> majors;
  std::vector<int> minors;

  explicit Columns(std::span<const EventIdentity> events) {
    serials.reserve(events.size());
    moments.reserve(events.size());
    texts.reserve(events.size());
    majors.reserve(events.size());
    minors.reserve(events.size());
    for (const auto& event : events) {
      serials.push_back(event.serial);
      moments.push_back(event.occurred_at);
      texts.push_back(event.time_text);
      majors.push_back(event.major);
      minors.push_back(event.minor);
    }
  }
};

std::vector<std::optional<int>> by_position(const db::Rows& rows, std::size_t size) {
  std::vector<std::optional<int>> epochs(size);
  for (const auto& row : rows)
    epochs[static_cast<std::size_t>(row.get<std::int64_t>("position")) - 1] = row.get<int>("epoch");
  return epochs;
}

void add_gaps(db::Transaction& tx, TerminalId terminal, std::span<const domain::SerialGap> gaps,
              std::span<const std::string> states, Instant now) {
  if (gaps.empty()) return;
  std::vector<int> epochs;
  std::vector<std::int64_t> first, last;
  for (const auto& gap : gaps) {
    epochs.push_back(gap.epoch);
    first.push_back(gap.first);
    last.push_back(gap.last);
  }
  tx.later(kAddGaps, terminal, epochs, first, last, now, states);
}

std::optional<PageTerminal> to_page_terminal(TerminalId id, const db::Rows& rows) {
  std::optional<PageTerminal> terminal;
  for (const auto& row : rows) {
    if (!terminal) {
      terminal.emplace();
      terminal->id = id;
      terminal->site = row.get<SiteId>("site_id");
      terminal->name = row.get<std::string>("name");
      terminal->rules = row.get<std::vector<std::string>>("rules");
      terminal->time_zone = row.get<std::string>("time_zone");
      for (const auto day : row.get<std::vector<int>>("days_off"))
        terminal->days_off.push_back(static_cast<unsigned>(day));
      terminal->lease_holder = row.get<std::optional<std::string>>("lease_holder").value_or("");
      terminal->cursor_at = row.get<std::optional<Instant>>("cursor_at");
      terminal->backlog = row.get<std::optional<std::int64_t>>("backlog");
      terminal->has_gaps = row.get<bool>("has_gaps");
      terminal->serials = {row.get<int>("epoch"), row.get<std::int64_t>("last_serial"),
                           row.get<std::optional<Instant>>("last_event_at")};
    }
    const auto door_no = row.get<std::optional<int>>("door_no");
    if (!door_no) continue;
    domain::Door door;
    door.terminal = id;
    door.door_no = *door_no;
    door.reader_no = row.get<int>("reader_no");
    door.direction = read_word<domain::Direction>(row, "direction");
    terminal->doors.push_back(door);
  }
  return terminal;
}

/// What is left of [first, last] without \p gone, which is sorted.
std::vector<domain::SerialGap> without(domain::SerialGap gap, std::span<const std::int64_t> gone) {
  std::vector<domain::SerialGap> left;
  for (const auto serial : gone) {
    if (serial < gap.first || serial > gap.last) continue;
    if (serial > gap.first) left.push_back({gap.epoch, gap.first, serial - 1});
    gap.first = serial + 1;
  }
  if (gap.first <= gap.last) left.push_back(gap);
  return left;
}

}  // namespace

std::function<std::optional<PageTerminal>()> IngestBatch::lock_terminal(TerminalId id) {
  const auto deadline = tx_.connection().statement_deadline();
  tx_.later(kPageSettings, std::to_string(deadline.count() > 0 ? (deadline + kAfterDeadline).count() : 0));
  return [id, locked = tx_.later(kLockTerminal, id)]() mutable { return to_page_terminal(id, locked.rows()); };
}

std::vector<std::optional<int>> IngestBatch::known_epochs(TerminalId terminal, std::span<const EventIdentity> events) {
  if (events.empty()) return {};
  const Columns columns{events};
  return by_position(tx_.rows(kKnown, terminal, columns.serials, columns.moments, columns.majors, columns.minors),
                     events.size());
}

std::vector<std::optional<int>> IngestBatch::known_epochs_by_text(TerminalId terminal,
                                                                  std::span<const EventIdentity> events) {
  if (events.empty()) return {};
  const Columns columns{events};
  return by_position(tx_.rows(kKnownByText, terminal, columns.serials, columns.texts, columns.majors, columns.minors),
                     events.size());
}

std::vector<bool> IngestBatch::taken(TerminalId terminal, int epoch, std::span<const std::int64_t> serials) {
  std::vector<bool> taken(serials.size());
  if (serials.empty()) return taken;
  for (const auto& row : tx_.rows(kTaken, terminal, epoch, serials))
    taken[static_cast<std::size_t>(row.get<std::int64_t>("position")) - 1] = true;
  return taken;
}

std::vector<domain::SerialGap> IngestBatch::gaps_with(TerminalId terminal, int epoch,
                                                      std::span<const std::int64_t> serials) {
  std::vector<domain::SerialGap> gaps;
  if (serials.empty()) return gaps;
  for (const auto& row : tx_.rows(kGapsWith, terminal, epoch, serials))
    gaps.push_back({epoch, row.get<std::int64_t>("first_serial"), row.get<std::int64_t>("last_serial")});
  return gaps;
}

void IngestBatch::add_gaps(TerminalId terminal, std::span<const domain::SerialGap> gaps, Instant now) {
  const std::vector<std::string> states(gaps.size(), "open");
  store::add_gaps(tx_, terminal, gaps, states, now);
}

void IngestBatch::fill_gaps(TerminalId terminal, int epoch, std::span<const std::int64_t> serials, Instant now) {
  if (serials.empty()) return;
  std::vector<std::int64_t> gone{serials.begin(), serials.end()};
  std::sort(gone.begin(), gone.end());
  std::vector<std::int64_t> ids, ends;
  std::vector<std::string> states, left_states;
  std::vector<domain::SerialGap> left;
  for (const auto& row : tx_.rows(kGapsWith, terminal, epoch, gone)) {
    const domain::SerialGap gap{epoch, row.get<std::int64_t>("first_serial"), row.get<std::int64_t>("last_serial")};
    const auto state = row.get<std::string>("state");
    auto rest = without(gap, gone);
    ids.push_back(row.get<std::int64_t>("id"));
    // The first number of a gap is its identity, so what begins there stays in its row.
    const bool keeps_row = !rest.empty() && rest.front().first == gap.first;
    states.push_back(keeps_row ? state : "filled");
    ends.push_back(rest.empty() ? gap.last : keeps_row ? rest.front().last : rest.front().first - 1);
    if (keeps_row) rest.erase(rest.begin());
    left.insert(left.end(), rest.begin(), rest.end());
    left_states.resize(left.size(), state);
  }
  if (ids.empty()) return;
  tx_.later(kEndGaps, ids, ends, states);
  store::add_gaps(tx_, terminal, left, left_states, now);
}

std::vector<std::pair<GuestId, Instant>> IngestBatch::latest_facts(std::span<const GuestId> guests, Instant since) {
  std::vector<std::pair<GuestId, Instant>> facts;
  for (const auto& row : tx_.rows(kLatestFacts, guests, since))
    facts.emplace_back(row.get<GuestId>("guest_id"), row.get<Instant>("at"));
  return facts;
}

}  // namespace visitor::store
