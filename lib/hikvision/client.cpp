#include "hikvision/client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <variant>

#include "core/error.hpp"
#include "core/text.hpp"
#include "hikvision/picture_url.hpp"
#include "net/http.hpp"
#include "net/url.hpp"

namespace visitor::hikvision {
namespace {

using Steady = std::chrono::steady_clock;

// May be sent twice: nothing on the terminal changes, or the same as before.
struct Call {
  std::string method;
  std::string target;
  std::string body = {};
  std::string_view what;  // as messages name it
  std::string_view content_type = "application/json";
  std::optional<Steady::time_point> until = {};  // of all requests together
};

constexpr std::size_t kMostStatusBytes = 4096;
constexpr unsigned kDeviceErrorRetries = 1;

FailureKind to_kind(net::NetFailure failure) {
  using net::NetFailure;
  switch (failure) {
    case NetFailure::refused:
    case NetFailure::unreachable:
    case NetFailure::name_resolution:
    case NetFailure::closed:
      return FailureKind::offline;
    case NetFailure::timeout:
      return FailureKind::timeout;
    case NetFailure::tls_handshake:
      return FailureKind::tls;
    case NetFailure::certificate_changed:
      return FailureKind::certificate_changed;
    case NetFailure::too_large:
    case NetFailure::malformed:
      return FailureKind::bad_answer;
    case NetFailure::interrupted:
      return FailureKind::interrupted;
  }
  return FailureKind::offline;
}

std::string hint_for(net::NetFailure failure) {
  using net::NetFailure;
  switch (failure) {
    case NetFailure::refused:
      return "Check that the terminal runs and that its web port is the one in the address.";
    case NetFailure::unreachable:
      return "Check the address, the cable and the route to the terminal's network.";
    case NetFailure::name_resolution:
      return "Check the name, or use the terminal's IP address.";
    case NetFailure::timeout:
      return "Check the network to the terminal and whether something else keeps it busy.";
    case NetFailure::tls_handshake:
      return "Some models have the port open without TLS: try http:// instead.";
    case NetFailure::certificate_changed:
      return "If the terminal was reset or replaced, pin its new certificate; otherwise somebody is in between.";
    case NetFailure::too_large:
    case NetFailure::malformed:
      return "Check that the address and port belong to a terminal.";
    case NetFailure::closed:
      return "It will be tried again; if it stays so, restart the terminal.";
    case NetFailure::interrupted:
      return {};
  }
  return {};
}

FailureKind to_kind(Verdict verdict) {
  switch (verdict) {
    case Verdict::busy:
      return FailureKind::busy;
    case Verdict::device_error:
      return FailureKind::device_error;
    case Verdict::not_supported:
      return FailureKind::not_supported;
    case Verdict::bad_request:
    case Verdict::bad_parameters:
      return FailureKind::bad_parameters;
    case Verdict::missing_parameter:
      return FailureKind::missing_parameter;
    case Verdict::low_privilege:
    case Verdict::not_found:
    case Verdict::already_exists:
    case Verdict::not_activated:
    case Verdict::reboot_required:
      return FailureKind::refused;
    case Verdict::locked:
      return FailureKind::locked;
    case Verdict::wrong_password:
      return FailureKind::wrong_password;
    case Verdict::ok:
    case Verdict::stale_nonce:
    case Verdict::unknown:
      return FailureKind::bad_answer;
  }
  return FailureKind::bad_answer;
}

std::string hint_for(FailureKind kind) {
  switch (kind) {
    case FailureKind::busy:
      return "It answers one request at a time: check who else polls it.";
    case FailureKind::device_error:
      return "It will be tried again; if it stays so, restart the terminal.";
    case FailureKind::not_supported:
      return "This model or firmware does not have it.";
    case FailureKind::refused:
      return "Check the rights of the account on the terminal's web page.";
    case FailureKind::bad_parameters:
    case FailureKind::missing_parameter:
      return "Run 'visitorctl terminal test' and report what it prints together with model and firmware.";
    default:
      return "Check that the address belongs to a terminal.";
  }
}

/// What an error body means, or what the HTTP status means where there is none. Nothing: it is no error.
std::optional<Verdict> verdict_of(const net::HttpResponse& response, const std::optional<ResponseStatus>& status) {
  if (status) {
    const auto verdict = classify(*status, response.status);
    const bool fine = verdict == Verdict::ok || verdict == Verdict::reboot_required;
    if (fine && response.status < 400) return std::nullopt;
    if (!fine && verdict != Verdict::unknown) return verdict;
  }
  if (response.status >= 200 && response.status < 300) return status ? std::optional{Verdict::unknown} : std::nullopt;
  switch (response.status) {
    case 400:
      return Verdict::bad_request;
    case 403:
      return Verdict::low_privilege;
    case 404:
    case 405:
    case 501:
      return Verdict::not_supported;
    case 429:
    case 503:
      return Verdict::busy;
    default:
      return response.status >= 500 ? Verdict::device_error : Verdict::unknown;
  }
}

bool refuses_login(const net::HttpResponse& response, const std::optional<ResponseStatus>& status) {
  if (response.status == 401) return true;
  if (!status) return false;
  const auto verdict = classify(*status, response.status);
  return verdict == Verdict::locked || verdict == Verdict::wrong_password;
}

/// Error bodies are small; a page is not worth reading twice.
std::optional<ResponseStatus> status_in(const net::HttpResponse& response) {
  const bool good = response.status >= 200 && response.status < 300;
  if (response.body.empty() || (good && response.body.size() > kMostStatusBytes)) return std::nullopt;
  return decode_response_status(response.body);
}

std::string checked_base(const std::string& text) {
  const auto url = net::parse_url(text);
  if (url.target != "/") {
    throw Error(Errc::usage, fmt::format("the address {} of a terminal has a path", json_quote(text)),
                "Give only http:// or https://, the host and, where needed, the port.");
  }
  return fmt::format("{}://{}", url.tls ? "https" : "http", url.authority());
}

net::HttpOptions to_http(const ClientOptions& options) {
  return {.connect_timeout = options.connect_timeout,
          .request_timeout = options.request_timeout,
          .max_body_bytes = options.max_answer_bytes,
          .trust = {.kind = net::TlsTrust::Kind::pinned, .pin = options.certificate}};
}

}  // namespace

std::optional<std::chrono::microseconds> ClockReading::ahead() const {
  const auto device = time.instant();
  if (!device) return std::nullopt;
  return *device - at;
}

struct Client::Impl {
  using Answer = std::variant<net::HttpResponse, Failure>;

  Impl(ClientOptions given, const Clock& given_clock)
      : options(std::move(given)),
        clock(given_clock),
        base(checked_base(options.base_url)),
        terminal("terminal " + base),
        login(terminal, options.username, options.password, options.login, clock),
        http(to_http(options)),
        certificate(options.certificate),
        backoff(options.busy_backoff, static_cast<std::uint64_t>(Steady::now().time_since_epoch().count())) {}

  Answer send(const Call& call, std::optional<std::string> authorization, bool with_body, const std::stop_token& stop);
  std::variant<bool, net::HttpResponse, Failure> probe(const Call& call, const std::stop_token& stop);
  Answer send_logged_in(const Call& call, const std::stop_token& stop);
  Answer ask(const Call& call, const std::stop_token& stop);
  Outcome<std::string> ask_for_picture(const Call& call, std::size_t most_bytes, const std::stop_token& stop);
  bool pause(std::chrono::milliseconds time, const std::stop_token& stop);

  Failure net_failure(const net::HttpFailure& failure) const;
  Failure answer_failure(const Call& call, const net::HttpResponse& response, Verdict verdict,
                         const std::optional<ResponseStatus>& status) const;

  /// Asks and decodes while the terminal is ours.
  template <class T>
  Outcome<T> call(const Call& call, const std::stop_token& stop,
                  const std::function<Outcome<T>(const net::HttpResponse&)>& decode) {
    const std::lock_guard lock{mutex};
    auto answer = ask(call, stop);
    if (auto* failure = std::get_if<Failure>(&answer)) return std::move(*failure);
    try {
      return decode(std::get<net::HttpResponse>(answer));
    } catch (const Error& error) {
      return Failure{.kind = FailureKind::bad_answer,
                     .message = fmt::format("{} gave an answer to {} that cannot be used: {}", terminal, call.what,
                                            error.message()),
                     .hint = error.hint().empty() ? hint_for(FailureKind::bad_answer) : error.hint()};
    }
  }

  ClientOptions options;
  const Clock& clock;
  std::string base;
  std::string terminal;
  mutable std::mutex mutex;
  Login login;
  net::HttpClient http;
  std::optional<net::Fingerprint> certificate;
  std::string local_address;
  net::Backoff backoff;
};

Failure Client::Impl::net_failure(const net::HttpFailure& failure) const {
  return {.kind = to_kind(failure.kind),
          .message = fmt::format("{}: {}", terminal, failure.message),
          .hint = hint_for(failure.kind),
          .certificate = failure.certificate};
}

Failure Client::Impl::answer_failure(const Call& call, const net::HttpResponse& response, Verdict verdict,
                                     const std::optional<ResponseStatus>& status) const {
  if (response.status >= 300 && response.status < 400) {
    const auto where = response.header("Location").value_or("");
    return {.kind = FailureKind::refused,
            .message = fmt::format("{} sends {} elsewhere (HTTP {})", terminal, call.what, response.status),
            .hint = where.starts_with("https://") && base.starts_with("http://")
                        ? "It wants https: change the address to begin with https://."
                        : "Check the address: answers from another place are not followed."};
  }
  const auto kind = to_kind(verdict);
  return {.kind = kind,
          .message = fmt::format(
              "{} does not answer {}: {}", terminal, call.what,
              status ? clean_utf8(status->summary()).substr(0, 300) : fmt::format("HTTP {}", response.status)),
          .hint = hint_for(kind),
          .parameter = kind == FailureKind::missing_parameter && status ? status->error_msg.value_or("") : ""};
}

Client::Impl::Answer Client::Impl::send(const Call& call, std::optional<std::string> authorization, bool with_body,
                                        const std::stop_token& stop) {
  net::HttpRequest request{.method = call.method, .url = base + call.target, .repeatable = true};
  if (call.until) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*call.until - Steady::now());
    request.timeout = std::clamp(left, std::chrono::milliseconds{1}, options.request_timeout);
  }
  if (authorization) request.headers.push_back({"Authorization", std::move(*authorization)});
  if (with_body && !call.body.empty()) {
    request.body = call.body;
    request.content_type = call.content_type;
  }
  auto result = http.send(request, stop);
  if (const auto* failure = std::get_if<net::HttpFailure>(&result)) return net_failure(*failure);
  auto& response = std::get<net::HttpResponse>(result);
  local_address = response.local_address;
  if (!certificate && response.certificate) {
    certificate = response.certificate;
    http.pin(*certificate);
  }
  return std::move(response);
}

/// True: there is a challenge to answer. A response: the terminal wants no log-in, and this is its answer.
std::variant<bool, net::HttpResponse, Failure> Client::Impl::probe(const Call& call, const std::stop_token& stop) {
  const auto asked_at = Steady::now();
  auto answer = send(call, std::nullopt, false, stop);
  if (auto* failure = std::get_if<Failure>(&answer)) return std::move(*failure);
  auto* response = &std::get<net::HttpResponse>(answer);
  if (response->status != 401 && !call.body.empty() && response->status < 500) {
    answer = send(call, std::nullopt, true, stop);
    if (auto* failure = std::get_if<Failure>(&answer)) return std::move(*failure);
    response = &std::get<net::HttpResponse>(answer);
  }
  if (response->status != 401) return std::move(*response);
  if (login.take_challenge(*response, asked_at)) return true;

  const auto status = decode_response_status(response->body);
  if (status && status->is_locked()) {
    login.judge(*response, false, asked_at);
    return login.failure();
  }
  return Failure{.kind = FailureKind::bad_answer,
                 .message = fmt::format("{} wants a log-in and offers no digest challenge", terminal),
                 .hint = "Set its web authentication to digest (or digest/basic) on the terminal's web page."};
}

Client::Impl::Answer Client::Impl::send_logged_in(const Call& call, const std::stop_token& stop) {
  if (auto failure = login.barred()) return std::move(*failure);
  bool may_repeat = true;
  bool must_probe = !login.has_nonce(Steady::now());
  for (;;) {
    if (must_probe) {
      auto probed = probe(call, stop);
      if (auto* failure = std::get_if<Failure>(&probed)) return std::move(*failure);
      if (auto* response = std::get_if<net::HttpResponse>(&probed)) return std::move(*response);
    }
    const auto asked_at = Steady::now();
    auto answer = send(call, login.authorize(call.method, call.target), true, stop);
    if (std::holds_alternative<Failure>(answer)) return answer;
    const auto& response = std::get<net::HttpResponse>(answer);
    if (!refuses_login(response, status_in(response))) {
      login.accepted();
      return answer;
    }
    const auto verdict = login.judge(response, may_repeat, asked_at);
    if (verdict == Login::Verdict::refused) return login.failure();
    must_probe = verdict == Login::Verdict::probe_again;
    may_repeat = false;
  }
}

Client::Impl::Answer Client::Impl::ask(const Call& call, const std::stop_token& stop) {
  backoff.reset();
  unsigned device_errors = 0;
  for (;;) {
    auto answer = send_logged_in(call, stop);
    if (std::holds_alternative<Failure>(answer)) return answer;
    const auto& response = std::get<net::HttpResponse>(answer);
    const auto status = status_in(response);
    const auto verdict = verdict_of(response, status);
    if (!verdict) return answer;
    const bool again = (*verdict == Verdict::busy && backoff.failures() < options.busy_retries) ||
                       (*verdict == Verdict::device_error && device_errors++ < kDeviceErrorRetries);
    if (!again) return answer_failure(call, response, *verdict, status);
    if (!pause(backoff.next(), stop)) {
      return Failure{.kind = FailureKind::interrupted,
                     .message = fmt::format("the request to {} was interrupted", terminal)};
    }
  }
}

/// Whoever may read the log need not have a right to the pictures: a refusal must not end the polling.
Outcome<std::string> Client::Impl::ask_for_picture(const Call& call, std::size_t most_bytes,
                                                   const std::stop_token& stop) {
  const auto before = login.state();
  auto answer = send_logged_in(call, stop);
  if (auto* failure = std::get_if<Failure>(&answer)) {
    if (failure->kind == FailureKind::wrong_password) login.restore(before);
    return std::move(*failure);
  }
  auto& response = std::get<net::HttpResponse>(answer);
  const auto status = status_in(response);
  if (const auto verdict = verdict_of(response, status)) return answer_failure(call, response, *verdict, status);
  const bool fits = response.body.size() <= most_bytes;
  if (fits && response.body.starts_with("\xFF\xD8\xFF")) return std::move(response.body);
  return Failure{.kind = FailureKind::bad_answer,
                 .message = fits ? fmt::format("{} gave {} that is no JPEG", terminal, call.what)
                                 : fmt::format("{} gave {} of {} bytes, more than {}", terminal, call.what,
                                               response.body.size(), most_bytes)};
}

bool Client::Impl::pause(std::chrono::milliseconds time, const std::stop_token& stop) {
  std::mutex unshared;
  std::condition_variable_any woken;
  std::unique_lock lock{unshared};
  woken.wait_for(lock, stop, time, [] { return false; });
  return !stop.stop_requested();
}

Client::Client(ClientOptions options, const Clock& clock) : impl_(std::make_unique<Impl>(std::move(options), clock)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Outcome<DeviceInfo> Client::device_info(std::stop_token stop) {
  return impl_->call<DeviceInfo>({"GET", "/ISAPI/System/deviceInfo", {}, "deviceInfo"}, stop,
                                 [](const auto& response) { return decode_device_info(response.body); });
}

Outcome<ClockReading> Client::system_time(std::stop_token stop) {
  return impl_->call<ClockReading>({"GET", "/ISAPI/System/time", {}, "System/time"}, stop,
                                   [this](const net::HttpResponse& response) {
                                     const auto at = impl_->clock.now() - response.elapsed / 2;
                                     return ClockReading{decode_system_time(response.body), at, response.elapsed};
                                   });
}

Outcome<ResponseStatus> Client::set_system_time(LocalTime local, std::string_view time_zone, std::stop_token stop) {
  const Call call{"PUT", "/ISAPI/System/time", system_time_body(local, time_zone), "the setting of System/time",
                  "application/xml"};
  return impl_->call<ResponseStatus>(call, stop, [](const net::HttpResponse& response) {
    return decode_response_status(response.body).value_or(ResponseStatus{});
  });
}

Outcome<EventCapabilities> Client::event_capabilities(std::stop_token stop) {
  const Call call{"GET", "/ISAPI/AccessControl/AcsEvent/capabilities?format=json", {}, "AcsEvent/capabilities"};
  return impl_->call<EventCapabilities>(call, stop, [&](const net::HttpResponse& response) {
    // Some firmware answers resources that it does not really have with 200 and nothing.
    if (response.body.empty()) {
      return Outcome<EventCapabilities>{impl_->answer_failure(call, response, Verdict::not_supported, std::nullopt)};
    }
    return Outcome<EventCapabilities>{decode_event_capabilities(response.body)};
  });
}

Outcome<Page> Client::search_events(const SearchRequest& request, std::stop_token stop) {
  const Call call{"POST", "/ISAPI/AccessControl/AcsEvent?format=json", search_body(request), "the event search"};
  return impl_->call<Page>(call, stop, [&](const net::HttpResponse& response) -> Outcome<Page> {
    auto decoded = decode_page_or_status(response.body);
    if (auto* page = std::get_if<Page>(&decoded)) return std::move(*page);
    const auto& status = std::get<ResponseStatus>(decoded);
    return impl_->answer_failure(call, response, classify(status, response.status), status);
  });
}

Outcome<EventTotal> Client::total_events(const SearchRequest& request, std::stop_token stop) {
  return impl_->call<EventTotal>(
      {"POST", "/ISAPI/AccessControl/AcsEventTotalNum?format=json", total_body(request), "AcsEventTotalNum"}, stop,
      [](const auto& response) { return decode_event_total(response.body); });
}

Outcome<std::string> Client::picture(std::string_view url, std::size_t most_bytes, std::chrono::milliseconds patience,
                                     std::stop_token stop) {
  const std::lock_guard lock{impl_->mutex};
  const auto target = picture_target(url);
  if (!target)
    return Failure{.kind = FailureKind::bad_answer,
                   .message = fmt::format("{} names a picture that cannot be asked for", impl_->terminal)};
  Call call{"GET", *target, {}, "the picture of an event"};
  call.until = Steady::now() + patience;
  return impl_->ask_for_picture(call, most_bytes, stop);
}

Outcome<ResponseStatus> Client::user_check(std::stop_token stop) {
  return impl_->call<ResponseStatus>({"GET", "/ISAPI/Security/userCheck", {}, "userCheck"}, stop,
                                     [](const net::HttpResponse& response) {
                                       return decode_response_status(response.body).value_or(ResponseStatus{});
                                     });
}

LoginState Client::login_state() const {
  const std::lock_guard lock{impl_->mutex};
  return impl_->login.state();
}

void Client::allow_login() {
  const std::lock_guard lock{impl_->mutex};
  impl_->login.allow();
}

std::optional<net::Fingerprint> Client::certificate() const {
  const std::lock_guard lock{impl_->mutex};
  return impl_->certificate;
}

std::string Client::local_address() const {
  const std::lock_guard lock{impl_->mutex};
  return impl_->local_address;
}

}  // namespace visitor::hikvision
