#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/work.hpp"
#include "auth/sessions.hpp"
#include "config/settings.hpp"
#include "core/error.hpp"
#include "core/secret.hpp"
#include "core/vault.hpp"
#include "db/pool.hpp"
#include "domain/audit.hpp"
#include "domain/scope.hpp"
#include "domain/session.hpp"

/// From a login to a session, and from a token to who makes a request. Each log-in, failed log-in and end of a session
/// writes its audit row.
namespace visitor::app {

/// Whether the password is the one that \p stored was made of. Without one it does the same work and says no, so that
/// an unknown login takes as long as a known one.
using PasswordCheck = std::function<bool(const std::optional<std::string>& stored, const Secret& password)>;

/// A hash of the right password with the parameters of today, where \p stored was made with others.
using PasswordRenewal = std::function<std::optional<std::string>(const std::string& stored, const Secret& password)>;

/// What logging in needs. The password is checked between two transactions, so that none is open for that long.
struct LogInDesk {
  db::Pool& pool;
  const Vault& vault;
  const config::Settings& settings;
  PasswordCheck check;
  PasswordRenewal renew{};  ///< without it passwords stay as they were hashed
};

struct LogInRequest {
  std::string login;
  Secret password;
  std::optional<Secret> code;    ///< of the authenticator, or a recovery code
  std::optional<Secret> device;  ///< what an earlier log-in on this device was given
  std::string address;           ///< that it comes from
  std::string agent;             ///< what the program calls itself
  std::string request_id = {};   ///< for the audit
};

enum class LogInVerdict : std::uint8_t {
  welcome,
  wrong,        ///< no such login, a wrong password, or an account that is disabled: nobody is told which
  code_needed,  ///< the password is right; the same again with a code
  wrong_code,   ///< the password is right; the code is wrong or was used before
  throttled     ///< too many tries; none was made
};

struct LogInResult {
  LogInVerdict verdict = LogInVerdict::wrong;
  std::optional<auth::SessionIssued> issued;  ///< with welcome
  /// With welcome: to be kept on this device and shown at the next log-in, so that strangers cannot delay it.
  std::optional<Secret> device;
  /// With welcome: a role asks for a second factor and there is none; the session can only set one up.
  bool enrol_only = false;
  std::chrono::seconds retry_after{0};  ///< with throttled
};

/// Never throws for what the person got wrong.
LogInResult log_in(const LogInDesk& desk, const LogInRequest& request, Instant now);

/// New tokens for a refresh token. Commits, in particular the end of a session whose token was used twice.
auth::Refreshed refresh_session(const LogInDesk& desk, const Secret& refresh_token, std::string_view address,
                                Instant now);

/// Who makes a request.
struct Caller {
  domain::Principal principal;  ///< what it may do; of a key no more than the key's permissions
  std::optional<domain::Session> session;
  std::optional<domain::ApiKey> key;           ///< one of the two is there
  std::vector<domain::Permission> recorded{};  ///< of a key: whose use need not be written down now
  bool enrol_only = false;                     ///< the session can only set up a second factor
};

struct Authentication {
  std::optional<Caller> caller;                  ///< nothing: the token is not, or no longer, worth anything
  std::optional<domain::ApiKey> from_elsewhere;  ///< a live key, shown from outside of its networks: worth an audit row
};

/// By an access token or the text of an API key, read anew each time: what was revoked a moment ago, by whatever
/// daemon, is dead. Only reads.
Authentication authenticate(db::Transaction& tx, const Secret& token, std::string_view address, Instant now);

/// Writes down that the session or key was used, and of a key for what: once a minute and once an hour at most.
void note_use(db::Transaction& tx, const Caller& caller, domain::Permission permission, std::string_view address,
              Instant now);

/// Whether note_use() would write anything.
bool use_is_due(const Caller& caller, domain::Permission permission, Instant now);

/// Ends the caller's own session.
/// \param where  that the request comes from
/// \returns false where it had ended
bool log_out(db::Transaction& tx, const Caller& caller, Instant now, const domain::Origin& where = {});

/// A second factor shown again in a session, for what asks for a fresh one. Commits.
/// \returns welcome, wrong_code or throttled
LogInResult step_up(const LogInDesk& desk, const Caller& caller, const Secret& code, Instant now,
                    const domain::Origin& where = {});

/// What asks for a fresh code was asked for without one.
class StepUpError : public Error {
 public:
  StepUpError();
};
/// Before what a stolen session must not be able to do: restoring, giving roles, unlocking, settling in bulk. Where the
/// account has no second factor there is none to show; where it has one, each session is asked for it, also one that
/// is older than it.
/// \throws StepUpError   it was last shown in the session longer ago than [sessions] step_up says, or never
/// \throws Error denied  the caller is an API key, which cannot show one
void require_fresh_second_factor(db::Transaction& tx, const Caller& caller, const config::Settings& settings,
                                 Instant now);

/// Deletes what no log-in needs any longer: sessions a month after their end, and tries and known places that are too
/// old to count. \returns how many rows
std::int64_t purge_log_ins(const Work& work);

/// [sessions] as auth::Sessions wants it.
auth::SessionLife session_life(const config::Settings& settings);

}  // namespace visitor::app
