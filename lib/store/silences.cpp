#include "store/silences.hpp"

#include "store/words.hpp"

namespace visitor::store {
namespace {

constexpr auto kAdd = R"sql(
    INSERT INTO silence (types, at_most, site_id, department_id, guest_id, terminal_id, incident_id, recipient, reason,
                         account_id, created_at, starts_at, ends_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
 RETURNING id)sql";

const std::string kListed = R"sql(
    SELECT s.id, s.types, s.at_most, s.site_id, s.department_id, s.guest_id, s.terminal_id, s.incident_id, s.recipient,
           s.reason, s.created_at, s.starts_at, s.ends_at, s.version, coalesce(p.name, '') AS site_name,
           coalesce(d.name, '') AS department_name, coalesce(g.name, '') AS guest_name,
           coalesce(t.name, '') AS terminal_name, c.login, coalesce(e.login, '') AS expired_by
      FROM silence s
      JOIN account c ON c.id = s.account_id
      LEFT JOIN account e ON e.id = s.expired_by
      LEFT JOIN site p ON p.id = s.site_id
      LEFT JOIN department d ON d.id = s.department_id
      LEFT JOIN guest g ON g.id = s.guest_id
      LEFT JOIN terminal t ON t.id = s.terminal_id)sql";

// What names nothing that is in scope switches off more than that.
const std::string kInScope = R"sql(
       AND ($2::bigint[] IS NULL OR s.site_id = ANY($2) OR d.site_id = ANY($2) OR t.site_id = ANY($2)
            OR s.department_id = ANY($3::bigint[])
            OR EXISTS (SELECT FROM incident i
                         LEFT JOIN visit v ON v.id = i.visit_id
                        WHERE i.id = s.incident_id
                          AND (i.site_id = ANY($2) OR v.department_id = ANY($3) OR v.host_id = ANY($4::bigint[])))))sql";

const std::string kFind = kListed + R"sql(
     WHERE s.id = $1)sql" +
                          kInScope;

const std::string kList = kListed + R"sql(
     WHERE ($1::timestamptz IS NULL OR s.ends_at > $1))sql" +
                          kInScope + R"sql(
     ORDER BY s.ends_at DESC, s.id DESC
     LIMIT $5)sql";

const std::string kActive = kListed + R"sql(
     WHERE s.starts_at <= $1 AND s.ends_at > $1
     ORDER BY s.id)sql";

constexpr auto kExpire = R"sql(
    UPDATE silence
       SET ends_at = greatest($2, starts_at), expired_by = $3, version = version + 1
     WHERE id = $1 AND ends_at > $2)sql";

domain::Silence to_silence(const db::Row& row) {
  domain::Silence silence;
  silence.id = row.get<SilenceId>("id");
  for (const auto& word : row.get<std::vector<std::string>>("types"))
    silence.types.push_back(domain::get_named<domain::IncidentType>(word));
  silence.at_most = read_maybe_word<domain::Severity>(row, "at_most");
  silence.site = row.get<std::optional<SiteId>>("site_id");
  silence.department = row.get<std::optional<DepartmentId>>("department_id");
  silence.guest = row.get<std::optional<GuestId>>("guest_id");
  silence.terminal = row.get<std::optional<TerminalId>>("terminal_id");
  silence.incident = row.get<std::optional<IncidentId>>("incident_id");
  silence.recipient = row.get<std::string>("recipient");
  silence.reason = row.get<std::string>("reason");
  silence.starts_at = row.get<Instant>("starts_at");
  silence.ends_at = row.get<Instant>("ends_at");
  return silence;
}

SilenceListed to_listed(const db::Row& row) {
  SilenceListed listed;
  listed.silence = to_silence(row);
  listed.site_name = row.get<std::string>("site_name");
  listed.department_name = row.get<std::string>("department_name");
  listed.guest_name = row.get<std::string>("guest_name");
  listed.terminal_name = row.get<std::string>("terminal_name");
  listed.login = row.get<std::string>("login");
  listed.expired_by = row.get<std::string>("expired_by");
  listed.created_at = row.get<Instant>("created_at");
  listed.version = row.get<int>("version");
  return listed;
}

}  // namespace

SilenceId Silences::add(const domain::Silence& silence, AccountId by, Instant now) {
  return tx_
      .row(kAdd, words(silence.types), maybe_word(silence.at_most), silence.site, silence.department, silence.guest,
           silence.terminal, silence.incident, silence.recipient, silence.reason, by, now, silence.starts_at,
           silence.ends_at)
      .get<SilenceId>("id");
}

std::optional<SilenceListed> Silences::find(SilenceId id) {
  const auto row = tx_.maybe_row(kFind, id, scope_.sites(), scope_.departments(), scope_.hosts());
  return row ? std::optional{to_listed(*row)} : std::nullopt;
}

std::vector<SilenceListed> Silences::list(std::optional<Instant> since, int limit) {
  std::vector<SilenceListed> listed;
  for (const auto& row : tx_.rows(kList, since, scope_.sites(), scope_.departments(), scope_.hosts(), limit))
    listed.push_back(to_listed(row));
  return listed;
}

std::vector<domain::Silence> Silences::active(Instant now) {
  std::vector<domain::Silence> active;
  for (const auto& row : tx_.rows(kActive, now)) active.push_back(to_silence(row));
  return active;
}

bool Silences::expire(SilenceId id, AccountId by, Instant now) {
  return tx_.exec(kExpire, id, now, by) == 1;
}

}  // namespace visitor::store
