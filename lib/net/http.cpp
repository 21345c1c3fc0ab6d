#include "net/http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "core/error.hpp"
#include "core/text.hpp"
#include "net/connection.hpp"
#include "net/http_exchange.hpp"
#include "net/tls.hpp"
#include "net/url.hpp"

namespace visitor::net {
namespace {

using Clock = std::chrono::steady_clock;

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
  explicit Impl(HttpOptions given) : options(std::move(given)) {
    // A CA file that cannot be read is said at once; what needs no TLS does not load it.
    if (!options.trust.ca_file.empty()) tls.emplace(options.trust);
  }

  /// One try on the kept or a new connection. \p again: the kept one was dead and nothing of an answer came.
  HttpResult attempt(const HttpRequest& request, const Url& url, const Watch& watch, bool& again);
  /// Leaves a connection in kept. \p reused: it has carried a request before.
  std::optional<HttpFailure> connect(const Url& url, const Watch& watch, bool& reused);

  HttpOptions options;
  std::optional<TlsContext> tls;
  std::unique_ptr<Connection> kept;
  Url kept_for;
  Clock::time_point kept_since;
};

std::optional<HttpFailure> HttpClient::Impl::connect(const Url& url, const Watch& watch, bool& reused) {
  reused = kept && kept_for.same_origin(url) && Clock::now() - kept_since < options.idle_life && kept->is_idle();
  if (reused) return std::nullopt;
  kept.reset();
  if (url.tls && !tls) tls.emplace(options.trust);
  auto opened = Connection::open(url, url.tls ? &*tls : nullptr, options.public_or, watch,
                                 Clock::now() + options.connect_timeout);
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

  const auto begun = Clock::now();
  auto done = exchange(*connection, request, url, options, options.idle_life.count() > 0, watch);
  again = again && done.failure == NetFailure::closed && !done.answered;
  if (done.failure) return failed(*done.failure, url);

  auto response = std::move(done.response);
  response.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun);
  response.local_address = connection->local_address();
  response.local_port = connection->local_port();
  response.certificate = connection->certificate();
  if (done.reusable) {
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
  impl_->options.trust.pin = certificate;
  if (impl_->tls) impl_->tls->pin(certificate);
  if (impl_->kept && impl_->kept->certificate() != certificate) impl_->kept.reset();
}

void HttpClient::close() {
  impl_->kept.reset();
}

}  // namespace visitor::net
