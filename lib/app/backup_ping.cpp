#include "app/backup_ping.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/secret.hpp"
#include "core/text.hpp"
#include "core/vault.hpp"
#include "net/http.hpp"

namespace visitor::app {
namespace {

/// Source: RFC 9562, version 4.
std::string random_uuid() {
  auto bytes = random_bytes(16);
  bytes[6] = (bytes[6] & std::byte{0x0F}) | std::byte{0x40};
  bytes[8] = (bytes[8] & std::byte{0x3F}) | std::byte{0x80};
  auto text = to_hex(bytes);
  for (const std::size_t at : {8U, 13U, 18U, 23U}) text.insert(at, 1, '-');
  return text;
}

}  // namespace

BackupPing::BackupPing(const config::Settings& settings, const Clock& clock)
    : settings_(settings.backup), clock_(clock), run_(random_uuid()), begun_(clock.now()) {}

void BackupPing::started() {
  begun_ = clock_.now();
  send("/start", "");
}

void BackupPing::succeeded() {
  send("", fmt::format("exit_status=0 {}\n", duration()));
}

void BackupPing::failed(std::optional<int> status) {
  if (status)
    send(fmt::format("/{}", *status), fmt::format("exit_status={} {}\n", *status, duration()));
  else
    send("/fail", duration() + "\n");
}

std::string BackupPing::duration() const {
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - begun_);
  return fmt::format("duration_seconds={:.3f}", static_cast<double>(took.count()) / 1000);
}

void BackupPing::send(const std::string& suffix, const std::string& body) {
  const auto& secret = settings_.ping_url.content;
  if (secret.empty()) return;
  const auto what = suffix.empty() ? std::string_view{"success"} : std::string_view{suffix}.substr(1);
  try {
    std::string url{secret.reveal()};
    const auto query = url.find('?');
    const std::string rest = query == std::string::npos ? "" : "&" + url.substr(query + 1);
    url.resize(std::min(query, url.size()));
    while (url.ends_with('/')) url.pop_back();
    net::HttpOptions options;
    options.connect_timeout = options.request_timeout = settings_.ping_timeout;
    options.max_body_bytes = std::size_t{64} << 10;
    net::HttpRequest request;
    request.method = "POST";
    request.url = fmt::format("{}{}?rid={}{}", url, suffix, run_, rest);
    request.body = body;
    request.content_type = "text/plain";
    const auto result = net::HttpClient{options}.send(request);
    if (const auto* failure = std::get_if<net::HttpFailure>(&result))
      log::warn("backup: the ping ({}) did not get through: {}", what, net::name(failure->kind));
    else if (const auto status = std::get<net::HttpResponse>(result).status; status / 100 != 2)
      log::warn("backup: the ping ({}) was answered with {}", what, status);
  } catch (const Error&) {
    // The message of an address that cannot be read would repeat it.
    log::warn("backup: the ping ({}) was not sent: what [backup] ping_url_file holds is no web address", what);
  }
}

}  // namespace visitor::app
