#include "store/replay.hpp"

#include "store/incident_row.hpp"

namespace visitor::store {
namespace {

constexpr auto kGuestsExpected = R"sql(
    SELECT DISTINCT guest_id FROM visit WHERE expected_from >= $1 AND expected_from < $2 ORDER BY guest_id)sql";

constexpr auto kReported = R"sql(
    SELECT e.terminal_id, e.epoch, e.serial, e.occurred_at, e.major, e.minor, t.site_id, t.name AS terminal_name,
           e.door_no, e.employee_no, e.card_no, coalesce(g.merged_into, e.guest_id) AS guest_id
      FROM access_event e
      JOIN terminal t ON t.id = e.terminal_id
      LEFT JOIN guest g ON g.id = e.guest_id
     WHERE e.occurred_at >= $1 AND e.occurred_at < $2 AND e.time_source <> 'received'
       AND e.class = )sql";

// The class stands in the text, so that the index of rare classes is found.
const std::string kDenials = std::string{kReported} + "'denied' ORDER BY e.occurred_at, e.id";
const std::string kAlarms = std::string{kReported} + "'alarm' ORDER BY e.occurred_at, e.id";

const std::string kIncidents = std::string{"    SELECT"} + kIncidentColumns + R"sql(
      FROM incident i
     WHERE i.occurred_at >= $1 AND i.occurred_at < $2
     ORDER BY i.occurred_at, i.id)sql";

const std::string kIncidentsOf = std::string{"    SELECT"} + kIncidentColumns + R"sql(
      FROM incident i
     WHERE i.dedupe_key = ANY($1)
     ORDER BY i.occurred_at, i.id)sql";

constexpr auto kLiftGuard = R"sql(
    SELECT set_config('visitor.replay', $1, true))sql";

Reported to_reported(const db::Row& row) {
  Reported reported;
  reported.key = {row.get<TerminalId>("terminal_id"), row.get<int>("epoch"), row.get<std::int64_t>("serial"),
                  row.get<Instant>("occurred_at"),    row.get<int>("major"), row.get<int>("minor")};
  reported.site = row.get<SiteId>("site_id");
  reported.terminal_name = row.get<std::string>("terminal_name");
  reported.door_no = row.get<int>("door_no");
  reported.employee_no = row.get<std::optional<std::string>>("employee_no");
  reported.card_no = row.get<std::optional<std::string>>("card_no");
  reported.guest = row.get<std::optional<GuestId>>("guest_id");
  return reported;
}

std::vector<domain::Incident> to_incidents(const db::Rows& rows) {
  std::vector<domain::Incident> incidents;
  incidents.reserve(rows.size());
  for (const auto& row : rows) incidents.push_back(to_incident(row));
  return incidents;
}

}  // namespace

std::vector<GuestId> Replay::guests_expected(Instant since, Instant until) {
  std::vector<GuestId> guests;
  for (const auto& row : tx_.rows(kGuestsExpected, since, until)) guests.push_back(row.get<GuestId>("guest_id"));
  return guests;
}

void Replay::denials(Instant since, Instant until, const std::function<void(const Reported&)>& use) {
  tx_.for_each(
      kDenials, [&](const db::Row& row) { use(to_reported(row)); }, since, until);
}

void Replay::alarms(Instant since, Instant until, const std::function<void(const Reported&)>& use) {
  tx_.for_each(
      kAlarms, [&](const db::Row& row) { use(to_reported(row)); }, since, until);
}

std::vector<domain::Incident> Replay::incidents(Instant since, Instant until) {
  return to_incidents(tx_.rows(kIncidents, since, until));
}

std::vector<domain::Incident> Replay::incidents_of(std::span<const std::string> dedupe_keys) {
  if (dedupe_keys.empty()) return {};
  return to_incidents(tx_.rows(kIncidentsOf, dedupe_keys));
}

void Replay::lift_guard(bool lifted) {
  tx_.exec(kLiftGuard, lifted ? "on" : "off");
}

}  // namespace visitor::store
