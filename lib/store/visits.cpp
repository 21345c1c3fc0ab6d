#include "store/visits.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/scoped.hpp"
#include "store/words.hpp"

namespace visitor::store {
namespace {

constexpr auto kAdd = R"sql(
    INSERT INTO visit (guest_id, host_id, department_id, site_id, purpose, purpose_text, kind, contact_phone,
                       consent_at, expected_from, expected_until, registered_by, registered_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
 RETURNING id)sql";

// A visit without the names that go with it. What follows is the rest of the statement.
const std::string kPlain = R"sql(
    SELECT id, guest_id, host_id, department_id, site_id, purpose, purpose_text, kind, contact_phone, consent_at,
           expected_from, expected_until, status, checked_in_at, checked_in_how, checked_out_at, checked_out_how,
           ended_at, cancelled_reason, entry_count, exit_count, registered_by, registered_at, version)sql";

const std::string kFind = kPlain + R"sql(
      FROM visit v
     WHERE id = $1)sql" + in_scope("v.site_id", "v.department_id", "v.host_id", 2);

constexpr auto kUpdatePlan = R"sql(
    UPDATE visit
       SET host_id = $3, department_id = $4, purpose = $5, purpose_text = $6, kind = $7, contact_phone = $8,
           consent_at = $9, expected_from = $10, expected_until = $11, version = version + 1
     WHERE id = $1 AND version = $2)sql";

const std::string kLock = kPlain + R"sql(
      FROM visit
     WHERE id = ANY($1)
     ORDER BY id
       FOR UPDATE)sql";

const std::string kLockForGuests = kPlain + R"sql(
      FROM visit
     WHERE guest_id = ANY($1)
       AND ($2::timestamptz IS NULL OR status IN ('AWAITING', 'CHECKED_IN') OR expected_until >= $2 OR ended_at >= $2)
     ORDER BY id
       FOR UPDATE)sql";

// A scalar subquery rather than EXISTS, which the planner would answer by reading all visits that there are.
const std::string kLockWithin = kPlain + R"sql(
      FROM visit v
     WHERE guest_id = ANY($1) AND site_id = $2
       AND (status IN ('AWAITING', 'CHECKED_IN') OR expected_until > $3 OR ended_at >= $4
            OR (ended_at >= $5
                AND (SELECT true FROM visit p
                      WHERE p.guest_id = v.guest_id AND p.checked_out_how = 'presumed' AND p.ended_at >= $5
                      LIMIT 1)))
     ORDER BY id
       FOR UPDATE)sql";

const std::string kInsideSince = kPlain + R"sql(
      FROM visit
     WHERE status = 'CHECKED_IN' AND checked_in_at <= $1
     ORDER BY checked_in_at, id
     LIMIT $2)sql";

// The newest ones: what is cut off is long ago.
constexpr auto kLeftSince = R"sql(
    SELECT checked_in_at, checked_out_at
      FROM visit
     WHERE site_id = $1 AND checked_out_at >= $2 AND status = 'CHECKED_OUT'
     ORDER BY checked_out_at DESC
     LIMIT $3)sql";

// A visit with the names that go with it. What follows is the rest of the statement.
constexpr auto kListed = R"sql(
    SELECT v.id, v.guest_id, v.host_id, v.department_id, v.site_id, v.purpose, v.purpose_text, v.kind, v.contact_phone,
           v.consent_at, v.expected_from, v.expected_until, v.status, v.checked_in_at, v.checked_in_how,
           v.checked_out_at, v.checked_out_how, v.ended_at, v.cancelled_reason, v.entry_count, v.exit_count, v.registered_by, v.registered_at, v.version,
           g.name AS guest_name, g.company AS guest_company, coalesce(h.name, '') AS host_name,
           coalesce(d.name, '') AS department_name, s.name AS site_name, s.time_zone)sql";

constexpr auto kJoins = R"sql(
      JOIN guest g ON g.id = v.guest_id
      JOIN site s ON s.id = v.site_id
      LEFT JOIN host h ON h.id = v.host_id
      LEFT JOIN department d ON d.id = v.department_id)sql";
const std::string kNames = std::string{"\n      FROM visit v"} + kJoins;

const std::string kFindListed = std::string{kListed} + kNames + R"sql(
     WHERE v.id = $1)sql" + in_scope("v.site_id", "v.department_id", "v.host_id", 2);

// A subquery, so that the planner takes any number of them for the same and plans once for each session.
const std::string kFindAllListed = std::string{kListed} + kNames + R"sql(
     WHERE v.id = ANY(ARRAY(SELECT unnest($1::bigint[]))))sql" +
                                   in_scope("v.site_id", "v.department_id", "v.host_id", 2);

// Everything but the position of a page; 15 parameters.
const std::string kMatching = std::string{kNames} + R"sql(
     WHERE (cardinality($1::text[]) = 0 OR v.status = ANY($1))
       AND ($2::bigint IS NULL OR v.site_id = $2)
       AND ($3::bigint IS NULL OR v.department_id = $3)
       AND ($4::bigint IS NULL OR v.host_id = $4)
       AND ($5::bigint IS NULL OR v.guest_id = $5)
       AND ($6::timestamptz IS NULL OR v.expected_from >= $6)
       AND ($7::timestamptz IS NULL OR v.expected_from < $7)
       AND ($8::timestamptz IS NULL OR v.registered_at >= $8)
       AND ($9::timestamptz IS NULL OR v.registered_at < $9)
       AND ($10::text IS NULL OR g.name ILIKE $10 OR g.company ILIKE $10 OR h.name ILIKE $10)
       AND ($11::bigint[] IS NULL OR v.guest_id = ANY($11) OR v.host_id = ANY($12)))sql" +
                              in_scope("v.site_id", "v.department_id", "v.host_id", 13);

const std::string kList = kListed + kMatching + R"sql(
       AND ($16::timestamptz IS NULL OR (v.expected_from, v.id) < ($16, $17))
     ORDER BY v.expected_from DESC, v.id DESC
     LIMIT $18 OFFSET $19)sql";

const std::string kListOldestFirst = kListed + kMatching + R"sql(
       AND ($16::timestamptz IS NULL OR (v.expected_from, v.id) > ($16, $17))
     ORDER BY v.expected_from, v.id
     LIMIT $18 OFFSET $19)sql";

// The list without a filter, which is asked for most: nothing stands in it that the planner would have to know the
// value of, so that the server plans it once for each session. What a filter needs to be found soon depends on its
// values, and planning takes longer than running this. For the same reason the limit is a part of the text; and only
// the rows of the page are joined, or the server makes room for all the guests that there are.
const std::string kWhole = kListed + std::string{R"sql(
      FROM (SELECT * FROM visit v WHERE true)sql"} +
                           site_in_scope("v.site_id", 1);
constexpr auto kBefore = R"sql(
       AND (v.expected_from, v.id) < ($2, $3))sql";
constexpr auto kAfter = R"sql(
       AND (v.expected_from, v.id) > ($2, $3))sql";
constexpr auto kNewestFirst = R"sql(
     ORDER BY v.expected_from DESC, v.id DESC)sql";
constexpr auto kOldestFirst = R"sql(
     ORDER BY v.expected_from, v.id)sql";

const std::string kCount = "SELECT count(*) AS count" + kMatching;

constexpr auto kGuestsWith = R"sql(
    SELECT id FROM guest WHERE search LIKE search_text($1) LIMIT $2)sql";

constexpr auto kHostsWith = R"sql(
    SELECT id FROM host WHERE name ILIKE $1 LIMIT $2)sql";

// A text that few people have leads from them to their visits, by index. One that many have is found soon by whoever
// reads the visits themselves; were it looked for in them all the same, a rare one would take seconds.
constexpr int kFewGuests = 1'000;
constexpr int kFewHosts = 20;

constexpr auto kPhones = R"sql(,
           g.phone AS guest_phone, coalesce(h.phone, '') AS host_phone)sql";

constexpr auto kWay = R"sql(,
           way.id AS event_id, way.occurred_at AS entered_at, coalesce(way.terminal_name, '') AS terminal_name,
           coalesce(way.door_name, '') AS door_name, coalesce(way.door_no, 0) AS door_no,
           coalesce(way.reader_no, 0) AS reader_no)sql";

// The last entry of a visit's guest since the check-in, and not after its end. $1 is the first check-in of all these
// visits: a session that is new to the partitions before it takes longer to open them than for all the rest.
constexpr auto kLastEntry = R"sql(
      LEFT JOIN LATERAL (
           SELECT e.id, e.occurred_at, e.door_no, e.reader_no, t.name AS terminal_name, n.name AS door_name
             FROM access_event e
             JOIN terminal t ON t.id = e.terminal_id AND t.site_id = v.site_id
             LEFT JOIN door n ON (n.terminal_id, n.door_no, n.reader_no) = (e.terminal_id, e.door_no, e.reader_no)
            WHERE e.guest_id = ANY(ARRAY(SELECT m.id FROM guest_and_merged(ARRAY[v.guest_id]) m))
              AND e.occurred_at >= v.checked_in_at AND e.occurred_at >= $1
              AND (v.checked_out_at IS NULL OR e.occurred_at <= v.checked_out_at)
              AND e.class = 'granted' AND e.direction = 'entry' AND e.time_source <> 'received'
            ORDER BY e.occurred_at DESC
            LIMIT 1) way ON true)sql";

const std::string kInside = std::string{kListed} + kPhones + kWay + R"sql(, coalesce(hand.login, '') AS login)sql" +
                            kNames + kLastEntry + R"sql(
      LEFT JOIN LATERAL (
           SELECT c.login
             FROM visit_action a
             LEFT JOIN account c ON c.id = a.account_id
            WHERE a.visit_id = v.id AND a.kind = 'check_in' AND a.happened_at = v.checked_in_at
            ORDER BY a.id
            LIMIT 1) hand ON v.checked_in_how <> 'door'
     WHERE v.status = 'CHECKED_IN'
       AND ($2::bigint IS NULL OR v.site_id = $2))sql" +
                            in_scope("v.site_id", "v.department_id", "v.host_id", 3) + R"sql(
     ORDER BY v.checked_in_at, v.id)sql";

// Without OFFSET the planner may go through the check-ins of all time in their order.
constexpr auto kFirstInside = R"sql(
    SELECT min(n.checked_in_at) AS first
      FROM (SELECT checked_in_at FROM visit WHERE status = 'CHECKED_IN' OFFSET 0) n)sql";

const std::string kPresumedLeft = std::string{kListed} + kPhones + kWay + kNames + kLastEntry + R"sql(
     WHERE v.checked_out_at >= $3 AND v.checked_out_how = 'presumed'
       AND ($2::bigint IS NULL OR v.site_id = $2)
       AND NOT EXISTS (SELECT FROM visit o WHERE o.guest_id = v.guest_id AND o.status = 'CHECKED_IN'))sql" +
                                  in_scope("v.site_id", "v.department_id", "v.host_id", 4) + R"sql(
     ORDER BY v.checked_out_at DESC, v.id)sql";

constexpr auto kFirstPresumedLeft = R"sql(
    SELECT min(n.checked_in_at) AS first
      FROM (SELECT checked_in_at FROM visit WHERE checked_out_at >= $1 AND checked_out_how = 'presumed' OFFSET 0) n)sql";

const std::string kWithPhones = std::string{kListed} + kPhones + kNames + R"sql(
     WHERE v.id = ANY($1))sql" + in_scope("v.site_id", "v.department_id", "v.host_id", 2) +
                                R"sql(
     ORDER BY v.id)sql";

constexpr auto kGuestsWithin = R"sql(
    SELECT DISTINCT guest_id
      FROM visit
     WHERE (checked_in_at < $2 AND checked_out_at >= $1)
        OR (status = 'CHECKED_IN' AND checked_in_at < $2)
     ORDER BY guest_id)sql";

const std::string kOfGuests = kPlain + R"sql(
      FROM visit
     WHERE guest_id = ANY($1)
     ORDER BY id)sql";

const std::string kAwaitedUntil = std::string{kListed} + kNames + R"sql(
     WHERE v.status = 'AWAITING' AND v.expected_until < $1)sql" +
                                  in_scope("v.site_id", "v.department_id", "v.host_id", 3) + R"sql(
     ORDER BY v.expected_until, v.id
     LIMIT $2)sql";

// The reason belongs to the action at the very moment that the fold says the visit was cancelled.
constexpr auto kSave = R"sql(
    UPDATE visit v
       SET status = n.status, checked_in_at = n.checked_in_at, checked_in_how = n.checked_in_how,
           checked_out_at = n.checked_out_at, checked_out_how = n.checked_out_how, ended_at = n.ended_at,
           entry_count = n.entry_count, exit_count = n.exit_count, version = v.version + 1,
           cancelled_reason = CASE WHEN n.status = 'CANCELLED'
                                   THEN coalesce((SELECT a.reason
                                                    FROM visit_action a
                                                   WHERE a.visit_id = v.id AND a.kind = 'cancel'
                                                     AND a.happened_at = n.ended_at
                                                   ORDER BY a.id
                                                   LIMIT 1), '')
                                   ELSE '' END
      FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::timestamptz[], $5::text[], $6::timestamptz[], $7::text[],
                  $8::timestamptz[], $9::integer[], $10::integer[])
           AS n(id, version, status, checked_in_at, checked_in_how, checked_out_at, checked_out_how, ended_at,
                entry_count, exit_count)
     WHERE v.id = n.id AND v.version = n.version
 RETURNING v.id)sql";

domain::Visit to_visit(const db::Row& row) {
  domain::Visit visit;
  visit.id = row.get<VisitId>("id");
  visit.guest = row.get<GuestId>("guest_id");
  visit.host = row.get<std::optional<HostId>>("host_id");
  visit.department = row.get<std::optional<DepartmentId>>("department_id");
  visit.site = row.get<SiteId>("site_id");
  visit.purpose = read_word<domain::Purpose>(row, "purpose");
  visit.purpose_text = row.get<std::string>("purpose_text");
  visit.kind = read_word<domain::VisitKind>(row, "kind");
  visit.contact_phone = row.get<std::string>("contact_phone");
  visit.consent_at = row.get<std::optional<Instant>>("consent_at");
  visit.expected_from = row.get<Instant>("expected_from");
  visit.expected_until = row.get<Instant>("expected_until");
  visit.state.status = read_word<domain::VisitStatus>(row, "status");
  visit.state.checked_in_at = row.get<std::optional<Instant>>("checked_in_at");
  visit.state.checked_in_how = read_maybe_word<domain::How>(row, "checked_in_how");
  visit.state.checked_out_at = row.get<std::optional<Instant>>("checked_out_at");
  visit.state.checked_out_how = read_maybe_word<domain::How>(row, "checked_out_how");
  visit.state.ended_at = row.get<std::optional<Instant>>("ended_at");
  visit.state.entry_count = row.get<int>("entry_count");
  visit.state.exit_count = row.get<int>("exit_count");
  visit.cancelled_reason = row.get<std::string>("cancelled_reason");
  visit.registered_by = row.get<std::optional<AccountId>>("registered_by");
  visit.registered_at = row.get<Instant>("registered_at");
  visit.version = row.get<int>("version");
  return visit;
}

std::vector<domain::Visit> to_visits(const db::Rows& rows) {
  std::vector<domain::Visit> visits;
  visits.reserve(rows.size());
  for (const auto& row : rows) visits.push_back(to_visit(row));
  return visits;
}

/// The column "id" of at most \p most rows, or nothing where there are more.
template <class Id>
std::optional<std::vector<Id>> few(const db::Rows& rows, int most) {
  if (rows.size() > static_cast<std::size_t>(most)) return std::nullopt;
  std::vector<Id> ids;
  for (const auto& row : rows) ids.push_back(row.get<Id>("id"));
  return ids;
}

VisitListed to_listed(const db::Row& row) {
  VisitListed listed;
  listed.visit = to_visit(row);
  listed.guest_name = row.get<std::string>("guest_name");
  listed.guest_company = row.get<std::string>("guest_company");
  listed.host_name = row.get<std::string>("host_name");
  listed.department_name = row.get<std::string>("department_name");
  listed.site_name = row.get<std::string>("site_name");
  listed.time_zone = row.get<std::string>("time_zone");
  return listed;
}

Present to_present(const db::Row& row) {
  Present present;
  present.listed = to_listed(row);
  present.guest_phone = row.get<std::string>("guest_phone");
  present.host_phone = row.get<std::string>("host_phone");
  return present;
}

void read_way(const db::Row& row, Proof& proof) {
  proof.event = row.get<std::optional<EventId>>("event_id");
  proof.entered_at = row.get<std::optional<Instant>>("entered_at");
  proof.terminal_name = row.get<std::string>("terminal_name");
  proof.door_name = row.get<std::string>("door_name");
  proof.door_no = row.get<int>("door_no");
  proof.reader_no = row.get<int>("reader_no");
}

std::vector<VisitListed> to_list(const db::Rows& rows) {
  std::vector<VisitListed> list;
  list.reserve(rows.size());
  for (const auto& row : rows) list.push_back(to_listed(row));
  return list;
}

}  // namespace

VisitId Visits::add(const domain::Visit& visit) {
  return tx_
      .row(kAdd, visit.guest, visit.host, visit.department, visit.site, domain::name(visit.purpose), visit.purpose_text,
           domain::name(visit.kind), visit.contact_phone, visit.consent_at, visit.expected_from, visit.expected_until,
           visit.registered_by, visit.registered_at)
      .get<VisitId>("id");
}

bool Visits::update_plan(const domain::Visit& visit) {
  return tx_.exec(kUpdatePlan, visit.id, visit.version, visit.host, visit.department, domain::name(visit.purpose),
                  visit.purpose_text, domain::name(visit.kind), visit.contact_phone, visit.consent_at,
                  visit.expected_from, visit.expected_until) == 1;
}

std::optional<domain::Visit> Visits::find(VisitId id) {
  if (const auto row = tx_.maybe_row(kFind, id, scope_.sites(), scope_.departments(), scope_.hosts()))
    return to_visit(*row);
  return std::nullopt;
}

domain::Visit Visits::get(VisitId id) {
  if (auto visit = find(id)) return *std::move(visit);
  throw Error(Errc::not_found, fmt::format("visit {} does not exist", id), "Run 'visitorctl visit list' to see them.");
}

std::optional<VisitListed> Visits::find_listed(VisitId id) {
  if (const auto row = tx_.maybe_row(kFindListed, id, scope_.sites(), scope_.departments(), scope_.hosts()))
    return to_listed(*row);
  return std::nullopt;
}

std::vector<VisitListed> Visits::find_listed(std::span<const VisitId> ids) {
  return to_list(tx_.rows(kFindAllListed, ids, scope_.sites(), scope_.departments(), scope_.hosts()));
}

/// Who has a text that is looked for: nothing where it is no text, or too many have it.
struct Visits::Found {
  std::optional<std::string> text;
  std::optional<std::vector<GuestId>> guests;
  std::optional<std::vector<HostId>> hosts;
};

Visits::Found Visits::find_text(const std::string& wanted) {
  Found found{like(wanted), {}, {}};
  if (!found.text) return found;
  found.guests = few<GuestId>(tx_.rows(kGuestsWith, found.text, kFewGuests + 1), kFewGuests);
  if (found.guests) found.hosts = few<HostId>(tx_.rows(kHostsWith, found.text, kFewHosts + 1), kFewHosts);
  if (!found.hosts) found.guests.reset();
  return found;
}

namespace {

bool is_whole(const VisitFilter& filter) {
  return filter.statuses.empty() && !filter.site && !filter.department && !filter.host && !filter.guest &&
         !filter.since && !filter.until && !filter.registered_since && !filter.registered_until &&
         filter.text.empty() && filter.offset == 0;
}

/// A department or a host may have few visits among many, which an index then finds. There is none by site.
bool is_of_sites(const domain::Scope& scope) {
  return scope.is_everything() || (scope.departments()->empty() && scope.hosts()->empty());
}

std::vector<VisitListed> list_whole(db::Transaction& tx, const domain::Scope& scope, const VisitFilter& filter) {
  const auto* order = filter.oldest_first ? kOldestFirst : kNewestFirst;
  const auto rest = fmt::format("{}\n     LIMIT {}) v{}{}", order, filter.limit, kJoins, order);
  if (!filter.before) return to_list(tx.rows(kWhole + rest, scope.sites()));
  return to_list(tx.rows(kWhole + (filter.oldest_first ? kAfter : kBefore) + rest, scope.sites(),
                         filter.before->expected_from, filter.before->id));
}

}  // namespace

std::vector<VisitListed> Visits::list(const VisitFilter& filter) {
  if (is_whole(filter) && is_of_sites(scope_)) return list_whole(tx_, scope_, filter);
  std::optional<Instant> before_from;
  std::optional<VisitId> before_id;
  if (filter.before) {
    before_from = filter.before->expected_from;
    before_id = filter.before->id;
  }
  const auto found = find_text(filter.text);
  return to_list(tx_.rows(filter.oldest_first ? kListOldestFirst : kList, words(filter.statuses), filter.site,
                          filter.department, filter.host, filter.guest, filter.since, filter.until,
                          filter.registered_since, filter.registered_until, found.text, found.guests, found.hosts,
                          scope_.sites(), scope_.departments(), scope_.hosts(), before_from, before_id, filter.limit,
                          filter.offset));
}

std::int64_t Visits::count(const VisitFilter& filter) {
  const auto found = find_text(filter.text);
  return tx_
      .row(kCount, words(filter.statuses), filter.site, filter.department, filter.host, filter.guest, filter.since,
           filter.until, filter.registered_since, filter.registered_until, found.text, found.guests, found.hosts,
           scope_.sites(), scope_.departments(), scope_.hosts())
      .get<std::int64_t>("count");
}

std::vector<Present> Visits::inside(std::optional<SiteId> site) {
  std::vector<Present> list;
  const auto first = tx_.row(kFirstInside).get<std::optional<Instant>>("first");
  if (!first) return list;
  for (const auto& row : tx_.rows(kInside, *first, site, scope_.sites(), scope_.departments(), scope_.hosts())) {
    auto present = to_present(row);
    const auto& state = present.listed.visit.state;
    read_way(row, present.proof);
    present.proof.how = present.proof.entered_at ? domain::How::door : state.checked_in_how.value_or(domain::How::door);
    present.proof.at = present.proof.entered_at.value_or(state.checked_in_at.value_or(Instant{}));
    if (present.proof.how != domain::How::door) present.proof.login = row.get<std::string>("login");
    list.push_back(std::move(present));
  }
  return list;
}

std::vector<Present> Visits::presumed_left(Instant since, std::optional<SiteId> site) {
  std::vector<Present> list;
  const auto first = tx_.row(kFirstPresumedLeft, since).get<std::optional<Instant>>("first");
  if (!first) return list;
  for (const auto& row :
       tx_.rows(kPresumedLeft, *first, site, since, scope_.sites(), scope_.departments(), scope_.hosts())) {
    auto present = to_present(row);
    read_way(row, present.proof);
    present.proof.how = domain::How::presumed;
    present.proof.at = *present.listed.visit.state.checked_out_at;
    list.push_back(std::move(present));
  }
  return list;
}

std::vector<Present> Visits::with_phones(std::span<const VisitId> ids) {
  std::vector<Present> list;
  for (const auto& row : tx_.rows(kWithPhones, ids, scope_.sites(), scope_.departments(), scope_.hosts()))
    list.push_back(to_present(row));
  return list;
}

std::vector<GuestId> Visits::guests_within(Instant since, Instant until) {
  std::vector<GuestId> guests;
  for (const auto& row : tx_.rows(kGuestsWithin, since, until)) guests.push_back(row.get<GuestId>("guest_id"));
  return guests;
}

std::vector<domain::Visit> Visits::lock_for_guests(std::span<const GuestId> guests, Instant since) {
  return to_visits(tx_.rows(kLockForGuests, guests, std::optional{since}));
}

std::vector<domain::Visit> Visits::lock_for_guests(std::span<const GuestId> guests) {
  return to_visits(tx_.rows(kLockForGuests, guests, std::optional<Instant>{}));
}

std::vector<domain::Visit> Visits::of_guests(std::span<const GuestId> guests) {
  return to_visits(tx_.rows(kOfGuests, guests));
}

std::function<std::vector<domain::Visit>()> Visits::lock_within(std::span<const GuestId> guests, const Reach& reach) {
  auto locked =
      tx_.later(kLockWithin, guests, reach.site, reach.expected_after, reach.ended_since, reach.presumed_since);
  return [locked]() mutable { return to_visits(locked.rows()); };
}

std::vector<domain::Visit> Visits::lock(std::span<const VisitId> ids) {
  return to_visits(tx_.rows(kLock, ids));
}

/// States on their way to the server.
struct Visits::Saving {
  db::Later later;
  std::vector<VisitId> ids;

  void require_all() {
    if (later.affected() == static_cast<std::int64_t>(ids.size())) return;
    std::vector<VisitId> saved;
    for (const auto& row : later.rows()) saved.push_back(row.get<VisitId>("id"));
    const auto missed = std::find_if(
        ids.begin(), ids.end(), [&](VisitId id) { return std::find(saved.begin(), saved.end(), id) == saved.end(); });
    throw Error(Errc::conflict,
                fmt::format("visit {} was changed by somebody else meanwhile", missed == ids.end() ? ids[0] : *missed),
                "Look at it again and repeat what you did if it still makes sense.");
  }
};

Visits::Saving Visits::begin_saving(std::span<const VisitSave> saves) {
  std::vector<VisitId> ids;
  std::vector<int> versions;
  std::vector<std::string_view> statuses;
  std::vector<std::optional<Instant>> checked_in_at;
  std::vector<std::optional<std::string_view>> checked_in_how;
  std::vector<std::optional<Instant>> checked_out_at;
  std::vector<std::optional<std::string_view>> checked_out_how;
  std::vector<std::optional<Instant>> ended_at;
  std::vector<int> entry_counts;
  std::vector<int> exit_counts;
  for (const auto& [id, state, expected_version] : saves) {
    ids.push_back(id);
    versions.push_back(expected_version);
    statuses.push_back(domain::name(state.status));
    checked_in_at.push_back(state.checked_in_at);
    checked_in_how.push_back(maybe_word(state.checked_in_how));
    checked_out_at.push_back(state.checked_out_at);
    checked_out_how.push_back(maybe_word(state.checked_out_how));
    ended_at.push_back(state.ended_at);
    entry_counts.push_back(state.entry_count);
    exit_counts.push_back(state.exit_count);
  }
  auto later = tx_.later(kSave, ids, versions, statuses, checked_in_at, checked_in_how, checked_out_at, checked_out_how,
                         ended_at, entry_counts, exit_counts);
  return {std::move(later), std::move(ids)};
}

void Visits::save_states(std::span<const VisitSave> saves) {
  if (!saves.empty()) begin_saving(saves).require_all();
}

void Visits::save_states_later(std::span<const VisitSave> saves) {
  if (saves.empty()) return;
  tx_.before_commit([saving = begin_saving(saves)](db::Transaction&) mutable { saving.require_all(); });
}

std::vector<domain::Visit> Visits::inside_since(Instant before, int limit) {
  return to_visits(tx_.rows(kInsideSince, before, limit));
}

std::vector<Visits::Stay> Visits::left_since(SiteId site, Instant since, int limit) {
  std::vector<Stay> stays;
  for (const auto& row : tx_.rows(kLeftSince, site, since, limit))
    stays.push_back({row.get<Instant>("checked_in_at"), row.get<Instant>("checked_out_at")});
  return stays;
}

std::vector<VisitListed> Visits::awaited_until(Instant before, int limit) {
  return to_list(tx_.rows(kAwaitedUntil, before, limit, scope_.sites(), scope_.departments(), scope_.hosts()));
}

}  // namespace visitor::store
