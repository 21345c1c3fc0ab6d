#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/secret.hpp"
#include "net/http.hpp"

/// The API of a visitord, as a program on another machine uses it.
namespace visitor::app {

struct ApiServer {
  std::string url;                     ///< "https://visitor.example.org", without a path
  Secret key;                          ///< an API key, or the access token of a session
  std::optional<std::string> ca_file;  ///< PEM, believed besides the system's authorities
};

struct ApiRequest {
  std::string method = "GET";
  std::string path;  ///< below /api/v1, with its query: "/visits/?status=CHECKED_IN"
  std::string body;  ///< JSON; empty: none
  std::string if_match;
  std::string idempotency_key;
};

struct ApiAnswer {
  int status = 0;
  std::string body;
  std::string etag;
};

class ApiClient {
 public:
  /// \throws Error usage  the address cannot be read, or a key would go over the network in the clear: http is only for
  ///                      this machine
  explicit ApiClient(ApiServer server);

  /// A connection that breaks before the answer is there is tried again where that does nothing twice: a GET, and a
  /// POST with an Idempotency-Key. \throws Error failed  there is no answer, or no such address, or too many requests
  /// \throws Error         what the problem of the answer means: usage, denied, not_found, conflict, database, failed.
  ///                       The hint names the request as the daemon's log does.
  ApiAnswer send(const ApiRequest& request);

 private:
  ApiServer server_;
  net::HttpClient client_;
};

/// A page of a list, taken apart.
struct ApiPage {
  std::vector<std::string> results;  ///< JSON each
  std::string next;                  ///< below /api/v1; empty: there is none
};
/// \p address without what every address of the API begins with: "/visits/?cursor=…"; empty where it is none.
std::string below_api(std::string_view address);
/// \returns nothing where \p body is no list
std::optional<ApiPage> take_apart(std::string_view body);

}  // namespace visitor::app
