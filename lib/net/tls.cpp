#include "net/tls.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <limits>

#include "core/error.hpp"
#include "net/tls_openssl.hpp"

namespace visitor::net {
namespace {

// OpenSSL's own socket BIO writes with write(2), which raises SIGPIPE when the peer is gone.
int fd_of(BIO* bio) {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int bio_write(BIO* bio, const char* from, int size) {
  BIO_clear_retry_flags(bio);
  const auto sent = ::send(fd_of(bio), from, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int bio_read(BIO* bio, char* to, int size) {
  BIO_clear_retry_flags(bio);
  const auto got = ::recv(fd_of(bio), to, static_cast<std::size_t>(size), 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_read(bio);
  return static_cast<int>(got);
}

long bio_ctrl(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO* make_bio(int fd) {
  static BIO_METHOD* const method = [] {
    auto* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "visitor socket");
    BIO_meth_set_write(made, bio_write);
    BIO_meth_set_read(made, bio_read);
    BIO_meth_set_ctrl(made, bio_ctrl);
    return made;
  }();
  auto* bio = BIO_new(method);
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
  BIO_set_init(bio, 1);
  return bio;
}

bool is_numeric_address(const std::string& host) {
  in6_addr any{};
  return ::inet_pton(AF_INET, host.c_str(), &any) == 1 || ::inet_pton(AF_INET6, host.c_str(), &any) == 1;
}

/// What OpenSSL last complained about, without its numbers and file names.
std::string last_reason() {
  const auto code = ERR_peek_last_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "the other side hung up" : reason;
}

/// Runs \p step (an SSL_ function) until it is through. Nothing: it succeeded; \p ended: the peer has closed.
template <class Step>
std::optional<NetFailure> drive(SSL* session, int fd, const Watch& watch, Watch::TimePoint until, NetFailure broken,
                                bool& ended, Step&& step) {
  for (;;) {
    ERR_clear_error();
    const int result = step();
    if (result > 0) return std::nullopt;
    short events = 0;
    switch (SSL_get_error(session, result)) {
      case SSL_ERROR_WANT_READ:
        events = POLLIN;
        break;
      case SSL_ERROR_WANT_WRITE:
        events = POLLOUT;
        break;
      case SSL_ERROR_ZERO_RETURN:
        ended = true;
        return NetFailure::closed;
      case SSL_ERROR_SYSCALL:
        ended = true;
        return broken;
      default:
        ended = ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
        return broken;
    }
    if (const auto failure = watch.wait(fd, events, until)) return failure;
  }
}

std::optional<Fingerprint> fingerprint_of_peer(SSL* session) {
  auto* certificate = SSL_get1_peer_certificate(session);
  if (certificate == nullptr) return std::nullopt;
  Fingerprint result;
  unsigned size = 0;
  const bool digested =
      X509_digest(certificate, EVP_sha256(), reinterpret_cast<unsigned char*>(result.bytes.data()), &size) == 1;
  X509_free(certificate);
  return digested ? std::optional{result} : std::nullopt;
}

}  // namespace

TlsContext::TlsContext(const TlsTrust& trust) : trust_(trust), context_(SSL_CTX_new(TLS_client_method())) {
  if (context_ == nullptr) throw Error(Errc::failed, "OpenSSL cannot make a TLS context");
  // Without AUTO_RETRY a peer that floods session tickets comes back to the deadline between any two of them.
  SSL_CTX_clear_mode(context_, SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_mode(context_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context_, SSL_OP_NO_RENEGOTIATION);
  if (trust.kind == TlsTrust::Kind::pinned) {
    SSL_CTX_set_min_proto_version(context_, TLS1_VERSION);
    SSL_CTX_set_cipher_list(context_, "DEFAULT:@SECLEVEL=0");
    SSL_CTX_set_options(context_, SSL_OP_LEGACY_SERVER_CONNECT);
    SSL_CTX_set_verify(context_, SSL_VERIFY_NONE, nullptr);
    return;
  }
  SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
  SSL_CTX_set_default_verify_paths(context_);
  if (!trust.ca_file.empty() && SSL_CTX_load_verify_locations(context_, trust.ca_file.c_str(), nullptr) != 1) {
    SSL_CTX_free(context_);
    throw Error(Errc::config, "the CA file " + trust.ca_file + " cannot be read as PEM certificates",
                "Check that the file exists, may be read by this user and begins with BEGIN CERTIFICATE.");
  }
  SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
}

TlsContext::~TlsContext() {
  SSL_CTX_free(context_);
}

std::variant<std::unique_ptr<TlsSession>, HttpFailure> TlsSession::connect(const TlsContext& context, int fd,
                                                                           const std::string& host, const Watch& watch,
                                                                           Watch::TimePoint until) {
  SSL* handle = SSL_new(context.handle());
  if (handle == nullptr) throw Error(Errc::failed, "OpenSSL cannot make a TLS session");
  std::unique_ptr<TlsSession> session{new TlsSession{handle, fd}};
  auto* bio = make_bio(fd);
  SSL_set_bio(handle, bio, bio);
  const bool numeric = is_numeric_address(host);
  if (!numeric) SSL_set_tlsext_host_name(handle, host.c_str());
  const auto& trust = context.trust();
  if (trust.kind == TlsTrust::Kind::system) {
    if (numeric) {
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(handle), host.c_str());
    } else {
      SSL_set1_host(handle, host.c_str());
    }
  }

  bool ended = false;
  const auto failure =
      drive(handle, fd, watch, until, NetFailure::tls_handshake, ended, [&] { return SSL_connect(handle); });
  if (failure) {
    const bool of_tls = *failure == NetFailure::tls_handshake || *failure == NetFailure::closed;
    if (!of_tls) return HttpFailure{*failure, {}, {}};
    const auto verified = SSL_get_verify_result(handle);
    const auto reason = trust.kind == TlsTrust::Kind::system && verified != X509_V_OK
                            ? std::string{X509_verify_cert_error_string(verified)}
                            : last_reason();
    return HttpFailure{NetFailure::tls_handshake, reason, {}};
  }

  const auto shown = fingerprint_of_peer(handle);
  if (!shown) return HttpFailure{NetFailure::tls_handshake, "no certificate was shown", {}};
  session->certificate_ = *shown;
  if (trust.kind == TlsTrust::Kind::pinned && trust.pin && *trust.pin != *shown) {
    return HttpFailure{NetFailure::certificate_changed, {}, *shown};
  }
  return session;
}

TlsSession::~TlsSession() {
  // One close_notify without waiting for the other one: the socket is closed right after.
  if (SSL_is_init_finished(session_) != 0) SSL_shutdown(session_);
  ERR_clear_error();
  SSL_free(session_);
}

std::variant<std::size_t, NetFailure> TlsSession::read(char* to, std::size_t size, const Watch& watch) {
  std::size_t got = 0;
  bool ended = false;
  const auto failure = drive(session_, fd_, watch, Watch::TimePoint::max(), NetFailure::closed, ended,
                             [&] { return SSL_read_ex(session_, to, size, &got); });
  if (!failure) return got;
  if (ended) return std::size_t{0};
  return *failure;
}

std::optional<NetFailure> TlsSession::write(const char* from, std::size_t size, const Watch& watch) {
  bool ended = false;
  while (size > 0) {
    std::size_t sent = 0;
    const auto failure = drive(session_, fd_, watch, Watch::TimePoint::max(), NetFailure::closed, ended,
                               [&] { return SSL_write_ex(session_, from, size, &sent); });
    if (failure) return failure;
    from += sent;
    size -= sent;
  }
  return std::nullopt;
}

bool TlsSession::has_pending() const {
  return SSL_has_pending(session_) == 1;
}

}  // namespace visitor::net
