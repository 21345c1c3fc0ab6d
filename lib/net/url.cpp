#include "net/url.hpp"

#include <fmt/format.h>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "core/error.hpp"
#include "core/text.hpp"

namespace visitor::net {
namespace {

constexpr auto kHint = "Write it like http://192.0.2.10 or https://terminal.example:8443.";

[[noreturn]] void refuse(std::string_view text, std::string_view why) {
  throw Error(Errc::usage, fmt::format("{} is not an address to connect to: {}", json_quote(text.substr(0, 200)), why),
              kHint);
}

}  // namespace

std::string Url::authority() const {
  const auto shown = host.find(':') == std::string::npos ? host : fmt::format("[{}]", host);
  return port == (tls ? 443 : 80) ? shown : fmt::format("{}:{}", shown, port);
}

Url parse_url(std::string_view text) {
  if (text.size() > 4096) refuse(text, "it is longer than 4096 bytes");
  const auto parsed = boost::urls::parse_uri(boost::urls::string_view{text.data(), text.size()});
  if (!parsed) refuse(text, "it is not a URL");
  const auto& view = *parsed;
  if (view.has_userinfo()) {
    throw Error(Errc::usage, "an address to connect to holds a user name", "Give user name and password separately.");
  }

  Url url;
  if (view.scheme_id() == boost::urls::scheme::https) {
    url.tls = true;
    url.port = 443;
  } else if (view.scheme_id() != boost::urls::scheme::http) {
    refuse(text, "it does not begin with http:// or https://");
  }
  const auto host = view.host_address();
  url.host.assign(host.data(), host.size());
  if (url.host.empty()) refuse(text, "it names no host");
  if (view.has_port()) {
    const std::string_view digits{view.port().data(), view.port().size()};
    const auto port = to_integer(digits);
    if (!port || *port < 1 || *port > 65535) refuse(text, "its port is not between 1 and 65535");
    url.port = static_cast<std::uint16_t>(*port);
  }
  const auto path = view.encoded_path();
  const auto query = view.encoded_query();
  url.target.assign(path.data(), path.size());
  if (url.target.empty()) url.target = "/";
  if (view.has_query()) {
    url.target += '?';
    url.target.append(query.data(), query.size());
  }
  return url;
}

}  // namespace visitor::net
