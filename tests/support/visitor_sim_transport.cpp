#include "support/visitor_sim_transport.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <httplib.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <mutex>
#include <set>
#include <thread>

#include "core/error.hpp"
#include "core/text.hpp"

namespace visitor::sim {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr auto kRequestTime = 5s;
constexpr auto kIdleTime = 10s;
constexpr auto kSlice = 100ms;
constexpr int kBacklog = 1024;
constexpr std::size_t kMaxBody = 1 << 20;

/// One accepted socket: httplib reads requests from it, and a handler writes to it.
class Connection final : public httplib::Stream, public Wire {
 public:
  Connection(int fd, SSL* ssl, const std::atomic<bool>& stopping) : fd_(fd), ssl_(ssl), stopping_(stopping) {}

  // httplib::Stream
  bool is_readable() const override { return ready(POLLIN, kRequestTime); }
  bool is_writable() const override { return !stopping_; }
  ssize_t read(char* to, std::size_t size) override {
    if (!ready(POLLIN, kRequestTime)) return -1;
    return ssl_ != nullptr ? SSL_read(ssl_, to, static_cast<int>(std::min<std::size_t>(size, 1 << 20)))
                           : ::recv(fd_, to, size, 0);
  }
  /// What httplib writes by itself: errors of its own, and nothing once a handler has answered.
  ssize_t write(const char* from, std::size_t size) override {
    if (!answered_ && !send({from, size})) return -1;
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    sockaddr_in address{};
    socklen_t length = sizeof address;
    if (::getpeername(fd_, reinterpret_cast<sockaddr*>(&address), &length) != 0) return;
    std::array<char, INET_ADDRSTRLEN> text{};
    if (address.sin_family == AF_INET && ::inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size())) {
      ip = text.data();
    }
    port = ntohs(address.sin_port);
  }
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return fd_; }

  // Wire
  bool send(std::string_view bytes) override {
    while (!bytes.empty()) {
      if (!ready(POLLOUT, 60s)) return false;
      const auto sent =
          ssl_ != nullptr ? SSL_write(ssl_, bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), 16384)))
                          : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent < 0 && ssl_ == nullptr && (errno == EAGAIN || errno == EINTR)) continue;
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  bool wait(milliseconds time) override {
    const auto end = SteadyClock::now() + time;
    while (!stopping_) {
      const auto left = std::chrono::ceil<milliseconds>(end - SteadyClock::now());
      if (left <= 0ms) return true;
      pollfd waiting{fd_, POLLIN | POLLRDHUP, 0};
      if (::poll(&waiting, 1, static_cast<int>(std::min<milliseconds>(left, kSlice).count())) <= 0) continue;
      if ((waiting.revents & (POLLERR | POLLHUP)) != 0) return false;
      if ((waiting.revents & POLLRDHUP) != 0) {
        char byte = 0;
        clean_ = ssl_ != nullptr || ::recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0;
        return false;
      }
      // A next request is already there: it waits until this one is answered.
      std::this_thread::sleep_for(std::min<milliseconds>(left, kSlice));
    }
    return false;
  }
  bool closed_cleanly() const override { return clean_; }
  void close_after() override { close_ = true; }

  /// True once a request can be read; false where the peer has gone, the idle time is over, or the listener stops.
  bool next_request() {
    answered_ = false;
    return !close_ && ready(POLLIN, kIdleTime);
  }
  bool closing() const { return close_; }
  void answer_is_ours() { answered_ = true; }

 private:
  bool ready(short what, milliseconds time) const {
    if (what == POLLIN && ssl_ != nullptr && SSL_pending(ssl_) > 0) return true;
    const auto end = SteadyClock::now() + time;
    while (!stopping_ && SteadyClock::now() < end) {
      pollfd waiting{fd_, what, 0};
      if (::poll(&waiting, 1, static_cast<int>(milliseconds{kSlice}.count())) > 0) {
        return (waiting.revents & what) != 0;
      }
    }
    return false;
  }

  int fd_;
  SSL* ssl_;
  const std::atomic<bool>& stopping_;
  bool answered_ = false;
  bool close_ = false;
  bool clean_ = false;
};

/// Not httplib's parameters: those hold the body of a form as well, and curl calls every body a form.
std::map<std::string, std::string> parse_query(std::string_view target) {
  std::map<std::string, std::string> query;
  const auto mark = target.find('?');
  auto rest = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
  while (!rest.empty()) {
    const auto pair = rest.substr(0, rest.find('&'));
    const auto equals = std::min(pair.find('='), pair.size());
    query.emplace(pair.substr(0, equals), equals == pair.size() ? std::string_view{} : pair.substr(equals + 1));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
  }
  return query;
}

thread_local Connection* current_connection = nullptr;

struct FreeSsl {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
template <class T>
using Ssl = std::unique_ptr<T, FreeSsl>;

Ssl<BIO> read_bio(const std::string& text) {
  return Ssl<BIO>{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string sha256(std::span<const unsigned char> bytes) {
  std::array<std::byte, 32> digest{};
  EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, EVP_sha256(),
             nullptr);
  return to_hex(digest);
}

Ssl<SSL_CTX> make_context(const Certificate& certificate) {
  Ssl<SSL_CTX> context{SSL_CTX_new(TLS_server_method())};
  const Ssl<X509> x509{PEM_read_bio_X509(read_bio(certificate.certificate_pem).get(), nullptr, nullptr, nullptr)};
  const Ssl<EVP_PKEY> key{PEM_read_bio_PrivateKey(read_bio(certificate.key_pem).get(), nullptr, nullptr, nullptr)};
  if (!context || !x509 || !key || SSL_CTX_use_certificate(context.get(), x509.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1) {
    throw Error(Errc::usage, "the certificate of the simulated terminal cannot be used");
  }
  return context;
}

}  // namespace

Certificate make_certificate() {
  const Ssl<EVP_PKEY> key{EVP_EC_gen("P-256")};
  const Ssl<X509> x509{X509_new()};
  X509_set_version(x509.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(x509.get()), -86'400);
  X509_gmtime_adj(X509_getm_notAfter(x509.get()), 10L * 365 * 86'400);
  X509_set_pubkey(x509.get(), key.get());
  auto* const name = X509_get_subject_name(x509.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("embed"), -1, -1, 0);
  X509_set_issuer_name(x509.get(), name);
  X509_sign(x509.get(), key.get(), EVP_sha256());

  Certificate made;
  const Ssl<BIO> certificate_text{BIO_new(BIO_s_mem())};
  PEM_write_bio_X509(certificate_text.get(), x509.get());
  made.certificate_pem = text_of(certificate_text.get());
  const Ssl<BIO> key_text{BIO_new(BIO_s_mem())};
  PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  made.key_pem = text_of(key_text.get());
  std::vector<unsigned char> der(static_cast<std::size_t>(i2d_X509(x509.get(), nullptr)));
  auto* to = der.data();
  i2d_X509(x509.get(), &to);
  made.sha256 = sha256(der);
  der.resize(static_cast<std::size_t>(i2d_PUBKEY(key.get(), nullptr)));
  to = der.data();
  i2d_PUBKEY(key.get(), &to);
  made.public_key_sha256 = sha256(der);
  return made;
}

class Listener::Impl final : public httplib::Server {
 public:
  explicit Impl(Setup setup) : setup_(std::move(setup)) {
    if (setup_.security == Security::tls) context_ = make_context(setup_.certificate);
    new_task_queue = [threads = static_cast<std::size_t>(setup_.threads)] { return new httplib::ThreadPool(threads); };
    set_payload_max_length(kMaxBody);
    // Not SO_REUSEPORT, httplib's default: a second program on the same port must fail.
    set_socket_options([](socket_t fd) {
      const int yes = 1;
      ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    const auto handler = [this](const httplib::Request& request, httplib::Response&) { handle(request); };
    Get(".*", handler).Post(".*", handler).Put(".*", handler).Patch(".*", handler).Delete(".*", handler);
    Options(".*", handler);

    port_ =
        setup_.port == 0 ? bind_to_any_port(setup_.host) : (bind_to_port(setup_.host, setup_.port) ? setup_.port : -1);
    if (port_ <= 0) {
      throw Error(Errc::usage, fmt::format("cannot listen on {}:{}", setup_.host, setup_.port),
                  "Choose another port, or 0 for a free one.");
    }
    ::listen(svr_sock_, kBacklog);
    accepting_ = std::thread{[this] { listen_after_bind(); }};
    while (!is_running()) std::this_thread::yield();
  }

  ~Impl() override {
    stopping_ = true;
    {
      const std::lock_guard lock{mutex_};
      for (const auto fd : open_) ::shutdown(fd, SHUT_RDWR);
    }
    stop();
    accepting_.join();
  }

  int port() const { return port_; }

 private:
  void handle(const httplib::Request& request) {
    auto& connection = *current_connection;
    HttpRequest parsed;
    parsed.method = request.method;
    parsed.target = request.target;
    parsed.path = request.path;
    parsed.query = parse_query(request.target);
    if (request.has_header("Authorization")) parsed.authorization = request.get_header_value("Authorization");
    parsed.content_type = request.get_header_value("Content-Type");
    parsed.body = request.body;
    for (const auto& [name, part] : request.files) parsed.parts.push_back({name, part.filename, part.content});
    parsed.remote_host = request.remote_addr;
    parsed.wants_close = equal_ignoring_case(request.get_header_value("Connection"), "close");
    if (parsed.wants_close) connection.close_after();
    connection.answer_is_ours();
    setup_.handle(parsed, connection);
  }

  bool process_and_close_socket(socket_t fd) override {
    {
      const std::lock_guard lock{mutex_};
      open_.insert(fd);
    }
    if (!stopping_ && (!setup_.accepts || setup_.accepts())) serve(fd);
    // Out of the set before the number can be given to another socket.
    const std::lock_guard lock{mutex_};
    open_.erase(fd);
    ::shutdown(fd, SHUT_RDWR);
    ::close(fd);
    return true;
  }

  void serve(socket_t fd) {
    if (setup_.security == Security::broken_tls) {
      // The alert "handshake failure" to whatever comes.
      Connection connection{fd, nullptr, stopping_};
      connection.wait(20ms);
      connection.send({"\x15\x03\x01\x00\x02\x02\x28", 7});
      return;
    }
    Ssl<SSL> ssl;
    if (setup_.security == Security::tls) {
      const timeval limit{5, 0};
      ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
      ssl.reset(SSL_new(context_.get()));
      SSL_set_fd(ssl.get(), fd);
      if (SSL_accept(ssl.get()) != 1) return;
    }
    Connection connection{fd, ssl.get(), stopping_};
    current_connection = &connection;
    while (connection.next_request()) {
      bool closed = false;
      if (!process_request(connection, false, closed, nullptr) || closed) break;
    }
    current_connection = nullptr;
    if (ssl) SSL_shutdown(ssl.get());
  }

  Setup setup_;
  Ssl<SSL_CTX> context_;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::set<socket_t> open_;
  std::thread accepting_;
};

Listener::Listener(Setup setup) : impl_(std::make_unique<Impl>(std::move(setup))) {}
Listener::~Listener() = default;
int Listener::port() const {
  return impl_->port();
}

}  // namespace visitor::sim
