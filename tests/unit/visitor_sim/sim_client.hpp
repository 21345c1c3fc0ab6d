#pragma once

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/manual_clock.hpp"
#include "support/visitor_sim.hpp"

namespace visitor::sim {

struct Reply {
  int status = 0;  ///< 0: no HTTP answer
  std::string body{};
  std::multimap<std::string, std::string> headers{};  ///< names in lower case

  std::string header(const std::string& name) const;
  boost::json::object json() const;   ///< the body, which must be a JSON object
  std::string sub_status() const;     ///< subStatusCode of a JSON or XML refusal, or ""
  std::string error_message() const;  ///< errorMsg of a JSON refusal, or ""
};

/// What a digest Authorization header is made of. Source: RFC 7616 section 3.4.
struct Login {
  std::string user = "admin";
  std::string password = "simulated-1";
  std::string realm = "IP Camera(C2183)";
  std::string nonce{};
  std::string count = "00000001";
  std::string cnonce = "0a4f113b";
  std::string algorithm{};  ///< "", "MD5" or "SHA-256"
};
std::string digest_response(const Login& login, std::string_view method, std::string_view uri);
std::string authorization(const Login& login, std::string_view method, std::string_view uri);

/// A simulated terminal whose clock stands still, and callers of it.
struct SimFixture {
  test::ManualClock clock{test::at("2026-09-01T12:00:00Z")};
  std::optional<Terminal> terminal;

  static Profile profile(std::string_view name);
  void start(Profile with, const TerminalOptions& options = {});
  void start(std::string_view name) { start(profile(name)); }

  /// With the log-in of cpp-httplib's client: one request without and one with Authorization.
  Reply call(const std::string& method, const std::string& target, const std::string& body = {}) const;
  /// One request as it is given.
  Reply send(const std::string& method, const std::string& target, const std::string& authorization = {},
             const std::string& body = {}) const;
  /// A nonce from a challenge.
  std::string fresh_nonce() const;
  Reply check(const Login& login) const;  ///< GET userCheck with it

  /// A page of a search whose condition is the minimum with \p changes on top; a null member is left out.
  Reply search(const boost::json::object& changes = {}) const;
};

constexpr auto kUserCheck = "/ISAPI/Security/userCheck";
constexpr auto kSearch = "/ISAPI/AccessControl/AcsEvent?format=json";

/// {"AcsEventCond": the minimum with \p changes on top}.
std::string condition(const boost::json::object& changes = {});
/// InfoList of a page.
boost::json::array rows(const Reply& reply);
std::vector<std::int64_t> serials(const Reply& reply);

}  // namespace visitor::sim
