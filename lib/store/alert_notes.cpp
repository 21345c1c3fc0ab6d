#include "store/alert_notes.hpp"

#include "store/delivery_row.hpp"

namespace visitor::store {
namespace {

constexpr auto kGet = R"sql(
    SELECT site_id, details::text AS details, follows FROM alert WHERE id = $1)sql";

constexpr auto kCounts = R"sql(
    SELECT a.severity, a.kind, i.type, count(*) AS count, min(a.created_at) AS first,
           max(a.created_at) AS last
      FROM delivery d
      JOIN alert a ON a.id = d.alert_id
      LEFT JOIN incident i ON i.id = a.incident_id
     WHERE d.told_by IN (SELECT g.id FROM alert g WHERE (g.id = $1 OR g.follows = $1) AND g.id <= $2)
       AND d.channel = $3 AND d.recipient = $4
     GROUP BY a.severity, a.kind, i.type)sql";

constexpr auto kGravest = R"sql(
    SELECT i.id, i.type, a.severity, a.created_at
      FROM delivery d
      JOIN alert a ON a.id = d.alert_id
      JOIN incident i ON i.id = a.incident_id
     WHERE d.told_by IN (SELECT g.id FROM alert g WHERE (g.id = $1 OR g.follows = $1) AND g.id <= $2)
       AND d.channel = $3 AND d.recipient = $4
     ORDER BY array_position('{critical,high,medium,low}'::text[], a.severity), a.id
     LIMIT $5)sql";

constexpr auto kSentAs = R"sql(
    SELECT provider_id FROM delivery WHERE alert_id = $1 AND channel = $2 AND recipient = $3 AND state = 'sent')sql";

const std::string kOnlyOne = std::string{"    SELECT"} + kAlertColumns + R"sql(
      FROM delivery d
      JOIN alert a ON a.id = d.alert_id
     WHERE d.told_by = $1 AND d.channel = $2 AND d.recipient = $3
     ORDER BY a.id
     LIMIT 2)sql";

}  // namespace

AlertNote AlertNotes::get(AlertId id) {
  const auto row = tx_.row(kGet, id);
  return {row.get<std::optional<SiteId>>("site_id"), row.get<std::string>("details"),
          row.get<std::optional<AlertId>>("follows")};
}

std::vector<ToldCount> AlertNotes::counts(AlertId first, AlertId upto, domain::Channel channel,
                                          const std::string& recipient) {
  std::vector<ToldCount> counts;
  for (const auto& row : tx_.rows(kCounts, first, upto, domain::name(channel), recipient))
    counts.push_back({read_word<domain::Severity>(row, "severity"), read_word<domain::AlertKind>(row, "kind"),
                      read_maybe_word<domain::IncidentType>(row, "type"), row.get<std::int64_t>("count"),
                      row.get<Instant>("first"), row.get<Instant>("last")});
  return counts;
}

std::vector<ToldIncident> AlertNotes::gravest(AlertId first, AlertId upto, domain::Channel channel,
                                              const std::string& recipient, int limit) {
  std::vector<ToldIncident> told;
  for (const auto& row : tx_.rows(kGravest, first, upto, domain::name(channel), recipient, limit))
    told.push_back({row.get<IncidentId>("id"), read_word<domain::IncidentType>(row, "type"),
                    read_word<domain::Severity>(row, "severity"), row.get<Instant>("created_at")});
  return told;
}

std::optional<domain::Alert> AlertNotes::only_one(AlertId id, domain::Channel channel, const std::string& recipient) {
  const auto rows = tx_.rows(kOnlyOne, id, domain::name(channel), recipient);
  if (rows.size() != 1) return std::nullopt;
  return to_alert(*rows.begin());
}

std::string AlertNotes::sent_as(AlertId id, domain::Channel channel, const std::string& recipient) {
  const auto row = tx_.maybe_row(kSentAs, id, domain::name(channel), recipient);
  return row ? row->get<std::string>("provider_id") : "";
}

}  // namespace visitor::store
