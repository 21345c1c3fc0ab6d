#include "hikvision/client_failure.hpp"

#include <array>

namespace visitor::hikvision {

std::string_view name(FailureKind kind) {
  constexpr std::array<std::string_view, 14> kNames = {
      "offline",    "timeout",      "tls",           "certificate_changed", "wrong_password",
      "locked",     "busy",         "not_supported", "bad_parameters",      "missing_parameter",
      "bad_answer", "device_error", "refused",       "interrupted"};
  return kNames.at(static_cast<std::size_t>(kind));
}

}  // namespace visitor::hikvision
