#include "store/visit_actions.hpp"

#include "store/words.hpp"

namespace visitor::store {
namespace {

constexpr auto kRecord = R"sql(
    INSERT INTO visit_action (visit_id, kind, how, happened_at, reason, account_id, recorded_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7))sql";

constexpr auto kRecordMany = R"sql(
    INSERT INTO visit_action (visit_id, kind, how, happened_at, account_id, recorded_at)
    SELECT n.visit_id, n.kind, n.how, n.happened_at, $5, $6
      FROM unnest($1::bigint[], $2::text[], $3::text[], $4::timestamptz[]) AS n(visit_id, kind, how, happened_at))sql";

constexpr auto kOf = R"sql(
    SELECT visit_id, kind, how, happened_at FROM visit_action WHERE visit_id = ANY($1) ORDER BY id)sql";

constexpr auto kGuestsWithin = R"sql(
    SELECT DISTINCT v.guest_id
      FROM visit_action a
      JOIN visit v ON v.id = a.visit_id
     WHERE a.happened_at >= $1 AND a.happened_at < $2
     ORDER BY v.guest_id)sql";

constexpr auto kHistory = R"sql(
    SELECT a.id, a.visit_id, a.kind, a.how, a.happened_at, a.reason, a.account_id, coalesce(c.login, '') AS login,
           a.recorded_at
      FROM visit_action a
      LEFT JOIN account c ON c.id = a.account_id
     WHERE a.visit_id = $1
     ORDER BY a.id)sql";

domain::VisitAction to_action(const db::Row& row) {
  return {row.get<VisitId>("visit_id"), read_word<domain::ActionKind>(row, "kind"),
          read_word<domain::ActionHow>(row, "how"), row.get<Instant>("happened_at")};
}

}  // namespace

void VisitActions::record(const domain::VisitAction& action, const std::string& reason, AccountId account,
                          Instant now) {
  tx_.exec(kRecord, action.visit, domain::name(action.kind), domain::name(action.how), action.happened_at, reason,
           account, now);
}

void VisitActions::record(std::span<const domain::VisitAction> actions, AccountId account, Instant now) {
  if (actions.empty()) return;
  std::vector<VisitId> visits;
  std::vector<std::string_view> kinds;
  std::vector<std::string_view> hows;
  std::vector<Instant> moments;
  for (const auto& action : actions) {
    visits.push_back(action.visit);
    kinds.push_back(domain::name(action.kind));
    hows.push_back(domain::name(action.how));
    moments.push_back(action.happened_at);
  }
  tx_.exec(kRecordMany, visits, kinds, hows, moments, account, now);
}

std::vector<domain::VisitAction> VisitActions::of(std::span<const VisitId> visits) {
  std::vector<domain::VisitAction> actions;
  for (const auto& row : tx_.rows(kOf, visits)) actions.push_back(to_action(row));
  return actions;
}

std::vector<GuestId> VisitActions::guests_within(Instant since, Instant until) {
  std::vector<GuestId> guests;
  for (const auto& row : tx_.rows(kGuestsWithin, since, until)) guests.push_back(row.get<GuestId>("guest_id"));
  return guests;
}

std::vector<RecordedAction> VisitActions::history(VisitId visit) {
  std::vector<RecordedAction> actions;
  for (const auto& row : tx_.rows(kHistory, visit)) {
    RecordedAction recorded;
    recorded.id = row.get<std::int64_t>("id");
    recorded.action = to_action(row);
    recorded.reason = row.get<std::string>("reason");
    recorded.account = row.get<std::optional<AccountId>>("account_id");
    recorded.login = row.get<std::string>("login");
    recorded.recorded_at = row.get<Instant>("recorded_at");
    actions.push_back(std::move(recorded));
  }
  return actions;
}

}  // namespace visitor::store
