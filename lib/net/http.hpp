#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "net/address.hpp"
#include "net/failure.hpp"
#include "net/fingerprint.hpp"

namespace visitor::net {

struct HttpHeader {
  std::string name;
  std::string value;
};

struct HttpRequest {
  std::string method = "GET";
  std::string url = {};  ///< http:// or https://, without a user name; path and query go out byte for byte
  std::vector<HttpHeader> headers = {};
  std::string body = {};
  std::string content_type = {};  ///< of the body; empty: no such header

  /// Whether a POST may be sent again when a kept connection turns out to be dead (GET, HEAD, PUT, DELETE always may).
  bool repeatable = false;
  /// Instead of HttpOptions::request_timeout.
  std::optional<std::chrono::milliseconds> timeout = {};
};

struct HttpResponse {
  int status = 0;                        ///< a redirection is handed out like any other answer, never followed
  std::vector<HttpHeader> headers = {};  ///< those of one name stay in the order in which they came
  std::string body = {};
  std::string local_address = {};  ///< of our end of the connection: what the peer's log shows as its visitor
  std::uint16_t local_port = 0;
  std::optional<Fingerprint> certificate = {};  ///< of the peer, where TLS was spoken
  std::chrono::microseconds elapsed{};          ///< from the first byte sent to the last one received

  /// The first header of that name (case does not matter), or nothing.
  std::optional<std::string_view> header(std::string_view name) const;
  /// Every header of that name, in order.
  std::vector<std::string> all(std::string_view name) const;
};

struct HttpFailure {
  NetFailure kind = NetFailure::closed;
  std::string message = {};  ///< one lower-case line that names host and port; never holds a header or a body
  std::optional<Fingerprint> certificate = {};  ///< the one that was shown instead of the pinned one
};

using HttpResult = std::variant<HttpResponse, HttpFailure>;

/// Whom to believe on https.
struct TlsTrust {
  enum class Kind {
    system,  ///< the machine's certificate authorities, and the certificate must name the host
    pinned,  ///< any certificate on first contact, only HttpOptions' pin from then on; names are not looked at.
             ///< Allows TLS 1.0 and small keys, because old terminals have nothing else.
  };
  Kind kind = Kind::system;
  std::optional<Fingerprint> pin = {};  ///< with Kind::pinned: nothing means first contact
  std::string ca_file = {};             ///< with Kind::system: PEM, believed besides the system's
};

struct HttpOptions {
  std::chrono::milliseconds connect_timeout{5'000};   ///< name, TCP and TLS together
  std::chrono::milliseconds request_timeout{10'000};  ///< everything, however slowly bytes trickle in
  std::size_t max_head_bytes = 64 * 1024;             ///< status line and headers
  std::size_t max_body_bytes = 8 * 1024 * 1024;       ///< compression is not asked for
  /// How long a connection is kept for the next request to the same origin; zero closes each at once.
  std::chrono::milliseconds idle_life{1'000};
  TlsTrust trust = {};
  /// Where this is given, only public addresses and these networks are connected to, whatever a name leads to at that
  /// moment; a name that leads elsewhere is unreachable.
  std::optional<std::vector<Network>> public_or = {};
};

/// Sends HTTP/1.1 requests, one at a time, and always comes back by the deadline.
///
/// Works against servers that hang, trickle, lie about lengths, close early or never end their headers. Keeps one
/// connection. For one thread at a time.
class HttpClient {
 public:
  explicit HttpClient(HttpOptions options = {});
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;
  ~HttpClient();

  /// \throws Error usage  the URL cannot be read, or method, header or target hold what HTTP does not allow there
  HttpResult send(const HttpRequest& request, std::stop_token stop = {});

  /// From now on only this certificate is believed (with TlsTrust::Kind::pinned).
  void pin(const Fingerprint& certificate);

  /// Closes the kept connection, if there is one.
  void close();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace visitor::net
