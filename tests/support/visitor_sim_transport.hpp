#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace visitor::sim {

/// One parsed HTTP request.
struct HttpRequest {
  std::string method;
  std::string target;  ///< as sent, with its query
  std::string path;
  std::map<std::string, std::string> query;
  std::optional<std::string> authorization;
  std::string content_type;
  std::string body;  ///< empty where it was a form in parts
  struct Part {
    std::string name;
    std::string filename;  ///< empty where it is no file
    std::string content;
  };
  std::vector<Part> parts;  ///< of multipart/form-data
  std::string remote_host;
  bool wants_close = false;
};

/// The other end of one connection: what a handler answers on, byte by byte.
class Wire {
 public:
  virtual ~Wire() = default;
  /// False when the peer has gone or the listener is stopping.
  virtual bool send(std::string_view bytes) = 0;
  /// Waits until the peer closes, the listener stops, or \p time is over. True where the connection is still there.
  virtual bool wait(std::chrono::milliseconds time) = 0;
  /// True when the peer ended the connection in an orderly way (FIN), as seen by the last send or wait.
  virtual bool closed_cleanly() const = 0;
  /// No further request on this connection.
  virtual void close_after() = 0;
};

/// A self-signed certificate with its key.
struct Certificate {
  std::string certificate_pem;
  std::string key_pem;
  std::string sha256;             ///< of the DER form, 64 lower-case hexadecimal digits
  std::string public_key_sha256;  ///< of the SubjectPublicKeyInfo
};

/// A new key (P-256) and a certificate for it whose name says nothing useful, as on a terminal.
Certificate make_certificate();

/// An HTTP/1.1 listener whose handler writes the answer itself, so that it can be wrong in any way.
///
/// cpp-httplib accepts and parses; its listen backlog of 5 is replaced (MEASURED.md section 1). Up to 24 connections
/// are served at a time. Every handler runs on a thread of its own.
class Listener {
 public:
  enum class Security { plain, tls, broken_tls };
  struct Setup {
    std::string host = "127.0.0.1";
    int port = 0;  ///< 0: a free one
    Security security = Security::plain;
    Certificate certificate{};        ///< for Security::tls
    int threads = 24;                 ///< connections served at a time
    std::function<bool()> accepts{};  ///< false: the connection is closed at once
    std::function<void(const HttpRequest&, Wire&)> handle;
  };

  /// \throws Error usage  the address is in use or not ours
  explicit Listener(Setup setup);
  ~Listener();  ///< closes every connection

  int port() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace visitor::sim
