#pragma once

#include <cstdint>
#include <functional>
#include <memory>
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

/// A body that is not held in memory.
class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;

  virtual std::uint64_t size() const = 0;
  /// The next piece, not empty until size() bytes were given. Called on the worker pool, and not again after the end.
  /// \throws  whatever: the answer is broken off
  virtual std::string next() = 0;
};

struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  Headers headers;  ///< more of them; the server adds length, date, connection, request id and the security headers
  std::shared_ptr<Source> source = {};  ///< instead of the body
  /// Instead of all of it but the headers: what takes long. Runs on a pool of its own, so that it keeps nobody waiting.
  std::function<Response()> rest = {};
};

/// A line of text that says what is wrong.
Response error_response(int status, std::string_view message);

/// "Not Found" and so on; empty for an unknown one.
std::string_view reason(int status);

}  // namespace visitor::http
