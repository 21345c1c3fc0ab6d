#include "app/remote/file_client.hpp"

#include <fmt/format.h>

#include <utility>

#include "app/remote/api_wire.hpp"
#include "core/error.hpp"

namespace visitor::app {
namespace {

constexpr int kAttempts = 3;
constexpr int kPart = 206;

}  // namespace

FileClient::FileClient(ApiServer server) : server_(std::move(server)), client_(http_options(server_)) {
  while (server_.url.ends_with('/')) server_.url.pop_back();
}

std::string FileClient::part(const std::string& path, std::uint64_t offset, std::uint64_t count,
                             const std::string& etag) {
  ApiRequest request;
  request.path = path;
  auto http = http_request(server_, request);
  http.headers.push_back({"Range", fmt::format("bytes={}-{}", offset, offset + count - 1)});
  http.headers.push_back({"If-Range", etag});
  auto result = client_.send(http);
  for (int attempt = 1; attempt < kAttempts && is_broken(result); ++attempt) result = client_.send(http);
  auto response = require_good(server_, request, std::move(result));
  if (response.status != kPart)
    throw Error(Errc::integrity, "the file has changed while it was fetched", "Ask for it again.");
  return std::move(response.body);
}

}  // namespace visitor::app
