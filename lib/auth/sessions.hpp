#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/secret.hpp"
#include "db/transaction.hpp"
#include "domain/session.hpp"

namespace visitor::auth {

/// What audit rows about sessions speak of.
inline constexpr std::string_view kSessionTopic = "session";

/// How long the parts of a session last.
struct SessionLife {
  std::chrono::seconds access{30 * 60};           ///< an access token, from its issue
  std::chrono::seconds refresh{7 * 24 * 3600};    ///< a refresh token, from its issue: a session that rests ends then
  std::chrono::seconds absolute{30 * 24 * 3600};  ///< the session, from the log-in
};

/// What the client keeps. Shown once; the database has only their hashes.
struct IssuedTokens {
  Secret access;
  Instant access_until;
  Secret refresh;
  Instant refresh_until;
};

struct NewSession {
  AccountId account;
  domain::SecondFactorKind second_factor = domain::SecondFactorKind::none;
  std::string address;
  std::string agent;
};

struct SessionIssued {
  domain::Session session;
  IssuedTokens tokens;
};

/// How a refresh went. A reuse has ended the session, and that is to be committed.
enum class RefreshVerdict : std::uint8_t { done, unknown, reused };
struct Refreshed {
  RefreshVerdict verdict = RefreshVerdict::unknown;
  std::optional<SessionIssued> issued;     ///< with done
  std::optional<domain::Session> session;  ///< with reused: the one that was ended
};

struct SessionFilter {
  std::optional<AccountId> account;
  bool all = false;  ///< also those that are over
  int limit = 100;
};

/// Sessions are read anew for every request: what is ended here is dead for every daemon with the commit.
class Sessions {
 public:
  explicit Sessions(db::Transaction& tx) : tx_(tx) {}

  SessionIssued open(const NewSession& session, const SessionLife& life, Instant now);
  /// The live session of an enabled account that this access token belongs to.
  std::optional<domain::Session> find_by_access(const Secret& token, Instant now);
  /// New tokens for a refresh token; the old pair ends. Each refresh token works once: whoever comes second has, or is,
  /// a thief, so the session ends. Two at the same moment are one after the other.
  Refreshed refresh(const Secret& token, const SessionLife& life, Instant now);

  std::optional<domain::Session> find(domain::SessionId id);
  /// Newest first.
  std::vector<domain::Session> list(const SessionFilter& filter, Instant now);
  /// \returns whether it was live
  bool end(domain::SessionId id, domain::SessionEnd how, Instant now);
  /// \param except  this one goes on
  /// \returns those that were live
  std::vector<domain::SessionId> end_all(AccountId account, domain::SessionEnd how, Instant now,
                                         std::optional<domain::SessionId> except = {});
  /// That it is in use; written once a minute at most.
  void touch(domain::SessionId id, Instant now);
  /// A second factor was shown in it.
  void step_up(domain::SessionId id, domain::SecondFactorKind kind, Instant now);
  /// Deletes what was over before \p before. \returns how many
  std::int64_t purge(Instant before);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::auth
