#include "daemon/http/message.hpp"

#include <fmt/format.h>

#include "core/text.hpp"

namespace visitor::http {

std::string_view Request::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (equal_ignoring_case(key, name)) return value;
  return {};
}

Response error_response(int status, std::string_view message) {
  Response response;
  response.status = status;
  response.body = fmt::format("{} {}: {}\n", status, reason(status), message);
  return response;
}

std::string_view reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 413:
      return "Payload Too Large";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "";
  }
}

}  // namespace visitor::http
