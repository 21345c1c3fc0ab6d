#include "notify/webhook_channel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "core/hmac.hpp"
#include "core/text.hpp"
#include "net/http_date.hpp"
#include "net/url.hpp"
#include "notify/alert_json.hpp"
#include "notify/delivery_key.hpp"

namespace visitor::notify {
namespace {

using Scope = RetryAfter::Scope;
using namespace std::chrono_literals;

// What a person has to mend.
constexpr std::chrono::milliseconds kUntilMended = 5min;
constexpr std::chrono::seconds kLongestWait = 6h;
constexpr std::size_t kLongestAnswer = std::size_t{1} << 20;

/// Seconds, or a date. Source: RFC 9110 section 10.2.3.
std::chrono::milliseconds retry_after(const net::HttpResponse& response, Instant now) {
  const auto header = response.header("Retry-After");
  if (!header) return 0ms;
  std::chrono::milliseconds wait{};
  if (const auto seconds = to_integer(*header)) {
    wait = std::chrono::seconds{std::clamp<long long>(*seconds, 0, kLongestWait.count())};
  } else if (const auto at = net::read_http_date(*header)) {
    wait = std::chrono::ceil<std::chrono::milliseconds>(*at - now);
  }
  return std::clamp<std::chrono::milliseconds>(wait, 0ms, kLongestWait);
}

bool comes_back(int status) {
  constexpr int kTimeout = 408, kTooEarly = 425, kTooMany = 429;
  return status >= 500 || status == kTimeout || status == kTooEarly || status == kTooMany;
}

/// Whether the message may have been taken although no answer came.
bool is_in_doubt(net::NetFailure failure) {
  using net::NetFailure;
  switch (failure) {
    case NetFailure::refused:
    case NetFailure::unreachable:
    case NetFailure::name_resolution:
    case NetFailure::tls_handshake:
    case NetFailure::certificate_changed:
      return false;
    case NetFailure::timeout:
    case NetFailure::too_large:
    case NetFailure::closed:
    case NetFailure::malformed:
    case NetFailure::interrupted:
      break;
  }
  return true;
}

net::HttpOptions options_of(const Webhook& webhook) {
  net::HttpOptions options;
  options.connect_timeout = webhook.timeout;
  options.request_timeout = webhook.timeout;
  options.max_body_bytes = kLongestAnswer;
  options.trust.ca_file = webhook.ca_file;
  options.public_or = webhook.allowed;
  return options;
}

}  // namespace

std::string webhook_signature(const Secret& secret, std::string_view timestamp, std::string_view body) {
  return fmt::format("sha256={}", to_hex(hmac_sha256(secret, fmt::format("{}.{}", timestamp, body))));
}

Outcome webhook_outcome(const net::HttpResponse& response, const std::string& host, Instant now) {
  const auto status = response.status;
  if (status >= 200 && status < 300) return Delivered{};
  const auto reason = fmt::format("{} answers {}", host, status);
  if (comes_back(status)) return RetryAfter{retry_after(response, now), reason, Scope::recipient};
  if (status >= 300 && status < 400)
    return RetryAfter{kUntilMended, reason + ", and a redirect is not followed: its target belongs into webhook.url",
                      Scope::recipient};
  return Refused{reason};
}

WebhookChannel::WebhookChannel(std::vector<Webhook> webhooks, const Clock& clock) : clock_(clock) {
  for (auto& webhook : webhooks) {
    auto name = webhook.name;
    targets_.emplace(std::move(name), Target{std::move(webhook), std::nullopt});
  }
}

std::vector<std::string> WebhookChannel::render(const Message& message) const {
  return {alert_json(message)};
}

Outcome WebhookChannel::send(const Message& message, std::stop_token stop) {
  const auto found = targets_.find(message.recipient);
  if (found == targets_.end())
    return Refused{fmt::format("there is no [[webhook]] {}", json_quote(shortened(printable(message.recipient), 64)))};
  try {
    return post(found->second, message, std::move(stop));
  } catch (const Error& error) {
    // A CA file that cannot be read, an address that is none.
    return RetryAfter{kUntilMended, error.message(), Scope::recipient};
  }
}

Outcome WebhookChannel::post(Target& target, const Message& message, std::stop_token stop) {
  const auto& webhook = target.webhook;
  if (!target.client) target.client.emplace(options_of(webhook));
  const auto now = clock_.now();
  const auto timestamp = std::to_string(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
  net::HttpRequest request;
  request.method = "POST";
  request.url = webhook.url;
  request.body = alert_json(message);
  request.content_type = "application/json";
  request.repeatable = true;  // the event id tells
  request.headers = {{"Visitor-Event-Id", delivery_key(message)}, {"Visitor-Timestamp", timestamp}};
  if (!webhook.secret.empty())
    request.headers.push_back({"Visitor-Signature", webhook_signature(webhook.secret, timestamp, request.body)});

  const auto result = target.client->send(request, std::move(stop));
  if (const auto* failure = std::get_if<net::HttpFailure>(&result)) {
    RetryAfter later{0ms, failure->message, Scope::recipient};
    later.in_doubt = is_in_doubt(failure->kind);
    return later;
  }
  auto outcome = webhook_outcome(std::get<net::HttpResponse>(result), net::parse_url(webhook.url).host, now);
  if (auto* delivered = std::get_if<Delivered>(&outcome)) delivered->provider_id = delivery_key(message);
  return outcome;
}

}  // namespace visitor::notify
