#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "net/http.hpp"
#include "net/watch.hpp"

struct ssl_st;
struct ssl_ctx_st;

namespace visitor::net {

/// What all TLS sessions of one client share: protocol versions, ciphers and whom to believe.
class TlsContext {
 public:
  /// \throws Error config  the CA file cannot be read
  explicit TlsContext(const TlsTrust& trust);
  ~TlsContext();

  const TlsTrust& trust() const { return trust_; }
  void pin(const Fingerprint& certificate) { trust_.pin = certificate; }
  ssl_ctx_st* handle() const { return context_; }

 private:
  TlsTrust trust_;
  ssl_ctx_st* context_;
};

/// TLS over a connected, non-blocking socket that somebody else owns.
class TlsSession {
 public:
  /// Shakes hands and checks the certificate; on any failure nothing but the handshake has gone out.
  /// \param host  for SNI and, with Kind::system, the name that the certificate must hold
  static std::variant<std::unique_ptr<TlsSession>, HttpFailure> connect(const TlsContext& context, int fd,
                                                                        const std::string& host, const Watch& watch,
                                                                        Watch::TimePoint until);
  ~TlsSession();

  /// As Connection::read and write. An end without close_notify counts as an end: terminals seldom send one, and
  /// whoever needs to know has a length to hold the body against.
  std::variant<std::size_t, NetFailure> read(char* to, std::size_t size, const Watch& watch);
  std::optional<NetFailure> write(const char* from, std::size_t size, const Watch& watch);

  /// Bytes that are decrypted and not yet read.
  bool has_pending() const;
  const Fingerprint& certificate() const { return certificate_; }

 private:
  TlsSession(ssl_st* session, int fd) : session_(session), fd_(fd) {}

  ssl_st* session_;
  int fd_;
  Fingerprint certificate_;
};

}  // namespace visitor::net
