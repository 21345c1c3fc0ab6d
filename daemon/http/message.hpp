#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace visitor::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// A request that has arrived whole, within all limits.
struct Request {
  std::string method;  ///< "GET"; HEAD arrives as GET
  std::string path;    ///< as sent, without the query; begins with a slash
  std::string query;   ///< as sent, without the question mark
  Headers headers;     ///< in the order of arrival
  std::string body;
  std::string remote;  ///< IP address of the other side
  std::string id;      ///< X-Request-Id of the client if it is a sane one, otherwise made here

  /// The first value of that name (letter case does not count), or empty.
  std::string_view header(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  Headers headers;  ///< more of them; the server adds length, date, connection, request id and the security headers
};

/// A line of text that says what is wrong.
Response error_response(int status, std::string_view message);

/// "Not Found" and so on; empty for an unknown one.
std::string_view reason(int status);

}  // namespace visitor::http
