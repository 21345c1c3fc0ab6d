#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace visitor::sim {

enum class DigestAlgorithm { md5, sha256 };

/// How a device prints the time of an event and of its clock.
enum class TimeForm {
  offset,             ///< 2026-09-01T17:27:53+05:00
  offset_compact,     ///< 2026-09-01T17:27:53+0500
  offset_short_hour,  ///< 2026-09-01T17:27:53+5:00
  local,              ///< 2026-09-01T17:27:53, no offset at all
  utc_and_diff,       ///< 2026-09-01T12:27:53Z beside "timeDiff":"+05:00"
  zero_but_local,     ///< 2026-09-01T17:27:53+00:00 although the clock is local
};

/// What a nonce that is too old, used up or unknown gets, given that the password was right.
enum class StaleAnswer {
  challenge,  ///< 401 with stale="true" and a new nonce
  silent,     ///< 401 with a ResponseStatus invalidOperation and no WWW-Authenticate
  counted,    ///< counted and answered as a failed log-in
};

/// What the second of two requests at a time gets.
enum class CrowdAnswer { busy, hang };
/// What a search for more rows than the limit gets.
enum class OverLimit { refuse, clamp };
/// What a search from a position at or behind the last row gets.
enum class PastEnd { no_match, empty_ok, bad_parameters };
/// What a known path with another method gets.
enum class WrongMethod { not_found, method_not_allowed };
/// The body of a refused log-in.
enum class LoginBody { user_check, response_status };
enum class Tls {
  off,
  on,      ///< self-signed, generated at start
  broken,  ///< the port is open and every handshake fails
};

/// The habits of one model and firmware, as told apart in HIKVISION.md. A test takes one and changes what it needs.
struct Profile {
  std::string name;      ///< as given to --profile
  std::string model;     ///< deviceInfo's model
  std::string firmware;  ///< deviceInfo's firmwareVersion
  Tls tls = Tls::off;

  // POST AcsEvent: what is accepted
  int max_results = 30;
  OverLimit over_limit = OverLimit::clamp;
  int max_position = 150'000;
  bool uuid_search_id = true;            ///< false: a searchID that looks like a UUID is refused
  bool lists_pic_enable = false;         ///< true: picEnable is known, and its default is true
  bool lists_time_reverse_order = true;  ///< the member is known
  bool honours_time_reverse_order = true;
  bool lists_attendance_info = false;
  bool accepts_window = true;  ///< false: startTime and endTime are answered with badJsonContent

  // POST AcsEvent: what is answered
  bool newest_first = false;
  bool zero_filled = false;          ///< every member is printed, with 0 or "" where it does not apply
  bool total_before_status = false;  ///< order of totalMatches and responseStatusStrg
  bool prints_empty_list = false;    ///< InfoList:[] instead of no InfoList
  bool caches_search = true;         ///< later pages of a searchID come from the rows found with its first page
  PastEnd past_end = PastEnd::no_match;
  TimeForm time_form = TimeForm::offset;

  // the log
  bool login_noise = false;     ///< each search session adds 3/112 and 3/113
  bool lock_first = false;      ///< 5/21 has a lower serial number than the 5/75 that caused it
  bool anonymous_twin = false;  ///< each pass is followed by the same row without the person
  bool logs_denials = true;

  // answers in general
  bool keep_alive = false;        ///< false: Connection: close after each answer
  bool errors_with_200 = false;   ///< refusals carry HTTP 200
  bool json_device_info = false;  ///< deviceInfo?format=json works
  int busy_http_status = 503;
  CrowdAnswer crowd = CrowdAnswer::busy;
  WrongMethod wrong_method = WrongMethod::method_not_allowed;

  // log-in
  std::string realm = "IP Camera(C2183)";
  std::vector<DigestAlgorithm> algorithms{DigestAlgorithm::md5};  ///< one WWW-Authenticate header for each
  std::chrono::milliseconds nonce_life{5000};
  int nonce_uses = 0;  ///< 0: as often as its life allows
  StaleAnswer stale = StaleAnswer::challenge;
  bool success_clears_failures = true;
  LoginBody login_body = LoginBody::user_check;
  int max_failures = 5;
  std::chrono::seconds lock_time{1800};

  // GET alertStream
  bool stream_replays = true;  ///< the whole stored log first, with currentEvent false
  std::chrono::milliseconds heartbeat{10'000};
  std::chrono::seconds slot_hold{0};  ///< how long the one slot stays taken after a connection that broke
};

/// Every named profile, the plainest first.
std::span<const Profile> profiles();

/// The profile of that name (case does not matter), or nothing.
std::optional<Profile> find_profile(std::string_view name);

}  // namespace visitor::sim
