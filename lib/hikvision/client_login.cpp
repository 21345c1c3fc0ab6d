#include "hikvision/client_login.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "hikvision/response_status.hpp"

namespace visitor::hikvision {
namespace {

/// Tries that are assumed where a terminal refuses a password and does not say how many are left. Few, because five
/// lock most models.
constexpr std::int64_t kAssumedTries = 3;

}  // namespace

Login::Login(std::string terminal, std::string username, Secret password, LoginState state, const Clock& clock)
    : terminal_(std::move(terminal)),
      username_(std::move(username)),
      password_(std::move(password)),
      state_(state),
      clock_(clock) {}

std::optional<Failure> Login::barred() {
  if (state_.needs_person()) return password_failure();
  if (!state_.wait_until) return std::nullopt;
  if (clock_.now() < *state_.wait_until) return state_.locked ? lock_failure() : password_failure();
  // A lock that has run out starts a new count of tries; a pause of ours does not.
  state_.wait_until.reset();
  if (state_.locked) state_ = {};
  return std::nullopt;
}

bool Login::has_nonce(SteadyTime now) const {
  return challenge_ && uses_ < (reuses_ ? kMostNonceUses : 1) && now - challenged_at_ < kNonceLife;
}

bool Login::take_challenge(const net::HttpResponse& response, SteadyTime asked_at) {
  challenge_ = net::choose_digest_challenge(response.all("WWW-Authenticate"));
  cnonce_ = net::make_cnonce();
  uses_ = 0;
  challenged_at_ = asked_at;
  return challenge_.has_value();
}

std::string Login::authorize(std::string_view method, std::string_view target) {
  if (!challenge_) return {};
  ++uses_;
  return net::digest_authorization(*challenge_, {.username = username_,
                                                 .password = password_,
                                                 .method = method,
                                                 .uri = target,
                                                 .cnonce = cnonce_,
                                                 .count = uses_});
}

Login::Verdict Login::judge(const net::HttpResponse& response, bool may_repeat, SteadyTime asked_at) {
  const bool reused = uses_ > 1;
  if (reused) reuses_ = false;
  const bool challenged = take_challenge(response, asked_at);
  const bool stale = challenge_ && challenge_->stale;

  const auto status = decode_response_status(response.body);
  const auto verdict = status ? classify(*status, 401) : hikvision::Verdict::unknown;
  if (verdict == hikvision::Verdict::locked) return lock(status ? status->unlock_time : std::nullopt);
  if (verdict == hikvision::Verdict::not_activated) {
    return refuse({.kind = FailureKind::refused,
                   .message = fmt::format("{} has not been activated", terminal_),
                   .hint = "Give it an administrator password on its screen or web page first."});
  }
  if (verdict == hikvision::Verdict::low_privilege) {
    return refuse({.kind = FailureKind::refused,
                   .message = fmt::format("{} does not give user '{}' the right to do this", terminal_, username_),
                   .hint = "Give the account remote access to parameters and the log on the terminal's web page."});
  }

  const auto tries_left = status ? status->retry_login_time : std::nullopt;
  const bool last_try = tries_left && *tries_left <= 1;
  if (stale && may_repeat && !last_try) return Verdict::answer_again;
  const bool used_up = verdict == hikvision::Verdict::stale_nonce || (!challenged && !status);
  if (used_up && may_repeat) return Verdict::probe_again;
  if (stale || verdict == hikvision::Verdict::stale_nonce) {
    if (last_try) return refuse_password(tries_left);
    return refuse({.kind = FailureKind::refused,
                   .message = fmt::format("{} calls even a new nonce stale", terminal_),
                   .hint = "Restart the terminal; if that does not help, look for a firmware update."});
  }
  // Some firmware counts a stale nonce as a wrong password, so a reused one proves nothing yet.
  if (reused && may_repeat && !last_try) return challenged ? Verdict::answer_again : Verdict::probe_again;
  return refuse_password(tries_left);
}

void Login::accepted() {
  state_ = {};
}

Login::Verdict Login::refuse(Failure failure) {
  challenge_.reset();
  failure_ = std::move(failure);
  return Verdict::refused;
}

Login::Verdict Login::refuse_password(std::optional<std::int64_t> tries_left) {
  const auto assumed = state_.tries_left ? *state_.tries_left - 1 : kAssumedTries;
  state_.locked = false;
  state_.tries_left = static_cast<int>(std::clamp<std::int64_t>(tries_left.value_or(assumed), 0, 1'000));
  state_.wait_until.reset();
  if (!state_.needs_person()) state_.wait_until = clock_.now() + kRefusalPause;
  return refuse(password_failure());
}

Login::Verdict Login::lock(std::optional<std::chrono::seconds> unlock_time) {
  state_.locked = true;
  state_.tries_left.reset();
  const auto named = unlock_time.value_or(kLockWithoutTime);
  state_.wait_until = clock_.now() + (named.count() > 0 ? named : kLockWithoutTime) + kLockMargin;
  return refuse(lock_failure());
}

Failure Login::lock_failure() const {
  const auto until = state_.wait_until.value_or(Instant{});
  return {
      .kind = FailureKind::locked,
      .message = fmt::format("{} has locked itself against log-ins until {}", terminal_, to_iso(until)),
      .hint = "Wait, because each attempt starts the lock again, or unlock this address on the terminal's web page.",
      .locked_until = state_.wait_until};
}

Failure Login::password_failure() const {
  const int left = state_.tries_left.value_or(0);
  auto message = fmt::format("{} refuses the password of user '{}', {} left before it locks", terminal_, username_,
                             left == 1 ? "1 try is" : fmt::format("{} tries are", left));
  if (state_.needs_person()) {
    return {.kind = FailureKind::wrong_password,
            .message = std::move(message),
            .hint =
                "Check the password on the terminal's web page and store it with 'visitorctl terminal enable TERMINAL "
                "--password-file FILE'; until then no log-in is tried.",
            .retry_login_time = left};
  }
  return {
      .kind = FailureKind::wrong_password,
      .message = std::move(message),
      .hint = fmt::format(
          "Store the right password with 'visitorctl terminal enable TERMINAL --password-file FILE'; the "
          "present one is tried again at {}.",
          state_.wait_until ? to_iso(std::chrono::floor<std::chrono::seconds>(*state_.wait_until)) : "the next poll"),
      .locked_until = state_.wait_until,
      .retry_login_time = left};
}

}  // namespace visitor::hikvision
