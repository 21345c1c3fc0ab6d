#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "core/clock.hpp"
#include "core/secret.hpp"
#include "hikvision/capabilities.hpp"
#include "hikvision/client_failure.hpp"
#include "hikvision/client_login.hpp"
#include "hikvision/device_info.hpp"
#include "hikvision/page.hpp"
#include "hikvision/response_status.hpp"
#include "hikvision/search.hpp"
#include "hikvision/system_time.hpp"
#include "net/backoff.hpp"
#include "net/fingerprint.hpp"

namespace visitor::hikvision {

struct ClientOptions {
  std::string base_url;  ///< "http://192.0.2.10", "https://terminal:8443": no user, no path
  std::string username;
  Secret password;
  /// Of the terminal's certificate. Nothing: the first one that is shown is believed from then on; store it.
  std::optional<net::Fingerprint> certificate = {};
  LoginState login = {};  ///< as the last Client left it
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds request_timeout{10'000};
  std::size_t max_answer_bytes = kMaxPageBytes;
  unsigned busy_retries = 3;  ///< of one request, when the terminal says deviceBusy
  net::BackoffPolicy busy_backoff{.first = std::chrono::milliseconds{400}, .most = std::chrono::milliseconds{4'000}};
};

/// A terminal's clock, and ours at the same moment.
struct ClockReading {
  SystemTime time;
  Instant at;                            ///< our clock, half a round trip before the answer came
  std::chrono::microseconds round_trip;  ///< the error of the comparison is half of it, and the device's last second

  /// How far the terminal's clock is ahead of ours; nothing where its time says no offset from UTC.
  std::optional<std::chrono::microseconds> ahead() const;
};

/// Talks ISAPI to one terminal: one request at a time, whoever calls.
///
/// Every call ends by itself (request_timeout for each request, of which one call may need several) and reports what is
/// part of the job as a Failure. A stop token ends it at once. Source: HIKVISION.md sections 0 to 2, 7 and 8.
class Client {
 public:
  /// \throws Error usage  base_url is no web address, or holds a user name or a path
  Client(ClientOptions options, const Clock& clock);
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  /// GET /ISAPI/System/deviceInfo
  Outcome<DeviceInfo> device_info(std::stop_token stop = {});
  /// GET /ISAPI/System/time
  Outcome<ClockReading> system_time(std::stop_token stop = {});
  /// PUT /ISAPI/System/time: from now on the terminal keeps its clock by itself, beginning with \p local, to the
  /// second. \param time_zone  in the terminal's own form; see device_zone_text()
  Outcome<ResponseStatus> set_system_time(LocalTime local, std::string_view time_zone, std::stop_token stop = {});
  /// GET /ISAPI/AccessControl/AcsEvent/capabilities; not_supported where the terminal has none
  Outcome<EventCapabilities> event_capabilities(std::stop_token stop = {});
  /// POST /ISAPI/AccessControl/AcsEvent: one page. For all pages see search_sweep.hpp.
  Outcome<Page> search_events(const SearchRequest& request, std::stop_token stop = {});
  /// POST /ISAPI/AccessControl/AcsEventTotalNum
  Outcome<EventTotal> total_events(const SearchRequest& request, std::stop_token stop = {});
  /// GET of a picture that one of its events names (AcsEvent::picture_url): a JPEG. This terminal is asked, whatever
  /// host stands there. Asked once; where the log-in is refused for it, that bars nothing else.
  /// \param most_bytes  of the picture; a larger one is a bad_answer, as is what is no JPEG
  /// \param patience    for all of it, to find a connection excepted
  Outcome<std::string> picture(std::string_view url, std::size_t most_bytes, std::chrono::milliseconds patience,
                               std::stop_token stop = {});
  /// GET /ISAPI/Security/userCheck: whether the password is right.
  Outcome<ResponseStatus> user_check(std::stop_token stop = {});

  /// To be stored whenever it changes, and given to the next Client of this terminal.
  LoginState login_state() const;
  /// A person has corrected the password or the lock: log-ins are tried again.
  void allow_login();
  /// The certificate that is believed: the pinned one, or the first one that was shown. Nothing over http.
  std::optional<net::Fingerprint> certificate() const;
  /// Our address as the terminal saw it in the last answer, or empty: its log names this remoteHostAddr when it notes
  /// our own log-ins.
  std::string local_address() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace visitor::hikvision
