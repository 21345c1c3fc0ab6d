#include "net/http.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "core/error.hpp"
#include "core/text.hpp"
#include "net/connection.hpp"
#include "net/tls.hpp"
#include "net/url.hpp"

namespace visitor::net {
namespace {

using Clock = std::chrono::steady_clock;

// The library matches the status line with std::regex, which recurses for each character.
constexpr std::size_t kMostStatusLineBytes = 512;
// Chunk headers and compression that does not compress: the wire may carry somewhat more than the body.
constexpr std::size_t kFramingSlack = 64 * 1024;

/// Feeds the library's HTTP reader and writer from a Connection, and keeps count of what comes in.
class MeteredStream final : public httplib::Stream {
 public:
  MeteredStream(Connection& connection, const Watch& watch, std::size_t head_limit)
      : connection_(connection), watch_(watch), limit_(head_limit) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }

  ssize_t read(char* to, std::size_t size) override {
    if (failure_) return -1;
    if (received_ >= limit_) return fail(NetFailure::too_large);
    auto got = connection_.read(to, std::min(size, limit_ - received_), watch_);
    if (const auto* failure = std::get_if<NetFailure>(&got)) return fail(*failure);
    const auto count = std::get<std::size_t>(got);
    if (count == 0) ended_ = true;
    if (!status_line_complete_) {
      status_line_complete_ = std::string_view{to, count}.find('\n') != std::string_view::npos;
      if (!status_line_complete_ && received_ + count > kMostStatusLineBytes) return fail(NetFailure::malformed);
    }
    received_ += count;
    return static_cast<ssize_t>(count);
  }

  ssize_t write(const char* from, std::size_t size) override {
    if (failure_) return -1;
    if (const auto failure = connection_.write(from, size, watch_)) return fail(*failure);
    return static_cast<ssize_t>(size);
  }

  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip = connection_.remote_address();
    port = connection_.remote_port();
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override {
    ip = connection_.local_address();
    port = connection_.local_port();
  }
  socket_t socket() const override { return connection_.fd(); }

  /// From here on the body comes, \p bytes of it at most.
  void expect_body(std::size_t bytes) { limit_ = received_ + bytes + kFramingSlack; }
  ssize_t fail(NetFailure failure) {
    if (!failure_) failure_ = failure;
    return -1;
  }
  std::optional<NetFailure> failure() const { return failure_; }
  bool ended() const { return ended_; }
  std::size_t received() const { return received_; }

 private:
  Connection& connection_;
  const Watch& watch_;
  std::size_t limit_;
  std::size_t received_ = 0;
  bool status_line_complete_ = false;
  bool ended_ = false;
  std::optional<NetFailure> failure_;
};

/// The library's HTTP/1.1 writer and reader, without its sockets.
class Codec final : httplib::ClientImpl {
 public:
  Codec() : ClientImpl("unused") { set_url_encode(false); }

  bool exchange(httplib::Stream& stream, httplib::Request& request, httplib::Response& response, bool close) {
    auto error = httplib::Error::Success;
    return process_request(stream, request, response, close, error);
  }
};

bool is_token(std::string_view text) {
  constexpr std::string_view kSigns = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](unsigned char c) {
    return std::isalnum(c) != 0 || kSigns.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7F; });
}

void check(const HttpRequest& request, const Url& url) {
  if (!is_token(request.method)) throw Error(Errc::usage, "the method of an HTTP request is not a word");
  if (has_control(url.target) || url.target.find(' ') != std::string::npos) {
    throw Error(Errc::usage, "the path of an HTTP request holds blanks or control characters");
  }
  for (const auto& header : request.headers) {
    if (!is_token(header.name) || has_control(header.value)) {
      throw Error(Errc::usage, fmt::format("the HTTP header '{}' holds characters that HTTP does not allow",
                                           is_token(header.name) ? header.name : "?"));
    }
  }
  if (has_control(request.content_type)) throw Error(Errc::usage, "a content type holds control characters");
}

/// \p request outlives the result.
httplib::Request to_library(const HttpRequest& request, const Url& url) {
  httplib::Request result;
  result.method = request.method;
  result.path = url.target;
  result.set_header("Host", url.authority());
  result.set_header("User-Agent", "visitor/" VISITOR_VERSION);
  result.set_header("Accept", "*/*");
  for (const auto& header : request.headers) {
    result.headers.erase(header.name);
    result.headers.emplace(header.name, header.value);
  }
  if (!request.content_type.empty()) result.headers.emplace("Content-Type", request.content_type);
  // What is large is not copied; the writer ends each call where it likes and comes back with the rest.
  constexpr std::size_t kCopied = 64 * 1024;
  if (request.body.size() > kCopied) {
    result.content_length_ = request.body.size();
    result.content_provider_ = [&body = request.body](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
      return sink.write(body.data() + offset, length);
    };
  } else {
    result.body = request.body;
  }
  return result;
}

bool may_repeat(const HttpRequest& request) {
  constexpr std::array<std::string_view, 5> kRepeatable{"GET", "HEAD", "PUT", "DELETE", "OPTIONS"};
  return request.repeatable || std::ranges::find(kRepeatable, request.method) != kRepeatable.end();
}

std::string describe(NetFailure failure, const Url& url, std::string_view detail) {
  const auto peer = fmt::format("{} port {}", url.host, url.port);
  switch (failure) {
    case NetFailure::refused:
      return fmt::format("{} refuses connections", peer);
    case NetFailure::unreachable:
      return fmt::format("{} cannot be reached{}{}", peer, detail.empty() ? "" : ": ", detail);
    case NetFailure::name_resolution:
      return fmt::format("no address was found for '{}'", url.host);
    case NetFailure::timeout:
      return fmt::format("{} did not answer in time", peer);
    case NetFailure::tls_handshake:
      return fmt::format("{}: no TLS session: {}", peer, detail);
    case NetFailure::certificate_changed:
      return fmt::format("{} shows another certificate than the pinned one", peer);
    case NetFailure::too_large:
      return fmt::format("the answer of {} is larger than allowed", peer);
    case NetFailure::closed:
      return fmt::format("{} hung up before its answer was complete", peer);
    case NetFailure::malformed:
      return fmt::format("the answer of {} is not HTTP", peer);
    case NetFailure::interrupted:
      return fmt::format("the request to {} was interrupted", peer);
  }
  return peer;
}

HttpFailure failed(NetFailure failure, const Url& url, std::string_view detail = {},
                   std::optional<Fingerprint> certificate = {}) {
  return {failure, describe(failure, url, detail), certificate};
}

}  // namespace

std::optional<std::string_view> HttpResponse::header(std::string_view name) const {
  for (const auto& entry : headers) {
    if (equal_ignoring_case(entry.name, name)) return entry.value;
  }
  return std::nullopt;
}

std::vector<std::string> HttpResponse::all(std::string_view name) const {
  std::vector<std::string> result;
  for (const auto& entry : headers) {
    if (equal_ignoring_case(entry.name, name)) result.push_back(entry.value);
  }
  return result;
}

struct HttpClient::Impl {
  explicit Impl(HttpOptions given) : options(std::move(given)), tls(options.trust) {}

  /// One try on the kept or a new connection. \p again: the kept one was dead and nothing of an answer came.
  HttpResult attempt(const HttpRequest& request, const Url& url, const Watch& watch, bool& again);
  /// Leaves a connection in kept. \p reused: it has carried a request before.
  std::optional<HttpFailure> connect(const Url& url, const Watch& watch, bool& reused);

  HttpOptions options;
  TlsContext tls;
  std::unique_ptr<Connection> kept;
  Url kept_for;
  Clock::time_point kept_since;
};

std::optional<HttpFailure> HttpClient::Impl::connect(const Url& url, const Watch& watch, bool& reused) {
  reused = kept && kept_for.same_origin(url) && Clock::now() - kept_since < options.idle_life && kept->is_idle();
  if (reused) return std::nullopt;
  kept.reset();
  auto opened =
      Connection::open(url, url.tls ? &tls : nullptr, options.public_or, watch, Clock::now() + options.connect_timeout);
  if (const auto* failure = std::get_if<HttpFailure>(&opened)) {
    return failed(failure->kind, url, failure->message, failure->certificate);
  }
  kept = std::move(std::get<std::unique_ptr<Connection>>(opened));
  kept_for = url;
  return std::nullopt;
}

HttpResult HttpClient::Impl::attempt(const HttpRequest& request, const Url& url, const Watch& watch, bool& again) {
  if (auto failure = connect(url, watch, again)) return std::move(*failure);
  auto connection = std::exchange(kept, nullptr);

  MeteredStream stream{*connection, watch, options.max_head_bytes};
  HttpResponse response;
  auto sent = to_library(request, url);
  sent.response_handler = [&](const httplib::Response& head) {
    stream.expect_body(options.max_body_bytes);
    if (request.method == "HEAD") return true;  // the length is that of a body which does not come
    const auto length = head.has_header("Content-Length") ? head.get_header_value<std::uint64_t>("Content-Length") : 0;
    if (length <= options.max_body_bytes) response.body.reserve(length);
    if (length > options.max_body_bytes) stream.fail(NetFailure::too_large);
    return length <= options.max_body_bytes;
  };
  sent.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
    if (response.body.size() + size > options.max_body_bytes) {
      stream.fail(NetFailure::too_large);
      return false;
    }
    response.body.append(data, size);
    return true;
  };

  const bool keep = options.idle_life.count() > 0;
  const auto begun = Clock::now();
  Codec codec;
  httplib::Response head;
  if (!codec.exchange(stream, sent, head, !keep)) {
    const auto failure = stream.failure().value_or(stream.ended() ? NetFailure::closed : NetFailure::malformed);
    again = again && failure == NetFailure::closed && stream.received() == 0;
    return failed(failure, url);
  }
  again = false;

  response.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun);
  response.status = head.status;
  for (auto& [name, value] : head.headers) response.headers.push_back({name, std::move(value)});
  response.local_address = connection->local_address();
  response.local_port = connection->local_port();
  response.certificate = connection->certificate();

  const bool close =
      head.version == "HTTP/1.0" || equal_ignoring_case(response.header("Connection").value_or(""), "close");
  if (keep && !close && !stream.ended()) {
    kept = std::move(connection);
    kept_since = Clock::now();
  }
  return response;
}

HttpClient::HttpClient(HttpOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

HttpResult HttpClient::send(const HttpRequest& request, std::stop_token stop) {
  const auto url = parse_url(request.url);
  check(request, url);
  const Watch watch{Clock::now() + request.timeout.value_or(impl_->options.request_timeout), std::move(stop)};
  bool again = false;
  auto result = impl_->attempt(request, url, watch, again);
  if (again && may_repeat(request)) result = impl_->attempt(request, url, watch, again);
  return result;
}

void HttpClient::pin(const Fingerprint& certificate) {
  impl_->tls.pin(certificate);
  if (impl_->kept && impl_->kept->certificate() != certificate) impl_->kept.reset();
}

void HttpClient::close() {
  impl_->kept.reset();
}

}  // namespace visitor::net
