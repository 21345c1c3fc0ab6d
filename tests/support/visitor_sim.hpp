#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "support/visitor_sim_faults.hpp"
#include "support/visitor_sim_log.hpp"
#include "support/visitor_sim_profiles.hpp"

/// A simulated Hikvision access control terminal: what lib/hikvision is tested against.
///
/// It is strict (an unknown member, a missing member, a wrong method or a second request at a time is refused as the
/// model does it) and shares no code with lib/hikvision and lib/net.
namespace visitor::sim {

struct TerminalOptions {
  Profile profile = profiles().front();
  std::string host = "127.0.0.1";
  int port = 0;  ///< 0: a free one, kept over stop() and start()
  std::string user = "admin";
  std::string password = "simulated-1";
  std::string device_name = "Access Controller";
  std::string unit_number =
      "J00000001";                       ///< last nine characters of deviceInfo's serialNumber; the MAC follows from it
  std::chrono::minutes utc_offset{300};  ///< of the device's clock face
  std::size_t log_capacity = 150'000;
  std::filesystem::path log_file{};           ///< empty: events end with the object
  std::chrono::milliseconds service_time{0};  ///< how long each request occupies the device
  std::chrono::seconds relock{5};             ///< from 5/21 to 5/22
  int threads = 24;                           ///< how many connections it can serve at a time
  std::size_t picture_bytes = 20'000;         ///< of the picture of an event; 0: none is there any more
  const Clock* clock = nullptr;               ///< null: the system's; otherwise it outlives the terminal
};

struct Person {
  std::string employee_no;
  std::string name{};
  std::string card_no{};
};

/// Somebody in front of a reader.
struct Passage {
  Person person;
  int door = 1;
  int reader = 1;
  int minor = 75;  ///< under major 5: 75 face, 1 card, 38 fingerprint; refused: 76 face, 9 unknown card, 8 expired, ...
};

/// What a test asserts about the traffic.
struct Counters {
  std::uint64_t connections = 0;
  std::uint64_t requests = 0;
  std::uint64_t unauthenticated = 0;  ///< without an Authorization header
  std::uint64_t authenticated = 0;
  std::uint64_t stale = 0;          ///< right password, nonce no longer good (counted as failed or not)
  std::uint64_t malformed = 0;      ///< Authorization header that cannot be read
  std::uint64_t failed_logins = 0;  ///< counted by the lock-out, attempts while locked included
  std::uint64_t attempts_while_locked = 0;
  std::uint64_t parallel = 0;  ///< requests that came while another was being answered
  std::uint64_t searches = 0;  ///< AcsEvent pages asked for after log-in
  std::uint64_t refused = 0;   ///< answered with an error body after log-in
  std::uint64_t streams = 0;   ///< alertStream connections granted
};

/// One request and the HTTP status that it got (0: the connection was dropped without one).
struct Exchange {
  std::string method;
  std::string target;
  std::string body;
  bool authenticated = false;
  int status = 0;
};

/// The device. Every method may be called from any thread; rows carry the device's clock.
class Terminal {
 public:
  explicit Terminal(TerminalOptions options = {});
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// \throws Error usage  the port is in use
  void start();
  /// Ends every connection. Events, failures and the clock stay.
  void stop();
  int port() const;
  std::string url() const;  ///< "http://127.0.0.1:40123"
  const TerminalOptions& options() const;

  /// A pass: the authentication row and 5/21 in the same second, 5/22 after options().relock. Returns the serial number
  /// of the authentication row.
  std::uint64_t walk(const Passage& passage);
  /// A refusal. Returns its serial number, or 0 where the profile does not log refusals.
  std::uint64_t deny(const Passage& passage);
  std::uint64_t door_contact(bool open, int door = 1);  ///< 5/25 or 5/26
  std::uint64_t exit_button(int door = 1);              ///< 5/24 before 5/23 before 5/21 in one second, then 5/22
  std::uint64_t remote_open(int door = 1);              ///< 3/1024 and 5/21, then 5/22
  std::uint64_t power_on();                             ///< 2/1024
  /// Rows as they are given; one without a time gets the device's. Returns the first serial number.
  std::uint64_t add(std::vector<Event> events);
  /// \p count rows of passes by \p people in turn, at reader 1 and then 2, evenly over the last \p span.
  std::uint64_t backlog(std::size_t count, std::vector<Person> people, std::chrono::seconds span);

  void set_clock_offset(std::chrono::microseconds offset);  ///< device minus true time
  void set_device_time(Instant time);
  Instant device_time() const;
  void restart_serials(std::uint64_t next = 1);
  void wipe_log();

  void arm(Fault fault);
  void clear_faults();
  std::vector<Fault> faults() const;
  /// Away (connections refused) for \p down; then back with 2/1024 and no nonce of before. Returns when it is away.
  void reboot(std::chrono::milliseconds down);

  void set_password(std::string password);
  void unlock();
  bool locked() const;
  void replace_certificate();
  std::string certificate_sha256() const;  ///< hexadecimal; empty without TLS
  std::string public_key_sha256() const;

  std::vector<Event> events() const;
  Counters counters() const;
  void reset_counters();                    ///< and forgets the exchanges
  std::vector<Exchange> exchanges() const;  ///< the last 1,000

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace visitor::sim
