#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "core/secret.hpp"
#include "hikvision/client_failure.hpp"
#include "net/digest.hpp"
#include "net/http.hpp"

namespace visitor::hikvision {

/// What must outlive a restart so that a terminal is never locked by us: stored with the terminal, handed to the next
/// Client.
struct LoginState {
  std::optional<Instant> wait_until;  ///< no log-in is tried before this
  bool locked = false;                ///< the terminal said so; false with wait_until: we pause after a refusal
  std::optional<int> tries_left;      ///< after a refused password; 1 or less: never again without a person

  bool needs_person() const { return !locked && tries_left && *tries_left <= 1; }
  bool operator==(const LoginState&) const = default;
};

/// The log-in of one terminal: answers its challenges, tells its refusals apart, and never locks it.
///
/// A nonce is used twice at most and within one second, because terminals count a stale one as a wrong password. After
/// a refused password the next try waits kRefusalPause; at one try left there is none, so that the operators can still
/// get in. A lock is waited out, because each attempt starts it again. Source: HIKVISION.md section 8.
class Login {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::milliseconds kNonceLife{1'000};
  static constexpr std::uint32_t kMostNonceUses = 2;
  static constexpr std::chrono::seconds kRefusalPause{600};
  static constexpr std::chrono::seconds kLockWithoutTime{1'800};  ///< where a lock does not say how long
  static constexpr std::chrono::seconds kLockMargin{5};           ///< added to the time that it says

  /// \param terminal  as messages name it: "terminal http://192.0.2.10"
  Login(std::string terminal, std::string username, Secret password, LoginState state, const Clock& clock);

  /// Why no log-in may be tried now, or nothing.
  std::optional<Failure> barred();

  /// Whether authorize() can be called: there is a challenge, young and little used.
  bool has_nonce(SteadyTime now) const;
  /// Takes the challenge in a 401; false where there is none that can be answered.
  bool take_challenge(const net::HttpResponse& response, SteadyTime asked_at);
  /// The Authorization header for the next request, counting the use; empty where there is no challenge.
  std::string authorize(std::string_view method, std::string_view target);

  enum class Verdict : std::uint8_t {
    answer_again,  ///< a new challenge has been taken: authorize() and send once more
    probe_again,   ///< ask for a new challenge, then send once more
    refused,       ///< over: failure() says why
  };
  /// Judges an answer that refuses the log-in (HTTP 401, or a body that says so with another status).
  /// \param may_repeat  false once this request has been sent a second time
  Verdict judge(const net::HttpResponse& response, bool may_repeat, SteadyTime asked_at);
  const Failure& failure() const { return failure_; }

  /// The terminal let us in.
  void accepted();
  /// A refusal since \p state does not count.
  void restore(const LoginState& state) { state_ = state; }
  /// A person has put it right: tries are allowed again.
  void allow() { state_ = {}; }

  const LoginState& state() const { return state_; }

 private:
  Verdict refuse(Failure failure);
  Verdict refuse_password(std::optional<std::int64_t> tries_left);
  Verdict lock(std::optional<std::chrono::seconds> unlock_time);
  Failure lock_failure() const;
  Failure password_failure() const;

  std::string terminal_;
  std::string username_;
  Secret password_;
  LoginState state_;
  const Clock& clock_;
  Failure failure_;

  std::optional<net::DigestChallenge> challenge_;
  std::string cnonce_;
  std::uint32_t uses_ = 0;
  SteadyTime challenged_at_{};
  bool reuses_ = true;  ///< false once this terminal has refused a nonce that was used before
};

}  // namespace visitor::hikvision
