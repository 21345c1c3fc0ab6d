#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "core/instant.hpp"
#include "net/fingerprint.hpp"

namespace visitor::hikvision {

/// Why a terminal gave no good answer, told apart by what has to be done about it.
enum class FailureKind : std::uint8_t {
  offline,              ///< not there, no name, or it hung up; try later
  timeout,              ///< there, but too slow; try later
  tls,                  ///< the port is open, but TLS does not come about
  certificate_changed,  ///< not the pinned certificate; a person decides
  wrong_password,       ///< stop; see LoginState
  locked,               ///< it refuses every log-in until locked_until
  busy,                 ///< still busy after the retries
  not_supported,        ///< this model does not have it
  bad_parameters,       ///< it does not take a value or the form of the request
  missing_parameter,    ///< it wants a member that was not sent: parameter
  bad_answer,           ///< what came cannot be understood, or is too large
  device_error,         ///< it reports an error of its own
  refused,              ///< it understands and does not want: rights, activation, another address
  interrupted,          ///< the caller's stop token
};

/// Stable, in JSON and logs: "offline", "wrong_password", ...
std::string_view name(FailureKind kind);

struct Failure {
  FailureKind kind = FailureKind::offline;
  std::string message = {};  ///< one lower-case line that names the terminal; never a secret, never a body
  std::string hint = {};     ///< one sentence with the next step, or empty
  std::optional<Instant> locked_until = {};          ///< with locked and wrong_password: no attempt before this
  std::optional<int> retry_login_time = {};          ///< tries that the terminal says are left before it locks
  std::string parameter = {};                        ///< with missing_parameter: its name on the wire
  std::optional<net::Fingerprint> certificate = {};  ///< with certificate_changed: the one that was shown
};

/// What a terminal answered, or why it did not.
template <class T>
class Outcome {
 public:
  Outcome(T value) : content_(std::move(value)) {}
  Outcome(Failure failure) : content_(std::move(failure)) {}

  explicit operator bool() const { return std::holds_alternative<T>(content_); }
  const T& operator*() const& { return std::get<T>(content_); }
  T&& operator*() && { return std::get<T>(std::move(content_)); }
  const T* operator->() const { return &std::get<T>(content_); }
  const Failure& failure() const { return std::get<Failure>(content_); }

 private:
  std::variant<T, Failure> content_;
};

}  // namespace visitor::hikvision
