#pragma once

#include <cstdint>
#include <string>

#include "app/remote/api_client.hpp"
#include "net/http.hpp"

namespace visitor::app {

/// Fetches files of the API in parts, so that none has to fit into memory.
class FileClient {
 public:
  explicit FileClient(ApiServer server);

  /// \param path    below /api/v1
  /// \param offset  within the file
  /// \param count   bytes at most; 1 or more
  /// \param etag    of the file
  /// \throws Error            as ApiClient::send()
  /// \throws Error integrity  it is another file by now
  std::string part(const std::string& path, std::uint64_t offset, std::uint64_t count, const std::string& etag);

 private:
  ApiServer server_;
  net::HttpClient client_;
};

}  // namespace visitor::app
