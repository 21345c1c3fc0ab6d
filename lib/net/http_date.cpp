#include "net/http_date.hpp"

#include <date/date.h>

#include <sstream>
#include <string>

namespace visitor::net {

std::optional<Instant> read_http_date(std::string_view text) {
  std::istringstream in{std::string{text}};
  std::chrono::sys_time<std::chrono::seconds> at;
  in >> date::parse("%a, %d %b %Y %H:%M:%S GMT", at);
  return in.fail() ? std::nullopt : std::optional<Instant>{at};
}

}  // namespace visitor::net
