#include "app/log_in.hpp"

#include <algorithm>

#include "app/code_check.hpp"
#include "app/details.hpp"
#include "auth/api_keys.hpp"
#include "auth/log_in_budget.hpp"
#include "auth/principals.hpp"
#include "auth/second_factor.hpp"
#include "auth/source.hpp"
#include "auth/token.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "store/journal.hpp"
#include "store/users.hpp"

namespace visitor::app {
namespace {

using domain::AuditAction;
using domain::SecondFactorKind;

constexpr std::size_t kLoginBytes = 400;  // 100 characters
constexpr std::size_t kAddress = 100;
constexpr std::size_t kAgent = 300;
constexpr std::chrono::hours kSessionsKept{30 * 24};

constexpr auto kCredentials = R"sql(
    SELECT id, login, password_hash
      FROM account
     WHERE lower(login) = lower($1) AND kind = 'person' AND disabled_at IS NULL)sql";

// Disabled, or given another password, while this one was looked at: then it does not count.
constexpr auto kStillGood = R"sql(
    SELECT id FROM account WHERE id = $1 AND disabled_at IS NULL AND password_hash = $2 FOR SHARE)sql";

struct Credentials {
  AccountId account;
  std::string login;
  std::optional<std::string> hash;
};

/// At most \p most characters of text that nobody can trust.
std::string bounded(std::string_view text, std::size_t most) {
  return shortened(printable(text.substr(0, 4 * most)), most);
}

std::optional<Credentials> find_credentials(db::Transaction& tx, std::string_view login) {
  if (login.size() > kLoginBytes) return std::nullopt;
  const auto row = tx.maybe_row(kCredentials, login);
  if (!row) return std::nullopt;
  return Credentials{row->get<AccountId>("id"), row->get<std::string>("login"),
                     row->get<std::optional<std::string>>("password_hash")};
}

Details origin(const LogInRequest& request) {
  return Details{}.add("address", bounded(request.address, kAddress)).add("agent", bounded(request.agent, kAgent));
}

domain::Origin where_of(std::string_view address, const std::string& request = {}) {
  return {"api:" + bounded(address, kAddress), request};
}

domain::Origin where_of(const LogInRequest& request) {
  return where_of(request.address, request.request_id);
}

void audit_failure(db::Transaction& tx, const std::optional<AccountId>& account, const LogInRequest& request,
                   Details details, std::string_view reason, Instant now) {
  audit_refused_log_in(tx, account, account.value_or(AccountId{}), std::move(details), reason, now, where_of(request));
}

LogInResult throttled(std::chrono::seconds wait) {
  LogInResult result;
  result.verdict = LogInVerdict::throttled;
  result.retry_after = wait;
  return result;
}

LogInResult verdict(LogInVerdict what) {
  LogInResult result;
  result.verdict = what;
  return result;
}

LogInResult refused(const CodeCheck& checked) {
  return checked.retry_after ? throttled(*checked.retry_after) : verdict(LogInVerdict::wrong_code);
}

std::vector<std::string> sources_of(const LogInRequest& request) {
  std::vector<std::string> sources{"network:" + auth::source_of(request.address)};
  if (request.device && auth::is_token(*request.device, auth::token::kDevice))
    sources.push_back("device:" + to_hex(auth::token_hash(*request.device)));
  return sources;
}

std::optional<domain::Session> end_session(db::Transaction& tx, domain::SessionId id, domain::SessionEnd how,
                                           Instant now) {
  auth::Sessions sessions{tx};
  if (!sessions.end(id, how, now)) return std::nullopt;
  return sessions.find(id);
}

}  // namespace

auth::SessionLife session_life(const config::Settings& settings) {
  return {settings.sessions.access, settings.sessions.refresh, settings.sessions.absolute};
}

LogInResult log_in(const LogInDesk& desk, const LogInRequest& request, Instant now) {
  const std::string login{trim(request.login)};
  const auto sources = sources_of(request);
  auth::LogInBudget::Try attempt{login.substr(0, kLoginBytes), auth::source_of(request.address), false};

  std::optional<Credentials> credentials;
  {
    db::Transaction tx{desk.pool};
    credentials = find_credentials(tx, login);
    // Asked of nobody, too: what is not asked is time saved, and time tells which logins there are.
    attempt.known =
        auth::KnownSources{tx, desk.vault}.knows(credentials ? credentials->account : AccountId{}, sources, now);
    const auto refusal = auth::LogInBudget{tx, desk.vault}.take(attempt, now);
    if (refusal && refusal->first)
      audit_failure(tx, credentials ? std::optional{credentials->account} : std::nullopt, request, origin(request),
                    "too many tries", now);
    tx.commit();
    if (refusal) return throttled(refusal->wait);
  }

  const bool right = desk.check(credentials ? credentials->hash : std::nullopt, request.password);
  std::optional<std::string> renewed;
  if (right && credentials && credentials->hash && desk.renew)
    renewed = desk.renew(*credentials->hash, request.password);

  db::Transaction tx{desk.pool};
  if (!right || !credentials || !tx.maybe_row(kStillGood, credentials->account, *credentials->hash)) {
    auto details = origin(request);
    // People type passwords where logins belong: only a mark is kept, by which the same word can be recognised.
    if (!credentials)
      details.add("login_mark", to_hex(desk.vault.lookup_hash("login.mark", lower(login))).substr(0, 12));
    audit_failure(tx, credentials ? std::optional{credentials->account} : std::nullopt, request, std::move(details),
                  credentials ? "password" : "login", now);
    tx.commit();
    return verdict(LogInVerdict::wrong);
  }

  const auto account = credentials->account;
  auth::LogInBudget budget{tx, desk.vault};
  auto shown = SecondFactorKind::none;
  if (auth::has_second_factor(tx, account)) {
    if (!request.code) {
      budget.give_back(attempt);
      tx.commit();
      return verdict(LogInVerdict::code_needed);
    }
    const auto checked =
        check_code(tx, desk.vault, account, account, *request.code, origin(request), now, where_of(request));
    if (!checked.shown) {
      tx.commit();
      return refused(checked);
    }
    shown = *checked.shown;
  }
  budget.give_back(attempt);
  if (renewed) store::Users{tx}.set_hash(account, *credentials->hash, *renewed);
  LogInResult result;
  result.verdict = LogInVerdict::welcome;
  result.device = request.device && auth::is_token(*request.device, auth::token::kDevice)
                      ? request.device
                      : std::optional{auth::new_token(auth::token::kDevice)};
  auth::KnownSources{tx, desk.vault}.note(account,
                                          {sources.front(), "device:" + to_hex(auth::token_hash(*result.device))}, now);
  const auto principal = auth::find_principal(tx, account);
  result.enrol_only = principal && principal->requires_second_factor() && shown == SecondFactorKind::none;
  result.issued =
      auth::Sessions{tx}.open({account, shown, bounded(request.address, kAddress), bounded(request.agent, kAgent)},
                              session_life(desk.settings), now);
  store::Journal{tx, account, now, where_of(request)}.audit(
      AuditAction::login, auth::kSessionTopic, result.issued->session.id,
      origin(request).add("second_factor", domain::name(shown)).json());
  tx.commit();
  return result;
}

auth::Refreshed refresh_session(const LogInDesk& desk, const Secret& refresh_token, std::string_view address,
                                Instant now) {
  db::Transaction tx{desk.pool};
  auto refreshed = auth::Sessions{tx}.refresh(refresh_token, session_life(desk.settings), now);
  if (refreshed.verdict == auth::RefreshVerdict::reused)
    store::Journal{tx, {}, now, where_of(address)}.audit(AuditAction::logout, auth::kSessionTopic,
                                                         refreshed.session->id,
                                                         Details{}
                                                             .add("reason", domain::name(domain::SessionEnd::reused))
                                                             .add("account", refreshed.session->account)
                                                             .add("address", bounded(address, kAddress))
                                                             .json());
  tx.commit();
  return refreshed;
}

Authentication authenticate(db::Transaction& tx, const Secret& token, std::string_view address, Instant now) {
  if (auth::is_token(token, auth::token::kApiKey)) {
    auto found = auth::ApiKeys{tx}.find_by_text(token, address, now);
    if (!found) return {};
    if (!found->from_here) return {{}, std::move(found->key)};
    auto principal = auth::find_principal(tx, found->key.account);
    if (!principal) return {};
    auto limited = principal->limited_to(found->key.permissions);
    return {Caller{std::move(limited), {}, std::move(found->key), std::move(found->recorded), false}, {}};
  }
  auto session = auth::Sessions{tx}.find_by_access(token, now);
  if (!session) return {};
  auto principal = auth::find_principal(tx, session->account);
  if (!principal) return {};
  const bool enrol_only = principal->requires_second_factor() && session->second_factor == SecondFactorKind::none;
  return {Caller{*std::move(principal), std::move(session), {}, {}, enrol_only}, {}};
}

namespace {

constexpr std::chrono::minutes kCoarse{1};

bool session_is_due(const Caller& caller, Instant now) {
  return caller.session && caller.session->last_used_at <= now - kCoarse;
}

bool key_is_due(const Caller& caller, Instant now) {
  return caller.key && (!caller.key->last_used_at || *caller.key->last_used_at <= now - kCoarse);
}

bool permission_is_due(const Caller& caller, domain::Permission permission) {
  return caller.key && std::ranges::find(caller.recorded, permission) == caller.recorded.end();
}

}  // namespace

bool use_is_due(const Caller& caller, domain::Permission permission, Instant now) {
  return session_is_due(caller, now) || key_is_due(caller, now) || permission_is_due(caller, permission);
}

void note_use(db::Transaction& tx, const Caller& caller, domain::Permission permission, std::string_view address,
              Instant now) {
  if (session_is_due(caller, now)) auth::Sessions{tx}.touch(caller.session->id, now);
  auth::ApiKeys keys{tx};
  if (key_is_due(caller, now)) keys.touch(caller.key->id, bounded(address, kAddress), now);
  if (permission_is_due(caller, permission)) keys.note_use(caller.key->id, permission, now);
}

bool log_out(db::Transaction& tx, const Caller& caller, Instant now, const domain::Origin& where) {
  if (!caller.session || !end_session(tx, caller.session->id, domain::SessionEnd::logout, now)) return false;
  store::Journal{tx, caller.session->account, now, where}.audit(AuditAction::logout, auth::kSessionTopic,
                                                                caller.session->id);
  return true;
}

LogInResult step_up(const LogInDesk& desk, const Caller& caller, const Secret& code, Instant now,
                    const domain::Origin& where) {
  if (!caller.session) return verdict(LogInVerdict::wrong_code);
  const auto account = caller.session->account;
  db::Transaction tx{desk.pool};
  const auto checked =
      check_code(tx, desk.vault, account, account, code, Details{}.add("session", caller.session->id), now, where);
  if (checked.shown) {
    auth::Sessions{tx}.step_up(caller.session->id, *checked.shown, now);
    store::Journal{tx, account, now, where}.audit(AuditAction::login, auth::kSessionTopic, caller.session->id,
                                                  Details{}.add("stepped_up", domain::name(*checked.shown)).json());
  }
  tx.commit();
  return checked.shown ? verdict(LogInVerdict::welcome) : refused(checked);
}

StepUpError::StepUpError()
    : Error(Errc::denied, "this asks for a fresh code", "Show a code of your authenticator, then try again.") {}

void require_fresh_second_factor(db::Transaction& tx, const Caller& caller, const config::Settings& settings,
                                 Instant now) {
  if (!caller.session)
    throw Error(Errc::denied, "an API key cannot do this: it asks for a fresh code of a person",
                "Log in, and show a code.");
  // The caller may have been looked up a moment ago, and a code shown since, to another daemon.
  const auto session = auth::Sessions{tx}.find(caller.session->id).value_or(*caller.session);
  if (session.second_factor == SecondFactorKind::none && !auth::has_second_factor(tx, session.account)) return;
  if (session.stepped_up_at && now - *session.stepped_up_at < settings.sessions.step_up) return;
  throw StepUpError();
}

std::int64_t purge_log_ins(const Work& work) {
  return auth::Sessions{work.tx}.purge(work.now - kSessionsKept) + auth::LogInBudget::purge(work.tx, work.now) +
         auth::KnownSources::purge(work.tx, work.now);
}

}  // namespace visitor::app
