#include "auth/log_in_budget.hpp"

#include <fmt/format.h>

#include "core/text.hpp"

namespace visitor::auth {
namespace {

constexpr std::chrono::minutes kWindow{15};
constexpr std::chrono::hours kKnownFor{90 * 24};

// A window that is over begins anew with this try. Tries go on being counted where they are refused, which does not
// make the window longer.
constexpr auto kTake = R"sql(
    INSERT INTO login_budget AS b (kind, key, login, started_at, tries)
         VALUES ($1, $2, $3, $4, 1)
    ON CONFLICT (kind, key) DO UPDATE
       SET tries = CASE WHEN b.started_at <= $5 THEN 1 ELSE least(b.tries, 1000000) + 1 END,
           started_at = CASE WHEN b.started_at <= $5 THEN $4 ELSE b.started_at END
 RETURNING tries, started_at)sql";

constexpr auto kGiveBack = R"sql(
    UPDATE login_budget SET tries = CASE WHEN $3 THEN 0 ELSE greatest(tries - 1, 0) END WHERE kind = $1 AND key = $2)sql";

constexpr auto kForget = R"sql(
    DELETE FROM login_budget WHERE login = $1 OR (kind = 'code' AND key = $2))sql";

constexpr auto kPurge = R"sql(
    DELETE FROM login_budget WHERE started_at <= $1)sql";

constexpr auto kKnows = R"sql(
    SELECT EXISTS (SELECT FROM known_source WHERE account_id = $1 AND hash = ANY ($2::bytea[]) AND last_good_at > $3)
           AS known)sql";

constexpr auto kNote = R"sql(
    INSERT INTO known_source (account_id, hash, last_good_at)
    SELECT $1, unnest($2::bytea[]), $3
        ON CONFLICT (account_id, hash) DO UPDATE SET last_good_at = excluded.last_good_at)sql";

constexpr auto kPurgeKnown = R"sql(
    DELETE FROM known_source WHERE last_good_at <= $1)sql";

}  // namespace

struct LogInBudget::Budget {
  std::string_view kind;
  int most;

  static constexpr Budget pair() { return {"pair", 5}; }
  static constexpr Budget network() { return {"network", 50}; }
  static constexpr Budget account() { return {"account", 50}; }
  static constexpr Budget overall() { return {"overall", 1'000}; }
  static constexpr Budget code() { return {"code", 10}; }
};

std::optional<LogInBudget::Refusal> LogInBudget::take(const Try& attempt, Instant now) {
  const auto login = lower(attempt.login);
  if (auto refusal = take_one(Budget::pair(), login + '\n' + attempt.source, login, now)) return refusal;
  if (auto refusal = take_one(Budget::network(), attempt.source, "", now)) return refusal;
  if (attempt.known) return std::nullopt;
  if (auto refusal = take_one(Budget::account(), login, login, now)) return refusal;
  return take_one(Budget::overall(), "", "", now);
}

void LogInBudget::give_back(const Try& attempt) {
  const auto login = lower(attempt.login);
  give_one_back(Budget::pair(), login + '\n' + attempt.source, true);
  give_one_back(Budget::network(), attempt.source, false);
  if (attempt.known) return;
  give_one_back(Budget::account(), login, false);
  give_one_back(Budget::overall(), "", false);
}

std::optional<LogInBudget::Refusal> LogInBudget::take_code(AccountId account, Instant now) {
  return take_one(Budget::code(), fmt::format("{}", account), "", now);
}

void LogInBudget::give_back_code(AccountId account) {
  give_one_back(Budget::code(), fmt::format("{}", account), true);
}

bool LogInBudget::forget(std::string_view login, AccountId account) {
  return tx_.exec(kForget, hash_of("login", lower(login)), hash_of(Budget::code().kind, fmt::format("{}", account))) >
         0;
}

std::int64_t LogInBudget::purge(db::Transaction& tx, Instant now) {
  return tx.exec(kPurge, now - kWindow);
}

std::optional<LogInBudget::Refusal> LogInBudget::take_one(const Budget& budget, std::string_view key,
                                                          std::string_view login, Instant now) {
  const auto about = login.empty() ? std::nullopt : std::optional{hash_of("login", login)};
  const auto row = tx_.row(kTake, budget.kind, hash_of(budget.kind, key), about, now, now - kWindow);
  const auto tries = row.get<int>("tries");
  if (tries <= budget.most) return std::nullopt;
  const auto wait = std::chrono::ceil<std::chrono::seconds>(row.get<Instant>("started_at") + kWindow - now);
  return Refusal{std::max(wait, std::chrono::seconds{1}), tries == budget.most + 1};
}

void LogInBudget::give_one_back(const Budget& budget, std::string_view key, bool all) {
  tx_.exec(kGiveBack, budget.kind, hash_of(budget.kind, key), all);
}

std::vector<std::byte> LogInBudget::hash_of(std::string_view kind, std::string_view key) const {
  return vault_.lookup_hash("login.budget", fmt::format("{}\n{}", kind, key));
}

bool KnownSources::knows(AccountId account, const std::vector<std::string>& sources, Instant now) {
  return tx_.row(kKnows, account, hashes_of(account, sources), now - kKnownFor).get<bool>("known");
}

void KnownSources::note(AccountId account, const std::vector<std::string>& sources, Instant now) {
  tx_.exec(kNote, account, hashes_of(account, sources), now);
}

std::int64_t KnownSources::purge(db::Transaction& tx, Instant now) {
  return tx.exec(kPurgeKnown, now - kKnownFor);
}

std::vector<std::vector<std::byte>> KnownSources::hashes_of(AccountId account,
                                                            const std::vector<std::string>& sources) const {
  std::vector<std::vector<std::byte>> hashes;
  for (const auto& source : sources)
    hashes.push_back(vault_.lookup_hash("login.source", fmt::format("{}\n{}", account, source)));
  return hashes;
}

}  // namespace visitor::auth
