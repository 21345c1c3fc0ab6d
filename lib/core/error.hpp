#pragma once

#include <cstdint>
#include <exception>
#include <span>
#include <string>
#include <string_view>

namespace visitor {

/// What went wrong, as a closed list. The name, the exit status and the HTTP status of each stand in one table
/// (error_table()); manual pages and the REST API are written from it.
enum class Errc : std::uint8_t {
  failed,         ///< anything without a code of its own
  usage,          ///< the caller's words are off: a flag, a number, a time
  partial,        ///< some of it was done; the message says what was not
  not_found,      ///< the named thing does not exist, or the caller may not know of it
  conflict,       ///< the thing is not in a state that allows this, or somebody else was first
  denied,         ///< the actor or the operating system does not allow it
  config,         ///< the configuration, the master key or an installed file is wrong
  database,       ///< the database refused or cannot be reached
  database_lost,  ///< the connection broke: the statement may or may not have run
  terminal,       ///< a terminal does not answer, or refuses
  delivery,       ///< an alert could not be handed over
  integrity,      ///< a checksum, a signature or an invariant does not hold
  interrupted,    ///< a signal or a deadline of the caller ended it
};

struct ErrorInfo {
  Errc code;
  std::string_view name;  ///< stable, in JSON and logs
  int exit_status;        ///< of visitorctl
  int http_status;        ///< of the REST API
  std::string_view meaning;
};

/// Every code once, in the order of the enum.
std::span<const ErrorInfo> error_table();
const ErrorInfo& info(Errc code);

/// "Cannot go on." Thrown; caught in four places only (the command line's main, the HTTP dispatch, a loop's tick, the
/// daemon's main).
class Error : public std::exception {
 public:
  /// \param message  one lower-case line of fact that names the thing, without a full stop; never a secret
  /// \param hint     one sentence with the next step, or empty
  Error(Errc code, std::string message, std::string hint = {});

  Errc code() const noexcept { return code_; }
  const std::string& message() const noexcept { return message_; }
  const std::string& hint() const noexcept { return hint_; }
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  Errc code_;
  std::string message_;
  std::string hint_;
};

}  // namespace visitor
