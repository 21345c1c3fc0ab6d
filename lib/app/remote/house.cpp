#include "app/remote/house.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "app/remote/json_object.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "core/vault.hpp"

namespace visitor::app {
namespace {

constexpr std::size_t kPage = 200;
constexpr std::size_t kKeyBytes = 16;

bool is_plain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
         c == '.' || c == '~';
}

/// The version that a strong ETag of the API begins with.
std::optional<int> version_in(std::string_view etag) {
  if (!etag.starts_with('"')) return std::nullopt;
  const auto number = to_integer(etag.substr(1, etag.find('-') - 1));
  return number ? std::optional{static_cast<int>(*number)} : std::nullopt;
}

}  // namespace

Query& Query::add(std::string_view name, std::string_view value) {
  if (value.empty()) return *this;
  text_ += fmt::format("{}{}=", text_.empty() ? '?' : '&', name);
  for (const char c : value)
    text_ += is_plain(c) ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return *this;
}

Query& Query::add(std::string_view name, const std::string& value) {
  return add(name, std::string_view{value});
}

Query& Query::add(std::string_view name, const std::optional<Instant>& value) {
  return value ? add(name, std::string_view{to_iso(*value)}) : *this;
}

Query& Query::by_cursor() {
  text_ += fmt::format("{}cursor=", text_.empty() ? '?' : '&');
  return *this;
}

Query& Query::add_flag(std::string_view name, bool yes) {
  return yes ? add(name, std::string_view{"true"}) : *this;
}

RemoteHouse::RemoteHouse(ApiServer server, Instant now) : client_(std::move(server)), now_(now) {}

std::string RemoteHouse::checked(ApiRequest request) {
  auto path = request.path.substr(0, request.path.find('?'));
  auto answer = client_.send(request);
  boost::json::error_code error;
  boost::json::parse(answer.body, error);
  if (error)
    throw Error(Errc::failed, fmt::format("the answer to {} {} is no JSON", request.method, path),
                "See whether a visitord is at that address.");
  if (request.method == "GET") etags_[std::move(path)] = std::move(answer.etag);
  return std::move(answer.body);
}

std::string RemoteHouse::get(const std::string& path, const Query& query) {
  ApiRequest request;
  request.path = path + query.text();
  return checked(std::move(request));
}

std::vector<std::string> RemoteHouse::list(const std::string& path, const Query& query, std::size_t limit) {
  std::vector<std::string> rows;
  auto wanted = query;
  wanted.add("page_size", std::to_string(std::min(limit, kPage)));
  auto address = path + wanted.text();
  while (rows.size() < limit) {
    const auto body = get(address);
    const JsonObject page{body};
    for (const auto row : elements_of(page.raw("results")))
      if (rows.size() < limit) rows.emplace_back(row);
    const auto next = below_api(page.text("next"));
    if (next.empty()) break;
    address = next;
  }
  return rows;
}

std::string RemoteHouse::post(const std::string& path, const std::string& body) {
  ApiRequest request;
  request.method = "POST";
  request.path = path + (dry_run_ ? "?dry_run=1" : "");
  request.body = body;
  request.idempotency_key = to_hex(random_bytes(kKeyBytes));
  return checked(std::move(request));
}

std::string RemoteHouse::patch(const std::string& path, const std::string& body, std::optional<int> seen) {
  if (!etags_.contains(path)) get(path);
  const auto& etag = etags_[path];
  if (const auto version = version_in(etag); seen && version && *version != *seen)
    throw Error(Errc::conflict, fmt::format("it has version {} by now, not {}", *version, *seen),
                "Look at it again, and decide anew.");
  ApiRequest request;
  request.method = "PATCH";
  request.path = path + (dry_run_ ? "?dry_run=1" : "");
  request.body = body;
  request.if_match = etag;
  return checked(std::move(request));
}

const std::string& RemoteHouse::time_zone(std::optional<SiteId> site) {
  static const std::string kNone = "UTC";
  if (!site) return kNone;
  if (!zones_) {
    zones_.emplace();
    for (const auto& row : list("/sites/", {})) {
      const JsonObject one{row};
      zones_->emplace(one.id<SiteId>("id"), one.text("time_zone"));
    }
  }
  const auto found = zones_->find(*site);
  return found == zones_->end() ? kNone : found->second;
}

}  // namespace visitor::app
