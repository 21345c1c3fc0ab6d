#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/secret.hpp"
#include "net/http.hpp"
#include "notify/channel.hpp"

namespace visitor::notify {

/// A web address that takes alerts.
struct Webhook {
  std::string name;
  std::string url;
  Secret secret;                      ///< empty: nothing is signed
  std::string ca_file;                ///< empty: the system's authorities alone
  std::vector<net::Network> allowed;  ///< networks that are not public and may be called all the same
  std::chrono::milliseconds timeout{10'000};
};

/// What a receiver checks: "sha256=" and the HMAC-SHA-256 of "TIMESTAMP.BODY" with the secret, in lower-case
/// hexadecimal. The timestamp takes part, so that a message that was overheard is worthless later.
std::string webhook_signature(const Secret& secret, std::string_view timestamp, std::string_view body);

/// What a status means.
///
/// | status             | outcome                                                                                   |
/// |--------------------|-------------------------------------------------------------------------------------------|
/// | 2xx                | Delivered                                                                                 |
/// | 408, 425, 429, 5xx | RetryAfter for the webhook, as long as Retry-After says, six hours at most                |
/// | 3xx                | RetryAfter for the webhook: a redirect is not followed, and may be gone when it is mended |
/// | other              | Refused                                                                                   |
///
/// \param host  of the webhook, for the reason
Outcome webhook_outcome(const net::HttpResponse& response, const std::string& host, Instant now);

/// Posts each message as alert_json() to the webhook of that name.
///
/// Headers: Visitor-Event-Id, Visitor-Timestamp (seconds since 1970) and, with a secret, Visitor-Signature. No redirect
/// is followed, and no address is called that is not public or allowed, whatever the name leads to at that moment.
class WebhookChannel final : public Channel {
 public:
  WebhookChannel(std::vector<Webhook> webhooks, const Clock& clock);

  domain::Channel name() const override { return domain::Channel::webhook; }
  std::vector<std::string> render(const Message& message) const override;
  Outcome send(const Message& message, std::stop_token stop) override;

 private:
  struct Target {
    Webhook webhook;
    std::optional<net::HttpClient> client;  ///< made by the first message
  };

  Outcome post(Target& target, const Message& message, std::stop_token stop);

  std::map<std::string, Target> targets_;
  const Clock& clock_;
};

}  // namespace visitor::notify
