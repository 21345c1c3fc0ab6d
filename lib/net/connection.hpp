#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "net/fd.hpp"
#include "net/http.hpp"
#include "net/url.hpp"
#include "net/watch.hpp"

namespace visitor::net {

class TlsContext;
class TlsSession;

/// One TCP connection, with TLS where the URL says so. Every wait ends with the Watch that is passed in.
class Connection {
 public:
  /// Connects to the first address that answers, shakes hands and holds the certificate against the trust.
  /// \param public_or  as HttpOptions has it
  static std::variant<std::unique_ptr<Connection>, HttpFailure> open(
      const Url& url, const TlsContext* tls, const std::optional<std::vector<Network>>& public_or, const Watch& watch,
      Watch::TimePoint until);
  ~Connection();

  /// Bytes read (1 or more), 0 where the peer has ended its side, or why there are none.
  std::variant<std::size_t, NetFailure> read(char* to, std::size_t size, const Watch& watch);
  /// Writes all of it, or says why not.
  std::optional<NetFailure> write(const char* from, std::size_t size, const Watch& watch);

  /// Whether a kept connection can carry another request: open, and no byte has come unasked.
  bool is_idle() const;

  const std::string& local_address() const { return local_address_; }
  std::uint16_t local_port() const { return local_port_; }
  const std::string& remote_address() const { return remote_address_; }
  std::uint16_t remote_port() const { return remote_port_; }
  const std::optional<Fingerprint>& certificate() const { return certificate_; }
  int fd() const { return fd_.get(); }

 private:
  explicit Connection(Fd fd);
  std::variant<std::size_t, NetFailure> receive(char* to, std::size_t size, const Watch& watch);

  Fd fd_;
  std::unique_ptr<TlsSession> tls_;
  std::string local_address_;
  std::uint16_t local_port_ = 0;
  std::string remote_address_;
  std::uint16_t remote_port_ = 0;
  std::optional<Fingerprint> certificate_;
  std::array<char, 16 * 1024> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace visitor::net
