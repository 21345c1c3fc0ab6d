#include "app/terminal_checks.hpp"

#include <fmt/format.h>

#include "app/checks.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "net/url.hpp"

namespace visitor::app {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kName = 100, kUsername = 64, kPassword = 128;
constexpr milliseconds kFastest{100}, kSlowest{3'600'000};

}  // namespace

std::string checked_terminal_name(const std::string& given) {
  auto name = checked_text("the name of a terminal", given, 1, kName);
  if (to_integer(name))
    throw Error(Errc::usage, fmt::format("'{}' cannot be the name of a terminal: it is a number", name),
                "Numbers name terminals already; add a letter.");
  return name;
}

std::string checked_terminal_url(const std::string& given) {
  const auto url = net::parse_url(trim(given));
  if (url.target != "/")
    throw Error(Errc::usage, fmt::format("the address of a terminal has a path: '{}'", url.target),
                "Give scheme, host and port only, such as http://192.0.2.10.");
  return fmt::format("{}://{}", url.tls ? "https" : "http", url.authority());
}

std::string checked_username(const std::string& given) {
  return checked_text("the user name", given, 1, kUsername);
}

milliseconds checked_interval(milliseconds given) {
  if (given >= kFastest && given <= kSlowest) return given;
  throw Error(Errc::usage, fmt::format("the poll interval {} ms is out of range", given.count()),
              "It is between 100 ms and one hour.");
}

std::vector<std::byte> seal_terminal_password(const Vault& vault, const Secret& password) {
  if (password.empty() || password.size() > kPassword)
    throw Error(Errc::usage, password.empty() ? "the password is missing" : "the password is too long",
                fmt::format("A terminal takes 1 to {} bytes.", kPassword));
  return vault.seal(kTerminalPassword, password);
}

}  // namespace visitor::app
