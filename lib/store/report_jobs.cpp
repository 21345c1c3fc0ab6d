#include "store/report_jobs.hpp"

#include "store/words.hpp"

namespace visitor::store {
namespace {

using domain::ReportJob;
using domain::ReportJobId;

constexpr auto kLockAccount = R"sql(
    SELECT id FROM account WHERE id = $1 FOR NO KEY UPDATE)sql";

constexpr auto kLoad = R"sql(
    SELECT count(*) FILTER (WHERE account_id = $1) AS kept,
           count(*) FILTER (WHERE account_id = $1 AND state IN ('queued', 'running')) AS unfinished,
           coalesce(sum(bytes) FILTER (WHERE account_id = $1), 0)::bigint AS bytes,
           count(*) FILTER (WHERE state IN ('queued', 'running')) AS all_unfinished,
           coalesce(sum(bytes), 0)::bigint AS all_bytes
      FROM report_job
     WHERE expires_at > $2)sql";

constexpr auto kAdd = R"sql(
    INSERT INTO report_job (account_id, api_key_id, source, request, report, format, file_name, wish, state, asked_at,
                            expires_at, held_until)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, 'queued', $9, $10, $9)
 RETURNING id)sql";

// What follows is the rest of the statement.
const std::string kColumns = R"sql(j.id, j.account_id,
           (SELECT a.login FROM account a WHERE a.id = j.account_id) AS login, j.api_key_id, j.source, j.request,
           j.report, j.format, j.file_name, j.wish::text AS wish, j.state, j.version, j.asked_at, j.started_at,
           j.ended_at, j.expires_at, j.row_count, j.expected_count, j.bytes, j.sha256, j.rights,
           j.outcome::text AS outcome, j.manifest, j.problem, j.claim, j.tries)sql";

const std::string kFind = "SELECT " + kColumns + R"sql(
      FROM report_job j
     WHERE j.id = $2 AND j.account_id = $1 AND j.expires_at > $3)sql";

const std::string kList = "SELECT " + kColumns + R"sql(
      FROM report_job j
     WHERE j.account_id = $1 AND j.expires_at > $2
     ORDER BY j.id DESC
     LIMIT $3)sql";

constexpr auto kRemove = R"sql(
    DELETE FROM report_job WHERE id = $2 AND account_id = $1 AND expires_at > $3)sql";

constexpr auto kPurge = R"sql(
    DELETE FROM report_job
     WHERE id IN (SELECT id
                    FROM report_job
                   WHERE expires_at <= $1
                   ORDER BY expires_at
                   LIMIT $2
                     FOR UPDATE SKIP LOCKED))sql";

// Whoever finds a row locked by another daemon leaves it to that one.
const std::string kTake = R"sql(
    UPDATE report_job j
       SET state = 'running', holder = $1, started_at = $2, held_until = $3, claim = j.claim + 1, tries = j.tries + 1,
           row_count = 0, expected_count = NULL, version = j.version + 1
     WHERE j.id = (SELECT w.id
                     FROM report_job w
                    WHERE (w.state = 'queued' OR w.state = 'running' AND w.held_until <= $2) AND w.expires_at > $2
                    ORDER BY (SELECT count(*)
                                FROM report_job r
                               WHERE r.account_id = w.account_id AND r.state = 'running' AND r.held_until > $2), w.id
                    LIMIT 1
                      FOR UPDATE SKIP LOCKED)
 RETURNING )sql" + kColumns;

constexpr auto kHold = R"sql(
    UPDATE report_job
       SET held_until = $3, row_count = $4, expected_count = $5
     WHERE id = $1 AND claim = $2 AND state = 'running')sql";

// The row is held against others until the piece is stored.
constexpr auto kAddPiece = R"sql(
    INSERT INTO report_chunk (job_id, claim, number, content)
    SELECT id, claim, $3, $4
      FROM report_job
     WHERE id = $1 AND claim = $2 AND state = 'running'
       FOR KEY SHARE)sql";

constexpr auto kFinish = R"sql(
    UPDATE report_job
       SET state = 'done', ended_at = $3, expires_at = $4, row_count = $5, bytes = $6, sha256 = $7, rights = $8,
           outcome = $9::text::jsonb, manifest = $10, version = version + 1
     WHERE id = $1 AND claim = $2 AND state = 'running')sql";

constexpr auto kDropOthers = R"sql(
    DELETE FROM report_chunk WHERE job_id = $1 AND claim <> $2)sql";

constexpr auto kFail = R"sql(
    UPDATE report_job
       SET state = 'failed', ended_at = $3, problem = $4, version = version + 1
     WHERE id = $1 AND claim = $2 AND state = 'running')sql";

constexpr auto kDropAll = R"sql(
    DELETE FROM report_chunk WHERE job_id = $1)sql";

constexpr auto kGiveBack = R"sql(
    UPDATE report_job
       SET state = 'queued', held_until = $3, tries = tries - CASE WHEN $4 THEN 0 ELSE 1 END, version = version + 1
     WHERE id = $1 AND claim = $2 AND state = 'running')sql";

constexpr auto kPiece = R"sql(
    SELECT content FROM report_chunk WHERE job_id = $1 AND claim = $2 AND number = $3)sql";

ReportJob to_job(const db::Row& row) {
  ReportJob job;
  job.id = row.get<ReportJobId>("id");
  job.account = row.get<AccountId>("account_id");
  job.login = row.get<std::string>("login");
  job.key = row.get<std::optional<domain::ApiKeyId>>("api_key_id");
  job.origin = {row.get<std::string>("source"), row.get<std::string>("request")};
  job.report = row.get<std::string>("report");
  job.format = row.get<std::string>("format");
  job.file_name = row.get<std::string>("file_name");
  job.wish = row.get<std::string>("wish");
  job.state = read_word<domain::ReportJobState>(row, "state");
  job.version = row.get<int>("version");
  job.asked_at = row.get<Instant>("asked_at");
  job.started_at = row.get<std::optional<Instant>>("started_at");
  job.ended_at = row.get<std::optional<Instant>>("ended_at");
  job.expires_at = row.get<Instant>("expires_at");
  job.rows = row.get<std::int64_t>("row_count");
  job.expected = row.get<std::optional<std::int64_t>>("expected_count");
  job.bytes = row.get<std::optional<std::int64_t>>("bytes");
  job.sha256 = row.get<std::string>("sha256");
  job.rights = row.get<std::string>("rights");
  job.outcome = row.get<std::string>("outcome");
  job.manifest = row.get<std::string>("manifest");
  job.problem = row.get<std::string>("problem");
  job.claim = row.get<int>("claim");
  job.tries = row.get<int>("tries");
  return job;
}

std::optional<ReportJob> to_maybe_job(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  return to_job(*row);
}

}  // namespace

ReportJobLoad ReportJobs::look_before_adding(AccountId account, Instant now) {
  tx_.row(kLockAccount, account);
  const auto row = tx_.row(kLoad, account, now);
  return {row.get<std::int64_t>("kept"), row.get<std::int64_t>("unfinished"), row.get<std::int64_t>("bytes"),
          row.get<std::int64_t>("all_unfinished"), row.get<std::int64_t>("all_bytes")};
}

ReportJobId ReportJobs::add(const ReportJob& job) {
  return tx_
      .row(kAdd, job.account, job.key, job.origin.source, job.origin.request, job.report, job.format, job.file_name,
           job.wish, job.asked_at, job.expires_at)
      .get<ReportJobId>("id");
}

std::optional<ReportJob> ReportJobs::find(AccountId account, ReportJobId id, Instant now) {
  return to_maybe_job(tx_.maybe_row(kFind, account, id, now));
}

std::vector<ReportJob> ReportJobs::list(AccountId account, Instant now, int limit) {
  std::vector<ReportJob> jobs;
  for (const auto& row : tx_.rows(kList, account, now, limit)) jobs.push_back(to_job(row));
  return jobs;
}

bool ReportJobs::remove(AccountId account, ReportJobId id, Instant now) {
  return tx_.exec(kRemove, account, id, now) == 1;
}

std::int64_t ReportJobs::purge(Instant now, int limit) {
  return tx_.exec(kPurge, now, limit);
}

std::optional<ReportJob> ReportJobs::take(const std::string& holder, Instant now, Instant held_until) {
  return to_maybe_job(tx_.maybe_row(kTake, holder, now, held_until));
}

bool ReportJobs::hold(ReportJobId id, int claim, Instant until, std::int64_t rows,
                      std::optional<std::int64_t> expected) {
  return tx_.exec(kHold, id, claim, until, rows, expected) == 1;
}

bool ReportJobs::add_piece(ReportJobId id, int claim, int number, std::span<const std::byte> sealed) {
  return tx_.exec(kAddPiece, id, claim, number, sealed) == 1;
}

bool ReportJobs::finish(ReportJobId id, int claim, Instant now, Instant expires_at, const ReportJobResult& result) {
  if (tx_.exec(kFinish, id, claim, now, expires_at, result.rows, result.bytes, result.sha256, result.rights,
               result.outcome, result.manifest) != 1)
    return false;
  tx_.exec(kDropOthers, id, claim);
  return true;
}

bool ReportJobs::fail(ReportJobId id, int claim, Instant now, std::string_view problem) {
  if (tx_.exec(kFail, id, claim, now, problem) != 1) return false;
  tx_.exec(kDropAll, id);
  return true;
}

bool ReportJobs::give_back(ReportJobId id, int claim, Instant now, bool tried) {
  return tx_.exec(kGiveBack, id, claim, now, tried) == 1;
}

std::optional<std::vector<std::byte>> ReportJobs::piece(ReportJobId id, int claim, int number) {
  const auto row = tx_.maybe_row(kPiece, id, claim, number);
  if (!row) return std::nullopt;
  return row->get<std::vector<std::byte>>("content");
}

}  // namespace visitor::store
