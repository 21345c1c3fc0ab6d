#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/instant.hpp"
#include "support/visitor_sim_profiles.hpp"

namespace visitor::sim {

/// What the door keeper says to one request.
struct Admission {
  enum class Kind {
    granted,
    challenged,  ///< there was no Authorization header
    malformed,   ///< the header cannot be read; not counted as a failed log-in
    stale,       ///< password right, nonce too old, used up, replayed or unknown; not counted
    failed,      ///< counted: wrong password, user, realm or uri, or a stale nonce where the profile counts those
    locked,      ///< counted, and the lock starts again
  };
  Kind kind = Kind::challenged;
  std::vector<std::string> challenges{};  ///< WWW-Authenticate values to send, maybe none
  int retries_left = 0;                   ///< retryLoginTime
  std::chrono::seconds unlock_time{0};    ///< unlockTime
  bool was_stale = false;                 ///< the password was right, whatever kind says
  bool was_locked = false;                ///< the lock was there before this attempt
};

/// The log-in of a terminal: digest authentication with nonces that live as the profile says, and a lock-out.
///
/// Written from RFC 7616 and HIKVISION.md section 8, and sharing no code with lib/net, so that a mistake there is not
/// repeated here. Not thread-safe.
class DigestGate {
 public:
  DigestGate(const Profile& profile, std::string user, std::string password);

  /// \param method         "GET"
  /// \param target         the request target as it was sent, with its query
  /// \param authorization  the Authorization header, if there was one
  /// \param wrong          as if the password had been changed
  Admission admit(std::string_view method, std::string_view target, std::optional<std::string_view> authorization,
                  Instant now, bool wrong = false);

  void set_password(std::string password) { password_ = std::move(password); }
  /// Forgets every nonce, as a restart does. Failures and the lock stay.
  void forget_nonces() { nonces_.clear(); }
  /// Ends a lock and forgets the failures.
  void unlock();
  bool locked(Instant now) const { return now < locked_until_; }
  int failures() const { return failures_; }

 private:
  struct Nonce {
    Instant issued;
    unsigned long last_count = 0;
    int uses = 0;
  };

  std::vector<std::string> challenge(Instant now, bool stale);
  Admission fail(Instant now);
  Admission refuse_stale(Instant now);

  std::string realm_;
  std::vector<DigestAlgorithm> algorithms_;
  std::chrono::milliseconds nonce_life_;
  int nonce_uses_;
  StaleAnswer stale_;
  bool success_clears_failures_;
  int max_failures_;
  std::chrono::seconds lock_time_;
  std::string user_;
  std::string password_;
  std::map<std::string, Nonce> nonces_;
  int failures_ = 0;
  Instant locked_until_{};
};

}  // namespace visitor::sim
