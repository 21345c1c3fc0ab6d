#include "store/events.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <set>

#include "core/guarded.hpp"
#include "store/event_keys.hpp"
#include "store/scoped.hpp"
#include "store/words.hpp"

namespace visitor::store {
namespace {

constexpr auto kPartitions = R"sql(
    SELECT access_event_partition(n.moment) FROM unnest($1::timestamptz[]) AS n(moment))sql";

constexpr auto kInsert = R"sql(
    INSERT INTO access_event (terminal_id, epoch, serial, occurred_at, major, minor, received_at, time_text,
                              time_source, class, direction, door_no, reader_no, employee_no, card_no, guest_id, raw)
    SELECT $1, n.epoch, n.serial, n.occurred_at, n.major, n.minor, $2, n.time_text, n.time_source, n.class,
           n.direction, n.door_no, n.reader_no, n.employee_no, n.card_no, n.guest_id, n.raw::jsonb
      FROM unnest($3::integer[], $4::bigint[], $5::timestamptz[], $6::integer[], $7::integer[], $8::text[], $9::text[],
                  $10::text[], $11::text[], $12::integer[], $13::integer[], $14::text[], $15::text[], $16::bigint[],
                  $17::text[])
           AS n(epoch, serial, occurred_at, major, minor, time_text, time_source, class, direction, door_no, reader_no,
                employee_no, card_no, guest_id, raw)
        ON CONFLICT DO NOTHING
 RETURNING id, epoch, serial, occurred_at, major, minor)sql";

constexpr auto kKnownSerials = R"sql(
    SELECT epoch, serial, occurred_at, major, minor
      FROM access_event
     WHERE terminal_id = $1 AND serial = ANY($2)
     ORDER BY epoch, serial, occurred_at)sql";

constexpr auto kStoredSerials = R"sql(
    SELECT DISTINCT serial
      FROM access_event
     WHERE terminal_id = $1 AND epoch = $2 AND serial BETWEEN $3 AND $4
     ORDER BY serial)sql";

// An array, so that the index of every partition is probed for each number rather than joined with. now_id is whoever
// the guest turned out to be.
constexpr auto kPassages = R"sql(
    SELECT coalesce((SELECT g.merged_into FROM guest g WHERE g.id = e.guest_id), e.guest_id) AS now_id, e.terminal_id,
           e.epoch, e.serial, e.occurred_at, e.major, e.minor, e.direction, t.site_id
      FROM access_event e
      JOIN terminal t ON t.id = e.terminal_id
     WHERE e.guest_id = ANY(ARRAY(SELECT m.id FROM guest_and_merged($1) m))
       AND e.occurred_at >= $2
       AND ($3::timestamptz IS NULL OR e.occurred_at <= $3)
       AND e.class = 'granted'
       AND e.direction IN ('entry', 'exit')
       AND e.time_source <> 'received'
     ORDER BY now_id, e.occurred_at, e.terminal_id, e.epoch, e.serial)sql";

constexpr auto kDenials = R"sql(
    SELECT e.id, e.terminal_id, e.epoch, e.serial, e.occurred_at, e.major, e.minor, t.site_id, e.door_no, e.reader_no,
           e.employee_no, e.card_no,
           coalesce((SELECT g.merged_into FROM guest g WHERE g.id = e.guest_id), e.guest_id) AS guest_id
      FROM access_event e
      JOIN terminal t ON t.id = e.terminal_id
     WHERE e.class = 'denied'
       AND e.occurred_at BETWEEN $5 AND $6
       AND e.time_source <> 'received'
       AND (e.employee_no = ANY($2) OR e.card_no = ANY($3) OR (e.terminal_id = $1 AND e.door_no = ANY($4)))
     ORDER BY e.occurred_at, e.id)sql";

// An event with the names that go with it. What follows is the rest of the statement.
constexpr auto kListed = R"sql(
    SELECT e.id, e.terminal_id, e.epoch, e.serial, e.occurred_at, e.major, e.minor, e.received_at, e.time_text,
           e.time_source, e.class, e.direction, e.door_no, e.reader_no, e.employee_no, e.card_no,
           coalesce(was.merged_into, e.guest_id) AS guest_id, e.raw,
           coalesce(t.name, '') AS terminal_name, coalesce(d.name, '') AS door_name, coalesce(g.name, '') AS guest_name,
           coalesce(s.time_zone, 'UTC') AS time_zone
      FROM access_event e
      LEFT JOIN terminal t ON t.id = e.terminal_id
      LEFT JOIN site s ON s.id = t.site_id
      LEFT JOIN door d ON (d.terminal_id, d.door_no, d.reader_no) = (e.terminal_id, e.door_no, e.reader_no)
      LEFT JOIN guest was ON was.id = e.guest_id
      LEFT JOIN guest g ON g.id = coalesce(was.merged_into, was.id))sql";

const std::string kFind = std::string{kListed} + R"sql(
     WHERE e.id = $1)sql" +
                          event_in_scope(2);

const std::string kOfKeys = std::string{kListed} + R"sql(
      JOIN unnest($1::bigint[], $2::integer[], $3::bigint[], $4::timestamptz[], $5::integer[], $6::integer[])
           AS n(terminal_id, epoch, serial, occurred_at, major, minor)
        ON (e.terminal_id, e.epoch, e.serial, e.occurred_at, e.major, e.minor)
           = (n.terminal_id, n.epoch, n.serial, n.occurred_at, n.major, n.minor)
     WHERE true)sql" + event_in_scope(7);

constexpr auto kGuestsWithin = R"sql(
    SELECT DISTINCT coalesce(g.merged_into, e.guest_id) AS guest_id
      FROM (SELECT DISTINCT guest_id
              FROM access_event
             WHERE occurred_at >= $1 AND occurred_at < $2 AND guest_id IS NOT NULL
               AND class = 'granted' AND direction IN ('entry', 'exit') AND time_source <> 'received') e
      LEFT JOIN guest g ON g.id = e.guest_id
     ORDER BY guest_id)sql";

constexpr auto kFilter = R"sql(
     WHERE ($1::bigint IS NULL OR t.site_id = $1)
       AND ($2::bigint IS NULL OR e.terminal_id = $2)
       AND ($3::bigint IS NULL OR e.guest_id = ANY(ARRAY(SELECT m.id FROM guest_and_merged(ARRAY[$3::bigint]) m)))
       AND (cardinality($4::text[]) = 0 OR e.class = ANY($4))
       AND ($5::text IS NULL OR e.direction = $5)
       AND ($6::text IS NULL OR e.employee_no = $6 OR e.card_no = $6)
       AND ($7::timestamptz IS NULL OR e.occurred_at >= $7)
       AND ($8::timestamptz IS NULL OR e.occurred_at < $8))sql";

// One class stands as an equality: only then does the index of rare classes give them in the order of time.
const std::string kFilterOneClass = [] {
  std::string filter{kFilter};
  constexpr std::string_view kAny = "(cardinality($4::text[]) = 0 OR e.class = ANY($4))";
  return filter.replace(filter.find(kAny), kAny.size(), "e.class = $4");
}();

constexpr auto kOrdered = R"sql(
       AND ($9::timestamptz IS NULL OR (e.occurred_at, e.id) < ($9, $10))
     ORDER BY e.occurred_at DESC, e.id DESC
     LIMIT $11)sql";

const std::string kList = std::string{kListed} + kFilter + event_in_scope(12) + kOrdered;
const std::string kListOneClass = std::string{kListed} + kFilterOneClass + event_in_scope(12) + kOrdered;

const std::string kBetween = std::string{kListed} + kFilter + event_in_scope(11) + R"sql(
       AND e.id > $9 AND e.id <= $10
     ORDER BY e.id)sql";

// The feed says which numbers are older without a look at the events themselves: those of a line that was written
// before the moment, by a margin that no transaction outlasts. Where it names nothing since then, there is nothing.
constexpr auto kLastBefore = R"sql(
    SELECT coalesce((SELECT version
                       FROM change
                      WHERE topic = 'event' AND at < $1 - interval '1 minute'
                      ORDER BY id DESC
                      LIMIT 1), 0) AS id
     WHERE EXISTS (SELECT FROM change WHERE topic = 'event' AND at >= $1))sql";

// The number is a parameter, so that the planner knows how few events come after it.
constexpr auto kStoredSince = R"sql(
    SELECT terminal_id, count(*) AS count
      FROM access_event
     WHERE id > $1 AND received_at >= $2 AND terminal_id = ANY($3)
     GROUP BY terminal_id)sql";

// Which partitions a session has seen after they were committed. A session belongs to one database, and partitions
// stay.
using Month = std::pair<int, std::int64_t>;  // backend, months since 1970
constexpr std::size_t kRememberedMonths = 10'000;

Guarded<std::set<Month>>& known_months() {
  static Guarded<std::set<Month>> months;
  return months;
}

std::int64_t month_of(Instant moment) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(moment)};
  return (static_cast<int>(day.year()) - 1970) * std::int64_t{12} + static_cast<unsigned>(day.month()) - 1;
}

// PostgreSQL cannot hold U+0000, and jsonb refuses its escape too: it becomes U+FFFD. An escaped backslash before
// "u0000" is something else and stays. Nothing comes back where there is nothing to do, which is the rule.
std::optional<std::string> without_nul_escapes(std::string_view json) {
  if (json.find("\\u0000") == std::string_view::npos) return std::nullopt;
  std::string text{json};
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    if (text[at] != '\\') continue;
    if (text.compare(at, 6, "\\u0000") == 0) text.replace(at, 6, "\\ufffd");
    ++at;  // what is escaped
  }
  return text;
}

// A number that no person has, kept from growing beyond what an index can hold. The raw event has it all.
std::optional<std::string_view> bounded(const std::optional<std::string_view>& number) {
  constexpr std::size_t kLimit = 256;
  if (!number || number->size() <= kLimit) return number;
  auto size = kLimit;
  while (size > 0 && (static_cast<unsigned char>((*number)[size]) & 0xC0U) == 0x80U) --size;  // not within a character
  return number->substr(0, size);
}

struct Identity {
  int epoch;
  std::int64_t serial;
  Instant occurred_at;
  int major;
  int minor;
  bool operator==(const Identity&) const = default;
};

Identity identity_of(const NewEvent& event) {
  return {event.epoch, event.serial, event.occurred_at, event.major, event.minor};
}

EventListed to_listed(const db::Row& row) {
  EventListed listed;
  auto& event = listed.event;
  event.id = row.get<EventId>("id");
  event.key = {row.get<TerminalId>("terminal_id"), row.get<int>("epoch"), row.get<std::int64_t>("serial"),
               row.get<Instant>("occurred_at"),    row.get<int>("major"), row.get<int>("minor")};
  event.received_at = row.get<Instant>("received_at");
  event.time_text = row.get<std::string>("time_text");
  event.time_source = read_word<domain::TimeSource>(row, "time_source");
  event.event_class = read_word<domain::EventClass>(row, "class");
  event.direction = read_word<domain::Direction>(row, "direction");
  event.door_no = row.get<int>("door_no");
  event.reader_no = row.get<int>("reader_no");
  event.employee_no = row.get<std::optional<std::string>>("employee_no");
  event.card_no = row.get<std::optional<std::string>>("card_no");
  event.guest = row.get<std::optional<GuestId>>("guest_id");
  event.raw = row.get<db::Json>("raw").text;
  listed.terminal_name = row.get<std::string>("terminal_name");
  listed.door_name = row.get<std::string>("door_name");
  listed.guest_name = row.get<std::string>("guest_name");
  listed.time_zone = row.get<std::string>("time_zone");
  return listed;
}

std::vector<EventListed> to_list(const db::Rows& rows) {
  std::vector<EventListed> list;
  list.reserve(rows.size());
  for (const auto& row : rows) list.push_back(to_listed(row));
  return list;
}

}  // namespace

void Events::ensure_partitions(std::span<const Instant> moments) {
  const int backend = tx_.connection().backend_pid();
  std::set<Month> wanted;
  std::vector<Instant> unknown;
  for (const auto moment : moments) {
    const Month month{backend, month_of(moment)};
    if (!wanted.insert(month).second) continue;
    if (!known_months().with([&](const auto& known) { return known.contains(month); })) unknown.push_back(moment);
  }
  if (unknown.empty()) return;
  std::sort(unknown.begin(), unknown.end());
  tx_.exec(kPartitions, unknown);
  tx_.before_commit([wanted = std::move(wanted)](db::Transaction&) {
    known_months().with([&](auto& known) {
      if (known.size() > kRememberedMonths) known.clear();
      known.insert(wanted.begin(), wanted.end());
    });
  });
}

std::vector<std::optional<EventId>> Events::insert_batch(TerminalId terminal, Instant received_at,
                                                         std::span<const NewEvent> events) {
  std::vector<std::optional<EventId>> ids(events.size());
  if (events.empty()) return ids;

  std::vector<int> epochs, majors, minors, doors, readers;
  std::vector<std::int64_t> serials;
  std::vector<Instant> moments;
  std::vector<std::string_view> time_texts, time_sources, classes, directions, raws;
  std::vector<std::optional<std::string_view>> employee_nos, card_nos;
  std::vector<std::optional<GuestId>> guests;
  std::vector<std::unique_ptr<std::string>> repaired;  // where raws view into, if not into the events
  for (auto* column : {&epochs, &majors, &minors, &doors, &readers}) column->reserve(events.size());
  for (auto* column : {&time_texts, &time_sources, &classes, &directions, &raws}) column->reserve(events.size());
  for (auto* column : {&employee_nos, &card_nos}) column->reserve(events.size());
  serials.reserve(events.size());
  moments.reserve(events.size());
  guests.reserve(events.size());
  for (const auto& event : events) {
    epochs.push_back(event.epoch);
    serials.push_back(event.serial);
    moments.push_back(event.occurred_at);
    majors.push_back(event.major);
    minors.push_back(event.minor);
    time_texts.push_back(event.time_text);
    time_sources.push_back(domain::name(event.time_source));
    classes.push_back(domain::name(event.event_class));
    directions.push_back(domain::name(event.direction));
    doors.push_back(event.door_no);
    readers.push_back(event.reader_no);
    employee_nos.push_back(bounded(event.employee_no));
    card_nos.push_back(bounded(event.card_no));
    guests.push_back(event.guest);
    if (auto clean = without_nul_escapes(event.raw)) {
      repaired.push_back(std::make_unique<std::string>(*std::move(clean)));
      raws.push_back(*repaired.back());
    } else {
      raws.push_back(event.raw);
    }
  }

  // New rows come back in the order given, so one walk finds them; should a server ever return them otherwise, the walk
  // only takes longer.
  std::size_t at = 0;
  for (const auto& row :
       tx_.rows(kInsert, terminal, received_at, epochs, serials, moments, majors, minors, time_texts, time_sources,
                classes, directions, doors, readers, employee_nos, card_nos, guests, raws)) {
    const Identity stored{row.get<int>("epoch"), row.get<std::int64_t>("serial"), row.get<Instant>("occurred_at"),
                          row.get<int>("major"), row.get<int>("minor")};
    for (std::size_t tried = 0; tried < events.size(); ++tried, at = (at + 1) % events.size()) {
      if (ids[at] || !(identity_of(events[at]) == stored)) continue;
      ids[at] = row.get<EventId>("id");
      at = (at + 1) % events.size();
      break;
    }
  }
  return ids;
}

std::vector<KnownSerial> Events::known_serials(TerminalId terminal, std::span<const std::int64_t> serials) {
  std::vector<KnownSerial> known;
  if (serials.empty()) return known;
  for (const auto& row : tx_.rows(kKnownSerials, terminal, serials))
    known.push_back({row.get<int>("epoch"), row.get<std::int64_t>("serial"), row.get<Instant>("occurred_at"),
                     row.get<int>("major"), row.get<int>("minor")});
  return known;
}

std::vector<std::int64_t> Events::stored_serials(TerminalId terminal, int epoch, std::int64_t first,
                                                 std::int64_t last) {
  std::vector<std::int64_t> serials;
  for (const auto& row : tx_.rows(kStoredSerials, terminal, epoch, first, last))
    serials.push_back(row.get<std::int64_t>("serial"));
  return serials;
}

std::vector<GuestPassage> Events::passages(std::span<const GuestId> guests, Instant since,
                                           std::optional<Instant> until) {
  std::vector<GuestPassage> passages;
  if (guests.empty()) return passages;
  for (const auto& row : tx_.rows(kPassages, guests, since, until)) {
    GuestPassage one;
    one.guest = row.get<GuestId>("now_id");
    one.passage.key = {row.get<TerminalId>("terminal_id"), row.get<int>("epoch"), row.get<std::int64_t>("serial"),
                       row.get<Instant>("occurred_at"),    row.get<int>("major"), row.get<int>("minor")};
    one.passage.direction = read_word<domain::Direction>(row, "direction");
    one.passage.site = row.get<SiteId>("site_id");
    passages.push_back(one);
  }
  return passages;
}

std::vector<Denial> Events::recent_denials(const DenialQuery& query) {
  std::vector<Denial> denials;
  if (query.employee_nos.empty() && query.card_nos.empty() && query.door_nos.empty()) return denials;
  for (const auto& row : tx_.rows(kDenials, query.terminal, query.employee_nos, query.card_nos, query.door_nos,
                                  query.since, query.until)) {
    Denial denial;
    denial.id = row.get<EventId>("id");
    denial.key = {row.get<TerminalId>("terminal_id"), row.get<int>("epoch"), row.get<std::int64_t>("serial"),
                  row.get<Instant>("occurred_at"),    row.get<int>("major"), row.get<int>("minor")};
    denial.site = row.get<SiteId>("site_id");
    denial.door_no = row.get<int>("door_no");
    denial.reader_no = row.get<int>("reader_no");
    denial.employee_no = row.get<std::optional<std::string>>("employee_no");
    denial.card_no = row.get<std::optional<std::string>>("card_no");
    denial.guest = row.get<std::optional<GuestId>>("guest_id");
    denials.push_back(std::move(denial));
  }
  return denials;
}

std::vector<GuestId> Events::guests_within(Instant since, Instant until) {
  std::vector<GuestId> guests;
  for (const auto& row : tx_.rows(kGuestsWithin, since, until)) guests.push_back(row.get<GuestId>("guest_id"));
  return guests;
}

std::vector<EventListed> Events::of_keys(std::span<const domain::EventKey> keys) {
  if (keys.empty()) return {};
  const EventKeyColumns of{keys};
  return to_list(tx_.rows(kOfKeys, of.terminals, of.epochs, of.serials, of.moments, of.majors, of.minors,
                          scope_.sites(), scope_.departments(), scope_.hosts()));
}

std::optional<EventListed> Events::find(EventId id) {
  if (const auto row = tx_.maybe_row(kFind, id, scope_.sites(), scope_.departments(), scope_.hosts()))
    return to_listed(*row);
  return std::nullopt;
}

std::vector<EventListed> Events::list(const EventFilter& filter) {
  std::optional<Instant> before_at;
  std::optional<EventId> before_id;
  if (filter.before) {
    before_at = filter.before->occurred_at;
    before_id = filter.before->id;
  }
  const auto rows = [&](const std::string& sql, const auto& classes) {
    return to_list(tx_.rows(sql, filter.site, filter.terminal, filter.guest, classes, maybe_word(filter.direction),
                            unless_empty(filter.person), filter.since, filter.until, before_at, before_id, filter.limit,
                            scope_.sites(), scope_.departments(), scope_.hosts()));
  };
  if (filter.classes.size() == 1) return rows(kListOneClass, domain::name(filter.classes.front()));
  return rows(kList, words(filter.classes));
}

std::vector<EventListed> Events::between(TerminalId terminal, EventId after, EventId last, const EventFilter& filter) {
  return to_list(tx_.rows(kBetween, filter.site, terminal, filter.guest, words(filter.classes),
                          maybe_word(filter.direction), unless_empty(filter.person), filter.since, filter.until, after,
                          last, scope_.sites(), scope_.departments(), scope_.hosts()));
}

std::map<TerminalId, std::int64_t> Events::stored_since(std::span<const TerminalId> terminals, Instant since) {
  std::map<TerminalId, std::int64_t> counts;
  const auto last = tx_.maybe_row(kLastBefore, since);
  if (!last) return counts;
  for (const auto& row : tx_.rows(kStoredSince, last->get<EventId>("id"), since, terminals))
    counts.emplace(row.get<TerminalId>("terminal_id"), row.get<std::int64_t>("count"));
  return counts;
}

}  // namespace visitor::store
